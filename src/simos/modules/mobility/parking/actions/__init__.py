"""What is done to parking's facilities and figures. Facilities by their names here; the rest in files of its own."""

from simos.modules.mobility.parking.actions.facilities import (
    Imported,
    Saved,
    changes_between,
    import_facilities,
    remove_area,
    remove_facility,
    save_area,
    save_facilities,
)

__all__ = [
    "Imported",
    "Saved",
    "changes_between",
    "import_facilities",
    "remove_area",
    "remove_facility",
    "save_area",
    "save_facilities",
]

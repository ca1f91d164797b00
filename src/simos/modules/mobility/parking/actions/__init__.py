"""What is done to parking's facilities and figures. Facilities by their names here; the rest in files of its own."""

from simos.modules.mobility.parking.actions.facilities import (
    Imported,
    Saved,
    changes_between,
    import_facilities,
    preview_import,
    remove_area,
    remove_facility,
    save_area,
    save_facilities,
)
from simos.modules.mobility.parking.actions.tariffs import remove_tariff, save_tariff

__all__ = [
    "Imported",
    "Saved",
    "changes_between",
    "import_facilities",
    "preview_import",
    "remove_area",
    "remove_facility",
    "remove_tariff",
    "save_area",
    "save_facilities",
    "save_tariff",
]

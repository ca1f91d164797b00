"""What is done to parking's facilities and figures. Facilities by their names here; the rest in files of its own."""

from simos.modules.mobility.parking.actions.facilities import Imported, Saved, import_facilities, save_facilities

__all__ = ["Imported", "Saved", "import_facilities", "save_facilities"]

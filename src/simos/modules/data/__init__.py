"""Services that are about the data themselves."""

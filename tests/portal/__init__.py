"""The portal as visitors meet it, with the modules that are installed beside it."""

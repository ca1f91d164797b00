"""How each language writes dates, times and numbers; named by Django's FORMAT_MODULE_PATH."""

"""One form of log for every process: lines for people on a terminal, JSON lines for machines. No personal data."""

import logging
import logging.config
import sys

from simos.app.settings import Settings


def set_up_logs(settings: Settings, process: str) -> None:
    """Everything logged in this process goes to standard error, marked with `process`."""
    form = settings.log_format
    if form == "auto":
        form = "text" if sys.stderr.isatty() else "json"
    text = {"format": f"%(asctime)s {process:<9} %(levelname)-7s %(name)s: %(message)s", "datefmt": "%H:%M:%S"}
    json = {
        "()": "pythonjsonlogger.json.JsonFormatter",
        "fmt": "{asctime}{levelname}{name}{message}",
        "style": "{",
        "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        "static_fields": {"process": process},
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"text": text, "json": json},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
            "root": {"handlers": ["stderr"], "level": settings.log_level},
            "loggers": {
                "wagtail": {"level": "WARNING"},  # it tells of each page made; the audit log does that
                "axes": {"level": "ERROR"},  # it names accounts and addresses; its table holds them
                "urllib3": {"level": "ERROR"},
                "asyncio": {"level": "ERROR"},
                "uvicorn": {"level": "WARNING"},
                "django.request": {"level": "ERROR"},
                "django.security.DisallowedHost": {"level": "CRITICAL"},
            },
        }
    )

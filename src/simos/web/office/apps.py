"""Tells Django of this app, and keeps Wagtail's mails from being connected. Touches no data at start-up."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "simos.web.office"
    label = "web_office"

    def ready(self) -> None:
        """Wagtail mails of workflows within the request, past people's preferences; ours get messages instead.

        This app stands before Wagtail's, which connects its mails when it is ready in its turn: to nothing, now.
        """
        from wagtail.admin import signal_handlers

        signal_handlers.register_signal_handlers = lambda: None

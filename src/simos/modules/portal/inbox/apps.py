"""The module as a Django app."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "simos.modules.portal.inbox"
    label = "portal_inbox"

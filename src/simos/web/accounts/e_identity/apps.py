"""Tells Django of this app, in which allauth finds `provider.py`. No start-up work here."""

from django.apps import AppConfig


class EIdentityConfig(AppConfig):
    name = "simos.web.accounts.e_identity"
    label = "web_e_identity"

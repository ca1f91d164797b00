"""Tells Django of this app. No start-up work here."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "simos.web.accounts"
    label = "web_accounts"

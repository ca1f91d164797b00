"""The module as a Django app."""

from django.apps import AppConfig


class MyDataConfig(AppConfig):
    name = "simos.modules.portal.mydata"
    label = "portal_mydata"

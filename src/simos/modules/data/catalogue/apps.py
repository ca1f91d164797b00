"""The module as a Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "simos.modules.data.catalogue"
    label = "data_catalogue"

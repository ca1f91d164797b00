"""The one store port and its adapters."""

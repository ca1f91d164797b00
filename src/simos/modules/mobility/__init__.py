"""Modules of moving about: parking, buses, gates, bikes, trips."""

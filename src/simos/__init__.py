"""SiMOS: one open-source urban digital platform for a consortium of cities."""

__version__ = "0.1.0"

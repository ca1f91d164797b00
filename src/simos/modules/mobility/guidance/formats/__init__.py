"""Panels drawn as they look at the road."""

"""Where people see and decide about their data: pages of the module `portal/mydata`, by their names, if it is there."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import override


def page(name: str, language: str) -> str:
    """The address of that page in the language; '' where the module is not installed."""
    with override(language):
        try:
            return reverse(f"portal_mydata:{name}")
        except NoReverseMatch:
            return ""

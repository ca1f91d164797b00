"""Where a page is in each language of its city, for a module's documents. Knows no page itself."""

from typing import Any

from django.urls import reverse
from django.utils.translation import override

from simos.platform.scopes.models import City


def addresses_of(name: str, city: City, **parameters: Any) -> dict[str, str]:
    """The address of the page `name` (`mobility_parking:facility`) in each language in which the city has pages."""
    found = {}
    for language in city.languages:
        with override(language):
            found[language] = reverse(name, kwargs={"city": city.code, **parameters})
    return found

"""What the web floor's tests share: the sample module as the only one, switched on in two cities."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import clear_url_caches
from django.utils.formats import reset_format_cache

from simos.kernel.clock import now
from simos.platform.scopes.models import CityModule
from tests.browser import browser
from tests.web import sample_settings

__all__ = ["browser"]


@pytest.fixture(scope="module", autouse=True)
def _sample_site() -> Iterator[None]:
    with override_settings(**sample_settings(settings)):
        _forget()
        yield
    _forget()


def _forget() -> None:
    clear_url_caches()
    reset_format_cache()


@pytest.fixture
def site(db: None) -> Client:
    """A browser's client before the sample site; the sample module is on in Celje and Koper."""
    for city in ("celje", "koper"):
        CityModule.objects.create(city_id=city, module="sample/lots", switched_on_at=now(), switched_on_by={})
    return Client(raise_request_exception=False)

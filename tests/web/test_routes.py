"""The contract of `pages.py`: what is wrong with it is said when the site is put together."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from simos.kernel.acting import FEDERATION
from simos.kernel.ids import ModuleName
from simos.kernel.module import Level, Module
from simos.kernel.text import Text
from simos.platform.scopes.acting import current
from simos.web.routes import PageRoute, first_page, module_patterns


def view(request: object, city: object, **parameters: object) -> HttpResponse:
    return HttpResponse()


def module(level: Level = Level.CITY) -> Module:
    text = Text(sl="a", en="b")
    return Module(name=ModuleName("sample/lots"), title=text, address=text, summary=text, level=level)


class One:
    """As a registry with one module and what its `pages.py` exports."""

    def __init__(self, module: Module, export: Any) -> None:
        self.found = [(module, export)]

    def exports(self, file: str) -> Iterator[tuple[Module, Any]]:
        return iter(self.found)


@pytest.mark.parametrize(
    "address",
    [
        "/history",
        "history/",
        Text(sl="<slug:lot>/zgodovina", en="<slug:facility>/history"),
        Text(sl="<slug:lot>", en="history"),
    ],
)
def test_an_address_that_cannot_be_linked_between_languages_is_refused(address: Text | str) -> None:
    with pytest.raises(ValueError, match="page history"):
        PageRoute(view=view, name="history", address=address)


@pytest.mark.parametrize(
    ("level", "export", "said"),
    [
        (Level.CITY, [view], "tuple of simos.web.routes.PageRoute"),
        (Level.CITY, view, "tuple of simos.web.routes.PageRoute"),
        (Level.CITY, (PageRoute(view=view, name="a"), PageRoute(view=view, name="a", address="b")), "named a"),
    ],
)
def test_a_wrong_export_is_refused_with_the_modules_name(level: Level, export: Any, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said) as refusal:
        module_patterns(One(module(level), export))
    assert "sample/lots" in str(refusal.value)


def test_the_first_page_is_the_one_without_an_address() -> None:
    routes = (PageRoute(view=view, name="map", address="map"), PageRoute(view=view, name="list"))
    assert first_page(module(), routes) == "sample_lots:list"
    assert first_page(module(), routes[:1]) == ""


def test_a_module_of_the_federation_has_its_pages_before_all_cities() -> None:
    seen = []

    def letters(request: object, **parameters: object) -> HttpResponse:
        seen.append((current().scope, parameters))
        return HttpResponse()

    routes = (PageRoute(view=letters, name="letter", address="<slug:letter>"),)
    [mounted] = module_patterns(One(module(Level.FEDERATION), routes))
    with override("en"):
        found = mounted.resolve("b/x1/")
        found.func(RequestFactory().get("/en/b/x1/"), *found.args, **found.kwargs)
    assert seen == [(FEDERATION, {"letter": "x1"})]

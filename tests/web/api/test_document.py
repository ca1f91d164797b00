"""The one OpenAPI document tells of every route, and its page shows all of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import clear_url_caches

from simos.hub.faces import ROUTES
from simos.kernel.registry import installed_modules


@pytest.fixture(autouse=True)
def _the_products_own_addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="simos.app.urls"):
        clear_url_caches()
        yield
    clear_url_caches()


@pytest.fixture
def document(db: None) -> Any:
    return Client().get("/api/openapi.json").json()


def test_every_route_of_the_hub_and_of_modules_is_described(document: Any):
    described = {(method.upper(), address) for address, each in document["paths"].items() for method in each}
    assert {(method, address) for method, address, _, _ in ROUTES} <= described
    for module, router in installed_modules().exports("api"):
        for address, view in router.path_operations.items():
            for operation in view.operations:
                found = [
                    each for _, each in described if each.startswith(f"/api/{module.name}") and each.endswith(address)
                ]
                assert found, (module.name, address, operation.methods)


def test_the_document_holds_together(document: Any):
    assert document["openapi"] == "3.1.0"
    tags = {each["name"] for each in document["tags"]}
    names = []
    for address, operations in document["paths"].items():
        for operation in operations.values():
            assert set(operation["tags"]) <= tags
            assert "default" in operation["responses"]
            names.append(operation["operationId"])
            in_address = {part[1:-1] for part in address.split("/") if part.startswith("{")}
            assert {each["name"] for each in operation["parameters"] if each["in"] == "path"} == in_address
    assert len(names) == len(set(names))
    for reference in set(_references(document)):
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [each for part in value.values() for each in _references(part)]
    return [each for part in value for each in _references(part)] if isinstance(value, list) else []


@pytest.mark.parametrize("address", ["/api/", "/api/?x=1"])
def test_its_page_shows_each_operation(document: Any, address: str):
    page = Client().get(address).content.decode()
    for each, operations in document["paths"].items():
        assert each in page
        assert len(operations) <= page.count(f">{each}<")

"""The API for those who read about it: the OpenAPI document, and a page of it that needs no JavaScript."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from simos.web.pages import Page, render


class Described(Protocol):
    """Something with an OpenAPI document."""

    @property
    def openapi(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the page, with what opens below it."""

    method: str
    address: str
    summary: str
    description: str
    parameters: tuple[Mapping[str, Any], ...]
    example: str


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together, under one heading; `anchor` is its place on the page."""

    name: str
    said: str
    anchor: str
    operations: tuple[Operation, ...]


def document_view(document: Described) -> Callable[[HttpRequest], HttpResponse]:
    def openapi(request: HttpRequest) -> HttpResponse:
        response = HttpResponse(
            orjson.dumps(document.openapi, option=orjson.OPT_NON_STR_KEYS), content_type="application/json"
        )
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return openapi


def reading_view(document: Described) -> Callable[[HttpRequest], HttpResponse]:
    def api(request: HttpRequest) -> HttpResponse:
        page = Page(title=_("API for developers"), description=_("Live data and services of the cities for programs."))
        groups = tuple(groups_of(document.openapi, f"{request.scheme}://{request.get_host()}"))
        return render(request, "web/api/api.html", page, {"groups": groups})

    return api


def groups_of(openapi: Mapping[str, Any], base: str) -> Iterator[Group]:
    """The document's operations by tag, in its order; `base` begins the addresses of examples."""
    for tag in openapi["tags"]:
        found = tuple(
            _operation_of(method.upper(), address, operation, base)
            for address, operations in openapi["paths"].items()
            for method, operation in operations.items()
            if tag["name"] in operation.get("tags", ())
        )
        anchor = "".join(sign if sign.isalnum() else "-" for sign in tag["name"].lower())
        yield Group(tag["name"], tag["description"], anchor, found)


def _operation_of(method: str, address: str, operation: Mapping[str, Any], base: str) -> Operation:
    call = [f"curl -X {method}" if method != "GET" else "curl"]
    if address.startswith(("/ngsi-ld/", "/hub/")):
        call.append("-H 'NGSILD-Tenant: celje'")
    if method != "GET":
        call.append("-H 'Authorization: Bearer TOKEN'")
    if "requestBody" in operation:
        call.append("-H 'Content-Type: application/json' -d @body.json")
    call.append(f"'{base}{address.replace('{city}', 'celje').replace('{tenant}', 'celje')}'")
    return Operation(
        method,
        address,
        operation.get("summary", ""),
        operation.get("description", ""),
        tuple(operation.get("parameters", ())),
        " ".join(call),
    )

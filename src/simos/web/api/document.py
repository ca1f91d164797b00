"""The one OpenAPI document: the modules' routes as ninja describes them, and the hub's. Made once a process."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cached_property
from typing import Any

from ninja import NinjaAPI

import simos
from simos.hub.openapi import hub_document
from simos.kernel.errors import MEDIA_TYPE
from simos.kernel.module import Module

PROBLEM = "Problem"
_CITY = {
    "name": "city",
    "in": "path",
    "required": True,
    "description": "The city's code, such as `celje`.",
    "schema": {"type": "string", "pattern": "^[a-z0-9-]+$"},
}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "16 to 255 signs of your own, such as a UUID. A request sent again with it has its effect once.",
    "schema": {"type": "string", "minLength": 16, "maxLength": 255},
}
_REFUSED = {
    "description": "Refused; the body says why and what to do.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}},
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


class Document:
    """Describes `api` and the hub; `modules` by name, as they stand in the tags."""

    def __init__(self, api: NinjaAPI, modules: Mapping[str, Module]) -> None:
        self._api = api
        self.modules = modules

    @cached_property
    def openapi(self) -> Mapping[str, Any]:
        """OpenAPI 3.1 as plain values."""
        own = deepcopy(dict(self._api.get_openapi_schema(path_prefix="")))
        hub = hub_document()
        for address, operations in own["paths"].items():
            for method, operation in operations.items():
                _complete(address, method, operation)
        schemas = {PROBLEM: _PROBLEM_SCHEMA} | own.get("components", {}).get("schemas", {})
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "SiMOS",
                "version": simos.__version__,
                "description": "Live city data (NGSI-LD) and the services of the cities. Open data needs no token.",
                "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            },
            "tags": [*self._tags(), *hub["tags"]],
            "paths": own["paths"] | hub["paths"],
            "components": {
                "schemas": hub["components"]["schemas"] | schemas,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
            "security": [{}, {"token": []}],
        }

    def _tags(self) -> list[dict[str, str]]:
        return [
            {"name": name, "description": f"{module.title.in_('en')}: {module.summary.in_('en')}"}
            for name, module in self.modules.items()
        ]


def _complete(address: str, method: str, operation: dict[str, Any]) -> None:
    """Adds what the door adds: the city, the key of a repeated request, refusals."""
    parameters = operation.setdefault("parameters", [])
    if "{city}" in address:
        parameters.insert(0, _CITY)
    if method == "post":
        parameters.append(_IDEMPOTENCY)
    operation["responses"].setdefault("default", _REFUSED)

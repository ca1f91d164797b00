"""Puts the routers of modules (`api.py`) together into one API below `/api/`. Describes nothing and lets nobody in."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder

from simos.kernel.errors import Invalid, Problem
from simos.kernel.module import Level, Module
from simos.kernel.registry import Registry
from simos.web.api.document import Document
from simos.web.api.entering import through_the_door
from simos.web.api.reading import document_view, reading_view
from simos.web.problems import answer

CITY = "{city}"


class Json(BaseRenderer):
    """JSON as the hub writes it too: compact, in UTF-8. Times, amounts and models as django-ninja says them."""

    media_type = "application/json"
    told = staticmethod(NinjaJSONEncoder().default)

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=self.told, option=orjson.OPT_PASSTHROUGH_DATETIME)


def api_patterns(registry: Registry) -> Sequence[URLPattern]:
    """`/api/<domain>/<module>/<city>/...` (a federation's module: without the city; one of both levels: also with
    `consortium` for the city), the document, and its page.

    ImproperlyConfigured where an export is no router.
    """
    api = NinjaAPI(title="SiMOS", renderer=Json(), openapi_url=None, docs_url=None, urls_namespace="simos-api")
    refusals: Mapping[type[Exception], Any] = {Problem: answer, ValidationError: _invalid, HttpError: _refused}
    for kind, told in refusals.items():
        api.add_exception_handler(kind, told)
    modules: dict[str, Module] = {}
    for module, router in registry.exports("api"):
        prefix = prefix_of(module)
        modules[prefix.strip("/").replace(CITY, "<city>")] = module
        api.add_router(prefix, _checked(module, router), tags=[module.name])
    document = Document(api, {module.name: module for module in modules.values()})
    return [
        path("api/openapi.json", document_view(document), name="openapi"),
        path("api/", reading_view(document), name="api"),
        *(
            _behind_the_door(pattern, module)
            for pattern in api.urls[0]
            for prefix, module in modules.items()
            if _route_of(pattern).startswith(prefix + "/") or _route_of(pattern) == prefix
        ),
    ]


def prefix_of(module: Module) -> str:
    """Where a module's router stands, as OpenAPI writes it: `/api/mobility/parking/{city}`."""
    return f"/api/{module.name}" + ("" if module.level is Level.FEDERATION else f"/{CITY}")


def _route_of(pattern: Any) -> str:
    return str(pattern.pattern).strip("/")


def _behind_the_door(pattern: Any, module: Module) -> URLPattern:
    return path(
        _route_of(pattern), through_the_door(pattern.callback, module), name=f"api-{module.label}-{pattern.name}"
    )


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is wrong, field by field: `in` says where it was sent, `field` its name there."""
    wrong = [
        {"in": str(each["loc"][0]), "field": ".".join(map(str, each["loc"][1:])), "message": each["msg"]}
        for each in error.errors
    ]
    said = "; ".join(f"{each['field'] or each['in']}: {each['message']}" for each in wrong)
    return answer(request, Invalid(said, errors=wrong))


def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer(request, Problem(str(error), status=error.status_code))


def _checked(module: Module, router: Any) -> Router:
    if not isinstance(router, Router):
        raise ImproperlyConfigured(f"module {module.name}: router in api.py is a ninja.Router")
    return router

"""What a process tells the others of itself: health and metrics, at `/-/health` and `/-/metrics`."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.process_collector import ProcessCollector

from simos.kernel.errors import Problem
from simos.kernel.registry import installed_modules

registry = CollectorRegistry()
ProcessCollector(registry=registry)

Check = Mapping[str, Any]


def register_check() -> Check:
    """Whether the register's database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return {"status": "fail", "output": str(error)}
    return {"status": "pass"}


def module_checks() -> Mapping[str, Check]:
    """What modules' `checks.py` say, under `module/name`; a check that raises has failed."""
    found: dict[str, Check] = {}
    for module, checks in installed_modules().exports("checks"):
        for name, check in checks.items():
            try:
                found[f"{module.name}:{name}"] = check()
            except (Problem, DatabaseError, OSError) as error:
                found[f"{module.name}:{name}"] = {"status": "fail", "output": str(error)}
    return found


def health(_request: HttpRequest) -> HttpResponse:
    """This process's health as application/health+json: 503 where the register does not answer."""
    own = register_check()
    parts = {"register": own} | (dict(module_checks()) if own["status"] == "pass" else {})
    body = {"status": own["status"], "parts": parts}
    return HttpResponse(orjson.dumps(body), status=200 if own["status"] == "pass" else 503)


def metrics(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4")

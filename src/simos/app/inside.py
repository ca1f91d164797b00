"""What a process tells the others of itself: health and metrics, at `/-/health` and `/-/metrics`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.process_collector import ProcessCollector

from simos.kernel.clock import now
from simos.kernel.errors import Problem
from simos.kernel.registry import installed_modules
from simos.platform.jobs.queries import counts, last_beat

registry = CollectorRegistry()
ProcessCollector(registry=registry)

work = Gauge("simos_work", "Rows of the work queue", ["state"], registry=registry)

Check = Mapping[str, Any]

SILENT = timedelta(seconds=30)
"""A worker beats every few seconds."""


def register_check() -> Check:
    """Whether the register's database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return {"status": "fail", "output": str(error)}
    return {"status": "pass"}


def queue_check() -> Check:
    """Whether a worker lives, and what it could not do: dead letters are for people to look at."""
    at, beat, count = now(), last_beat(), counts()
    found = {"waiting": count["waiting"], "dead": count["dead"], "lastBeat": beat.isoformat() if beat else None}
    if beat is None or at - beat > SILENT:
        return {"status": "warn", "output": "no worker has been heard of lately", **found}
    return {"status": "warn" if count["dead"] else "pass", **found}


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
    parts = {"register": own}
    if own["status"] == "pass":
        parts |= {"queue": queue_check(), **module_checks()}
    body = {"status": own["status"], "parts": parts}
    return HttpResponse(orjson.dumps(body), status=200 if own["status"] == "pass" else 503)


def metrics(_request: HttpRequest) -> HttpResponse:
    for state, rows in counts().items():
        work.labels(state).set(rows)
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4")

"""The hub does what its OpenAPI document says of it, to whatever is asked by that document: and never breaks down."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from simos.hub.openapi import hub_document

HEADERS = {"NGSILD-Tenant": "openapi"}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WAITING = ("/hub/live", "/hub/changes")
"""What answers only when something happens."""


def ask_at_random(base: str, *, examples: int) -> int:
    """So many requests to each operation; how many it were. A failed check names the request."""
    document = {"openapi": "3.1.0", "info": {"title": "hub", "version": "1"}, **hub_document()}
    asked = 0
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        if operation.path in WAITING:
            continue

        @given(case=operation.as_strategy())
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            response = case.call(base_url=base, headers=HEADERS, timeout=10)
            case.validate_response(response, checks=CHECKS)

        ask()
    return asked


def test_it_answers_as_it_says(hub_address: str) -> None:
    assert ask_at_random(hub_address, examples=3) > 100

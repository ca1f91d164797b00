"""Many entities in one request (ETSI GS CIM 009, clauses 6.14 to 6.17): the good part is kept, the rest reported."""

import asyncio
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from simos.hub.contexts import Context, canonical
from simos.hub.ngsild import ParsedEntity, parse_batch
from simos.hub.problems import BadRequestData
from simos.hub.server.desk import Asking
from simos.hub.server.entities import with_merging, written_or_raise
from simos.hub.values import Done, Mode, Outcome, Write
from simos.kernel.errors import Problem

BATCH_LIMIT = 10_000
"""Entities in one request."""

AT_ONCE = 50
"""Entities understood before others' requests get their turn."""


class Result:
    """What became of each entity of a batch."""

    def __init__(self) -> None:
        self.success: list[str] = []
        self.created: list[str] = []
        self.errors: list[dict[str, Any]] = []

    def failed(self, entity_id: str, problem: Problem, index: int | None = None) -> None:
        error = problem.as_dict() | ({"index": index} if index is not None else {})
        self.errors.append({"entityId": entity_id, "error": error})

    def add(self, outcome: Outcome) -> None:
        try:
            written_or_raise(outcome)
        except Problem as problem:
            self.failed(outcome.id, problem)
            return
        if outcome.done is Done.CREATED:
            self.created.append(outcome.id)
        self.success.append(outcome.id)

    def answer(self, asking: Asking) -> Response:
        """201 with what was created, 204 where nothing is to be said, 207 where something failed (clause 5.2.16)."""
        if self.errors:
            return asking.plain({"success": self.success, "errors": self.errors}, status=207)
        if self.created:
            return asking.plain(self.created, status=201)
        return asking.plain(status=204)


def _list_of(asking: Asking) -> list[Any]:
    if not isinstance(asking.body, list) or not asking.body:
        raise BadRequestData("A batch is an array of entities, and not empty.")
    if len(asking.body) > BATCH_LIMIT:
        raise BadRequestData(f"A batch has {BATCH_LIMIT} entities at most; send it in parts.")
    return asking.body


def _entities_of(asking: Asking) -> list[Any]:
    documents = _list_of(asking)
    if not all(isinstance(each, dict) for each in documents):
        raise BadRequestData("A batch is an array of entities, each a JSON object.")
    return documents


async def _meanings(asking: Asking, documents: list[Any]) -> dict[bytes, Context | Problem]:
    """The contexts that the entities of a batch bring along, each had once; where one cannot be had, its Problem."""
    found: dict[bytes, Context | Problem] = {}
    for document in documents:
        key = canonical(document.get("@context"))
        if key not in found:
            try:
                found[key] = await asking.desk.contexts.get(document.get("@context"), asking.tenant)
            except Problem as problem:
                found[key] = problem
    return found


async def _write_all(asking: Asking, mode: Mode) -> Result:
    result, granted = Result(), asking.seen_types
    documents = _entities_of(asking)
    meanings = await _meanings(asking, documents) if asking.in_ld else {}

    def understand(source: Any) -> Context:
        meaning = meanings[canonical(source)]
        if isinstance(meaning, Problem):
            raise meaning
        return meaning

    merging = mode is Mode.MERGE
    understood = parse_batch(
        documents,
        asking.context,
        merging=merging,
        simplified=merging and not asking.options().isdisjoint(("simplified", "keyValues")),
        understand=understand if asking.in_ld else None,
    )
    writes = []
    for index, parsed in enumerate(understood):
        if index % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)
        if not isinstance(parsed, ParsedEntity):
            result.failed(parsed.id, parsed.problem, index)
            continue
        try:
            asking.grant.to_write(parsed.types)
        except Problem as problem:
            result.failed(parsed.id, problem, index)
            continue
        write = parsed.write(asking.tenant, mode, granted=granted)
        writes.append(with_merging(asking, write) if merging else write)
    for outcome in await asking.desk.write(writes):
        result.add(outcome)
    return result


async def create(asking: Asking) -> Response:
    return (await _write_all(asking, Mode.CREATE)).answer(asking)


async def upsert(asking: Asking) -> Response:
    mode = Mode.UPSERT if "update" in asking.options() else Mode.REPLACE_OR_CREATE
    return (await _write_all(asking, mode)).answer(asking)


async def update(asking: Asking) -> Response:
    mode = Mode.APPEND_NEW if "noOverwrite" in asking.options() else Mode.APPEND
    return (await _write_all(asking, mode)).answer(asking)


async def merge(asking: Asking) -> Response:
    return (await _write_all(asking, Mode.MERGE)).answer(asking)


async def delete(asking: Asking) -> Response:
    ids: Iterable[Any] = _list_of(asking)
    if any(not isinstance(each, str) for each in ids):
        raise BadRequestData("A batch to delete is an array of entity ids.")
    result = Result()
    granted = asking.seen_types
    writes = [Write(tenant=asking.tenant, id=each, mode=Mode.DELETE, granted=granted) for each in ids]
    for outcome in await asking.desk.write(writes):
        result.add(outcome)
    return result.answer(asking)

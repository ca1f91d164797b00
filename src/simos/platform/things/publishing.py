"""Facts of the register that the hub shows: queued in the action's transaction, upserted after its commit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from simos.hub.client import BatchAnswer, HubClient, HubRefused
from simos.hub.ngsild.kinds import NULL
from simos.kernel.acting import Actor, Scope, ScopeKind
from simos.kernel.clock import now
from simos.platform.jobs.actions import enqueue
from simos.platform.jobs.models import Work
from simos.platform.jobs.values import GiveUp, Runner
from simos.platform.scopes.acting import current

KIND = "hub"
OPEN_TENANT = "open-tenant"
FOR_EVER = 0
_MAY_PASS = (401, 403, 408, 429)  # refusals that the hub's operator or time can lift


def publish(entities: Sequence[Mapping[str, Any]], *, scope: Scope, order_key: str, gone: Iterable[str] = ()) -> None:
    """The hub will have these entities (NGSI-LD, short names) in the city's tenant, once the transaction has committed.

    An attribute that is None is taken away there; one that is not named stays as others have set it. `gone` are the
    identifiers of entities that it is to have no more.

    Those with one `order_key` in a city are written in order of commit. OutsideTransaction where there is none;
    ValueError for a scope that is no city. An unreachable hub is tried for ever; what it refuses is a dead letter.
    """
    if scope.kind is not ScopeKind.CITY:
        raise ValueError(f"entities are published in a city's tenant, not in {scope}")
    taken = list(gone)
    if not entities and not taken:
        return
    enqueue(
        KIND,
        "upsert",
        scope=scope,
        by=current().actor,
        at=now(),
        payload={"entities": [dict(each) for each in entities]} | ({"gone": taken} if taken else {}),
        order_key=f"{KIND} {scope} {order_key}",
        max_attempts=FOR_EVER,
    )


def open_tenant(scope: Scope, *, by: Actor) -> None:
    """The hub will have a tenant for the city, once the transaction has committed. OutsideTransaction where there is
    none. Tried for ever; opened again nothing changes."""
    order_key = f"{KIND} {scope} {OPEN_TENANT}"
    enqueue(
        KIND, OPEN_TENANT, scope=scope, by=by, at=now(), payload={}, order_key=order_key, max_attempts=FOR_EVER
    )  # fmt: skip


def hub_runner(connect: Callable[[], HubClient]) -> Runner:
    """Runs work of the kind `hub`, in no transaction. Upserting again what was upserted changes nothing."""

    def run(work: Work) -> None:
        if work.name == OPEN_TENANT:
            connect().add_tenant(work.where.code)
            return
        try:
            hub, payload = connect(), work.payload
            answers = list(_written(hub, work.where.code, payload["entities"]))
            for each in payload.get("gone", ()):
                hub.delete(work.where.code, each)
        except HubRefused as refusal:
            if refusal.status in _MAY_PASS:
                raise
            raise GiveUp(f"the hub refused: {refusal.title}: {refusal.detail}") from None
        if refused := [each for answer in answers for each in answer.refused]:
            raise GiveUp("; ".join(f"{entity}: {reason}" for entity, reason in refused))

    return Runner(run, outside=True)


def _written(hub: HubClient, tenant: str, entities: Sequence[Mapping[str, Any]]) -> Iterator[BatchAnswer]:
    """What is given is upserted; what is None is then taken away, from those that have it."""
    if not entities:
        return
    yield _upsert(hub, tenant, [{name: v for name, v in each.items() if v is not None} for each in entities])
    gone = [
        {"id": each["id"], "type": each["type"]} | {name: {"type": "Property", "value": NULL} for name in without}
        for each in entities
        if (without := [name for name, value in each.items() if value is None])
    ]
    if gone:
        yield hub.merge(tenant, gone)


def _upsert(hub: HubClient, tenant: str, entities: Sequence[Mapping[str, Any]]) -> BatchAnswer:
    """A city's first entity makes its tenant."""
    try:
        return hub.upsert(tenant, entities)
    except HubRefused as refusal:
        if refusal.status != 404:
            raise
        hub.add_tenant(tenant)
        return hub.upsert(tenant, entities)

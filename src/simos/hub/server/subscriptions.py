"""Subscriptions over HTTP (ETSI GS CIM 009, clauses 6.10 and 6.11): made, shown, changed, taken back."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from simos.hub.ngsild.parse_value import is_uri
from simos.hub.problems import AlreadyExists, BadRequestData, ResourceNotFound
from simos.hub.query.types import parse_types
from simos.hub.server.desk import Asking
from simos.hub.store.base import Transaction
from simos.hub.subscriptions.parse import Document, parse_change, parse_subscription
from simos.hub.subscriptions.shown import subscription_shown
from simos.hub.values import Subscription
from simos.kernel.clock import micros_of, now
from simos.kernel.ids import new_id

SUBSCRIPTIONS = "/ngsi-ld/v1/subscriptions"
LIMIT = 1000


def _may_see(asking: Asking, subscription: Subscription) -> bool:
    """What somebody watches of types that are not granted stays unseen."""
    granted = asking.seen_types
    return granted is None or (subscription.types is not None and subscription.types <= granted)


async def _named(asking: Asking) -> Subscription:
    subscription_id = asking.request.path_params["id"]
    if not is_uri(subscription_id):
        raise BadRequestData(f"A subscription's id is a URI, not {subscription_id[:100]!r}.")
    found = await asking.desk.read(asking.desk.reader.subscription, asking.tenant, subscription_id)
    if found is None or not _may_see(asking, found):
        raise ResourceNotFound(f"There is no subscription {subscription_id}.")
    return found


async def _checked(asking: Asking, document: Document) -> None:
    """What is asked for is granted, and the words of its notifications can be had."""
    for selector in document.get("entities", ()):
        for types in parse_types(selector["type"], asking.context):
            asking.grant.to_touch(types)
    if "jsonldContext" in document:
        await asking.desk.contexts.get(document["jsonldContext"], asking.tenant)


def _shown(asking: Asking, subscription: Subscription) -> dict[str, Any]:
    return subscription_shown(
        subscription,
        asking.desk.deliveries.state_of(subscription.key),
        asking.context,
        now=micros_of(now()),
        sys_attrs="sysAttrs" in asking.options(),
    )


async def create(asking: Asking) -> Response:
    at = micros_of(now())
    document = parse_subscription(asking.body, asking.context, reach=asking.desk.deliveries.reach, now=at)
    await _checked(asking, document)
    document = {"id": f"urn:ngsi-ld:Subscription:{new_id()}", **document}
    wanted = Subscription(
        tenant=asking.tenant,
        id=document["id"],
        document=document,
        context=asking.context.as_json(),
        types=asking.seen_types,
        since=0,
        created_at=at,
        modified_at=at,
    )

    def store(transaction: Transaction) -> Subscription | None:
        stored = replace(wanted, since=transaction.head())
        return stored if transaction.add_subscription(stored) else None

    stored: Subscription | None = await asking.desk.writer.run(store)
    if stored is None:
        raise AlreadyExists(f"There is a subscription {wanted.id} already.")
    await asking.desk.deliveries.took(stored)
    return asking.plain(status=201, headers={"Location": f"{SUBSCRIPTIONS}/{quote(wanted.id, safe=':')}"})


async def query(asking: Asking) -> Response:
    """A page of them, in order of id."""
    limit, offset = asking.number("limit", 20, most=LIMIT), asking.number("offset", 0, most=10_000_000)
    count = asking.parameter("count") == "true"
    if limit == 0 and not count:
        raise BadRequestData("limit=0 goes with count=true only.")
    all_there = await asking.desk.read(asking.desk.reader.subscriptions, asking.tenant)
    found = [each for each in all_there if _may_see(asking, each)]
    headers = {"NGSILD-Results-Count": str(len(found))} if count else {}
    if link := _paging(asking, limit, offset, len(found)):
        headers["Link"] = link
    return asking.answer([_shown(asking, each) for each in found[offset : offset + limit]], headers=headers)


def _paging(asking: Asking, limit: int, offset: int, total: int) -> str:
    if not limit:
        return ""
    pages = [("prev", max(0, offset - limit))] if offset else []
    if offset + limit < total:
        pages.append(("next", offset + limit))
    kept = {key: value for key, value in asking.request.query_params.items() if key not in ("offset", "limit")}
    return ", ".join(
        f'<{SUBSCRIPTIONS}?{urlencode({**kept, "limit": limit, "offset": start})}>; rel="{rel}"; '
        'type="application/ld+json"'
        for rel, start in pages
    )


async def retrieve(asking: Asking) -> Response:
    return asking.answer(_shown(asking, await _named(asking)))


async def update(asking: Asking) -> Response:
    stored = await _named(asking)
    at = micros_of(now())
    reach = asking.desk.deliveries.reach
    document = parse_change(asking.body, stored.document, asking.context, reach=reach, now=at)
    await _checked(asking, document)
    says_words = any(name in asking.body for name in ("q", "csf", "@context"))
    changed = replace(
        stored,
        document=document,
        context=asking.context.as_json() if says_words else stored.context,
        modified_at=at,
    )

    def store(transaction: Transaction) -> Subscription:
        kept = replace(changed, since=transaction.head())
        transaction.put_subscription(kept)
        return kept

    await asking.desk.deliveries.took(await asking.desk.writer.run(store))
    return asking.plain(status=204)


async def delete(asking: Asking) -> Response:
    stored = await _named(asking)
    await asking.desk.deliveries.dropped(stored.key)
    await asking.desk.writer.run(lambda transaction: transaction.delete_subscription(*stored.key))
    return asking.plain(status=204)

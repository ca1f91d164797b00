"""The hub's values as rows of its tables, and back. Knows no SQL and no database.

Documents are JSON text exactly as the hub made it: PostgreSQL's jsonb would change numbers and refuse U+0000.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import orjson

from simos.hub.values import (
    Attributes,
    Change,
    ChangeKind,
    ContextKind,
    Delivery,
    Device,
    Entity,
    Instance,
    Past,
    Point,
    Rejection,
    StoredContext,
    Subscription,
    Token,
)
from simos.kernel.geo import Box, box_of

LOCATION = "https://uri.etsi.org/ngsi-ld/location"
"""The GeoProperty by whose box entities are found."""

REJECTIONS_KEPT = 10_000

Row = tuple[Any, ...]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "entity": (
        *("tenant", "id", "types", "scopes", "doc", "created_at", "modified_at", "expires_at"),
        *("west", "south", "east", "north"),
    ),
    "entity_type": ("tenant", "type", "entity"),
    "entity_attribute": ("tenant", "attribute", "entity"),
    "entity_value": ("tenant", "attribute", "value", "entity"),
    "series": ("tenant", "entity", "attribute", "dataset"),
    "history": ("tenant", "series", "at", "instance", "number", "got_at"),
    "deletion": ("tenant", "series", "at", "instance"),
    "lake_file": ("tenant", "file", "type", "day", "series_from", "series_to", "instances", "bytes"),
    "lake_gone": ("tenant", "series", "since", "until", "up_to"),
    "rollup": (
        *("tenant", "series", "hour", "kind", "of_numbers", "others", "instances", "numbers"),
        *("total", "least", "most", "sumsq", "squares"),
    ),
    "rollup_dirty": ("tenant", "series", "hour"),
    "rolled": ("tenant", "series", "until"),
    "past": ("tenant", "id", "types", "scopes", "created_at", "modified_at", "deleted_at"),
    "change": ("seq", "tenant", "entity", "types", "kind", "attributes", "at", "former", "quiet"),
    "subscription": ("tenant", "id", "document", "context", "types", "since", "created_at", "modified_at"),
    "delivery": (
        *("tenant", "subscription", "waiting_from", "times_sent", "times_failed"),
        *("last_notification", "last_success", "last_failure"),
    ),
    "context": ("tenant", "id", "kind", "address", "body", "created_at"),
    "token": (
        *("id", "name", "secret_sha256", "tenants", "types"),
        *("may_write", "may_administer", "expires_at", "created_at"),
    ),
    "device": (
        *("tenant", "id", "name", "token", "last_seen_at"),
        *("feed", "every", "usual", "silent_since", "battery"),
    ),
    "rejection": ("tenant", "source", "topic", "payload", "reason", "at"),
    "note": ("topic", "name", "content"),
}
"""What each table is written with, in the order of the rows made here."""

ENTITY = COLUMNS["entity"][:8]
"""What an entity is read from; its box is only for finding it."""


def json_text(value: object) -> str:
    return orjson.dumps(value).decode()


@lru_cache(maxsize=1024)
def _names(text: str) -> tuple[str, ...]:
    """The inverse of `json_text` for names. There are few, and every row bears some."""
    return tuple(orjson.loads(text))


def entity_row(entity: Entity) -> Row:
    box = location_box(entity.attributes)
    return (
        entity.tenant,
        entity.id,
        json_text(entity.types),
        json_text(entity.scopes),
        json_text(entity.attributes),
        entity.created_at,
        entity.modified_at,
        entity.expires_at,
        *((box.west, box.south, box.east, box.north) if box else (None, None, None, None)),
    )


def entity_of(row: Row) -> Entity:
    tenant, entity_id, types, scopes, doc, created_at, modified_at, expires_at = row
    return Entity(
        tenant=tenant,
        id=entity_id,
        types=_names(types),
        scopes=_names(scopes),
        attributes=orjson.loads(doc),
        created_at=created_at,
        modified_at=modified_at,
        expires_at=expires_at,
    )


def location_box(attributes: Attributes) -> Box | None:
    """The box around every instance of the location; None where there is none that has a geometry."""
    boxes = [box for instance in attributes.get(LOCATION, ()) if (box := _box(instance))]
    if not boxes:
        return None
    return Box(
        min(box.west for box in boxes),
        min(box.south for box in boxes),
        max(box.east for box in boxes),
        max(box.north for box in boxes),
    )


def _box(instance: Instance) -> Box | None:
    if instance.get("type") != "GeoProperty":
        return None
    try:
        return box_of(instance.get("value"))
    except (
        ValueError
    ):  # whether a geometry is fit to be stored was the edge's to say: it is kept, and not found by place
        return None


def change_row(change: Change, seq: int) -> Row:
    return (
        seq,
        change.tenant,
        change.entity,
        json_text(change.types),
        change.kind.value,
        json_text(change.attributes),
        change.at,
        json_text(change.former) if change.former else "{}",
        int(change.quiet),
    )


def change_of(row: Row) -> Change:
    seq, tenant, entity, types, kind, attributes, at, former, quiet = row
    return Change(
        seq=seq,
        tenant=tenant,
        entity=entity,
        types=_names(types),
        kind=ChangeKind(kind),
        attributes=orjson.loads(attributes),
        at=at,
        former=orjson.loads(former),
        quiet=bool(quiet),
    )


def point_row(point: Point, series: int) -> Row:
    number = None if point.number is None else float(point.number)
    return (point.tenant, series, point.at, point.instance.decode(), number, point.got_at)


def past_row(past: Past) -> Row:
    types, scopes = json_text(past.types), json_text(past.scopes)
    return (past.tenant, past.id, types, scopes, past.created_at, past.modified_at, past.deleted_at)


def past_of(row: Row) -> Past:
    tenant, entity_id, types, scopes, created_at, modified_at, deleted_at = row
    return Past(
        tenant=tenant,
        id=entity_id,
        types=_names(types),
        scopes=_names(scopes),
        created_at=created_at,
        modified_at=modified_at,
        deleted_at=deleted_at,
    )


def token_row(token: Token) -> Row:
    return (
        token.id,
        token.name,
        token.secret_sha256,
        _set_text(token.tenants),
        _set_text(token.types),
        int(token.may_write),
        int(token.may_administer),
        token.expires_at,
        token.created_at,
    )


def token_of(row: Row) -> Token:
    token_id, name, secret, tenants, types, may_write, may_administer, expires_at, created_at = row
    return Token(
        id=token_id,
        name=name,
        secret_sha256=secret,
        tenants=frozenset(orjson.loads(tenants)),
        types=frozenset(orjson.loads(types)),
        may_write=bool(may_write),
        may_administer=bool(may_administer),
        expires_at=expires_at,
        created_at=created_at,
    )


def _set_text(names: Iterable[str]) -> str:
    return json_text(sorted(names))


def device_row(device: Device) -> Row:
    return tuple(getattr(device, column) for column in COLUMNS["device"])


def device_of(row: Row) -> Device:
    return Device(**dict(zip(COLUMNS["device"], row, strict=True)))


def subscription_row(subscription: Subscription) -> Row:
    types = subscription.types
    return (
        subscription.tenant,
        subscription.id,
        json_text(subscription.document),
        json_text(subscription.context),
        "" if types is None else _set_text(types),
        subscription.since,
        subscription.created_at,
        subscription.modified_at,
    )


def subscription_of(row: Row) -> Subscription:
    tenant, subscription_id, document, context, types, since, created_at, modified_at = row
    return Subscription(
        tenant=tenant,
        id=subscription_id,
        document=orjson.loads(document),
        context=orjson.loads(context),
        types=frozenset(orjson.loads(types)) if types else None,
        since=since,
        created_at=created_at,
        modified_at=modified_at,
    )


def delivery_row(delivery: Delivery) -> Row:
    return tuple(getattr(delivery, column) for column in COLUMNS["delivery"])


def delivery_of(row: Row) -> Delivery:
    return Delivery(**dict(zip(COLUMNS["delivery"], row, strict=True)))


def context_row(context: StoredContext) -> Row:
    body = json_text(context.body)
    return (context.tenant, context.id, context.kind.value, context.address, body, context.created_at)


def context_of(row: Row) -> StoredContext:
    tenant, context_id, kind, address, body, created_at = row
    return StoredContext(
        tenant=tenant,
        id=context_id,
        kind=ContextKind(kind),
        address=address,
        body=orjson.loads(body),
        created_at=created_at,
    )


def rejection_row(rejection: Rejection) -> Row:
    return (
        rejection.tenant,
        _printable(rejection.source),
        _printable(rejection.topic),
        rejection.payload,
        _printable(rejection.reason),
        rejection.at,
    )


def rejection_of(row: Row) -> Rejection:
    rejection_id, tenant, source, topic, payload, reason, at = row
    return Rejection(
        id=rejection_id, tenant=tenant, source=source, topic=topic, payload=bytes(payload), reason=reason, at=at
    )


def _printable(text: str) -> str:
    """Text that every database takes, whatever a stranger sent: no U+0000, no half of a surrogate pair."""
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()

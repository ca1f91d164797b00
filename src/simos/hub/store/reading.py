"""Reads in SQL that both databases understand. Knows nothing of connections; what q means is `holds`'s to say."""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Sequence

import orjson

from simos.hub.store.base import AttributeUse, EntityQuery
from simos.hub.store.evolving import SqlEvolution
from simos.hub.store.rows import (
    COLUMNS,
    ENTITY,
    change_of,
    context_of,
    delivery_of,
    device_of,
    entity_of,
    rejection_of,
    subscription_of,
    token_of,
)
from simos.hub.store.selecting import page_of
from simos.hub.store.session import Sessions
from simos.hub.store.shelf_reading import SqlShelfReader
from simos.hub.store.shelves import Shelves
from simos.hub.values import (
    Change,
    Delivery,
    Device,
    Entity,
    Key,
    Page,
    Position,
    Rejection,
    StoredContext,
    Subscription,
    Token,
)
from simos.kernel.clock import micros_of, now

AT_ONCE = 500
"""Entities looked at in one go where each has to be judged in Python."""

_ENTITY = ", ".join(f"e.{column}" for column in ENTITY)
_ONE = f"SELECT {_ENTITY} FROM entity e WHERE e.tenant = ? AND e.id = ?"
_ALIVE = "(e.expires_at IS NULL OR e.expires_at > ?)"
_OF_BOTH = "entity_type t JOIN entity_attribute a ON a.tenant = t.tenant AND a.entity = t.entity"
_USES = f"SELECT DISTINCT t.type, a.attribute FROM {_OF_BOTH} WHERE"
_BEARERS = "SELECT count(*) FROM entity_attribute WHERE tenant = ? AND attribute = ?"
_SOME_BEARING = (
    f"SELECT e.doc FROM {_OF_BOTH} JOIN entity e ON e.tenant = t.tenant AND e.id = t.entity "
    "WHERE t.tenant = ? AND t.type = ? AND a.attribute = ? LIMIT ?"
)
LOOKED_AT = 500
"""Entities of each type in which the kinds of an attribute are looked for."""

_CHANGES = f"SELECT {', '.join(COLUMNS['change'])} FROM change WHERE"
_TOKENS = f"SELECT {', '.join(COLUMNS['token'])} FROM token"
_DEVICES = f"SELECT {', '.join(COLUMNS['device'])} FROM device"
_SUBSCRIPTIONS = f"SELECT {', '.join(COLUMNS['subscription'])} FROM subscription"
_DELIVERIES = f"SELECT {', '.join(COLUMNS['delivery'])} FROM delivery"
_CONTEXTS = f"SELECT {', '.join(COLUMNS['context'])} FROM context ORDER BY tenant, id"
_REJECTIONS = f"SELECT id, {', '.join(COLUMNS['rejection'])} FROM rejection ORDER BY id DESC LIMIT ?"


class SqlReader(SqlEvolution, SqlShelfReader):
    """Implements `Reader`. Every call borrows a session, so that any number of threads may read."""

    def __init__(self, sessions: Sessions, shelves: Shelves, *, at_hand: bool) -> None:
        self._sessions = sessions
        self._shelves = shelves
        self.at_hand = at_hand

    def entity(self, tenant: str, entity_id: str) -> Entity | None:
        rows = self._rows(_ONE, (tenant, entity_id))
        if not rows or ((expires_at := rows[0][7]) is not None and expires_at <= micros_of(now())):
            return None
        return entity_of(rows[0])

    def entities_of(self, tenant: str, ids: Sequence[str]) -> dict[str, Entity]:
        with self._sessions.lent() as session:
            sql = f"SELECT {_ENTITY} FROM entity e WHERE e.tenant = ? AND e.id {session.any_of} AND {_ALIVE}"
            rows = session.rows(sql, (tenant, session.listed(sorted(set(ids))), micros_of(now())))
        return {row[1]: entity_of(row) for row in rows}

    def expired(self, at: int, *, limit: int = 1000) -> Sequence[Key]:
        sql = "SELECT tenant, id FROM entity WHERE expires_at <= ? ORDER BY expires_at LIMIT ?"
        return [(tenant, entity_id) for tenant, entity_id in self._rows(sql, (at, limit))]

    def entities(self, query: EntityQuery) -> Page:
        with self._sessions.lent() as session:
            return page_of(query, session)

    def types(self, tenant: str) -> dict[str, int]:
        sql = "SELECT type, count(*) FROM entity_type WHERE tenant = ? GROUP BY type ORDER BY type"
        return dict(self._rows(sql, (tenant,)))

    def attribute_uses(self, tenant: str, *, entity_type: str = "", attribute: str = "") -> Sequence[AttributeUse]:
        where, parameters = "t.tenant = ?", [tenant]
        for column, name in (("t.type", entity_type), ("a.attribute", attribute)):
            if name:
                where, parameters = f"{where} AND {column} = ?", [*parameters, name]
        pairs = self._rows(f"{_USES} {where} ORDER BY t.type, a.attribute", parameters)
        if not entity_type and not attribute:
            return [AttributeUse(type=bearing, attribute=name) for bearing, name in pairs]
        return [
            AttributeUse(
                type=bearing,
                attribute=name,
                kinds=self._kinds(tenant, bearing, name),
                bearers=self._rows(_BEARERS, (tenant, name))[0][0],
            )
            for bearing, name in pairs
        ]

    def _kinds(self, tenant: str, bearing: str, name: str) -> frozenset[str]:
        rows = self._rows(_SOME_BEARING, (tenant, bearing, name, LOOKED_AT))
        found = (orjson.loads(doc).get(name, ()) for (doc,) in rows)
        return frozenset(instance["type"] for instances in found for instance in instances)

    def head(self) -> Position:
        epoch, seq = self._rows("SELECT epoch, seq FROM log_head")[0]
        return Position(epoch, seq)

    def epoch_start(self) -> int:
        start: int = self._rows("SELECT epoch_start FROM log_head")[0][0]
        return start

    def changes(self, after: int, *, limit: int = 1000, tenant: str | None = None) -> Sequence[Change]:
        where, parameters = ("", (after, limit)) if tenant is None else ("tenant = ? AND", (tenant, after, limit))
        return [change_of(row) for row in self._rows(f"{_CHANGES} {where} seq > ? ORDER BY seq LIMIT ?", parameters)]

    def tenants(self) -> Sequence[str]:
        return [name for (name,) in self._rows("SELECT name FROM tenant ORDER BY name")]

    def token(self, secret_sha256: str) -> Token | None:
        rows = self._rows(f"{_TOKENS} WHERE secret_sha256 = ?", (secret_sha256,))
        return token_of(rows[0]) if rows else None

    def tokens(self) -> Sequence[Token]:
        return [token_of(row) for row in self._rows(f"{_TOKENS} ORDER BY id")]

    def devices(self, tenant: str | None = None) -> Sequence[Device]:
        where, parameters = ("", ()) if tenant is None else ("WHERE tenant = ?", (tenant,))
        return [device_of(row) for row in self._rows(f"{_DEVICES} {where} ORDER BY tenant, id", parameters)]

    def rejections(self, *, limit: int = 100) -> Sequence[Rejection]:
        return [rejection_of(row) for row in self._rows(_REJECTIONS, (limit,))]

    def notes(self, topic: str, name: str | None = None) -> dict[str, str]:
        where, parameters = ("", (topic,)) if name is None else (" AND name = ?", (topic, name))
        return dict(self._rows(f"SELECT name, content FROM note WHERE topic = ?{where} ORDER BY name", parameters))

    def contexts(self) -> Sequence[StoredContext]:
        return [context_of(row) for row in self._rows(_CONTEXTS)]

    def subscription(self, tenant: str, subscription_id: str) -> Subscription | None:
        rows = self._rows(f"{_SUBSCRIPTIONS} WHERE tenant = ? AND id = ?", (tenant, subscription_id))
        return subscription_of(rows[0]) if rows else None

    def subscriptions(self, tenant: str | None = None) -> Sequence[Subscription]:
        where, parameters = ("", ()) if tenant is None else ("WHERE tenant = ?", (tenant,))
        return [subscription_of(row) for row in self._rows(f"{_SUBSCRIPTIONS} {where} ORDER BY tenant, id", parameters)]

    def deliveries(self) -> Sequence[Delivery]:
        return [delivery_of(row) for row in self._rows(_DELIVERIES)]

    def dispatched(self) -> int:
        rows = self._rows("SELECT seq FROM dispatched")
        return rows[0][0] if rows else 0

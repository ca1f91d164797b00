"""The part of a write transaction that keeps single rows: tenants, tokens, devices, subscriptions and so on.

In SQL that both databases understand. Knows nothing of entities and their history.
"""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Iterable, Sequence

from simos.hub.store.rows import (
    COLUMNS,
    REJECTIONS_KEPT,
    Row,
    context_row,
    delivery_row,
    device_row,
    rejection_row,
    subscription_row,
    token_row,
)
from simos.hub.store.session import KEEP, Session
from simos.hub.values import Delivery, Device, Rejection, StoredContext, Subscription, Token


def overwriting(table: str, key: Sequence[str]) -> str:
    rest = [column for column in COLUMNS[table] if column not in key]
    return f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in rest)}"


_PUT_TOKEN = overwriting("token", ("id",))
_PUT_DEVICE = (
    "ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, token = excluded.token, "
    "every = coalesce(excluded.every, device.every), "
    "last_seen_at = coalesce(excluded.last_seen_at, device.last_seen_at)"
)
_HEARD = (
    "ON CONFLICT (tenant, id) DO UPDATE SET feed = excluded.feed, "
    "name = CASE WHEN device.token = '' AND excluded.name <> excluded.id THEN excluded.name ELSE device.name END, "
    "last_seen_at = CASE WHEN coalesce(device.last_seen_at, excluded.last_seen_at) > excluded.last_seen_at "
    "THEN device.last_seen_at ELSE excluded.last_seen_at END, "
    "every = coalesce(excluded.every, device.every), battery = coalesce(excluded.battery, device.battery)"
)
_PUT_CONTEXT = overwriting("context", ("tenant", "id"))
_PUT_SUBSCRIPTION = overwriting("subscription", ("tenant", "id"))
_PUT_DELIVERY = overwriting("delivery", ("tenant", "subscription"))
_PUT_DISPATCHED = "INSERT INTO dispatched (one, seq) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET seq = excluded.seq"
_PUT_NOTE = overwriting("note", ("topic", "name"))


class Keeping:
    """What `SqlTransaction` is founded on."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_tenant(self, tenant: str) -> bool:
        return self._each(f"INSERT INTO tenant (name) VALUES (?) {KEEP}", [(tenant,)]) == 1

    def put_token(self, token: Token) -> None:
        self._insert("token", [token_row(token)], _PUT_TOKEN)

    def delete_token(self, token_id: str) -> bool:
        return self._each("DELETE FROM token WHERE id = ?", [(token_id,)]) == 1

    def put_device(self, device: Device) -> None:
        self._insert("device", [device_row(device)], _PUT_DEVICE)

    def seen(self, devices: Sequence[tuple[str, str, int]]) -> None:
        """A device never seems to have been seen earlier than it was."""
        later = "UPDATE device SET last_seen_at = ? WHERE tenant = ? AND id = ? AND coalesce(last_seen_at, ?) <= ?"
        self._each(later, sorted((at, tenant, device, at, at) for tenant, device, at in devices))

    def seen_with(self, tokens: Sequence[tuple[str, int]]) -> None:
        later = "UPDATE device SET last_seen_at = ? WHERE token = ? AND coalesce(last_seen_at, ?) <= ?"
        self._each(later, sorted((at, token, at, at) for token, at in tokens))

    def heard(self, devices: Sequence[Device]) -> None:
        latest = {(each.tenant, each.id): each for each in sorted(devices, key=lambda each: each.last_seen_at or 0)}
        self._insert("device", [device_row(latest[key]) for key in sorted(latest)], _HEARD)

    def judged(self, devices: Sequence[Device]) -> None:
        judged = "UPDATE device SET usual = ?, silent_since = ? WHERE tenant = ? AND id = ?"
        self._each(judged, [(each.usual, each.silent_since, each.tenant, each.id) for each in devices])

    def reject(self, rejections: Sequence[Rejection]) -> None:
        self._insert("rejection", (rejection_row(rejection) for rejection in rejections))
        oldest = "SELECT id FROM rejection ORDER BY id DESC LIMIT 1 OFFSET ?"
        self._each(f"DELETE FROM rejection WHERE id <= ({oldest})", [(REJECTIONS_KEPT,)])

    def put_note(self, topic: str, name: str, content: str) -> None:
        if content:
            self._insert("note", [(topic, name, content)], _PUT_NOTE)
        else:
            self._each("DELETE FROM note WHERE topic = ? AND name = ?", [(topic, name)])

    def put_context(self, context: StoredContext) -> None:
        self._insert("context", [context_row(context)], _PUT_CONTEXT)

    def delete_context(self, tenant: str, context_id: str) -> bool:
        return self._each("DELETE FROM context WHERE tenant = ? AND id = ?", [(tenant, context_id)]) == 1

    def add_subscription(self, subscription: Subscription) -> bool:
        return self._insert("subscription", [subscription_row(subscription)], KEEP) == 1

    def put_subscription(self, subscription: Subscription) -> None:
        self._insert("subscription", [subscription_row(subscription)], _PUT_SUBSCRIPTION)

    def delete_subscription(self, tenant: str, subscription_id: str) -> bool:
        self._each("DELETE FROM delivery WHERE tenant = ? AND subscription = ?", [(tenant, subscription_id)])
        return self._each("DELETE FROM subscription WHERE tenant = ? AND id = ?", [(tenant, subscription_id)]) == 1

    def put_deliveries(self, deliveries: Sequence[Delivery], *, dispatched: int) -> None:
        rows = sorted((delivery_row(delivery) for delivery in deliveries), key=lambda row: row[:2])
        self._insert("delivery", rows, _PUT_DELIVERY)
        self._each(_PUT_DISPATCHED, [(dispatched,)])

    def _insert(self, table: str, rows: Iterable[Row], conflict: str = "") -> int:
        return self._session.insert(table, listed, conflict) if (listed := list(rows)) else 0

    def _each(self, sql: str, rows: Sequence[Row]) -> int:
        return self._session.each(sql, rows) if rows else 0

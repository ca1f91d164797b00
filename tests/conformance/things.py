"""Values to store, short to write. Nothing is tested here."""

from collections.abc import Iterable
from typing import Any

import orjson

from simos.hub.store.base import Store, Transaction
from simos.hub.store.rows import LOCATION
from simos.hub.values import Attributes, Change, ChangeKind, Entity, Point

TENANT = "celje"
PARKING = "https://smartdatamodels.org/dataModel.Parking/OffStreetParking"
SENSOR = "https://smartdatamodels.org/dataModel.Device/Device"
FREE = "https://smartdatamodels.org/dataModel.Parking/availableSpotNumber"
NAME = "https://smartdatamodels.org/name"
AT = 1_756_684_800_123_457
"""2025-09-01T00:00:00.123457Z: a moment that milliseconds cannot hold."""


def urn(code: str) -> str:
    return f"urn:ngsi-ld:OffStreetParking:celje:{code}"


def free(value: Any) -> Attributes:
    return {FREE: [{"type": "Property", "value": value}]}


def placed(longitude: float, latitude: float) -> Attributes:
    return located({"type": "Point", "coordinates": [longitude, latitude]})


def located(geometry: dict[str, Any]) -> Attributes:
    return {LOCATION: [{"type": "GeoProperty", "value": geometry}]}


def entity(code: str, attributes: Attributes | None = None, **given: Any) -> Entity:
    rest: dict[str, Any] = {"tenant": TENANT, "types": (PARKING,), "created_at": AT, "modified_at": AT} | given
    return Entity(id=urn(code), attributes=free(1) if attributes is None else attributes, **rest)


def point(code: str, at: int, value: Any, **given: Any) -> Point:
    number = float(value) if isinstance(value, int | float) else None
    rest: dict[str, Any] = {"tenant": TENANT, "attribute": FREE, "dataset": ""} | given
    instance = orjson.dumps({"type": "Property", "value": value}, option=orjson.OPT_SORT_KEYS)
    return Point(entity=urn(code), at=at, instance=instance, number=number, **rest)


def change(code: str, attributes: Attributes | None = None, **given: Any) -> Change:
    rest: dict[str, Any] = {"tenant": TENANT, "types": (PARKING,), "kind": ChangeKind.UPDATED, "at": AT} | given
    return Change(entity=urn(code), attributes=free(1) if attributes is None else attributes, **rest)


def put(store: Store, *entities: Entity) -> None:
    with store.transaction() as transaction:
        transaction.put(entities)


def write_number(transaction: Transaction, number: int) -> int:
    """The hub's own pattern of a write: the present, the past and the log say `number` together."""
    transaction.entities([(TENANT, urn("one"))])
    transaction.put([entity("one", free(number), modified_at=AT + number)])
    transaction.record([point("one", AT + number, number)])
    return transaction.append([change("one", free(number), at=AT + number)])


def codes(entities: Iterable[Entity]) -> list[str]:
    return [each.id.removeprefix(urn("")) for each in entities]

"""Devices that fall silent: how often each usually sends is learnt, and who is late is told, until it is heard again.

What is known stands in the store's table of devices, so that an open alarm is found again after a restart. For others
to see, each change is told by a `Device` entity (Smart Data Models) of its city.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from simos.hub.contexts import CORE
from simos.hub.ngsild import text_of_micros
from simos.hub.server.desk import Desk
from simos.hub.values import Device, Instance, Key, Mode, Write

PATIENCE = 3
"""Usual intervals after which a device is called silent."""

LEAST = 5 * 60 * 1_000_000
"""Microseconds for which nobody is missed."""

LEARNING = 4
"""A new gap counts one in so many."""


def judged(device: Device, before: int | None, *, at: int, listening_since: int) -> Device:
    """The device as it is to be called at the instant `at`. `before`: when it had been seen at the last look.

    Nobody is missed for a time in which the hub itself did not listen; a silence that has ended is no usual interval.
    """
    seen = device.last_seen_at
    if seen is None:
        return device
    usual = device.usual
    if before is not None and seen > before and device.silent_since is None:
        usual = seen - before if usual is None else usual + (seen - before - usual) // LEARNING
    if device.silent_since is not None and seen > device.silent_since:
        return replace(device, usual=usual, silent_since=None)
    interval = device.every or usual
    is_late = interval is not None and at - max(seen, listening_since) > max(PATIENCE * interval, LEAST)
    return replace(device, usual=usual, silent_since=device.silent_since or (seen if is_late else None))


def entity_id(device: Device) -> str:
    """The id of its `Device` entity."""
    return f"urn:ngsi-ld:Device:{device.tenant or 'default'}:{device.id}"


def told(device: Device, *, at: int) -> Write:
    """What others are to see of it."""
    when = text_of_micros(at)
    found: dict[str, object] = {
        "name": device.name,
        "deviceState": "silent" if device.silent_since is not None else "heard",
        "batteryLevel": None if device.battery is None else round(device.battery / 100, 4),
        "dateLastValueReported": None
        if device.last_seen_at is None
        else {"@type": "DateTime", "@value": text_of_micros(device.last_seen_at)},
    }
    attributes: dict[str, list[Instance]] = {
        CORE.name(name): [{"type": "Property", "value": value, "observedAt": when}]
        for name, value in found.items()
        if value is not None
    }
    return Write(
        tenant=device.tenant,
        id=entity_id(device),
        mode=Mode.UPSERT,
        types=(CORE.name("Device"),),
        attributes=attributes,
    )


class Watch:
    """Looks at all devices again and again. Remembers when each had been seen, and what was told of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[Key, int | None] = {}
        self._told: dict[Key, tuple[bool, float | None]] = {}

    async def look(self, at: int) -> None:
        """Every device is judged as of `at`; what has changed is stored and told."""
        await self._take_in_senders()
        devices = await self._desk.read(self._desk.reader.devices)
        now = [self._judged(device, at) for device in devices]
        changed = [new for new, old in zip(now, devices, strict=True) if new != old]
        if changed:
            await self._desk.writer.run(lambda transaction: transaction.judged(changed))
        news = list(self._news(now))
        if news:
            await self._desk.write([told(device, at=at) for device in news])
        self._desk.metrics.silent.set(sum(1 for each in now if each.silent_since is not None))

    async def _take_in_senders(self) -> None:
        """Devices that send over HTTP are known by their tokens."""
        if sent := list(self._desk.sent.items()):
            self._desk.sent.clear()
            await self._desk.writer.run(lambda transaction: transaction.seen_with(sent))

    def _judged(self, device: Device, at: int) -> Device:
        key = (device.tenant, device.id)
        found = judged(device, self._seen.get(key), at=at, listening_since=self._desk.began_at)
        self._seen[key] = device.last_seen_at
        return found

    def _news(self, devices: Iterable[Device]) -> Iterator[Device]:
        for device in devices:
            key = (device.tenant, device.id)
            shown = (device.silent_since is not None, None if device.battery is None else round(device.battery))
            if self._told.get(key) != shown and device.last_seen_at is not None:
                self._told[key] = shown
                yield device

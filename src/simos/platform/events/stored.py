"""Events as JSON, and back: validated both ways, and brought to today's shape. Touches no table."""

from typing import Any

from pydantic import TypeAdapter

from simos.kernel.events import Event

_adapters: dict[type, TypeAdapter[Event]] = {}


def _adapter(kind: type[Event]) -> TypeAdapter[Event]:
    """Made once for each kind of event: that is slow."""
    adapter = _adapters.get(kind)
    if adapter is None:
        adapter = _adapters[kind] = TypeAdapter(kind)
    return adapter


def payload_of(event: Event) -> dict[str, Any]:
    """The event's fields in JSON's types; ValueError where it could not be read back as the same event."""
    payload: dict[str, Any] = _adapter(type(event)).dump_python(event, mode="json")
    if event_from(type(event), payload, event.version) != event:
        raise ValueError(f"{event!r} is not the same when it is read back from JSON; use plainer fields")
    return payload


def event_from(kind: type[Event], payload: dict[str, Any], version: int) -> Event:
    """The event that was stored as `version`; ValueError where the payload does not fit or is newer than we."""
    return _adapter(kind).validate_python(kind.upcast(dict(payload), version))

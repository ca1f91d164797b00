"""What happened, said so that others can react: the base of every module's events, and the key for hub changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

Upcast = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Event:
    """A past fact of one module. Subclasses are frozen dataclasses of plain values and named in the past tense.

    `version` rises when a field changes; `upcasts[n]` makes version n + 1 out of a stored version n.
    """

    version: ClassVar[int] = 1
    upcasts: ClassVar[Mapping[int, Upcast]] = {}

    @classmethod
    def key(cls) -> str:
        """The name it is stored under, stable while its class stays in its module."""
        return f"{cls.__module__}.{cls.__qualname__}"

    def subject(self) -> str:
        """Whose events reach each handler in the order in which they happened; empty: order does not matter."""
        return ""

    @classmethod
    def upcast(cls, payload: dict[str, Any], version: int) -> dict[str, Any]:
        """`payload`, stored as `version`, in today's shape. ValueError if it comes from a newer release."""
        if version > cls.version:
            raise ValueError(f"{cls.key()} version {version} comes from a newer release than {cls.version}")
        for step in range(version, cls.version):
            payload = cls.upcasts[step](payload)
        return payload


@dataclass(frozen=True, slots=True)
class EntityChange:
    """A key in `reactions`: entities of `type` (short name) changed, in any of `attributes` (none given: in any)."""

    type: str
    attributes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityChanged:
    """What a reaction to an `EntityChange` is given: one row of the hub's change log, names compacted.

    `kind` is created, updated, deleted or corrected; `attributes` holds the changed ones in NGSI-LD normalized form.
    """

    city: str
    id: str
    type: str
    kind: str
    attributes: Mapping[str, Any]
    at: str
    seq: int
    epoch: str

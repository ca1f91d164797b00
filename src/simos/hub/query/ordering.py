"""In which order entities come: orderBy, by values or by distance (ETSI GS CIM 009, 4.23). Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from simos.hub.contexts import Context
from simos.hub.problems import BadRequestData
from simos.hub.query.conditions import Path
from simos.hub.query.evaluate import Instant, targets
from simos.hub.query.geo import metres_between
from simos.hub.query.geometry import Shape, shape_of
from simos.hub.query.q import parse_path
from simos.hub.values import Entity
from simos.kernel.geo import positions_of

_WAYS = ("asc", "desc", "dist-asc", "dist-desc")
_KEYS = 8
_ROOT = re.compile(r"und(-[A-Za-z0-9]+)*")

Key = Callable[[str], Any]
InOrder = Callable[[Iterable[Entity]], list[Entity]]


@dataclass(frozen=True, slots=True)
class _Step:
    """One of the keys to sort by. `path` a string: a member of the entity itself."""

    path: Path | str
    down: bool
    by_distance: bool


def parse_order(
    wanted: Sequence[str], context: Context, *, geometry: str = "", coordinates: Any = None, collation: str = ""
) -> InOrder:
    """What puts entities into the order that `wanted` states (`speed;desc`); BadRequestData where it is malformed.

    Missing values come last. Of different kinds numbers come before strings, and these before all others.
    """
    if not 0 < len(wanted) <= _KEYS:
        raise BadRequestData(f"orderBy: one to {_KEYS} keys")
    steps = [_step(text, context) for text in wanted]
    letters = _letters(collation)
    origin = _origin(geometry, coordinates)
    if origin is None and any(step.by_distance for step in steps):
        raise BadRequestData("orderBy: by distance needs coordinates, such as orderFrom=[13.64,45.95]")

    def in_order(entities: Iterable[Entity]) -> list[Entity]:
        found = list(entities)
        for step in reversed(steps):
            keyed = [(_key(step, each, origin, letters), each) for each in found]
            there = sorted((pair for pair in keyed if pair[0] is not None), key=_first, reverse=step.down)
            found = [each for _, each in there] + [each for key, each in keyed if key is None]
        return found

    return in_order


def _first(pair: tuple[Any, Entity]) -> Any:
    return pair[0]


def _key(step: _Step, entity: Entity, origin: Shape | None, letters: Key) -> Any:
    return _distance(step, entity, origin) if step.by_distance else _value(step, entity, letters)


def _step(text: str, context: Context) -> _Step:
    name, _, way = text.strip().partition(";")
    if (way or "asc") not in _WAYS:
        raise BadRequestData(f"orderBy: after ; comes one of {', '.join(_WAYS)}, not {way[:40]!r}")
    path: Path | str = name if name in ("id", "type") else parse_path(name, context)
    return _Step(path, way.endswith("desc"), way.startswith("dist"))


def _letters(collation: str) -> Key:
    """How strings compare: by code point, or by the letters of the root collation, accents after their letters."""
    if not collation:
        return lambda text: text
    if not _ROOT.fullmatch(collation):
        raise BadRequestData(f"collation: und, or left out for the order of code points; not {collation[:40]!r}")
    return _root


def _root(text: str) -> tuple[str, str, str]:
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return bare.casefold(), parts.casefold(), text.swapcase()


def _origin(geometry: str, coordinates: Any) -> Shape | None:
    if coordinates is None:
        return None
    if not isinstance(coordinates, list):
        raise BadRequestData("orderBy: coordinates are an array as in GeoJSON")
    shape = {"type": geometry or "Point", "coordinates": coordinates}
    try:
        positions_of(shape)
    except ValueError as error:
        raise BadRequestData(f"orderBy: {error}") from None
    return shape_of(shape)


def _value(step: _Step, entity: Entity, letters: Key) -> tuple[int, Any] | None:
    if isinstance(step.path, str):
        return 1, letters(entity.id if step.path == "id" else entity.types[0])
    for _, target in targets(step.path, entity):
        found = target["@value"] if isinstance(target, dict) and "@value" in target else target
        if isinstance(found, Instant):
            return 0, int(found)
        if isinstance(found, bool):
            return 4, found
        if isinstance(found, int | float):
            return 0, found
        if isinstance(found, str):
            return 1, letters(found)
        return (2 if isinstance(found, dict) else 3), str(found)
    return None


def _distance(step: _Step, entity: Entity, origin: Shape | None) -> float | None:
    assert origin is not None
    assert isinstance(step.path, Path)
    metres = inf
    for instance in entity.attributes.get(step.path.names[0], ()):
        if instance["type"] == "GeoProperty":
            metres = min(metres, metres_between(shape_of(instance["value"]), origin))
    return None if metres == inf else metres

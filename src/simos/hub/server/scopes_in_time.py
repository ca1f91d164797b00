"""Which scopes entities bore when: each holds until there is another (ETSI GS CIM 009, 4.18, 5.7.4.4).

Blocks: asked in a reader's thread. Judges no attribute.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import orjson

from simos.hub.ngsild import scope_instance
from simos.hub.ngsild.kinds import NULL, SCOPE
from simos.hub.ngsild.temporal import time_of
from simos.hub.query.scopes import ScopeCondition
from simos.hub.store.base import HistoryQuery, Reader, TimeProperty
from simos.hub.values import Past, Point

_EVER, _NEVER = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Spell:
    """From `since` until just before `until` (microseconds) the entity bore `scopes`, as `point` says."""

    since: int
    until: int
    scopes: tuple[str, ...]
    point: Point

    def meets(self, since: int | None, until: int | None) -> bool:
        """Whether any of it lies in [since, until)."""
        return (until is None or self.since < until) and (since is None or self.until > since)


def spells_of(reader: Reader, tenant: str, pasts: Sequence[Past]) -> dict[str, list[Spell]]:
    """By entity and in order of time. What was set without a time held from the beginning."""
    query = HistoryQuery(tenant=tenant, entities=tuple(past.id for past in pasts), attributes=(SCOPE,), deletions=True)
    found = {
        entity: _spells(list(points)) for entity, points in groupby(reader.history(query), lambda each: each.entity)
    }
    for past in pasts:
        if past.scopes and past.id not in found:
            found[past.id] = [Spell(_EVER, _NEVER, past.scopes, _point(past))]
    return found


def _point(past: Past) -> Point:
    """For an entity whose scopes are older than their history."""
    instance = orjson.dumps(scope_instance(past.scopes), option=orjson.OPT_SORT_KEYS)
    at = past.created_at
    return Point(tenant=past.tenant, entity=past.id, attribute=SCOPE, dataset="", at=at, instance=instance, number=None)


def _spells(points: Sequence[Point]) -> list[Spell]:
    starts = [_EVER if point.got_at is None and not point.deleted else point.at for point in points]
    ends = [end for _, end in pairwise([*starts, _NEVER])]
    return [
        Spell(since, until, _scopes(point), point) for since, until, point in zip(starts, ends, points, strict=True)
    ]


def _scopes(point: Point) -> tuple[str, ...]:
    value = orjson.loads(point.instance)["value"]
    return () if value == NULL else tuple(value) if isinstance(value, list) else (value,)


def held(spells: Sequence[Spell], condition: ScopeCondition, since: int | None, until: int | None) -> list[Spell]:
    """Those in [since, until) whose scopes meet the condition."""
    return [each for each in spells if each.meets(since, until) and condition(each.scopes)]


def within(points: Sequence[Point], spells: Sequence[Spell]) -> list[Point]:
    """The points that lie in one of the spells."""
    return [point for point in points if any(each.since <= point.at < each.until for each in spells)]


def told(
    spells: Mapping[str, Sequence[Spell]],
    *,
    time: TimeProperty,
    since: int | None,
    until: int | None,
    last: int | None,
) -> dict[str, list[Point]]:
    """By entity the points that say its scopes in [since, until), also the one that was set before and held then."""
    first, end = _EVER if since is None else since, _NEVER if until is None else until

    def is_told(spell: Spell) -> bool:
        if spell.point.deleted:
            return time in ("", "deletedAt") and first <= spell.point.at < end
        if time in ("", "observedAt"):
            return spell.meets(since, until)
        return time != "deletedAt" and first <= time_of(spell.point, time) < end

    found = {entity: [each.point for each in listed if is_told(each)] for entity, listed in spells.items()}
    return {entity: points[-last:] if last else points for entity, points in found.items() if points}

"""Storing named places and their areas within an import. Adds and changes; deletes nothing. Called by actions only."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simos.kernel.errors import RowError
from simos.kernel.geo import box_of
from simos.kernel.text import folded
from simos.platform.places.models import Area, Place, PlaceWord
from simos.platform.places.rules import words_of
from simos.platform.places.values import KINDS, AreaFacts, Kind, PlaceFacts

AT_ONCE = 500
_TAKEN = (
    "unit", "kind", "code", "name", "other_name", "folded", "folded_other", "municipality_id", "settlement_id",
    "longitude", "latitude", "area_km2", "is_city",
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """How many were added, changed, left as they are, and marked as gone."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0


class Saving:
    """The places and areas of one file, gathered and then stored by `finish`."""

    def __init__(self, at: datetime) -> None:
        self.tallies: dict[str, Tally] = {}
        self._at = at
        self._rows: dict[str, int] = {}
        self._places: list[tuple[int, PlaceFacts]] = []
        self._areas: list[tuple[int, AreaFacts]] = []
        self._units: set[str] = set()

    def take(self, row: int, facts: PlaceFacts | AreaFacts) -> list[RowError]:
        """The facts will be stored, or the error says why not."""
        if isinstance(facts, AreaFacts):
            self._areas.append((row, facts))
            return []
        first = self._rows.setdefault(facts.register_id, row)
        if first != row:
            return [RowError(row, "", f"stands in row {first} already", facts.register_id)]
        self._places.append((row, facts))
        self._units.add(facts.unit)
        return []

    def finish(self) -> list[RowError]:
        """What was taken is stored; the rows that point to nothing are left out and told."""
        errors = self._save_places() if self._places else []
        return errors + (self._save_areas() if self._areas else [])

    def mark_gone(self) -> None:
        """Places of the kinds of unit in the file that it does not name are marked."""
        there = Place.objects.filter(unit__in=self._units, gone_at=None).values_list("pk", "register_id", "kind")
        vanished = [(pk, kind) for pk, register_id, kind in there if register_id not in self._rows]
        for start in range(0, len(vanished), AT_ONCE):
            some = vanished[start : start + AT_ONCE]
            Place.objects.filter(pk__in=[pk for pk, _ in some]).update(gone_at=self._at)
            for _, kind in some:
                self._tally(kind).gone += 1

    def _tally(self, kind: str) -> Tally:
        return self.tallies.setdefault(kind, Tally())

    def _save_places(self) -> list[RowError]:
        within = _Within()
        there = {each.register_id: each for each in Place.objects.filter(unit__in=self._units)}
        errors: list[RowError] = []
        added: list[Place] = []
        changed: list[Place] = []
        renamed: list[Place] = []
        for row, facts in self._places:
            try:
                wanted = within.columns_of(facts)
            except ValueError as error:
                errors.append(RowError(row, "", str(error), facts.name))
                continue
            tally = self._tally(KINDS[facts.unit])
            place = there.get(facts.register_id)
            if place is None:
                if facts.valid:
                    added.append(Place(register_id=facts.register_id, changed_at=self._at, **wanted))
                    tally.added += 1
                continue
            has_gone, was_gone = not facts.valid, place.gone_at is not None
            if has_gone == was_gone and all(getattr(place, name) == value for name, value in wanted.items()):
                tally.unchanged += 1
                continue
            tally.gone += has_gone and not was_gone
            tally.changed += not (has_gone and not was_gone)
            if (place.name, place.other_name) != (facts.name, facts.other_name):
                renamed.append(place)
            for name, value in wanted.items():
                setattr(place, name, value)
            place.changed_at = self._at
            place.gone_at = (place.gone_at or self._at) if has_gone else None
            changed.append(place)
        Place.objects.bulk_create(added, batch_size=AT_ONCE)
        Place.objects.bulk_update(changed, (*_TAKEN, "changed_at", "gone_at"), batch_size=AT_ONCE)
        _find_by_words(added, renamed)
        return errors

    def _save_areas(self) -> list[RowError]:
        places = {each.register_id: each for each in Place.objects.only("register_id", "kind", "code")}
        by_code = {(each.kind, each.code): each for each in places.values()}
        there = Area.objects.in_bulk()
        errors: list[RowError] = []
        fresh: dict[int, Area] = {}
        for row, facts in self._areas:
            key = (KINDS[facts.unit], facts.code)
            place = places.get(facts.register_id) if facts.register_id else by_code.get(key)
            if place is None:
                what = facts.register_id or facts.code
                errors.append(RowError(row, "", f"no such {key[0]} is known: import the places first", what))
                continue
            tally = self._tally(f"outline of {key[0]}")
            area = _area_of(place, facts)
            old = there.get(place.pk)
            if place.pk in fresh:
                errors.append(RowError(row, "", "its outline stands in an earlier row already", place.code))
            elif old is None:
                tally.added += 1
                fresh[place.pk] = area
            elif (old.geometry, old.source) == (area.geometry, area.source):
                tally.unchanged += 1
            else:
                tally.changed += 1
                fresh[place.pk] = area
        columns = ("kind", "geometry", "source", "west", "south", "east", "north")
        Area.objects.bulk_create(
            fresh.values(), AT_ONCE, update_conflicts=True, update_fields=columns, unique_fields=("place",)
        )
        return errors


class _Within:
    """Which municipalities and settlements there are, to tie to them what lies in them."""

    def __init__(self) -> None:
        outer = Place.objects.filter(kind__in=(Kind.MUNICIPALITY, Kind.SETTLEMENT))
        rows = list(outer.values_list("pk", "kind", "register_id", "code"))
        self._by_id = {(kind, register_id): pk for pk, kind, register_id, _ in rows}
        self._by_code = {code: pk for pk, kind, _, code in rows if kind == Kind.MUNICIPALITY}

    def columns_of(self, facts: PlaceFacts) -> dict[str, Any]:
        """The columns of the place; ValueError where what it lies in is not known."""
        return {
            "unit": facts.unit,
            "kind": KINDS[facts.unit].value,
            "code": facts.code,
            "name": facts.name,
            "other_name": facts.other_name,
            "folded": folded(facts.name),
            "folded_other": folded(facts.other_name),
            "municipality_id": self._municipality(facts),
            "settlement_id": self._one(Kind.SETTLEMENT, facts.settlement),
            "longitude": facts.point.longitude if facts.point else None,
            "latitude": facts.point.latitude if facts.point else None,
            "area_km2": facts.area_km2,
            "is_city": facts.is_city,
        }

    def _municipality(self, facts: PlaceFacts) -> int | None:
        code = facts.municipality_code
        if code and code not in self._by_code:
            raise ValueError(f"municipality {code} is not known: import the municipalities first")
        return self._by_code[code] if code else self._one(Kind.MUNICIPALITY, facts.municipality)

    def _one(self, kind: Kind, register_id: str) -> int | None:
        if register_id and (kind, register_id) not in self._by_id:
            raise ValueError(f"{kind} {register_id} is not known: import them first")
        return self._by_id[kind, register_id] if register_id else None


def _find_by_words(added: Iterable[Place], renamed: list[Place]) -> None:
    """A search finds the places by the words of their names as they are now."""
    for start in range(0, len(renamed), AT_ONCE):
        PlaceWord.objects.filter(place__in=renamed[start : start + AT_ONCE]).delete()
    words = [
        PlaceWord(place=place, word=word)
        for place in (*added, *renamed)
        for word in sorted(words_of(place.name, place.other_name, *_numbers(place)))
    ]
    PlaceWord.objects.bulk_create(words, batch_size=AT_ONCE)


def _numbers(place: Place) -> tuple[str, ...]:
    """A post office is looked for by its number."""
    return (place.code,) if place.kind == Kind.POSTAL_DISTRICT else ()


def _area_of(place: Place, facts: AreaFacts) -> Area:
    box = box_of(facts.geometry)
    return Area(
        place=place,
        kind=place.kind,
        geometry=json.dumps(facts.geometry, separators=(",", ":")),
        source=facts.source,
        west=box.west,
        south=box.south,
        east=box.east,
        north=box.north,
    )

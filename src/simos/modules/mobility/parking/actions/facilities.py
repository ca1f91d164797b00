"""What an office does to parking facilities. Each leaves an audit record and an event, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Invalid, NotFound, RowError
from simos.modules.mobility.parking.events import FacilityRemoved, FacilitySaved
from simos.modules.mobility.parking.models import Area, Facility, TariffRow
from simos.modules.mobility.parking.rules.cells import CELLS, cells_of
from simos.modules.mobility.parking.rules.facts import wrong_in
from simos.modules.mobility.parking.rules.rows import NumberedRow, columns_in, facts_of
from simos.modules.mobility.parking.values import AreaFacts, FacilityFacts
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.scopes.acting import acting
from simos.platform.scopes.models import City


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of facilities that were saved: their codes."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(Saved):
    """What an import did, with every row that was left out and the reason.

    `changes`: of each changed facility, by field, what its cells said and say. `unnamed` the file does not name.
    """

    errors: tuple[RowError, ...]
    changes: Mapping[str, Mapping[str, list[str]]]
    unnamed: tuple[str, ...]


def one_at_a_time(scope: Scope) -> None:
    """One saves at a time in a city to the end of the transaction; else two could add the same code."""
    City.objects.select_for_update(no_key=True).get(code=scope.code)


@dataclass(frozen=True, slots=True)
class _Register:
    """What stands in a city's register, read while nobody else saves."""

    rows: Mapping[str, Facility]
    facts: Mapping[str, FacilityFacts]
    areas: Mapping[str, Area]
    tariffs: Mapping[str, TariffRow]

    @classmethod
    def locked(cls, scope: Scope) -> Self:
        one_at_a_time(scope)
        rows = {facility.code: facility for facility in Facility.objects.select_related("area", "tariff")}
        facts = {code: row.facts for code, row in rows.items()}
        areas, tariffs = ({row.code: row for row in model.objects.all()} for model in (Area, TariffRow))
        return cls(rows, facts, areas, tariffs)

    def unknown(self, facts: FacilityFacts) -> list[tuple[str, str]]:
        """What the facility names that is not there, each with its field."""
        named = ("area", self.areas), ("tariff", self.tariffs)
        return [
            (field, f"there is no {field} with this code; add it first")
            for field, there in named
            if getattr(facts, field) not in ("", *there)
        ]


def save_facilities(
    scope: Scope, facilities: Sequence[FacilityFacts], *, by: Actor, at: datetime, is_demo: bool = False
) -> Saved:
    """The city's facilities with these codes have these facts; those that had them already are left alone.

    Each one added or changed has its audit record (with what the changed facts were and are) and its event. Forbidden
    without `edit-facilities`; Invalid where facts do not go together; ValueError where a code stands there twice.
    """
    require(by, "edit-facilities", scope)
    wanted = {facts.code: facts for facts in facilities}
    if len(wanted) != len(facilities):
        raise ValueError("a facility can be saved once at a time, and a code stands there twice")
    with acting(by, scope), transaction.atomic():
        there = _Register.locked(scope)
        for facts in facilities:
            for field, message in wrong_in(facts, there.facts.get(facts.code)) or there.unknown(facts):
                raise Invalid(f"{facts.name}: {message}", field=field)
        return _written(wanted, there, scope=scope, by=by, at=at, is_demo=is_demo)


def _written(
    wanted: Mapping[str, FacilityFacts], there: _Register, *, scope: Scope, by: Actor, at: datetime, is_demo: bool
) -> Saved:
    """What is wanted stands in the register, with its traces."""
    added = [Facility(code=code) for code in wanted if code not in there.rows]
    changed = [
        row
        for code, row in there.rows.items()
        if code in wanted and (there.facts[code], row.is_demo) != (wanted[code], is_demo)
    ]
    for facility in (*added, *changed):
        facts = wanted[facility.code]
        area, tariff = there.areas.get(facts.area), there.tariffs.get(facts.tariff)
        facility.take(facts, area=area, tariff=tariff, is_demo=is_demo, at=at)
    Facility.objects.bulk_create(added)
    Facility.objects.bulk_update(changed, Facility.TAKEN)
    for done, rows in (("add-facility", added), ("change-facility", changed)):
        for facility in rows:
            told = changes_between(there.facts.get(facility.code), wanted[facility.code])
            record(done, obj=facility, by=by, scope=scope, at=at, data=told)
            emit(FacilitySaved(code=facility.code), scope=scope, by=by, at=at)
    written = {facility.code for facility in (*added, *changed)}
    return Saved(
        added=tuple(facility.code for facility in added),
        changed=tuple(facility.code for facility in changed),
        unchanged=tuple(code for code in wanted if code not in written),
    )


def changes_between(before: FacilityFacts | None, after: FacilityFacts) -> dict[str, list[str]]:
    """What the cells of a facility said and say, where that differs; nothing for a new one."""
    if before is None:
        return {}
    cells = ((field, cell.write(before), cell.write(after)) for field, cell in CELLS.items())
    return {field: [old, new] for field, old, new in cells if old != new}


def remove_facility(scope: Scope, code: str, *, by: Actor, at: datetime) -> None:
    """The facility is gone from the register, and from the hub's present soon after. NotFound where it is not there."""
    require(by, "edit-facilities", scope)
    with acting(by, scope), transaction.atomic():
        one_at_a_time(scope)
        facility = Facility.objects.filter(code=code).first()
        if facility is None:
            raise NotFound(f"there is no facility {code!r} here")
        record("remove-facility", obj=facility, by=by, scope=scope, at=at, data=dict(cells_of(facility.facts)))
        facility.delete()
        emit(FacilityRemoved(code=code, kind=facility.kind), scope=scope, by=by, at=at)


def save_area(scope: Scope, facts: AreaFacts, *, by: Actor, at: datetime) -> Area:
    """The city's area of this code has this name, and its facilities bear it."""
    require(by, "edit-facilities", scope)
    with acting(by, scope), transaction.atomic():
        one_at_a_time(scope)
        found: Area | None = Area.objects.filter(code=facts.code).first()
        if found is not None and found.facts == facts:
            return found
        area = found or Area(code=facts.code)
        area.take(facts)
        area.save()
        record("change-area" if found else "add-area", obj=area, by=by, scope=scope, at=at, data={"code": area.code})
        for code in Facility.objects.filter(area=area).values_list("code", flat=True):
            emit(FacilitySaved(code=code), scope=scope, by=by, at=at)
    return area


def remove_area(scope: Scope, code: str, *, by: Actor, at: datetime) -> None:
    """The area is gone. NotFound where it is not there; Conflict where facilities lie in it."""
    require(by, "edit-facilities", scope)
    with acting(by, scope), transaction.atomic():
        one_at_a_time(scope)
        area = Area.objects.filter(code=code).first()
        if area is None:
            raise NotFound(f"there is no area {code!r} here")
        if names := list(Facility.objects.filter(area=area).values_list("name", flat=True)[:5]):
            raise Conflict(f"facilities lie in this area: {', '.join(names)}; move them first", field="code")
        record("remove-area", obj=area, by=by, scope=scope, at=at, data={"code": code})
        area.delete()


def import_facilities(
    scope: Scope, rows: Iterable[NumberedRow], *, header: Iterable[str], by: Actor, at: datetime
) -> Imported:
    """The good rows are saved, the others left out and told. Invalid, and nothing saved, where a column is missing.

    A code that stands in the file twice counts once: the second row is an error. Facilities that the file does not
    name stay as they are, and so do facts that it has no column for. Forbidden without `edit-facilities`.
    """
    require(by, "edit-facilities", scope)
    columns = columns_in(header)
    errors: list[RowError] = []
    good: dict[str, FacilityFacts] = {}
    seen: dict[str, int] = {}
    with acting(by, scope), transaction.atomic():
        there = _Register.locked(scope)
        for number, content in rows:
            row = facts_of(content, columns, number, there.facts)
            errors.extend(row.errors)
            if row.facts is None:
                continue
            first = seen.setdefault(row.facts.code, number)
            if first != number:
                errors.append(RowError(number, columns["code"], f"stands in row {first} already", row.facts.code))
            elif unknown := there.unknown(row.facts):
                facts = row.facts
                errors += [
                    RowError(number, columns.get(name, name), why, getattr(facts, name)) for name, why in unknown
                ]
            else:
                good[row.facts.code] = row.facts
        made_up = {code: {"demo": ["yes", "no"]} for code, row in there.rows.items() if row.is_demo}
        saved = _written(good, there, scope=scope, by=by, at=at, is_demo=False)
    return Imported(
        added=saved.added,
        changed=saved.changed,
        unchanged=saved.unchanged,
        errors=tuple(errors),
        changes={
            code: {**changes_between(there.facts[code], good[code]), **made_up.get(code, {})} for code in saved.changed
        },
        unnamed=tuple(code for code in there.rows if code not in seen),
    )


def preview_import(
    scope: Scope, rows: Iterable[NumberedRow], *, header: Iterable[str], by: Actor, at: datetime
) -> Imported:
    """What `import_facilities` would do, refusals among it; nothing is kept."""
    with transaction.atomic():
        outcome = import_facilities(scope, rows, header=header, by=by, at=at)
        transaction.set_rollback(True)
    return outcome

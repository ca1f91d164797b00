"""What an office does to parking facilities. Each leaves an audit record and an event, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import RowError
from simos.modules.mobility.parking.events import FacilitySaved
from simos.modules.mobility.parking.models import Facility
from simos.modules.mobility.parking.rules.rows import NumberedRow, columns_in, facts_of
from simos.modules.mobility.parking.values import FacilityFacts
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
    """What an import did, with every row that was left out and the reason."""

    errors: tuple[RowError, ...]


def save_facilities(
    scope: Scope, facilities: Sequence[FacilityFacts], *, by: Actor, at: datetime, is_demo: bool = False
) -> Saved:
    """The city's facilities with these codes have these facts; those that had them already are left alone.

    Each one added or changed has its audit record and its event. Forbidden without `edit-facilities`; ValueError
    where a code stands there twice.
    """
    require(by, "edit-facilities", scope)
    wanted = {facts.code: facts for facts in facilities}
    if len(wanted) != len(facilities):
        raise ValueError("a facility can be saved once at a time, and a code stands there twice")
    with acting(by, scope), transaction.atomic():
        # One saves at a time in a city; else two could add the same code.
        City.objects.select_for_update(no_key=True).get(code=scope.code)
        there = {facility.code: facility for facility in Facility.objects.all()}
        added = [Facility(code=code) for code in wanted if code not in there]
        changed = [
            there[code]
            for code, facts in wanted.items()
            if code in there and (there[code].facts, there[code].is_demo) != (facts, is_demo)
        ]
        for facility in (*added, *changed):
            facility.take(wanted[facility.code], is_demo=is_demo, at=at)
        Facility.objects.bulk_create(added)
        Facility.objects.bulk_update(changed, Facility.TAKEN)
        for done, rows in (("add-facility", added), ("change-facility", changed)):
            for facility in rows:
                record(done, obj=facility, by=by, scope=scope, at=at)
                emit(FacilitySaved(code=facility.code), scope=scope, by=by, at=at)
    written = {facility.code for facility in (*added, *changed)}
    return Saved(
        added=tuple(facility.code for facility in added),
        changed=tuple(facility.code for facility in changed),
        unchanged=tuple(code for code in wanted if code not in written),
    )


def import_facilities(
    scope: Scope, rows: Iterable[NumberedRow], *, header: Iterable[str], by: Actor, at: datetime
) -> Imported:
    """The good rows are saved, the others left out and told. Invalid, and nothing saved, where a column is missing.

    A code that stands in the file twice counts once: the second row is an error. Facilities that the file does not
    name stay as they are. Forbidden without `edit-facilities`.
    """
    columns = columns_in(header)
    errors: list[RowError] = []
    good: list[FacilityFacts] = []
    seen: dict[str, int] = {}
    for number, content in rows:
        row = facts_of(content, columns, number)
        errors.extend(row.errors)
        if row.facts is None:
            continue
        first = seen.setdefault(row.facts.code, number)
        if first == number:
            good.append(row.facts)
        else:
            errors.append(RowError(number, columns["code"], f"stands in row {first} already", row.facts.code))
    saved = save_facilities(scope, good, by=by, at=at)
    return Imported(added=saved.added, changed=saved.changed, unchanged=saved.unchanged, errors=tuple(errors))

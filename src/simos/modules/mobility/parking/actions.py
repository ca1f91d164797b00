"""What an office does to parking facilities. Each leaves an audit record and an event, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import RowError
from simos.modules.mobility.parking.events import FacilitySaved
from simos.modules.mobility.parking.models import Facility
from simos.modules.mobility.parking.rules import columns_in, facts_of
from simos.modules.mobility.parking.values import FacilityFacts
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.scopes.acting import acting


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did: codes by what became of them, and every row that was left out with the reason."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    errors: tuple[RowError, ...]


def save_facility(scope: Scope, facts: FacilityFacts, *, by: Actor, at: datetime, is_demo: bool = False) -> bool | None:
    """The facility has these facts. True where it is new, False where it was changed, None where nothing was to do."""
    require(by, "edit-facilities", scope)
    with acting(by, scope), transaction.atomic():
        facility = Facility.objects.select_for_update().filter(code=facts.code).first()
        if facility is not None and facility.facts == facts and facility.is_demo == is_demo:
            return None
        is_new = facility is None
        facility = facility or Facility(code=facts.code)
        facility.name, facility.kind, facility.capacity = facts.name, facts.kind, facts.capacity
        facility.address, facility.is_demo, facility.changed_at = facts.address, is_demo, at
        facility.longitude = facts.place.longitude if facts.place else None
        facility.latitude = facts.place.latitude if facts.place else None
        facility.save()
        record("add-facility" if is_new else "change-facility", obj=facility, by=by, scope=scope, at=at)
        emit(FacilitySaved(code=facts.code), scope=scope, by=by, at=at)
    return is_new


def import_facilities(
    scope: Scope, rows: Iterable[Mapping[str, str | None]], *, header: Iterable[str], by: Actor, at: datetime
) -> Imported:
    """The good rows are saved, the others left out and told. ValueError, and nothing saved, where a column is missing.

    A code that stands in the file twice counts once: the second row is an error. Facilities that the file does not
    name stay as they are.
    """
    require(by, "edit-facilities", scope)
    columns = columns_in(header)
    became: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    with transaction.atomic():
        for number, content in enumerate(rows, start=2):
            row = facts_of(content, columns, number)
            errors.extend(row.errors)
            if row.facts is None:
                continue
            first = seen.setdefault(row.facts.code, number)
            if first != number:
                errors.append(RowError(number, columns["code"], f"stands in row {first} already", row.facts.code))
                continue
            became[save_facility(scope, row.facts, by=by, at=at)].append(row.facts.code)
    return Imported(
        added=tuple(became[True]), changed=tuple(became[False]), unchanged=tuple(became[None]), errors=tuple(errors)
    )

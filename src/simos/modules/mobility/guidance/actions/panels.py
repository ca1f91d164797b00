"""Panels in the register: saved, imported, removed. Each leaves an audit record and an event, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Invalid, RowError
from simos.modules.mobility.guidance.events import PanelRemoved, PanelSaved
from simos.modules.mobility.guidance.models import Panel
from simos.modules.mobility.guidance.queries import facilities_of, sources_of
from simos.modules.mobility.guidance.rules.lines import unknown_in
from simos.modules.mobility.guidance.rules.rows import check_header, facts_of
from simos.modules.mobility.guidance.values import PanelFacts
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.scopes.acting import acting
from simos.platform.scopes.models import City
from simos.platform.things.door import reader

EDIT = "edit-panels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of panels that were saved: their codes, and the rows that were left out with the reason."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    errors: tuple[RowError, ...] = ()


def save_panels(scope: Scope, panels: Sequence[PanelFacts], *, by: Actor, at: datetime, is_demo: bool = False) -> Saved:
    """The city's panels with these codes have these facts; those that had them already are left alone.

    Invalid where a line names a facility or area that parking has not; Forbidden without `edit-panels`; ValueError
    where a code stands there twice.
    """
    require(by, EDIT, scope)
    wanted = {facts.code: facts for facts in panels}
    if len(wanted) != len(panels):
        raise ValueError("a panel can be saved once at a time, and a code stands there twice")
    with acting(by, scope), transaction.atomic():
        # One saves at a time in a city; else two could add the same code.
        city = City.objects.select_for_update(no_key=True).get(code=scope.code)
        _refuse_unknown(wanted.values(), city)
        there = {panel.code: panel for panel in Panel.objects.all()}
        added = [Panel(code=code) for code in wanted if code not in there]
        changed = [
            there[code]
            for code, facts in wanted.items()
            if code in there and (there[code].facts, there[code].is_demo) != (facts, is_demo)
        ]
        for done, rows in (("add-panel", added), ("change-panel", changed)):
            for panel in rows:
                panel.take(wanted[panel.code], is_demo=is_demo, at=at)
                panel.save()
                record(done, obj=panel, by=by, scope=scope, at=at)
                emit(PanelSaved(code=panel.code), scope=scope, by=by, at=at)
    written = {panel.code for panel in (*added, *changed)}
    return Saved(
        added=tuple(panel.code for panel in added),
        changed=tuple(panel.code for panel in changed),
        unchanged=tuple(code for code in wanted if code not in written),
    )


def _there(city: City) -> frozenset[str]:
    """Names of all that a line may serve."""
    return frozenset(sources_of(facilities_of(reader(), city)))


def _refuse_unknown(panels: Iterable[PanelFacts], city: City) -> None:
    there = _there(city)
    for facts in panels:
        if unknown := unknown_in(facts.lines, there):
            raise Invalid(f"parking has no {', '.join(unknown)}; it has {', '.join(sorted(there))}", field="lines")


def import_panels(
    scope: Scope, rows: Iterable[tuple[int, Mapping[str, str]]], *, header: Iterable[str], by: Actor, at: datetime
) -> Saved:
    """The good rows are saved, the others left out and told. Invalid, and nothing saved, where a column is missing.

    A code that stands in the file twice counts once: the second row is an error. Panels that the file does not name
    stay as they are. Forbidden without `edit-panels`.
    """
    require(by, EDIT, scope)
    check_header(header)
    with acting(by, scope):
        there = _there(City.objects.get(code=scope.code))
    errors: list[RowError] = []
    good: list[PanelFacts] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        row = facts_of(cells, number)
        facts = row.facts
        errors.extend(row.errors)
        if facts is None:
            continue
        if facts.code in seen:
            errors.append(RowError(number, "code", f"stands in row {seen[facts.code]} already", facts.code))
        elif unknown := unknown_in(facts.lines, there):
            errors.append(RowError(number, "lines", "parking has no such facility or area", ", ".join(unknown)))
        else:
            seen[facts.code] = number
            good.append(facts)
    done = save_panels(scope, good, by=by, at=at)
    return Saved(added=done.added, changed=done.changed, unchanged=done.unchanged, errors=tuple(errors))


def remove_panel(scope: Scope, code: str, *, by: Actor, at: datetime) -> None:
    """The panel stands no more; nothing happens where there is none. Forbidden without `edit-panels`."""
    require(by, EDIT, scope)
    with acting(by, scope), transaction.atomic():
        panel = Panel.objects.select_for_update().filter(code=code).first()
        if panel is None:
            return
        record("remove-panel", obj=panel, by=by, scope=scope, at=at, data={"code": code})
        emit(PanelRemoved(code=code), scope=scope, by=by, at=at)
        panel.delete()

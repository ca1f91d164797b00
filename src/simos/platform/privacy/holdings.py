"""Makes a `Privacy` of declared holdings: export, erasure and retention of plain tables, written once for all."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import reduce
from typing import Any

from django.db import models
from django.db.models import Q

from simos.kernel.acting import Actor, Scope
from simos.platform.files.actions import remove_files_of
from simos.platform.files.queries import owner_of
from simos.platform.privacy.values import Held, Holding, Person, Privacy

ERASED = "a person was erased"
PAST = "its time is over"


def declared(*holdings: Holding) -> Privacy:
    """Export, erasure and retention of these tables, in this order. ValueError where one stands twice."""
    tables = [each.table for each in holdings]
    if twice := {table for table in tables if tables.count(table) > 1}:
        raise ValueError(f"held twice: {', '.join(sorted(twice))}")

    def export_of(person: Person, scope: Scope, at: datetime) -> Iterator[Held]:
        return (_held(each, person, at) for each in holdings)

    def erase(person: Person, scope: Scope, *, by: Actor, at: datetime) -> Mapping[str, int]:
        return {each.table: _erased(each, person, scope, by=by, at=at) for each in holdings}

    def retention(scope: Scope, *, by: Actor, at: datetime) -> int:
        return sum(
            _removed(each, _rows(each).filter(each.past(at)), scope, PAST, by, at) for each in holdings if each.past
        )

    return Privacy(
        export_of=export_of,
        erase=erase,
        retention=retention,
        tables=frozenset(tables),
        keeps=frozenset(each.table for each in holdings if each.kept or each.emptied),
    )


def _rows(holding: Holding) -> models.QuerySet[Any]:
    return holding.model._default_manager.order_by("pk")


def _held(holding: Holding, person: Person, at: datetime) -> Held:
    if not holding.shown and not holding.files:  # nothing to show: a reason needs no look at the rows
        why = holding.kept.why if holding.kept else None
        return Held(data=holding.data, table=holding.table, columns={}, rows=(), why_kept=why)
    rows = list(_rows(holding).filter(holding.of(person)))
    staying = _rows(holding).filter(holding.of(person)).filter(holding.kept.rows(at)).count() if holding.kept else 0
    return Held(
        data=holding.data,
        table=holding.table,
        columns=holding.shown,
        title=holding.title,
        rows=[{name: _value(row, name) for name in holding.shown} for row in rows],
        why_kept=holding.kept.why if holding.kept and staying else None,
        kept=staying,
        shell=holding.shell if rows else None,
        files=[owner_of(row) for row in rows] if holding.files else (),
    )


def _value(row: models.Model, name: str) -> Any:
    """The attribute at the end of a dotted name; None where a key on the way leads nowhere."""
    return reduce(lambda value, part: None if value is None else getattr(value, part), name.split("."), row)


def _erased(holding: Holding, person: Person, scope: Scope, *, by: Actor, at: datetime) -> int:
    rows = _rows(holding).filter(holding.of(person))
    if holding.kept and holding.kept.which is None:
        return 0
    if holding.kept:
        rows = rows.exclude(pk__in=rows.filter(holding.kept.rows(at)).values("pk"))
    return _removed(holding, rows, scope, ERASED, by, at)


def _removed(holding: Holding, rows: models.QuerySet[Any], scope: Scope, why: str, by: Actor, at: datetime) -> int:
    if holding.files:
        for row in rows:
            remove_files_of(getattr(row, "where", scope), owner_of(row), why=why, by=by, at=at)
    if not holding.emptied:
        return _count(rows.delete()[1], holding)
    full = ~Q(**{name: value for name, value in holding.emptied.items() if not hasattr(value, "resolve_expression")})
    return rows.filter(full).update(**holding.emptied)


def _count(deleted: Mapping[str, int], holding: Holding) -> int:
    return deleted.get(holding.model._meta.label, 0)

"""What rows that hold for a time have in common: that they end after they begin, and how they are withdrawn."""

from datetime import datetime
from typing import Any

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Invalid
from simos.platform.access.models import Term
from simos.platform.audit.log import record


def ends_after(begins_at: datetime, ends_at: datetime | None) -> None:
    """Returns if the term ends after it begins, or never; else Invalid."""
    if ends_at is not None and ends_at <= begins_at:
        raise Invalid("it ends after it begins", field="ends_at")


def begun(row: Any, action: str, *, scope: Scope, by: Actor, at: datetime, data: dict[str, object]) -> None:
    """`row`, made by `by`, is saved and audited."""
    row.made_at, row.made_by = at, by.as_dict()
    with transaction.atomic():
        row.save(force_insert=True)
        until = row.ends_at.isoformat() if row.ends_at else None
        record(action, obj=row, by=by, scope=scope, at=at, data=data | {"until": until})


def withdrawn(row: Term, action: str, *, scope: Scope, by: Actor, at: datetime) -> None:
    """`row` holds no more from `at` on, audited. Conflict if it was over before."""
    with transaction.atomic():
        present = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
        if present.withdrawn_at is not None or (present.ends_at is not None and present.ends_at <= at):
            raise Conflict("it is over already")
        row.withdrawn_at, row.withdrawn_by = at, by.as_dict()
        row.save(update_fields=("withdrawn_at", "withdrawn_by"))
        record(action, obj=row, by=by, scope=scope, at=at)

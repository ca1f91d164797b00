"""An office says what it assumes about searching for a space; audited with the values before."""

from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Invalid
from simos.modules.mobility.parking.models import CityAssumption
from simos.modules.mobility.parking.rules.avoided import Assumption
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.scopes.acting import acting


def assume(scope: Scope, assumption: Assumption, *, by: Actor, at: datetime) -> CityAssumption:
    """The city assumes this from now on. Forbidden without `edit-facilities`; Invalid without a source."""
    require(by, "edit-facilities", scope)
    if not assumption.source.strip():
        raise Invalid("say where the values come from", field="source")
    with acting(by, scope), transaction.atomic():
        row = CityAssumption.objects.select_for_update().filter(name=assumption.name).first()
        before = [row.low, row.high] if row else None
        row = row or CityAssumption(name=assumption.name)
        row.low, row.high, row.source, row.changed_at = assumption.low, assumption.high, assumption.source, at
        row.save()
        data = {"low": row.low, "high": row.high, "source": row.source, "before": before}
        record("change-assumption", obj=row, by=by, scope=scope, at=at, data=data)
    return row


def assume_no_more(scope: Scope, row: CityAssumption, *, by: Actor, at: datetime) -> None:
    """The platform's own assumption holds again. Forbidden without `edit-facilities`."""
    require(by, "edit-facilities", scope)
    with acting(by, scope), transaction.atomic():
        record("remove-assumption", obj=row, by=by, scope=scope, at=at, data={"low": row.low, "high": row.high})
        row.delete()

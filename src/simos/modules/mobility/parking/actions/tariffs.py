"""What an office does to the tariffs of its city. Facilities that name one are told anew."""

from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Invalid, NotFound
from simos.modules.mobility.parking.actions.facilities import one_at_a_time
from simos.modules.mobility.parking.events import FacilitySaved
from simos.modules.mobility.parking.models import Facility, TariffRow
from simos.modules.mobility.parking.rules.tariff_cells import cells_of_tariff
from simos.modules.mobility.parking.rules.tariffs import wrong_in_tariff
from simos.modules.mobility.parking.values.tariffs import Tariff
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.scopes.acting import acting


def save_tariff(scope: Scope, tariff: Tariff, *, by: Actor, at: datetime) -> TariffRow:
    """The city's tariff of this code is this one. Invalid where it does not hold together; unchanged, nothing happens.

    The audit record says of each changed part what it was and is. Forbidden without `edit-tariffs`.
    """
    require(by, "edit-tariffs", scope)
    for field, message in wrong_in_tariff(tariff):
        raise Invalid(f"{tariff.name.sl}: {message}", field=field)
    with acting(by, scope), transaction.atomic():
        one_at_a_time(scope)
        found: TariffRow | None = TariffRow.objects.filter(code=tariff.code).first()
        before = found.tariff if found else None
        if found is not None and before == tariff:
            return found
        row = found or TariffRow(code=tariff.code)
        row.take(tariff, at=at)
        row.save()
        old, new = cells_of_tariff(before) if before else {}, cells_of_tariff(tariff)
        told = {name: [old[name], new[name]] for name in new if before and old[name] != new[name]}
        record("change-tariff" if found else "add-tariff", obj=row, by=by, scope=scope, at=at, data=told)
        for code in Facility.objects.filter(tariff=row).values_list("code", flat=True):
            emit(FacilitySaved(code=code), scope=scope, by=by, at=at)
    return row


def remove_tariff(scope: Scope, code: str, *, by: Actor, at: datetime) -> None:
    """The tariff is gone. NotFound where it is not there; Conflict where facilities name it."""
    require(by, "edit-tariffs", scope)
    with acting(by, scope), transaction.atomic():
        one_at_a_time(scope)
        row = TariffRow.objects.filter(code=code).first()
        if row is None:
            raise NotFound(f"there is no tariff {code!r} here")
        if names := list(Facility.objects.filter(tariff=row).values_list("name", flat=True)[:5]):
            raise Conflict(f"facilities have this tariff: {', '.join(names)}; choose another for them", field="code")
        record("remove-tariff", obj=row, by=by, scope=scope, at=at, data=dict(cells_of_tariff(row.tariff)))
        row.delete()

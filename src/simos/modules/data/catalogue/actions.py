"""Counting a download. Who downloaded is not kept, so neither is there an audit record of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from simos.kernel.acting import Actor, Scope
from simos.modules.data.catalogue.models import DownloadDay
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import city_of


def count_download(scope: Scope, data_set: str, *, form: str, by: Actor, at: datetime) -> None:
    """The data set has one more download in this form on this day."""
    day = at.astimezone(ZoneInfo(city_of(scope.code).time_zone)).date()
    with acting(by, scope), transaction.atomic():
        row, _made = DownloadDay.objects.get_or_create(data_set=data_set, form=form, on=day)
        DownloadDay.objects.filter(pk=row.pk).update(number=F("number") + 1)

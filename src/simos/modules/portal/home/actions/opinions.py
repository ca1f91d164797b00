"""Saying whether a page was useful. Everybody may; who did is not kept, so neither is there an audit record of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Invalid
from simos.modules.portal.home.models import Opinion
from simos.modules.portal.home.rules import LONGEST_REMARK, without_names
from simos.modules.portal.home.values.opinions import Told
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import city_of


def give_opinion(scope: Scope, told: Told, *, is_useful: bool, remark: str, by: Actor, at: datetime) -> Opinion:
    """The city has one more opinion of the page, its remark without what names people. Invalid where it is too long."""
    if len(remark) > LONGEST_REMARK:
        raise Invalid(f"a remark has at most {LONGEST_REMARK} signs", field="remark")
    with acting(by, scope), transaction.atomic():
        kept: Opinion = Opinion.objects.create(
            address=told.address[:300],
            title=told.title[:255],
            is_useful=is_useful,
            remark=without_names(" ".join(remark.split())),
            on=at.astimezone(ZoneInfo(city_of(scope.code).time_zone)).date(),
        )
    return kept

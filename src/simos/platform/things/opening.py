"""Opening a city: its row, its tenant in the hub, what modules have there from the beginning. Switches nothing on."""

from datetime import datetime

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.registry import installed_modules
from simos.platform.scopes.actions import add_city
from simos.platform.scopes.cities import CityFacts
from simos.platform.scopes.models import City
from simos.platform.things.publishing import open_tenant


def open_city(scope: Scope, facts: CityFacts, *, by: Actor, at: datetime) -> City:
    """The city is there with its first pages; the hub opens its tenant once this has committed. Refuses as `add_city`.

    `scope` is the federation."""
    with transaction.atomic():
        city = add_city(scope, facts, by=by, at=at)
        open_tenant(city.scope, by=by)
        for _, seed in installed_modules().exports("seeds"):
            seed(by=Actor.system("simos", by.channel), at=at)
    return city

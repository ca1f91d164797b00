"""Which notices stand above a city's pages now."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import get_language

from simos.kernel.acting import Actor
from simos.kernel.clock import now
from simos.modules.portal.home.models import Notice
from simos.platform.scopes.acting import acting
from simos.platform.scopes.models import City
from simos.web.parts import Notice as Shown
from simos.web.parts import State

STATES = {"crisis": State.BAD, "warning": State.LOW, "info": State.PLAIN}


def notices_now(city: City | None) -> Sequence[Shown]:
    """The city's notices in the active language, the gravest first; the consortium (None) has none."""
    if city is None:
        return ()
    at, language = now(), get_language() or "sl"
    with acting(Actor.nobody(), city.scope):
        found = list(Notice.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at))
    found.sort(key=lambda notice: list(STATES).index(notice.gravity))
    return [
        Shown(
            title=each.title.in_(language),
            text=each.text_in(language),
            address=each.address,
            state=STATES[each.gravity],
        )
        for each in found
    ]

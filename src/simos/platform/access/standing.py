"""As whom one acts: for oneself, for another by mandate, for a person at the counter, in place of an absent officer.

The choice is kept in a session; whether it still holds is asked anew each time.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from simos.kernel.acting import Actor, Channel, Scope
from simos.kernel.clock import EPOCH
from simos.platform.access.counter import ACT, at_counter
from simos.platform.access.models import Mandate, Substitution
from simos.platform.access.queries import permitted

AT_COUNTER_FOR = timedelta(hours=1)
"""How long an officer serves one person before they have to be chosen anew: a forgotten choice does harm."""


class NoLonger(Exception):
    """The choice does not hold any more: one acts for oneself again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was chosen, in plain values for a session. Empty: for oneself.

    `mandate`: its id. `party`, `scope`, `purpose`, `since`, `office`: a person at the counter. `absent`: an account.
    """

    mandate: str = ""
    party: str = ""
    scope: str = ""
    purpose: str = ""
    since: str = ""
    office: str = ""
    absent: str = ""

    def as_dict(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, stored: Mapping[str, str]) -> "Standing":
        return cls(**stored)


def standing_as(actor: Actor, chosen: Standing, *, at: datetime) -> Actor:
    """`actor` (as signed in) in the role that was chosen. NoLonger where a mandate, a permission or a term is over."""
    if chosen.absent:
        rows = Substitution.objects.in_force(at).filter(absent=chosen.absent, absent__is_active=True)
        if not rows.filter(substitute=actor.account).exists():
            raise NoLonger
        actor = replace(actor, in_place_of=chosen.absent)
    if chosen.party:
        since = datetime.fromisoformat(chosen.since) if chosen.since else EPOCH
        if at - since > AT_COUNTER_FOR or not permitted(actor, ACT, Scope.parse(chosen.scope)):
            raise NoLonger
        return at_counter(actor, chosen.party, office=chosen.office)
    if chosen.mandate:
        rows_held = Mandate.objects.in_force(at).filter(pk=chosen.mandate, holder=actor.party or None)
        principal = rows_held.values_list("principal", flat=True).first()
        if principal is None:
            raise NoLonger
        return actor.for_(str(principal), channel=Channel.WEB)
    return actor

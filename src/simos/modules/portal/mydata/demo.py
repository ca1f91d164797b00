"""What the demo's citizen finds: a consent, a few reads by the city's officer, and a copy of her data being made."""

from datetime import datetime, timedelta

from simos.kernel.acting import FEDERATION, Actor, Channel, Scope
from simos.platform.people.models import Account
from simos.platform.privacy.actions import ask_export, exports_of
from simos.platform.privacy.consents import consents_of, declared_consents, give
from simos.platform.privacy.parts import PLATFORM
from simos.platform.privacy.reading import note_read, reads_of
from simos.web.accounts.demo import DEMO_ACCOUNTS

CONSENT = "portal/inbox:push"
READS = (
    (27, "account", "Preverjanje istovetnosti pri okencu"),
    (9, "messages", "Odgovor na vprašanje o prejetem sporočilu"),
    (2, "account", "Posodobitev podatkov na zahtevo osebe"),
)
"""How many days ago the officer read what, and what for."""


def load(scope: Scope, *, by: Actor, at: datetime) -> None:
    """The first of the demo's citizens has them, in the city's name. Done again, it changes nothing."""
    citizen = Account.objects.select_related("party").filter(email=DEMO_ACCOUNTS[0].email).first()
    reader = Account.objects.filter(email=DEMO_ACCOUNTS[1].email).first()
    if citizen is None or citizen.party is None or reader is None:
        return
    party = citizen.party
    if not reads_of(party.pk).exists():
        officer = Actor(account=str(reader.pk), party=str(reader.party_id), channel=Channel.COUNTER)
        for days, what, purpose in READS:
            read_at = at - timedelta(days=days)
            note_read(party, module=PLATFORM, what=what, purpose=purpose, by=officer, at=read_at, scope=scope)
    own = Actor(account=str(citizen.pk), party=str(party.pk), channel=Channel.WEB)
    if CONSENT in declared_consents() and not consents_of(party).exists():
        give(FEDERATION, party=party, consent=CONSENT, language=party.language, by=own, at=at)
    if not exports_of(party):
        ask_export(party, language=party.language, by=own, at=at)

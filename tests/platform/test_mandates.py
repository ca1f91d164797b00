"""Who may act for whom: by their own word, by what an office has seen proved, and no longer than that holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from simos.kernel.acting import Actor, Channel, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.errors import Conflict, Forbidden, Invalid
from simos.platform.access.mandates import give_mandate, mandates_given, mandates_held, withdraw_mandate
from simos.platform.access.models import Mandate
from simos.platform.access.standing import NoLonger, Standing, standing_as
from simos.platform.audit.models import AuditRecord
from simos.platform.people.models import Party
from simos.testing.acting import actor_for, make_account, officer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
KIND = Mandate.Kind


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


def party(name: str, kind: str = Party.Kind.NATURAL) -> Party:
    return Party.objects.create(kind=kind, name=name)


def holder_of(someone: Party) -> Actor:
    return replace(actor_for(make_account(party=someone)), party=str(someone.pk))


def give(by: Actor, principal: Party, holder: Party, kind: str = KIND.AUTHORISED, **more) -> Mandate:
    given = {"scope": CELJE, "begins_at": AT} | more
    scope = given.pop("scope")
    return give_mandate(scope, principal=principal, holder=holder, kind=kind, by=by, at=AT, **given)


def test_one_authorises_another_who_then_may_choose_to_act_for_them():
    ana, ivan = party("Ana"), party("Ivan")
    mandate = give(holder_of(ana), ana, ivan)
    acting = standing_as(holder_of(ivan), Standing(mandate=str(mandate.pk)), at=AT)
    assert (acting.party, acting.on_behalf_of, acting.channel) == (str(ivan.pk), str(ana.pk), Channel.WEB)
    assert acting.principal == str(ana.pk)
    assert mandates_held(ivan.pk, at=AT) == mandates_given(ana.pk, at=AT) == [mandate]
    assert mandates_held(ana.pk, at=AT) == mandates_held("", at=AT) == []
    with pytest.raises(NoLonger):  # somebody else's mandate
        standing_as(holder_of(ana), Standing(mandate=str(mandate.pk)), at=AT)
    with pytest.raises(Conflict):
        give(holder_of(ana), ana, ivan)


@pytest.mark.parametrize(("kind", "of"), [(KIND.PARENT, Party.Kind.NATURAL), (KIND.REPRESENTATIVE, Party.Kind.LEGAL)])
def test_what_the_law_gives_is_entered_by_an_office_that_has_seen_the_proof(kind, of):
    principal, holder = party("Principal", of), party("Holder")
    for by in (holder_of(holder), officer(CELJE, "city-administrator"), officer(KOPER, "counter-officer")):
        with pytest.raises(Forbidden):
            give(by, principal, holder, kind, proof="register")
    clerk = officer(CELJE, "counter-officer")
    with pytest.raises(Invalid):
        give(clerk, principal, holder, kind)
    assert not Mandate.objects.exists()
    mandate = give(clerk, principal, holder, kind, proof="birth register 12/2020")
    acting = standing_as(holder_of(holder), Standing(mandate=str(mandate.pk)), at=AT)
    with pytest.raises(Forbidden):
        withdraw_mandate(CELJE, mandate, by=acting, at=AT)  # a child does not dismiss its parent, by the parent's hand
    third = party("Third")
    onward = give(acting, principal, third)
    with pytest.raises(Forbidden):  # who was only authorised does not pass it on
        give(standing_as(holder_of(third), Standing(mandate=str(onward.pk)), at=AT), principal, party("Fourth"))
    said = AuditRecord.objects.get(action="give-mandate", object_id=str(onward.pk)).actor
    assert (said["party"], said["on_behalf_of"]) == (str(holder.pk), str(principal.pk))


def test_a_mandate_ends_by_time_and_by_word():
    ana, ivan = party("Ana"), party("Ivan")
    mandate = give(holder_of(ana), ana, ivan, ends_at=AT + timedelta(days=1))
    chosen, ivans = Standing(mandate=str(mandate.pk)), holder_of(ivan)
    assert standing_as(ivans, chosen, at=AT + timedelta(hours=23)).on_behalf_of
    with pytest.raises(NoLonger):
        standing_as(ivans, chosen, at=AT + timedelta(days=1))
    with pytest.raises(Forbidden):
        withdraw_mandate(CELJE, mandate, by=holder_of(party("Stranger")), at=AT)
    withdraw_mandate(CELJE, mandate, by=holder_of(ana), at=AT)
    with pytest.raises(NoLonger):
        standing_as(ivans, chosen, at=AT)
    with pytest.raises(Conflict):
        withdraw_mandate(CELJE, mandate, by=holder_of(ana), at=AT)
    assert Mandate.objects.get().withdrawn_by["party"] == str(ana.pk)


def test_mandates_that_make_no_sense_are_refused():
    ana, firm, unit = party("Ana"), party("Firm", Party.Kind.LEGAL), party("Unit", Party.Kind.UNIT)
    clerk = officer(CELJE, "counter-officer")
    for principal, holder, kind in (
        (ana, ana, KIND.AUTHORISED),
        (firm, ana, KIND.PARENT),
        (ana, party("Ivan"), KIND.REPRESENTATIVE),
        (unit, ana, KIND.AUTHORISED),
        (ana, unit, KIND.AUTHORISED),
        (ana, firm, "friend"),
    ):
        with pytest.raises(Invalid):
            give(clerk, principal, holder, kind, proof="seen")
    with pytest.raises(Invalid):
        give(clerk, ana, firm, proof="seen", ends_at=AT)
    assert not Mandate.objects.exists()

"""Units of an office, who works there, and who stands in for whom: permissions follow, and both are named."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from simos.kernel.acting import Actor, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.platform.access.actions import grant_role, withdraw_role
from simos.platform.access.models import Substitution
from simos.platform.access.queries import permissions_of, permitted
from simos.platform.access.standing import NoLonger, Standing, standing_as
from simos.platform.access.units import (
    add_member,
    close_unit,
    members_of,
    name_substitute,
    open_unit,
    remove_member,
    substitutions_of,
    unit_of,
    units_in,
    units_of,
    withdraw_substitute,
)
from simos.platform.audit.models import AuditRecord
from simos.platform.people.models import Account, Party
from simos.testing.acting import SYSTEM, actor_for, make_account, officer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


def account_of(actor: Actor) -> Account:
    return Account.objects.get(pk=UUID(actor.account))


def substitute(absent: Actor, other: Account, *, scope: Scope = CELJE, by: Actor | None = None) -> Substitution:
    named = {"absent": account_of(absent), "substitute": other, "begins_at": AT, "ends_at": AT + WEEK}
    return name_substitute(scope, **named, by=by or absent, at=AT)


def test_a_unit_is_a_party_of_one_office_with_its_people():
    chief = officer(CELJE, "city-administrator")
    transport = open_unit(CELJE, "transport", name="Oddelek za promet", by=chief, at=AT)
    parking = open_unit(CELJE, "parking", name="Parkirna služba", within=transport, by=chief, at=AT)
    ana, ivan = make_account(), make_account()
    add_member(CELJE, transport, ivan, by=chief, at=AT)
    leading = add_member(CELJE, transport, ana, leads=True, by=chief, at=AT)
    assert (transport.party.kind, unit_of(CELJE, "parking")) == (Party.Kind.UNIT, parking)
    assert members_of(transport, at=AT) == [ana, ivan]
    assert units_of(ana.pk, at=AT) == [transport]
    assert units_of(ana.pk, at=AT, scope=KOPER) == units_in(KOPER) == []
    for refused in (
        lambda: open_unit(CELJE, "parking", name="Another", by=chief, at=AT),
        lambda: add_member(CELJE, transport, ana, by=chief, at=AT),
        lambda: close_unit(CELJE, transport, by=chief, at=AT),
    ):
        with pytest.raises(Conflict):
            refused()
    remove_member(CELJE, leading, by=chief, at=AT + WEEK)
    assert members_of(transport, at=AT + WEEK) == [ivan]
    assert members_of(transport, at=AT) == [ana, ivan]  # as it was
    close_unit(CELJE, parking, by=chief, at=AT)
    with pytest.raises(NotFound):
        unit_of(CELJE, "parking")


def test_units_of_another_city_are_out_of_reach():
    chief, other = officer(CELJE, "city-administrator"), officer(KOPER, "city-administrator")
    unit = open_unit(CELJE, "transport", name="Oddelek za promet", by=chief, at=AT)
    with pytest.raises(Forbidden):
        add_member(CELJE, unit, make_account(), by=other, at=AT)
    with pytest.raises(NotFound):
        add_member(KOPER, unit, make_account(), by=other, at=AT)
    with pytest.raises(Invalid):
        open_unit(KOPER, "parking", name="Parkiranje", within=unit, by=other, at=AT)


def test_a_substitute_may_what_the_absent_may_there_only_when_standing_in():
    absent, ivan = officer(CELJE, "counter-officer"), make_account()
    grant_role(KOPER, account_of(absent), role="counter-officer", by=SYSTEM, at=AT)
    named = substitute(absent, ivan)
    myself = actor_for(ivan)
    standing_in = standing_as(myself, Standing(absent=absent.account), at=AT)
    assert standing_in.in_place_of == absent.account
    assert permitted(standing_in, "act-at-counter", CELJE)
    assert not permitted(standing_in, "act-at-counter", KOPER)
    assert not permitted(myself, "act-at-counter", CELJE)
    assert permissions_of(standing_in).keys() == {str(CELJE)}
    assert permissions_of(myself) == {}
    assert substitutions_of(ivan.pk, at=AT) == [named]

    account = account_of(standing_in)
    account.is_active = False
    account.save()
    assert not permitted(standing_in, "act-at-counter", CELJE)


def test_what_a_substitute_loses_with_the_absent_officers_role_and_with_the_term():
    absent, ivan = officer(CELJE, "counter-officer"), make_account()
    named = substitute(absent, ivan)
    standing_in = standing_as(actor_for(ivan), Standing(absent=absent.account), at=AT)
    with clock_set_to(FrozenClock(AT + WEEK)):
        assert not permitted(standing_in, "act-at-counter", CELJE)
    with pytest.raises(NoLonger):
        standing_as(actor_for(ivan), Standing(absent=absent.account), at=AT + WEEK)
    withdraw_role(CELJE, account_of(absent), role="counter-officer", by=SYSTEM, at=AT)
    assert not permitted(standing_in, "act-at-counter", CELJE)
    with pytest.raises(Forbidden):
        withdraw_substitute(CELJE, named, by=actor_for(make_account()), at=AT)
    withdraw_substitute(CELJE, named, by=actor_for(ivan), at=AT)
    assert substitutions_of(ivan.pk, at=AT) == []


def test_both_are_named_in_the_audit():
    absent, ivan = officer(CELJE, "city-administrator"), make_account()
    substitute(absent, ivan)
    standing_in = standing_as(actor_for(ivan), Standing(absent=absent.account), at=AT)
    open_unit(CELJE, "transport", name="Promet", by=standing_in, at=AT)
    said = AuditRecord.objects.get(action="open-unit").actor
    assert (said["account"], said["in_place_of"]) == (str(ivan.pk), absent.account)


def test_nobody_makes_themselves_a_substitute():
    absent, ivan = officer(CELJE, "counter-officer"), make_account()
    with pytest.raises(Forbidden):
        substitute(absent, ivan, by=actor_for(ivan))
    with pytest.raises(Invalid):
        substitute(absent, account_of(absent))
    with pytest.raises(Invalid):
        substitute(absent, ivan, scope=KOPER)
    substitute(absent, ivan)
    standing_in = standing_as(actor_for(ivan), Standing(absent=absent.account), at=AT)
    with pytest.raises(Forbidden):  # nor passes it on in the other's name
        substitute(absent, make_account(), by=standing_in)
    assert Substitution.objects.count() == 1

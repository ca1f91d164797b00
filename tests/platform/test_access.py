"""Nobody may do what was not granted, in just that scope, at that time."""

from datetime import UTC, datetime, timedelta

import pytest

from simos.kernel.acting import FEDERATION, Actor, Assurance, Channel, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.errors import Forbidden, Invalid, NotFound
from simos.platform.access.actions import grant_role, withdraw_role
from simos.platform.access.models import RoleGrant
from simos.platform.access.queries import permissions_of, permitted, require
from simos.platform.audit.models import AuditRecord
from simos.testing.acting import SYSTEM, actor_for, make_account

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE, KOPER, AUMS = Scope.city("celje"), Scope.city("koper"), Scope.partner("aums")


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


@pytest.mark.parametrize("granted", [None, CELJE, KOPER, FEDERATION, AUMS], ids=str)
@pytest.mark.parametrize("asked", [CELJE, KOPER, FEDERATION, AUMS], ids=str)
def test_a_grant_counts_in_its_own_scope_only(granted, asked):
    account = make_account()
    if granted:
        grant_role(granted, account, role="city-administrator", by=SYSTEM, at=AT)
    assert permitted(actor_for(account), "switch-module", asked) is (granted == asked)
    assert not permitted(actor_for(account), "add-city", asked)  # another role's
    assert not permitted(actor_for(make_account()), "switch-module", asked)


def test_what_one_may_is_told_by_scope_as_it_is_permitted():
    account = make_account()
    grant_role(CELJE, account, role="city-administrator", by=SYSTEM, at=AT)
    grant_role(CELJE, account, role="parking-officer", by=SYSTEM, at=AT)
    grant_role(
        KOPER, account, role="parking-officer", by=SYSTEM, at=AT - timedelta(days=2), until=AT - timedelta(days=1)
    )
    RoleGrant.objects.create(account=account, role="of-a-module-gone", scope=str(AUMS), granted_at=AT, granted_by={})
    told = permissions_of(actor_for(account))
    assert told.keys() == {str(CELJE)}
    assert {"switch-module", "edit-facilities"} <= told[str(CELJE)]
    assert all(permitted(actor_for(account), each, CELJE) for each in told[str(CELJE)])
    assert permissions_of(Actor.nobody()) == permissions_of(actor_for(make_account())) == {}


def test_nobody_is_not_permitted_and_the_platform_is():
    assert not permitted(Actor.nobody(), "switch-module", CELJE)
    assert permitted(SYSTEM, "switch-module", CELJE)


def test_assurance_is_no_permission():
    actor = Actor(account=str(make_account().pk), channel=Channel.WEB, assurance=Assurance.HIGH)
    with pytest.raises(Forbidden, match="switch-module"):
        require(actor, "switch-module", CELJE)


@pytest.mark.parametrize("actor", [SYSTEM, Actor.nobody()])
def test_an_undeclared_permission_or_role_is_a_fault_of_the_program(actor):
    with pytest.raises(LookupError, match="fly"):
        permitted(actor, "fly", CELJE)
    with pytest.raises(LookupError, match="pilot"):
        grant_role(CELJE, make_account(), role="pilot", by=SYSTEM, at=AT)


def test_a_grant_ends_by_the_clock():
    account = make_account()
    grant_role(CELJE, account, role="city-administrator", by=SYSTEM, at=AT, until=AT + timedelta(days=1))
    last = AT + timedelta(days=1)
    for at, expected in ((AT - timedelta(seconds=1), False), (last - timedelta(seconds=1), True), (last, False)):
        with clock_set_to(FrozenClock(at)):
            assert permitted(actor_for(account), "switch-module", CELJE) is expected
    with pytest.raises(Invalid):
        grant_role(CELJE, account, role="city-administrator", by=SYSTEM, at=AT, until=AT)


def test_a_closed_account_may_nothing():
    account = make_account()
    grant_role(CELJE, account, role="city-administrator", by=SYSTEM, at=AT)
    account.is_active = False
    account.save()
    assert not permitted(actor_for(account), "switch-module", CELJE)


def test_a_superuser_has_no_role_in_a_city():
    assert not permitted(actor_for(make_account(is_superuser=True)), "switch-module", CELJE)


def test_a_withdrawn_role_is_gone_but_remembered():
    account = make_account()
    for _ in range(2):
        grant_role(CELJE, account, role="city-administrator", by=SYSTEM, at=AT - timedelta(days=1))
    assert withdraw_role(CELJE, account, role="city-administrator", by=SYSTEM, at=AT) == 2
    assert not permitted(actor_for(account), "switch-module", CELJE)
    assert RoleGrant.objects.filter(withdrawn_at=AT).count() == 2
    with pytest.raises(NotFound):
        withdraw_role(CELJE, account, role="city-administrator", by=SYSTEM, at=AT)
    assert list(AuditRecord.objects.values_list("action", flat=True)) == ["grant-role"] * 2 + ["withdraw-role"]


def test_only_who_may_grants_and_withdraws_and_only_there():
    chief, other = make_account(), make_account()
    grant_role(CELJE, chief, role="city-administrator", by=SYSTEM, at=AT)
    before = AuditRecord.objects.count()
    for scope in (KOPER, FEDERATION):
        with pytest.raises(Forbidden):
            grant_role(scope, other, role="city-administrator", by=actor_for(chief), at=AT)
        with pytest.raises(Forbidden):
            withdraw_role(scope, chief, role="city-administrator", by=actor_for(chief), at=AT)
    assert RoleGrant.objects.count() == 1
    assert AuditRecord.objects.count() == before
    assert grant_role(CELJE, other, role="city-administrator", by=actor_for(chief), at=AT)

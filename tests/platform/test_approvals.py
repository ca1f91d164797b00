"""Four eyes: another person approves, in time, what then is carried out once and just so; all of it is audited."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import Actor, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.platform.access.actions import grant_role
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.audit.transactions import OutsideTransaction
from simos.platform.people.models import Party
from simos.platform.procedure.approvals import (
    approvals_to_decide,
    approve,
    ask_approval,
    may_decide,
    refuse,
    use_approval,
    withdraw,
)
from simos.platform.procedure.models import Approval
from simos.testing.acting import SYSTEM, actor_for, make_account, officer

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
CONTENT = {"amount": 12_000_00, "to": "SI56"}
database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


def ask(by: Actor, *, obj=("invoice", "7"), content=CONTENT, at=AT, **more) -> Approval:
    with transaction.atomic():
        return ask_approval(
            CELJE,
            "pay-invoice",
            obj=obj,
            content=content,
            permission="restart-work",
            by=by,
            at=at,
            expires_at=at + timedelta(days=3),
            **more,
        )


def use(approval: Approval, by: Actor, *, scope=CELJE, act="pay-invoice", content=CONTENT, at=AT) -> Approval:
    with transaction.atomic():
        return use_approval(scope, approval.pk, act, content=content, by=by, at=at)


@pytest.fixture
def two(db):
    return officer(CELJE, "city-administrator"), officer(CELJE, "city-administrator")


def party(name: str = "Ana") -> Party:
    return Party.objects.create(kind=Party.Kind.NATURAL, name=name)


def with_party(held: Party | None) -> Actor:
    account = make_account(party=held)
    grant_role(CELJE, account, role="city-administrator", by=SYSTEM, at=AT)
    return actor_for(account)


def test_what_one_asks_another_approves_and_it_is_done_once(two):
    asker, other = two
    asked = ask(asker)
    assert list(approvals_to_decide(CELJE, at=AT)) == [asked]
    assert not approvals_to_decide(KOPER, at=AT).exists()
    approve(CELJE, asked.pk, by=other, at=AT)
    use(asked, asker)
    with pytest.raises(Conflict, match="used"):
        use(asked, asker)
    kept = Approval.objects.get()
    assert (kept.state, kept.asker, Actor.from_dict(kept.decided_by)) == ("used", asker, other)
    said = AuditRecord.objects.filter(object_id=str(asked.pk)).order_by("seq").values_list("action", "actor__account")
    assert list(said) == [
        ("ask-pay-invoice", asker.account),
        ("approve-pay-invoice", other.account),
        ("use-approval-of-pay-invoice", asker.account),
    ]
    assert verify() == []


def test_nobody_decides_on_what_they_asked_for(two):
    asked = ask(two[0])
    for decide in (lambda: approve(CELJE, asked.pk, by=two[0], at=AT), lambda: use(asked, two[0])):
        with pytest.raises((Forbidden, Conflict)):
            decide()
    with pytest.raises(Forbidden, match="somebody else"):
        approve(CELJE, asked.pk, by=two[0].for_("client"), at=AT)
    assert Approval.objects.get().state == "asked"


@database
def test_one_person_with_two_accounts_is_one_person():
    ana = party()
    asked = ask(with_party(ana))
    with pytest.raises(Forbidden, match="somebody else"):
        approve(CELJE, asked.pk, by=with_party(ana), at=AT)
    approve(CELJE, asked.pk, by=with_party(party("Bor")), at=AT)


@database
def test_neither_side_acts_for_the_other_nor_both_for_a_third():
    ana, bor, firm = party(), party("Bor"), str(party("Firm").pk)
    asker, decider = with_party(ana), with_party(bor)
    for number, (one, other) in enumerate(
        (
            (asker.for_(firm), decider.for_(firm)),
            (asker, decider.for_(str(ana.pk))),
            (asker.for_(str(bor.pk)), decider),
        )
    ):
        asked = ask(one, obj=("invoice", str(number)))
        with pytest.raises(Forbidden, match="somebody else"):
            approve(CELJE, asked.pk, by=other, at=AT)


def test_without_the_permission_there_nobody_decides(two):
    asked = ask(two[0])
    elsewhere = officer(KOPER, "city-administrator")
    for by in (elsewhere, officer(CELJE), Actor.nobody()):
        with pytest.raises(Forbidden):
            approve(CELJE, asked.pk, by=by, at=AT)
    with pytest.raises(NotFound):
        approve(KOPER, asked.pk, by=elsewhere, at=AT)
    with pytest.raises(NotFound):
        approve(CELJE, uuid4(), by=two[1], at=AT)


def test_a_program_may_ask_but_not_decide(two):
    asked = ask(SYSTEM)
    with pytest.raises(Forbidden, match="a person"):
        approve(CELJE, asked.pk, by=Actor.system("other"), at=AT)
    approve(CELJE, asked.pk, by=two[0], at=AT)


def test_too_late_is_too_late(two):
    asked = ask(two[0])
    end = AT + timedelta(days=3)
    with pytest.raises(Conflict, match="expired"):
        approve(CELJE, asked.pk, by=two[1], at=end)
    approve(CELJE, asked.pk, by=two[1], at=end - timedelta(seconds=1))
    with pytest.raises(Conflict, match="expired"):
        use(asked, two[0], at=end)
    assert ask(two[0], at=end).pk != asked.pk


def test_another_content_or_act_than_was_approved_is_not_carried_out(two):
    asked = ask(two[0])
    with pytest.raises(Conflict, match="asked"):
        use(asked, two[0])
    approve(CELJE, asked.pk, by=two[1], at=AT)
    for wrong in ({"content": CONTENT | {"amount": 1}}, {"act": "void-invoice"}):
        with pytest.raises(Conflict, match="something else"):
            use(asked, two[0], **wrong)
    use(asked, two[0], content=dict(reversed(CONTENT.items())))


def test_a_refusal_says_why_and_is_final(two):
    asked = ask(two[0])
    with pytest.raises(Invalid):
        refuse(CELJE, asked.pk, reason=" ", by=two[1], at=AT)
    refuse(CELJE, asked.pk, reason="too much", by=two[1], at=AT)
    assert Approval.objects.get().reason == "too much"
    with pytest.raises(Conflict, match="refused"):
        approve(CELJE, asked.pk, by=two[1], at=AT)
    ask(two[0])


def test_who_asked_may_withdraw_it_and_nobody_else(two):
    asked = ask(two[0])
    with pytest.raises(Forbidden):
        withdraw(CELJE, asked.pk, by=two[1], at=AT)
    approve(CELJE, asked.pk, by=two[1], at=AT)
    withdraw(CELJE, asked.pk, by=two[0], at=AT)
    with pytest.raises(Conflict, match="withdrawn"):
        use(asked, two[0])


def test_the_same_is_open_once_and_a_refused_second_leaves_no_trace(two):
    ask(two[0])
    with transaction.atomic(), suppress(Conflict):
        said = {"content": {}, "permission": "restart-work", "expires_at": AT + timedelta(days=1)}
        ask_approval(CELJE, "pay-invoice", obj=("invoice", "7"), by=two[1], at=AT, **said)
    assert Approval.objects.count() == AuditRecord.objects.filter(action="ask-pay-invoice").count() == 1


@database
def test_what_cannot_be_asked_for_is_refused():
    with pytest.raises(OutsideTransaction):
        ask_approval(CELJE, "x", obj=("a", "b"), content={}, permission="restart-work", by=SYSTEM, at=AT, expires_at=AT)
    for wrong, refusal in (({"permission": "lost-permission"}, LookupError), ({"expires_at": AT}, Invalid)):
        said = {"permission": "restart-work", "expires_at": AT + timedelta(days=1)} | wrong
        with pytest.raises(refusal), transaction.atomic():
            ask_approval(CELJE, "x", obj=("a", "b"), content={}, by=SYSTEM, at=AT, **said)


identities = st.frozensets(st.sampled_from(("", "a", "b", "c", "d")))


@given(identities, identities)
def test_two_sides_may_decide_just_when_they_share_nobody(asker, decider):
    shared = {each for each in asker if each in decider and each != ""}
    assert may_decide(asker, decider) == may_decide(decider, asker) == (not shared)

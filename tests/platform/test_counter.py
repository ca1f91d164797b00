"""An officer acts for a person without account; the person's later account shows it, after proof of identity."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from simos.kernel.acting import FEDERATION, Actor, Assurance, Channel, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.errors import Conflict, Forbidden, Invalid
from simos.platform.access.claims import confirm_identity, known_by_e_identity
from simos.platform.access.counter import begin_at_counter, enter_at_counter, find_at_counter
from simos.platform.access.mandates import give_mandate, mandates_held
from simos.platform.access.models import Mandate
from simos.platform.access.standing import AT_COUNTER_FOR, NoLonger, Standing, standing_as
from simos.platform.audit.models import AuditRecord
from simos.platform.people.identifiers import add_identifier, party_known_by
from simos.platform.people.models import Account, Party
from simos.platform.people.queries import same_person
from simos.platform.people.rules import TAX_NUMBER
from simos.testing.acting import SYSTEM, actor_for, make_account, officer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
BORN = date(1950, 4, 2)
NUMBER = {TAX_NUMBER: "50223054"}


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


@pytest.fixture
def clerk() -> Actor:
    return officer(CELJE, "counter-officer")


def entered(clerk: Actor, name: str = "Marija Župan", **more) -> Party:
    said = {"purpose": "resident's permit", "proof": "identity card 1", "born_on": BORN} | more
    return enter_at_counter(CELJE, name=name, by=clerk, at=AT, **said)


def test_who_acted_for_whom_and_by_which_channel_is_in_the_audit(clerk):
    marija = entered(clerk)
    acting = begin_at_counter(CELJE, marija, purpose="resident's permit", by=clerk, at=AT)
    assert (acting.channel, acting.principal, acting.account) == (Channel.COUNTER, str(marija.pk), clerk.account)
    record = AuditRecord.objects.get(action="begin-at-counter")
    assert record.purpose == "resident's permit"
    assert record.actor == {
        "account": clerk.account,
        "on_behalf_of": str(marija.pk),
        "channel": "counter",
        "assurance": "account",
    }


def test_only_who_may_serves_at_the_counter_and_only_there(clerk):
    marija = entered(clerk)
    for by in (officer(KOPER, "counter-officer"), actor_for(make_account()), Actor.nobody()):
        with pytest.raises(Forbidden):
            begin_at_counter(CELJE, marija, purpose="permit", by=by, at=AT)
        with pytest.raises(Forbidden):
            entered(by)
        with pytest.raises(Forbidden):
            find_at_counter(CELJE, purpose="permit", name="Marija Župan", born_on=BORN, by=by, at=AT)
    assert Party.objects.count() == 1


def test_people_are_found_whole_or_not_at_all_and_the_purpose_is_kept(clerk):
    marija = entered(clerk, numbers=NUMBER)

    def find(**by):
        return find_at_counter(CELJE, purpose="permit", **by, by=clerk, at=AT)

    assert find(name="marija  zupan", born_on=BORN) == [marija]
    assert find(number=(TAX_NUMBER, "SI50223054")) == [marija]
    assert find(name="Marija", born_on=BORN) == find(name="Marija Župan", born_on=date(1950, 4, 3)) == []
    with pytest.raises(Invalid):
        find(name="Marija Župan")
    with pytest.raises(Invalid):
        find_at_counter(CELJE, purpose=" ", number=(TAX_NUMBER, "50223054"), by=clerk, at=AT)
    assert AuditRecord.objects.filter(action="find-at-counter", purpose="permit").count() == 4
    with pytest.raises(Conflict):
        entered(clerk, "Somebody Else", numbers=NUMBER)
    for missing in ({"proof": ""}, {"purpose": ""}, {"name": " "}, {"kind": Party.Kind.UNIT}):
        with pytest.raises(Invalid):
            entered(clerk, **({"name": "Ivan"} | missing))
    assert Party.objects.count() == 1


def test_a_choice_made_at_the_counter_is_soon_over_and_ends_with_the_role(clerk):
    chosen = Standing(party=str(entered(clerk).pk), scope=str(CELJE), purpose="permit", since=AT.isoformat())
    assert standing_as(clerk, chosen, at=AT + AT_COUNTER_FOR).channel is Channel.COUNTER
    with pytest.raises(NoLonger):
        standing_as(clerk, chosen, at=AT + AT_COUNTER_FOR + timedelta(seconds=1))
    with pytest.raises(NoLonger):
        standing_as(actor_for(make_account()), chosen, at=AT)
    with pytest.raises(NoLonger):  # a choice that has no time
        standing_as(clerk, Standing(party=chosen.party, scope=str(CELJE)), at=AT)


def account_with(name: str) -> Account:
    return make_account(party=Party.objects.create(kind=Party.Kind.NATURAL, name=name))


def test_an_officer_who_has_seen_a_document_gives_the_account_what_was_done(clerk):
    marija, account = entered(clerk, numbers=NUMBER), account_with("Marija")
    before = account.party
    ivan = Party.objects.create(kind=Party.Kind.NATURAL, name="Ivan")
    give_mandate(CELJE, principal=ivan, holder=before, kind="authorised", begins_at=AT, proof="seen", by=SYSTEM, at=AT)
    confirm_identity(CELJE, account, marija, proof="passport", by=clerk, at=AT)
    account.refresh_from_db()
    assert account.party == marija
    assert same_person(marija.pk) == {marija.pk, before.pk}
    assert [each.principal for each in mandates_held(marija.pk, at=AT)] == [ivan]
    record = AuditRecord.objects.get(action="take-over-party")
    assert (record.scope, record.object_id, record.actor["account"]) == (str(CELJE), str(marija.pk), clerk.account)
    assert "passport" in record.data


def test_nobody_takes_over_who_has_an_account_nor_by_their_own_word(clerk):
    marija, hers, another = entered(clerk), account_with("Marija"), account_with("Impostor")
    with pytest.raises(Invalid):
        confirm_identity(CELJE, hers, marija, proof=" ", by=clerk, at=AT)
    with pytest.raises(Forbidden):
        confirm_identity(CELJE, Account.objects.get(pk=UUID(clerk.account)), marija, proof="mine", by=clerk, at=AT)
    with pytest.raises(Forbidden):
        confirm_identity(CELJE, hers, marija, proof="passport", by=officer(KOPER, "counter-officer"), at=AT)
    confirm_identity(CELJE, hers, marija, proof="passport", by=clerk, at=AT)
    with pytest.raises(Conflict):
        confirm_identity(CELJE, another, marija, proof="passport", by=clerk, at=AT)
    firm = entered(clerk, "Firma d.o.o.", kind=Party.Kind.LEGAL, born_on=None)
    with pytest.raises(Invalid):
        confirm_identity(CELJE, another, firm, proof="register", by=clerk, at=AT)
    another.refresh_from_db()
    assert another.party.name == "Impostor"


@pytest.mark.parametrize("level", [Assurance.SUBSTANTIAL, Assurance.HIGH])
def test_an_e_identity_with_the_same_number_takes_over(clerk, level):
    marija, account = entered(clerk, numbers=NUMBER), account_with("Marija")
    told = known_by_e_identity(account, NUMBER, provider="si-pass", assurance=level, by=actor_for(account), at=AT)
    account.refresh_from_db()
    assert told == account.party == marija
    again = known_by_e_identity(account, NUMBER, provider="si-pass", assurance=level, by=actor_for(account), at=AT)
    assert again == marija
    assert AuditRecord.objects.filter(action="take-over-party").count() == 1


def test_a_number_told_at_a_low_level_proves_nothing(clerk):
    marija, account = entered(clerk, numbers=NUMBER), account_with("Somebody")
    low = {"provider": "mail-id", "assurance": Assurance.LOW, "by": actor_for(account), "at": AT}
    assert known_by_e_identity(account, NUMBER, **low) == account.party != marija
    new = make_account()
    party = known_by_e_identity(new, {TAX_NUMBER: "15012557"}, **low)
    assert new.party == party
    assert party_known_by(TAX_NUMBER, "15012557") is None


def test_two_who_had_a_mandate_between_them_may_turn_out_to_be_one(clerk):
    marija, account = entered(clerk), account_with("Marija")
    give_mandate(
        CELJE, principal=marija, holder=account.party, kind="authorised", begins_at=AT, proof="x", by=SYSTEM, at=AT
    )
    add_identifier(FEDERATION, account.party, scheme=TAX_NUMBER, value="50223054", proof="x", by=SYSTEM, at=AT)
    confirm_identity(CELJE, account, marija, proof="passport", by=clerk, at=AT)
    assert Mandate.objects.count() == 1
    assert mandates_held(marija.pk, at=AT) == []
    assert party_known_by(TAX_NUMBER, "50223054") == marija

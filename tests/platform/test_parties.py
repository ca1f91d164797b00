"""Parties, their numbers and pseudonyms: found by whom they may be, readable by no one who has the table alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION
from simos.kernel.errors import Conflict, Invalid, NotFound
from simos.platform.audit.models import AuditRecord
from simos.platform.people.identifiers import add_identifier, party_known_by, reveal
from simos.platform.people.models import Identifier, Party
from simos.platform.people.queries import party_of, pseudonym_of, same_person
from simos.platform.people.rules import TAX_NUMBER
from simos.platform.people.sealing import named_for, whose_name
from simos.testing.acting import SYSTEM

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def person(name: str = "Ana Novak", **fields) -> Party:
    return Party.objects.create(kind=Party.Kind.NATURAL, name=name, **fields)


def known(party: Party, value: str = "50223054") -> Identifier:
    return add_identifier(FEDERATION, party, scheme=TAX_NUMBER, value=value, proof="seen", by=SYSTEM, at=AT)


def test_a_number_finds_its_party_however_it_is_written_and_is_not_in_the_table():
    ana = person()
    known(ana)
    assert party_known_by(TAX_NUMBER, "SI 5022 3054") == ana
    assert party_known_by(TAX_NUMBER, "15012557") is None
    row = Identifier.objects.values_list("digest", "sealed", "scheme").get()
    assert not any("50223054" in value for value in row)
    assert not any("50223054" in record.data for record in AuditRecord.objects.all())


def test_a_number_is_one_persons_and_given_once():
    ana, other = person(), person("Ivan Kos")
    assert known(ana) == known(ana, "SI50223054")
    with pytest.raises(Conflict):
        known(other)
    with pytest.raises(Invalid):
        known(other, "50223055")
    assert Identifier.objects.count() == AuditRecord.objects.count() == 1


def test_who_reads_a_number_says_why_and_is_written_down():
    identifier = known(person())
    with pytest.raises(Invalid):
        reveal(identifier, purpose=" ", scope=FEDERATION, by=SYSTEM, at=AT)
    assert reveal(identifier, purpose="an invoice", scope=FEDERATION, by=SYSTEM, at=AT) == "50223054"
    assert AuditRecord.objects.filter(action="read-identifier", purpose="an invoice").count() == 1


def test_all_ids_of_a_person_are_told_from_any_of_them():
    root = person()
    merged, another = person(merged_into=root), person(merged_into=root)
    stranger = person("Ivan Kos")
    for each in (root, merged, another):
        assert same_person(each.pk) == {root.pk, merged.pk, another.pk}
        assert party_of(each.pk) == root
    assert same_person(stranger.pk) == {stranger.pk}
    assert same_person("") == frozenset()
    with pytest.raises(NotFound):
        party_of("not-an-id")


def test_modules_know_a_person_by_names_that_mean_nothing_to_each_other():
    ana, ivan = person(), person("Ivan Kos")
    parking = pseudonym_of(ana.pk, "mobility/parking")
    assert pseudonym_of(str(ana.pk), "mobility/parking") == parking
    assert len({parking, pseudonym_of(ana.pk, "card/wallet"), pseudonym_of(ivan.pk, "mobility/parking")}) == 3
    assert str(ana.pk).replace("-", "") not in parking
    assert pseudonym_of(person(merged_into=ana).pk, "mobility/parking") == parking


@given(account=st.uuids(), audience=st.text(max_size=20), other=st.text(max_size=20))
def test_a_name_for_an_application_is_told_from_by_this_platform_only(account, audience, other):
    name = named_for(account, audience)
    assert whose_name(name, audience) == account
    assert (whose_name(name, other) == account) == (other == audience)
    assert (named_for(account, other) == name) == (other == audience)
    assert whose_name(name[:-1], audience) is None
    assert account.hex not in name

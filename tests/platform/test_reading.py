"""Reads of personal data: never without a purpose, written down where nobody can change it, told to the person."""

from datetime import UTC, datetime

import pytest

from simos.kernel.acting import FEDERATION, Actor, Assurance, Channel, Scope
from simos.kernel.errors import Forbidden
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.people.models import Party
from simos.platform.privacy.reading import as_read, note_read, reads_of
from simos.testing.acting import in_city, officer

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE = Scope.city("celje")

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Party:
    return Party.objects.create(kind=Party.Kind.NATURAL, name="Ana Novak")


def note(person, by, **said):
    said = {"purpose": "odločanje o dovolilnici", "module": "mobility/parking", "what": "permits", "at": AT} | said
    note_read(person, by=by, **said)


def test_a_read_is_told_to_the_person_by_office_and_role_but_not_by_name(person):
    unit = Party.objects.create(kind=Party.Kind.UNIT, name="Oddelek za promet")
    reader = officer(CELJE, "parking-officer")
    by = Actor(account=reader.account, office=str(unit.pk), channel=Channel.WEB, assurance=Assurance.ACCOUNT)
    with in_city("celje", by):
        note(person, by, matter="DOV-2026-7")
    (row,) = reads_of(person.pk)
    told = as_read(row)
    assert (told.at, told.scope, told.office, told.roles) == (AT, CELJE, "Oddelek za promet", ("parking-officer",))
    assert (told.purpose, told.what, told.matter) == ("odločanje o dovolilnici", "permits", "DOV-2026-7")
    assert told.channel is Channel.WEB
    assert reader.account not in repr(told)
    assert verify() == []


@pytest.mark.parametrize("purpose", ["", "  ", "x" * 501])
def test_there_is_no_read_without_a_purpose(person, purpose):
    with pytest.raises(ValueError, match="purpose"):
        note(person, officer(CELJE), purpose=purpose, scope=CELJE)
    assert not AuditRecord.objects.filter(object_id=str(person.pk)).exists()


def test_nobody_reads_unknown(person):
    with pytest.raises(Forbidden):
        note(person, Actor.nobody(), scope=CELJE)


def test_ones_own_look_is_not_written_down_but_that_of_an_officer_at_their_own_data_is(person):
    own = Actor(account="1" * 32, party=str(person.pk), channel=Channel.WEB)
    note(person, own, scope=FEDERATION)
    assert not reads_of(person.pk).exists()
    reader = officer(CELJE)
    by = Actor(account=reader.account, party=str(person.pk), office="7", channel=Channel.WEB)
    note(person, by, scope=CELJE)
    assert reads_of(person.pk).count() == 1


def test_who_reads_for_another_by_mandate_is_told_of(person):
    parent = officer(CELJE)
    note(person, parent.for_(str(person.pk), channel=Channel.WEB), scope=FEDERATION)
    assert as_read(reads_of(person.pk).get()).on_behalf

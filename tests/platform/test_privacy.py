"""A person's data: seen whole, given as a copy, erased with nothing left that is not declared, ended by time."""

import io
import json
import smtplib
import zipfile
from datetime import timedelta
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Token
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import transaction
from django.test import override_settings

from simos.kernel.acting import FEDERATION, Actor, Assurance, Channel, Scope
from simos.kernel.clock import FrozenClock, clock_set_to, now
from simos.kernel.errors import Conflict, Forbidden, NotFound
from simos.kernel.module import ConsentRequest, Module, PersonalData
from simos.kernel.registry import Installed, RegistryError, registry_of
from simos.kernel.text import Text
from simos.platform.access.actions import grant_role
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.events.models import EventRecord
from simos.platform.files import disk
from simos.platform.files.kinds import TXT
from simos.platform.files.models import StoredFile
from simos.platform.files.queries import files_of, owner_of
from simos.platform.files.receiving import receive
from simos.platform.files.values import Purpose
from simos.platform.jobs.models import Work
from simos.platform.messages import actions as messages
from simos.platform.messages.models import Message
from simos.platform.people.models import Account, Party
from simos.platform.privacy import consents, jobs, own
from simos.platform.privacy.actions import ask_erasure, ask_export, erasure_of, exports_of
from simos.platform.privacy.consents import Declared, consent_of, consents_of, give, withdraw
from simos.platform.privacy.exporting import KEPT_FOR
from simos.platform.privacy.models import Consent, DataExport, Erasure
from simos.platform.privacy.parts import parts, parts_in
from simos.platform.privacy.queries import held_of, sections_of
from simos.platform.privacy.reading import note_read, reads_of
from simos.platform.tokens.models import ApiToken
from simos.testing.acting import SYSTEM, actor_for, make_account, officer
from simos.testing.leftovers import leftovers
from simos.testing.work import run_all

NAME, EMAIL = "Brunhilda Žitnik Preizkus", "Brunhilda.Zitnik@example.si"
CELJE = Scope.city("celje")
LETTER = Purpose(name="letter", kinds=(TXT,), most_bytes=1000)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    with override_settings(FILES_ROOT=tmp_path / "files"):
        yield


@pytest.fixture(autouse=True)
def asked_for(monkeypatch):
    text = Text(sl="Opomnimo vas.", en="We remind you.")
    request = ConsentRequest(name="reminders", title=text, text=text)
    monkeypatch.setattr(
        consents, "declared_consents", lambda: {"test:reminders": Declared("test:reminders", request, text)}
    )
    return monkeypatch


@pytest.fixture
def person() -> Party:
    """One of whom every part of the platform holds something."""
    party = Party.objects.create(kind=Party.Kind.NATURAL, name=NAME, language="en")
    account = make_account(EMAIL, party=party)
    EmailAddress.objects.create(user=account, email=EMAIL, verified=True, primary=True)
    AccessAttempt.objects.create(
        username=EMAIL.lower(), ip_address="192.0.2.7", user_agent=f"Browser of {NAME}", failures_since_start=1
    )
    ApiToken.objects.create(
        account=account, scope=str(CELJE), name=f"Program of {NAME}", digest="0" * 64, issued_at=now(), issued_by={}
    )
    letter = receive([f"Dear {NAME}".encode()], name="letter.txt", purpose=LETTER, at=now())
    with transaction.atomic():
        context = {"until": f"for {NAME}"}
        messages.send(
            CELJE, to=party, template="platform:data-ready", context=context, by=SYSTEM, at=now(), attachments=[letter]
        )
    give(CELJE, party=party, consent="test:reminders", language="sl", by=themselves(party), at=now())
    note_read(party, module="platform", what="account", purpose="okence", by=officer(CELJE), at=now(), scope=CELJE)
    return party


def themselves(party: Party) -> Actor:
    account = party.accounts.get()
    return Actor(account=str(account.pk), party=str(party.pk), channel=Channel.WEB, assurance=Assurance.ACCOUNT)


def work() -> int:
    return run_all({jobs.KIND: jobs.runner})


def test_a_person_sees_what_every_part_holds(person):
    found = {each.data.name: each.count for each in sections_of(person, by=themselves(person), at=now())}
    assert found["account"] == 3
    assert found["messages"] == 4
    assert found["consents"] == 1
    assert found["sign-ins"] == 1
    assert not reads_of(person.pk).filter(purpose="mine").exists()


def test_somebody_else_sees_it_for_a_purpose_that_the_person_reads(person):
    with pytest.raises(ValueError, match="purpose"):
        held_of(person, by=officer(CELJE), at=now(), purpose="")
    held_of(person, by=officer(CELJE), at=now(), purpose="zahteva za seznanitev")
    assert reads_of(person.pk).first().purpose == "zahteva za seznanitev"
    assert verify() == []


def test_a_copy_is_made_told_of_and_kept_for_a_week(person):
    by = themselves(person)
    asked = ask_export(person, language="en", by=by, at=now())
    assert ask_export(person, language="en", by=by, at=now()) == asked
    assert work() == 1
    (made,) = exports_of(person)
    assert made.percent == 100
    (file,) = files_of(FEDERATION, owner_of(made))
    packed = zipfile.ZipFile(io.BytesIO(disk.path_of(file.content_id).read_bytes()))
    said = json.loads(packed.read("data.json"))
    held = {each["data"]: each for each in said["held"]}
    rows = {table["table"]: table["rows"] for table in held["account"]["tables"]}
    assert rows["platform_people_party"][0]["name"] == NAME
    assert said["reads"][0]["purpose"] == "okence"
    assert NAME in packed.read("index.html").decode()
    assert [packed.read(name).decode() for name in packed.namelist() if name.startswith("files/")] == [f"Dear {NAME}"]
    assert Message.objects.filter(to=person, key=f"export {asked.pk}").count() == 1

    with clock_set_to(FrozenClock(now() + KEPT_FOR + timedelta(minutes=1))):
        jobs.end_what_is_past(FEDERATION, by=SYSTEM, at=now())
    assert not DataExport.objects.exists()
    assert not StoredFile.objects.filter(pk=file.pk).exists()


def test_a_copy_is_for_the_person_alone(person):
    stranger = actor_for(make_account(party=Party.objects.create(kind="natural", name="Bor")))
    for by in (stranger, officer(CELJE), Actor.nobody()):
        with pytest.raises(Forbidden):
            ask_export(person, language="sl", by=by, at=now())
        with pytest.raises(Forbidden):
            ask_erasure(person, by=by, at=now())


def test_nothing_is_left_of_an_erased_person_but_what_is_declared_as_kept(person):
    account = person.accounts.get()
    identifiers = (NAME, EMAIL, str(account.pk), str(person.pk))
    assert {each.table for each in leftovers(NAME)} >= {"platform_people_party", "platform_messages_message"}
    ask_export(person, language="sl", by=themselves(person), at=now())
    work()
    asked = ask_erasure(person, by=themselves(person), at=now())
    assert not Account.objects.get(pk=account.pk).is_active
    assert work() == 2  # the erasing, and the letter that tells of it

    left = leftovers(*identifiers)
    assert [each for each in left if each.identifier in (NAME, EMAIL)] == []
    assert [each for each in left if not each.kept] == []
    assert not list(disk._root().glob("??/??/*")) or not StoredFile.objects.exists()
    done = erasure_of(asked.pk)
    assert done.percent == 100
    assert done.counts["platform_messages_message"] == 3
    assert done.tell == []
    said = AuditRecord.objects.get(action="erase-person")
    assert NAME not in said.data
    assert EventRecord.objects.filter(key__endswith="PersonErased").count() == 1
    assert verify() == []
    assert Consent.objects.filter(party=person).exists()


def test_erasure_that_is_done_again_changes_nothing(person):
    asked = ask_erasure(person, by=themselves(person), at=now())
    work()
    before = Erasure.objects.get().counts
    Erasure.objects.update(ended_at=None, done=[], counts={})
    jobs._DOES["erase"](str(asked.pk))
    assert before
    left_by_the_first = {"platform_jobs_work"}  # the work that did it, which names the person until it is done
    assert set(Erasure.objects.get().counts) <= left_by_the_first


def test_an_officer_is_not_erased_while_in_office(person):
    grant_role(CELJE, person.accounts.get(), role="city-administrator", by=SYSTEM, at=now())
    with pytest.raises(Conflict, match="role"):
        ask_erasure(person, by=themselves(person), at=now())
    assert person.accounts.get().is_active


def test_who_acts_by_a_mandate_may_have_a_copy_but_not_erase(person):
    parent = actor_for(make_account(party=Party.objects.create(kind="natural", name="Bor")))
    by = parent.for_(str(person.pk), channel=Channel.WEB)
    assert ask_export(person, language="sl", by=by, at=now())
    with pytest.raises(Forbidden):
        ask_erasure(person, by=by, at=now())


def test_an_erasure_that_nobodyasked_for_is_not_found():
    with pytest.raises(NotFound):
        erasure_of(Party().pk)


def test_consent_is_for_one_text_and_ends_when_it_is_withdrawn(person):
    by = themselves(person)
    agreed = consent_of(person, "test:reminders")
    assert (agreed.text, agreed.version, agreed.given_by["channel"]) == ("Opomnimo vas.", 1, "web")
    assert give(CELJE, party=person, consent="test:reminders", language="en", by=by, at=now()) == agreed
    assert withdraw(CELJE, party=person, consent="test:reminders", by=by, at=now())
    assert not withdraw(CELJE, party=person, consent="test:reminders", by=by, at=now())
    assert consent_of(person, "test:reminders") is None
    assert consents_of(person).get().withdrawn_at
    assert EventRecord.objects.filter(key__endswith="ConsentWithdrawn").count() == 1
    with pytest.raises(LookupError):
        consent_of(person, "test:nothing")


def test_a_new_text_isasked_for_anew(person, asked_for):
    text = Text(sl="Opomnimo vas dvakrat.", en="We remind you twice.")
    request = ConsentRequest(name="reminders", title=text, text=text, version=2)
    asked_for.setattr(
        consents, "declared_consents", lambda: {"test:reminders": Declared("test:reminders", request, text)}
    )
    assert consent_of(person, "test:reminders") is None
    give(CELJE, party=person, consent="test:reminders", language="en", by=themselves(person), at=now())
    assert consent_of(person, "test:reminders").version == 2
    assert consents_of(person).filter(withdrawn_at=None).count() == 1


def test_what_is_past_its_time_ends_by_itself(person):
    with clock_set_to(FrozenClock(now() + timedelta(days=3 * 365))):
        jobs.end_what_is_past(FEDERATION, by=SYSTEM, at=now())
    assert not Message.objects.exists()
    assert not AccessAttempt.objects.exists()
    assert Consent.objects.count() == 1


def test_sessions_and_tokens_of_applications_end_when_they_have_expired_and_no_sooner(person):
    at = now()
    for name, expires in (("expired", at - timedelta(minutes=1)), ("living", at + timedelta(minutes=1))):
        Session.objects.create(session_key=name, session_data="", expire_date=expires)
        Token.objects.create(type=Token.Type.ACCESS_TOKEN, hash=name, user=person.accounts.get(), expires_at=expires)
    jobs.end_what_is_past(FEDERATION, by=SYSTEM, at=at)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["living"]
    assert list(Token.objects.values_list("hash", flat=True)) == ["living"]


def module_with(**fields) -> Module:
    text = Text(sl="x", en="x")
    return Module(name="test/held", title=text, address=Text(sl="x", en="x"), summary=text, **fields)


def test_a_module_whose_tables_nobody_answers_for_stops_the_program():
    data = PersonalData(
        name="x",
        title=Text(sl="x", en="x"),
        tables=("test_held_row",),
        purpose=Text(sl="x", en="x"),
        legal_basis="x",
        retention=None,
    )
    registry = registry_of([Installed(module_with(personal_data=(data,)), "tests.platform")])
    with pytest.raises(RegistryError, match=r"no privacy\.py"):
        parts_in(registry)
    assert [each.name for each in parts_in(registry_of([]))] == ["platform"]


ELSEWHERE = {
    "allauth_idp_oidc_client": "a program's, made by the operator",
    "platform_access_unit": "an office, no person",
}


def test_every_table_that_names_a_person_is_answered_for():
    """A new key to a person or an account is exported and erased, or said here to be none of it."""
    answered = {table for part in parts() for table in part.privacy.tables}
    for model in apps.get_models():
        table = model._meta.db_table
        if table.startswith(("wagtail",)) or table in ELSEWHERE:
            continue  # content and its editors: officers at work
        keys = [field.name for field in model._meta.local_fields if field.related_model in (Party, Account)]
        assert not keys or table in answered, f"{table} names people by {keys}; add a Holding"


def test_every_field_of_a_person_is_emptied_or_known_to_tell_nobody():
    """Whoever adds a field to a person or an account says here, or in own.py, what becomes of it."""
    kept = {
        Party: {"id", "kind", "language", "created_at", "merged_into"},
        Account: {"id", "party", "language", "created_at"},
    }
    for holding in own.HOLDINGS:
        if holding.model in kept:
            names = {field.name for field in holding.model._meta.fields}
            assert names == kept[holding.model] | set(holding.emptied)


def test_whom_we_erased_is_told_at_the_address_that_we_then_forget(person):
    asked = ask_erasure(person, by=themselves(person), at=now())
    with patch("django.core.mail.EmailMultiAlternatives.send", side_effect=ConnectionRefusedError()):
        work()
    assert [each.lower() for each in Erasure.objects.get().tell] == [EMAIL.lower()]
    Work.objects.filter(name="tell").update(run_at=now())
    mail.outbox.clear()
    work()
    (letter,) = mail.outbox
    assert letter.to[0].lower() == EMAIL.lower()
    assert letter.subject == "Your data are erased"
    assert "number without meaning" in letter.body
    assert NAME not in letter.body
    assert letter.extra_headers["Message-ID"].startswith(f"<{asked.pk}-0@")
    assert leftovers(EMAIL) == []


def test_an_address_that_takes_no_letter_is_forgotten_too(person):
    ask_erasure(person, by=themselves(person), at=now())
    refused = smtplib.SMTPRecipientsRefused({EMAIL: (550, b"no")})
    with patch("django.core.mail.EmailMultiAlternatives.send", side_effect=refused):
        work()
    assert Erasure.objects.get().tell == []


def test_a_consent_is_confirmed_with_its_text_and_the_way_to_withdraw_it(person):
    message = Message.objects.get(to=person, template="platform:consent-given")
    assert "Opomnimo vas." in message.body
    assert message.link == "/en/my-data/consents/"

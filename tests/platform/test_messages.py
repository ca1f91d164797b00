"""Messages: once in the inbox, told of by the channels that a person wants, tried again while that can help."""

import smtplib
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.errors import Conflict, NotFound
from simos.kernel.module import MessageTemplate
from simos.kernel.text import Text
from simos.platform.audit.transactions import OutsideTransaction
from simos.platform.jobs.models import Work
from simos.platform.messages import actions, declared, delivering
from simos.platform.messages.addresses import switched_off_by
from simos.platform.messages.declared import Declared
from simos.platform.messages.models import Delivery, Message
from simos.platform.messages.queries import choices_of, inbox_of, unread_count
from simos.platform.messages.values import Channel, blocks_of, words_of
from simos.platform.people.models import Party
from simos.testing.acting import SYSTEM, make_account
from simos.testing.work import run_all

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE = Scope.city("celje")
FOUND = MessageTemplate(
    name="bike-found",
    title=Text(sl="Najdeno kolo", en="Bike found"),
    subject=Text(sl="Našli smo {thing}", en="We found {thing}"),
    body=Text(sl="Čaka vas na {where}.\n\n- ključ\n- luč", en="It waits at {where}.\n\n- key\n- lamp"),
    action=Text(sl="Prevzemi", en="Collect"),
)
BY_LAW = MessageTemplate(
    name="decision",
    title=Text(sl="Odločba", en="Decision"),
    subject=Text(sl="Odločba", en="Decision"),
    body=Text(sl="Odločili smo.", en="We decided."),
    by_law=True,
)


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    made = {f"test:{each.name}": Declared(f"test:{each.name}", each, FOUND.title) for each in (FOUND, BY_LAW)}
    monkeypatch.setattr(actions, "template_named", made.__getitem__)
    monkeypatch.setattr("simos.platform.messages.mail.template_named", made.__getitem__)
    monkeypatch.setattr("simos.platform.messages.delivering.template_named", made.__getitem__)
    monkeypatch.setattr("simos.platform.messages.queries.templates", lambda: made)


@pytest.fixture
def person(db) -> Party:
    party = Party.objects.create(kind=Party.Kind.NATURAL, name="Ana Novak", language="en")
    make_account("ana@example.si", party=party)
    return party


def send(person, template="test:bike-found", **more) -> Message:
    context = {"thing": "a <b>bike</b>", "where": "Glazija"} if template == "test:bike-found" else {}
    with transaction.atomic():
        return actions.send(CELJE, to=person, template=template, context=context, by=SYSTEM, at=AT, **more)


def tell() -> int:
    return run_all({actions.KIND: delivering.runner})


def test_a_message_is_in_the_inbox_in_the_persons_language_and_told_of_by_mail(person):
    message = send(person, link="/celje/kolesa/")
    assert (message.subject, message.action) == ("We found a <b>bike</b>", "Collect")
    assert (list(inbox_of(person.pk)), unread_count(person.pk)) == ([message], 1)
    assert tell() == 1
    (sent,) = mail.outbox
    delivery = message.deliveries.get()
    assert (sent.to, sent.subject) == (["ana@example.si"], message.subject)
    assert sent.extra_headers["Message-ID"] == f"<{delivery.pk}@localhost>"
    assert "http://localhost:8000/celje/kolesa/" in sent.body
    assert "- key\n- lamp" in sent.body
    html = sent.alternatives[0].content
    assert "&lt;b&gt;bike&lt;/b&gt;" in html
    assert "<li>key</li>" in html
    assert (delivery.state, delivery.attempts) == ("sent", 1)


def test_a_signed_way_to_switch_off_is_not_to_be_made_up(person):
    assert switched_off_by("made-up") is None


def test_what_is_sent_twice_with_one_key_is_one_message(person):
    assert send(person, key="permit 7") == send(person, key="permit 7")
    assert send(person) != send(person)
    assert Message.objects.count() == 3
    assert tell() == 3


def test_one_who_said_no_gets_no_mail_but_has_the_message(person):
    actions.choose(person, "test:bike-found", Channel.MAIL, wanted=False, at=AT)
    send(person)
    assert (tell(), mail.outbox, unread_count(person.pk)) == (0, [], 1)
    actions.choose(person, "test:bike-found", Channel.MAIL, wanted=True, at=AT)
    send(person)
    assert tell() == 1


def test_what_the_law_asks_for_cannot_be_switched_off(person):
    with pytest.raises(Conflict):
        actions.choose(person, "test:decision", Channel.MAIL, wanted=False, at=AT)
    actions.choose(person, "test:decision", Channel.PUSH, wanted=False, at=AT)
    assert choices_of(person.pk)["test:decision", Channel.MAIL]
    assert not choices_of(person.pk)["test:decision", Channel.PUSH]


def test_nothing_is_sent_outside_of_an_action_or_out_of_the_platform(person):
    with pytest.raises(OutsideTransaction):
        actions.send(CELJE, to=person, template="test:decision", by=SYSTEM, at=AT)
    for link in ("https://elsewhere.example/", "//elsewhere.example/"):
        with pytest.raises(ValueError, match="this platform"):
            send(person, link=link)


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        (ConnectionRefusedError(), "queued", "cannot be reached"),
        (smtplib.SMTPRecipientsRefused({"ana@example.si": (450, b"later")}), "queued", "450"),
        (smtplib.SMTPRecipientsRefused({"ana@example.si": (550, b"no ana@example.si")}), "failed", "550"),
        (smtplib.SMTPDataError(554, b"spam"), "failed", "554"),
        (smtplib.SMTPAuthenticationError(535, b"who?"), "queued", "password"),
    ],
)
def test_a_letter_is_tried_again_while_that_can_help_and_no_address_is_kept_with_the_reason(
    person, fault, state, reason
):
    message = send(person)
    with patch("django.core.mail.EmailMultiAlternatives.send", side_effect=fault):
        tell()
    delivery = message.deliveries.get()
    assert delivery.state == state
    assert reason in delivery.reason
    said = "".join([delivery.reason, *Work.objects.values_list("last_error", flat=True)])
    assert "ana@" not in said
    assert Work.objects.get().state == ("waiting" if state == "queued" else "done")


def test_a_mail_server_that_is_away_for_days_is_given_up_and_said_so(person):
    message = send(person)
    later = message.deliveries.get().queued_at + delivering.PATIENCE + timedelta(minutes=1)
    with (
        patch("django.core.mail.EmailMultiAlternatives.send", side_effect=ConnectionRefusedError()),
        clock_set_to(FrozenClock(later)),
    ):
        tell()
    assert message.deliveries.get().state == "failed"


def test_a_closed_account_gets_no_letter(person):
    message = send(person)
    person.accounts.update(is_active=False)
    tell()
    assert (mail.outbox, message.deliveries.get().state) == ([], "failed")


def test_a_message_is_read_when_opened_and_moves_to_the_archive_and_back(person):
    message = send(person)
    actions.open_message(person.pk, message.pk, at=AT)
    actions.open_message(person.pk, message.pk, at=AT + timedelta(days=1))
    assert Message.objects.get().read_at == AT
    assert actions.mark_read(person.pk, [message.pk], read=False, at=AT) == 1
    assert unread_count(person.pk) == 1
    assert actions.archive(person.pk, [message.pk], archived=True, at=AT) == 1
    assert not inbox_of(person.pk).exists()
    assert inbox_of(person.pk, archived=True).get() == message


def test_somebody_elses_message_does_not_exist(person):
    message = send(person)
    other = Party.objects.create(kind=Party.Kind.NATURAL, name="Bor")
    with pytest.raises(NotFound):
        actions.open_message(other.pk, message.pk, at=AT)
    assert actions.mark_read(other.pk, [message.pk], read=True, at=AT) == 0
    assert actions.archive(other.pk, [message.pk], archived=True, at=AT) == 0


def test_a_template_is_filled_in_with_just_what_it_asks_for():
    for context in ({}, {"thing": "x"}, {"thing": "x", "where": "y", "more": "z"}):
        with pytest.raises(ValueError, match="filled in with"):
            words_of(FOUND, "sl", context)
    for body in ("{a}", "{0}", "{a.b}", "{thing!r}"):
        with pytest.raises(ValueError):
            MessageTemplate(name="x", title=FOUND.title, subject=FOUND.subject, body=Text(sl=body, en="{b}"))


@given(st.text(), st.text())
def test_what_is_filled_in_never_changes_the_shape_of_a_message(thing, where):
    words = words_of(FOUND, "en", {"thing": thing, "where": where})
    assert "\n" not in words.subject
    first, second = blocks_of(words.body)
    assert second.points == ("key", "lamp")
    assert first.points == ()


def test_every_template_of_the_platform_and_its_modules_is_found_by_its_name():
    names = list(declared.templates())
    assert "platform:data-ready" in names
    assert all(declared.template_named(name).name == name for name in names)
    with pytest.raises(LookupError):
        declared.template_named("nobody:nothing")


def test_messages_of_the_federation_are_sent_too(person):
    with transaction.atomic():
        actions.send(FEDERATION, to=person, template="test:decision", by=SYSTEM, at=AT)
    assert Delivery.objects.get().state == "queued"
    assert tell() == 1

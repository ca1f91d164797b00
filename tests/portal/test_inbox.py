"""The inbox: a person's messages and nobody else's, how they are told of them, and mail switched off by a link."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Actor, Channel
from simos.kernel.clock import now
from simos.kernel.ids import new_secret
from simos.modules.portal.inbox.actions import CONSENT
from simos.modules.portal.inbox.rules import browser_in
from simos.platform.access.mandates import give_mandate
from simos.platform.access.models import Mandate
from simos.platform.files.kinds import TXT
from simos.platform.files.receiving import receive
from simos.platform.files.values import Purpose
from simos.platform.messages import actions, delivering
from simos.platform.messages.addresses import switch_off_address
from simos.platform.messages.models import Message, Preference, Subscription
from simos.platform.messages.values import Channel as Way
from simos.platform.people.models import Account, Party
from simos.platform.privacy.consents import consent_of, withdraw
from simos.platform.privacy.reading import reads_of
from simos.testing.acting import SYSTEM
from simos.testing.work import react, run_all
from tests.accounts.flow import an_account, signed_in, text_of
from tests.platform.push_receiver import BrowserKeys, unpadded

pytestmark = pytest.mark.django_db
INBOX = "/sporocila/"
LETTER = Purpose(name="letter", kinds=(TXT,), most_bytes=1000)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    with override_settings(FILES_ROOT=tmp_path / "files"):
        yield


@pytest.fixture
def ana() -> Account:
    return an_account()


@pytest.fixture
def browser(ana: Account) -> Client:
    return signed_in(ana)


def send(account: Account, until: str = "1. marca", **more) -> Message:
    with transaction.atomic():
        context = {"until": until}
        return actions.send(
            FEDERATION, to=account.party, template="platform:data-ready", context=context, by=SYSTEM, at=now(), **more
        )


def test_a_message_is_listed_as_not_read_until_it_is_opened(ana, browser):
    message = send(ana, link="/moji-podatki/")
    assert "Neprebrano (1)" in text_of(browser.get(INBOX))
    opened = browser.get(f"{INBOX}{message.pk}/")
    assert "do 1. marca" in text_of(opened)
    assert 'href="/moji-podatki/"' in opened.content.decode()
    assert "Neprebrano (1)" not in text_of(browser.get(INBOX))
    browser.post(f"{INBOX}{message.pk}/", {"do": "unread"})
    assert str(message.pk) in browser.get(f"{INBOX}?show=unread").content.decode()


def test_a_message_moves_to_the_archive_and_back(ana, browser):
    message = send(ana)
    browser.post(f"{INBOX}{message.pk}/", {"do": "archive"})
    assert str(message.pk) not in browser.get(INBOX).content.decode()
    assert str(message.pk) in browser.get(f"{INBOX}?show=archive").content.decode()
    browser.post(f"{INBOX}{message.pk}/", {"do": "restore"})
    assert str(message.pk) in browser.get(INBOX).content.decode()


def test_all_are_marked_as_read_and_long_lists_have_pages(ana, browser):
    made = [send(ana, until=f"dneva {number}") for number in range(23)]
    Message.objects.filter(pk=made[0].pk).update(sent_at=now() - timedelta(days=2))
    first, second = browser.get(INBOX).content.decode(), browser.get(f"{INBOX}?page=2").content.decode()
    assert first.count("inbox__one") == 20
    assert second.count("inbox__one") == 3
    assert str(made[0].pk) in second
    browser.post(INBOX)
    assert not Message.objects.filter(read_at=None).exists()


def test_the_menu_counts_what_is_not_read_and_leads_there(ana, browser):
    assert "neprebran" not in text_of(browser.get("/"))
    send(ana)
    send(ana)
    page = browser.get("/en/celje/")
    assert "2 messages not read" in text_of(page)
    assert 'href="/en/inbox/"' in page.content.decode()


def test_nobody_reads_what_is_not_theirs(ana, browser):
    other = an_account("bor@example.si", "Bor")
    letter = receive([b"Secret"], name="letter.txt", purpose=LETTER, at=now())
    message = send(other, attachments=[letter])
    file = signed_in(other).get(f"{INBOX}{message.pk}/").content.decode().partition("/datoteke/")[2][:36]
    answer = signed_in(other).get(f"{INBOX}{message.pk}/datoteke/{file}/")
    assert b"".join(answer.streaming_content) == b"Secret"
    for address in (f"{INBOX}{message.pk}/", f"{INBOX}{message.pk}/datoteke/{file}/"):
        assert browser.get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert browser.post(f"{INBOX}{message.pk}/", {"do": "archive"}).status_code == 404
    own = send(ana)
    assert browser.get(f"{INBOX}{own.pk}/datoteke/{file}/").status_code == 404
    assert Message.objects.get(pk=message.pk).archived_at is None


def test_pages_of_ones_own_are_kept_by_nobody(ana, browser):
    message = send(ana)
    for address in (INBOX, f"{INBOX}{message.pk}/", f"{INBOX}nastavitve/"):
        answer = browser.get(address)
        assert "no-store" in answer["Cache-Control"]
        assert "X-SiMOS-Keep" not in answer


def test_who_looks_by_a_mandate_sees_the_messages_and_is_told_of(ana, browser):
    mother = an_account("mama@example.si", "Mama")
    message = send(ana)
    own = Actor(account=str(ana.pk), party=str(ana.party_id), channel=Channel.WEB)
    authorised = Mandate.Kind.AUTHORISED
    give_mandate(
        FEDERATION, principal=ana.party, holder=mother.party, kind=authorised, begins_at=now(), by=own, at=now()
    )
    hers = signed_in(mother)
    mandate = Mandate.objects.get()
    hers.post("/account/acting/", {"chosen": f"mandate-{mandate.pk}"})
    assert str(message.pk) in hers.get(INBOX).content.decode()
    assert reads_of(ana.party_id).count() == 1
    browser.get(INBOX)
    assert reads_of(ana.party_id).count() == 1
    hers.post(f"{INBOX}nastavitve/", pushed("https://push.example/hers"))
    assert not Subscription.objects.exists()


def test_settings_say_which_kind_comes_how_and_the_law_stands(ana, browser):
    page = browser.get(f"{INBOX}nastavitve/")
    assert "vedno, po zakonu" in text_of(page)
    assert browser.post(f"{INBOX}nastavitve/", {"do": "choose"}).status_code == 302
    chosen = Preference.objects.filter(template="platform:data-ready").values_list("channel", "wanted")
    assert list(chosen) == [("push", False)]
    browser.post(f"{INBOX}nastavitve/", {"do": "choose", "push:platform:data-ready": "on"})
    assert list(chosen.all()) == [("push", True)]


def pushed(endpoint: str) -> dict[str, str]:
    keys = BrowserKeys()
    return {"do": "subscribe", "endpoint": endpoint, "p256dh": unpadded(keys.point), "auth": unpadded(keys.auth)}


def test_a_browser_is_turned_on_with_consent_and_off_with_it(ana):
    browser = Client(headers={"User-Agent": FIREFOX})
    browser.force_login(ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.post(f"{INBOX}nastavitve/", pushed("https://push.example/1"))
    subscription = Subscription.objects.get()
    assert subscription.browser == "Firefox, Linux"
    agreed = consent_of(ana.party, CONSENT)
    assert (agreed.language, agreed.given_by["channel"]) == ("sl", "web")
    assert "Firefox, Linux" in text_of(browser.get(f"{INBOX}nastavitve/"))
    other = an_account("bor@example.si", "Bor")
    signed_in(other).post(f"{INBOX}nastavitve/", {"do": "remove", "browser": str(subscription.pk)})
    assert Subscription.objects.exists()
    browser.post(f"{INBOX}nastavitve/", {"do": "remove", "browser": str(subscription.pk)})
    assert not Subscription.objects.exists()

    browser.post(f"{INBOX}nastavitve/", pushed("https://push.example/2"))
    withdraw(FEDERATION, party=ana.party, consent=CONSENT, by=SYSTEM, at=now())
    assert react_to_all() >= 1
    assert not Subscription.objects.exists()


def react_to_all() -> int:
    from simos.platform.events.reactions import installed_reactions

    return react(installed_reactions())


def test_what_is_no_push_service_turns_nothing_on(ana, browser):
    answer = browser.post(f"{INBOX}nastavitve/", pushed("http://10.0.0.1/"), follow=True)
    assert "Poskusite znova" in text_of(answer)
    assert not Subscription.objects.exists()
    assert consent_of(ana.party, CONSENT) is None


def switch_off_way(account: Account) -> tuple[Message, str]:
    message = send(account)
    return message, switch_off_address(message, Way.PUSH)


def test_a_kind_is_switched_off_by_the_link_alone_and_only_when_it_is_sent(ana):
    _, address = switch_off_way(ana)
    stranger = Client(enforce_csrf_checks=True)
    assert "Izvoz mojih podatkov" in text_of(stranger.get(address))
    assert not Preference.objects.exists()
    done = stranger.post(address, {"List-Unsubscribe": "One-Click"})
    assert "ne bomo več pošiljali" in text_of(done)
    assert done["X-SiMOS-Keep"] == "no"
    assert Preference.objects.get().wanted is False


@given(sign=st.integers(0, 60))
def test_a_link_that_was_changed_switches_nothing_off(django_db_blocker, sign):
    said = new_secret()
    said = f"{said[:sign]}:{said[sign:]}"
    with django_db_blocker.unblock():
        assert Client(raise_request_exception=False).post(f"{INBOX}odjava/{said}/").status_code == 404
    assert not Preference.objects.exists()


def test_what_the_law_asks_for_has_no_such_link(ana):
    message, _ = switch_off_way(ana)
    run_all({actions.KIND: delivering.runner})
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers
    address = switch_off_address(message, Way.MAIL)
    assert Client(raise_request_exception=False).post(address).status_code == 404


def test_the_letter_leads_to_the_message_and_the_settings_in_its_language(ana):
    Party.objects.filter(pk=ana.party_id).update(language="it")
    ana.refresh_from_db()
    message = send(ana)
    run_all({actions.KIND: delivering.runner})
    assert f"/it/messaggi/{message.pk}/" in mail.outbox[0].body
    assert "/it/messaggi/impostazioni/" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("curl/8", "?"),
        ("", "?"),
    ],
)  # fmt: skip
def test_a_browser_is_called_as_people_know_it(user_agent, name):
    assert browser_in(user_agent) == name


@given(st.text())
def test_no_name_of_a_browser_is_too_long_to_keep(user_agent):
    assert len(browser_in(user_agent)) <= 80

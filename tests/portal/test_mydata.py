"""My data: a person sees what is held and who read it, takes a copy, withdraws consent, and is erased without a trace
that nobody declares; nobody else does any of this."""

import io
import json
import zipfile
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client, override_settings

from simos.hub.store.opening import open_store
from simos.kernel.acting import FEDERATION, Actor, Channel
from simos.kernel.clock import now
from simos.modules.portal.mydata.demo import READS, load
from simos.platform.access.actions import grant_role
from simos.platform.access.mandates import give_mandate
from simos.platform.access.models import Mandate
from simos.platform.audit.queries import verify
from simos.platform.events.reactions import installed_reactions
from simos.platform.events.runner import event_runner
from simos.platform.messages import actions as messages
from simos.platform.messages import delivering
from simos.platform.messages.models import Message
from simos.platform.people.models import Account
from simos.platform.privacy import jobs
from simos.platform.privacy.consents import consent_of
from simos.platform.privacy.models import DataExport, Erasure
from simos.platform.privacy.reading import reads_of
from simos.testing.acting import SYSTEM
from simos.testing.leftovers import leftovers
from simos.testing.work import run_all
from simos.web.accounts.demo import DEMO_ACCOUNTS, make_demo_accounts
from tests.accounts.flow import PASSWORD, an_account, signed_in, text_of
from tests.platform.push_receiver import BrowserKeys, unpadded
from tests.portal.conftest import CELJE

pytestmark = pytest.mark.django_db
MINE = "/moji-podatki/"


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    with override_settings(FILES_ROOT=tmp_path / "files"):
        yield


@pytest.fixture
def ana() -> Account:
    """The demo's citizen, with what the demo gives her."""
    make_demo_accounts(PASSWORD, by=SYSTEM, at=now())
    load(CELJE, by=SYSTEM, at=now())
    return Account.objects.get(email=DEMO_ACCOUNTS[0].email)


@pytest.fixture
def browser(ana: Account) -> Client:
    """Ana's, where she has signed in by her password just now."""
    client = Client(raise_request_exception=False)
    client.post("/account/login/", {"login": ana.email, "password": PASSWORD})
    return client


def work() -> int:
    return run_all(
        {
            jobs.KIND: jobs.runner,
            messages.KIND: delivering.runner,
            "event": event_runner(installed_reactions()),
        }
    )


def proved(browser: Client) -> None:
    browser.post("/account/reauthenticate/", {"password": PASSWORD})


def test_what_is_held_is_shown_by_kind_with_purpose_law_and_term(ana, browser):
    page = text_of(browser.get(MINE))
    for said in ("Račun in oseba", "Da vas prepoznamo", "Uredba (EU) 2016/679", "2 leti", "Brez določenega roka"):
        assert said in page
    one = text_of(browser.get(f"{MINE}hramba/platform/account/"))
    assert "Ana Novak" in one
    assert ana.email in one
    assert browser.get(f"{MINE}hramba/platform/nothing/").status_code == 404
    assert not reads_of(ana.party_id).filter(scope=str(FEDERATION)).exists()


def test_reads_are_told_with_purpose_place_and_role_and_no_name(browser):
    page = text_of(browser.get(f"{MINE}vpogledi/"))
    for _, _, purpose in READS:
        assert purpose in page
    assert "Celje: " in page
    assert "Uradna oseba na okencu" in page
    assert "Marko" not in page
    told = json.loads(b"".join(browser.get(f"{MINE}vpogledi/?reads-as=json").streaming_content))
    assert len(told) == len(READS)


def test_a_consent_is_shown_with_its_text_and_withdrawn(ana, browser):
    page = browser.get(f"{MINE}soglasja/")
    assert "Strinjam se, da me platforma" in text_of(page)
    consent = consent_of(ana.party, "portal/inbox:push")
    stranger = signed_in(an_account())
    stranger.post(f"{MINE}soglasja/", {"consent": str(consent.pk)})
    assert consent_of(ana.party, "portal/inbox:push")
    done = browser.post(f"{MINE}soglasja/", {"consent": str(consent.pk)}, follow=True)
    assert "Preklicali ste soglasje" in text_of(done)
    assert consent_of(ana.party, "portal/inbox:push") is None


def test_a_copy_is_made_with_its_progress_told_of_and_taken(ana, browser):
    waiting = browser.get(f"{MINE}izvoz/").content.decode()
    assert "<progress" in waiting
    assert browser.post(f"{MINE}izvoz/").status_code == 302
    assert DataExport.objects.count() == 1
    work()
    ready = browser.get(f"{MINE}izvoz/")
    assert "<progress" not in ready.content.decode()
    copy = DataExport.objects.get()
    taken = browser.get(f"{MINE}izvoz/{copy.pk}/")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content)))
    assert "Ana Novak" in packed.read("index.html").decode()
    assert taken["Content-Disposition"].startswith("attachment")
    message = Message.objects.get(template="platform:data-ready")
    assert message.link == f"{MINE}izvoz/"
    assert f"/sporocila/{message.pk}/" in mail.outbox[-1].body
    stranger = signed_in(an_account())
    stranger.raise_request_exception = False
    assert stranger.get(f"{MINE}izvoz/{copy.pk}/").status_code == 404


def test_who_acts_by_a_mandate_sees_all_is_told_of_and_erases_nobody(ana):
    mother = an_account("mama@example.si", "Mama")
    own = Actor(account=str(ana.pk), party=str(ana.party_id), channel=Channel.WEB)
    give_mandate(
        FEDERATION, principal=ana.party, holder=mother.party, kind="authorised", begins_at=now(), by=own, at=now()
    )
    hers = signed_in(mother)
    hers.raise_request_exception = False
    hers.post("/account/acting/", {"chosen": f"mandate-{Mandate.objects.get().pk}"})
    assert "Uradna oseba na okencu" in text_of(hers.get(f"{MINE}vpogledi/"))
    assert reads_of(ana.party_id).count() == len(READS) + 1
    assert "le oseba sama" in text_of(hers.get(f"{MINE}izbris/"))
    proved(hers)
    assert hers.get(f"{MINE}izbris/potrditev/").status_code == 404
    assert hers.post(f"{MINE}izbris/potrditev/", {"understood": "on"}).status_code == 404
    assert not Erasure.objects.exists()


def test_nobody_is_erased_without_proof_and_without_saying_so(browser):
    assert "4 zapisi ostanejo" in text_of(browser.get(f"{MINE}izbris/"))
    confirm = f"{MINE}izbris/potrditev/"
    assert browser.post(confirm, {"understood": "on"})["Location"] == confirm
    assert browser.get(confirm)["Location"] == f"/account/reauthenticate/?next={quote(confirm, safe='')}"
    proved(browser)
    assert browser.post(confirm, {}).status_code == 422
    assert not Erasure.objects.exists()


def test_who_has_no_password_signs_in_anew(ana, browser):
    ana.set_unusable_password()
    ana.save()
    client = signed_in(ana)
    answer = client.get(f"{MINE}izbris/potrditev/")
    assert answer["Location"] == "/account/login/?next=/moji-podatki/izbris/potrditev/"
    assert client.get(MINE).status_code == 302
    client = signed_in(ana)
    session = client.session
    session["account_authentication_methods_user"] = str(ana.pk)
    session["account_authentication_methods"] = [{"method": "code", "at": now().timestamp() - 60}]
    session.save()
    assert client.get(f"{MINE}izbris/potrditev/").status_code == 200


def test_an_officer_is_told_that_the_office_has_to_end_the_role_first(ana, browser):
    grant_role(CELJE, ana, role="counter-officer", by=SYSTEM, at=now())
    proved(browser)
    answer = browser.post(f"{MINE}izbris/potrditev/", {"understood": "on"}, follow=True)
    assert "Imate vlogo v uradu" in text_of(answer)
    assert Account.objects.get(pk=ana.pk).is_active


def test_after_export_and_erasure_both_stores_hold_nothing_of_the_person_that_is_not_declared(ana, browser):
    """The identifiers: name, address, ids of party and account, what their browsers are reached by."""
    keys = BrowserKeys()
    pushed = {"do": "subscribe", "endpoint": "https://push.example/of-ana", "auth": unpadded(keys.auth)}
    browser.post("/sporocila/nastavitve/", pushed | {"p256dh": unpadded(keys.point)})
    work()
    browser.post(f"{MINE}izvoz/")
    Client().post("/account/login/", {"login": ana.email, "password": "wrong"})
    work()
    identifiers = ("Ana Novak", ana.email, str(ana.party_id), str(ana.pk), "push.example/of-ana")
    assert {each.identifier for each in leftovers(*identifiers)} == set(identifiers)

    proved(browser)
    answer = browser.post(f"{MINE}izbris/potrditev/", {"understood": "on"})
    page = answer["Location"]
    assert "Vaše podatke brišemo" in text_of(browser.get(page))
    assert browser.get(MINE).status_code == 302
    mail.outbox.clear()
    work()
    assert "Vaši podatki so izbrisani" in text_of(Client().get(page))
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([ana.email], "Vaši podatki so izbrisani")

    left = leftovers(*identifiers)
    assert [each for each in left if not each.kept] == []
    assert {each.identifier for each in left} <= {str(ana.party_id), str(ana.pk)}
    assert verify() == []
    assert Client().post("/account/login/", {"login": ana.email, "password": PASSWORD}).status_code == 200


@pytest.mark.skipif(connection.vendor != "sqlite", reason="on PostgreSQL both stores are in the searched database")
def test_the_search_for_what_is_left_looks_into_the_hub(tmp_path):
    hub = settings.SIMOS.model_copy(update={"home": tmp_path})
    with override_settings(SIMOS=hub):
        store = open_store(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
        store.migrate()
        with store.transaction() as transaction:
            transaction.add_tenant("ananovak")
        store.close()
        assert {each.table.split()[0] for each in leftovers("ananovak")} == {"hub"}

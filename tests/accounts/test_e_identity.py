"""Sign-in by an e-identity that speaks OpenID Connect over HTTP: what is believed, kept, and not."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from simos.app.django_accounts import provider_of
from simos.app.settings import EIdentity
from simos.kernel.acting import Assurance, Scope
from simos.kernel.clock import now
from simos.kernel.module import PersonalData
from simos.kernel.registry import Installed, installed_modules
from simos.kernel.text import Text
from simos.platform.access.counter import enter_at_counter
from simos.platform.audit.models import AuditRecord
from simos.platform.people.identifiers import party_known_by
from simos.platform.people.models import Account, Identifier
from simos.platform.people.rules import TAX_NUMBER
from simos.testing.acting import SYSTEM
from simos.testing.oidc import MockProvider, oidc_provider
from simos.web.accounts.e_identity import told
from simos.web.actors import actor_of
from tests.accounts.flow import PASSWORD, an_account, code_in, last_mail, signed_in, text_of

pytestmark = pytest.mark.django_db
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
LOGIN = "/account/oidc/si-pass/login/"


@pytest.fixture(scope="module")
def _provider() -> Iterator[MockProvider]:
    with oidc_provider() as provider:
        yield provider


@pytest.fixture
def provider(_provider: MockProvider, settings) -> MockProvider:
    """An e-identity of the settings, afresh."""
    one = EIdentity(
        id="si-pass",
        name="SI-PASS",
        server_url=_provider.url,
        client_id=_provider.client_id,
        acr_values=SUBSTANTIAL,
        levels={"urn:local:smsPASS": "low"},
        claims={"name": "name", "tax-number": "tax_number"},
    )
    settings.SOCIALACCOUNT_PROVIDERS = {"e_identity": {"APPS": [provider_of(one, _provider.client_secret)]}}
    settings.SIMOS = settings.SIMOS.model_copy(update={"e_identities": [one]})
    _provider.person = {"sub": "pairwise-1", "name": "Ana  Novak", "tax_number": "50223054", "emso": "0101006500006"}
    _provider.acr, _provider.faults = SUBSTANTIAL, set()
    return _provider


@pytest.fixture
def needs_tax_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some installed module says that it holds tax numbers."""
    here = next(iter(installed_modules()))
    said = Text(sl="x", en="x")
    held = PersonalData(
        name=TAX_NUMBER,
        title=said,
        tables=(),
        purpose=said,
        legal_basis="x",
        retention=None,  # type: ignore[arg-type]
    )
    module = replace(here.module, personal_data=(held,))
    monkeypatch.setattr(told, "installed_modules", lambda: [Installed(module, here.package)])


def go(client: Client, *, prefix: str = "", query: str = "") -> object:
    """To the e-identity and back, as a browser goes."""
    left = client.post(f"{prefix}{LOGIN}{query}")
    assert left.status_code == 302, text_of(left)
    answered = urllib3.request("GET", left["location"], redirect=False)
    back = urlsplit(answered.headers["location"])
    assert back.path == "/account/oidc/si-pass/login/callback/"
    return client.get(f"{back.path}?{back.query}")


def sign_up(client: Client, email: str = "ana@example.si") -> Account:
    """The first time an address is asked for, since none is told."""
    answer = go(client)
    assert answer["location"] == "/account/3rdparty/signup/"  # type: ignore[index]
    client.post("/account/3rdparty/signup/", {"email": email})
    client.post("/account/confirm-email/", {"code": code_in(last_mail())})
    return Account.objects.get(email=email)


def level_of(client: Client) -> Assurance:
    return actor_of(client.get("/account/").wsgi_request).assurance


def test_one_comes_the_first_time_and_again(provider: MockProvider) -> None:
    client = Client()
    assert "SI-PASS" in text_of(client.get("/account/login/"))
    account = sign_up(client)
    assert account.party.name == "Ana Novak"
    assert level_of(client) is Assurance.SUBSTANTIAL
    again = Client()
    assert go(again, query="?next=/celje/")["location"] == "/celje/"  # type: ignore[index]
    assert level_of(again) is Assurance.SUBSTANTIAL
    assert Account.objects.count() == 1
    assert signed_in(account).get("/account/").status_code == 200
    assert level_of(signed_in(account)) is Assurance.ACCOUNT  # the level belongs to the session


def test_what_is_asked_for_is_proved_and_of_a_level(provider: MockProvider) -> None:
    left = Client().post(LOGIN)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(left["location"]).query).items()}
    assert asked["acr_values"] == SUBSTANTIAL
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "profile"}
    assert len(asked["state"]) >= 16
    assert Client().get(LOGIN).status_code == 200  # nobody is sent there by a link


def test_the_address_back_is_one_for_all_languages_and_the_language_is_kept(provider: MockProvider) -> None:
    client = Client()
    answer = go(client, prefix="/en")
    assert answer["location"] == "/en/account/3rdparty/signup/"  # type: ignore[index]
    assert provider.asked[-1]["redirect_uri"].endswith(":8000/account/oidc/si-pass/login/callback/")


@pytest.mark.parametrize(
    ("acr", "level"),
    [
        (SUBSTANTIAL, Assurance.SUBSTANTIAL),
        ("http://eidas.europa.eu/LoA/high", Assurance.HIGH),
        ("urn:local:smsPASS", Assurance.LOW),
        ("urn:nobody:knows", Assurance.ACCOUNT),
        ("", Assurance.ACCOUNT),
    ],
)
def test_the_level_is_what_the_signed_token_says(provider: MockProvider, acr: str, level: Assurance) -> None:
    provider.acr = acr
    provider.person["acr"] = "http://eidas.europa.eu/LoA/high" if acr else ""  # userinfo is not signed
    client = Client()
    sign_up(client)
    assert level_of(client) is level


@pytest.mark.parametrize("fault", ["signature", "audience", "issuer", "subject", "denied"])
def test_nobody_comes_in_by_an_answer_that_is_not_right(provider: MockProvider, fault: str) -> None:
    provider.faults = {fault}
    client = Client()
    answer = go(client)
    assert answer.status_code in (200, 302, 401)  # type: ignore[attr-defined]
    assert client.get("/account/").status_code == 302
    assert not Account.objects.exists()


def test_an_answer_that_was_not_asked_for_is_refused(provider: MockProvider) -> None:
    answer = Client().get("/account/oidc/si-pass/login/callback/?code=planted&state=planted")
    assert "ni mogla potrditi" in text_of(answer)
    assert Client().get("/account/oidc/unknown/login/").status_code == 404


def test_no_number_is_taken_that_no_module_needs(provider: MockProvider) -> None:
    account = sign_up(Client())
    assert not Identifier.objects.exists()
    kept = SocialAccount.objects.get(user=account)
    assert (kept.uid, kept.extra_data) == ("pairwise-1", {"acr": SUBSTANTIAL})


@pytest.mark.usefixtures("needs_tax_number")
def test_who_was_at_the_counter_finds_what_was_done_there(provider: MockProvider) -> None:
    celje = Scope.city("celje")
    ana = enter_at_counter(
        celje, name="Ana N.", purpose="permit", proof="card", numbers={TAX_NUMBER: "50223054"}, by=SYSTEM, at=now()
    )
    account = sign_up(Client())
    assert account.party == ana
    assert party_known_by(TAX_NUMBER, "50223054") == ana
    record = AuditRecord.objects.get(action="take-over-party")
    assert record.actor["account"] == str(account.pk)
    assert record.actor["assurance"] == "substantial"
    assert "si-pass" in record.data


@pytest.mark.usefixtures("needs_tax_number")
def test_at_a_low_level_nobody_takes_anything_over(provider: MockProvider) -> None:
    enter_at_counter(
        Scope.city("celje"),
        name="Ana N.",
        purpose="permit",
        proof="card",
        numbers={TAX_NUMBER: "50223054"},
        by=SYSTEM,
        at=now(),
    )
    provider.acr = "urn:local:smsPASS"
    assert sign_up(Client()).party != party_known_by(TAX_NUMBER, "50223054")


def test_one_connects_an_e_identity_to_the_account_that_one_has(provider: MockProvider) -> None:
    account = an_account("ana@example.si", "")
    stale = signed_in(account)
    go(stale, query="?process=connect")
    assert not SocialAccount.objects.exists()  # who has not signed in just now signs in once more
    client = Client()
    client.post("/account/login/", {"login": "ana@example.si", "password": PASSWORD})
    assert level_of(client) is Assurance.ACCOUNT
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    go(client, query="?process=connect")
    assert SocialAccount.objects.get().user == account
    assert level_of(client) is Assurance.SUBSTANTIAL
    account.party.refresh_from_db()
    assert account.party.name == "Ana Novak"
    assert "SI-PASS" in text_of(client.get("/account/3rdparty/"))


def test_an_address_that_is_anothers_connects_nothing(provider: MockProvider) -> None:
    an_account("ana@example.si", "Ana")
    client = Client()
    go(client)
    client.post("/account/3rdparty/signup/", {"email": "ana@example.si"})
    assert client.get("/account/").status_code == 302
    assert Account.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert mail.outbox[-1].to == ["ana@example.si"]

"""The platform as an OpenID Connect provider: an application learns by consent who somebody is."""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from django.test import Client as Browser

from simos.kernel.acting import FEDERATION
from simos.kernel.clock import now
from simos.kernel.errors import Forbidden, Invalid
from simos.platform.access.actions import grant_role
from simos.testing.acting import SYSTEM, actor_for, make_account
from simos.web.accounts.actions import NewClient, add_client, remove_client
from tests.accounts.flow import an_account, signed_in, text_of

pytestmark = pytest.mark.django_db
BACK = "https://karta.example/back"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def registered(name: str = "Karta") -> NewClient:
    return add_client(name, redirect_uris=(BACK,), by=SYSTEM, at=now())


def asked(made: NewClient, **more: str) -> str:
    query = {
        "client_id": made.client.pk,
        "response_type": "code",
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"/identity/o/authorize?{urlencode(query | more)}"


def tokens(made: NewClient, browser: Browser, *scopes: str) -> dict[str, str]:
    """What the application gets after the person has said yes to `scopes`."""
    page = browser.get(asked(made))
    request = page.context["form"].initial["request"]
    said = browser.post("/identity/o/authorize", {"request": request, "scopes": scopes, "action": "grant"})
    code = parse_qs(urlsplit(said["location"]).query)["code"][0]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    secret = {"client_id": made.client.pk, "client_secret": made.secret}
    answer = Browser().post("/identity/o/api/token", sent | secret)
    assert answer.status_code == 200, answer.content
    return answer.json()


def claims_in(token: str) -> dict[str, str]:
    """The token's claims, its signature checked with the published key."""
    key = jwt.PyJWK(Browser().get("/.well-known/jwks.json").json()["keys"][0])
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})


def test_its_addresses_are_told_and_are_the_same_in_all_languages() -> None:
    told = Browser().get("/.well-known/openid-configuration").json()
    assert told["issuer"] == "http://localhost:8000"
    assert told["authorization_endpoint"].endswith("/identity/o/authorize")
    assert told["subject_types_supported"] == ["pairwise"]
    assert "private" not in str(Browser().get("/.well-known/jwks.json").json())


def test_a_person_is_asked_and_known_to_each_application_by_another_name() -> None:
    account, karta, knjiznica = an_account(), registered(), registered("Knjižnica")
    browser = signed_in(account)
    page = browser.get(asked(karta))
    assert "Karta" in text_of(page)
    assert "Vaše ime in jezik" in text_of(page)
    assert "https://karta.example" in page["Content-Security-Policy"]
    first, second = (claims_in(tokens(each, browser, "openid")["id_token"]) for each in (karta, knjiznica))
    assert first["sub"] != second["sub"]
    assert str(account.pk) not in (first["sub"], second["sub"])
    assert claims_in(tokens(karta, browser, "openid")["id_token"])["sub"] == first["sub"]


def test_a_code_is_of_no_use_to_who_did_not_begin_with_it() -> None:
    browser, karta = signed_in(an_account()), registered()
    request = browser.get(asked(karta)).context["form"].initial["request"]
    said = browser.post("/identity/o/authorize", {"request": request, "scopes": ["openid"], "action": "grant"})
    code = parse_qs(urlsplit(said["location"]).query)["code"][0]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": "w" * 50}
    secret = {"client_id": karta.client.pk, "client_secret": karta.secret}
    assert Browser().post("/identity/o/api/token", sent | secret).status_code == 400
    assert Browser().post("/identity/o/api/token", sent | secret | {"client_secret": "guess"}).status_code in (400, 401)


def test_no_more_is_told_than_was_allowed() -> None:
    account, karta = an_account(), registered()
    browser = signed_in(account)
    for scopes, name in ((("openid",), None), (("openid", "profile"), "Ana Novak")):
        bearer = {"authorization": f"Bearer {tokens(karta, browser, *scopes)['access_token']}"}
        told = Browser().get("/identity/o/api/userinfo", headers=bearer).json()
        assert told.get("name") == name
        assert "email" not in told


def test_who_says_no_sends_nothing() -> None:
    browser, karta = signed_in(an_account()), registered()
    request = browser.get(asked(karta)).context["form"].initial["request"]
    said = browser.post("/identity/o/authorize", {"request": request, "action": "cancel"})
    assert "error=access_denied" in said["location"]


def test_only_where_the_application_is_at_home() -> None:
    browser, karta = signed_in(an_account()), registered()
    answer = browser.get(asked(karta, redirect_uri="https://evil.example/"))
    assert "form" not in answer.context
    assert "evil" not in answer.get("location", "")
    assert Browser().get(asked(karta))["location"].startswith("/account/login/?next=/identity/o/authorize")


def test_who_may_register_applications_and_which() -> None:
    chief = make_account()
    for address in ("http://karta.example/", "javascript:alert(1)", "https://karta.example/#x", "https:///x"):
        with pytest.raises(Invalid):
            add_client("Karta", redirect_uris=(address,), by=SYSTEM, at=now())
    with pytest.raises(Forbidden):
        add_client("Karta", redirect_uris=(BACK,), by=actor_for(chief), at=now())
    grant_role(FEDERATION, chief, role="platform-administrator", by=SYSTEM, at=now())
    made = add_client("Karta", redirect_uris=(BACK,), by=actor_for(chief), at=now())
    assert made.secret not in made.client.secret
    remove_client(made.client.pk, by=actor_for(chief), at=now())
    assert "form" not in (signed_in(an_account()).get(asked(made)).context or {})

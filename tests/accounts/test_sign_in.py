"""People make accounts, sign in and out; strangers learn nothing, guessers get nowhere, visitors get no cookie."""

import re

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from simos.kernel.acting import Assurance
from simos.platform.audit.models import AuditRecord
from simos.platform.people.models import Account, Party
from simos.web.accounts.lockout import address_of, address_tried_from
from tests.accounts.flow import PASSWORD, an_account, code_in, last_mail, signed_in, text_of, verified

pytestmark = pytest.mark.django_db

FOR_VISITORS = (
    "account_login",
    "account_signup",
    "account_signup_by_passkey",
    "account_reset_password",
    "account_request_login_code",
    "account_logout",
)
OWN = (
    "account_home",
    "account_person",
    "account_acting",
    "account_mandates",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
    "socialaccount_connections",
)


def try_password(client: Client, password: str, email: str = "ana@example.si", **more: str) -> int:
    return client.post("/account/login/", {"login": email, "password": password}, **more).status_code


def addresses(names: tuple[str, ...]) -> list[str]:
    found = []
    for language in ("sl", "en", "it"):
        with override(language):
            found += [reverse(name) for name in names]
    return found


def test_one_makes_an_account_with_an_address_and_no_more() -> None:
    client = Client()
    sent = client.post("/account/signup/", {"email": "Ana@Example.si"})
    assert sent["location"] == "/account/confirm-email/"
    assert client.get("/account/").status_code == 302  # not signed in before the address is confirmed
    client.post("/account/confirm-email/", {"code": code_in(last_mail())})
    account = Account.objects.get()
    assert (account.email, account.language, verified(account)) == ("ana@example.si", "sl", True)
    assert account.party is not None
    assert account.party.kind == Party.Kind.NATURAL
    assert not account.has_usable_password()
    assert client.get("/account/").status_code == 200
    assert AuditRecord.objects.filter(action="make-account", object_id=str(account.pk)).exists()


def test_the_name_that_one_gives_and_the_language_of_the_page_are_kept() -> None:
    Client().post("/it/account/signup/", {"email": "giulia@example.si", "name": " Giulia  Rossi "})
    account = Account.objects.select_related("party").get()
    assert (account.party.name, account.language, account.party.language) == ("Giulia Rossi", "it", "it")
    assert "Buongiorno" in last_mail()


def test_one_signs_in_by_a_code_and_the_link_only_fills_it_in() -> None:
    an_account()
    client = Client()
    assert client.post("/account/login/?next=/celje/", {"login": "ANA@example.si"}).status_code == 302
    code = code_in(last_mail())
    assert f"{settings.SIMOS.base_url}/account/login/code/confirm/?code={code}" in last_mail()
    page = client.get(f"/account/login/code/confirm/?code={code}")
    assert f'value="{code}"' in page.content.decode()
    assert client.get("/account/").status_code == 302
    wrong = client.post("/account/login/code/confirm/", {"code": "AAAA-AAAA"})
    assert "Koda ni prava" in text_of(wrong)
    done = client.post("/account/login/code/confirm/", {"code": code, "next": "/celje/"})
    assert done["location"] == "/celje/"
    assert "Ana Novak" in text_of(client.get("/account/"))


def test_a_code_counts_only_where_it_was_asked_for() -> None:
    an_account()
    Client().post("/account/login/", {"login": "ana@example.si"})
    stranger = Client()
    stranger.post("/account/login/code/confirm/", {"code": code_in(last_mail())})
    assert stranger.get("/account/").status_code == 302


def test_one_signs_in_by_password_with_a_fresh_session_and_out_again() -> None:
    an_account()
    client = Client()
    client.get("/account/login/")
    client.session["planted"] = True
    before = client.cookies.get(settings.SESSION_COOKIE_NAME)
    assert try_password(client, PASSWORD) == 302
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert before is None or cookie.value != before.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/account/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/account/").status_code == 302


def test_whether_there_is_an_account_is_told_to_its_address_only() -> None:
    an_account()
    known, unknown = Client(), Client()
    for client, email in ((known, "ana@example.si"), (unknown, "nobody@example.si")):
        answers = [
            client.post("/account/login/", {"login": email, "password": "wrong password"}),
            client.post("/account/login/", {"login": email}, follow=True),
            client.post("/account/password/reset/", {"email": email}, follow=True),
        ]
        client.told = [text_of(each).replace(email, "...") for each in answers]  # type: ignore[attr-defined]
    assert known.told == unknown.told  # type: ignore[attr-defined]
    assert "ni pravo" in known.told[0]  # type: ignore[attr-defined]
    new, taken = (
        text_of(Client().post("/account/signup/", {"email": email}, follow=True)).replace(email, "...")
        for email in ("new@example.si", "ana@example.si")
    )
    assert new == taken
    assert Account.objects.filter(email="ana@example.si").count() == 1
    assert {message.to[0] for message in mail.outbox} >= {"ana@example.si", "nobody@example.si", "new@example.si"}


def test_who_guesses_is_locked_out_from_there_and_the_holder_is_not() -> None:
    an_account()
    guesser, holder = {"headers": {"x-forwarded-for": "9.9.9.9"}}, {"headers": {"x-forwarded-for": "7.7.7.7"}}
    client = Client()
    statuses = [try_password(client, f"guess {n}", **guesser) for n in range(5)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    cache.clear()  # allauth's own limit by account, which passes in five minutes
    locked = client.post("/account/login/", {"login": "ana@example.si", "password": PASSWORD}, **guesser)
    assert locked.status_code == 429
    assert "Preveč poskusov" in text_of(locked)
    assert AccessAttempt.objects.get().ip_address == "9.9.9.9"
    assert try_password(Client(), PASSWORD, **holder) == 302


def test_an_account_that_does_not_exist_is_locked_out_too() -> None:
    statuses = [try_password(Client(), f"guess {n}", "nobody@example.si") for n in range(6)]
    assert 429 in statuses


@pytest.mark.parametrize(
    ("forwarded", "remote", "found"),
    [
        ("9.9.9.9", "127.0.0.1", "9.9.9.9"),
        ("1.1.1.1, 9.9.9.9", "127.0.0.1", "9.9.9.9"),
        ("", "9.9.9.9", "9.9.9.9"),
        ("", "", None),
        ("unix:", "", None),
        ("2001:db9::1", "", "2001:db9::1"),
    ],
)
def test_the_address_is_the_last_hops_word(rf, forwarded, remote, found) -> None:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = rf.get("/", REMOTE_ADDR=remote, **headers)
    assert address_tried_from(request) == found
    if found is None:  # then nobody shares a limit with anybody
        assert address_of(request) != address_of(request)
    else:
        assert address_of(request) == found


def test_visitors_get_no_cookie_and_cost_no_query(django_assert_num_queries) -> None:
    client = Client()
    for address in ("/celje/", "/en/celje/", "/account/logout/"):
        answer = client.get(address)
        assert settings.SESSION_COOKIE_NAME not in answer.cookies
    from django.test import RequestFactory

    from simos.web.actors import actor_of

    request = RequestFactory().get("/")
    request.user, request.session = client.get("/celje/").wsgi_request.user, client.session
    with django_assert_num_queries(0):
        assert actor_of(request).assurance is Assurance.NONE


def test_who_has_signed_in_costs_one_query_for_the_account(django_assert_num_queries) -> None:
    client = signed_in(an_account())
    request = client.get("/celje/").wsgi_request
    del request.user
    from django.contrib.auth import get_user
    from django.utils.functional import SimpleLazyObject

    from simos.web.actors import actor_of

    request.user = SimpleLazyObject(lambda: get_user(request))
    with django_assert_num_queries(1):
        assert actor_of(request).assurance is Assurance.ACCOUNT


@pytest.mark.parametrize("address", addresses(FOR_VISITORS))
def test_every_page_for_visitors_is_strict_and_whole(address: str) -> None:
    check_page(Client().get(address, follow=True))


def test_every_page_of_ones_own_is_strict_and_whole() -> None:
    client = Client()
    an_account()
    assert try_password(client, PASSWORD) == 302
    for address in addresses(OWN):
        answer = client.get(address)
        assert answer.status_code == 200, address
        check_page(answer)
        assert re.search("no-store|no-cache", answer["cache-control"]), address


def check_page(answer: object) -> None:
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page)
    scripts = re.findall(r"<script[^>]*>", page)
    assert all("src=" in script or "application/json" in script for script in scripts), scripts
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title
    assert re.fullmatch(r"\S.* – SiMOS", title[1].strip()), title[1]
    assert page.count("<h1") == 1
    assert "example.com" not in page


def test_sign_up_can_be_closed(settings) -> None:
    settings.SIMOS = settings.SIMOS.model_copy(update={"sign_up": False})
    client = Client()
    assert "Registracija ni mogoča" in text_of(client.get("/account/signup/"))
    client.post("/account/signup/", {"email": "ana@example.si"})
    assert not Account.objects.exists()
    assert "/account/signup/" not in client.get("/account/login/").content.decode()


def test_the_demos_password_is_shown_in_a_demo_only(settings) -> None:
    assert "ana@celje.example" not in text_of(Client().get("/account/login/"))
    settings.SIMOS = settings.SIMOS.model_copy(update={"demo": True})
    page = text_of(Client().get("/account/login/"))
    assert "ana@celje.example" in page
    assert settings.SIMOS.secret("demo.password") in page


def test_one_sees_where_one_is_signed_in_and_signs_out_elsewhere() -> None:
    an_account()
    here, there = Client(), Client()
    assert try_password(here, PASSWORD) == try_password(there, PASSWORD) == 302
    assert text_of(here.get("/account/sessions/")).count("Brskalnik") == 2
    here.post("/account/sessions/")
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_name_and_language_are_ones_own_to_change() -> None:
    account = an_account()
    client = signed_in(account)
    client.post("/account/person/", {"name": "Ana Zupan", "language": "it"})
    account.refresh_from_db()
    assert (account.language, account.party.name) == ("it", "Ana Zupan")
    assert "Ana Zupan" in text_of(client.get("/celje/"))
    assert client.post("/account/person/", {"name": "x", "language": "xx"}).status_code == 200
    account.refresh_from_db()
    assert account.language == "it"

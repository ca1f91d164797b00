"""People make accounts, sign in by every way there is, see where they are signed in, and sign out: in the browser."""

import hashlib
import hmac
import re
import time
from base64 import b32decode
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from simos.testing.oidc import MockProvider
from tests.journeys.conftest import Look
from tests.journeys.signing_in import CITIZEN, OFFICER_IN_CELJE, demo_password, signed_in
from tests.journeys.test_every_page import COLOURS, axe, fits, without_names
from tests.journeys.watching import tab_to, words_in
from tests.running import Running, until

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery staple"
OF_NOBODY = ("signup/", "signup/passkey/", "password/reset/")
OWN = (
    "2fa/webauthn/add/", "2fa/totp/activate/", "2fa/recovery-codes/generate/",  # within minutes of the password
    "", "person/", "acting/", "mandates/", "email/", "password/change/", "2fa/", "2fa/webauthn/", "sessions/",
    "3rdparty/", "logout/", "reauthenticate/", "counter/celje/",
)  # fmt: skip
"""Pages of who is signed in."""
ALIKE = (OFFICER_IN_CELJE, "Marko Kovač", "Chrome", "EMŠO", "Password")
"""What these pages say alike in every language, beside names."""
PASSKEYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A phone or computer that keeps passkeys and always says yes."""

Mail = Callable[[str, str], str]


@pytest.fixture
def mail_to(platform: Running) -> Mail:
    """`mail_to(address, pattern)`: what the pattern finds in the newest mail to the address, once it has come."""
    seen: set[Path] = set()

    def read(address: str, pattern: str) -> str:
        found: list[str] = []

        def has_come() -> bool:
            for file in sorted(set((platform.home / "mail").glob("*.log")) - seen, key=lambda each: each.name):
                message = message_from_bytes(file.read_bytes(), policy=policy.default)
                body = message.get_body(("plain",))
                match = re.search(pattern, body.get_content() if body else "", re.MULTILINE)
                if message["To"] == address and match:
                    found.append(match[1])
                    seen.add(file)
            return bool(found)

        until(f"a mail to {address} with {pattern}", has_come)
        return found[-1]

    return read


CODE = r"^([A-Z0-9]{4}-[A-Z0-9]{4})$"


def someone() -> str:
    return f"{uuid4().hex[:12]}@example.si"


def send(page: Page, **values: str) -> None:
    """Fills in the main form and sends it by the keyboard."""
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)
    page.press(f"main [name={name}]", "Enter")


def registered(page: Page, email: str, mail_to: Mail, *, password: str = "") -> Page:
    """An account made by its holder, who is then signed in."""
    page.goto("/account/signup/")
    send(page, name="Vida Zupan", password1=password, email=email)
    page.wait_for_url("**/account/confirm-email/")
    send(page, code=mail_to(email, CODE))
    page.wait_for_url(lambda url: not url.endswith("/confirm-email/"))
    return at_home(page, email)


def at_home(page: Page, email: str) -> Page:
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text(email)
    return page


def sign_out(page: Page) -> None:
    page.goto("/account/")
    page.locator("main form[action='/account/logout/'] button").click()
    page.wait_for_url("**/")
    page.goto("/account/")
    assert "/account/login/" in page.url


def test_one_makes_an_account_and_comes_back_by_the_link_in_a_mail(look: Look, mail_to: Mail) -> None:
    email = someone()
    page = registered(look("/account/signup/", javascript=False), email, mail_to)
    expect(page.locator("main")).to_contain_text("Vida Zupan")
    sign_out(page)
    page.goto("/account/login/?next=/celje/")
    send(page, login=email)
    page.goto(mail_to(email, r"^(http://localhost:\S+code=\S+)$"))
    page.press("main [name=code]", "Enter")
    page.wait_for_url("**/celje/")
    at_home(page, email)


def test_one_signs_in_by_password_with_the_keyboard_alone(look: Look, platform: Running) -> None:
    page = look("/en/celje/")
    tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/account/login/**")
    tab_to(page, "E-mail address")
    page.keyboard.type(CITIZEN)
    tab_to(page, "Password (optional)")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    tab_to(page, "Password (optional)")
    page.keyboard.type(demo_password(platform))
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/celje/")
    page.goto("/en/account/")
    tab_to(page, "Sign out", most=80)
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/")


def test_one_keeps_a_passkey_and_signs_in_by_it(look: Look, mail_to: Mail) -> None:
    email = someone()
    page = look("/account/signup/")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEYS})
    registered(page, email, mail_to)
    page.goto("/account/2fa/webauthn/add/")
    page.fill("main [name=name]", "Telefon")
    page.check("main [name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto("/account/2fa/webauthn/")
    expect(page.locator("main .card")).to_contain_text("Telefon")
    sign_out(page)
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "/login/" not in url)
    at_home(page, email)


def test_a_passkey_that_is_not_there_is_said_on_the_page(look: Look) -> None:
    page = look("/en/account/login/")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEYS | {"isUserVerified": False}})
    page.click("#passkey_login")
    expect(page.get_by_role("alert")).to_be_visible()
    device.send("WebAuthn.removeVirtualAuthenticator", made)


def code_of(secret: str, moment: float) -> str:
    """What an authenticator app shows (RFC 6238)."""
    digest = hmac.digest(b32decode(secret), int(moment // 30).to_bytes(8, "big"), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def test_a_second_step_is_asked_for_and_a_recovery_code_stands_in_once(look: Look, mail_to: Mail) -> None:
    email = someone()
    page = registered(look("/account/signup/"), email, mail_to, password=PASSWORD)
    page.goto("/account/2fa/totp/activate/")
    send(page, password=PASSWORD)  # the session is new, but no password was asked for in it yet
    secret = page.input_value("#authenticator_secret")
    send(page, code=code_of(secret, time.time()))
    page.wait_for_url("**/recovery-codes/**")
    page.goto("/account/2fa/recovery-codes/")
    recovery = re.findall(r"\b[a-zA-Z0-9]{8}\b", page.input_value("main textarea"))[0]

    def second_step(code: str) -> None:
        sign_out(page)
        send(page, login=email, password=PASSWORD)
        page.wait_for_url("**/2fa/authenticate/**")
        send(page, code=code)

    second_step(code_of(secret, time.time()))
    page.wait_for_url(lambda url: "/authenticate/" not in url)
    at_home(page, email)
    second_step(recovery)
    page.wait_for_url(lambda url: "/authenticate/" not in url)
    at_home(page, email)
    second_step(recovery)
    expect(page.locator(".govuk-error-summary")).to_be_visible()


def test_one_comes_by_an_e_identity_and_stays_known(
    look: Look, mail_to: Mail, platform: Running, e_identity: MockProvider
) -> None:
    email = someone()
    e_identity.person = {"sub": uuid4().hex, "name": "Vida Zupan"}
    e_identity.acr = "http://eidas.europa.eu/LoA/substantial"
    page = look("/account/login/", leads_to=e_identity.url)
    for first in (True, False):
        page.get_by_role("button", name="SI-PASS").click()
        page.wait_for_url(lambda url: not url.endswith("/account/login/"))
        if first:
            send(page, email=email)
            page.wait_for_url("**/confirm-email/")
            send(page, code=mail_to(email, CODE))
            page.wait_for_url(lambda url: "/confirm-email/" not in url)
        expect(at_home(page, email).locator("main")).to_contain_text("raven srednja")
        expect(page.locator("main")).to_contain_text("Vida Zupan")
        sign_out(page)


def test_another_application_learns_who_one_is_after_asking(look: Look, platform: Running) -> None:
    back = "https://library.example/back"
    made = platform.simos("oidc", "client", "add", "Knjižnica", "--redirect", back).stdout
    client = re.search(r"client_id +(\S+)", made)
    assert client
    page = signed_in(look("/", leads_to="https://library.example"), CITIZEN, demo_password(platform))
    page.route("https://library.example/**", lambda route: route.fulfill(body="<h1>Welcome back</h1>"))
    challenge = {"code_challenge": "x" * 43, "code_challenge_method": "S256"}
    asked = {"client_id": client[1], "response_type": "code", "redirect_uri": back, "scope": "openid profile"}
    page.goto(f"/identity/o/authorize?{urlencode(asked | challenge | {'state': 's'})}")
    assert_whole(page)
    page.locator("main button[value=grant]").click()
    page.wait_for_url(f"{back}?*")
    assert re.search(r"[?&]code=[^&]+", page.url)


def test_one_ends_a_session_elsewhere_and_makes_a_forgotten_password_anew(look: Look, mail_to: Mail) -> None:
    email, other = someone(), "another horse battery staple"
    here = registered(look("/account/signup/"), email, mail_to, password=PASSWORD)
    there = look("/account/login/", javascript=False)
    send(there, login=email, password=PASSWORD)
    at_home(there, email)
    here.goto("/account/sessions/")
    expect(here.locator("main dl")).to_have_count(2)
    here.locator("main form button").click()
    expect(here.locator("main dl")).to_have_count(1)
    there.goto("/account/")
    assert "/account/login/" in there.url
    there.goto("/account/password/reset/")
    send(there, email=email)
    send(there, code=mail_to(email, CODE))
    send(there, password1=other, password2=other)
    there.wait_for_url(lambda url: "/reset/complete/" not in url)
    there.goto("/account/login/")
    send(there, login=email, password=PASSWORD)
    expect(there.locator(".govuk-error-summary")).to_be_visible()
    send(there, login=email, password=other)
    there.wait_for_url(lambda url: "/login/" not in url)
    at_home(there, email)


def assert_whole(page: Page) -> None:
    """axe finds nothing on a phone, in dark the contrast holds, and nothing scrolls sideways; one heading."""
    page.set_viewport_size({"width": 320, "height": 800})
    for scheme, options in (("light", None), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = axe.Axe().run(page, options=options)
        assert found.violations_count == 0, f"{page.url} {scheme}: {found.generate_report()}"
    assert fits(page), f"{page.url} scrolls sideways"
    assert page.get_by_role("heading", level=1).count() == 1


def test_pages_of_accounts_are_whole_in_every_language(look: Look, platform: Running) -> None:
    page = look("/")
    for address in OF_NOBODY:
        assert_like_the_others(page, address)
    signed_in(page, OFFICER_IN_CELJE, demo_password(platform))
    page.goto("/account/2fa/totp/activate/")
    send(page, password=demo_password(platform))  # who is about to change how one signs in is asked once more
    page.wait_for_url("**/2fa/totp/activate/")
    for address in OWN:
        assert_like_the_others(page, address)


def assert_like_the_others(page: Page, address: str) -> None:
    """The page is whole, and says the same in three languages."""
    words = {}
    for prefix in ("/en", "/it", ""):
        answer = page.goto(f"{prefix}/account/{address}")
        assert answer
        assert (answer.status, urlsplit(page.url).path) == (200, f"{prefix}/account/{address}"), page.url
        words[prefix] = words_in(answer.text())
        assert fits(page), f"{page.url} scrolls sideways"
    assert_whole(page)
    for one, other in (("", "/en"), ("", "/it"), ("/en", "/it")):
        alike = {text for text in words[one] & words[other] if without_names(text)}
        assert {text for text in alike if not any(name in text for name in ALIKE)} == set(), page.url

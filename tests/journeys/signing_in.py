"""How a journey signs in as one of the demo's people. Ways of signing in are themselves tested in test_accounts."""

from playwright.sync_api import Page

from tests.running import Running

CITIZEN = "ana@celje.example"
OFFICER_IN_CELJE = "marko@celje.example"
OFFICER_IN_KOPER = "giulia@koper.example"
ADMINISTRATOR = "skrbnik@simos.example"


def demo_password(platform: Running) -> str:
    """The one password of all accounts of the demo."""
    return (platform.home / "secrets" / "demo.password").read_text().strip()


def signed_in(page: Page, email: str, password: str) -> Page:
    """The page, with this person signed in by password and at their account's home; works without JavaScript too."""
    page.goto("/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: not url.endswith("/account/login/"))
    page.goto("/account/")
    assert page.url.endswith("/account/"), f"{email} was not signed in: {page.locator('main').inner_text()}"
    return page

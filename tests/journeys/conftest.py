"""One demo platform for all journeys, with parking in Celje (simulated) and in Koper (still: only tests send there)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from simos.testing.oidc import MockProvider, oidc_provider
from tests.browser import browser
from tests.journeys.watching import Faults, watch_faults
from tests.running import Running, free_port, running

__all__ = ["browser"]

KOPER = """code,name,kind,capacity,latitude,longitude,address
bonifika,Parkirišče Bonifika,lot,400,45.5440,13.7320,Ljubljanska cesta 6
trznica,Garaža Tržnica,garage,1250,45.5455,13.7290,
"""

Look = Callable[..., Page]


@pytest.fixture(scope="package")
def e_identity() -> Iterator[MockProvider]:
    """What plays a national e-identity."""
    with oidc_provider() as provider:
        yield provider


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory, e_identity: MockProvider) -> Iterator[Running]:
    """The platform of `simos serve --demo`, its simulator playing, Koper's two facilities, and an e-identity."""
    folder = tmp_path_factory.mktemp("journeys")
    secret = folder / "home" / "secrets" / "e-identity.secret"
    secret.parent.mkdir(parents=True, mode=0o700)
    secret.write_text(e_identity.client_secret)
    known = {"id": "e-identity", "name": "SI-PASS", "client_id": e_identity.client_id, "secret": secret.name}
    settings = {"SIMOS_E_IDENTITIES": json.dumps([known | {"server_url": e_identity.url}])}
    with running(folder / "home", arguments=("--demo",), mqtt_port=free_port(), settings=settings) as platform:
        for module in ("mobility/parking", "mobility/guidance"):
            platform.simos("city", "switch", "koper", module)
        enter_facilities(platform, "koper", KOPER, folder)
        yield platform


def enter_facilities(platform: Running, city: str, rows: str, folder: Path) -> None:
    """What an office does with its list of facilities."""
    file = folder / f"{city}.csv"
    file.write_text(rows)
    platform.simos("parking", "import", str(file), "--city", city)


@pytest.fixture
def look(platform: Running, browser: Browser) -> Iterator[Look]:
    """Opens watched pages: `look("/celje/", width=320, scheme="dark", javascript=False, interrupted=True)`.

    At the end no page may have said an error, broken its policy, or asked another host for anything. `interrupted`: the
    connection is cut on purpose, and the browser may say so. `leads_to`: another origin where the journey goes.
    """
    contexts: list[BrowserContext] = []
    faults: list[Faults] = []

    def open_page(
        path: str,
        *,
        width: int = 1280,
        scheme: str = "light",
        javascript: bool = True,
        interrupted: bool = False,
        leads_to: str = "",
    ) -> Page:
        context = browser.new_context(
            base_url=platform.url,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        contexts.append(context)
        faults.append(watch_faults(page, platform.url, interrupted=interrupted, leads_to=leads_to))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [each for found in faults for each in found] == []


@pytest.fixture(scope="package")
def sensor(platform: Running) -> str:
    """A token for Koper's parking sensors, as an operator makes one."""
    made = platform.simos(
        "hub", "token", "add", "--name", "sensors", "--tenant", "koper", "--type", "OffStreetParking", "--write"
    )
    return made.stdout.strip()


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Says something measured, past the capturing of output."""

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n    {text}")

    return say

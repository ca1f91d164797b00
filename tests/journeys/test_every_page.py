"""What holds on every page of the product, in each language, on a phone and a desk, in light and dark."""

import re
from itertools import combinations

import pytest
from playwright.sync_api import Browser, Page, Response

from simos.modules.mobility.guidance.demo import panels
from simos.modules.mobility.guidance.rules.words import short_name
from simos.modules.mobility.parking.demo import FACILITIES, STREETS
from simos.modules.mobility.parking.rules.avoided import DEFAULTS
from simos.platform.scopes.cities import CITIES
from tests.journeys.conftest import Look
from tests.journeys.watching import watch_faults, words_in
from tests.running import Running

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.browser

HEAVIEST = 150_000
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules of axe that depend on light or dark."""

PAGES = {
    "home": {"sl": "/", "en": "/en/"},
    "Celje": {"sl": "/celje/", "en": "/en/celje/"},
    "Celje's parking": {"sl": "/celje/parkiranje/", "en": "/en/celje/parking/"},
    "a facility in Celje": {"sl": "/celje/parkiranje/glazija/", "en": "/en/celje/parking/glazija/"},
    "the price of a stay": {"sl": "/celje/parkiranje/glazija/cena/", "en": "/en/celje/parking/glazija/price/"},
    "Celje's forecasts": {"sl": "/celje/parkiranje/napovedi/", "en": "/en/celje/parking/forecasts/"},
    "Celje's parking in use": {"sl": "/celje/parkiranje/uporaba/", "en": "/en/celje/parking/insight/"},
    "Celje's parking on the map": {"sl": "/celje/parkiranje/zemljevid/", "en": "/en/celje/parking/map/"},
    "where to park in Celje": {
        "sl": "/celje/parkiranje/kje-parkirati/?to=glazija",
        "en": "/en/celje/parking/where-to-park/?to=glazija",
    },
    "where to park in Koper": {
        "sl": "/koper/parkiranje/kje-parkirati/?to=xyzzy",
        "en": "/en/koper/parking/where-to-park/?to=xyzzy",
        "it": "/it/koper/parcheggio/dove-parcheggiare/?to=xyzzy",
    },
    "Koper": {"sl": "/koper/", "en": "/en/koper/", "it": "/it/koper/"},
    "Koper's parking": {"sl": "/koper/parkiranje/", "en": "/en/koper/parking/", "it": "/it/koper/parcheggio/"},
    "a facility in Koper": {
        "sl": "/koper/parkiranje/bonifika/",
        "en": "/en/koper/parking/bonifika/",
        "it": "/it/koper/parcheggio/bonifika/",
    },
    "Celje's panels": {"sl": "/celje/vodenje/", "en": "/en/celje/guidance/"},
    "a panel": {"sl": "/celje/vodenje/P03/", "en": "/en/celje/guidance/P03/"},
    "an information panel's screen": {
        "sl": "/celje/vodenje/I1/zaslon/?p=glazija",
        "en": "/en/celje/guidance/I1/screen/?p=glazija",
    },
    "Koper's panels": {"sl": "/koper/vodenje/", "en": "/en/koper/guidance/", "it": "/it/koper/guida/"},
    "a city without services": {"sl": "/ptuj/", "en": "/en/ptuj/"},
    "a life event": {
        "sl": "/koper/zivljenjski-dogodki/selitev/",
        "en": "/en/koper/life-events/moving/",
        "it": "/it/koper/eventi-della-vita/trasloco/",
    },
    "a guide": {
        "sl": "/koper/vodici/prijava-prebivalisca/",
        "en": "/en/koper/guides/register-residence/",
        "it": "/it/koper/guide/registrare-la-residenza/",
    },
    "questions": {"sl": "/celje/vodici/pogosta-vprasanja/", "en": "/en/celje/guides/questions/"},
    "news": {"sl": "/celje/novice/", "en": "/en/celje/news/"},
    "an accessibility statement": {
        "sl": "/koper/dostopnost/",
        "en": "/en/koper/accessibility/",
        "it": "/it/koper/accessibilita/",
    },
    "an opinion of a page": {
        "sl": "/koper/mnenje/?of=/koper/vodici/prijava-prebivalisca/&useful=no",
        "en": "/en/koper/opinion/?of=/en/koper/guides/register-residence/&useful=no",
        "it": "/it/koper/opinione/?of=/it/koper/guide/registrare-la-residenza/&useful=no",
    },
    "a search": {
        "sl": "/koper/iskanje/?q=xyzzy",
        "en": "/en/koper/search/?q=xyzzy",
        "it": "/it/koper/ricerca/?q=xyzzy",
    },
    "indicators": {
        "sl": "/koper/kazalniki/",
        "en": "/en/koper/indicators/",
        "it": "/it/koper/indicatori/",
    },
    "an indicator": {
        "sl": "/celje/kazalniki/portal/home/satisfaction-gained/",
        "en": "/en/celje/indicators/portal/home/satisfaction-gained/",
    },
    "open data of all cities": {"sl": "/odprti-podatki/", "en": "/en/open-data/", "it": "/it/dati-aperti/"},
    "Koper's open data": {
        "sl": "/koper/odprti-podatki/",
        "en": "/en/koper/open-data/",
        "it": "/it/koper/dati-aperti/",
    },
    "a data set": {
        "sl": "/celje/odprti-podatki/off-street-parking/",
        "en": "/en/celje/open-data/off-street-parking/",
    },
    "signing in": {"sl": "/account/login/", "en": "/en/account/login/", "it": "/it/account/login/"},
    "no connection": {"sl": "/brez-povezave/", "en": "/en/offline/", "it": "/it/senza-rete/"},
    "no page": {"sl": "/nowhere/", "en": "/en/nowhere/", "it": "/it/nowhere/"},
}
ADDRESSES = [address for each in PAGES.values() for address in each.values()]

WITH_MAP = {"Celje's parking on the map", "Celje's panels", "an information panel's screen"}
"""A map is heavy; the same things stand in a list on a page without it."""

NAMES = {
    *(name for _, name, *_ in (*FACILITIES, *STREETS)),
    *(name for panel in panels() for name in (panel.name, panel.street, panel.code)),
    *(line.label for panel in panels() for line in panel.lines),
    *(short_name(name, characters) for _, name, *_ in FACILITIES for characters in range(4, 20)),
    *("POLNO", "ZAPRTO"),
    *(city.name_sl for city in CITIES),
    *("gp.mdp@gov.si", "obcina@koper.si"),
    *("Parkirišče Bonifika", "Garaža Tržnica", "Ljubljanska cesta 6", "Koper/Capodistria", "Portal"),
    *("CSV", "JSON", "OffStreetParking"),
    *(assumption.source for assumption in DEFAULTS.values()),
    *("Slovenščina", "English", "Italiano", "SI-PASS", "Password", "SiMOS", "SiMOS –"),
    *("light dark", "width=device-width, initial-scale=1"),
}
"""What is written alike in every language."""


def test_faults_of_a_page_are_noticed(platform: Running, browser: Browser) -> None:
    page = browser.new_context(base_url=platform.url).new_page()
    faults = watch_faults(page, platform.url)
    page.goto("/")
    assert faults == []
    page.evaluate("import('https://elsewhere.invalid/x.js').catch(() => 0)")
    page.evaluate("console.error('an error')")
    page.goto("data:text/html,<img src='http://elsewhere.invalid/x.png'>")
    page.context.close()
    for said in ("Content Security Policy", "an error", "asked for http://elsewhere.invalid/x.png"):
        assert any(said in fault for fault in faults), faults


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_and_nothing_overflows(look: Look, address: str) -> None:
    page = look(address)
    checker = axe.Axe()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme, options in (("light", None), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found = checker.run(page, options=options)
            assert found.violations_count == 0, f"{address} {width} {scheme}: {found.generate_report()}"
            assert found.response["passes"]
        assert fits(page), f"{address} scrolls sideways at {width}"
    assert page.get_by_role("heading", level=1).count() == 1
    heading_first = "document.querySelector('h1').compareDocumentPosition(document.querySelector('.live-bar')) & 4"
    assert page.locator(".live-bar").count() == 0 or page.evaluate(heading_first)


@pytest.mark.parametrize("languages", PAGES.values(), ids=PAGES)
def test_nothing_is_left_in_another_language(platform: Running, languages: dict[str, str]) -> None:
    pages = {language: platform.get(address, Accept="text/html")[1].decode() for language, address in languages.items()}
    words = {language: words_in(page) for language, page in pages.items()}
    for one, other in combinations(pages, 2):
        assert f'lang="{one}"' in pages[one]
        assert len(words[one]) > 5
        assert {text for text in words[one] & words[other] if without_names(text)} == set(), f"in {one} as in {other}"


def without_names(text: str) -> str:
    """What is left of a text without names, numbers and signs."""
    for name in sorted(NAMES, key=len, reverse=True):
        text = text.replace(name, "")
    return "".join(re.findall(r"[^\W\d_]{2,}", text))


@pytest.mark.parametrize(
    "address", [*(each["sl"] for name, each in PAGES.items() if name not in WITH_MAP), "/account/login/"]
)
def test_a_page_is_light(look: Look, address: str) -> None:
    """What a page weighs is the size of all its files as they are unpacked, not as they travel: a telephone has to read
    them whole."""
    page = look("about:blank")
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if "event-stream" not in response.headers.get("content-type", ""):
            weights[response.url] = len(response.body())

    page.on("response", weigh)
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => true)")
    assert len(weights) > 3
    assert sum(weights.values()) < HEAVIEST, weights


@pytest.mark.parametrize("address", ["/en/celje/parking/", "/en/celje/parking/glazija/"])
def test_english_times_are_those_of_britain(look: Look, address: str) -> None:
    page = look(address)
    for summary in page.locator("details summary").all():
        summary.click()
    text = page.locator("body").inner_text()
    assert not re.search(r"noon|midnight|[ap]\.m\.|\b[AP]M\b|\.\.", text)
    assert re.search(r"\b([01][0-9]|2[0-3]):[0-5][0-9]\b", text)


@pytest.mark.parametrize("address", [PAGES["home"]["sl"], PAGES["Celje"]["sl"]])
def test_words_upon_a_picture_have_its_colour(look: Look, address: str) -> None:
    """axe cannot judge the contrast of words upon a gradient."""
    colours = "all => [...new Set(all.map(each => getComputedStyle(each).color))]"
    assert look(address).locator(".hero, .hero h1, .hero p").evaluate_all(colours) == ["rgb(255, 255, 255)"]

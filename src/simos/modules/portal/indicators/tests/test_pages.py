"""The pages as a citizen meets them: the value, its target, and where it comes from, in the page's language."""

import json
import re
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override

from simos.modules.portal.indicators.tests.conftest import PARKING, Two
from simos.modules.portal.indicators.tiles import tiles
from simos.platform.scopes.queries import city_of
from simos.testing.acting import in_city

ALL, SHARE = "/celje/kazalniki/", "/celje/kazalniki/mobility/parking/free-share/"
RATING = "/en/celje/indicators/mobility/parking/rating/"


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    visible = re.sub(r"(?s)<(script|style|title|head|svg).*?</\1>", " ", answer.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", visible)).split())


def test_all_indicators_stand_with_value_and_target(client: Client, measured: Two) -> None:
    said = seen(client, ALL)
    assert "Delež prostih mest Prosta mesta opoldne. 42,5 % februar 2026" in said
    assert "izid cilj ni dosežen cilj: 45 %" in said
    assert "Ocena Ocena iz ankete. 3,7 2025 učinek" in said
    assert PARKING.title.sl in said


def test_what_is_not_measured_yet_says_so(client: Client, two: Two) -> None:
    assert seen(client, ALL).count("Še ni izmerjeno") == 2
    assert "Nič še ni izmerjeno." in seen(client, SHARE)


def test_one_tells_where_its_values_come_from(client: Client, measured: Two) -> None:
    said = seen(client, SHARE)
    assert (
        "Vrednost za obdobje februar 2026 je bila izračunana 1. 3. 2026, 13:00 iz 1.234 podatkov (števci parkirišč)."
        in said
    )
    assert "Izračunano po različici izračuna 1 v sistemu SiMOS" in said
    assert "2025 30 % Sklep sveta 2026 45 % Sklep sveta" in said
    assert "december 2025 52,5 30" in said  # the drawing's twin: measured beside the target of its year


def test_a_replaced_value_stays_in_sight(client: Client, measured: Two) -> None:
    said = seen(client, RATING)
    assert "The value for 2025 was entered on 1 Mar 2026, 13:05 (entered by the city office)." in said
    assert "It replaced the value 3.5 of 1 Mar 2026, 13:00." in said
    assert "counts Prešteto znova" in said
    assert "replaced Anketa maja" in said
    assert "replaced Anketa maja" not in seen(client, f"{RATING}?rating-state=counts")


def test_values_can_be_taken_along(client: Client, measured: Two) -> None:
    answer = client.get(f"{RATING}?rating-as=json")
    rows = json.loads(b"".join(answer.streaming_content))
    assert [(row["period"], row["value"], row["state"]) for row in rows] == [
        ("2025-01-01", 3.7, "counts"),
        ("2025-01-01", 3.5, "replaced"),
    ]
    table = b"".join(client.get(f"{SHARE}?free-share-as=csv").streaming_content).decode()
    assert "2026-02-01,42.5,1234,števci parkirišč," in table


@pytest.mark.parametrize(
    "address",
    [
        "/koper/kazalniki/mobility/parking/free-share/",
        "/celje/kazalniki/mobility/parking/other/",
        "/it/celje/indicatori/",
    ],
)
def test_what_a_city_does_not_measure_is_not_there(client: Client, measured: Two, address: str) -> None:
    assert client.get(address).status_code == 404


def test_koper_reads_in_italian(client: Client, measured: Two) -> None:
    assert "Che cosa ottengono i servizi della città" in seen(client, "/it/koper/indicatori/")


def test_the_home_tells_how_many_are_on_target(client: Client, measured: Two) -> None:
    with in_city("celje"), override("sl"):
        tile = next(iter(tiles(city_of("celje"))))
    assert (tile.value, tile.about, tile.address) == (0, "od 1", ALL)


def test_the_home_says_nothing_before_there_is_a_value(two: Two) -> None:
    with in_city("celje"), override("sl"):
        assert list(tiles(city_of("celje"))) == []


def test_programs_read_values_with_their_lineage(client: Client, measured: Two) -> None:
    found = client.get("/api/portal/indicators/celje/indicators").json()
    assert [(each["name"], each["newest"]["value"]) for each in found] == [("free-share", 42.5), ("rating", 3.7)]
    assert found[0]["targets"][1] == {
        "year": 2026,
        "value": 45.0,
        "source": {"sl": "Sklep sveta", "en": "Decision of the council", "it": "Decisione del consiglio"},
    }
    address = "/api/portal/indicators/celje/indicators/mobility/parking/rating/values"
    assert [each["value"] for each in client.get(address).json()] == [3.7]
    assert [each["value"] for each in client.get(f"{address}?replaced=true").json()] == [3.7, 3.5]
    assert client.get(address.replace("rating", "other")).status_code == 404
    assert client.get("/api/portal/indicators/koper/indicators").json() == []

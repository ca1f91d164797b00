"""A data set as files: the present and the past, in each form, whole; counted without knowing who."""

import csv
import json
from io import BytesIO, StringIO
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client

from simos.hub.client import HubClient
from simos.modules.data.catalogue.queries import downloads_of
from simos.modules.data.catalogue.tests.conftest import CELJE, NOW
from simos.modules.data.catalogue.values import Downloads
from simos.platform.scopes.acting import acting
from simos.testing.acting import SYSTEM

BASE = "/api/data/catalogue/celje/data-sets/off-street-parking/"


def taken(file: str, **parameters: str) -> bytes:
    answer: Any = Client().get(f"{BASE}{file}", parameters)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def test_the_present_is_the_same_in_all_forms(celje: HubClient) -> None:
    rows = list(csv.DictReader(StringIO(taken("now.csv", lang="en").decode())))
    features = json.loads(taken("now.geojson", lang="en"))["features"]
    table = pq.read_table(BytesIO(taken("now.parquet", lang="en"))).to_pylist()
    names = ["Car park glazija", "Car park mariborska"]
    assert [row["name"] for row in rows] == names == [each["name"] for each in table]
    assert [each["properties"]["name"] for each in features] == names
    assert [row["availableSpotNumber"] for row in rows] == ["30", "7"]
    assert [each["availableSpotNumber"] for each in table] == [30.0, 7.0]
    assert (rows[0]["longitude"], rows[0]["latitude"], rows[1]["longitude"]) == ("15.26", "46.23", "")
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [15.26, 46.23]}
    assert rows[0]["address"] == "'=cmd()"  # no formula for whoever opens it in a spreadsheet


def test_history_is_that_of_the_period(celje: HubClient) -> None:
    rows = list(csv.DictReader(StringIO(taken("history.csv", since="2026-11-01", until="2026-11-09").decode())))
    free = [(row["id"].rpartition(":")[2], row["value"]) for row in rows if row["attribute"] == "availableSpotNumber"]
    assert free == [("glazija", "12"), ("mariborska", "7")]
    table = pq.read_table(BytesIO(taken("history.parquet", since="2026-11-01", until="2026-11-09")))
    numbers = [each["number"] for each in table.to_pylist() if each["attribute"] == "availableSpotNumber"]
    assert numbers == [12.0, 7.0]


@pytest.mark.parametrize(
    ("file", "parameters", "status"),
    [
        ("now.xlsx", {}, 404),
        ("history.csv", {"since": "2026-11-09", "until": "2026-11-01"}, 422),
        ("history.csv", {"since": "2020-01-01"}, 422),
        ("history.csv", {"since": "yesterday"}, 422),
        ("history.csv", {"since": "2026-11-01T00:00:00"}, 422),
    ],
)
def test_what_there_is_not_is_refused(celje: HubClient, file: str, parameters: dict[str, str], status: int) -> None:
    assert Client().get(f"{BASE}{file}", parameters).status_code == status


def test_downloads_are_counted_by_day(celje: HubClient) -> None:
    for _ in range(3):
        taken("now.csv")
    Client().head(f"{BASE}now.csv")
    with acting(SYSTEM, CELJE):
        assert downloads_of("off-street-parking", now=NOW) == Downloads(month=3, ever=3)
        assert downloads_of("parking-spot", now=NOW) == Downloads()


@pytest.mark.parametrize("address", ["celje/data-sets/secret", "koper/data-sets/off-street-parking/now.csv"])
def test_what_is_closed_or_off_is_no_data_set(celje: HubClient, address: str) -> None:
    assert Client().get(f"/api/data/catalogue/{address}").status_code == 404

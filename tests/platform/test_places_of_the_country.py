"""Places with the real files of the register: all rows fit, and known points lie where they should."""

import csv
import json

import pytest

from simos.kernel.acting import FEDERATION
from simos.kernel.clock import now
from simos.kernel.geo import Point
from simos.platform.places.actions import import_places
from simos.platform.places.areas import holds
from simos.platform.places.grid import from_grid
from simos.platform.places.models import Place
from simos.platform.places.queries import place_at, search
from simos.platform.places.reading import table_in
from simos.platform.places.values import Kind
from simos.testing.acting import SYSTEM

pytestmark = [pytest.mark.data, pytest.mark.django_db]


@pytest.fixture
def folder(shared_data):
    return shared_data / "geo"


def put(*paths):
    return import_places(FEDERATION, [table_in(path) for path in paths], by=SYSTEM, at=now())


@pytest.mark.parametrize("name", ["gurs-rpe-ODO_CM-city-quarters", "gurs-rpe-SR-statistical-regions-simplified"])
def test_the_registers_metres_are_of_the_new_grid(folder, name):
    document = json.loads((folder / f"{name}.geojson").read_text(encoding="utf-8"))
    for feature in document["features"]:
        about = feature["properties"]
        assert holds(feature["geometry"], from_grid(about["CEN_E"], about["CEN_N"])), about


def test_the_whole_country(folder):
    imported = put(
        *folder.glob("gurs-rpe-*.csv"), *folder.glob("gurs-rpe-*.geojson"), folder / "municipalities-osm.geojson"
    )
    assert [each.errors for each in imported] == [()] * len(imported)
    kinds = Place.objects.order_by().values_list("kind", flat=True)
    assert {kind: list(kinds).count(kind) for kind in set(kinds)} == {
        "region": 12,
        "administrative-unit": 58,
        "municipality": 212,
        "quarter": 1247,
        "settlement": 6035,
        "postal-district": 466,
    }
    assert Place.objects.filter(kind=Kind.MUNICIPALITY, city__isnull=False).count() == 12
    assert not Place.objects.filter(kind=Kind.QUARTER, municipality=None).exists()

    castle = place_at(Point(14.5083, 46.0489))
    assert (str(castle.municipality), str(castle.quarter), str(castle.region)) == (
        "Ljubljana",
        "Četrtna skupnost Center",
        "Osrednjeslovenska",
    )
    assert place_at(Point(12.5, 46.0)).municipality is None
    lendva = search("lendva", limit=1)[0]
    assert (lendva.name, lendva.other_name) == ("Lendava", "Lendva")
    assert search("novo m", limit=1)[0].city == "novo-mesto"

    with (folder / "gurs-rpe-OB.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    astray = [
        row["OB_UIME"]
        for row in rows
        if str(place_at(from_grid(float(row["CEN_E"]), float(row["CEN_N"]))).municipality) != row["OB_UIME"]
    ]
    assert astray == []

"""OGC API - Features, Part 1 (OGC 17-069r4): what its core, GeoJSON and OpenAPI 3.0 classes ask of a server."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import urllib3

from tests.conformance.ngsild.asking import Client, fresh_tenant

PARKING = "OffStreetParking"
FOREIGN = "https://smartdatamodels.org/dataModel.Parking/OffStreetParking"
PLACES = {"glazija": (15.262, 46.235), "gasilski-dom": (15.268, 46.232), "mariborska": (15.301, 46.249)}


def lot(number: int, code: str, at: str) -> dict[str, Any]:
    return {
        "id": f"urn:ngsi-ld:{PARKING}:{code}",
        "type": PARKING,
        "name": {"type": "LanguageProperty", "languageMap": {"sl": f"Parkirišče {code}", "en": f"Car park {code}"}},
        "availableSpotNumber": {"type": "Property", "value": number, "observedAt": at, "unitCode": "C62"},
        "category": {"type": "Property", "value": ["public", "parkingLot"]},
        "isOpen": {"type": "Property", "value": number > 0},
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": PLACES[code]}},
        "refZone": {"type": "Relationship", "object": "urn:ngsi-ld:Zone:1"},
    }


class Features:
    """Asks the features of one tenant."""

    def __init__(self, base: str, tenant: str) -> None:
        self.base, self.hub, self.pool = f"{base}/ogc/{tenant}", Client(base, tenant), urllib3.PoolManager()

    def ask(self, path: str = "", **headers: str) -> urllib3.BaseHTTPResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        address = path if path.startswith("http") else self.base + path
        return self.pool.request("GET", address, headers=named, retries=False)

    def get(self, path: str = "", **headers: str) -> Any:
        answer = self.ask(path, **headers)
        assert answer.status == 200, answer.data
        return answer.json()

    def ids(self, query: str) -> list[str]:
        found = self.get(f"/collections/{PARKING}/items?{query}")
        return [each["id"].rpartition(":")[2] for each in found["features"]]


@pytest.fixture(scope="module")
def city(hub_address: str) -> Iterator[Features]:
    """Three car parks, one that lies nowhere, and one of another vocabulary that calls itself the same."""
    found = Features(hub_address, fresh_tenant())
    lots = [lot(n, code, f"2026-0{n + 1}-01T08:00:00Z") for n, code in enumerate(PLACES)]
    nowhere = lot(7, "glazija", "2026-09-01T08:00:00Z") | {"id": f"urn:ngsi-ld:{PARKING}:nowhere"}
    del nowhere["location"]
    other = {"id": "urn:other", "type": FOREIGN, "name": {"type": "Property", "value": "Other"}}
    found.hub.done("POST", "/entityOperations/create", [*lots, nowhere, other])
    return found


def rels(links: list[dict[str, str]]) -> Mapping[str, dict[str, str]]:
    return {each["rel"]: each for each in links}


def test_the_first_page_leads_everywhere(city: Features) -> None:
    links = rels(city.get("/")["links"])
    assert {"self", "service-desc", "conformance", "data"} <= links.keys()
    for each in links.values():
        assert city.ask(each["href"]).headers["content-type"] == each["type"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in city.get("/conformance")["conformsTo"]


def test_each_type_is_a_collection_with_a_name_of_its_own(city: Features) -> None:
    found = city.get("/collections")["collections"]
    ids = [each["id"] for each in found]
    assert len(ids) == 2
    assert PARKING in ids
    for each in found:
        assert city.get(f"/collections/{each['id']}") == each
        items = city.get(rels(each["links"])["items"]["href"])
        assert items["numberMatched"] == (4 if each["id"] == PARKING else 1)
    assert city.ask("/collections/Bus").status == 404


def test_a_feature_is_the_thing_with_plain_values(city: Features) -> None:
    answer = city.ask(f"/collections/{PARKING}/items/urn:ngsi-ld:{PARKING}:mariborska", Accept_Language="en")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    feature = answer.json()
    assert feature["geometry"] == {"type": "Point", "coordinates": list(PLACES["mariborska"])}
    assert feature["properties"] == {
        "observedAt": "2026-03-01T08:00:00Z",
        "name": "Car park mariborska",
        "availableSpotNumber": 2,
        "category": ["public", "parkingLot"],
        "isOpen": True,
        "refZone": "urn:ngsi-ld:Zone:1",
    }
    assert {"self", "collection"} <= rels(feature["links"]).keys()
    nowhere = city.get(f"/collections/{PARKING}/items/urn:ngsi-ld:{PARKING}:nowhere")
    assert nowhere["geometry"] is None
    assert city.ask(f"/collections/{PARKING}/items/urn:other").status == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bbox=15.26,46.23,15.27,46.24", ["gasilski-dom", "glazija"]),
        ("bbox=15.26,46.23,-10,15.27,46.24,4000", ["gasilski-dom", "glazija"]),
        ("bbox=15.262,46.235,15.262,46.235", ["glazija"]),
        ("bbox=170,-90,15.265,90", ["glazija"]),
        ("bbox=-180,-90,180,90", ["gasilski-dom", "glazija", "mariborska"]),
        ("bbox=0,0,1,1", []),
        ("datetime=2026-02-01T08:00:00Z", ["gasilski-dom"]),
        ("datetime=2026-02-01T09:00:00%2B01:00", ["gasilski-dom"]),
        ("datetime=2026-02-01", ["gasilski-dom"]),
        ("datetime=2026-02-01T00:00:00Z/..", ["gasilski-dom", "mariborska", "nowhere"]),
        ("datetime=/2026-02-01", ["gasilski-dom", "glazija"]),
        ("availableSpotNumber=2", ["mariborska"]),
        ("isOpen=false", ["glazija"]),
        ("category=parkingLot&name=Parkirišče%20glazija", ["glazija", "nowhere"]),
        ("refZone=urn:ngsi-ld:Zone:1&bbox=15.3,46,15.4,47", ["mariborska"]),
    ],
)
def test_features_are_chosen_by_place_time_and_value(city: Features, query: str, expected: list[str]) -> None:
    assert city.ids(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        *("bbox=1,2,3", "bbox=1,2,3,nan", "bbox=1,9,3,2", "datetime=yesterday", "datetime=..%2F..", "limit=0"),
        *("datetime=2026-02-01T08:00:00", "datetime=2026-03-01/2026-02-01", "limit=ten", "offset=-1", "nonsense=1"),
        *("f=html", "bbox=1,2,3,4&bbox=1,2,3,4"),
    ],
)
def test_what_makes_no_sense_is_refused(city: Features, query: str) -> None:
    answer = city.ask(f"/collections/{PARKING}/items?{query}")
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")


def test_pages_follow_one_another_to_the_end(city: Features) -> None:
    address, found = f"{city.base}/collections/{PARKING}/items?limit=2&refZone=urn:ngsi-ld:Zone:1", []
    while address:
        page = city.get(address)
        assert (page["numberMatched"], page["numberReturned"]) == (4, 2)
        found += [each["id"] for each in page["features"]]
        address = rels(page["links"]).get("next", {}).get("href", "")
    assert len(found) == len(set(found)) == 4
    assert "limit=2" in rels(page["links"])["prev"]["href"]
    assert len(city.get(f"/collections/{PARKING}/items?limit=999999999")["features"]) == 4


def test_the_description_names_what_is_there(city: Features) -> None:
    document = city.get("/api")
    assert document["openapi"].startswith("3.0")
    for path in document["paths"]:
        filled = path.format(collectionId=PARKING, featureId=f"urn:ngsi-ld:{PARKING}:glazija")
        assert city.ask(filled).status == 200, path
    queryables = city.get(f"/collections/{PARKING}/queryables")["properties"]
    assert {"availableSpotNumber", "category", "isOpen", "name", "refZone"} == queryables.keys()


def test_another_city_is_another_address(city: Features) -> None:
    assert city.ask(f"{city.base}x/collections").status == 404
    assert city.ask("/collections?x=1").status == 400
    assert city.ask("/collections", Accept="text/html").status == 406

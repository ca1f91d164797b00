"""Clients that others have written for the standards read and write the hub, unchanged."""

from urllib.parse import urlsplit

from tests.conformance.ngsild.asking import Client
from tests.foreign.conftest import Run


def test_ngsildclient_does_what_its_users_do(foreign_hub: str, client: Run) -> None:
    told = client("by_ngsildclient", str(urlsplit(foreign_hub).port), "orange")
    assert told == {
        "created": True,
        "there": True,
        "as sent": True,
        "upserted": True,
        "batch": 150,
        "again": 150,
        "updated": 3,
        "count": 151,
        "all": 151,
        "some": ["urn:ngsi-ld:AirQualityObserved:Celje:150", "urn:ngsi-ld:AirQualityObserved:Celje:151"],
        "by body": 1,
        "types": ["AirQualityObserved"],
        "subscription": True,
        "listed": ["pm"],
        "ended": True,
        "history": [[10, "2026-11-01T08:00:00Z"], [99, "2026-11-01T09:00:00Z"]],
        "span": [[[99, "2026-11-01T09:00:00Z"]]],
        "greatest": [99],
        "contexts": 1,
        "left": 0,
        "gone": True,
    }


def test_owslib_reads_a_city_as_features(foreign_hub: str, client: Run) -> None:
    city = Client(foreign_hub, "maps")
    for number in range(1, 5):
        where = {"type": "Point", "coordinates": [15 + number / 4, 46 + number / 8]}
        location, seats = {"type": "GeoProperty", "value": where}, {"type": "Property", "value": number}
        bench = {"id": f"urn:ngsi-ld:Bench:{number}", "type": "Bench", "seats": seats, "location": location}
        city.done("POST", "/entities", bench)
    told = client("by_owslib", f"{foreign_hub}/ogc/maps")
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in told.pop("conforms")
    assert told.pop("openapi").startswith("3.0")
    assert told == {
        "collection": "Bench",
        "properties": ["seats"],
        "all": 4,
        "page": 2,
        "near": ["urn:ngsi-ld:Bench:1"],
        "one": {"type": "Point", "coordinates": [15.25, 46.125]},
    }


def test_frost_sta_client_reads_observations_page_by_page(foreign_hub: str, client: Run) -> None:
    city = Client(foreign_hub, "meters")
    for value in range(8):
        at = f"2026-11-01T0{value}:00:00Z"
        volume = {"type": "Property", "value": value, "observedAt": at, "unitCode": "MTQ"}
        where = {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [14.25, 46.5]}}
        meters = [
            {"id": f"urn:ngsi-ld:Meter:{number}", "type": "Meter", "volume": volume, "location": where}
            for number in (1, 2, 3)
        ]
        city.done("POST", "/entityOperations/upsert", meters)
    assert client("by_frost", f"{foreign_hub}/sensorthings/meters/v1.1") == {
        "things": [f"urn:ngsi-ld:Meter:{number}" for number in (1, 2, 3)],
        "thing": "urn:ngsi-ld:Meter:2",
        "property": "volume",
        "unit": "MTQ",
        "results": [7, 6, 5, 4, 3],
        "location": [[14.25, 46.5]],
    }

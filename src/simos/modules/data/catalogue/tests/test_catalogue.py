"""The catalogue for people and for portals: pages, DCAT-AP, CKAN."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from rdflib import Graph
from rdflib.namespace import DCAT, DCTERMS, RDF

from simos.hub.client import HubClient

API = "/api/data/catalogue"


def ckan(action: str, place: str = "consortium", **parameters: object) -> Any:
    answer = Client().post(f"{API}/{place}/ckan/api/3/action/{action}", parameters, content_type="application/json")
    return answer.json()


def test_a_city_shows_what_it_gives_away(celje: HubClient) -> None:
    page = Client().get("/en/celje/open-data/").content.decode()
    assert "/en/celje/open-data/off-street-parking/" in page
    assert "Secret" not in page
    one = Client().get("/en/celje/open-data/off-street-parking/").content.decode()
    for said in ("CC BY 4.0", "availableSpotNumber", "Free spaces", "100 %", "50 %", "now.parquet", "/ogc/celje/"):
        assert said in one, said
    assert "/en/celje/parking/data/" in one  # the service's own forms
    assert "/en/celje/open-data/off-street-parking/" in Client().get("/en/celje/parking/data/").content.decode()
    assert Client().get("/en/celje/open-data/secret/").status_code == 404
    assert "no data yet" in Client().get("/en/koper/open-data/").content.decode()
    assert "/it/koper/dati-aperti/" in Client().get("/it/dati-aperti/").content.decode()


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/ld+json"),
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml;q=0.9, text/html;q=0.1", "application/rdf+xml"),
    ],
)
def test_dcat_comes_in_the_form_that_is_liked(celje: HubClient, accept: str, kind: str) -> None:
    answer = Client().get(f"{API}/celje/dcat", headers={"Accept": accept} if accept else {})
    assert answer["Content-Type"] == kind
    graph = Graph().parse(data=answer.content, format=kind)
    sets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(sets) == 6
    for each in graph.subjects(RDF.type, DCAT.Distribution):
        assert graph.value(each, DCTERMS.license), each


@pytest.mark.data
def test_dcat_keeps_the_shapes_of_dcat_ap(celje: HubClient, shared_data: Path) -> None:
    from pyshacl import validate

    shapes = Graph()
    for name in ("shapes.ttl", "range.ttl"):
        shapes.parse(shared_data / "standards" / "dcat-ap" / name)
    for place in ("celje", "consortium"):
        graph = Graph().parse(data=Client().get(f"{API}/{place}/dcat/catalogue.ttl").content, format="turtle")
        good, _, said = validate(graph, shacl_graph=shapes)
        assert good, said
    graph.remove((None, DCTERMS.title, None))
    assert not validate(graph, shacl_graph=shapes)[0]


def test_a_portal_harvests_by_ckan(celje: HubClient) -> None:
    names = ckan("package_list")["result"]
    assert "celje-off-street-parking" in names
    package = ckan("package_show", id="celje-off-street-parking")["result"]
    assert package["license_id"] == "CC-BY-4.0"
    assert ckan("package_show", id=package["id"])["result"] == package
    assert {each["format"] for each in package["resources"]} == {"CSV", "GeoJSON", "Parquet"}
    for each in package["resources"]:
        assert Client().get(each["url"].removeprefix("http://testserver")).status_code == 200
        assert ckan("resource_show", id=each["id"])["result"] == each
    assert ckan("organization_list")["result"] == ["celje"]
    celje_city = ckan("organization_show", id="celje", include_datasets=True)["result"]
    assert celje_city["package_count"] == len(celje_city["packages"]) == len(names)
    assert ckan("group_list")["result"] == ["mobility-parking"]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 6),
        ({"q": "OB CESTI celje"}, 1),
        ({"q": "*:*", "fq": "organization:celje", "rows": 2}, 6),
        ({"fq": 'organization:"koper"'}, 0),
        ({"fq": "res_format:CSV groups:mobility-parking", "start": 5}, 6),
    ],
)
def test_a_portal_searches(celje: HubClient, asked: dict[str, Any], count: int) -> None:
    found = ckan("package_search", **asked)["result"]
    assert found["count"] == count
    assert len(found["results"]) == min(int(asked.get("rows", 10)), max(0, count - int(asked.get("start", 0))))


@pytest.mark.parametrize(
    ("action", "asked", "status", "kind"),
    [
        ("package_show", {}, 409, "Validation Error"),
        ("package_show", {"id": "nowhere"}, 404, "Not Found Error"),
        ("package_search", {"fq": "colour:red"}, 409, "Validation Error"),
        ("package_search", {"rows": "many"}, 409, "Validation Error"),
        ("package_create", {"name": "x"}, 400, ""),
    ],
)
def test_refusals_are_ckans(celje: HubClient, action: str, asked: dict[str, Any], status: int, kind: str) -> None:
    answer = Client().get(f"{API}/celje/ckan/api/action/{action}", asked)
    assert answer.status_code == status
    body = json.loads(answer.content)
    if kind:
        assert (body["success"], body["error"]["__type"]) == (False, kind)
    else:
        assert body == "Bad request - Action name not known: package_create"

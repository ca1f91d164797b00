"""What a visitor gets: pages in each language of the city, and a word in place of each refusal."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import override

from simos.kernel.clock import now
from simos.platform.scopes.models import City, CityModule
from simos.web.problems import csrf_failure


@pytest.mark.parametrize(
    "address",
    [
        "/celje/parkirisca/",
        "/en/celje/car-parks/",
        "/it/koper/parcheggi/",
        "/celje/parkirisca/glazija/zgodovina/",
        "/en/celje/car-parks/glazija/history/",
        "/it/koper/parcheggi/glazija/history/",
    ],
)
def test_each_page_has_its_address_in_each_language(site: Client, address: str) -> None:
    assert site.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/",
        "/kranj/parkirisca/",
        "/it/celje/",
        "/it/celje/parcheggi/",
        "/celje/car-parks/",
        "/en/celje/parkirisca/",
        "/en/nowhere/",
        "/celje/nothing/",
        "/hu/celje/",
    ],
)
def test_what_is_not_there_is_not_found(site: Client, address: str) -> None:
    answer = site.get(address)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert "no-store" in answer["Cache-Control"]


def test_a_page_of_a_module_goes_when_the_module_is_switched_off(site: Client) -> None:
    CityModule.objects.filter(city_id="celje").delete()
    assert site.get("/celje/parkirisca/").status_code == 404
    assert site.get("/koper/parkirisca/").status_code == 200


def test_a_view_acts_in_its_city(site: Client) -> None:
    page = site.get("/koper/parkirisca/").content.decode()
    assert re.search(r"Actor\(.*channel=&lt;Channel.WEB.*Scope\(.*koper", page)


def test_the_switch_leads_to_the_same_page_in_the_other_languages(site: Client) -> None:
    page = site.get("/koper/parkirisca/glazija/zgodovina/?teden=3").content.decode()
    assert '<a href="/en/koper/car-parks/glazija/history/?teden=3" lang="en" hreflang="en"' in page
    assert '<a href="/it/koper/parcheggi/glazija/history/?teden=3" lang="it" hreflang="it"' in page
    assert '<span lang="sl" aria-current="true">Slovenščina</span>' in page
    assert 'rel="alternate" hreflang="en" href="http://testserver/en/koper/car-parks/glazija/history/' in page
    assert 'hreflang="it"' not in site.get("/celje/parkirisca/").content.decode()


def test_the_way_back_leads_over_the_citys_home(site: Client) -> None:
    page = site.get("/celje/parkirisca/glazija/zgodovina/").content.decode()
    crumbs = re.findall(r'govuk-breadcrumbs__link" href="([^"]*)">([^<]*)', page)
    assert crumbs == [("/celje/", "Celje"), ("/celje/parkirisca/", "Parkirišča")]
    assert "govuk-breadcrumbs" not in site.get("/celje/").content.decode()


def test_demo_data_and_a_replayed_clock_are_said_above_the_page(site: Client) -> None:
    assert "Prikazni podatki" in site.get("/celje/parkirisca/").content.decode()
    assert 'aria-label="O podatkih"' not in site.get("/celje/").content.decode()
    assert "Prikazni podatki" not in site.get("/celje/").content.decode()
    shown = datetime(2025, 9, 3, 8, 30, tzinfo=UTC)
    City.objects.filter(code="celje").update(clock_real_at=now(), clock_shown_at=shown, clock_speed=0)
    assert "ura mesta kaže 3. september 2025, 10:30" in site.get("/celje/").content.decode()
    assert "the city’s clock shows 3 September 2025, 10:30" in site.get("/en/celje/").content.decode()


def test_a_live_page_reads_without_javascript_and_reloads_only_if_asked(site: Client) -> None:
    page = site.get("/celje/parkirisca/").content.decode()
    assert 'data-live-stream="/hub/live?tenant=celje" data-live-from="e1:7"' in page
    assert ">132</span>" in page
    assert 'http-equiv="refresh"' not in page
    assert 'href="?refresh=60"' in page
    asked = site.get("/celje/parkirisca/?refresh=60").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in asked
    assert 'href="/celje/parkirisca/">' in asked


def test_no_page_has_code_or_style_in_it(site: Client) -> None:
    for address in ("/", "/celje/", "/celje/parkirisca/", "/celje/parkirisca/glazija/zgodovina/", "/nowhere/"):
        answer = site.get(address)
        page = answer.content.decode()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page), address
        assert all("src=" in script for script in re.findall(r"<script[^>]*>", page)), address
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_devices_are_closed_to_pages(site: Client) -> None:
    answer = site.get("/celje/")
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"


def test_a_refusal_is_a_page_in_words_for_people(site: Client) -> None:
    answer = site.get("/celje/parkirisca/zaseden/")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nekdo je to medtem spremenil" in page
    assert "Officer B changed the row at 10:30." in page
    assert 'href="/celje/"' in page


def test_a_refusal_is_a_problem_document_for_programs(site: Client) -> None:
    answer = site.get("/celje/parkirisca/zaseden/", headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["status"] == 409
    assert body["detail"] == "Officer B changed the row at 10:30."
    unknown = site.get("/api/mobility/nothing", headers={"accept": "text/html"})
    assert (unknown.status_code, unknown["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(unknown.content) == {"type": "about:blank", "title": "Not found", "status": 404}


def test_a_broken_page_says_so_without_saying_why(site: Client) -> None:
    answer = site.get("/en/celje/car-parks/broken/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Something went wrong on our side" in page
    assert "planted" not in page


def test_a_form_without_its_token_is_refused_in_words(site: Client) -> None:
    with override("sl"):
        answer = csrf_failure(RequestFactory().post("/celje/"), "no cookie")
    assert answer.status_code == 403
    assert "no cookie" not in answer.content.decode()

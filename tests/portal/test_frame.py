"""What stands on every page, and the files at the root: notices, the installable portal, what may be kept offline."""

import json
from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from PIL import Image

from simos.kernel.errors import Forbidden, Invalid
from simos.modules.portal.home.actions.notices import post_notice, withdraw_notice
from simos.platform.scopes.models import City
from simos.testing.acting import SYSTEM, in_city, officer
from tests.portal.conftest import CELJE, KOPER, NOW

FLOOD = {
    "gravity": "crisis",
    "title_sl": "Poplavna nevarnost",
    "title_en": "Danger of flooding",
    "starts_at": NOW - timedelta(hours=1),
    "ends_at": NOW + timedelta(hours=5),
}


@pytest.mark.django_db
def test_a_notice_stands_above_every_page_of_its_city_from_and_until(visitor: Client) -> None:
    by = officer(CELJE, "notice-officer")
    notice = post_notice(CELJE, None, FLOOD, by=by, at=NOW)
    assert "Poplavna nevarnost" in visitor.get("/celje/").content.decode()
    assert "Danger of flooding" in visitor.get("/en/celje/search/").content.decode()
    for address in ("/", "/koper/"):
        assert "Poplavna nevarnost" not in visitor.get(address).content.decode()
    with in_city("celje"):
        post_notice(CELJE, notice, FLOOD | {"starts_at": NOW + timedelta(hours=1)}, by=by, at=NOW)
    assert "Poplavna nevarnost" not in visitor.get("/celje/").content.decode()
    with in_city("celje"):
        withdraw_notice(CELJE, notice, by=by, at=NOW)


@pytest.mark.django_db
def test_who_may_not_and_what_cannot_be_is_refused() -> None:
    with pytest.raises(Forbidden):
        post_notice(CELJE, None, FLOOD, by=officer(KOPER, "notice-officer"), at=NOW)
    with pytest.raises(Invalid):
        post_notice(CELJE, None, FLOOD | {"ends_at": FLOOD["starts_at"]}, by=SYSTEM, at=NOW)


@pytest.mark.django_db
def test_a_page_stands_though_what_frames_it_cannot_be_read(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(city: City | None) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr("simos.modules.portal.home.root.notices_now", broken)
    monkeypatch.setattr("simos.modules.portal.home.root.footer_of", broken)
    assert visitor.get("/celje/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("prefix", "name"), [("", "Koper"), ("/it", "Capodistria")])
def test_a_city_can_be_installed_with_its_name_and_icons(visitor: Client, prefix: str, name: str) -> None:
    page = visitor.get(f"{prefix}/koper/").content.decode()
    assert f'<link rel="manifest" href="{prefix}/koper/app.webmanifest">' in page
    answer = visitor.get(f"{prefix}/koper/app.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    body = json.loads(answer.content)
    assert body["short_name"] == name
    assert body["start_url"] == f"{prefix}/koper/"
    assert {each["sizes"] for each in body["icons"]} == {"192x192", "512x512"}
    for each in body["icons"]:
        image = Image.open(BytesIO(visitor.get(each["src"]).content))
        assert f"{image.width}x{image.height}" == each["sizes"]
        assert len(image.getcolors(1_000_000) or ()) > 1  # there is a letter on it
    assert visitor.get("/koper/icon-7.png").status_code == 404


@pytest.mark.django_db
def test_only_pages_for_everybody_may_be_kept(visitor: Client) -> None:
    assert visitor.get("/celje/")["X-SiMOS-Keep"] == "public"
    assert "X-SiMOS-Keep" not in visitor.get("/celje/iskanje/?q=bolezen")
    assert "X-SiMOS-Keep" not in visitor.get("/celje/nothing/")
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "x"
    assert "X-SiMOS-Keep" not in visitor.get("/celje/")


@pytest.mark.usefixtures("founded")
def test_search_engines_are_told_of_every_page_in_its_language(visitor: Client) -> None:
    robots = visitor.get("/robots.txt").content.decode()
    assert "Disallow: /office/" in robots
    for prefix in ("", "/en", "/it"):
        address = f"http://testserver{prefix}/sitemap.xml"
        assert f"Sitemap: {address}" in robots
        root = ElementTree.fromstring(visitor.get(f"{prefix}/sitemap.xml").content)
        found = [each.text or "" for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
        assert len(found) == len(set(found)) > 5
        assert all(each.startswith(f"http://testserver{prefix}/") for each in found)
        assert {visitor.get(each).status_code for each in found[:: max(1, len(found) // 12)]} == {200}


@pytest.mark.django_db
def test_nobody_is_named_for_weaknesses_until_the_operator_does(visitor: Client) -> None:
    assert visitor.get("/.well-known/security.txt").status_code == 404

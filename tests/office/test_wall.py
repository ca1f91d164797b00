"""What is Koper's an officer of Celje neither finds, opens, chooses, moves, copies nor saves by Wagtail's addresses."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from tests.office.conftest import CELJE, EDITOR, KOPER, Content, Signed, signed


@pytest.fixture
def celje(cities: dict[str, Content]) -> Signed:
    return signed((CELJE, EDITOR))


LISTS = [
    "/office/",
    "/office/pages/",
    "/office/pages/search/?q=koper",
    "/office/pages/search/?q=Novica",
    "/office/choose-page/",
    "/office/choose-page/search/?q=Novica",
    "/office/api/main/pages/",
    "/office/api/main/pages/?search=Novica",
    "/office/images/",
    "/office/images/?q=Slika",
    "/office/documents/",
    "/office/documents/?q=Odlok",
    "/office/images/chooser/",
    "/office/images/chooser/results/?q=Slika",
    "/office/documents/chooser/",
    "/office/images/add/",
    "/office/documents/multiple/add/",
]


@pytest.mark.parametrize("at", LISTS)
def test_no_list_chooser_search_or_api_shows_another_citys(celje: Signed, cities: dict[str, Content], at: str) -> None:
    answer = celje.client.get(at, follow=True)
    assert answer.status_code == 200
    text = answer.content.decode()
    koper = cities["koper"]
    for title in (koper.home.title, koper.below.title, koper.image.title, koper.document.title, "city:koper"):
        assert title not in text


def test_lists_show_ones_own(celje: Signed, cities: dict[str, Content]) -> None:
    assert "Novica celje" in celje.client.get("/office/api/main/pages/").content.decode()
    assert "Slika celje" in celje.client.get("/office/images/").content.decode()
    assert "Odlok celje" in celje.client.get("/office/documents/").content.decode()
    assert "Novica celje" in celje.client.get(f"/office/pages/{cities['celje'].home.pk}/").content.decode()


def test_keys_in_a_query_or_form_are_checked_too(celje: Signed, cities: dict[str, Content]) -> None:
    own, foreign = cities["celje"], cities["koper"]
    bulk = "/office/bulk/{}/{}/"
    answers = {
        "choose several": celje.client.get(
            "/office/choose-page/chosen-multiple/", {"id": [own.below.pk, foreign.below.pk]}
        ),
        "choose for a move": celje.client.get("/office/choose-page/", {"target_pages[]": foreign.below.pk}),
        "choose pictures": celje.client.get("/office/images/chooser/chosen-multiple/", {"id": foreign.image.pk}),
        "delete pages": celje.client.get(bulk.format("wagtailcore/page", "delete"), {"id": foreign.below.pk}),
        "delete all below": celje.client.post(
            bulk.format("wagtailcore/page", "delete") + f"?id=all&childOf={foreign.home.pk}"
        ),
        "move pages": celje.client.post(
            bulk.format("wagtailcore/page", "move") + f"?id={own.below.pk}", {"chooser": foreign.home.pk}
        ),
        "delete all pictures": celje.client.post(bulk.format("wagtailimages/image", "delete") + "?id=all"),
        "pictures to another collection": celje.client.post(
            bulk.format("wagtailimages/image", "add_to_collection") + f"?id={foreign.image.pk}", {"collection": 1}
        ),
        "copy below": celje.client.post(
            reverse("wagtailadmin_pages:copy", args=[own.below.pk]),
            {"new_title": "x", "new_slug": "x", "new_parent_page": foreign.home.pk},
        ),
        "move below": celje.client.post(
            reverse("wagtailadmin_pages:move", args=[own.below.pk]), {"new_parent_page": foreign.home.pk}
        ),
        "api": celje.client.get("/office/api/main/pages/", {"child_of": foreign.home.pk}),
        "api one": celje.client.get(f"/office/api/main/pages/{foreign.below.pk}/"),
    }
    assert {what: answer.status_code for what, answer in answers.items() if answer.status_code != 404} == {}
    assert Page.objects.get(pk=foreign.home.pk).numchild == 1
    assert foreign.image.__class__.objects.filter(pk=foreign.image.pk).exists()


def test_an_officer_of_both_sees_only_the_chosen_city(cities: dict[str, Content]) -> None:
    both = signed((CELJE, EDITOR), (KOPER, EDITOR))
    both.client.post("/office/scope/", {"scope": "city:celje"})
    assert both.client.get(f"/office/pages/{cities['koper'].below.pk}/edit/").status_code == 404
    both.client.post("/office/scope/", {"scope": "city:koper"})
    assert both.client.get(f"/office/pages/{cities['koper'].below.pk}/edit/").status_code == 200
    assert both.client.get(f"/office/pages/{cities['celje'].below.pk}/edit/").status_code == 404


def test_an_officer_who_edits_no_content_finds_no_pages(cities: dict[str, Content]) -> None:
    other = signed((CELJE, "parking-officer"))
    for at in ("/office/pages/", "/office/images/", "/office/documents/", "/office/api/main/pages/"):
        assert other.client.get(at).status_code == 404
    assert "Novica" not in other.client.get("/office/").content.decode()

"""A form sent by hand puts nothing of another city into a page: no picture, document or page, in no language."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from wagtail.models import Locale, Page, TaskState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail_localize.models import SegmentOverride

from simos.modules.portal.home.models import GuidePage, LanguageRoot, NewsPage, SectionPage
from simos.web.office.references import PageForm
from tests.access.conftest import World
from tests.access.things import undone

pytestmark = pytest.mark.django_db


def form_of(world: World, **changes: Any) -> dict[str, str]:
    """What a browser sends of Celje's news."""
    said = {
        "title": "Novica", "slug": "novica", "date": "2026-01-02", "lead": "", "search_description": "",
        "image": str(world.celje.image.pk), "image_alt": "Slika", "body": streamfield([]), "easy": streamfield([]),
    }  # fmt: skip
    return nested_form_data({**said, **changes})


def picture(key: int) -> Any:
    return streamfield([("picture", {"image": {"image": str(key), "decorative": "on", "alt_text": ""}, "caption": ""})])


def listed(name: str, value: Any) -> Any:
    item = {"value": value, "deleted": "", "order": "0", "id": ""}
    return streamfield([(name, {"count": "1", "0": item})])


def ways(world: World, whose: str) -> dict[str, tuple[str, Any]]:
    """By name: the field and its value, by which something of `whose` comes into a news page."""
    city = getattr(world, whose)
    link = f'<p><a linktype="page" id="{city.section.pk}">glej</a></p>'
    paper = f'<p><a linktype="document" id="{city.document.pk}">odlok</a></p>'
    return {
        "a picture in its field": ("image", str(city.image.pk)),
        "a picture in the text": ("body", picture(city.image.pk)),
        "a document in the text": ("body", listed("documents", {"document": str(city.document.pk), "about": ""})),
        "a page in the text": (
            "body", listed("links", {"page": str(city.section.pk), "url": "", "title": "x", "about": ""}),
        ),
        "a page in rich text": ("body", streamfield([("text", rich_text(link))])),
        "a document in rich text": ("body", streamfield([("text", rich_text(paper))])),
        "a page in the easy words": ("easy", streamfield([("text", rich_text(link))])),
    }  # fmt: skip


def errors_of(answer: Any) -> dict[str, Any]:
    return dict(answer.context["form"].errors) if answer.context and "form" in answer.context else {}


@pytest.mark.parametrize("what", ["", "action-publish", "action-submit"])
def test_nothing_foreign_is_saved_published_or_submitted_and_ones_own_is(world: World, what: str) -> None:
    officer, at = world.askers["officer"], f"/office/pages/{world.celje.news.pk}/edit/"
    before = NewsPage.objects.get(pk=world.celje.news.pk).latest_revision_id
    button = {what: "1"} if what else {}
    for name, (field, value) in ways(world, "koper").items():
        with undone():
            answer = officer.asks("POST", at, form_of(world, **{field: value}) | button)
            assert (answer.status_code, list(errors_of(answer))) == (200, [field]), name
            assert NewsPage.objects.get(pk=world.celje.news.pk).latest_revision_id == before, name
    if what:
        return
    for name, (field, value) in ways(world, "celje").items():
        with undone():
            answer = officer.asks("POST", at, form_of(world, **{field: value}))
            assert answer.status_code == 302, (name, errors_of(answer))
            assert NewsPage.objects.get(pk=world.celje.news.pk).latest_revision_id != before, name


def test_nothing_foreign_comes_into_a_new_page_or_a_preview(world: World) -> None:
    officer = world.askers["officer"]
    new = f"/office/pages/add/portal_home/newspage/{world.celje.section.pk}/"
    count = Page.objects.count()
    for name, (field, value) in ways(world, "koper").items():
        sent = form_of(world, slug="druga", **{field: value})
        with undone():
            answer = officer.asks("POST", new, sent)
            assert list(errors_of(answer)) == [field], name
            preview = officer.asks("POST", f"/office/pages/{world.celje.news.pk}/edit/preview/", sent)
            assert preview.json()["is_valid"] is False, name
    assert Page.objects.count() == count
    with undone():
        assert officer.asks("POST", new, form_of(world, slug="druga")).status_code == 302
        assert Page.objects.count() > count


def test_nothing_foreign_comes_into_a_translation(world: World) -> None:
    keys = world.celje.keys
    at = f"/office/localize/translate/{keys['translation_id']}/overrides/{keys['overridable_segment_id']}/edit/"
    put = {"content_type": "application/x-www-form-urlencoded"}
    for whose, expected in (("koper", 404), ("celje", 201)):
        with undone():
            value = urlencode({"value": getattr(world, whose).image.pk})
            answer = world.askers["officer"].asks("PUT", at, value, **put)
            assert answer.status_code == expected, answer.content
            assert SegmentOverride.objects.count() == (expected == 201)


def test_a_translation_begins_only_into_a_language_of_the_office(world: World) -> None:
    italian = Locale.objects.get(language_code="it")  # which Koper serves, and Celje does not
    for who, of, status in (("officer", world.celje, 200), ("foreign", world.koper, 302)):
        page = SectionPage(title="Trg", slug="trg", locale=of.section.locale)
        with undone():
            of.section.add_child(instance=page)
            at = f"/office/localize/submit/page/{page.pk}/"
            languages = world.askers[who].asks("GET", at).context["form"].fields["locales"].queryset
            assert (italian in languages) == (status == 302)
            assert world.askers[who].asks("POST", at, {"locales": italian.pk}).status_code == status
            assert page.get_translations().filter(locale=italian).exists() == (status == 302)


def test_every_page_that_the_office_edits_has_the_form_that_looks(world: World) -> None:
    kinds = [each for each in apps.get_models() if issubclass(each, Page) and each is not Page]
    editable = [each for each in kinds if each is not LanguageRoot]  # which no office has
    assert GuidePage in editable
    for each in editable:
        assert issubclass(each.base_form_class, PageForm), f"{each.__name__}.base_form_class = PageForm"


def test_the_workflow_of_another_citys_page_is_not_decided_by_way_of_ones_own(world: World) -> None:
    officer = world.askers["officer"]
    theirs = TaskState.objects.get(pk=world.koper.keys["task_state_id"])
    at = f"/office/pages/workflow/action/{world.celje.news.pk}/approve/{theirs.pk}/"
    assert officer.asks("POST", at).status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == TaskState.STATUS_IN_PROGRESS
    assert NewsPage.objects.get(pk=world.koper.news.pk).has_unpublished_changes is not False


def test_pages_pictures_and_documents_do_not_move_to_another_city(world: World) -> None:
    """By the wish in the form, where the address is one's own."""
    officer, own, other = world.askers["officer"], world.celje, world.koper
    collection, there = str(other.image.collection_id), other.section.pk
    said = {"title": "x", "tags": "", "collection": collection}
    for at, data in (
        (f"/office/images/{own.image.pk}/", said),
        (f"/office/documents/edit/{own.document.pk}/", said),
        (
            f"/office/pages/{own.news.pk}/copy/",
            {"new_title": "x", "new_slug": "x", "new_parent_page": there},
        ),
        (f"/office/pages/{own.news.pk}/move/", {"new_parent_page": there}),
        (f"/office/pages/{own.news.pk}/move/{other.section.pk}/confirm/", {}),
        (f"/office/bulk/wagtailcore/page/move/?id={own.news.pk}", {"chooser": other.section.pk}),
        (f"/office/bulk/wagtailcore/page/delete/?id={other.news.pk}", {}),
        (f"/office/bulk/wagtailimages/image/add_to_collection/?id={own.image.pk}", {"collection": collection}),
    ):
        with undone():
            assert officer.asks("POST", at, data).status_code < 500, at
            own.image.refresh_from_db()
            own.document.refresh_from_db()
            assert str(own.image.collection_id) != collection, at
            assert str(own.document.collection_id) != collection, at
            assert Page.objects.get(pk=other.section.pk).numchild == 1, at
            assert Page.objects.filter(pk=own.news.pk, path__startswith=own.section.path).exists(), at


def test_a_comment_is_not_written_on_another_citys_page(world: World) -> None:
    at = f"/office/pages/{world.koper.news.pk}/edit/"
    sent = {"comments-TOTAL_FORMS": "1", "comments-INITIAL_FORMS": "0", "comments-0-text": "x"}
    assert world.askers["officer"].asks("POST", at, sent).status_code == 404
    assert world.koper.news.wagtail_admin_comments.count() == 0

"""The search page: content and services, grouped, marked, in the page's language."""

import json

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from simos.modules.portal.home.models import GuidePage, SectionPage
from simos.modules.portal.home.queries.finding import marked
from simos.platform.events.reactions import installed_reactions
from simos.testing.work import react


@given(st.text(max_size=200), st.lists(st.text("abcč", min_size=1, max_size=3), max_size=3))
def test_marking_changes_no_word(text: str, stems: list[str]) -> None:
    assert "".join(part for part, _ in marked(text, stems)).split() == text.split()


@pytest.fixture
def guide(founded: None) -> GuidePage:
    section = SectionPage.objects.get(url_path="/sl/celje/vodici/")
    body = [{"type": "text", "value": "<p>Zaprosite za <b>otroški</b> dodatek.</p>"}]
    return section.add_child(instance=GuidePage(title="Rojstvo otroka", slug="otrok", body=json.dumps(body)))


def test_a_page_is_found_as_long_as_it_is_published(visitor: Client, guide: GuidePage) -> None:
    react(installed_reactions())
    page = visitor.get("/celje/iskanje/?q=otroski").content.decode()
    assert 'href="/celje/vodici/otrok/"' in page
    assert "<mark>otroški</mark>" in page
    assert "1 zadetek" in page
    assert "/celje/vodici/otrok/" not in visitor.get("/koper/iskanje/?q=otroski").content.decode()
    assert "/celje/vodici/otrok/" in visitor.get("/iskanje/?q=otroski").content.decode()
    guide.unpublish()
    react(installed_reactions())
    assert "/celje/vodici/otrok/" not in visitor.get("/celje/iskanje/?q=otroski").content.decode()


@pytest.mark.usefixtures("founded")
def test_pages_are_found_in_their_language(visitor: Client) -> None:
    react(installed_reactions())
    assert "/en/celje/privacy/" in visitor.get("/en/celje/search/?q=commissioner").content.decode()
    assert "/it/koper/privacy/" in visitor.get("/it/koper/ricerca/?q=pubblicita").content.decode()


@pytest.mark.usefixtures("founded")
def test_a_deleted_page_and_what_was_below_it_are_found_no_more(visitor: Client, guide: GuidePage) -> None:
    react(installed_reactions())
    SectionPage.objects.get(url_path="/sl/celje/vodici/").delete()
    react(installed_reactions())
    assert "/celje/vodici/otrok/" not in visitor.get("/celje/iskanje/?q=otroski").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["?q=%00", "?q=xyzzy", "?q=a&kind=nothing&page=-1", "?q=a&kind=content-news&page=99999", ""]
)
def test_any_question_is_answered(visitor: Client, query: str) -> None:
    answer = visitor.get(f"/celje/iskanje/{query}")
    assert answer.status_code == 200


@pytest.mark.django_db
def test_who_finds_nothing_is_helped_on(visitor: Client) -> None:
    page = visitor.get("/celje/iskanje/?q=xyzzy").content.decode()
    assert 'href="/iskanje/?q=xyzzy"' in page
    assert 'href="/celje/"' in page

"""What editors write and visitors read: addresses in each language, clashes, approval, what every city begins with."""

import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page, TaskState, Workflow

from simos.kernel.acting import FEDERATION
from simos.modules.portal.home.actions.founding import WORKFLOW, found
from simos.modules.portal.home.models import ArticlePage, CityPage, GuidePage, LifeEventPage, NewsPage, SectionPage
from simos.modules.portal.home.models.workflow import may_publish
from simos.platform.access.actions import grant_role
from simos.platform.scopes.actions import switch_on
from simos.testing.acting import SYSTEM, actor_for, make_account
from simos.web.office.entering import Office
from tests.portal.conftest import CELJE, KOPER, NOW

pytestmark = pytest.mark.usefixtures("founded")


def section(city: str, slug: str) -> SectionPage:
    return SectionPage.objects.get(url_path__endswith=f"/{city}/{slug}/")


def guide(**fields: object) -> GuidePage:
    steps = [{"type": "step", "value": {"title": "Prijavite prebivališče", "text": "<p>Na upravni enoti.</p>"}}]
    page = GuidePage(title="Selitev", slug="selitev", lead="Kaj uredite.", cost="brezplačno", steps=json.dumps(steps))
    for name, value in fields.items():
        setattr(page, name, value)
    return section("celje", "vodici").add_child(instance=page)


def test_founding_again_makes_nothing() -> None:
    before = Page.objects.count()
    assert found(by=SYSTEM, at=NOW) == ()
    assert Page.objects.count() == before


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/celje/kontakt/", "Trg celjskih knezov 9"),
        ("/en/celje/contact/", "City Municipality of Celje"),
        ("/it/koper/contatti/", "Comune città di Capodistria"),
        ("/celje/zasebnost/", "Splošne uredbe o varstvu podatkov"),
        ("/en/ptuj/terms/", "CC BY 4.0"),
        ("/maribor/dostopnost/", "Zakonom o dostopnosti spletišč"),
        ("/it/koper/accessibilita/", "parzialmente conforme"),
        ("/celje/novice/", "Tu še ni objav."),
        ("/en/consortium/news/", "Nothing has been published here yet."),
    ],
)
def test_every_city_begins_with_what_the_law_asks_for(visitor: Client, address: str, words: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/celje/nothing/", "/it/celje/contatti/", "/en/celje/kontakt/", "/nowhere/kontakt/", "/celje/kontakt/x/"],
)
def test_what_is_not_published_is_not_found(visitor: Client, address: str) -> None:
    assert visitor.get(address).status_code == 404


def test_a_page_leads_to_itself_in_the_other_languages_and_back_to_its_city(visitor: Client) -> None:
    page = visitor.get("/koper/kontakt/").content.decode()
    assert 'hreflang="en" href="http://testserver/en/koper/contact/"' in page
    assert 'hreflang="it" href="http://testserver/it/koper/contatti/"' in page
    assert re.findall(r'govuk-breadcrumbs__link" href="([^"]*)"', page) == ["/koper/"]
    footer = page.partition("<footer")[2]
    for address in ("/koper/kontakt/", "/koper/dostopnost/", "/koper/zasebnost/", "/koper/pogoji-uporabe/"):
        assert f'href="{address}"' in footer


def test_a_guide_says_all_that_one_must_know(visitor: Client) -> None:
    guide(
        service_url="https://e-uprava.gov.si/", service_title="Oddajte vlogo", need="<ul><li>osebni dokument</li></ul>"
    )
    page = visitor.get("/celje/vodici/selitev/").content.decode()
    for words in ("Kaj potrebujete", "osebni dokument", "brezplačno", "Prijavite prebivališče", "Oddajte vlogo"):
        assert words in page
    assert "Selitev" in visitor.get("/celje/vodici/").content.decode()


def test_what_is_only_saved_is_not_shown(visitor: Client) -> None:
    guide(live=False)
    assert visitor.get("/celje/vodici/selitev/").status_code == 404
    assert "Selitev" not in visitor.get("/celje/vodici/").content.decode()


def test_a_page_that_is_not_for_everybody_is_not_found(visitor: Client) -> None:
    guide().view_restrictions.create(restriction_type="login")
    assert visitor.get("/celje/vodici/selitev/").status_code == 404


def test_easy_words_are_a_link_away(visitor: Client) -> None:
    easy = [{"type": "text", "value": "<p>Selite se? To je seznam.</p>"}]
    guide(easy=json.dumps(easy))
    page = visitor.get("/celje/vodici/selitev/").content.decode()
    assert 'href="?easy">Lahko branje' in page
    assert "To je seznam." not in page
    simple = visitor.get("/celje/vodici/selitev/?easy").content.decode()
    assert "To je seznam." in simple
    assert "Prijavite prebivališče" not in simple


def test_an_untranslated_page_says_so_and_names_its_language(visitor: Client) -> None:
    from wagtail_localize.synctree import create_aliases_for_new_page

    create_aliases_for_new_page(guide())
    page = visitor.get("/en/celje/guides/selitev/").content.decode()
    assert "has not been translated yet" in page
    assert '<h1 class="govuk-heading-xl" lang="sl">Selitev' in page


def test_untranslated_news_name_their_language_in_the_list(visitor: Client) -> None:
    from wagtail_localize.synctree import create_aliases_for_new_page

    news = NewsPage(title="Most je odprt", slug="most")
    section("celje", "novice").add_child(instance=news)
    create_aliases_for_new_page(news)
    for address, marked in (("/en/celje/", 1), ("/en/celje/news/", 1), ("/celje/", 0)):
        page = visitor.get(address).content.decode()
        assert "Most je odprt" in page
        assert page.count('<li class="news__one" lang="sl">') == marked


@pytest.mark.parametrize("slug", ["parkiranje", "iskanje"])
def test_a_page_never_takes_the_address_of_a_service(slug: str) -> None:
    home = CityPage.objects.get(slug="celje", locale__language_code="sl")
    with pytest.raises(ValidationError, match=f"/{slug}/"):
        home.add_child(instance=ArticlePage(title="Moje", slug=slug))
    free = home.add_child(instance=ArticlePage(title="Moje", slug="parking"))
    free.slug = slug
    with pytest.raises(ValidationError, match=f"/{slug}/"):
        free.save()
    section("celje", "vodici").add_child(instance=ArticlePage(title="Moje", slug=slug))


def test_a_citys_address_stays_its_code() -> None:
    home = CityPage.objects.get(slug="celje", locale__language_code="en")
    home.slug = "cilli"
    with pytest.raises(ValidationError):
        home.save()


def test_a_picture_needs_words_for_those_who_cannot_see_it() -> None:
    from wagtail.images.models import Image
    from wagtail.images.tests.utils import get_test_image_file

    image = Image.objects.create(title="x", file=get_test_image_file())
    news = NewsPage(title="Most", slug="most", image=image)
    with pytest.raises(ValidationError, match="image_alt"):
        section("celje", "novice").add_child(instance=news)


def test_life_events_stand_on_the_home_in_the_editors_order_with_their_services(visitor: Client) -> None:
    switch_on(CELJE, "mobility/parking", by=SYSTEM, at=NOW)
    events = section("celje", "zivljenjski-dogodki")
    for title, slug, event in (("Selim se", "selitev", ""), ("Grem na pot", "pot", "trip")):
        events.add_child(instance=LifeEventPage(title=title, slug=slug, event=event))
    home = visitor.get("/celje/").content.decode()
    assert 0 < home.index("Selim se") < home.index("Grem na pot")
    assert "Na poti" not in home  # the page stands for what the manifest names
    trip = visitor.get("/celje/zivljenjski-dogodki/pot/").content.decode()
    assert 'href="/celje/parkiranje/"' in trip.partition("Storitve, ki pomagajo")[2]


def test_news_stand_on_the_home_newest_first(visitor: Client) -> None:
    for slug, day in (("stara", "2025-08-01"), ("nova", "2025-08-30")):
        section("celje", "novice").add_child(instance=NewsPage(title=slug.title(), slug=slug, date=day))
    home = visitor.get("/celje/").content.decode()
    assert home.index("Nova") < home.index("Stara")
    assert 'href="/celje/novice/"' in home


def test_only_a_publisher_of_the_pages_city_approves() -> None:
    page = guide(live=False)
    accounts = {name: make_account() for name in ("editor", "publisher", "neighbour", "consortium")}
    for name, scope, role in (
        ("editor", CELJE, "editor"),
        ("publisher", CELJE, "publisher"),
        ("neighbour", KOPER, "publisher"),
        ("consortium", FEDERATION, "publisher"),
    ):
        grant_role(scope, accounts[name], role=role, by=SYSTEM, at=NOW)
    assert page.get_workflow() == Workflow.objects.get(name=WORKFLOW)
    page.save_revision(user=accounts["editor"])
    state = page.get_workflow().start(page, accounts["editor"])
    task = state.current_task_state.task.specific
    assert {name for name, each in accounts.items() if task.get_actions(page, each)} == {"publisher"}
    assert {name for name, each in accounts.items() if may_publish(each, page)} == {"publisher"}
    waiting = {name: task.get_task_states_user_can_moderate(each).count() for name, each in accounts.items()}
    assert waiting == {"editor": 0, "publisher": 1, "neighbour": 0, "consortium": 0}
    office = Office(
        actor=actor_for(accounts["publisher"]),
        scope=CELJE,
        permissions=frozenset({"edit-content", "publish-content"}),
        choices=(CELJE,),
    )
    accounts["publisher"]._page_permission_cache = office.page_rights()  # as the office seats its officers
    state.current_task_state.approve(user=accounts["publisher"])
    assert GuidePage.objects.get(pk=page.pk).live
    assert TaskState.objects.get().status == TaskState.STATUS_APPROVED

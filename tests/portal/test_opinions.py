"""Was this page useful? A visitor says so without a cookie on the page; editors read it, and not of whom."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import override_settings
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Actor
from simos.modules.portal.home.actions.founding import found
from simos.modules.portal.home.models import Opinion
from simos.modules.portal.home.module import OPINIONS_KEPT
from simos.modules.portal.home.rules import without_names
from simos.platform.privacy.jobs import end_what_is_past
from simos.platform.scopes.acting import acting
from simos.platform.scopes.models import City
from simos.testing.acting import SYSTEM
from tests.office.conftest import signed
from tests.portal.conftest import CELJE, KOPER, NOW

STATEMENT = "/celje/dostopnost/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def strict(db: None) -> Client:
    """A visitor's browser, whose forms are held against forgery as in operation. Two cities have their first pages."""
    City.objects.exclude(code__in=("celje", "koper"))._raw_delete("default")
    found(by=SYSTEM, at=NOW)
    return Client(enforce_csrf_checks=True)


def say(client: Client, of: str, useful: str, remark: str = "", at: str = "/celje/mnenje/") -> object:
    token = TOKEN.search(client.get(at, {"of": of}).content.decode())
    sent = {"useful": useful, "remark": remark, "csrfmiddlewaretoken": token[1] if token else ""}
    return client.post(f"{at}?of={of}", sent)


def kept() -> list[tuple[str, str, bool, str]]:
    with acting(Actor.nobody(), CELJE):
        return list(Opinion.objects.order_by("pk").values_list("address", "title", "is_useful", "remark"))


def test_a_page_asks_by_links_and_sets_no_cookie(strict: Client) -> None:
    for page in ("/celje/", STATEMENT):
        shown = strict.get(page)
        assert not shown.cookies
        for useful in ("yes", "no"):
            assert f'href="/celje/mnenje/?of={page}&amp;useful={useful}"' in shown.content.decode()
    asked = strict.get("/celje/mnenje/", {"of": page, "useful": "no"}).content.decode()
    assert re.search(r'value="no" checked', asked)


def test_what_is_said_is_kept_without_names_and_leads_back(strict: Client) -> None:
    answer = say(strict, STATEMENT, "no", "Piši na ana@example.si\nali 041 234 567, povezava ne dela.")
    assert answer.status_code == 302
    thanks = strict.get(answer.headers["Location"])
    assert f'href="{STATEMENT}"' in thanks.content.decode()
    (row,) = kept()
    assert row == (STATEMENT, "Izjava o dostopnosti", False, "Piši na … ali …, povezava ne dela.")
    columns = {field.name for field in Opinion._meta.get_fields()}
    assert columns == {"id", "city", "address", "title", "is_useful", "remark", "on"}


def test_of_what_is_no_page_of_the_city_it_is_said_of_the_citys_home(strict: Client) -> None:
    others = ("/koper/dostopnost/", "/celje/ni-je/", "https://example.org/celje/", "/celje/\0/", "")
    for of in others:
        assert say(strict, of, "yes").status_code == 302
    assert [row[:2] for row in kept()] == [("/celje/", "Celje")] * len(others)


def test_a_forged_or_empty_form_keeps_nothing(strict: Client) -> None:
    assert strict.post("/celje/mnenje/", {"useful": "yes"}).status_code == 403
    assert say(strict, STATEMENT, "").status_code == 422
    assert say(strict, STATEMENT, "no", "a" * 1001).status_code == 422
    assert kept() == []


def test_one_address_says_only_so_much(strict: Client) -> None:
    with override_settings(SIMOS_RATE_FORMS="2/hour"):
        strict.defaults["REMOTE_ADDR"] = "192.0.2.77"
        assert [say(strict, STATEMENT, "yes").status_code for _ in range(3)] == [302, 302, 429]
    assert len(kept()) == 2


def test_the_citys_editors_read_it_page_by_page_and_nobody_else_does(strict: Client) -> None:
    say(strict, "/celje/", "yes")
    say(strict, STATEMENT, "yes")
    say(strict, STATEMENT, "no", "Premalo <b>slik</b>.")
    editor, desk = signed((CELJE, "editor")).client, "/office/portal_home-opinions/"
    shown = editor.get(desk)
    pages = [(each.page.address, each.yes, each.no, each.percent) for each in shown.context["pages"]]
    assert pages == [(STATEMENT, 1, 1, 50), ("/celje/", 1, 0, 100)]
    assert "Premalo &lt;b&gt;slik&lt;/b&gt;." in shown.content.decode()
    assert [each.remark for each in editor.get(desk, {"of": "/celje/"}).context["remarks"]] == []
    theirs = signed((KOPER, "editor")).client.get(desk)
    assert theirs.context["pages"] == []
    assert signed((CELJE, "parking-officer")).client.get(desk).status_code == 404


def test_opinions_end_after_a_year(strict: Client) -> None:
    say(strict, STATEMENT, "no", "staro")
    say(strict, STATEMENT, "no", "novo")
    with acting(SYSTEM, CELJE):
        Opinion.objects.filter(remark="staro").update(on=(NOW - OPINIONS_KEPT - timedelta(days=1)).date())
    end_what_is_past(FEDERATION, by=SYSTEM, at=NOW)
    assert [row[3] for row in kept()] == ["novo"]


texts = st.text(st.sampled_from("ab @.,+-/0123456789č\n"), max_size=60)


@given(texts)
def test_no_address_and_no_long_number_stays_in_a_remark(text: str) -> None:
    cleaned = without_names(text)
    assert not re.search(r"\w@\w|\d{6}", cleaned)
    assert without_names(cleaned) == cleaned


@given(texts.filter(lambda text: "@" not in text and sum(sign.isdigit() for sign in text) < 6))
def test_other_remarks_stay_as_they_are(text: str) -> None:
    assert without_names(text) == text

"""The form kit: what people read when a field is wrong, and forms in steps that keep their answers."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.clock import FrozenClock, clock_set_to, now
from simos.kernel.text import Text
from simos.platform.files.values import Received
from simos.web.forms.fields import DateField, Form, PhoneField
from simos.web.forms.shown import errors_of
from simos.web.forms.steps import Answers, Flow
from tests.web.sample.application import SENT, EveryField, flow

FIELDS, BEGIN = "/celje/parkirisca/polja/", "/celje/parkirisca/vloga/"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
RIGHT = {
    "name": "Ana Novak",
    "plate": "CE AB-123",
    "hours": "2",
    "zone": "a",
    "kind": "day",
    "days": ["mon"],
    "since_day": "1",
    "since_month": "6",
    "since_year": "2026",
    "email": "ana@example.org",
    "agreed": "on",
}


@pytest.fixture(autouse=True)
def _nothing_sent() -> Iterator[None]:
    SENT.clear()
    yield
    SENT.clear()


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_page_that_is_only_looked_at_says_nothing_is_wrong(site: Client) -> None:
    response = site.get(FIELDS)
    assert response.status_code == 200
    assert "error-summary" not in text_of(response)
    assert "Napaka:" not in text_of(response)


def test_each_error_leads_to_a_control_that_is_there_and_is_described_by_it(site: Client) -> None:
    response = site.post(FIELDS, {"email": "no", "hours": "0", "since_day": "5"})
    assert response.status_code == 422
    page = text_of(response)
    assert "<title>Napaka: Vsa polja" in page
    summary = page[page.index("govuk-error-summary__list") : page.index("<h1")]
    places = re.findall(r'href="#([^"]+)"', summary)
    assert places == [
        *("id_name", "id_plate", "id_hours", "id_zone", "id_kind_0", "id_days_0"),
        *("id_since_day", "id_email", "id_agreed"),
    ]
    for place in places:
        assert re.search(rf'<(input|select|textarea)[^>]* id="{place}"', page), place
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        assert all(f'id="{each}"' in page for each in described.split()), described


def test_what_was_written_stays_when_the_form_comes_back(site: Client) -> None:
    page = text_of(site.post(FIELDS, RIGHT | {"email": "no at sign", "reason": "Za <b>vnuke</b>"}))
    assert 'value="Ana Novak"' in page
    assert "Za &lt;b&gt;vnuke&lt;/b&gt;" in page
    assert re.search(r'value="day" checked', page)
    assert re.search(r'id="id_since_month"[^>]* value="6"', page)


def test_optional_fields_are_marked_and_required_ones_are_not(site: Client) -> None:
    page = text_of(site.get(FIELDS))
    assert len(re.findall(r"\(neobvezno\)", page)) == 4
    assert " required" not in page


def test_the_count_of_signs_has_its_words_in_every_plural(site: Client) -> None:
    page = unescape(text_of(site.get(FIELDS)))
    assert 'data-i18n.characters-under-limit.two="Ostajata vam še %{count} znaka"' in page
    assert 'data-i18n.characters-under-limit.few="Ostajajo vam še %{count} znaki"' in page
    assert 'data-maxlength="200"' in page
    assert "Napišete lahko do 200 znakov." in page


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("", "", ""), "required"),
        (("1", "", "2026"), "part"),
        (("31", "2", "2026"), "impossible"),
        (("1", "2", "26"), "impossible"),
        (("one", "2", "2026"), "impossible"),
        (("31", "12", "2025"), "early"),
        (("1", "1", "2027"), "late"),
    ],
)
def test_a_date_says_what_is_wrong_with_it(parts: tuple[str, str, str], code: str) -> None:
    sent = dict(zip(("since_day", "since_month", "since_year"), parts, strict=True))
    form = EveryField(QueryDict("&".join(f"{name}={value}" for name, value in sent.items())))
    (error,) = form.errors.as_data()["since"]
    assert error.code == code


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_that_is_written_in_figures_is_read(day: date) -> None:
    assert DateField().clean((str(day.day), str(day.month), str(day.year))) == day


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_nothing_that_is_written_breaks_a_date(day: str, month: str, year: str) -> None:
    class One(Form):
        since = DateField(required=False)

    form = One({"since_day": day, "since_month": month, "since_year": year})
    assert form.is_valid() or errors_of(form)[0].field == "id_since_day"


@pytest.mark.parametrize("written", ["041 234 567", "+386 41/234-567", "(05) 66 46 100"])
def test_telephone_numbers_are_taken_as_people_write_them(written: str) -> None:
    assert PhoneField().clean(written).lstrip("+").isdigit()


def test_files_of_another_kind_are_refused_in_words(site: Client) -> None:
    sent = RIGHT | {"proof": SimpleUploadedFile("proof.pdf", b"<svg xmlns='http://www.w3.org/2000/svg'/>")}
    assert "Te datoteke ne moremo sprejeti. Izberite eno od teh vrst: PDF." in text_of(site.post(FIELDS, sent))
    big = RIGHT | {"proof": SimpleUploadedFile("proof.pdf", PDF + b"0" * 2_000_000)}
    assert "Datoteka je prevelika. Ima lahko največ 2 MB." in text_of(site.post(FIELDS, big))


def test_a_place_that_nobody_knows_is_told(site: Client) -> None:
    page = text_of(site.post(FIELDS, RIGHT | {"home": "Nikjer"}))
    assert "Kraja s tem imenom ni v registru." in page


# steps


def answer(site: Client, step: str, *, query: str = "", **values: object) -> str:
    response = site.post(f"{BEGIN}{step}/{query}", values)
    assert response.status_code == 302, text_of(response)
    return str(response["location"])


def papers() -> dict[str, object]:
    file = SimpleUploadedFile("proof.pdf", PDF, "application/pdf")
    return {"since_day": "1", "since_month": "6", "since_year": "2026", "proof": file}


def test_answers_lead_from_step_to_step_to_the_check_and_are_sent_once(site: Client) -> None:
    assert site.get(BEGIN)["location"] == f"{BEGIN}vozilo/"
    assert answer(site, "vozilo", plate="CE AB-123") == f"{BEGIN}dokazila/"
    assert answer(site, "dokazila", **papers()) == f"{BEGIN}pregled/"
    page = text_of(site.get(f"{BEGIN}pregled/"))
    for said in ("CE AB-123", "1. junij 2026", "proof.pdf", "Izjavljam, da so podatki resnični.", "Pošljite vlogo"):
        assert said in page
    assert f"{BEGIN}vozilo/?change=1#id_plate" in page
    assert site.post(f"{BEGIN}pregled/")["location"] == "/celje/parkirisca/"
    (sent,) = SENT
    assert sent["since"] == date(2026, 6, 1)
    assert isinstance(sent["proof"], Received)
    assert site.post(f"{BEGIN}pregled/")["location"] == f"{BEGIN}vozilo/"
    assert len(SENT) == 1


def test_a_step_is_asked_only_where_an_earlier_answer_calls_for_it(site: Client) -> None:
    assert answer(site, "vozilo", plate="CE AB-123", company="on") == f"{BEGIN}podjetje/"
    assert 'value="Podjetje vozila CE AB-123"' in text_of(site.get(f"{BEGIN}podjetje/"))
    assert answer(site, "podjetje", company_name="Žaga d. o. o.") == f"{BEGIN}dokazila/"
    answer(site, "dokazila", **papers())
    assert "Žaga d. o. o." in text_of(site.get(f"{BEGIN}pregled/"))
    assert answer(site, "vozilo", query="?change=1", plate="CE AB-123") == f"{BEGIN}pregled/"
    assert "Žaga d. o. o." not in text_of(site.get(f"{BEGIN}pregled/"))
    site.post(f"{BEGIN}pregled/")
    assert SENT[0].get("company_name") is None


def test_a_change_that_calls_for_more_leads_there_first(site: Client) -> None:
    answer(site, "vozilo", plate="CE AB-123")
    answer(site, "dokazila", **papers())
    assert answer(site, "vozilo", query="?change=1", plate="CE AB-123", company="on") == f"{BEGIN}podjetje/"


def test_a_file_need_not_be_chosen_again(site: Client) -> None:
    answer(site, "vozilo", plate="CE AB-123")
    answer(site, "dokazila", **papers())
    again = {name: value for name, value in papers().items() if name != "proof"} | {"since_year": "2027"}
    assert answer(site, "dokazila", query="?change=1", **again) == f"{BEGIN}pregled/"
    page = text_of(site.get(f"{BEGIN}pregled/"))
    assert "proof.pdf" in page
    assert "1. junij 2027" in page


def test_nobody_gets_past_what_is_not_answered(site: Client) -> None:
    for place in ("dokazila", "pregled"):
        assert site.get(f"{BEGIN}{place}/")["location"] == f"{BEGIN}vozilo/"
    assert site.post(f"{BEGIN}pregled/")["location"] == f"{BEGIN}vozilo/"
    assert SENT == []
    assert site.get(f"{BEGIN}nothing/").status_code == 404


def test_going_back_finds_what_was_answered(site: Client) -> None:
    answer(site, "vozilo", plate="CE AB-123")
    assert 'value="CE AB-123"' in text_of(site.get(f"{BEGIN}vozilo/"))
    assert f'class="govuk-back-link" href="{BEGIN}vozilo/"' in text_of(site.get(f"{BEGIN}dokazila/"))


def test_what_is_refused_is_told_above_the_answers_and_nothing_is_lost(site: Client) -> None:
    answer(site, "vozilo", plate="TAKEN")
    answer(site, "dokazila", **papers())
    response = site.post(f"{BEGIN}pregled/")
    assert response.status_code == 409
    assert "To vozilo dovolilnico že ima." in text_of(response)
    assert "TAKEN" in text_of(site.get(f"{BEGIN}pregled/"))


def test_a_draft_is_one_persons_and_of_one_city(site: Client) -> None:
    answer(site, "vozilo", plate="CE AB-123")
    assert Client().get(f"{BEGIN}dokazila/")["location"] == f"{BEGIN}vozilo/"
    assert site.get("/koper/parkirisca/vloga/dokazila/")["location"] == "/koper/parkirisca/vloga/vozilo/"


def test_a_draft_is_forgotten_after_a_day(site: Client) -> None:
    answer(site, "vozilo", plate="CE AB-123")
    with clock_set_to(FrozenClock(now() + timedelta(hours=25))):
        assert site.get(f"{BEGIN}dokazila/")["location"] == f"{BEGIN}vozilo/"


def test_the_addresses_of_steps_are_those_of_the_language(site: Client) -> None:
    assert site.get("/en/celje/car-parks/apply/")["location"] == "/en/celje/car-parks/apply/vehicle/"
    assert site.get("/en/celje/car-parks/apply/vozilo/").status_code == 200


def test_looking_at_a_form_begins_no_session(site: Client) -> None:
    response = site.get(f"{BEGIN}vozilo/")
    assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_a_flow_needs_steps_with_addresses_of_their_own() -> None:
    def finish(request: object, answers: Answers) -> HttpResponse:
        raise AssertionError

    with pytest.raises(ValueError, match="addresses of their own"):
        Flow(name="x", title=Text(sl="x", en="x"), steps=(flow.steps[0], flow.steps[0]), finish=finish, send=flow.send)

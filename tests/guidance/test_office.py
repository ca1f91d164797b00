"""The officers' side: the desk shows what is wrong, an officer writes and gives back, two of them are told."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from simos.hub.client import HubClient
from simos.modules.mobility.guidance.actions.panels import save_panels
from simos.modules.mobility.guidance.actions.watching import look_after
from simos.modules.mobility.guidance.feeds import file_of, table_in
from simos.modules.mobility.guidance.models import HandText, Panel
from simos.modules.mobility.guidance.queries import panels_of
from simos.platform.access.actions import grant_role
from simos.testing.acting import SYSTEM, in_city, make_account
from tests.guidance.conftest import CELJE, KOPER, LONG_AGO, NOW, TWO, SteppingClock, follow, reported, work

pytestmark = pytest.mark.usefixtures("facilities")

DESK, ONE, LIST = (
    "/office/mobility_guidance-desk/",
    "/office/mobility_guidance-desk/P01/",
    "/office/mobility_guidance-panels/",
)


@pytest.fixture(autouse=True)
def panel(facilities: None) -> None:
    save_panels(CELJE, [TWO], by=SYSTEM, at=NOW)
    work()


def signed(scope, role: str) -> Client:
    account = make_account()
    grant_role(scope, account, role=role, by=SYSTEM, at=NOW)
    client = Client(raise_request_exception=False)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def officer() -> Client:
    return signed(CELJE, "guidance-officer")


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def form_of(officer: Client) -> dict[str, str]:
    form = officer.get(ONE).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields} | {"seen": str(form["seen"].value())}


def test_the_desk_shows_what_has_failed_first(officer: Client, hub: HubClient, present: SteppingClock) -> None:
    assert "Noben panel ni v okvari" in text_of(officer.get(DESK))
    reported(hub, "P01", [["999", "40"]])
    follow()
    present.let_pass(seconds=20)
    look_after(CELJE, listening=LONG_AGO, by=SYSTEM, at=present.now())
    page = text_of(officer.get(DESK))
    assert "1 panel je v okvari" in page
    assert "kaže nekaj drugega" in page
    assert "999, 40" in page
    assert "P01" in page


def test_only_who_may_comes_in(db) -> None:
    assert signed(CELJE, "parking-officer").get(DESK).status_code in (302, 403, 404)
    stranger = signed(KOPER, "guidance-officer")
    assert stranger.get(ONE).status_code == 404
    assert "P01" not in text_of(stranger.get(DESK))


def test_an_officer_writes_and_gives_back(officer: Client, present: SteppingClock) -> None:
    sent = form_of(officer) | {"line_0": "sejem", "line_1": "", "reason": "Celjski sejem"}
    answer = officer.post(ONE, sent)
    assert answer.status_code == 302, text_of(answer)
    page = text_of(officer.get(ONE))
    assert "SEJEM" in page
    assert "Celjski sejem" in page
    with in_city("celje"):
        assert HandText.objects.get().until == NOW + timedelta(hours=2)
    assert officer.post(ONE, {"end": "1", "seen": "1"}).status_code == 302
    with in_city("celje"):
        assert HandText.objects.get().until == NOW


def test_of_two_officers_the_second_is_told_and_nothing_is_lost(officer: Client) -> None:
    other = signed(CELJE, "guidance-officer")
    first, second = form_of(officer), form_of(other)
    assert officer.post(ONE, first | {"line_0": "PRVI", "reason": "razlog"}).status_code == 302
    answer = other.post(ONE, second | {"line_0": "DRUGI", "reason": "razlog"})
    assert answer.status_code == 409
    assert "Medtem je na ta panel pisal nekdo drug" in text_of(answer)
    assert "PRVI" in text_of(answer)
    assert other.post(ONE, {"end": "1", "seen": "0"}).status_code == 409
    with in_city("celje"):
        assert HandText.objects.get().texts == ["PRVI", ""]
    again = other.post(ONE, form_of(other) | {"line_0": "DRUGI", "reason": "razlog"})
    assert again.status_code == 302


@pytest.mark.parametrize("wrong", [{"line_0": "PREDOLGO BESEDILO"}, {"reason": ""}, {"until": "2025-09-01T08:00"}])
def test_what_is_wrong_is_told_in_the_form(officer: Client, wrong: dict[str, str]) -> None:
    answer = officer.post(ONE, form_of(officer) | {"line_0": "A", "reason": "razlog"} | wrong)
    assert answer.status_code == 422
    with in_city("celje"):
        assert not HandText.objects.exists()


def test_the_file_of_all_panels_can_be_imported_again(officer: Client) -> None:
    content = officer.get(f"{DESK}panels.csv/").content
    table = table_in(content)
    changed = content.decode().replace("Mariborska cesta", "Ljubljanska cesta")
    file = SimpleUploadedFile("panels.csv", changed.encode())
    looked = officer.post(f"{LIST}import/", {"file": file})
    assert looked.status_code == 200
    assert looked.context["outcome"].changed == ("P01",)
    with in_city("celje"):
        assert panels_of()[0].name == "Mariborska cesta"  # it was only looked at
    officer.post(f"{LIST}import/", {"waiting": looked.context["waiting"]})
    with in_city("celje"):
        (panel,) = panels_of()
        assert panel.name == "Ljubljanska cesta"
        assert table_in(file_of([panel.facts]).encode()).header == table.header


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"code,name\nP1,x\n"])
def test_a_file_that_is_none_is_told(officer: Client, content: bytes) -> None:
    file = SimpleUploadedFile("panels.csv", BytesIO(content or b"\n").read())
    assert officer.post(f"{LIST}import/", {"file": file}).status_code == 422


def test_the_register_edits_adds_and_removes(officer: Client) -> None:
    assert "P01" in text_of(officer.get(LIST))
    with in_city("celje"):
        key = Panel.objects.get().pk
    form = officer.get(f"{LIST}edit/{key}/").context["form"]
    sent = {name: str(form[name].value() if form[name].value() is not None else "") for name in form.fields}
    assert officer.post(f"{LIST}edit/{key}/", sent | {"lines": "up: X = glazija"}).status_code == 422
    assert officer.post(f"{LIST}edit/{key}/", sent | {"lines": "left: X = nikjer"}).status_code in (409, 422)
    assert officer.post(f"{LIST}edit/{key}/", sent | {"lines": "right: GLAZIJA = glazija"}).status_code == 302
    added = {**sent, "code": "P02", "lines": "ahead: DVOR = dvor"}
    assert officer.post(f"{LIST}new/", added).status_code == 302
    assert officer.post(f"{LIST}new/", added).status_code == 409
    assert officer.post(f"{LIST}remove/{key}/").status_code == 302
    with in_city("celje"):
        assert [panel.code for panel in panels_of()] == ["P02"]

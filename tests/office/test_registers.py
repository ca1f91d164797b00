"""A register lists, edits, imports and exports through the module's actions; nothing of another officer's is lost."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from simos.kernel.clock import now
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import save_facilities
from simos.modules.mobility.parking.models import Facility
from simos.modules.mobility.parking.values import FacilityFacts
from simos.platform.audit.models import AuditRecord
from simos.platform.jobs.models import Work
from simos.platform.scopes.models import City, CityModule
from simos.testing.acting import SYSTEM, in_city
from simos.web.office.declared import Column, Register
from tests.office.conftest import CELJE, EDITOR, KOPER, Content, Signed, signed

HERE = "/office/mobility_parking-facilities/"


@pytest.fixture
def there(cities: dict[str, Content]) -> dict[str, int]:
    """The key of a facility in each city."""
    keys = {}
    for scope in (CELJE, KOPER):
        save_facilities(scope, [FacilityFacts(code="glavno", name=f"Glavno {scope.code}")], by=SYSTEM, at=now())
        with in_city(scope.code):
            keys[scope.code] = Facility.objects.get().pk
    return keys


@pytest.fixture
def officer(there: dict[str, int]) -> Signed:
    return signed((CELJE, "parking-officer"))


def form_of(officer: Signed, key: int) -> dict[str, str]:
    """What the edit form holds, as a browser would send it."""
    answer = officer.client.get(f"{HERE}edit/{key}/")
    assert answer.status_code == 200
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value if isinstance(value, list) else str(value or "") for name, value in values.items()}


def test_the_list_shows_searches_and_filters_ones_own(officer: Signed) -> None:
    shown = officer.client.get(HERE).content.decode()
    assert "Glavno celje" in shown
    assert "Glavno koper" not in shown
    assert "Glavno celje" in officer.client.get(HERE, {"q": "glav"}).content.decode()
    assert "Glavno celje" not in officer.client.get(f"{HERE}results/", {"q": "nikjer"}).content.decode()
    assert "Glavno celje" not in officer.client.get(f"{HERE}results/", {"kind": "garage"}).content.decode()


def test_a_change_goes_through_the_action_and_leaves_its_trail(officer: Signed, there: dict[str, int]) -> None:
    sent = form_of(officer, there["celje"]) | {"name": "Glavno parkirišče", "capacity": "120"}
    assert officer.client.post(f"{HERE}edit/{there['celje']}/", sent).status_code == 302
    with in_city("celje"):
        facility = Facility.objects.get()
    assert (facility.name, facility.capacity) == ("Glavno parkirišče", 120)
    record = AuditRecord.objects.filter(scope="city:celje", action="change-facility").get()
    assert record.actor["account"] == str(officer.account.pk)
    told_twice = Work.objects.filter(kind="event", scope="city:celje", name__endswith=".tell_hub")
    assert told_twice.count() == 2  # once when it was added
    trail = officer.client.get(f"{HERE}history/{there['celje']}/").content.decode()
    assert "change-facility" in trail
    assert officer.account.email in trail


def test_a_new_row_is_added_and_a_taken_code_is_told(officer: Signed) -> None:
    sent = {"code": "novo", "name": "Novo", "kind": "garage", "capacity": "", "address": ""}
    assert officer.client.post(f"{HERE}new/", sent).status_code == 302
    with in_city("celje"):
        assert Facility.objects.get(code="novo").kind == "garage"
    again = officer.client.post(f"{HERE}new/", sent)
    assert again.status_code == 409
    with in_city("celje"):
        assert Facility.objects.count() == 2


def test_what_another_officer_changed_meanwhile_is_not_lost(officer: Signed, there: dict[str, int]) -> None:
    mine = form_of(officer, there["celje"]) | {"name": "Moje ime"}
    save_facilities(CELJE, [FacilityFacts(code="glavno", name="Ime drugega")], by=SYSTEM, at=now())
    refused = officer.client.post(f"{HERE}edit/{there['celje']}/", mine)
    assert refused.status_code == 409
    assert "Moje ime" in refused.content.decode()  # what was typed is still there
    with in_city("celje"):
        assert Facility.objects.get().name == "Ime drugega"
    without_mark = {name: value for name, value in form_of(officer, there["celje"]).items() if name != "office_seen"}
    assert officer.client.post(f"{HERE}edit/{there['celje']}/", without_mark).status_code == 409


@pytest.mark.parametrize("page", ["edit", "look", "history"])
def test_another_citys_row_is_not_found(officer: Signed, there: dict[str, int], page: str) -> None:
    at = f"{HERE}{page}/{there['koper']}/"
    assert officer.client.get(at).status_code == 404
    assert officer.client.post(at, {"name": "x", "kind": "lot"}).status_code in (404, 405)
    with in_city("koper"):
        assert Facility.objects.get().name == "Glavno koper"


def test_who_has_no_permission_or_no_module_finds_no_register(there: dict[str, int]) -> None:
    assert signed((CELJE, EDITOR)).client.get(HERE).status_code == 404
    CityModule.objects.filter(city=City.objects.get(code="celje"), module="mobility/parking").delete()
    assert signed((CELJE, "parking-officer")).client.get(HERE).status_code == 404


def test_the_export_holds_ones_own_and_no_formulas(officer: Signed) -> None:
    save_facilities(CELJE, [FacilityFacts(code="zlo", name="=1+1")], by=SYSTEM, at=now())
    answer = officer.client.get(HERE, {"export": "csv"})
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0] == (
        "Ime,Oznaka,Vrsta,Število mest,Naslov,Zemljepisna dolžina (stopinje),Zemljepisna širina (stopinje)"
    )
    assert "Glavno celje" in text
    assert "koper" not in text
    assert "\n'=1+1," in text
    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(b"".join(officer.client.get(HERE, {"export": "xlsx"})))).active
    assert sheet.max_row == 3


def test_an_import_is_looked_at_first_and_then_done(officer: Signed) -> None:
    file = "code;name;capacity\nglavno;Glavno z novim imenom;10\nnovo;Novo;veliko\ntretje;Tretje;5\n"
    looked = officer.client.post(f"{HERE}import/", {"file": SimpleUploadedFile("p.csv", file.encode())})
    assert looked.status_code == 200
    outcome = looked.context["outcome"]
    assert (len(outcome.added), len(outcome.changed), len(outcome.errors)) == (1, 1, 1)
    with in_city("celje"):
        assert [row.name for row in Facility.objects.all()] == ["Glavno celje"]
    assert (
        not AuditRecord.objects.filter(action="add-facility", scope="city:celje")
        .exclude(actor__program="test")
        .exists()
    )
    waiting = looked.context["waiting"]
    other = signed((KOPER, "parking-officer"))
    other.client.post(f"{HERE}import/", {"waiting": waiting})  # sealed for somebody else: nothing happens
    with in_city("koper"):
        assert Facility.objects.count() == 1
    assert officer.client.post(f"{HERE}import/", {"waiting": waiting}).status_code == 302
    with in_city("celje"):
        assert {row.name for row in Facility.objects.all()} == {"Glavno z novim imenom", "Tretje"}


def test_a_file_that_cannot_be_read_is_told(officer: Signed) -> None:
    answer = officer.client.post(f"{HERE}import/", {"file": SimpleUploadedFile("p.csv", b"\xff\xfe\x00")})
    assert answer.status_code == 422


def test_a_register_of_rows_that_are_no_citys_is_refused() -> None:
    title = Text(sl="Mesta", en="Cities")
    with pytest.raises(ValueError, match="behind the wall"):
        Register(
            name="cities",
            title=title,
            model=City,  # type: ignore[arg-type]
            columns=(Column(field="code", title=title),),
            view="a",
            edit="b",
            form=object,
            save=lambda: None,
        )

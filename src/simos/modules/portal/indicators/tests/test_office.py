"""The desk: an officer of the city enters what nothing can compute, and nobody else does."""

import pytest
from django.test import Client

from simos.kernel.acting import Scope
from simos.modules.portal.indicators.tests.conftest import AT, CELJE, KOPER, Two
from simos.platform.access.actions import grant_role
from simos.platform.audit.models import AuditRecord
from simos.platform.indicators.models import Measurement
from simos.testing.acting import SYSTEM, make_account

DESK = "/office/portal_indicators-indicators/"
RATING = f"{DESK}mobility/parking/rating/"
SAID = {"period": "2025-01-01", "value": "3,6", "note": "Anketa junija"}


def signed(scope: Scope, role: str) -> Client:
    account, client = make_account(), Client()
    grant_role(scope, account, role=role, by=SYSTEM, at=AT)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_an_officer_enters_a_value_with_how_it_is_known(two: Two) -> None:
    client = signed(CELJE, "indicator-officer")
    assert "Ocena" in client.get(DESK).content.decode()
    assert client.post(RATING, SAID).status_code == 302
    row = Measurement.objects.get()
    assert (row.scope, row.value, row.first.year, row.note.sl) == ("city:celje", 3.6, 2025, "Anketa junija")
    assert AuditRecord.objects.get(action="enter-indicator").scope == "city:celje"
    page = client.get(RATING).content.decode()
    assert "Anketa junija" in page
    assert "velja" in page


@pytest.mark.parametrize(
    "wrong", [{"value": ""}, {"value": "veliko"}, {"note": ""}, {"period": "1995-01-01"}, {"period": "2027-01-01"}]
)
def test_what_is_wrong_is_said_and_nothing_kept(two: Two, wrong: dict[str, str]) -> None:
    answer = signed(CELJE, "indicator-officer").post(RATING, SAID | wrong)
    assert answer.status_code == 422
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(("scope", "role"), [(KOPER, "indicator-officer"), (CELJE, "parking-officer")])
def test_nobody_else_comes_to_it(two: Two, scope: Scope, role: str) -> None:
    client = signed(scope, role)
    assert client.get(RATING).status_code == 404
    assert client.post(RATING, SAID).status_code == 404
    assert not Measurement.objects.exists()


def test_a_computed_one_has_no_form(two: Two) -> None:
    assert signed(CELJE, "indicator-officer").get(f"{DESK}mobility/parking/free-share/").status_code == 404

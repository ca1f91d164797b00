"""The desks of units, substitutes and connected applications: done by their actions, audited, stopping at the scope."""

from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Client as Application

from simos.kernel.clock import now
from simos.platform.access.models import Membership, Substitution, Unit
from simos.platform.access.units import members_of, open_unit
from simos.platform.audit.models import AuditRecord
from simos.testing.acting import SYSTEM, make_account
from tests.office.conftest import CELJE, FED, KOPER, Content, Signed, signed

UNITS, SUBSTITUTES, CLIENTS = (f"/office/platform-{each}/" for each in ("units", "substitutes", "clients"))


@pytest.fixture
def chief(cities: dict[str, Content]) -> Signed:
    return signed((CELJE, "city-administrator"))


def actions_of(who: Signed) -> list[str]:
    rows = AuditRecord.objects.filter(actor__account=str(who.account.pk)).order_by("seq")
    return list(rows.values_list("action", flat=True))


def test_a_unit_is_opened_peopled_emptied_and_closed(chief: Signed) -> None:
    open_unit(KOPER, "ambiente", name="Ufficio ambiente", by=SYSTEM, at=now())
    sent = {"name": "Oddelek za promet", "code": "promet", "within": ""}
    made = chief.client.post(UNITS, sent)
    unit = Unit.objects.get(scope="city:celje", code="promet")
    assert made["Location"] == f"{UNITS}{unit.pk}/"
    assert chief.client.post(UNITS, sent).status_code == 422
    assert chief.client.post(UNITS, sent | {"code": "Promet!"}).status_code == 422
    part = {"name": "Parkiranje", "code": "parkiranje", "within": "promet"}
    assert chief.client.post(UNITS, part).status_code == 302
    shown = chief.client.get(UNITS).content.decode()
    assert "Oddelek za promet" in shown
    assert "Ufficio ambiente" not in shown

    worker, at = make_account("delavka@example.si"), made["Location"]
    assert chief.client.post(at, {"email": "nihce@example.si"}).status_code == 422
    assert chief.client.post(at, {"email": "Delavka@example.si", "leads": "on", "until": ""}).status_code == 302
    assert chief.client.post(at, {"email": "delavka@example.si"}).status_code == 422
    assert chief.client.post(at, {"email": chief.account.email, "until": "2020-01-01"}).status_code == 422
    assert list(members_of(unit, at=now())) == [worker]
    assert "vodi enoto" in chief.client.get(at).content.decode()
    assert chief.client.post(f"{at}close/").status_code == 302
    unit.refresh_from_db()
    assert unit.closed_at is None  # somebody works there, and a part of it is open
    row = Membership.objects.get()
    assert chief.client.post(f"{at}{row.pk}/remove/").status_code == 302
    assert list(members_of(unit, at=now())) == []
    inner = Unit.objects.get(code="parkiranje")
    chief.client.post(f"{UNITS}{inner.pk}/close/")
    chief.client.post(f"{at}close/")
    unit.refresh_from_db()
    assert unit.closed_at is not None
    assert chief.client.get(at).status_code == 404
    assert actions_of(chief) == [
        "open-unit", "open-unit", "add-member", "remove-member", "close-unit", "close-unit",
    ]  # fmt: skip


def test_a_substitute_is_named_until_a_day_and_taken_back(chief: Signed) -> None:
    absent, other = signed((CELJE, "parking-officer")).account, make_account("namestnik@example.si")
    last = (now() + timedelta(days=3)).date().isoformat()
    sent = {"absent": absent.email, "substitute": other.email, "since": "", "until": last}
    for wrong, field in (
        ({"substitute": absent.email}, "substitute"),
        ({"absent": other.email, "substitute": absent.email}, "absent"),
        ({"until": "2020-01-01"}, "until"),
        ({"until": ""}, "until"),
        ({"absent": "nihce@example.si"}, "absent"),
    ):
        refused = chief.client.post(SUBSTITUTES, sent | wrong)
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert chief.client.post(SUBSTITUTES, sent).status_code == 302
    row = Substitution.objects.get()
    assert row.ends_at > now() + timedelta(days=2)
    assert "namestnik@example.si" in chief.client.get(SUBSTITUTES).content.decode()
    theirs = signed((KOPER, "city-administrator"))
    assert "namestnik@example.si" not in theirs.client.get(SUBSTITUTES).content.decode()
    assert theirs.client.post(f"{SUBSTITUTES}{row.pk}/withdraw/").status_code == 404
    assert chief.client.post(f"{SUBSTITUTES}{row.pk}/withdraw/").status_code == 302
    assert not Substitution.objects.in_force(now()).exists()
    assert actions_of(chief) == ["name-substitute", "withdraw-substitute"]


def test_an_application_is_registered_its_secret_shown_once_and_revoked(cities: dict[str, Content]) -> None:
    federation = signed((FED, "platform-administrator"))
    sent = {"name": "Mestna kartica", "redirect_uris": "https://karta.example/back\nhttps://karta.example/app"}
    for wrong in ("http://karta.example/back", "javascript:alert(1)", ""):
        refused = federation.client.post(CLIENTS, sent | {"redirect_uris": wrong})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["redirect_uris"])
    made = federation.client.post(CLIENTS, sent)
    secret, application = made.context["made"].secret, Application.objects.get()
    assert secret in made.content.decode()
    assert application.get_redirect_uris() == ["https://karta.example/back", "https://karta.example/app"]
    shown = federation.client.get(CLIENTS).content.decode()
    assert "Mestna kartica" in shown
    assert secret not in shown
    phone = federation.client.post(CLIENTS, sent | {"name": "Telefon", "is_public": "on"})
    assert phone.context["made"].secret == ""
    assert signed((CELJE, "city-administrator")).client.get(CLIENTS).status_code == 404
    assert federation.client.post(f"{CLIENTS}{application.pk}/revoke/").status_code == 302
    assert federation.client.post(f"{CLIENTS}{application.pk}/revoke/").status_code == 404
    assert list(Application.objects.values_list("name", flat=True)) == ["Telefon"]
    assert actions_of(federation) == ["add-client", "add-client", "remove-client"]

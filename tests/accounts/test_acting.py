"""On pages: one acts for another by mandate, an officer for who stands at the counter; both are seen and audited."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from simos.kernel.acting import Channel, Scope
from simos.kernel.clock import now
from simos.platform.access.actions import grant_role
from simos.platform.access.models import Mandate
from simos.platform.access.units import add_member, name_substitute, open_unit
from simos.platform.audit.models import AuditRecord
from simos.platform.people.models import Account, Party
from simos.platform.privacy.reading import as_read, reads_of
from simos.testing.acting import SYSTEM, actor_for
from simos.web.actors import actor_of
from tests.accounts.flow import an_account, signed_in, text_of

pytestmark = pytest.mark.django_db
CELJE = Scope.city("celje")
COUNTER = "/account/counter/celje/"


def acting(client: Client) -> object:
    return actor_of(client.get("/account/").wsgi_request)


def officer(email: str = "marko@example.si") -> Account:
    account = an_account(email, "Marko Kovač")
    grant_role(CELJE, account, role="counter-officer", by=SYSTEM, at=now())
    return account


def test_one_lets_another_act_and_takes_it_back() -> None:
    ana, ivan = an_account(), an_account("ivan@example.si", "Ivan Kos")
    hers, his = signed_in(ana), signed_in(ivan)
    assert str(ivan.party_id) in text_of(his.get("/account/mandates/"))
    assert "Nihče nima te kode" in text_of(hers.post("/account/mandates/", {"code": str(ana.pk)}))
    hers.post("/account/mandates/", {"code": str(ivan.party_id)})
    assert "Ivan Kos" in text_of(hers.get("/account/mandates/"))
    mandate = Mandate.objects.get()
    his.post("/account/acting/", {"chosen": f"mandate-{mandate.pk}"})
    assert (acting(his).on_behalf_of, acting(his).channel) == (str(ana.party_id), Channel.WEB)
    assert "Nastopate za: Ana Novak" in text_of(his.get("/celje/"))

    assert signed_in(an_account("x@example.si", "X")).post(f"/account/mandates/{mandate.pk}/end/").status_code == 404
    hers.post(f"/account/mandates/{mandate.pk}/end/")
    told = his.get("/account/")
    assert told.status_code == 409
    assert "Spet nastopate v svojem imenu" in text_of(told)
    assert acting(his).on_behalf_of == ""
    assert "Nastopate za: Ana" not in text_of(his.get("/celje/"))


def test_nobody_chooses_what_is_not_offered() -> None:
    ana, ivan, eve = an_account(), an_account("ivan@example.si", "Ivan"), an_account("eve@example.si", "Eve")
    signed_in(ana).post("/account/mandates/", {"code": str(ivan.party_id)})
    client = signed_in(eve)
    answer = client.post("/account/acting/", {"chosen": f"mandate-{Mandate.objects.get().pk}"})
    assert answer.status_code == 200
    assert acting(client).on_behalf_of == ""


def test_an_officer_serves_who_has_no_account_and_the_account_shows_it_later() -> None:
    marko = officer()
    unit = open_unit(CELJE, "reception", name="Sprejemna pisarna", by=SYSTEM, at=now())
    add_member(CELJE, unit, marko, by=SYSTEM, at=now())
    client = signed_in(marko)
    assert "Okence: Celje" in text_of(client.get("/account/"))
    born = {"born_on_day": "2", "born_on_month": "4", "born_on_year": "1950"}
    sought = {"purpose": "application", "name": "Marija Župan", **born}
    page = client.post(COUNTER, sought)
    assert "Vpis osebe" in text_of(page)
    entered = {f"enter-{key}": value for key, value in sought.items()} | {"enter-kind": "natural"}
    assert client.post(f"{COUNTER}enter/", entered).status_code == 200  # no document
    assert not Party.objects.filter(name="Marija Župan").exists()
    client.post(f"{COUNTER}enter/", entered | {"enter-proof": "osebna izkaznica"})
    marija = Party.objects.get(name="Marija Župan")
    actor = acting(client)
    assert (actor.channel, actor.on_behalf_of, actor.office) == (Channel.COUNTER, str(marija.pk), str(unit.pk))
    assert actor.account == str(marko.pk)
    assert "Nastopate za: Marija Župan" in text_of(client.get("/celje/"))

    client.post(f"{COUNTER}end/")
    assert acting(client).channel is Channel.WEB
    assert "Marija Župan" in text_of(client.post(COUNTER, sought))
    client.post(f"{COUNTER}begin/", {"party": str(marija.pk), "purpose": "application"})
    began = AuditRecord.objects.filter(action="begin-at-counter").latest("seq")
    assert (began.purpose, began.actor["channel"], began.actor["on_behalf_of"]) == (
        "Oddaja vloge",
        "counter",
        str(marija.pk),
    )

    hers = an_account("marija@example.si", "Marija")
    wrong = client.post(f"{COUNTER}confirm/", {"confirm-email": "none@example.si", "confirm-proof": "potni list"})
    assert "Takšnega računa ni" in text_of(wrong)
    client.post(f"{COUNTER}confirm/", {"confirm-email": "marija@example.si", "confirm-proof": "potni list"})
    hers.refresh_from_db()
    assert hers.party == marija
    client.post(f"{COUNTER}end/")

    reads = [as_read(row) for row in reads_of(marija.pk)]
    assert [(each.purpose, each.office, each.channel, each.on_behalf) for each in reads] == [
        ("Oddaja vloge", "Sprejemna pisarna", Channel.COUNTER, True)
    ] * 2
    said = text_of(signed_in(hers).get(reverse("portal_mydata:reads")))
    for words in ("Oddaja vloge", "Sprejemna pisarna"):
        assert words in said
    assert "Marko" not in said  # the person learns which office read, not who in it


def test_for_what_the_person_came_is_chosen_and_not_made_up() -> None:
    client, ana = signed_in(officer()), an_account()
    page = client.get(COUNTER)
    assert "Vpogled v lastne podatke" in text_of(page)
    for purpose in ("", "radovednost"):
        answer = client.post(f"{COUNTER}begin/", {"party": str(ana.party_id), "purpose": purpose})
        assert answer.status_code == 422
    assert acting(client).on_behalf_of == ""
    assert not reads_of(ana.party_id).exists()


def test_an_officer_enters_that_a_parent_acts_for_a_child() -> None:
    client = signed_in(officer())
    parent = an_account("mama@example.si", "Mama Kos")
    client.post(f"{COUNTER}begin/", {"party": str(parent.party_id), "purpose": "mandate"})
    child = {
        "record-kind": "parent",
        "record-name": "Otrok Kos",
        "record-born_on_day": "1",
        "record-born_on_month": "5",
        "record-born_on_year": "2020",
        "record-proof": "rojstni list",
    }
    client.post(f"{COUNTER}record/", child)
    mandate = Mandate.objects.get()
    assert (mandate.principal.name, mandate.holder, mandate.kind) == ("Otrok Kos", parent.party, "parent")
    assert "že obstaja" in text_of(client.post(f"{COUNTER}record/", child))
    his = signed_in(parent)
    his.post("/account/acting/", {"chosen": f"mandate-{mandate.pk}"})
    assert acting(his).on_behalf_of == str(mandate.principal_id)


def test_there_is_no_counter_for_others() -> None:
    citizen, of_koper = an_account(), an_account("giulia@example.si", "Giulia")
    grant_role(Scope.city("koper"), of_koper, role="counter-officer", by=SYSTEM, at=now())
    for account in (citizen, of_koper):
        client = signed_in(account)
        assert "Okence: Celje" not in text_of(client.get("/account/"))
        for step in ("", "enter/", "begin/", "end/", "confirm/", "record/"):
            assert client.post(f"{COUNTER}{step}", {"party": str(citizen.party_id), "purpose": "x"}).status_code == 404
    assert Client().get(COUNTER).status_code == 302
    assert not AuditRecord.objects.filter(action="begin-at-counter").exists()


def test_one_stands_in_for_an_absent_officer() -> None:
    marko, ivan = officer(), an_account("ivan@example.si", "Ivan Kos")
    by = replace(actor_for(marko))
    name_substitute(
        CELJE, absent=marko, substitute=ivan, begins_at=now(), ends_at=now() + timedelta(days=7), by=by, at=now()
    )
    client = signed_in(ivan)
    assert client.get(COUNTER).status_code == 404
    offered = client.get("/account/acting/").content.decode()
    assert "Namesto: Marko Kovač" in offered
    from simos.platform.access.models import Substitution

    client.post("/account/acting/", {"chosen": f"absent-{Substitution.objects.get().pk}"})
    assert client.get(COUNTER).status_code == 200
    client.post(f"{COUNTER}begin/", {"party": str(an_account().party_id), "purpose": "application"})
    said = AuditRecord.objects.get(action="begin-at-counter").actor
    assert (said["account"], said["in_place_of"]) == (str(ivan.pk), str(marko.pk))
    client.post(f"{COUNTER}end/")
    assert acting(client).in_place_of == str(marko.pk)

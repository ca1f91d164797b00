"""Nobody comes into the office without a role, whoever is in sees one scope, an address without a door is not there."""

from collections import defaultdict
from collections.abc import Callable

from django.test import Client

from simos.web.office.doors import WAGTAIL
from simos.web.office.placing import declared_doors
from tests.access.addresses import in_the_office
from tests.office.conftest import CELJE, EDITOR, KOPER, Content, Signed, signed

Officer = Callable[..., Signed]


def test_before_anybody_has_a_role_the_office_says_what_to_do(client: Client, db: None) -> None:
    answer = client.get("/office/")
    assert answer.status_code == 503
    assert "simos init" in answer.content.decode()
    assert client.get("/office/pages/").status_code == 302


def test_whoever_has_no_role_finds_nothing_at_any_address(officer: Officer) -> None:
    signed((CELJE, "city-administrator"))  # somebody else
    citizen = officer()
    citizen.account.is_superuser = True
    citizen.account.save()
    ones = defaultdict(lambda: "1")
    found = {each.name: citizen.client.get(each.filled(ones)).status_code for each in in_the_office()}
    assert {at: status for at, status in found.items() if status != 404} == {}


def test_every_door_leads_to_an_address() -> None:
    assert set(WAGTAIL) | set(declared_doors()) <= {each.name for each in in_the_office()}


def test_an_officer_of_one_city_is_in_it_at_once(officer: Officer, cities: dict[str, Content]) -> None:
    answer = officer((CELJE, EDITOR)).get("/office/")
    assert answer.status_code == 200
    assert "Celje" in answer.content.decode()


def test_an_officer_of_two_cities_chooses_and_may_change(officer: Officer, cities: dict[str, Content]) -> None:
    both = officer((CELJE, EDITOR), (KOPER, EDITOR))
    sent = both.get("/office/pages/")
    assert sent.status_code == 302
    assert sent["Location"] == "/office/scope/?next=/office/pages/"
    assert both.get("/office/scope/").status_code == 200
    chosen = both.client.post("/office/scope/", {"scope": "city:koper", "next": "/office/"})
    assert chosen["Location"] == "/office/"
    assert "Koper" in both.get("/office/").content.decode()
    assert both.client.post("/office/scope/", {"scope": "city:kranj"}).status_code == 404


def test_a_role_that_was_withdrawn_shuts_the_door_at_once(officer: Officer, cities: dict[str, Content]) -> None:
    from simos.kernel.clock import now
    from simos.platform.access.actions import withdraw_role
    from simos.testing.acting import SYSTEM

    gone = officer((CELJE, EDITOR))
    assert gone.get("/office/").status_code == 200
    withdraw_role(CELJE, gone.account, role=EDITOR, by=SYSTEM, at=now())
    assert gone.get("/office/").status_code == 404


def test_a_group_or_permission_of_django_given_by_hand_counts_for_nothing(officer: Officer) -> None:
    from django.contrib.auth.models import Group, Permission

    signed((CELJE, "city-administrator"))  # somebody else
    by_hand = officer()
    group = Group.objects.create(name="Editors by hand")
    group.permissions.set(Permission.objects.all())
    by_hand.account.groups.add(group)
    by_hand.account.user_permissions.set(Permission.objects.all())
    assert by_hand.get("/office/").status_code == 404
    assert not by_hand.account.has_perm("wagtailadmin.access_admin")

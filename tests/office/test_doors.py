"""Nobody comes into the office without a role, whoever is in sees one scope, an address without a door is not there."""

from collections.abc import Callable

from django.test import Client
from django.urls import get_resolver, reverse

from simos.web.office.doors import WAGTAIL
from simos.web.office.placing import declared_doors
from tests.office.conftest import CELJE, EDITOR, KOPER, Content, Signed, signed

Officer = Callable[..., Signed]


def office_addresses() -> list[tuple[str, str]]:
    """(name, pattern) of every address below /office/."""

    def walk(patterns: list, prefix: str, names: str) -> list[tuple[str, str]]:
        found = []
        for each in patterns:
            here = prefix + str(each.pattern)
            if hasattr(each, "url_patterns"):
                found += walk(each.url_patterns, here, names + (f"{each.namespace}:" if each.namespace else ""))
            else:
                found.append((names + (each.name or ""), here))
        return found

    return [(name, at) for name, at in walk(get_resolver().url_patterns, "", "") if at.startswith("office/")]


FILLED = {
    "int": "999999",
    "slug": "wagtailcore",
    "str": "999999",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


def filled(pattern: str) -> str:
    """An address of this pattern, with keys that lead to nothing."""
    import re

    at = re.sub(r"\^|\$", "", pattern)
    at = re.sub(r"<(\w+):(\w+)>", lambda found: FILLED[found[1]], at)
    at = at.replace("<uidb64>", "x").replace("<token>", "y")
    at = re.sub(r"\(\?P<[^>]+>(?:[^()]|\([^)]*\))*\)", "1", at).replace("\\.", ".").replace(".*", "nothing")
    return "/" + at


def test_before_anybody_has_a_role_the_office_says_what_to_do(client: Client, db: None) -> None:
    answer = client.get("/office/")
    assert answer.status_code == 503
    assert "simos init" in answer.content.decode()
    assert client.get("/office/pages/").status_code == 302


def test_nobody_is_sent_to_sign_in_everywhere(client: Client, db: None) -> None:
    signed((CELJE, "city-administrator"))
    sign_in = reverse("account_login") + "?next=/office/"
    for _, at in office_addresses():
        answer = client.get(filled(at))
        assert (answer.status_code, answer["Location"].startswith(sign_in)) == (302, True), at


def test_whoever_has_no_role_finds_nothing_at_any_address(officer: Officer) -> None:
    signed((CELJE, "city-administrator"))  # somebody else
    citizen = officer()
    citizen.account.is_superuser = True
    citizen.account.save()
    found = {at: citizen.client.get(filled(at)).status_code for _, at in office_addresses()}
    assert {at: status for at, status in found.items() if status != 404} == {}


def test_every_address_without_a_door_is_not_found_for_an_administrator(cities: dict[str, Content]) -> None:
    everywhere = signed((CELJE, "city-administrator"), (CELJE, EDITOR))
    doors = set(declared_doors()) | set(WAGTAIL) | {"office:scope", "office:sign-out"}
    shut = [(name, at) for name, at in office_addresses() if name not in doors and at != "office/logout/"]
    assert len(shut) > 50  # users, groups, sites, locales, collections, reports, workflows, Wagtail's own sign-in
    found = {at: everywhere.client.get(filled(at)).status_code for _, at in shut}
    assert {at: status for at, status in found.items() if status != 404} == {}


def test_every_door_leads_to_an_address() -> None:
    assert set(WAGTAIL) | set(declared_doors()) <= {name for name, _ in office_addresses()}


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

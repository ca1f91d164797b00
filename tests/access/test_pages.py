"""Every page and every address of the API, asked by everybody: each gets what is declared, and nobody more."""

from collections.abc import Mapping

import pytest

from simos.kernel.clock import now
from simos.platform.tokens.actions import issue_token
from simos.testing.acting import SYSTEM
from tests.access.addresses import Address, in_the_api, pages
from tests.access.conftest import World
from tests.access.expected import API, ASKERS, PAGES, Row
from tests.access.things import CELJE, KOPER, undone

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def listed(found: Mapping[str, object]) -> str:
    return "".join(f"\n  {what}: {got}" for what, got in found.items())


def rows(found: object) -> tuple[Row, ...]:
    return (found,) if isinstance(found, Row) else tuple(found)  # type: ignore[arg-type]


def filled(address: Address, row: Row, world: World) -> str:
    there = row.at.replace("{document}", str(world.celje.document.pk))
    return f"/{there}" if there else address.filled(row.keys)


@pytest.mark.parametrize("name", ASKERS)
def test_every_page_answers_each_as_declared(world: World, name: str) -> None:
    asker, found = world.askers[name], {}
    for address in pages():
        for row in rows(PAGES[address.name]):
            with undone():
                answer = asker.asks(row.method, filled(address, row, world))
            if answer.status_code != getattr(row, name):
                found[f"{row.method} {address.name}"] = (answer.status_code, answer.get("Location", ""))
    assert not found, f"{name} got, and was sent to (is it wrong, or its line in expected.py?):{listed(found)}"


def test_who_must_sign_in_is_sent_there_and_comes_back(world: World) -> None:
    for address in pages():
        for row in rows(PAGES[address.name]):
            if row.nobody == 302 != row.citizen and row.method == "GET" and "logout" not in address.name:
                at = filled(address, row, world)
                assert world.askers["nobody"].asks("GET", at)["Location"].startswith("/account/login/?next="), at


@pytest.mark.parametrize("name", ASKERS)
def test_every_address_of_the_api_answers_each_as_declared(world: World, name: str) -> None:
    asker, found = world.askers[name], {}
    for address in in_the_api():
        declared = {row.method: row for row in rows(API[address.name])}
        keys = next(iter(declared.values())).keys
        for method in METHODS:
            with undone():
                answer = asker.asks(method, address.filled(keys), None, content_type="application/json")
            expected = getattr(declared[method], name) if method in declared else 405
            if answer.status_code != expected:
                found[f"{method} {address.name}"] = (answer.status_code, expected)
    assert not found, f"{name} got, and should have:{listed(found)}"


def test_a_token_opens_the_api_in_its_own_city_alone(world: World) -> None:
    """Of another city: 403; of none that is in force: 401; of its own: what its account gets, and no write."""
    with undone():
        officer = world.askers["officer"].account
        issued = {
            scope: issue_token(scope, officer, name=str(scope), may_write=False, by=SYSTEM, at=now()).secret  # type: ignore[arg-type]
            for scope in (CELJE, KOPER)
        }
        for address in in_the_api():
            declared = {row.method: row for row in rows(API[address.name])}
            at = address.filled(next(iter(declared.values())).keys)
            for method in METHODS:
                said = {}
                for whose, secret in (("own", issued[CELJE]), ("other", issued[KOPER]), ("none", "simos_x")):
                    with undone():
                        bearer = {"Authorization": f"Bearer {secret}"}
                        said[whose] = world.askers["nobody"].asks(method, at, headers=bearer).status_code
                own = 403 if method != "GET" else declared["GET"].officer if "GET" in declared else 405
                assert said == {"own": own, "other": 403, "none": 401}, f"{method} {at}"

"""Every address of the office, asked by everybody, with keys of one's own city and of another: by GET and by POST."""

from collections.abc import Iterator

import pytest
from django.urls import Resolver404, resolve, reverse

from simos.kernel.acting import ScopeKind
from simos.web.office.placing import placed
from tests.access.addresses import Address, in_the_office
from tests.access.conftest import World
from tests.access.expected import ASKERS, expected_of_wagtail
from tests.access.test_pages import listed
from tests.access.things import Asker, Furnished, own_keys, undone

pytestmark = pytest.mark.django_db
CONTENT = {"edit-content", "publish-content"}
PLACED = {each.key: each for each in placed()}
NEEDS_MORE = {
    "wagtailadmin_block_preview", "wagtailadmin_pages:convert_alias", "wagtail_localize:convert_to_alias",
    "wagtail_localize:machine_translate",
}  # fmt: skip
"""Found only for a block, an alias or a translating machine, of which there is none here."""


def is_for(asker: Asker, address: Address) -> bool:
    """Whether the declarations say that `asker` may come to the address, with keys of their own."""
    if asker.scope is None or not asker.permissions:
        return False
    space, _, page = address.name.partition(":")
    if (one := PLACED.get(space)) is None:
        who = expected_of_wagtail(address.name)
        return who == "all" or (who == "editors" and bool(asker.permissions & CONTENT))
    if asker.scope.kind not in one.kinds:
        return False
    if hasattr(one.item, "pages"):
        wanted = next(each.permissions for each in one.item.pages if each.name == page)
    else:
        looking = page in ("index", "index_results", "inspect", "history")
        wanted = {one.item.view, one.item.edit} if looking else {one.item.edit}
    return bool(asker.permissions & set(wanted))


def sent(asker: Asker, address: Address) -> dict[str, str]:
    """What a form there has to hold, for addresses that are found only with it."""
    if address.name == "office:scope":
        return {"scope": str(asker.scope)}
    if address.name == "platform-officers:withdraw" and asker.account is not None:
        return {"account": str(asker.account.pk), "role": asker.roles[0] if asker.roles else ""}
    return {}


def is_shadowed(address: Address, at: str) -> bool:
    """Whether another address of ours stands before it."""
    try:
        return resolve(at).view_name != address.name and bool(address.name) and "/" not in address.name
    except Resolver404:
        return False


def at_of(address: Address, city: Furnished, **others: str) -> str:
    keys = {name: city.key(address, name) for name in address.keys} | others
    if address.name == "wagtail_bulk_action":
        keys |= {"app_label": "wagtailcore", "model_name": "page", "action": "unpublish"}
        return f"{address.filled(keys)}?id={others.get('page_id', city.keys['page_id'])}"
    if address.name.startswith("wagtailadmin_editing_sessions:"):
        keys |= {"app_label": "portal_home", "model_name": "newspage"}
    return address.filled(keys)


def everywhere(city: Furnished) -> Iterator[tuple[Address, str]]:
    for address in in_the_office():
        at = at_of(address, city)
        if not is_shadowed(address, at):
            yield address, at


@pytest.mark.parametrize("name", ASKERS)
def test_every_address_of_the_office_opens_to_whom_it_is_declared(world: World, name: str) -> None:
    """Celje's keys. Nobody is sent to sign in; who has no role, or not this one, finds nothing."""
    asker, faults = world.askers[name], {}
    sign_in = reverse("account_login") + "?next=/office/"
    for address, at in everywhere(world.celje):
        keyed = bool(own_keys(address)) or address.name == "wagtail_bulk_action"
        opens = is_for(asker, address) and not (keyed and name in ("foreign", "federation"))
        for method in ("GET", "POST"):
            plainly = {"Accept": "application/json"} if not opens else {}
            with undone():
                answer = asker.asks(method, at, sent(asker, address) if method == "POST" else None, headers=plainly)
                if name == "nobody":
                    fits = answer.status_code == 302 and answer["Location"].startswith(sign_in)
                elif not opens:
                    fits = answer.status_code == 404
                else:
                    fits = answer.status_code not in (401, 403, 404) or address.name in NEEDS_MORE
                    fits = fits and (method == "POST" or answer.status_code < 500)  # forms want their fields
                shown = b"" if answer.streaming else answer.content
            if not fits:
                faults[f"{method} {address.name} {at}"] = answer.status_code
            if name in ("foreign", "federation") and world.celje.mark.encode() in shown:
                faults[f"{method} {address.name} {at}"] = "shows what is Celje's"
    assert not faults, f"{name} got:{listed(faults)}"


def test_one_foreign_key_among_ones_own_is_not_found_either(world: World) -> None:
    """Each key of an address in turn is Koper's, the others are Celje's: an officer of Celje finds nothing there."""
    officer, found, tried = world.askers["officer"], {}, 0
    for address, _at in everywhere(world.celje):
        if not is_for(officer, address):
            continue
        for name in own_keys(address):
            foreign = world.koper.key(address, name)
            if foreign == world.celje.key(address, name):
                continue
            at = at_of(address, world.celje, **{name: foreign})
            for method in ("GET", "POST"):
                tried += 1
                with undone():
                    answer = officer.asks(method, at, headers={"Accept": "application/json"})
                if answer.status_code != 404:
                    found[f"{method} {address.name} {name}"] = answer.status_code
    assert not found, f"got:{listed(found)}"
    assert tried > 130


def test_every_row_of_a_register_and_every_key_of_a_desk_is_one_of_the_two_cities(world: World) -> None:
    """Else the tests above would look for what is nowhere."""
    for each in placed():
        if ScopeKind.CITY in each.kinds:
            for address in in_the_office():
                if address.name.startswith(f"{each.key}:"):
                    for name in own_keys(address):
                        pair = [city.key(address, name) for city in (world.celje, world.koper)]
                        assert pair[0] != pair[1], f"{address.name}: its {name} belongs into OFFICE_KEYS or things.py"

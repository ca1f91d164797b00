"""What the register publishes is in the hub after the commit; nothing is written there from inside a transaction."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from simos.hub.contexts import CORE
from simos.hub.faces import hub_app
from simos.hub.grants import service
from simos.hub.server.running import Server, open_desk, server_config
from simos.hub.server.sockets import unix_socket
from simos.hub.store.opening import open_store
from simos.kernel.acting import FEDERATION, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.platform.audit.transactions import OutsideTransaction
from simos.platform.jobs.models import Work
from simos.platform.jobs.queries import dead_letters
from simos.platform.scopes.errors import NobodyActs
from simos.platform.things import door
from simos.platform.things.door import GuardedHub, HubWriteInTransaction
from simos.platform.things.publishing import KIND, hub_runner, publish
from simos.testing.acting import in_city
from simos.testing.work import run_all

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE = Scope.city("celje")
TOKEN = "a service token of this test"
pytestmark = pytest.mark.django_db


def garage(name: str, code: str = "glazija", **more) -> dict:
    return {"id": f"urn:ngsi-ld:Garage:{code}", "type": "Garage", "name": {"type": "Property", "value": name}} | more


@pytest.fixture(scope="module")
def hub_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a hub that runs in a thread, with nobody's tenant."""
    folder: Path = tmp_path_factory.mktemp("hub")
    listening = unix_socket(folder / "hub.sock")
    started, server = threading.Event(), []

    async def serve() -> None:
        async with open_desk(f"sqlite:///{folder}/hub.sqlite3", (service(TOKEN),)) as desk:
            server.append(Server(server_config(hub_app(desk)), before_stop=desk.live.close))
            started.set()
            await server[0].serve(sockets=[listening])

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert started.wait(30)
    yield f"unix:{folder}/hub.sock"
    server[0].should_exit = True
    thread.join()


@pytest.fixture
def hub(hub_url: str) -> GuardedHub:
    return door.connect(url=hub_url, token=TOKEN)


def runners(hub: GuardedHub):
    return {KIND: hub_runner(lambda: hub)}


def name_of(hub: GuardedHub, city: str, code: str = "glazija") -> object:
    found = hub.entity(city, f"urn:ngsi-ld:Garage:{code}")
    return found and found["name"]["value"]


def put(*entities: dict, scope: Scope = CELJE, key: str = "k") -> None:
    with in_city(scope.code), transaction.atomic():
        publish(entities, scope=scope, order_key=key)


def test_what_is_published_is_in_the_citys_tenant_and_there_only(hub):
    put(garage("Glazija"), garage("Tuš", "tus"))
    put(garage("Koprski"), scope=Scope.city("koper"))
    assert run_all(runners(hub)) == 2
    assert (name_of(hub, "celje"), name_of(hub, "celje", "tus"), name_of(hub, "koper")) == ("Glazija", "Tuš", "Koprski")


def test_publishing_again_changes_nothing_and_keeps_other_attributes(hub):
    hub.add_tenant("kranj")
    count = {"type": "Property", "value": 5}
    hub.upsert("kranj", [{"id": "urn:ngsi-ld:Garage:glazija", "type": "Garage", "free": count}])
    for _ in range(2):
        put(garage("Glazija"), scope=Scope.city("kranj"))
    run_all(runners(hub))
    found = hub.entity("kranj", "urn:ngsi-ld:Garage:glazija")
    assert (found["name"]["value"], found["free"]["value"]) == ("Glazija", 5)


def test_an_attribute_that_is_none_is_taken_away_and_others_stay(hub):
    put(garage("Glazija", "emptied", height={"type": "Property", "value": 2.1}))
    put(garage("Glazija", "emptied", height=None, colour=None))
    assert run_all(runners(hub)) == 2
    found = hub.entity("celje", "urn:ngsi-ld:Garage:emptied", options="keyValues")
    assert found == {"id": "urn:ngsi-ld:Garage:emptied", "type": "Garage", "name": "Glazija"}
    assert not dead_letters()


def test_the_last_commit_of_a_key_wins(hub):
    for number in range(5):
        put(garage(f"name {number}"))
    assert run_all(runners(hub)) == 5
    assert name_of(hub, "celje") == "name 4"


def test_nothing_is_published_by_an_action_that_failed():
    @transaction.atomic
    def failing_action():
        publish([garage("never")], scope=CELJE, order_key="k")
        raise ZeroDivisionError

    with in_city("celje"), pytest.raises(ZeroDivisionError):
        failing_action()
    assert not Work.objects.exists()


def test_publishing_needs_a_transaction_an_actor_and_a_city():
    with in_city("celje"), pytest.raises(OutsideTransaction):
        publish([garage("x")], scope=CELJE, order_key="k")
    with transaction.atomic(), pytest.raises(NobodyActs):
        publish([garage("x")], scope=CELJE, order_key="k")
    with in_city("celje"), transaction.atomic(), pytest.raises(ValueError, match="federation"):
        publish([garage("x")], scope=FEDERATION, order_key="k")
    put()
    assert not Work.objects.exists()


def test_what_the_hub_refuses_is_a_dead_letter_and_the_rest_is_stored(hub, caplog):
    put(garage("fine", "fine"), garage("bad", "bad", **{"a b": {"type": "Property", "value": 1}}))
    put({"id": "no uri", "type": "Garage"}, key="other")
    run_all(runners(hub))
    assert dead_letters().count() == 2
    assert name_of(hub, "celje", "fine") == "fine"
    assert all(letter.last_error and letter.attempts == 1 for letter in dead_letters())


def test_an_unreachable_hub_is_tried_until_it_answers(hub, tmp_path, caplog):
    nobody = door.connect(url=f"unix:{tmp_path}/nobody.sock", token=TOKEN, patience=0)
    put(garage("patient", "patient"))
    at = AT
    for _ in range(30):
        with clock_set_to(FrozenClock(at)):
            run_all(runners(nobody))
        at = Work.objects.get().run_at
    assert Work.objects.get().state == "waiting"
    with clock_set_to(FrozenClock(at + timedelta(minutes=1))):
        run_all(runners(hub))
    assert name_of(hub, "celje", "patient") == "patient"


def test_a_wrong_token_is_tried_again(hub_url, caplog):
    put(garage("x"))
    run_all(runners(door.connect(url=hub_url, token="wrong")))
    assert Work.objects.get().state == "waiting"


def test_no_write_reaches_the_hub_from_inside_a_transaction(hub):
    hub.add_tenant("ptuj")
    with transaction.atomic():
        for write in (
            lambda: hub.upsert("ptuj", [garage("x")]),
            lambda: hub.delete("ptuj", "urn:ngsi-ld:Garage:glazija"),
            lambda: hub.add_tenant("new"),
            lambda: hub.add_token("new"),
            lambda: hub.record("ptuj", garage("x")),
        ):
            with pytest.raises(HubWriteInTransaction):
                write()
        assert name_of(hub, "ptuj") is None
    hub.upsert("ptuj", [garage("x")])
    assert name_of(hub, "ptuj") == "x"


def test_the_door_leads_to_this_platforms_hub():
    assert door.connect().base == f"unix:{settings.SIMOS.socket('hub')}"
    assert door.connect(public=True).base == f"http://localhost:{settings.SIMOS.port}"
    assert door.connect().token == settings.SIMOS.secret("service.token")
    assert door.hub() is door.hub()
    store = open_store(settings.SIMOS.hub_url)
    store.migrate()
    store.close()
    assert door.reader().entity("celje", CORE.expand("nothing")) is None

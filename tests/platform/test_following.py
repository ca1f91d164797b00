"""Reactions to the hub's changes: each once, in order for each thing, and none holds up the others."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from simos.hub.contexts import CORE
from simos.hub.store.base import Store
from simos.hub.values import Change, ChangeKind
from simos.kernel.acting import Scope
from simos.kernel.clock import FrozenClock, clock_set_to, micros_of
from simos.kernel.events import EntityChange, Event
from simos.kernel.ids import ModuleName
from simos.kernel.module import Level, Module
from simos.kernel.text import Text
from simos.platform.audit.transactions import in_transaction
from simos.platform.events.reactions import Reaction
from simos.platform.jobs.actions import restart
from simos.platform.jobs.models import Work
from simos.platform.jobs.queries import dead_letters
from simos.platform.people.models import Party
from simos.platform.scopes.acting import current
from simos.platform.scopes.models import CityModule
from simos.platform.things import following
from simos.platform.things.following import KIND, Overtaken, change_runner, consume_once, consumer_of, follow
from simos.platform.things.models import Cursor
from simos.testing.acting import SYSTEM
from simos.testing.work import run_all

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE = Scope.city("celje")
PARKING, FREE, NAME = (CORE.expand(term) for term in ("OffStreetParking", "availableSpotNumber", "name"))
ANY = EntityChange("OffStreetParking")

pytestmark = pytest.mark.django_db


def module_named(name: str, level: Level = Level.CITY) -> Module:
    title = Text(sl="Svetilke", en="Lamps")
    address = Text(sl="svetilke", en="lamps")
    return Module(name=ModuleName(name), title=title, address=address, summary=title, level=level)


LAMPS = module_named("city/lamps")


@pytest.fixture(autouse=True)
def lamps_on_in_celje():
    CityModule.objects.create(city_id="celje", module="city/lamps", switched_on_at=AT, switched_on_by={})
    with clock_set_to(FrozenClock(AT)):
        yield


def change(number: int, *, city: str = "celje", thing: str = "glazija", attribute: str = FREE, **more) -> Change:
    instance = {"type": "Property", "value": number, "createdAt": "2026-03-01T12:00:00Z"}
    given = {"types": (PARKING,), "kind": ChangeKind.UPDATED, "attributes": {attribute: [instance]}} | more
    return Change(tenant=city, entity=f"urn:{city}:{thing}", at=micros_of(AT), **given)


def write(store: Store, *changes: Change) -> None:
    with store.transaction() as transaction:
        transaction.append(changes)


class Kept:
    """A handler that keeps what it is given in the register, and fails for the values it is told."""

    def __init__(self, *failing: int) -> None:
        self.failing = set(failing)
        self.also = lambda change: None
        self.__qualname__ = "Kept"

    def __call__(self, change, *, scope, by, at):
        value = change.attributes["availableSpotNumber"]["value"]
        Party.objects.create(kind="unit", name=f"{change.id} {value}", created_at=AT + timedelta(seconds=change.seq))
        self.also(change)
        if value in self.failing:
            raise ValueError("no lamp")

    @property
    def seen(self) -> list[str]:
        rows = Party.objects.order_by("created_at").values_list("name", flat=True)
        return [name.removeprefix("urn:celje:") for name in rows]


def to_end(reaction: Reaction, store: Store) -> None:
    while consume_once(reaction, store.reader):
        pass


def test_a_reaction_is_given_the_change_in_short_names(store):
    calls = []

    def look(change, *, scope, by, at):
        calls.append((change, scope, by.program, at, current().scope, in_transaction()))

    write(store, change(7))
    reaction = Reaction(LAMPS, ANY, look)
    to_end(reaction, store)
    ((given, scope, program, at, acting_in, inside),) = calls
    assert (given.city, given.id, given.type, given.kind) == (
        "celje",
        "urn:celje:glazija",
        "OffStreetParking",
        "updated",
    )
    assert given.attributes == {"availableSpotNumber": {"type": "Property", "value": 7}}
    assert (given.seq, given.epoch) == (store.reader.head().seq, store.reader.head().epoch)
    assert (scope, program, at, acting_in, inside) == (CELJE, reaction.name, AT, CELJE, True)


def test_each_change_comes_once_and_in_order(store):
    kept = Kept()
    reaction = Reaction(LAMPS, ANY, kept)
    write(store, *(change(number) for number in range(5)))
    while consume_once(reaction, store.reader, limit=2):
        pass
    write(store, change(5))
    to_end(reaction, store)
    to_end(reaction, store)
    assert kept.seen == [f"glazija {number}" for number in range(6)]


def test_only_what_was_asked_for_comes(store):
    kept = Kept()
    lamp = CORE.expand("Lamp")
    write(
        store,
        change(1, types=(lamp,)),
        change(2, attribute=NAME),
        change(3, types=(lamp, PARKING)),
        change(4, city="koper"),
        change(5, city=""),
        change(6, city="nowhere"),
        change(7),
    )
    reaction = Reaction(LAMPS, EntityChange("OffStreetParking", frozenset({"availableSpotNumber"})), kept)
    to_end(reaction, store)
    assert kept.seen == ["glazija 3", "glazija 7"]
    assert Cursor.objects.get(consumer=consumer_of(reaction)).seq == store.reader.head().seq


def test_a_module_of_the_federation_follows_every_city(store):
    kept = Kept()
    write(store, change(1), change(2, city="koper"), change(3, city="nowhere"))
    to_end(Reaction(module_named("union/lamps", Level.FEDERATION), ANY, kept), store)
    assert kept.seen == ["glazija 1", "urn:koper:glazija 2"]


def test_one_handler_may_follow_several_kinds_of_change(store):
    kept = Kept()
    by_type = Reaction(LAMPS, ANY, kept)
    by_attribute = Reaction(LAMPS, EntityChange("OffStreetParking", frozenset({"availableSpotNumber"})), kept)
    write(store, change(1))
    to_end(by_type, store)
    to_end(by_attribute, store)
    assert kept.seen == ["glazija 1", "glazija 1"]


def test_a_change_that_fails_is_set_aside_with_its_followers_and_holds_up_nobody(store, caplog):
    kept = Kept(1)
    reaction = Reaction(LAMPS, ANY, kept)
    runners = {KIND: change_runner([reaction])}
    write(store, change(1), change(2), change(10, thing="other"))
    to_end(reaction, store)
    assert kept.seen == ["other 10"]
    assert run_all(runners) == 1
    assert kept.seen == ["other 10"]
    write(store, change(3), change(11, thing="other"))
    to_end(reaction, store)
    assert kept.seen == ["other 10", "other 11"]
    kept.failing.clear()
    with clock_set_to(FrozenClock(AT + timedelta(minutes=1))):
        assert run_all(runners) == 3
    assert sorted(kept.seen) == ["glazija 1", "glazija 2", "glazija 3", "other 10", "other 11"]
    write(store, change(4))
    to_end(reaction, store)
    assert not Work.objects.exclude(state="done").exists()
    assert "glazija 4" in kept.seen


def test_a_change_that_keeps_failing_is_a_dead_letter_that_can_be_restarted(store, caplog):
    kept = Kept(1)
    reaction = Reaction(LAMPS, ANY, kept)
    runners = {KIND: change_runner([reaction])}
    write(store, change(1), change(2))
    to_end(reaction, store)
    for minute in range(20):
        with clock_set_to(FrozenClock(AT + timedelta(minutes=2 * minute))):
            run_all(runners)
    assert kept.seen == ["glazija 2"]
    letter = dead_letters().get()
    assert "no lamp" in letter.last_error
    kept.failing.clear()
    restart(letter.pk, by=SYSTEM, at=AT)
    assert run_all(runners) == 1
    assert kept.seen == ["glazija 1", "glazija 2"]


def test_a_restored_hub_is_followed_from_where_its_new_epoch_began(store):
    kept = Kept()
    reaction = Reaction(LAMPS, ANY, kept)
    write(store, *(change(number) for number in range(3)))
    to_end(reaction, store)
    before = store.reader.head()
    Cursor.objects.update(seq=before.seq + 100)  # the register has seen changes that the restored hub has lost
    store.new_epoch()
    write(store, change(3), change(4))
    to_end(reaction, store)
    assert kept.seen == [f"glazija {number}" for number in range(5)]
    cursor = Cursor.objects.get()
    assert (cursor.epoch, cursor.seq) == (store.reader.head().epoch, store.reader.head().seq)
    assert cursor.epoch != before.epoch


def test_a_follower_that_was_behind_misses_nothing_in_a_new_epoch(store):
    kept = Kept()
    write(store, change(1))
    to_end(Reaction(LAMPS, ANY, kept), store)
    write(store, change(2))
    store.new_epoch()
    write(store, change(3))
    to_end(Reaction(LAMPS, ANY, kept), store)
    assert kept.seen == ["glazija 1", "glazija 2", "glazija 3"]


def test_two_processes_that_follow_do_it_once(store):
    kept = Kept()
    reaction = Reaction(LAMPS, ANY, kept)

    def other_process_does_the_next(change):
        assert Cursor.objects.filter(seq=change.seq).exists(), "the cursor moves first, so that another process waits"
        Cursor.objects.update(seq=change.seq + 1)

    write(store, change(1), change(2), change(3))
    kept.also = other_process_does_the_next
    with pytest.raises(Overtaken):
        consume_once(reaction, store.reader)
    kept.also = lambda change: None
    to_end(reaction, store)
    assert kept.seen == ["glazija 1", "glazija 3"]


def test_an_event_is_no_change():
    with pytest.raises(TypeError, match="EntityChange"):
        consumer_of(Reaction(LAMPS, Event, Kept()))


def test_following_outlives_a_hub_that_cannot_be_read(monkeypatch, caplog):
    stop, looks = threading.Event(), []

    class Broken:
        def head(self):
            looks.append(1)
            if len(looks) == 3:
                stop.set()
            raise OSError("the disk is gone")

    monkeypatch.setattr(following, "PAUSE_AFTER_FAULT", 0)
    monkeypatch.setattr(following.connections, "close_all", lambda: None)
    follow([Reaction(LAMPS, ANY, Kept())], Broken(), stop)
    assert len(looks) == 3
    assert "trying again" in caplog.text


def test_following_takes_what_is_new_until_it_is_stopped(store, monkeypatch):
    monkeypatch.setattr(following.connections, "close_all", lambda: None)
    stop, seen = threading.Event(), []

    def look(change, **_):
        seen.append(change.attributes["availableSpotNumber"]["value"])
        if len(seen) == 2:
            write(store, change_three)
        if len(seen) == 3:
            stop.set()

    change_three = change(3)
    write(store, change(1), change(2))
    follow([Reaction(LAMPS, ANY, look)], store.reader, stop)
    assert seen == [1, 2, 3]

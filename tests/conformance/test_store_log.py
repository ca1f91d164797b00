"""The store port: the change log is one line, without gaps, that nobody can be overtaken in."""

import random
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from simos.hub.store.base import EntityQuery, HistoryQuery, Store, Transaction
from simos.hub.values import Change, ChangeKind, Position, Token
from tests.conformance.things import (
    AT,
    FREE,
    NAME,
    PARKING,
    SENSOR,
    TENANT,
    change,
    entity,
    free,
    point,
    put,
    write_number,
)


def append(store: Store, *changes: Change) -> int:
    with store.transaction() as transaction:
        return transaction.append(changes)


def and_then_fail(store: Store, act: Callable[[Transaction], object]) -> None:
    with store.transaction() as transaction:
        act(transaction)
        raise ZeroDivisionError


def test_changes_come_back_as_they_were_appended(store: Store) -> None:
    given = [
        change("žirafa 😀", {FREE: [], NAME: [{"type": "Property", "value": 1.0}]}, types=(PARKING, SENSOR), at=AT + 1),
        *(change("one", {}, kind=kind) for kind in ChangeKind),
    ]
    assert append(store, *given) == len(given)
    there = store.reader.changes(0)
    assert list(there) == [replace(each, seq=seq) for seq, each in enumerate(given, start=1)]
    assert repr(there[0].attributes) == repr(given[0].attributes)


def test_numbers_go_on_without_a_gap(store: Store) -> None:
    start = store.reader.head()
    assert (start.seq, store.reader.epoch_start()) == (0, 0)
    with store.transaction() as transaction:
        assert transaction.append([change("a"), change("b")]) == 2
        assert transaction.append([]) == 2
        assert transaction.append([change("c")]) == 3
        assert store.reader.head() == start, "not before the commit"
    with pytest.raises(ZeroDivisionError):
        and_then_fail(store, lambda transaction: transaction.append([change("lost")]))
    assert append(store, change("d")) == 4
    assert store.reader.head() == Position(start.epoch, 4)
    assert [each.seq for each in store.reader.changes(0)] == [1, 2, 3, 4]


def test_a_consumer_goes_on_from_where_it_was(store: Store) -> None:
    append(store, *(change(str(n), tenant=("celje", "koper", "")[n % 3]) for n in range(30)))
    assert [each.seq for each in store.reader.changes(0, limit=4)] == [1, 2, 3, 4]
    assert [each.seq for each in store.reader.changes(4, limit=4)] == [5, 6, 7, 8]
    assert list(store.reader.changes(30)) == []
    assert [each.seq for each in store.reader.changes(3, tenant="celje", limit=3)] == [4, 7, 10]
    assert [each.seq for each in store.reader.changes(24, tenant="")] == [27, 30]


def test_a_new_epoch_begins_at_the_head(store: Store, opened: Callable[[str], Store], store_url: str) -> None:
    append(store, change("a"), change("b"))
    before = store.reader.head()
    store.new_epoch()
    after = store.reader.head()
    assert after.epoch != before.epoch
    assert Position.parse(str(after)) == after
    assert (after.seq, store.reader.epoch_start()) == (2, 2)
    assert append(store, change("c")) == 3
    again = opened(store_url).reader
    assert (again.head(), again.epoch_start()) == (Position(after.epoch, 3), 2)


def test_a_rolled_back_transaction_leaves_nothing(store: Store) -> None:
    put(store, entity("kept", free(1)))
    with store.transaction() as transaction:
        transaction.record([point("kept", AT, 1)])
    head = store.reader.head()

    def write_everything(transaction: Transaction) -> None:
        write_number(transaction, 1)
        transaction.put([entity("kept", free(2), types=(SENSOR,))])
        transaction.record([point("kept", AT, 2), point("kept", AT + 1, 3), point("new", AT, 4)])
        transaction.add_tenant("koper")

    with pytest.raises(ZeroDivisionError):
        and_then_fail(store, write_everything)
    assert list(store.reader.entities(EntityQuery(tenant=TENANT)).entities) == [entity("kept", free(1))]
    assert store.reader.types(TENANT) == {PARKING: 1}
    asked = HistoryQuery(tenant=TENANT, entities=tuple(entity(code).id for code in ("kept", "new", "one")))
    assert list(store.reader.history(asked)) == [point("kept", AT, 1)]
    assert store.reader.head() == head
    assert list(store.reader.changes(0)) == []
    assert list(store.reader.tenants()) == []
    with store.transaction() as transaction:  # what it had learnt of the lost series does not count
        transaction.record([point("new", AT, 5)])
        write_number(transaction, 1)
    assert [each.number for each in store.reader.history(asked)] == [1, 5, 1]


def test_a_broken_statement_spoils_only_its_transaction(store: Store) -> None:
    token = Token(id="1", name="", secret_sha256="ab" * 32, tenants=frozenset())

    def break_it(transaction: Transaction) -> None:
        transaction.put([entity("one")])
        transaction.put_token(token)
        transaction.put_token(replace(token, id="2"))

    with pytest.raises(Exception, match=r"(?i)unique"):
        and_then_fail(store, break_it)
    assert list(store.reader.tokens()) == []
    put(store, entity("three"))
    assert [each.id for each in store.reader.entities(EntityQuery(tenant=TENANT)).entities] == [entity("three").id]


class Follower:
    """A consumer that reads in small bites and keeps its place."""

    def __init__(self, store: Store) -> None:
        self._reader = store.reader
        self.seen: list[Change] = []

    def read(self) -> None:
        after = self.seen[-1].seq if self.seen else 0
        self.seen.extend(self._reader.changes(after, limit=7))


def test_who_commits_last_loses_nothing(store_url: str, opened: Callable[[str], Store]) -> None:
    """The first takes its numbers and lingers; the second wants to be faster. A reader in between skips nobody."""
    slow, fast, follower = opened(store_url), opened(store_url), Follower(opened(store_url))
    for round_ in range(3):
        done = threading.Event()

        def overtake(name: str, done: threading.Event) -> None:
            append(fast, change(name))
            done.set()

        with slow.transaction() as transaction:
            transaction.append([change(f"slow {round_}")])
            other = threading.Thread(target=overtake, args=(f"fast {round_}", done))
            other.start()
            overtaken = done.wait(0.3)
            follower.read()
        other.join()
        follower.read()
        assert not overtaken, "a later number was committed before an earlier one"
    assert [each.seq for each in follower.seen] == [1, 2, 3, 4, 5, 6]
    assert {each.entity for each in follower.seen} == {
        change(f"{who} {n}").entity for who in ("slow", "fast") for n in range(3)
    }


def _at_once(*acts: Callable[[], None]) -> None:
    """All of them in threads of their own; what one raises is raised."""
    errors: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_many_writers_and_a_follower(store_url: str, opened: Callable[[str], Store]) -> None:
    follower, running = Follower(opened(store_url)), threading.Event()

    def writer(name: int) -> Callable[[], None]:
        store, dice = opened(store_url), random.Random(name)

        def write() -> None:
            for n in range(25):
                append(store, *(change(f"{name} {n} {part}") for part in range(dice.randint(1, 4))))

        return write

    def follow() -> None:
        while not running.is_set():
            follower.read()

    following = threading.Thread(target=follow)
    following.start()
    try:
        _at_once(*(writer(name) for name in range(3)))
    finally:
        running.set()
        following.join()
    head = opened(store_url).reader.head().seq
    while len(follower.seen) < head:
        follower.read()
    assert [each.seq for each in follower.seen] == list(range(1, head + 1))
    assert list(opened(store_url).reader.changes(0, limit=head)) == follower.seen


def test_two_writers_of_the_same_entities_lose_nothing(store_url: str, opened: Callable[[str], Store]) -> None:
    """Both read, add their own attribute and put, on entities that are there and on some that are not yet."""
    put(opened(store_url), *(entity(f"old {n}", {}) for n in range(3)))

    def add(transaction: Transaction, codes: list[str], name: str) -> None:
        keys = [entity(code).key for code in codes]
        there = transaction.entities(keys)
        found = [there.get(key) or entity(code, {}) for key, code in zip(keys, codes, strict=True)]
        transaction.put([replace(each, attributes=each.attributes | {name: free(1)[FREE]}) for each in found])

    def writer(name: int) -> Callable[[], None]:
        store = opened(store_url)

        def write() -> None:
            for n in range(20):
                codes = [f"old {n % 3}", f"new {n}", f"new {n + 1}", f"old {(n + 1) % 3}"]
                with store.transaction() as transaction:
                    add(transaction, codes if name else codes[::-1], f"https://example.org/{name}-{n}")

        return write

    _at_once(writer(0), writer(1))
    there = opened(store_url).reader.entities(EntityQuery(tenant=TENANT, limit=100)).entities
    assert len(there) == 24
    bearing = {
        name: {each.id for each in there if name in each.attributes} for each in there for name in each.attributes
    }
    for n in range(20):
        wanted = {entity(code).id for code in (f"old {n % 3}", f"new {n}", f"new {n + 1}", f"old {(n + 1) % 3}")}
        assert bearing[f"https://example.org/0-{n}"] == wanted
        assert bearing[f"https://example.org/1-{n}"] == wanted


def test_two_writers_of_the_same_history_tell_each_correction_once(
    store_url: str, opened: Callable[[str], Store]
) -> None:
    """Whoever is second corrects the first: the chain of befores leads from one value to the next."""
    corrections: list[tuple[bytes, bytes]] = []

    def writer(name: int) -> Callable[[], None]:
        store = opened(store_url)

        def write() -> None:
            for n in range(15):
                with store.transaction() as transaction:
                    made = transaction.record([point("one", AT, f"{name} {n}"), point(f"own {name}", AT + n, n)])
                corrections.extend((each.before, each.point.instance) for each in made)

        return write

    _at_once(writer(0), writer(1))
    assert len(corrections) == 29, "30 values at one place: all but the first correct another"
    asked = HistoryQuery(tenant=TENANT, entities=(entity("one").id,))
    (last,) = opened(store_url).reader.history(asked)
    befores, afters = {before for before, _ in corrections}, {after for _, after in corrections}
    assert len(befores) == len(afters) == 29
    assert afters - befores == {last.instance}

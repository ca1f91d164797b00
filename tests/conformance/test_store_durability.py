"""The store port: what was committed stays, whoever is killed; copies are whole; tables are made once."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from simos.hub.store.base import EntityQuery, HistoryQuery, Reader, Store
from simos.hub.store.opening import open_store, restore
from simos.kernel.errors import Conflict, NotFound, Unavailable
from tests.conformance.things import (
    AT,
    FREE,
    TENANT,
    change,
    codes,
    entity,
    free,
    placed,
    point,
    put,
    urn,
    write_number,
)
from tests.fixtures import REPOSITORY, made_database


def agreed_number(reader: Reader) -> int:
    """The number on which present, past and log agree, as `write_number` left them; all of the numbers before too."""
    seq = reader.head().seq
    changes = reader.changes(0, limit=seq + 10)
    assert [each.seq for each in changes] == list(range(1, seq + 1))
    assert [each.attributes for each in changes] == [free(n) for n in range(1, seq + 1)]
    history = list(reader.history(HistoryQuery(tenant=TENANT, entities=(urn("one"),))))
    assert history == [point("one", AT + n, n) for n in range(1, seq + 1)]
    there = reader.entity(TENANT, urn("one"))
    assert there == entity("one", free(seq), modified_at=AT + seq)
    return seq


def test_a_killed_writer_loses_nothing_that_it_had_promised(store_url: str, opened: Callable[[str], Store]) -> None:
    promised = 0
    for lines in (1, 7, 40):
        command = [sys.executable, "-m", "tests.conformance.committing", store_url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY, text=True) as process:
            assert process.stdout is not None
            said = [int(process.stdout.readline()) for _ in range(lines)]
            process.kill()
            said += [int(line) for line in process.stdout.read().splitlines() if line]
        assert said == list(range(promised + 1, promised + len(said) + 1))
        promised = agreed_number(opened(store_url).reader)
        assert said[-1] <= promised <= said[-1] + 1, "at most the one that it could not tell of any more"


def test_everything_is_there_after_closing(store: Store, store_url: str, opened: Callable[[str], Store]) -> None:
    for number in range(1, 4):
        with store.transaction() as transaction:
            write_number(transaction, number)
    store.close()
    again = opened(store_url)
    again.migrate()
    assert agreed_number(again.reader) == 3
    with again.transaction() as transaction:  # series of before are known again
        assert list(transaction.record([point("one", AT + 1, 1)])) == []
        write_number(transaction, 4)
    assert agreed_number(again.reader) == 4


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(RuntimeError, match="closed"):
        store.reader.head()


def test_processes_that_start_together_make_the_tables_once(tmp_path: Path, postgres_database: str) -> None:
    code = "import sys; from simos.hub.store.opening import open_store; open_store(sys.argv[1]).migrate()"
    for url in (f"sqlite:///{tmp_path}/new/hub.sqlite3", postgres_database):
        started = [
            subprocess.Popen([sys.executable, "-W", "ignore", "-c", code, url], stderr=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        assert [process.communicate()[1] for process in started] == ["", "", ""]
        store = open_store(url)
        put(store, entity("one"))
        epoch = store.reader.head()
        store.migrate()
        assert store.reader.head() == epoch
        assert codes(store.reader.entities(EntityQuery(tenant=TENANT)).entities) == ["one"]
        store.close()


def test_a_later_releases_tables_are_left_alone(store: Store) -> None:
    with store.transaction() as transaction:
        transaction._session.rows("UPDATE meta SET value = '999'")  # type: ignore[attr-defined]
    with pytest.raises(Conflict, match="later release"):
        store.migrate()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> Iterator[str]:
    """Where nothing is yet, on the same kind of database as `store_url`."""
    if store_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/elsewhere/hub.sqlite3"
        return
    with made_database(request.getfixturevalue("postgres_url")) as url:
        yield url


def test_a_backup_taken_while_writing_is_whole(store: Store, empty_url: str, tmp_path: Path) -> None:
    folder, enough, stop = str(tmp_path / "backup"), threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with store.transaction() as transaction:
                write_number(transaction, number)
            if number == 20:
                enough.set()

    writing = threading.Thread(target=write)
    writing.start()
    try:
        assert enough.wait(60)
        store.backup(folder)
        store.backup(folder)  # over the first
    finally:
        stop.set()
        writing.join()
    restore(empty_url, folder)
    restored = open_store(empty_url)
    try:
        seq = agreed_number(restored.reader)
        assert 20 <= seq <= agreed_number(store.reader)
        assert restored.reader.head().epoch != store.reader.head().epoch
        assert restored.reader.epoch_start() == seq
        with restored.transaction() as transaction:
            assert write_number(transaction, seq + 1) == seq + 1
        assert agreed_number(restored.reader) == seq + 1
    finally:
        restored.close()


def test_a_restore_overwrites_only_when_told(store: Store, store_url: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "backup")
    put(store, entity("saved", placed(15.2, 46.2)))
    with store.transaction() as transaction:
        transaction.record([point("saved", AT, 1)])
        transaction.append([change("saved")])
    store.backup(folder)
    epoch = store.reader.head().epoch
    with store.transaction() as transaction:
        transaction.put([entity("later")])
        transaction.delete([(TENANT, urn("saved"))])
        transaction.record([point("later", AT, 1), point("saved", AT, 2)])
        transaction.append([change("later")])
    with pytest.raises(Conflict, match="holds data"):
        restore(store_url, folder)
    assert codes(store.reader.entities(EntityQuery(tenant=TENANT)).entities) == ["later"]
    store.close()
    restore(store_url, folder, overwrite=True)
    again = open_store(store_url)
    try:
        assert codes(again.reader.entities(EntityQuery(tenant=TENANT)).entities) == ["saved"]
        asked = HistoryQuery(tenant=TENANT, entities=(urn("saved"), urn("later")))
        assert list(again.reader.history(asked)) == [point("saved", AT, 1)]
        assert [each.entity for each in again.reader.changes(0)] == [urn("saved")]
        assert again.reader.head().epoch != epoch
        with again.transaction() as transaction:  # ids go on where they were
            transaction.record([point("fresh", AT, 7, attribute=FREE)])
        put(again, entity("fresh"))
    finally:
        again.close()


def test_a_folder_without_a_backup_changes_nothing(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="holds no hub"):
        restore(empty_url, str(tmp_path / "nothing"))
    assert not (tmp_path / "elsewhere").exists()


def test_a_damaged_backup_changes_nothing(store: Store, store_url: str, empty_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    put(store, *(entity(str(n), free("x" * 500)) for n in range(200)))
    store.backup(str(folder))
    (copy,) = folder.iterdir()
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    with pytest.raises(Unavailable):
        restore(store_url, str(folder), overwrite=True)
    assert store.reader.entities(EntityQuery(tenant=TENANT, count=True)).total == 200


def test_a_missing_pg_dump_is_explained(
    postgres_store_url: str, opened: Callable[[str], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="postgresql-client"):
        opened(postgres_store_url).backup(str(tmp_path))


@pytest.mark.postgres
def test_broken_connections_are_opened_anew(postgres_store_url: str, opened: Callable[[str], Store]) -> None:
    store = opened(postgres_store_url)

    def break_all() -> None:
        ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'simos-hub'"
        with psycopg.connect(postgres_store_url) as connection:
            assert connection.execute(f"{ours} AND datname = current_database()").fetchall()

    def break_while_writing() -> None:
        with store.transaction() as transaction:
            transaction.put([entity("lost")])
            break_all()
            transaction.append([change("lost")])

    put(store, entity("one"))
    assert store.reader.entity(TENANT, urn("one")) is not None
    break_all()
    assert store.reader.entity(TENANT, urn("one")) is not None
    break_all()
    put(store, entity("two"))
    with pytest.raises(psycopg.OperationalError):
        break_while_writing()
    put(store, entity("three"))
    assert codes(store.reader.entities(EntityQuery(tenant=TENANT)).entities) == ["one", "three", "two"]


def test_a_store_that_is_thrown_away_is_a_store() -> None:
    store = open_store("sqlite:///:memory:")
    store.migrate()
    with store.transaction() as transaction:
        write_number(transaction, 1)
        assert store.reader.entity(TENANT, urn("one")) is None
    assert agreed_number(store.reader) == 1
    place = store.path.parent  # type: ignore[attr-defined]
    store.close()
    assert not place.exists()


def test_an_address_that_is_none_is_refused() -> None:
    for url in ("", "sqlite://", "sqlite:///", "mysql://u:secret@h/d", "/var/hub.sqlite3"):
        with pytest.raises(ValueError, match="sqlite:///path or postgresql://") as refused:
            open_store(url)
        assert "secret" not in str(refused.value)

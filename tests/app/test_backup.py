"""A platform copied while it runs and put back elsewhere: what was acknowledged before is there, and life goes on."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.app.recordings import Recording, Seen, made_up
from tests.app.showing import acknowledged, assert_each_count_once, assert_page_is, changes, histories, logged, page_of
from tests.fixtures import made_database
from tests.running import SIMOS, Running, running, until

CITY = "slovenj-gradec"
PASSWORD = "not for the process list"


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return made_up(tmp_path_factory.mktemp("days"))


@contextmanager
def another_database(request: pytest.FixtureRequest, like: str) -> Iterator[str]:
    """An empty one of the same kind."""
    if not like:
        yield ""
        return
    with made_database(request.getfixturevalue("postgres_url")) as url:
        yield url


def first(recording: Recording, sent: int) -> dict[str, list[Seen]]:
    """The first so many counts of a recording, in the order in which they are sent."""
    rows = [(at, code, free) for code, seen in recording.seen().items() for at, free in seen]
    found: dict[str, list[Seen]] = {}
    for at, code, free in sorted(rows)[:sent]:
        found.setdefault(code, []).append((at, free))
    return found


def refusal(platform: Running, *arguments: str) -> str:
    done = platform.simos(*arguments, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


def test_a_backup_taken_during_a_replay_is_put_back_and_goes_on(
    platform: Running, days: Recording, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    copy = tmp_path / "copy"
    with platform.begin(*days.arguments(CITY, "--clock", "replay", "--speed", str(172_800 / 12))) as replay:
        until("a third of the counts are acknowledged", lambda: acknowledged(platform, CITY) > 800, 60)
        place = changes(platform, CITY)[1]
        before = acknowledged(platform, CITY)
        platform.simos("backup", str(copy))
        assert replay.poll() is None, "the replay ended before the backup did: it proves nothing"
        replay.send_signal(signal.SIGINT)

    with another_database(request, platform.database_url) as url:
        home = tmp_path / "other" / "home"
        restored = Running(home=home, database_url=url)
        restored.home.parent.mkdir()
        restored.simos("restore", str(copy))
        with running(home, database_url=url) as restored:
            assert restored.service_token == platform.service_token
            found = histories(restored, CITY, days.names())
            held = sum(map(len, found.values()))
            assert before <= held < sum(map(len, days.seen().values()))
            in_time = {code: seen[: len(found.get(code, ()))] for code, seen in days.seen().items()}
            assert {code: found.get(code, []) for code in in_time} == in_time
            early = first(days, before)
            assert all(found[code][: len(seen)] == seen for code, seen in early.items())
            assert logged(restored, CITY) == found

            later, end = changes(restored, CITY, place)  # a follower that had come so far in the former epoch
            assert end.rpartition(":")[0] != place.rpartition(":")[0]
            restored.simos(*days.arguments(CITY, "--clock", "replay"))
            rest, _ = changes(restored, CITY, end)
            assert len(later) + len(rest) >= sum(map(len, days.seen().values())) - before
            assert_each_count_once(restored, CITY, days)
            assert_page_is(restored, CITY, page_of(days, days.until))


def test_nothing_is_overwritten_unasked(small_platform: Running, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    small_platform.simos("backup", str(copy))
    assert (copy.stat().st_mode & 0o777) == 0o700
    assert "not empty" in refusal(small_platform, "backup", str(copy))
    assert "already runs" in refusal(small_platform, "restore", str(copy), "--overwrite")
    other = Running(home=tmp_path / "home")
    other.simos("restore", str(copy))
    assert "holds data" in refusal(other, "restore", str(copy))
    other.simos("restore", str(copy), "--overwrite")


def test_what_is_no_whole_backup_is_refused(small_platform: Running, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    small_platform.simos("backup", str(copy))
    empty = Running(home=tmp_path / "home")
    broken = shutil.copytree(copy, tmp_path / "broken")
    (broken / "backup.json").unlink()
    assert "no whole backup" in refusal(empty, "restore", str(broken))
    damaged = shutil.copytree(copy, tmp_path / "damaged")
    (damaged / "hub.sqlite3").write_bytes((copy / "hub.sqlite3").read_bytes()[:5000])
    assert "damaged" in refusal(empty, "restore", str(damaged))
    assert not (empty.home / "register.sqlite3").exists()
    assert "no platform" in refusal(empty, "backup", str(tmp_path / "nothing"))


@pytest.mark.postgres
def test_a_password_is_not_seen_in_the_process_list(postgres_database: str, tmp_path: Path) -> None:
    url = postgres_database.replace("postgres@", f"postgres:{quote(PASSWORD)}@")
    platform = Running(home=tmp_path / "home", database_url=url)
    platform.simos("migrate")
    programs, told = tmp_path / "programs", tmp_path / "arguments"
    programs.mkdir()
    for name in ("pg_dump", "pg_restore"):
        real = shutil.which(name)
        assert real, f"{name} is not installed"
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $@" >> {told}\nexec {real} "$@"\n')
        (programs / name).chmod(0o755)
    environment = platform.environment | {"PATH": f"{programs}:{platform.environment['PATH']}"}
    for arguments in (["backup", str(tmp_path / "copy")], ["restore", str(tmp_path / "copy"), "--overwrite"]):
        subprocess.run([*SIMOS, *arguments], env=environment, check=True, capture_output=True)
    assert "holds data" in refusal(platform, "restore", str(tmp_path / "copy"))
    said = told.read_text()
    assert said.count("pg_dump ") == said.count("pg_restore ") == 2
    assert PASSWORD not in said
    assert quote(PASSWORD) not in said

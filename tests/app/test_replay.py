"""Recorded counts played into a running platform: each is there once, in order, and the page equals the file."""

import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simos.kernel.clock import now
from tests.app.recordings import Recording, made_up, real, write_counts
from tests.app.showing import (
    FREE,
    FULL,
    STALE,
    TYPE,
    UNKNOWN,
    acknowledged,
    assert_each_count_once,
    assert_page_is,
    changes,
    histories,
    id_of,
    list_page,
    logged,
    page_of,
)
from tests.migrated import with_migrated_register
from tests.running import Running, until


@pytest.fixture(scope="module")
def week(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """A week of Braunschweig, really counted."""
    monday = datetime(2025, 9, 1, tzinfo=UTC)
    return real(shared_data, "Braunschweig", monday, monday + timedelta(days=7), tmp_path_factory.mktemp("week"))


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Two days of our own making."""
    return made_up(tmp_path_factory.mktemp("days"))


def counts_sent(said: str) -> int:
    (line,) = [line for line in said.splitlines() if "counts sent" in line]
    return int(line.split()[0])


def size(recording: Recording) -> int:
    return sum(map(len, recording.seen().values()))


def assert_is_played(platform: Running, city: str, recording: Recording) -> None:
    """All of the recording is the city's present and past; once more, and from the beginning, it changes nothing."""
    platform.simos(*recording.arguments(city, "--clock", "replay"))
    assert_each_count_once(platform, city, recording)
    assert_page_is(platform, city, page_of(recording, recording.until))

    _, end = changes(platform, city)
    assert counts_sent(platform.simos(*recording.arguments(city, "--clock", "replay")).stdout) == 0
    again = platform.simos(*recording.arguments(city, "--clock", "replay", "--restart")).stdout
    assert counts_sent(again) == size(recording)
    assert [each for each in changes(platform, city, end)[0] if FREE in each["attributes"]] == []
    assert_each_count_once(platform, city, recording)
    assert_page_is(platform, city, page_of(recording, recording.until))


@pytest.mark.data
def test_a_week_of_real_counts_is_there_once_in_order_and_on_the_page(platform: Running, week: Recording) -> None:
    platform.simos("city", "add", "braunschweig", "--name", "Braunschweig", "--centre", "52.26,10.52")
    assert size(week) > 4000
    assert_is_played(platform, "braunschweig", week)


def test_two_days_of_our_own_are_there_once_in_order_and_on_the_page(small_platform: Running, days: Recording) -> None:
    expected = page_of(days, days.until)
    assert {shown.state for shown in expected.values()} == {"", FULL, STALE, UNKNOWN}
    assert_is_played(small_platform, "kranj", days)


def broken_off(platform: Running, wanted: list[str], blow: signal.Signals, when: Callable[[], bool]) -> None:
    """The replay is begun, and struck when `when()` says so."""
    with platform.begin(*wanted) as replay:
        until("the replay is under way", when, 60)
        replay.send_signal(blow)
        said, told = replay.communicate(timeout=30)
    assert replay.returncode not in (0, None)
    assert "Traceback" not in told, told
    assert "counts sent" not in said


def test_killed_it_goes_on_where_it_was(platform: Running, days: Recording) -> None:
    city, half = "koper", size(days) / 2
    slowly = days.arguments(city, "--clock", "replay", "--speed", "25000")  # seven seconds
    broken_off(platform, slowly, signal.SIGKILL, lambda: acknowledged(platform, city) > half)
    assert half < sum(map(len, logged(platform, city).values())) < size(days)

    rest = counts_sent(platform.simos(*days.arguments(city, "--clock", "replay")).stdout)
    assert 0 < rest < half + 100
    assert_each_count_once(platform, city, days)
    assert_page_is(platform, city, page_of(days, days.until))


def test_stopped_by_hand_it_leaves_the_clock_standing_where_it_was(small_platform: Running, days: Recording) -> None:
    city = "velenje"
    slowly = days.arguments(city, "--clock", "replay", "--speed", "10000")
    broken_off(small_platform, slowly, signal.SIGINT, lambda: acknowledged(small_platform, city) > size(days) / 2)
    last = max(at for seen in logged(small_platform, city).values() for at, _ in seen)
    sent = replace(days, until=last + timedelta(minutes=1))
    assert_page_is(small_platform, city, page_of(sent, last))


def test_without_clock_or_rebase_only_history_grows(small_platform: Running, days: Recording) -> None:
    city, hub = "ptuj", small_platform.hub()
    present = {"type": "Property", "value": 17, "observedAt": "2025-06-01T00:00:00Z"}
    hub.upsert(city, [{"id": id_of(city, "lipa-dom"), "type": TYPE, FREE: present}])

    small_platform.simos(*days.arguments(city))
    # The worker brings the facilities to the hub; of a thing without a present strangers are shown no history.
    until("the facilities are in the hub", lambda: all(hub.entity(city, id_of(city, each)) for each in days.names()))
    found = histories(small_platform, city, days.names())
    later = found["lipa-dom"].pop()
    assert later == (datetime(2025, 6, 1, tzinfo=UTC), 17)
    assert found == days.seen()
    assert logged(small_platform, city) == {"lipa-dom": [later]}
    assert [code for code, shown in list_page(small_platform, city).items() if shown.observed_at] == ["lipa-dom"]
    entity = hub.entity(city, id_of(city, "lipa-dom"), options="keyValues")
    assert entity is not None
    assert entity[FREE] == 17


def test_moved_to_now_it_is_the_present_though_it_was_broken_off(small_platform: Running, days: Recording) -> None:
    city, before = "maribor", now()
    wanted = days.arguments(city, "--rebase", "now")
    bookmarks = small_platform.home / "replays"
    broken_off(small_platform, wanted, signal.SIGKILL, lambda: any(bookmarks.glob(f"parking-{city}-*.json")))
    began = now()
    small_platform.simos(*wanted)
    expected, found = page_of(days, days.until), list_page(small_platform, city)
    assert {code: each.free for code, each in found.items()} == {code: each.free for code, each in expected.items()}
    for code, each in found.items():
        was = expected[code].observed_at
        assert (each.observed_at is None) == (was is None)
        if was is not None and each.observed_at is not None:
            assert before <= each.observed_at + (days.until - was) <= began
    counted = {code: [free for _, free in seen] for code, seen in days.seen().items()}
    assert {code: [free for _, free in seen] for code, seen in logged(small_platform, city).items()} == counted


def test_bad_rows_are_told_with_row_and_field_and_the_good_ones_kept(
    small_platform: Running, days: Recording, tmp_path: Path
) -> None:
    good = ("2025-03-03T10:00Z", "lipa-dom", "12")
    bad = [
        ("2025-03-03T10:05Z", "lipa-dom", "-3"),
        ("3. 3. 2025 ob 10:10", "lipa-dom", "11"),
        ("2025-03-03T10:15", "lipa-dom", "11"),
        ("2025-03-03T10:20Z", "lipa dom", "11"),
        ("2025-03-03T10:25Z", "lipa-dom", "11.5"),
        ("2025-03-03T10:30Z", "lipa-dom"),
    ]
    write_counts(tmp_path / "bad.csv.gz", [good, *bad, ("2025-03-03T10:35Z", "lipa-dom", "10")])
    spoilt = replace(days, counts=tmp_path / "bad.csv.gz")
    done = small_platform.simos(*spoilt.arguments("murska-sobota", "--clock", "replay"), check=False)
    assert done.returncode == 2
    assert "2 counts sent" in done.stdout
    assert "6 rows left out" in done.stdout
    for number, field, value in (
        (3, "free", "-3"),
        (4, "timestamp_utc", "3. 3. 2025 ob 10:10"),
        (5, "timestamp_utc", "2025-03-03T10:15"),
        (6, "place_id", "lipa dom"),
        (7, "free", "11.5"),
    ):
        (line,) = [line for line in done.stderr.splitlines() if f"row {number}" in line]
        assert field in line
        assert value in line
    assert "row 8" in done.stderr
    assert [free for _, free in histories(small_platform, "murska-sobota", ["lipa-dom"])["lipa-dom"]] == [12, 10]


@pytest.mark.parametrize("part", ["counts", "facilities"])
def test_a_file_with_other_columns_is_refused_and_nothing_is_stored(
    small_platform: Running, days: Recording, tmp_path: Path, part: str
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("when,where,how_many\n2025-03-03T10:00Z,lipa-dom,12\n", encoding="utf-8")
    mistaken = replace(days, counts=other) if part == "counts" else replace(days, facilities=other)
    done = small_platform.simos(*mistaken.arguments("krsko", "--clock", "replay"), check=False)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "how_many" in line
    assert histories(small_platform, "krsko", days.names()) == {}
    assert small_platform.get("/krsko/parkiranje/")[0] == 404


def test_without_a_hub_it_is_told_in_one_line(days: Recording, tmp_path: Path) -> None:
    with_migrated_register(tmp_path / "home")
    platform = Running(home=tmp_path / "home")
    platform.simos("migrate")
    done = platform.simos(*days.arguments("celje", "--clock", "replay"), check=False, timeout=60)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "simos serve" in line

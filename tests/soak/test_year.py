"""A year of real counts of five cities played at full speed: each is in history and change log once, in order."""

import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.app.recordings import Recording, Seen, real
from tests.app.showing import FREE, LOG_PART, assert_page_is, code_of, history, instant, page_of
from tests.running import Running, running

pytestmark = [pytest.mark.soak, pytest.mark.data]

SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
CENTRES = {
    "Braunschweig": "52.26,10.52",
    "Heilbronn": "49.14,9.22",
    "Ingolstadt": "48.76,11.42",
    "Bonn": "50.74,7.10",
    "Dresden": "51.05,13.74",
}


@pytest.fixture(scope="module")
def year(shared_data: Path) -> dict[str, Recording]:
    return {place: real(shared_data, place, SINCE, UNTIL) for place in CENTRES}


def months() -> Iterator[tuple[datetime, datetime]]:
    ends = [SINCE.replace(month=month) for month in range(2, 13)] + [UNTIL]
    yield from zip([SINCE, *ends], ends, strict=False)


def history_of(platform: Running, city: str, code: str) -> list[Seen]:
    """All of it, a month at a time: one answer holds 50,000 values at most."""
    found: list[Seen] = []
    for since, until in months():
        span = f"&timerel=between&timeAt={since:%Y-%m-%dT%H:%M:%SZ}&endTimeAt={until:%Y-%m-%dT%H:%M:%SZ}"
        found += history(platform, city, code, asked=span)
    return found


def given_twice(seen: list[Seen]) -> list[Seen]:
    """The later one of two different counts of the same time, each time."""
    first: dict[datetime, int] = {}
    return [(at, free) for at, free in seen if first.setdefault(at, free) != free]


def log_of(platform: Running, city: str) -> tuple[dict[str, list[Seen]], dict[str, list[Seen]]]:
    """The counts that the city's part of the change log holds, and the corrections of history, by code."""
    token = f"Bearer {platform.service_token}"
    head = platform.json("/hub/changes?limit=0", Authorization=token)["head"]
    place = f"{head.rpartition(':')[0]}:0"
    found: tuple[dict[str, list[Seen]], dict[str, list[Seen]]] = defaultdict(list), defaultdict(list)
    while True:
        path = f"/hub/changes?tenant={city}&limit={LOG_PART}&after={quote(place)}"
        part = platform.json(path, Authorization=token)
        if not part["changes"]:
            return found
        for change in part["changes"]:
            if (count := change["attributes"].get(FREE)) is not None:
                into = found["previous" in count]
                into[code_of(change["id"])].append((instant(count["observedAt"]), count["value"]))
        place = part["next"]


def test_a_year_of_five_cities(year: dict[str, Recording], database_url: str, tmp_path: Path) -> None:
    kind = "PostgreSQL" if database_url else "SQLite"
    with running(tmp_path / "home", database_url=database_url) as platform:
        for place, recording in year.items():
            city, expected = place.lower(), recording.seen()
            size = sum(map(len, expected.values()))
            platform.simos("city", "add", city, "--name", place, "--centre", CENTRES[place])
            began = time.monotonic()
            done = platform.simos(*recording.arguments(city, "--clock", "replay"), check=False, timeout=7200)
            assert done.returncode in (0, 2), done.stderr  # 2: the year holds three negative counts, which are told
            seconds = time.monotonic() - began
            print(f"\n{kind}, {place}: {size} counts of {len(expected)} places in {seconds:.0f} s,", end=" ")
            print(f"{size / seconds:.0f} counts/s with reading the files", end="", flush=True)

            for code, seen in expected.items():
                # Where the clocks go back, the files hold a time twice: the later row corrects the earlier one.
                assert history_of(platform, city, code) == list(dict(seen).items()), code
            logged, corrected = log_of(platform, city)
            assert logged == {code: list(dict.fromkeys(seen)) for code, seen in expected.items()}
            assert corrected == {code: twice for code, seen in expected.items() if (twice := given_twice(seen))}
            print(f", {sum(map(len, corrected.values()))} corrected", end="", flush=True)
            assert_page_is(platform, city, page_of(recording, UNTIL))
        files = (f"{file.name} {file.stat().st_size >> 20} MiB" for file in platform.home.glob("*.sqlite3*"))
        print(f"\n{kind}: {', '.join(files) or 'in the server'}")

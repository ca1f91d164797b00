"""Recorded counts for the tests: real ones cut from the shared year, and a small made-up recording of our own.

What a recording says is read here with the csv module alone, so that it can be held against what the product says.
"""

import csv
import gzip
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

Seen = tuple[datetime, int]
"""A count: when (aware UTC), and how many spaces were free."""

FRESH = timedelta(hours=6)
"""What the parking module promises: an older count is not shown as the present."""

METADATA = ("place_id", "place_name", "city_name", "num_all", "address", "latitude", "longitude", "source_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Files as `simos replay parking` takes them, and the part of them that is meant: a place in [since, until)."""

    facilities: Path
    counts: Path
    place: str
    prefix: str
    since: datetime
    until: datetime

    def arguments(self, city: str, *more: str) -> list[str]:
        """Those of `simos replay parking` into `city`."""
        files = ["--facilities", str(self.facilities), "--counts", str(self.counts), "--place", self.place]
        days = ["--from", f"{self.since:%Y-%m-%d}", "--to", f"{self.until:%Y-%m-%d}"]
        return ["replay", "parking", "--city", city, *files, *days, *more]

    def seen(self) -> dict[str, list[Seen]]:
        """Every count of the place in the span, by code, in the file's order. Less than no space is no count."""
        found: dict[str, list[Seen]] = {}
        for stamp, code, free in rows_of(self.counts):
            at = time_of(stamp)
            if code.startswith(self.prefix) and self.since <= at < self.until and int(free) >= 0:
                found.setdefault(code, []).append((at, int(free)))
        return found

    def names(self) -> dict[str, str]:
        """The name of every facility that the files know, by code: where there is none, the code."""
        with self.facilities.open(encoding="utf-8-sig", newline="") as file:
            told = [row for row in csv.DictReader(file) if row["city_name"] == self.place]
        return {code: code for code in self.seen()} | {
            row["place_id"]: " ".join(row["place_name"].split()) for row in told
        }

    def capacities(self) -> dict[str, int]:
        """How many spaces the files say were built, by code, where they say it."""
        with self.facilities.open(encoding="utf-8-sig", newline="") as file:
            told = {row["place_id"]: row["num_all"].strip() for row in csv.DictReader(file)}
        return {code: int(float(number)) for code, number in told.items() if number and float(number) > 0}


def time_of(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


def rows_of(counts: Path) -> Iterator[list[str]]:
    """The rows of a packed file of counts, without its header."""
    with gzip.open(counts, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def write_counts(path: Path, rows: Iterable[Iterable[object]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=1) as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerow(("timestamp_utc", "place_id", "free"))
        written.writerows(rows)


def real(shared_data: Path, place: str, since: datetime, until: datetime, folder: Path | None = None) -> Recording:
    """Real counts of `place`; with `folder` the days from `since` to `until` are cut from the year into it."""
    parking = shared_data / "mobility" / "parking"
    counts = parking / "german_parking_free_2025.csv.gz"
    if folder is not None:
        first, last = since.isoformat(), until.isoformat()
        write_counts(folder / "counts.csv.gz", (row for row in rows_of(counts) if first <= row[0] < last))
        counts = folder / "counts.csv.gz"
    facilities = parking / "german_parking_meta.csv"
    return Recording(
        facilities=facilities, counts=counts, place=place, prefix=f"{place.lower()}-", since=since, until=until
    )


def made_up(folder: Path, *, every: timedelta = timedelta(minutes=5), seed: int = 7) -> Recording:
    """Two days of five facilities in Lipa, changing as such counts do: one that fills up, one that falls silent ten
    hours before the end, one that no facilities file knows; and one, Lipa Nova, of which nothing was ever counted.
    The files hold another place and other days too."""
    chance = random.Random(seed)
    since = datetime(2025, 3, 3, tzinfo=UTC)
    until = since + timedelta(days=2)
    spaces = {"dom": 300, "trg": 45, "most": 1200, "park": 90, "sejem": 500}
    free = dict(spaces) | {"vas": 80}
    rows, at = [], since - timedelta(hours=2)
    while at < until + timedelta(hours=2):
        for name in free:
            code = f"{'brest' if name == 'vas' else 'lipa'}-{name}"
            silent = name == "park" and at > until - timedelta(hours=10)
            moved = free[name] + chance.randint(-4, 4)
            free[name] = max(0, min(moved, 1200)) if name != "trg" or at < until - timedelta(hours=1) else 0
            if not silent and chance.random() < 0.9:
                rows.append((f"{at:%Y-%m-%dT%H:%MZ}", code, free[name]))
        at += every
    write_counts(folder / "made-up.csv.gz", rows)
    known = [
        (
            f"lipa-{name}",
            f"Parkirišče {name.title()}",
            "Lipa",
            size,
            f"{name.title()} 1",
            f"46.{size:04}",
            "15.2",
            "lipa",
        )
        for name, size in spaces.items()
        if name != "sejem"
    ]
    known.append(("lipa-nova", "Lipa Nova", "Lipa", "", "", "", "", "lipa"))
    known.append(("brest-vas", "Vas", "Brest", 80, "", "", "", "brest"))
    with (folder / "made-up-facilities.csv").open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(METADATA)
        written.writerows(known)
    return Recording(
        facilities=folder / "made-up-facilities.csv",
        counts=folder / "made-up.csv.gz",
        place="Lipa",
        prefix="lipa-",
        since=since,
        until=until,
    )

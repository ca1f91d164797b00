"""The lake's files, asked through a program of their own (`engine`): what the store knows as `Lake`."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from simos.hub.lake.child import Child
from simos.hub.lake.layout import path_in
from simos.hub.store.shelves import DAY, LakePoint, Parcels, Part, Periods, Place, Span

MEMORY = "512MB"
THREADS = 2
SECONDS = 120.0
"""After which an answer is no longer waited for."""


class Files:
    """Implements `Lake`. The program is started by the first question."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        given = {"folder": str(folder.absolute()), "memory": MEMORY, "threads": THREADS}
        self._engine = Child("simos.hub.lake.engine", given)

    def close(self) -> None:
        self._engine.close()

    def _ask(self, ask: str, part: Part, series: Sequence[int], *, without: Sequence[Place] = (), **given: Any) -> Any:
        files = [str(path_in(self.folder.absolute(), each)) for each in part.files]
        wanted = set(series)
        gone = [[*each] for each in part.gone if each.series in wanted]
        question = {"ask": ask, "files": files, "series": series, "gone": gone, "without": without, **given}
        return self._engine.ask(question, seconds=SECONDS)

    def points(
        self,
        part: Part,
        series: Sequence[int],
        span: Span,
        *,
        first: int | None = None,
        last: int | None = None,
        without: Sequence[Place] = (),
    ) -> dict[int, list[LakePoint]]:
        rows = self._ask("points", part, series, without=without, first=first, last=last, **span._asdict())
        return {number: [tuple(row) for row in each] for number, each in groupby(rows, key=lambda row: row[0])}

    def at(self, part: Part, places: Sequence[Place]) -> list[LakePoint]:
        series, days = sorted({number for number, _ in places}), {at // DAY * DAY for _, at in places}
        part = Part(files=[file for file in part.files if file.day in days], gone=part.gone)
        if not part:
            return []
        rows = self._ask("at", part, series, places=places)
        return [tuple(row) for row in rows]

    def bearing(self, part: Part, series: Sequence[int], span: Span, *, without: Sequence[Place] = ()) -> list[int]:
        found: list[int] = self._ask("bearing", part, series, without=without, **span._asdict())
        return found

    def newest(
        self, part: Part, series: Sequence[int], span: Span, *, without: Sequence[Place] = ()
    ) -> dict[int, tuple[int, str, float | None, int]]:
        rows = self._ask("newest", part, series, without=without, **span._asdict())
        return {number: (at, instance, value, least) for number, at, instance, value, least in rows}

    def parcels(
        self, part: Part, periods: Periods, span: Span, *, sums: Sequence[str], without: Sequence[Place] = ()
    ) -> dict[int, Parcels]:
        origins, width = list(periods.origins.items()), periods.width
        columns = self._ask(
            "parcels",
            part,
            sorted(periods.origins),
            without=without,
            origins=origins,
            width=width,
            sums=sums,
            **span._asdict(),
        )
        names = ("period", *sums)
        return {
            number: {name: columns[name][start:end] for name in names}
            for number, start, end in _stretches(columns["series"])
        }

    def texts(
        self, part: Part, periods: Periods, span: Span, *, members: Mapping[int, str], without: Sequence[Place] = ()
    ) -> dict[int, list[tuple[int, str]]]:
        rows = self._ask(
            "texts",
            part,
            sorted(members),
            without=without,
            origins=list(periods.origins.items()),
            width=periods.width,
            members=list(members.items()),
            **span._asdict(),
        )
        found: dict[int, list[tuple[int, str]]] = {}
        for number, period, text in rows:
            found.setdefault(number, []).append((period, text))
        return found


def _stretches(numbers: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Each number with where its stretch begins and ends."""
    start = 0
    for number, each in groupby(numbers):
        end = start + sum(1 for _ in each)
        yield number, start, end
        start = end

"""What a running platform says of its counts, asked as anybody would ask: temporal API, change log, pages."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from simos.modules.mobility.parking.pages.showing import STATES
from simos.modules.mobility.parking.rules.counts import out_of_reason
from simos.modules.mobility.parking.values import State
from tests.app.recordings import FRESH, Recording, Seen
from tests.running import Running

TYPE, FREE = "OffStreetParking", "availableSpotNumber"
LOG_PART = 10_000
ROW = "lot-"


def id_of(city: str, code: str) -> str:
    return f"urn:ngsi-ld:{TYPE}:{city}:{code}"


def code_of(entity: str) -> str:
    return entity.split(":", 4)[4]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def history(platform: Running, city: str, code: str, *, asked: str = "") -> list[Seen]:
    """The history of one facility's free spaces, in the order in which the hub gives it."""
    path = f"/ngsi-ld/v1/temporal/entities/{quote(id_of(city, code))}?attrs={FREE}&options=temporalValues{asked}"
    status, body = platform.get(path, NGSILD_Tenant=city)
    if status == 404:
        return []
    assert status == 200, body
    values = json.loads(body).get(FREE, {}).get("values", [])
    return [(instant(at), value) for value, at in values]


def histories(platform: Running, city: str, codes: Iterable[str]) -> dict[str, list[Seen]]:
    """The histories of those that have one."""
    return {code: found for code in codes if (found := history(platform, city, code))}


def changes(platform: Running, city: str, after: str = "") -> tuple[list[dict[str, Any]], str]:
    """The city's part of the change log after a place, and its end."""
    found: list[dict[str, Any]] = []
    head = platform.json("/hub/changes?limit=0", Authorization=f"Bearer {platform.service_token}")["head"]
    place = after or f"{head.rpartition(':')[0]}:0"
    while True:
        path = f"/hub/changes?tenant={city}&limit={LOG_PART}&after={quote(place)}"
        part = platform.json(path, Authorization=f"Bearer {platform.service_token}")
        if not part["changes"]:
            return found, head
        found += part["changes"]
        place = part["next"]


def acknowledged(platform: Running, city: str) -> int:
    """How many counts the hub has acknowledged to the city's only replay, by the replay's own bookmark."""
    kept = list((platform.home / "replays").glob(f"parking-{city}-*.json"))
    return int(json.loads(kept[0].read_text())["sent"]) if kept else 0


def logged(platform: Running, city: str) -> dict[str, list[Seen]]:
    """Every count that the change log holds, by code, in its order; a correction fails."""
    found: dict[str, list[Seen]] = {}
    for change in changes(platform, city)[0]:
        if (count := change["attributes"].get(FREE)) is not None:
            assert "previous" not in count, change
            found.setdefault(code_of(change["id"]), []).append((instant(count["observedAt"]), count["value"]))
    return found


def doubled(seen: Iterable[Seen]) -> list[Seen]:
    return [each for each, times in Counter(seen).items() if times > 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A facility as the list page shows it: `free` None for the dash."""

    name: str
    free: int | None
    state: str
    observed_at: datetime | None


class _Rows(HTMLParser):
    """Gathers the rows of the list's table, by the code of the facility that each shows."""

    PARTS = ("lots__free", "tag")

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, dict[str, str]] = {}
        self._row: dict[str, str] = {}
        self._into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "tr":
            mark = said.get("id", "")
            self._row = self.rows.setdefault(mark.removeprefix(ROW), {}) if mark.startswith(ROW) else {}
        elif found := [part for part in self.PARTS if part in said.get("class", "").split()]:
            self._into = found[0]
        elif said.get("datetime"):
            self._row["observed_at"] = said["datetime"]
        elif tag == "a":
            self._into = "name"

    def handle_endtag(self, tag: str) -> None:
        self._into = ""
        if tag == "table":  # the frame's links come after it
            self._row = {}

    def handle_data(self, data: str) -> None:
        if self._into:
            self._row[self._into] = self._row.get(self._into, "") + data


def list_page(platform: Running, city: str) -> dict[str, Shown]:
    """The facilities' list page, in Slovenian, by code; made anew, as one that is asked for with a filter is."""
    status, body = platform.get(f"/{city}/parkiranje/?height=")
    assert status == 200, body
    rows = _Rows()
    rows.feed(body.decode())
    return {code: _shown(row) for code, row in rows.rows.items()}


def _shown(row: Mapping[str, str]) -> Shown:
    digits = re.sub(r"\D", "", row["lots__free"])
    at = row.get("observed_at")
    return Shown(
        name=row["name"].strip(),
        free=int(digits) if digits else None,
        state=row["tag"].strip(),
        observed_at=instant(at) if at else None,
    )


FULL, STALE, UNKNOWN = (STATES[each][1].sl for each in (State.FULL, State.STALE, State.UNKNOWN))
HAS_SPACES = [STATES[each][1].sl for each in (State.FREE, State.FEW)]


def page_of(recording: Recording, now: datetime) -> dict[str, Shown]:
    """What the list page is to show at `now` by the recording alone, but for the words of fresh counts. Clearly more
    free than were built is no number for drivers."""
    last = {code: seen[-1] for code, seen in recording.seen().items()}
    built = recording.capacities()
    shown = {}
    for code, name in recording.names().items():
        at, free = last.get(code, (None, None))
        if at is None:
            shown[code] = Shown(name=name, free=None, state=UNKNOWN, observed_at=None)
        elif now - at > FRESH or out_of_reason(free, built.get(code)):
            shown[code] = Shown(name=name, free=None, state=STALE, observed_at=at)
        else:
            shown[code] = Shown(name=name, free=free, state=FULL if free == 0 else "", observed_at=at)
    return shown


def assert_page_is(platform: Running, city: str, expected: Mapping[str, Shown]) -> None:
    """The list page shows just these; where the state is not said, it is free or few spaces."""
    assert differences(platform, city, expected) == []


def differences(platform: Running, city: str, expected: Mapping[str, Shown]) -> list[str]:
    """In what the list page differs from what is expected of it."""
    found = list_page(platform, city)
    assert found.keys() == expected.keys()
    return [f"{code}: {shown}, not {expected[code]}" for code, shown in found.items() if not _is(shown, expected[code])]


def _is(shown: Shown, wanted: Shown) -> bool:
    parts = (shown.name, shown.free, shown.observed_at) == (wanted.name, wanted.free, wanted.observed_at)
    return parts and shown.state in ([wanted.state] if wanted.state else HAS_SPACES)


def assert_each_count_once(platform: Running, city: str, recording: Recording) -> None:
    """History and change log hold every count of the recording once, in order, and no other."""
    expected = recording.seen()
    assert expected, "an empty recording proves nothing"
    assert not any(doubled(seen) for seen in expected.values()), "the file itself has doubles"
    for said in (histories(platform, city, recording.names()), logged(platform, city)):
        assert said.keys() == expected.keys()
        for code, seen in expected.items():
            assert said[code] == seen, (
                f"{code}: {doubled(said[code])[:3]} doubled, {set(seen) - set(said[code])} missing"
            )

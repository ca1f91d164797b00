"""Playing recorded observations back into the hub through its public port, as any feed would send them.

Knows pace, place and time, nothing of what is observed. Resumable: what the hub has acknowledged is not sent again, and
what was sent again by a crash is a no-op there.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from simos.hub.client import HubClient
from simos.kernel.errors import Problem

BATCH = 1000
"""Observations in one request."""

HISTORY_BATCH = 20_000
"""Observations gathered before each thing's part of them is sent to its history."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen of one thing at one time. `position` counts the rows of the source, rising."""

    position: int
    at: datetime
    id: str
    type: str
    values: Mapping[str, Any]


REFUSALS_KEPT = 20


@dataclass(slots=True)
class Progress:
    """How far a replay is. `position`: the last row acknowledged. `shift` is added to every time, in all its runs.

    `refused` counts what the hub would not have; of the reasons the first few are kept.
    """

    position: int = 0
    sent: int = 0
    refused: int = 0
    reasons: list[str] = field(default_factory=list)
    at: datetime | None = None
    shift: timedelta = timedelta()


class Bookmark:
    """Where a replay of one source into one city stands, kept in a file that is replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Progress:
        """The progress kept; a new one where nothing is. Problem where the file is damaged."""
        try:
            kept = json.loads(self.path.read_text())
        except FileNotFoundError:
            return Progress()
        except ValueError:
            raise Problem(f"{self.path} is damaged: delete it, and the replay begins anew.") from None
        at = datetime.fromisoformat(kept["at"]) if kept["at"] else None
        return Progress(**kept | {"at": at, "shift": timedelta(seconds=kept["shift"])})

    def write(self, progress: Progress) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        at = progress.at.isoformat() if progress.at else None
        fresh.write_text(json.dumps(asdict(progress) | {"at": at, "shift": progress.shift.total_seconds()}))
        fresh.replace(self.path)

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


def _stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def entity_of(observation: Observation, shift: timedelta) -> dict[str, Any]:
    """The observation as an NGSI-LD entity with the attributes that were seen, `shift` later."""
    at = _stamp(observation.at + shift)
    attributes = {
        name: {"type": "Property", "value": value, "observedAt": at} for name, value in observation.values.items()
    }
    return {"id": observation.id, "type": observation.type, **attributes}


def _histories_of(batch: Sequence[Observation], shift: timedelta) -> Iterator[dict[str, Any]]:
    """The batch as temporal entities, one a thing."""
    ordered = sorted(batch, key=lambda each: (each.id, each.type))
    for (thing, kind), seen in groupby(ordered, key=lambda each: (each.id, each.type)):
        attributes: dict[str, list[dict[str, Any]]] = {}
        for each in seen:
            at = _stamp(each.at + shift)
            for name, value in each.values.items():
                attributes.setdefault(name, []).append({"type": "Property", "value": value, "observedAt": at})
        yield {"id": thing, "type": kind, **attributes}


@dataclass(slots=True, kw_only=True)
class Replay:
    """One replay. `speed`: so many seconds of the record in one of ours, None as fast as it goes.

    `present`: things take on what was seen; else only their history grows. `told` is called after each acknowledged
    batch.
    """

    client: HubClient
    tenant: str
    bookmark: Bookmark
    present: bool
    speed: float | None = None
    told: Callable[[Progress], None] = lambda progress: None

    def run(self, observations: Iterable[Observation]) -> Progress:
        """All of `observations` is in the hub, what was acknowledged before not sent again. Unavailable where the hub
        stays away: run again to go on."""
        progress = self.bookmark.read()
        ahead = (each for each in observations if each.position > progress.position)
        for batch in self._paced(ahead):
            self._send(batch, progress)
            progress.position = batch[-1].position
            progress.sent += len(batch)
            progress.at = batch[-1].at
            self.bookmark.write(progress)
            self.told(progress)
        return progress

    def _send(self, batch: Sequence[Observation], progress: Progress) -> None:
        if not self.present:
            for history in _histories_of(batch, progress.shift):
                self.client.record(self.tenant, history)
            return
        answer = self.client.upsert(self.tenant, [entity_of(each, progress.shift) for each in batch])
        progress.refused += len(answer.refused)
        room = REFUSALS_KEPT - len(progress.reasons)
        progress.reasons.extend(f"{thing}: {reason}" for thing, reason in answer.refused[:room])

    def _paced(self, observations: Iterable[Observation]) -> Iterator[list[Observation]]:
        """Batches in order, each not before its time. With a pace, what is due already goes together."""
        size = BATCH if self.present else HISTORY_BATCH
        began, first, batch = time.monotonic(), None, list[Observation]()
        for each in observations:
            first = first or each.at
            if self.speed is not None:
                due = began + (each.at - first).total_seconds() / self.speed
                if batch and due > time.monotonic():
                    yield batch
                    batch = []
                time.sleep(max(0.0, due - time.monotonic()))
            batch.append(each)
            if len(batch) >= size:
                yield batch
                batch = []
        if batch:
            yield batch

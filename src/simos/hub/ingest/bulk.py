"""A whole file into the hub, in parts: through a hub that runs, or into the store where none does.

How far it is stands in the hub's store, moved in the transaction of each part: whatever ends a load, started again it
goes on there. Rows that are wrong are written beside the file.
"""

import csv
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import orjson

from simos.hub.client import HubClient
from simos.hub.ingest.files import blocks_of
from simos.hub.ingest.loading import TOPIC, Part, loading
from simos.hub.ingest.mapped import map_block
from simos.hub.ingest.mapping import TABLES, Mapping
from simos.hub.ingest.rows import as_json
from simos.hub.past import has_deletion
from simos.hub.store.base import Store
from simos.hub.values import DEFAULT_TENANT
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import NotFound, RowError

OBSERVATIONS = 50_000
"""In one transaction, about: others who write wait for so long."""

Answer = dict[str, Any]


class Sink(Protocol):
    """Where parts go."""

    def noted(self, tenant: str, key: str) -> Answer:
        """What is noted of this load; {} where it never began. NotFound where there is no such tenant."""
        ...

    def put(self, part: Part) -> Answer:
        """Stores durably; how many `observations` and `corrected`."""
        ...


@dataclass(slots=True)
class HubSink:
    """A hub that runs: its writer does it."""

    client: HubClient

    def noted(self, tenant: str, key: str) -> Answer:
        _, found = self.client.ask("GET", f"/hub/loads?key={key}", tenant=tenant)
        return dict(found)

    def put(self, part: Part) -> Answer:
        content = {
            "key": part.key,
            "until": part.until,
            "last": part.last,
            "notify": part.notify,
            "rows": as_json(part.rows),
        }
        _, found = self.client.ask("POST", "/hub/loads", tenant=part.tenant, content=content)
        return dict(found)


@dataclass(slots=True)
class StoreSink:
    """The store itself. No hub may be running on it."""

    store: Store
    _last_at: int = 0

    def noted(self, tenant: str, key: str) -> Answer:
        if tenant != DEFAULT_TENANT and tenant not in self.store.reader.tenants():
            raise NotFound(f"There is no tenant {tenant!r} in this hub.")
        found: Answer = orjson.loads(self.store.reader.notes(TOPIC, key).get(key, "{}"))
        return found

    def put(self, part: Part) -> Answer:
        with self.store.transaction() as transaction:
            done = loading(part, has_deletion)(transaction, max(micros_of(now()), self._last_at + 1))
        self._last_at = done.until
        answer: Answer = done.answer
        return answer


@dataclass(slots=True)
class Progress:
    """How a load stands. `share`: of the file, None where that is not known. `before`: rows that an earlier run did."""

    rows: int = 0
    before: int = 0
    observations: int = 0
    corrected: int = 0
    faults: int = 0
    share: float | None = None
    finished_before: str = ""
    _began: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Observations a second."""
        return self.observations / max(1e-6, time.monotonic() - self._began)


def key_of(path: Path, mapping_text: str, tenant: str) -> str:
    """Names a load by what is in the file, how it is mapped and where it goes."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(f"{content}\0{mapping_text}\0{tenant}".encode()).hexdigest()


def load_file(
    path: Path,
    mapping: Mapping,
    tenant: str,
    sink: Sink,
    *,
    key: str,
    notify: bool = False,
    again: bool = False,
    told: Callable[[Progress], None] = lambda progress: None,
) -> Progress:
    """All of the file is stored, but for the rows that are in `errors_file(path)`. `again`: from its beginning."""
    noted = {} if again else sink.noted(tenant, key)
    progress = Progress(before=noted.get("until", 0))
    if noted.get("finished"):
        progress.finished_before = noted["at"]
        return progress
    size = max(1000, OBSERVATIONS // len(mapping.attributes))
    errors = _Errors(errors_file(path), keep=progress.before + (mapping.format in TABLES))
    waiting: Future[Answer] | None = None
    held: Part | None = None
    with ThreadPoolExecutor(1, thread_name_prefix="load") as storing:
        for block in blocks_of(path, mapping, size=size, after=progress.before):
            mapped = map_block(mapping, block)
            _settled(waiting, progress, told)
            errors.add(mapped.faults)  # before its rows are stored: what a crash leaves too much is taken out again
            progress.faults += len(mapped.faults)
            waiting = storing.submit(sink.put, held) if held else None
            progress.rows, progress.share = block.until - progress.before, block.share
            held = Part(tenant=tenant, key=key, until=block.until, last=False, notify=notify, rows=mapped.rows)
        _settled(waiting, progress, told)
        if held is not None:
            _settled(storing.submit(sink.put, replace(held, last=True)), progress, told)
    return progress


def _settled(waiting: Future[Answer] | None, progress: Progress, told: Callable[[Progress], None]) -> None:
    if waiting is not None:
        answer = waiting.result()
        progress.observations += answer["observations"]
        progress.corrected += answer["corrected"]
        told(progress)


def errors_file(path: Path) -> Path:
    """Where the rows of a file that are wrong are told."""
    return path.with_name(f"{path.name}.errors.csv")


class _Errors:
    """The file of wrong rows; there is none where none is wrong."""

    HEADER = ("row", "field", "problem", "value")

    def __init__(self, path: Path, *, keep: int) -> None:
        """Keeps what an earlier run wrote of the rows up to `keep`."""
        self._path = path
        kept: list[list[str]] = []
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                kept = [row for row in csv.reader(file) if row and row[0].isdigit() and int(row[0]) <= keep]
            path.unlink()
        self._write(kept)

    def add(self, faults: Iterable[RowError]) -> None:
        self._write([[each.row, each.field, each.message, each.value] for each in faults])

    def _write(self, rows: Sequence[Sequence[object]]) -> None:
        if not rows:
            return
        fresh = not self._path.exists()
        with self._path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(self.HEADER)
            writer.writerows(rows)

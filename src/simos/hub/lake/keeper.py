"""The lake of a running hub: moves days by night, or when it is told to, and says how the lake stands. On the loop."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simos.hub.contexts import CORE
from simos.hub.lake.files import Files
from simos.hub.lake.moving import Mover, Told
from simos.hub.store.base import Store
from simos.hub.store.shelves import DAY
from simos.hub.writer import Act, Writer
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import Conflict, Problem
from simos.kernel.module import EntityType

log = logging.getLogger(__name__)

HOUR = 2
"""UTC, at which days move: when least is going on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakePlan:
    """Where the lake lies, and after how many days history moves there; 0: it does not."""

    folder: Path
    after_days: int = 0


class Keeper:
    """Of one hub: nobody else moves its days."""

    def __init__(self, store: Store, url: str, plan: LakePlan, writer: Writer, declared: Iterable[EntityType]) -> None:
        self._store, self._plan, self._writer = store, plan, writer
        self._loop = asyncio.get_running_loop()
        kept = {CORE.expand(each.name): _micros(each.retention) for each in declared}
        self._mover = Mover(store, url, plan.folder, self._in_turn, kept)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hub-lake")
        self._files = Files(plan.folder)
        store.attach(self._files)
        self._moving: asyncio.Task[None] | None = None
        self._last: Mapping[str, Any] = {}
        self._nights = asyncio.create_task(self._by_night())

    async def close(self) -> None:
        """What is being written is finished, or left out."""
        self._nights.cancel()
        self._mover.stop()
        if self._moving is not None:
            await asyncio.gather(self._moving, return_exceptions=True)
        await asyncio.to_thread(self._thread.shutdown)
        self._mover.close()
        self._files.close()

    def _in_turn(self, act: Act) -> Any:
        """Called in the lake's thread: `act` done by the hub's one writer."""

        async def done() -> Any:
            return await self._writer.run(act)

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result()

    def begin(self, older_than_days: int | None = None) -> None:
        """Days that ended so long ago begin to move; Conflict where some are moving already."""
        if self._moving is not None and not self._moving.done():
            raise Conflict("Days are moving already. Ask again when they have.")
        self._moving = asyncio.create_task(self._move(older_than_days))

    async def _move(self, older_than_days: int | None) -> None:
        at = micros_of(now())
        days = self._plan.after_days if older_than_days is None else older_than_days
        try:
            told = await self._loop.run_in_executor(self._thread, self._run, at, days)
        except Problem as problem:
            log.error("days could not be moved into the lake: %s", problem.detail)
            self._last = {"wrong": problem.detail}
        except Exception as error:
            log.exception("days could not be moved into the lake; it is tried again next night")
            self._last = {"wrong": f"{type(error).__name__}: {error}"}
        else:
            self._last = {**asdict(told), "days": len(told.days)}
            log.info("lake: %s", self._last)

    def _run(self, at: int, days: int) -> Told:
        expired = self._mover.expire(at)
        told = self._mover.move(at - days * DAY) if days else Told()
        told.expired = expired
        return told

    async def _by_night(self) -> None:
        while True:
            await asyncio.sleep(_seconds_until(HOUR, now()))
            if self._moving is None or self._moving.done():
                self.begin()

    def status(self) -> dict[str, Any]:
        """Blocks. By tenant and type: from which day to which, and how much; and how the last move ended."""
        held: dict[tuple[str, str], dict[str, Any]] = {}
        for file in self._store.reader.lake_files():
            day = datetime.fromtimestamp(file.day / 1_000_000, tz=now().tzinfo).date().isoformat()
            entry = held.setdefault(
                (file.tenant, file.type),
                {"days": set(), "files": 0, "instances": 0, "bytes": 0},
            )
            entry["days"].add(day)
            entry["files"] += 1
            entry["instances"] += file.instances
            entry["bytes"] += file.bytes
        listed = [
            {
                "tenant": tenant,
                "type": CORE.compact(type_name) if type_name else "",
                **entry,
                "days": len(entry["days"]),
                "from": min(entry["days"]),
                "to": max(entry["days"]),
            }
            for (tenant, type_name), entry in sorted(held.items())
        ]
        moving = self._moving is not None and not self._moving.done()
        return {"afterDays": self._plan.after_days, "moving": moving, "last": self._last, "held": listed}


def _micros(kept: timedelta | None) -> int | None:
    return None if kept is None else kept // timedelta(microseconds=1)


def _seconds_until(hour: int, at: datetime) -> float:
    """To the next time that a clock in UTC shows the full hour."""
    wanted = at.replace(hour=hour, minute=0, second=0, microsecond=0)
    return ((wanted if wanted > at else wanted + timedelta(days=1)) - at).total_seconds()

"""Addresses that feeds ask again and again: only what has changed is fetched, and who fails is asked less often."""

import asyncio
import hashlib
import logging
from collections.abc import Callable

from simos.hub.fetching import CannotFetch, Document, Limits, fetch
from simos.hub.grants import EVERYTHING
from simos.hub.ingest.feeds import Poll, Running
from simos.hub.server.desk import Desk
from simos.hub.server.receiving import failed, take, went_well
from simos.kernel.errors import Problem

log = logging.getLogger(__name__)

LIMITS = Limits(seconds=30.0, connect_seconds=5.0, bytes=32 * 1024 * 1024)
LONGEST_PAUSE = 3600.0
"""Seconds, however often it has failed."""

_CONDITIONS = (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))


def pause_after(poll: Poll, failures: int, wanted: float = 0.0) -> float:
    """Seconds until the next look: doubled with each failure in a row; at least what the other side has `wanted`."""
    doubled: float = poll.every * 2 ** min(failures, 12)
    return max(min(doubled, max(LONGEST_PAUSE, poll.every)), min(wanted, LONGEST_PAUSE))


async def keep_polling(desk: Desk, running: Running, poll: Poll, secret_of: Callable[[str], str]) -> None:
    """Asks, stores what has come, and waits, until it is cancelled."""
    conditions: dict[str, str] = {}
    last = b""
    failures = 0
    while True:
        wanted = 0.0
        try:
            found = await fetch(
                poll.url, desk.deliveries.reach, headers=_headers(poll, secret_of, conditions), limits=LIMITS
            )
            wanted = _wanted(found)
            last = await _took(desk, running, found, last)
        except (CannotFetch, Problem) as error:
            failures += 1
            failed(desk, running, str(error))
        except Exception:
            log.exception("the feed %s could not be read; it is tried again", running.name)
            failures += 1
            failed(desk, running, "a fault of ours; see the log")
        else:
            failures = 0
            if found.status == 200:
                conditions = {ask: found.headers[told] for told, ask in _CONDITIONS if told in found.headers}
        await asyncio.sleep(pause_after(poll, failures, wanted))


def _headers(poll: Poll, secret_of: Callable[[str], str], conditions: dict[str, str]) -> dict[str, str]:
    headers = {"Accept": "application/json, text/csv;q=0.9, */*;q=0.1", **poll.headers, **conditions}
    if poll.secret:
        headers["Authorization"] = f"Bearer {secret_of(poll.secret)}"
    return headers


def _wanted(found: Document) -> float:
    said = str(found.headers.get("Retry-After", ""))
    return float(said) if said.isdigit() else 0.0


async def _took(desk: Desk, running: Running, found: Document, last: bytes) -> bytes:
    """What was found is stored, unless it is the same as the `last`; its digest."""
    if found.status == 304:
        went_well(desk, running)
        return last
    if found.status != 200:
        raise CannotFetch(f"it answered {found.status}")
    digest = hashlib.sha256(found.body).digest()
    if digest == last:
        went_well(desk, running)
    else:
        await take(desk, running, found.body, EVERYTHING)
    return digest

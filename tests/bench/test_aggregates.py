"""The hourly mean of 100,000 instances over HTTP, summed up beforehand or not, beside bare SQL on the same database."""

import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import urllib3

from simos.hub.ngsild import text_of_micros
from tests.bench.figures import Figures
from tests.bench.test_notifications import lone_hub

pytestmark = pytest.mark.bench

INSTANCES, AT_ONCE = 100_000, 10_000
FIRST, MINUTE, HOUR = 1_756_684_800_000_000, 60_000_000, 3_600_000_000
METER = "urn:ngsi-ld:Meter:1"
ROUNDS = 15
SQL = (
    "SELECT (at - {0}) / 3600000000 AS hour, avg(number) FROM {1}history WHERE tenant = '' AND series = "
    "(SELECT min(id) FROM {1}series) AND at >= {0} AND at < {2} AND got_at IS NOT NULL GROUP BY 1 ORDER BY 1"
)


def furnish(pool: urllib3.PoolManager, base: str) -> None:
    for start in range(0, INSTANCES, AT_ONCE):
        power = [
            {"type": "Property", "value": n % 997 / 10, "observedAt": text_of_micros(FIRST + n * MINUTE)}
            for n in range(start, start + AT_ONCE)
        ]
        answer = pool.request("POST", f"{base}/temporal/entities", json={"id": METER, "type": "Meter", "power": power})
        assert answer.status in (201, 204), answer.data


def medians(*acts: Callable[[], int], expected: int) -> list[float]:
    """Milliseconds of each, taken in turn, since others use the machine too."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for act, times in zip(acts, taken, strict=True):
            began = time.perf_counter()
            assert act() == expected
            times.append((time.perf_counter() - began) * 1000)
    return [statistics.median(times) for times in taken]


@pytest.mark.parametrize("database", ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def test_hourly(tmp_path: Path, figures: Figures, database: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("durable_postgres") if database == "PostgreSQL" else ""
    end = FIRST + INSTANCES * MINUTE
    hours = -(-INSTANCES // 60)
    pool = urllib3.PoolManager()
    with lone_hub(tmp_path / "home", url) as port:
        base = f"http://127.0.0.1:{port}/ngsi-ld/v1"
        furnish(pool, base)
        path = f"{base}/temporal/entities/{METER}?attrs=power&options=aggregatedValues&aggrMethods=avg"

        def asked(first: int) -> int:
            span = f"timerel=between&timeAt={text_of_micros(first)}&endTimeAt={text_of_micros(end)}"
            answer = pool.request("GET", f"{path}&{span}&aggrPeriodDuration=PT1H")
            return len(answer.json()["power"]["avg"])

        def ours() -> int:
            """Hours that begin a minute late: those are not summed up beforehand."""
            return asked(FIRST + MINUTE)

        asked(FIRST)  # so that they come to be
        connection: Any = psycopg.connect(url) if url else sqlite3.connect(tmp_path / "home" / "hub.sqlite3")
        with closing(connection):
            sql = SQL.format(FIRST + MINUTE, "hub." if url else "", end)
            told, bare = medians(ours, lambda: len(connection.execute(sql).fetchall()), expected=hours)
            time.sleep(3)
            summed, again = medians(
                lambda: asked(FIRST), lambda: len(connection.execute(sql).fetchall()), expected=hours
            )
    figures.add("history", f"hourly mean of 100,000 instances, {database}: median", told, bare, "ms", "bare SQL")
    figures.add("history", f"the same from sums of hours, {database}: median", summed, again, "ms", "bare SQL")

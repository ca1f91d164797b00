"""Whoever moves days is killed at any moment: nothing is lost, and nothing is there twice."""

import random
import subprocess
import sys
import time
from pathlib import Path

from simos.hub.store.base import HistoryQuery
from tests.fixtures import REPOSITORY
from tests.lake.killed import PLACES
from tests.lake.moved import store_with_lake

KILLS = 4


def test_a_killed_move_loses_and_doubles_nothing(store_url: str, tmp_path: Path) -> None:
    folder, chance, promised = tmp_path / "lake", random.Random(1), 0
    for _ in range(KILLS):
        command = [sys.executable, "-m", "tests.lake.killed", store_url, str(folder), str(promised)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY, text=True) as process:
            assert process.stdout is not None
            said = [int(process.stdout.readline()) for _ in range(30)]
            time.sleep(chance.random() * 0.4)
            process.kill()
            said += [int(line) for line in process.stdout.read().splitlines() if line]
        with store_with_lake(store_url, folder) as (store, mover):
            asked = HistoryQuery(tenant="", entities=tuple(entity for entity, _, _ in PLACES))
            numbers: dict[str, list[int]] = {}
            for point in store.reader.history(asked):
                numbers.setdefault(point.entity, []).append(int(point.number or 0))
            (found,) = {tuple(sorted(each)) for each in numbers.values()}
            assert found == tuple(range(len(found)))
            assert len(found) in (said[-1], said[-1] + 1), "at most the one that it could not tell of any more"
            assert store.reader.lake_files(), "some days did move"
            promised = len(found)
            mover.sweep()
            assert len(list(folder.rglob("*.parquet*"))) == len(store.reader.lake_files())

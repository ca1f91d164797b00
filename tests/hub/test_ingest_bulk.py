"""A file loaded in parts: it goes on where it was killed, nothing is there twice, and what is wrong is told by row."""

import asyncio
import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import uvicorn

from simos.hub.client import HubClient, HubRefused
from simos.hub.faces import hub_app
from simos.hub.ingest import bulk
from simos.hub.ingest.bulk import HubSink, StoreSink, errors_file, load_file
from simos.hub.ingest.mapping import read_mapping
from simos.hub.server.running import server_config
from simos.hub.server.sockets import unix_socket
from simos.hub.store.base import HistoryQuery
from simos.hub.store.opening import open_store
from tests.fixtures import REPOSITORY, migrated
from tests.hub.mqtt_running import PATIENCE, eventually, running_hub

TENANT, KEY, ROWS = "celje", "file of the test", 6000
MAPPING = """\
format: csv
id: "urn:ngsi-ld:AirQualityObserved:{station}"
type: AirQualityObserved
observedAt: time
attributes: {pm10: {from: pm10, range: [0, 100]}}
"""
STATIONS = tuple(f"urn:ngsi-ld:AirQualityObserved:{n}" for n in range(3))
WRONG = {row for row in range(ROWS) if row % 700 == 0}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "air.csv"
    rows = [
        f"{row % 3},2025-09-01T{row // 3600:02}:{row // 60 % 60:02}:{row % 60:02}Z,{500 if row in WRONG else row % 90}"
        for row in range(ROWS)
    ]
    path.write_text("\n".join(["station,time,pm10", *rows]) + "\n")
    return path


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = migrated(f"sqlite:///{tmp_path}/hub.sqlite3")
    store = open_store(url)
    with store.transaction() as transaction:
        transaction.add_tenant(TENANT)
    store.close()
    return url


def stored(url: str) -> list[tuple[str, int]]:
    store = open_store(url)
    try:
        return [(p.entity, p.at) for p in store.reader.history(HistoryQuery(tenant=TENANT, entities=STATIONS))]
    finally:
        store.close()


def told_rows(file: Path) -> list[int]:
    with errors_file(file).open(newline="") as errors:
        return [int(each["row"]) for each in csv.DictReader(errors)]


def test_a_load_that_was_killed_goes_on_where_it_was(file: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-m", "tests.hub.bulk_process", url, str(file)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(2):
        process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    process.stdout.close()
    before = len(stored(url))
    assert 0 < before < ROWS - len(WRONG)

    store = open_store(url)
    done = load_file(file, read_mapping(MAPPING, "map.yaml"), TENANT, StoreSink(store), key=KEY)
    assert 0 < done.before < ROWS
    assert done.before + done.rows == ROWS
    assert before + done.observations == ROWS - len(WRONG), "what was stored is not read again"
    again = load_file(file, read_mapping(MAPPING, "map.yaml"), TENANT, StoreSink(store), key=KEY)
    assert again.finished_before
    forced = load_file(file, read_mapping(MAPPING, "map.yaml"), TENANT, StoreSink(store), key=KEY, again=True)
    assert (forced.rows, forced.corrected) == (ROWS, 0)
    store.close()
    found = stored(url)
    assert len(found) == len(set(found)) == ROWS - len(WRONG)
    assert told_rows(file) == [row + 2 for row in sorted(WRONG)], "as a spreadsheet counts, each once"


def test_a_load_goes_through_a_hub_that_runs(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "OBSERVATIONS", 1000)
    path = tmp_path / "hub.sock"
    with running_hub(monkeypatch, is_open=True) as hub:
        hub.add_tenants(TENANT)
        server = uvicorn.Server(server_config(hub_app(hub.desk)))
        serving = asyncio.run_coroutine_threadsafe(server.serve(sockets=[unix_socket(path)]), hub._loop)
        eventually(lambda: server.started, "the hub answers")
        seen: list[int] = []
        try:
            sink = HubSink(HubClient(f"unix:{path}", "any", patience=0))
            mapping = read_mapping(MAPPING, "map.yaml")
            done = load_file(file, mapping, TENANT, sink, key=KEY, told=lambda progress: seen.append(progress.rows))
            assert (done.rows, done.observations, done.faults) == (ROWS, ROWS - len(WRONG), len(WRONG))
            assert seen == sorted(seen)
            assert seen[-1] == ROWS
            assert load_file(file, mapping, TENANT, sink, key=KEY).finished_before
            assert len(hub.history(TENANT, STATIONS[0])) == len(set(range(0, ROWS, 3)) - WRONG)
            with pytest.raises(HubRefused):
                sink.client.ask("POST", "/hub/loads", tenant=TENANT, content={"key": KEY, "until": 1, "rows": {}})
        finally:
            server.should_exit = True
            serving.result(PATIENCE)

"""The running platform: it starts, says how it is, refuses to start in one line, and stops with pages open."""

import http.client
import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.app.listening import Stream
from tests.running import SIMOS, Running, free_port, running, until

STOPS_WITHIN = 5.0
"""Seconds, with pages open: the platform's own promise."""


def refused(platform: Running, **settings: str) -> str:
    """The one line in which `simos serve` refuses to start."""
    environment = platform.environment | settings
    done = subprocess.run([*SIMOS, "serve"], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    (line,) = (done.stdout + done.stderr).strip().splitlines()
    return line


def test_health_and_metrics_tell_of_every_process(small_platform: Running) -> None:
    health = small_platform.json("/health")
    assert health["status"] == "pass"
    assert {"hub", "web", "worker", "mqtt"} <= health["checks"].keys()
    metrics = small_platform.get("/metrics")[1].decode()
    for process in ("hub", "web", "worker"):
        assert f'process_resident_memory_bytes{{process="{process}"}}' in metrics


def test_strangers_learn_whether_all_is_well_and_no_more(small_platform: Running) -> None:
    assert small_platform.json("/health", X_Forwarded_For="203.0.113.7") == {"status": "pass"}
    assert small_platform.get("/metrics", X_Forwarded_For="203.0.113.7")[0] == 401
    token = f"Bearer {small_platform.service_token}"
    assert small_platform.get("/metrics", X_Forwarded_For="203.0.113.7", Authorization=token)[0] == 200


def test_a_process_that_hangs_is_seen_at_health(small_platform: Running) -> None:
    worker = psutil.Process(small_platform.pid("worker"))
    worker.suspend()
    try:
        status, _ = small_platform.get("/health")
        checks = small_platform.json("/health")["checks"]
    finally:
        worker.resume()
    assert status == 503
    assert (checks["worker"]["status"], checks["hub"]["status"]) == ("fail", "pass")
    until("it is well again", small_platform.is_healthy)


def test_ctrl_c_with_pages_open_ends_soon_and_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "home", arguments=("--demo",), mqtt_port=free_port()) as platform:
        processes = platform.processes()
        assert len(processes) == 5
        page = http.client.HTTPConnection("localhost", platform.port, timeout=20)
        page.request("GET", "/celje/parkiranje/")
        answer = page.getresponse()
        assert answer.status == 200
        assert "text/html" in answer.headers["Content-Type"]
        answer.read()  # and the connection stays open, as a browser keeps it
        streams = [Stream(platform, "/hub/live?tenant=celje&type=OffStreetParking") for _ in range(3)]
        assert platform.stop() < STOPS_WITHIN
        assert platform.process is not None
        assert platform.process.returncode == 0
        assert not psutil.wait_procs(processes, timeout=0)[1]
        for stream in streams:
            with stream:
                until("farewell", stream.is_bidden_farewell)
        page.close()
        assert "Traceback" not in platform.log, platform.log[-3000:]
        assert "ERROR" not in platform.log, platform.log[-3000:]
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", platform.port))


def test_a_second_platform_on_the_same_home_is_refused(small_platform: Running) -> None:
    line = refused(Running(home=small_platform.home))
    assert "already runs" in line
    assert str(small_platform.home) in line
    assert small_platform.is_healthy()


def test_a_port_that_is_taken_is_told_with_the_setting(tmp_path: Path, small_platform: Running) -> None:
    line = refused(Running(home=tmp_path / "home", port=small_platform.port))
    assert str(small_platform.port) in line
    assert "SIMOS_PORT" in line


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("SIMOS_PORT", "eight thousand", "port"),
        ("SIMOS_LOG_FORMAT", "pretty", "log_format"),
        ("SIMOS_DATABASE_URL", "mysql://localhost/simos", "database_url"),
        ("SIMOS_DATABASE_URL", "postgresql://localhost:1/simos", "register's database"),
        ("SIMOS_HOME", "/dev/null", "SIMOS_HOME"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, setting: str, value: str, said: str) -> None:
    line = refused(Running(home=tmp_path / "home"), **{setting: value})
    assert said in line


@pytest.mark.parametrize("content", ["prot = 1\n", "port = \n"], ids=["unknown", "no TOML"])
def test_a_wrong_settings_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "simos.toml").write_text(content)
    assert ("prot" if "prot" in content else "simos.toml") in refused(Running(home=tmp_path))


def test_a_taken_mqtt_port_is_a_warning_until_it_is_free(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        with running(tmp_path / "home", mqtt_port=port) as platform:
            health = platform.json("/health")
            assert health["status"] == "pass"
            assert health["checks"]["mqtt"]["status"] == "warn"
            assert "SIMOS_MQTT_PORT" in str(health["checks"]["mqtt"])
            somebody.close()
            until("MQTT is served", lambda: platform.json("/health")["checks"]["mqtt"]["status"] == "pass")


LONE_HUB = "hub serve --open --port {port} --home {home}"


def test_the_hub_alone_imports_no_django(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-X", "importtime", "-m", "simos.app.cli"]
    options = LONE_HUB.format(port=port, home=tmp_path).split()
    environment = os.environ | {"SIMOS_HOME": str(tmp_path)}
    with (tmp_path / "imports").open("w") as told:
        hub = subprocess.Popen([*command, *options], env=environment, stderr=told)
    lone = Running(home=tmp_path, port=port, process=hub)
    until("the hub answers", lone.is_healthy, 60)
    body = b'{"id": "urn:ngsi-ld:Bench:1", "type": "Bench", "seats": {"type": "Property", "value": 3}}'
    assert lone.ask("POST", "/ngsi-ld/v1/entities", body, Content_Type="application/json").status == 201
    assert lone.json("/ngsi-ld/v1/entities?type=Bench&options=keyValues")[0]["seats"] == 3
    assert lone.stop() < STOPS_WITHIN
    imported = {line.rpartition("|")[2].strip() for line in (tmp_path / "imports").read_text().splitlines()}
    assert "simos.hub.server.running" in imported
    assert not {name for name in imported if name.split(".")[0] == "django"}


def test_the_platforms_hub_process_imports_no_django() -> None:
    program = (
        "import sys, simos.app.hub_process, simos.app.commands.operation; "
        "from simos.kernel.registry import installed_modules; installed_modules().entity_types(); "
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

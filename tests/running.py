"""A whole platform as its own processes, for tests: on free ports, in a folder of its own, watched, killed, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from simos.hub.client import HubClient
from tests.migrated import with_migrated_register

START_SECONDS = 180.0
SIMOS = (sys.executable, "-m", "simos.app.cli")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def heeding_ctrl_c() -> None:
    """For a process about to be started: it heeds SIGINT, though the tests themselves run where it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(said: str, true: Callable[[], bool], seconds: float = 20.0, pause: float = 0.05) -> None:
    """Returns when `true()`; AssertionError naming what was waited for after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {said}"
        time.sleep(pause)


class Answer(NamedTuple):
    """What came back: the status, the media type, the body."""

    status: int
    kind: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class Running:
    """A platform that runs in `home`. `arguments` of `simos serve`."""

    home: Path
    port: int = field(default_factory=free_port)
    mqtt_port: int = 0
    database_url: str = ""
    arguments: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "SIMOS_HOME": str(self.home),
            "SIMOS_PORT": str(self.port),
            "SIMOS_MQTT_PORT": str(self.mqtt_port),
            "SIMOS_DATABASE_URL": self.database_url,
            "SIMOS_LOG_FORMAT": "text",
            **self.settings,
        }
        others = {name: value for name, value in os.environ.items() if not name.startswith(("SIMOS_", "DJANGO_"))}
        return others | ours

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        return (self.home.parent / "simos.log").read_text()

    def start(self) -> None:
        """Starts it and returns when every process answers."""
        self.launch()
        try:
            until("the platform is healthy", self.is_healthy, START_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log[-3000:]}") from None

    def launch(self) -> None:
        """Starts it and waits for nothing."""
        with (self.home.parent / "simos.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*SIMOS, "serve", *self.arguments], env=self.environment, stdout=log, stderr=log
            )

    def processes(self) -> list[psutil.Process]:
        """The parent and all that it has started."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def is_healthy(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"simos serve ended:\n{self.log[-3000:]}"
        try:
            return self.get("/health")[0] == 200
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of an address; errors too."""
        answer = self.ask("GET", path, **headers)
        return answer.status, answer.body

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """The answer to a request, errors too. In names of headers `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"{self.url}{path}", data=body, headers=named, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers.get_content_type(), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers.get_content_type(), error.read())

    def json(self, path: str, **headers: str) -> Any:
        return json.loads(self.get(path, **headers)[1])

    def simos(self, *arguments: str, check: bool = True, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Runs another `simos` command on the same home."""
        done = subprocess.run(
            [*SIMOS, *arguments], env=self.environment, capture_output=True, text=True, timeout=timeout, check=False
        )
        assert not check or done.returncode == 0, f"simos {' '.join(arguments)}: {done.stdout}\n{done.stderr}"
        return done

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts another `simos` command and does not wait for it."""
        pipe, command = subprocess.PIPE, [*SIMOS, *arguments]
        env, heeding = self.environment, heeding_ctrl_c
        return subprocess.Popen(command, env=env, stdout=pipe, stderr=pipe, text=True, preexec_fn=heeding)

    def pid(self, name: str) -> int:
        """The process number of hub, web, worker or simulator."""
        from simos.app.settings import Settings

        folder = Settings(home=self.home).run_folder
        return int((folder / f"{name}.pid").read_text())

    def kill(self, name: str) -> bool:
        """kill -9, as a crash; False where it is just now between two lives."""
        try:
            os.kill(self.pid(name), signal.SIGKILL)
        except (ProcessLookupError, FileNotFoundError, ValueError):
            return False
        return True

    @property
    def service_token(self) -> str:
        return (self.home / "secrets" / "service.token").read_text().strip()

    def hub(self, token: str | None = None, patience: float = 30) -> HubClient:
        """The hub through the public port."""
        return HubClient(self.url, self.service_token if token is None else token, patience=patience)

    def stop(self, seconds: float = 30) -> float:
        """Stops it as Ctrl-C does; how many seconds that took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(seconds)
        return time.monotonic() - began


@contextmanager
def running(home: Path, **options: Any) -> Iterator[Running]:
    """A platform for the length of the block."""
    platform = Running(home=home, **options)
    if not platform.database_url:
        with_migrated_register(home)
    home.mkdir(parents=True, exist_ok=True)
    try:
        platform.start()
        yield platform
    finally:
        if platform.process is not None and platform.process.poll() is None:
            try:
                platform.stop()
            except subprocess.TimeoutExpired:
                platform.process.kill()

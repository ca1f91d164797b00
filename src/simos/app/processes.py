"""The parent of a running platform: binds the public port, starts hub, web and worker, starts them again when they
fall, and stops them in order. It holds the listening sockets, so that nobody is refused while a process restarts."""

import fcntl
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from simos.app.settings import Settings, demo_environment
from simos.hub.server.sockets import unix_socket
from simos.kernel.errors import Problem

log = logging.getLogger(__name__)

PROCESSES: tuple[str, ...] = ("hub", "web", "worker")
STOP_SECONDS = 4.0
"""What processes get to end before they are killed."""

SETTLED_SECONDS = 20.0
"""A process that ran so long may be started again at once when it falls."""

LONGEST_PAUSE = 10.0

ORPHANS_SECONDS = 2 * STOP_SECONDS
"""What processes get to end whose parent was killed; past that they end in the middle."""


class CannotStart(Problem):
    """The platform cannot start; the message tells the operator why and what to do."""

    status, title = 503, "Cannot start"


@dataclass(slots=True)
class Child:
    """One process of the platform, with the sockets it is given. `inherited`: its lifeline, and the home's lock."""

    name: str
    sockets: list[socket.socket]
    pid_file: Path
    inherited: tuple[int, int]
    demo: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.0
    start_at: float = 0.0

    def start(self) -> None:
        fds = [each.fileno() for each in self.sockets]
        command = [sys.executable, "-m", "simos.app.cli", "process", self.name, "--lifeline", str(self.inherited[0])]
        for fd in fds:
            command += ["--socket", str(fd)]
        # A session of its own: Ctrl-C reaches the parent only, which stops the children in order.
        environment = demo_environment() if self.demo else None
        self.process = subprocess.Popen(
            command, pass_fds=[*fds, *self.inherited], start_new_session=True, env=environment
        )
        self.started_at = time.monotonic()
        fresh = self.pid_file.with_suffix(".new")
        fresh.write_text(str(self.process.pid))
        fresh.replace(self.pid_file)  # whoever reads it finds a whole number

    def fell(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self) -> None:
        """Starts again soon; later each time it falls without having settled."""
        lived = time.monotonic() - self.started_at
        self.pause = 0.05 if lived > SETTLED_SECONDS or not self.pause else min(self.pause * 2, LONGEST_PAUSE)
        code = self.process.returncode if self.process else None
        log.warning("%s ended (%s) and starts again in %.2f s", self.name, code, self.pause)
        self.process = None
        self.start_at = time.monotonic() + self.pause


@dataclass(slots=True)
class Platform:
    """A running platform of one home folder. `prepare` is called when it is certain that no other runs there."""

    settings: Settings
    prepare: Callable[[], None]
    processes: tuple[str, ...] = PROCESSES
    demo: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Runs until it is told to stop (Ctrl-C, SIGTERM). CannotStart where it cannot begin."""
        lock = only_one(self.settings)
        # Children hold the reading end; when the parent dies in whatever way it closes, and they end. Until they have,
        # the home is locked: they hold that too.
        reading, writing = os.pipe()
        children = list[Child]()
        try:
            children = self._children((reading, lock.fileno()))
            self.prepare()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self._told_to_stop)
            for child in children:
                child.start()
            self._watch(children)
        finally:
            _stop_all(children)
            os.close(writing)
            lock.close()

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _children(self, inherited: tuple[int, int]) -> list[Child]:
        settings = self.settings
        sockets = {name: [unix_socket(settings.socket(name))] for name in self.processes}
        if "hub" in sockets:
            sockets["hub"].append(public_socket(settings))
        if self.demo:
            sockets["simulator"] = []
        folder = settings.run_folder
        return [Child(name, given, folder / f"{name}.pid", inherited, self.demo) for name, given in sockets.items()]

    def _watch(self, children: list[Child]) -> None:
        while not self._stop.wait(0.05):
            for child in children:
                if child.fell():
                    child.plan_restart()
                if child.process is None and time.monotonic() >= child.start_at:
                    child.start()


def only_one(settings: Settings) -> IO[str]:
    """The lock of the home folder; CannotStart where another platform holds it.

    One whose parent was killed holds it until its last process has ended: that is waited for.
    """
    try:
        settings.run_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (settings.run_folder / "serve.lock").open("a+")
    except OSError as error:
        raise CannotStart(f"The home folder {settings.home} (SIMOS_HOME) cannot be used: {error}.") from None
    deadline = time.monotonic() + ORPHANS_SECONDS + 1
    while not _locked(lock):
        lock.seek(0)
        if _lives(lock.read()) or time.monotonic() > deadline:
            lock.close()
            raise CannotStart(f"SiMOS already runs with this home folder ({settings.home}). Stop it first.")
        time.sleep(0.05)
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lives(pid: str) -> bool:
    """Whether a process has this number; also where none is told, as in the moment after a lock was taken."""
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (ValueError, PermissionError):
        return True
    return True


def public_socket(settings: Settings) -> socket.socket:
    """The listening public port; CannotStart says which setting to change."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
    except OSError as error:
        made.close()
        raise CannotStart(
            f"Port {settings.port} on {settings.host} cannot be had: {error.strerror}. "
            f"Stop what uses it, or choose another: SIMOS_PORT={settings.port + 1} simos serve."
        ) from None
    made.listen(1024)
    return made


def _stop_all(children: list[Child]) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process %s did not end in time and is killed", process.pid)
            process.kill()
            process.wait()
    for child in children:
        child.pid_file.unlink(missing_ok=True)


def run_simos(*arguments: str) -> int:
    """Runs another `simos` command to its end; its exit code."""
    return subprocess.run([sys.executable, "-m", "simos.app.cli", *arguments], check=False).returncode


def end_with_parent(lifeline: int) -> None:
    """Ends this process, as SIGTERM does, when the parent that holds the other end of `lifeline` is gone."""

    def wait() -> None:
        try:
            os.read(lifeline, 1)
        except OSError:
            return
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHANS_SECONDS)
        os._exit(1)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()

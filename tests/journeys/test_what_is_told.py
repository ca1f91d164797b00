"""Every command that the README, a tutorial, a how-to or a module's page tells people to run is run here.

A fenced `sh` block runs as it stands; of addresses only ports are other ones. A comment on the line before it may say
    shows: TEXT     the output has this text; where it begins with 4 or 5, curl is refused
    goes on         it runs until the end of the page, as in a second terminal
    not run: WHY
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.running import Running, free_port, until

REPOSITORY = Path(__file__).parents[2]
DOCUMENTS = [
    REPOSITORY / "README.md",
    *sorted(each for kind in ("tutorials", "how-to", "modules") for each in (REPOSITORY / "docs" / kind).glob("*.md")),
]
FENCED = re.compile(r"(?:^<!-- (?P<note>[^\n]*) -->\n)?^```sh\n(?P<script>.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:    |\t)\s*\$?\s*(?:\.venv/bin/)?(?:simos|curl|make|mosquitto_pub|pip|git) ", re.MULTILINE)
PROGRAMS = {"curl": "curl", "mosquitto_pub": "mosquitto-clients"}
TARGET = re.compile(r"(?:`|^| )make ([a-z]+)(?=`|$|  )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a document."""

    script: str
    note: str

    def is_noted(self, what: str) -> bool:
        return self.note.startswith(what)

    @property
    def shows(self) -> str:
        return self.note.partition("shows: ")[2]


def blocks_in(document: Path) -> Iterator[Block]:
    for found in FENCED.finditer(document.read_text()):
        yield Block(found["script"], found["note"] or "")


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where the reader of a document sits: in the folder of a checkout, a platform running."""

    folder: Path
    platform: Running
    lone_hub: int
    lone_mqtt: int

    def begin(self, script: str) -> subprocess.Popen[str]:
        others = {8000: self.platform.port, 9090: self.lone_hub, 1883: self.platform.mqtt_port, 1884: self.lone_mqtt}
        for port, other in others.items():
            script = re.sub(rf"(localhost:|-p |--port |--mqtt-port ){port}\b", rf"\g<1>{other}", script)
        python = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = self.platform.environment | {"PATH": python, "CURL_HOME": str(self.folder)}
        return subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.lone_hub)) == 0


@pytest.fixture
def terminal(platform: Running, tmp_path: Path) -> Terminal:
    folder = tmp_path / "main"
    folder.mkdir()
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / ".curlrc").write_text("silent\nshow-error\nfail-with-body\n")
    if (shared := REPOSITORY.parent / "shared").is_dir():
        (tmp_path / "shared").symlink_to(shared)
    return Terminal(folder, platform, free_port(), free_port())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(REPOSITORY)))
def test_what_a_document_says_to_run_runs(terminal: Terminal, document: Path) -> None:
    going_on: list[subprocess.Popen[str]] = []
    try:
        for block in blocks_in(document):
            if block.is_noted("not run: "):
                continue
            if missing := [each for each in PROGRAMS if each in block.script and shutil.which(each) is None]:
                pytest.skip(
                    f"SKIPPED LOUDLY: needs {missing[0]} (Debian, Ubuntu: apt-get install {PROGRAMS[missing[0]]})"
                )
            process = terminal.begin(block.script)
            if block.is_noted("goes on"):
                going_on.append(process)
                if "hub serve" in block.script:
                    until("the hub listens", terminal.listens)
                continue
            said, _ = process.communicate(timeout=120)
            refused = block.shows[:1] in ("4", "5")
            assert process.returncode == (22 if refused else 0), f"{block.script}\n{said}"
            assert block.shows in said, f"{block.script}\n{said}"
        assert [each.args for each in going_on if each.poll() is not None] == []
    finally:
        for process in going_on:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: str(each.relative_to(REPOSITORY)))
def test_no_command_hides_from_this_test(document: Path) -> None:
    outside = FENCED.sub("", document.read_text())
    assert COMMAND.findall(outside) == [], "put commands into ```sh blocks"
    assert all(not block.note or re.match("shows: .|goes on$|not run: .", block.note) for block in blocks_in(document))


def test_each_target_of_make_that_is_told_exists() -> None:
    told = {name for each in (*DOCUMENTS, REPOSITORY / "CONTRIBUTING.md") for name in TARGET.findall(each.read_text())}
    assert {"demo", "test"} <= told
    assert told <= set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))


def test_the_readme_is_short_and_its_pictures_are_there() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    assert len(readme.splitlines()) < 120
    pictures = [REPOSITORY / name for name in re.findall(r"docs/images/[\w.-]+", readme)]
    assert pictures
    assert all(each.is_file() and each.stat().st_size < 200_000 for each in pictures)

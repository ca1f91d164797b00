"""A hub for other people's clients, which run in an environment of their own, as their users have them."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.ngsild.asking import served
from tests.fixtures import REPOSITORY

PYTHON = REPOSITORY / ".venv" / "foreign" / "bin" / "python"

Run = Callable[..., Any]


@pytest.fixture(scope="session")
def foreign_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(f"sqlite:///{tmp_path_factory.mktemp('foreign')}/hub.sqlite3") as address:
        yield address


@pytest.fixture(scope="session")
def client() -> Run:
    """Runs one of the scripts beside this file, `client("by_owslib", address)`; what it says as JSON."""
    if not PYTHON.exists():
        pytest.skip("needs other people's clients: make .venv/foreign/done")

    def run(script: str, *arguments: str) -> Any:
        command = [str(PYTHON), str(Path(__file__).with_name(f"{script}.py")), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run

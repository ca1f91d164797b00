"""Copies of a part of a database by PostgreSQL's own programs. Passwords go by a file, never by the command line."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from simos.kernel.errors import Unavailable

HUB, ALL_BUT_HUB = "--schema=hub", "--exclude-schema=hub"
"""The parts of a database that the hub and the register share."""


def dump(conninfo: Mapping[str, Any], wanted: Path, part: str = HUB) -> None:
    """`wanted` (custom format) is `part` as it was at one moment."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    fresh = wanted.with_suffix(".part")
    with _without_password(conninfo) as database:
        _run("pg_dump", f"--dbname={database}", "--format=custom", part, f"--file={fresh}")
    fresh.replace(wanted)


def restore(conninfo: Mapping[str, Any], source: Path) -> None:
    """What `source` holds is in the database, or, where that fails, what was there before.

    Tables belong to the one who restores; who else may use the schema has to be granted again.
    """
    rules = ("--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges")
    with _without_password(conninfo) as database:
        _run("pg_restore", f"--dbname={database}", *rules, str(source))


@contextmanager
def _without_password(conninfo: Mapping[str, Any]) -> Iterator[str]:
    """The connection string with its password in a file that only we can read, for the length of the block."""
    rest = {name: value for name, value in conninfo.items() if name != "password"}
    if "password" not in conninfo:
        yield make_conninfo("", **rest)
        return
    with tempfile.NamedTemporaryFile("w", prefix="simos-", suffix=".pgpass") as file:  # made with mode 0600
        secret = str(conninfo["password"]).replace("\\", "\\\\").replace(":", "\\:")
        file.write(f"*:*:*:*:{secret}\n")
        file.flush()
        yield make_conninfo("", **rest, passfile=file.name)


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise Unavailable(
            f"{program} is not installed on this machine. Install PostgreSQL's client programs, of the server's "
            "release or a later one (Debian, Ubuntu: apt-get install postgresql-client)."
        )
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(f"{program} failed: {done.stderr.strip()}")

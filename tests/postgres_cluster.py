"""A throw-away PostgreSQL for the tests: made in a temporary folder, reached by a socket in it, gone at the end.

It does not wait for the disk (fsync=off): tests stop processes, not machines.
"""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

DEBIAN = Path("/usr/lib/postgresql")
HOW = "install it (Debian, Ubuntu: apt-get install postgresql) or set SIMOS_TEST_POSTGRES_URL to a server's address"
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}


class NoPostgres(Exception):
    """There is none here; the message says what to do."""


def _programs() -> Path:
    """The folder of initdb and pg_ctl, of the newest release."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    releases = [folder for folder in DEBIAN.glob("*/bin") if (folder / "initdb").exists()]
    if not releases:
        raise NoPostgres(f"no PostgreSQL server found: {HOW}")
    return max(releases, key=lambda folder: float(folder.parent.name))


def _as_server() -> list[str]:
    """How to run a program as somebody whom PostgreSQL trusts: it refuses to be run by root."""
    if os.getuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise NoPostgres(f"root may not run PostgreSQL and there is no user 'postgres': {HOW}") from None
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _locale(programs: Path) -> list[str]:
    """Slovenian order where that can be had without the machine's locales: what relies on the server's order fails."""
    said = subprocess.run([programs / "initdb", "--version"], capture_output=True, text=True, check=True).stdout
    release = int(re.findall(r"\d+", said)[0])
    return ["--encoding=UTF8", "--no-locale", *(["--locale-provider=icu", "--icu-locale=sl"] if release >= 15 else [])]


@contextmanager
def postgres_cluster(**settings: str) -> Iterator[str]:
    """A running server for the length of the block, as the address of its database `postgres`. `settings` win over
    those of tests."""
    programs, as_server = _programs(), _as_server()
    folder = Path(tempfile.mkdtemp(prefix="simos-pg-"))
    data, log = folder / "data", folder / "log"
    if as_server:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [*as_server, str(programs / program), *arguments]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder, text=True)
        if done.returncode:
            tail = log.read_text()[-2000:] if log.exists() else ""
            raise RuntimeError(f"{program} failed: {done.stderr}{tail}")

    try:
        run("initdb", f"--pgdata={data}", "--username=postgres", "--auth=trust", "--no-sync", *_locale(programs))
        options = " ".join(f"-c {name}='{value}'" for name, value in (SETTINGS | settings).items())
        options += f" -c unix_socket_directories='{folder}'"
        run("pg_ctl", f"--pgdata={data}", f"--log={log}", f"--options={options}", "--wait", "start")
        try:
            yield f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
        finally:
            run("pg_ctl", f"--pgdata={data}", "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""Copying a whole platform, and putting it back: both stores, the lake, files and secrets.

The register is copied before the hub: what the register has reacted to is then never newer than the hub's log.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

import simos
from simos.app.processes import only_one
from simos.app.settings import Settings
from simos.hub.lake.moving import HELD, held
from simos.hub.store import postgres_copies
from simos.hub.store.opening import open_store
from simos.hub.store.opening import restore as restore_hub
from simos.hub.store.postgres_copies import ALL_BUT_HUB
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Invalid, NotFound

FACTS = "backup.json"
_UNFINISHED = shutil.ignore_patterns(".*.part", HELD)
FOLDERS = ("files", "secrets", "lake")


def back_up(settings: Settings, folder: Path) -> Iterator[str]:
    """Copies everything into `folder` (made; Conflict if it is there and not empty), telling what is done.

    The facts are written last: a backup without them is not whole.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty: a backup goes into a folder of its own.")
    if not settings.database_url and not settings.register_file.exists():
        raise NotFound(f"there is no platform in {settings.home} to back up.")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # secrets will lie in it
    at = now()
    if settings.database_url:
        postgres_copies.dump(conninfo_to_dict(settings.database_url), folder / "register.dump", ALL_BUT_HUB)
    else:
        with (
            closing(sqlite3.connect(f"file:{settings.register_file}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(folder / "register.sqlite3")) as copy,
        ):
            source.backup(copy)
    yield "register: copied"
    with held(settings.lake_folder):
        with closing(open_store(settings.hub_url)) as store:
            store.backup(str(folder))
        yield "hub: copied"
        for name in FOLDERS:
            if (settings.home / name).is_dir():
                shutil.copytree(settings.home / name, folder / name, ignore=_UNFINISHED)
                yield f"{name}: copied"
    facts = {
        "simos": simos.__version__,
        "at": at.isoformat(),
        "database": "postgresql" if settings.database_url else "sqlite",
    }
    (folder / FACTS).write_text(json.dumps(facts, indent=2) + "\n")
    yield f"Backed up to {folder}. It holds secrets and personal data: keep it as safe as the platform."


def put_back(settings: Settings, folder: Path, *, overwrite: bool) -> Iterator[str]:
    """The home folder (and database) is as the backup in `folder`, telling what is done.

    Conflict where there is data and `overwrite` is not said, CannotStart where the platform runs, NotFound where there
    is no backup.
    """
    facts = _facts_in(folder)
    wanted = "postgresql" if settings.database_url else "sqlite"
    if facts.get("database") != wanted:
        raise Invalid(f"this backup is of {facts.get('database')}, and this platform uses {wanted}.")
    with only_one(settings):
        if not overwrite and _register_holds_data(settings):
            where = "the database" if settings.database_url else settings.home
            raise Conflict(f"{where} holds data: say --overwrite, or choose an empty one.")
        restore_hub(settings.hub_url, str(folder), overwrite=overwrite)
        yield "hub: restored, in a new epoch"
        _put_back_register(settings, folder)
        yield "register: restored"
        shutil.rmtree(settings.home / "replays", ignore_errors=True)  # this hub does not know what another one was sent
        for name in FOLDERS:
            if (folder / name).is_dir():
                shutil.rmtree(settings.home / name, ignore_errors=True)
                shutil.copytree(folder / name, settings.home / name)
                yield f"{name}: restored"
    yield f"Restored what was backed up at {facts['at']}."


def _facts_in(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / FACTS).read_text())
    except (OSError, ValueError):
        raise NotFound(f"{folder} holds no whole backup: there is no readable {FACTS}.") from None
    return found


def _register_holds_data(settings: Settings) -> bool:
    if not settings.database_url:
        return settings.register_file.exists()
    with psycopg.connect(settings.database_url) as connection:
        tables = "SELECT 1 FROM pg_tables WHERE schemaname NOT IN ('hub', 'pg_catalog', 'information_schema') LIMIT 1"
        return connection.execute(tables).fetchone() is not None


def _put_back_register(settings: Settings, folder: Path) -> None:
    if settings.database_url:
        postgres_copies.restore(conninfo_to_dict(settings.database_url), folder / "register.dump")
        return
    for leftover in ("-wal", "-shm"):  # of the database that is overwritten
        settings.register_file.with_name(settings.register_file.name + leftover).unlink(missing_ok=True)
    settings.home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / "register.sqlite3", settings.register_file)

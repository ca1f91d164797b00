"""A register that all migrations have been through, made once and copied: migrating takes longer than most tests.

It is kept beside pytest's other findings under the digest of what shapes it: a changed migration makes a new one.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.fixtures import made_database

REPOSITORY = Path(__file__).parents[1]
REGISTER = "register.sqlite3"
KEPT = REPOSITORY / ".pytest_cache" / "registers"
SHAPES = ("requirements*.lock", "src/**/migrations/*.py", "src/**/app/django_*.py")


def migrated_register() -> Path:
    """The SQLite file of a register of today's shape, without a row of a module's own. Made where there is none yet."""
    kept = KEPT / f"{_digest()}.sqlite"
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            made = _migrated_in(Path(folder))
            made.replace(kept)
    return kept


def _migrate(home: Path, **more: str) -> None:
    others = {name: value for name, value in os.environ.items() if not name.startswith(("SIMOS_", "DJANGO_"))}
    environment = others | {"SIMOS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "simos.app.django_settings"} | more
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, env=environment, check=True, cwd=REPOSITORY)


def _migrated_in(home: Path) -> Path:
    _migrate(home)
    made = home / REGISTER
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    return made


def _digest() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for pattern in SHAPES:
        for each in sorted(REPOSITORY.glob(pattern)):
            digest.update(each.read_bytes())
    return digest.hexdigest()[:20]


def with_migrated_register(home: Path) -> None:
    """A platform that starts in `home` for the first time finds its register migrated, and nothing else."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / REGISTER).exists():
        shutil.copyfile(migrated_register(), home / REGISTER)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database on PostgreSQL that all migrations have been through, for others to be copied from."""
    with made_database(postgres_url) as url:
        _migrate(tmp_path_factory.mktemp("home"), SIMOS_DATABASE_URL=url)
        yield urlsplit(url).path[1:]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Django's test database in memory has what `migrate` would make. It lives as long as somebody is connected."""
    from django.db import connection

    name = connection.creation._get_test_db_name() if connection.vendor == "sqlite" else ""
    if "mode=memory" not in name:
        yield
        return
    with closing(sqlite3.connect(migrated_register())) as kept, closing(sqlite3.connect(name, uri=True)) as held:
        kept.backup(held)
        yield

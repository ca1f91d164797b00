"""Runs the register's tests once more with PostgreSQL as the database: `python -m tests.on_postgres [arguments]`.

Those are the tests that ask for Django's database. The hub's own, and those of whole platforms, choose their database
themselves; rules have none.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.fixtures import REGISTER_ONLY, SERVER
from tests.postgres_cluster import NoPostgres, postgres_cluster

REPOSITORY = Path(__file__).parents[1]


def main() -> int:
    try:
        with postgres_cluster() as url:
            environment = os.environ | {"SIMOS_DATABASE_URL": url, SERVER: url}
            command = [sys.executable, "-m", "pytest", REGISTER_ONLY, *sys.argv[1:]]
            return subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode
    except NoPostgres as reason:
        sys.stderr.write(f"\nSKIPPED on PostgreSQL: {reason}\n")
        return 0


if __name__ == "__main__":
    sys.exit(main())

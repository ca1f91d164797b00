"""Runs the register's tests once more with PostgreSQL as the database: `python -m tests.on_postgres [arguments]`.

The hub's own tests choose their database themselves; those of Django have one for the whole run.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.fixtures import SERVER
from tests.postgres_cluster import NoPostgres, postgres_cluster

REPOSITORY = Path(__file__).parents[1]
REGISTER_TESTS = ("tests/accounts", "tests/office", "tests/platform", "tests/portal", "tests/web", "src/simos/modules")


def main() -> int:
    tests = sys.argv[1:] or [each for each in REGISTER_TESTS if (REPOSITORY / each).exists()]
    try:
        with postgres_cluster() as url:
            environment = os.environ | {"SIMOS_DATABASE_URL": url, SERVER: url}
            command = [sys.executable, "-m", "pytest", *tests]
            return subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode
    except NoPostgres as reason:
        sys.stderr.write(f"\nSKIPPED on PostgreSQL: {reason}\n")
        return 0


if __name__ == "__main__":
    sys.exit(main())

"""`simos audit verify`: all is well, or which record was tampered with, where and how."""

import sqlite3
from pathlib import Path

from tests.migrated import with_migrated_register
from tests.running import Running


def test_a_planted_change_is_found_and_located(tmp_path: Path) -> None:
    with_migrated_register(tmp_path / "home")
    platform = Running(home=tmp_path / "home")
    before = int(platform.simos("audit", "verify").stdout.split()[0])
    koper = platform.simos("audit", "verify", "--scope", "city:koper").stdout
    for position in ((), ("--off",), ()):
        platform.simos("city", "switch", "celje", "mobility/parking", *position)
    well = platform.simos("audit", "verify")
    assert f"{before + 3} audit records are as they were written." in well.stdout

    with sqlite3.connect(tmp_path / "home" / "register.sqlite3") as register:
        register.execute("UPDATE platform_audit_auditrecord SET at = '2020-01-01' WHERE seq = 2")
    found = platform.simos("audit", "verify", "--scope", "city:celje", check=False)
    assert (found.returncode, found.stderr.splitlines()[-1]) == (2, "audit record 2 of city:celje: changed")
    assert platform.simos("audit", "verify", "--scope", "city:koper").stdout == koper

    with sqlite3.connect(tmp_path / "home" / "register.sqlite3") as register:
        register.execute("DELETE FROM platform_audit_auditrecord WHERE seq = 1")
    removed = platform.simos("audit", "verify", check=False)
    assert "audit record 1 of city:celje: removed" in removed.stderr

    wrong = platform.simos("audit", "verify", "--scope", "celje", check=False)
    assert "city:celje" in wrong.stderr

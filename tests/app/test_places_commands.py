"""`simos places`: files in, what came of them told, a place looked up."""

from pathlib import Path

from tests.migrated import with_migrated_register
from tests.running import Running

MUNICIPALITIES = """ENOTA,OB_MID,OB_ID,OB_UIME,OB_TIP,POV_KM2,STATUS,CEN_E,CEN_N
OB,101,11,Celje,D,94.92,V,520340,121185
OB,102,190,Žalec,N,117.1,V,512000,122500
"""


def test_places_are_imported_and_found_by_command(tmp_path: Path) -> None:
    with_migrated_register(tmp_path / "home")
    platform = Running(home=tmp_path / "home")
    file = tmp_path / "OB.csv"
    file.write_text(MUNICIPALITIES.replace("520340", "520340000"), encoding="utf-8")
    done = platform.simos("places", "import", str(file), check=False)
    assert done.returncode == 2
    assert "OB.csv: municipality: 1 added, 0 changed, 0 unchanged, 0 gone" in done.stdout
    assert "row 2, CEN_E: easting is from" in done.stderr
    assert platform.simos("places", "find", "zalec").stdout.split()[:2] == ["municipality", "Žalec"]

    file.write_text("a,b\n", encoding="utf-8")
    refused = platform.simos("places", "import", str(file), check=False)
    assert refused.returncode == 1
    assert "OB.csv is neither" in refused.stderr
    assert "Traceback" not in refused.stderr

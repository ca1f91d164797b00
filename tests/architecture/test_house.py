"""The house as a whole: floors, circles, what runs without Django, sizes. Each fault planted in a copy is found."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

from simos.kernel.checking import check_tree
from tests.architecture.planting import LINT, ROOT, add, copy_of_the_product, run_beside

RATCHET = Path(__file__).with_name("over_400_lines.txt")
IMPORT_ALL = """
import importlib, pkgutil, sys
for name in ("simos.kernel", "simos.hub"):
    package = importlib.import_module(name)
    for found in pkgutil.walk_packages(package.__path__, f"{name}."):
        importlib.import_module(found.name)
django = sorted(name for name in sys.modules if name.split(".")[0] == "django")
sys.exit(f"{len(django)} files of Django are loaded by the hub" if django else 0)
"""

PLANTS: Mapping[str, tuple[str, str, str]] = {
    # what is wrong: file, import, how import-linter names it
    "kernel imports django": ("kernel/one.py", "import django", "simos.kernel.one -> django (l.2)"),
    "hub imports django through the kernel": (
        "hub/two.py",
        "import simos.kernel.one",
        "simos.hub.two -> simos.kernel.one (l.2)",
    ),
    "hub imports platform": ("hub/three.py", "import simos.platform", "simos.hub.three -> simos.platform (l.2)"),
    "platform imports web": ("platform/four.py", "import simos.web", "simos.platform.four -> simos.web (l.2)"),
    "web imports modules": (
        "web/five.py",
        "import simos.modules.mobility",
        "simos.web.five -> simos.modules.mobility (l.2)",
    ),
    "a module imports the wiring": (
        "modules/mobility/parking/six.py",
        "import simos.app.settings",
        "simos.modules.mobility.parking.six -> simos.app.settings (l.2)",
    ),
    "the wiring imports test doubles": (
        "app/seven.py",
        "import simos.testing",
        "simos.app.seven -> simos.testing (l.2)",
    ),
    "a lower part of the platform imports a higher one": (
        "platform/audit/eight.py",
        "import simos.platform.scopes",
        "simos.platform.audit.eight -> simos.platform.scopes (l.2)",
    ),
    "a new part of the platform without a floor": ("platform/cellar/__init__.py", "", "simos.platform.cellar"),
    "a new part of the house without a floor": ("attic/__init__.py", "", "simos.attic"),
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source tree with every fault of PLANTS in it."""
    source = copy_of_the_product(tmp_path_factory.mktemp("planted"))
    for file, text, _ in PLANTS.values():
        add(source / "simos" / file, text + "\n")
    return source


@pytest.fixture(scope="module")
def said_of_the_copy(product: Path) -> str:
    done = run_beside(product, *LINT, str(ROOT / "pyproject.toml"))
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("what", PLANTS)
def test_an_import_against_the_floors_is_found(said_of_the_copy: str, what: str) -> None:
    assert PLANTS[what][2] in said_of_the_copy, said_of_the_copy


def test_what_is_found_is_said_with_what_to_do(said_of_the_copy: str) -> None:
    for advice in ("move what both need down", "The hub runs alone", "a new part gets its place"):
        assert advice in said_of_the_copy


def test_our_imports_keep_the_floors() -> None:
    done = run_beside(ROOT / "src", *LINT, str(ROOT / "pyproject.toml"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_kernel_and_hub_load_no_django(product: Path) -> None:
    done = run_beside(ROOT / "src", "-c", IMPORT_ALL)
    assert (done.returncode, done.stderr) == (0, "")
    planted = run_beside(product, "-c", IMPORT_ALL)
    assert planted.returncode == 1
    assert "of Django are loaded by the hub" in planted.stderr


def test_packages_that_need_each_other_are_found_at_any_depth(tmp_path: Path) -> None:
    """No file of these imports itself round a corner; only the packages do."""
    add(tmp_path / "hub/ingest/http.py", "from simos.hub.store.rows import row\n")
    add(tmp_path / "hub/ingest/forms.py", "form = 1\n")
    add(tmp_path / "hub/store/rows.py", "row = 1\n")
    add(tmp_path / "hub/store/tables.py", "\ndef late():\n    from simos.hub.ingest import forms\n    return forms\n")
    (fault,) = check_tree(tmp_path, "simos", longer={})
    assert fault.rule == "cycle"
    assert (Path(fault.file).name, fault.line) in {("http.py", 2), ("tables.py", 4)}
    assert "simos.hub.ingest -> simos.hub.store" in fault.message
    assert "move what both need one floor down" in fault.message


def test_a_package_that_imports_what_imports_it_is_found(tmp_path: Path) -> None:
    add(tmp_path / "hub/__init__.py", "from simos.hub.rows import row\nlimit = 1\n")
    add(tmp_path / "hub/rows.py", "from simos.hub import limit\nrow = limit\n")
    (fault,) = check_tree(tmp_path, "simos", longer={})
    assert fault.rule == "cycle"


def listed(text: str) -> dict[str, int]:
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {path: int(most) for path, most in lines}


def faults_of_ratchet(folder: Path, longer: Mapping[str, int]) -> list[str]:
    """Lines of the ratchet file that are out of date: it may only shrink."""
    faults = []
    for path, most in longer.items():
        lines = (folder / path).read_text().count("\n") if (folder / path).exists() else 0
        if lines <= 400:
            faults.append(f"{RATCHET.name}: {path} has {lines} lines now; delete its line")
        elif lines < most:
            faults.append(f"{RATCHET.name}: {path} has {lines} lines now; lower {most} to {lines}")
    return faults


def test_our_files_keep_the_rules_of_every_file() -> None:
    longer = listed(RATCHET.read_text())
    assert [str(fault) for fault in check_tree(ROOT / "src/simos", "simos", longer=longer)] == []
    assert faults_of_ratchet(ROOT / "src/simos", longer) == []


def test_a_long_file_is_found_and_the_ratchet_only_shrinks(tmp_path: Path) -> None:
    add(tmp_path / "long.py", "x = 1\n" * 449)  # 450 lines with the docstring
    (fault,) = check_tree(tmp_path, "simos", longer={})
    assert (fault.rule, fault.line) == ("length", 401)
    assert "450 lines, allowed are 400; split it by concern" in fault.message
    assert check_tree(tmp_path, "simos", longer={"long.py": 450}) == []
    assert [fault.rule for fault in check_tree(tmp_path, "simos", longer={"long.py": 449})] == ["length"]
    assert "lower 460 to 450" in faults_of_ratchet(tmp_path, {"long.py": 460})[0]
    assert "delete its line" in faults_of_ratchet(tmp_path, {"gone.py": 460})[0]
    assert faults_of_ratchet(tmp_path, {"long.py": 450}) == []


def test_the_clock_and_the_settings_have_their_one_place(tmp_path: Path) -> None:
    reading = "import os\nfrom datetime import datetime\nx = datetime.now(), os.environ['SIMOS_HOME']\n"
    for file in ("kernel/clock.py", "app/settings.py", "hub/server.py"):
        add(tmp_path / file, reading)
    found = {(Path(fault.file).name, fault.rule) for fault in check_tree(tmp_path, "simos", longer={})}
    assert found == {
        ("clock.py", "environment"),
        ("settings.py", "clock"),
        ("server.py", "clock"),
        ("server.py", "environment"),
    }


def undocumented_settings(source: str, page: str) -> list[str]:
    """Fields of the class Settings whose environment variable the page does not name."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == "Settings"]
    fields = [node.target.id for each in classes for node in each.body if isinstance(node, ast.AnnAssign)]
    return [f"SIMOS_{field.upper()}" for field in fields if f"`SIMOS_{field.upper()}`" not in page]


def test_every_setting_is_documented() -> None:
    source = (ROOT / "src/simos/app/settings.py").read_text()
    page = (ROOT / "docs/reference/settings.md").read_text()
    assert undocumented_settings(source, page) == []
    planted = source.replace("    port: int", "    planted_setting: int = 7\n    port: int", 1)
    assert undocumented_settings(planted, page) == ["SIMOS_PLANTED_SETTING"]

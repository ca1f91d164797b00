"""`simos new module`: what it makes keeps every rule, and a stranger's package needs no change to the product."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from simos.app.scaffold import new_module
from tests.architecture.planting import LINT, ROOT, copy_of_the_product, run_beside

NAME = "mobility/bike_sharing"
PACKAGE = "simos_mobility_bike_sharing"


def run(folder: Path, *words: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs this Python with `words` in `folder`; `path` is searched first for packages."""
    environment = os.environ | {"SIMOS_HOME": str(folder / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    if path:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def assert_well_formed(folder: Path, *, by: Path = ROOT) -> None:
    settings = ("--no-cache", "--config", str(by / "pyproject.toml"))
    run(folder, "-m", "ruff", "check", *settings, str(folder))
    run(folder, "-m", "ruff", "format", "--check", *settings, str(folder))


@pytest.fixture
def product(tmp_path: Path) -> Path:
    copy_of_the_product(tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", [NAME, "agora/a1", "zoo/young_animals_and_their_keepers"])
def test_a_module_in_the_product_keeps_every_rule(product: Path, name: str) -> None:
    made = new_module(*name.split("/"), into=product, standalone=False)
    folder = product / "src/simos/modules" / name
    assert {path.name for path in made} >= {"module.py", "apps.py", "pages.py", "front.html", "test_pages.py"}
    assert all(path.exists() for path in made)
    entries = tomllib.loads((product / "pyproject.toml").read_text())["project"]["entry-points"]["simos.modules"]
    package = f"simos.modules.{name.replace('/', '.')}"
    assert entries[name.replace("/", ".")] == f"{package}.module:module"
    assert entries["mobility.parking"] == "simos.modules.mobility.parking.module:module"
    check = (
        "from simos.kernel.registry import Installed\n"
        f"from {package}.module import module\n"
        "from simos.kernel.checking import check_module\n"
        f"assert module.name == {name!r}\n"
        f"faults = check_module(Installed(module, {package!r}))\n"
        "print(*faults, sep='\\n')\n"
    )
    done = run_beside(product / "src", "-c", check)
    assert (done.stdout.strip(), done.stderr) == ("", "")
    assert_well_formed(folder)


def test_the_product_with_a_new_module_keeps_its_floors(product: Path) -> None:
    new_module("mobility", "bike_sharing", into=product, standalone=False)
    done = run_beside(product / "src", *LINT, str(ROOT / "pyproject.toml"))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["parking", "Bikes", "class", "bikes/more", "", "../bikes"])
def test_a_name_that_cannot_be_is_refused_and_nothing_made(product: Path, name: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in product.rglob("*")}
    with pytest.raises((ValueError, FileExistsError), match="name"):
        new_module("mobility", name, into=product, standalone=False)
    assert {path: path.stat().st_mtime_ns for path in product.rglob("*")} == before


def test_elsewhere_than_in_the_product_it_says_where_to_go(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--package"):
        new_module("mobility", "bikes", into=tmp_path, standalone=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not empty"):
        new_module("mobility", "bikes", into=tmp_path, standalone=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of its own, made and then installed by pip into <folder>/site, away from the product."""
    folder = tmp_path_factory.mktemp("stranger")
    new_module("mobility", "bike_sharing", into=folder / "package", standalone=True)
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", "--quiet")
    run(folder, "-m", "pip", "install", *offline, "--target", str(folder / "site"), str(folder / "package"))
    return folder


def test_a_strangers_package_is_there_once_it_is_installed(stranger: Path) -> None:
    listing = run(stranger, "-m", "simos.app.cli", "modules", path=stranger / "site").stdout
    assert NAME in listing
    assert "mobility/parking" in listing
    assert NAME not in run(stranger, "-m", "simos.app.cli", "modules").stdout


def test_a_strangers_package_is_checked_like_ours(stranger: Path) -> None:
    done = run(stranger, "-m", "simos.app.cli", "check", NAME, path=stranger / "site")
    assert f"{NAME}: keeps the contract" in done.stdout


def test_a_strangers_package_is_well_formed_and_typed(stranger: Path) -> None:
    assert_well_formed(stranger / "package" / "src" / PACKAGE, by=stranger / "package")
    typed = ("--strict", "--follow-imports=silent", "--ignore-missing-imports", "--cache-dir", os.devnull)
    source = stranger / "package" / "src"
    done = run(source, "-m", "mypy", *typed, "--config-file", os.devnull, PACKAGE)
    assert "Success" in done.stdout


def test_a_strangers_own_tests_pass_on_the_running_product(stranger: Path) -> None:
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pyproject.toml", "--pyargs", PACKAGE)
    done = run(stranger / "package", *words, path=stranger / "site")
    assert "2 passed" in done.stdout, done.stdout

"""The contract's page says neither less nor more than the code."""

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from simos.kernel import extension, module
from simos.kernel.extension import DOORS_ONLY, EXEMPT, EXTENSION_POINTS, FLOORS, FOLDERS, PURE, ExtensionPoint
from tests.architecture.planting import ROOT

PAGE = (ROOT / "docs/reference/module-contract.md").read_text(encoding="utf-8")
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]
OWN = [value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__]
PARTS = [value for value in OWN if dataclasses.is_dataclass(value)]


def section_of(title: str, page: str = PAGE) -> str:
    """The text under a heading, to the next heading."""
    _, _, rest = page.partition(f"### {title}\n")
    return re.split(r"\n#{2,3} ", rest)[0]


def rows_of(section: str) -> list[list[str]]:
    """The cells of the tables in a section, without the heads."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row, line in zip(cells, lines, strict=True) if not line.startswith("|---")][1:]


def undocumented(points: Iterable[ExtensionPoint], page: str) -> list[str]:
    """Extension points without their line, and lines without their extension point."""
    lines = {(row[0].strip("`"), row[1].strip("`")) for row in rows_of(section_of("Extension points", page))}
    real = {(f"{point.file}.py", point.export) for point in points}
    missing = [f"{file} ({export}) has no line in docs/reference/module-contract.md" for file, export in real - lines]
    return missing + [f"{file} ({export}) is documented, but is no extension point" for file, export in lines - real]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_of_the_manifest_is_explained(part: type) -> None:
    fields = [field.name for field in dataclasses.fields(part)]
    assert [row[0].strip("`") for row in rows_of(section_of(f"`{part.__name__}`"))] == fields


def test_the_parts_of_the_manifest_are_all_there() -> None:
    assert set(re.findall(r"### `(\w+)`", PAGE)) == {p.__name__ for p in PARTS}


def test_every_extension_point_has_its_line() -> None:
    assert undocumented(EXTENSION_POINTS, PAGE) == []
    planted = ExtensionPoint("horoscopes", "stars", "what the stars say")
    assert undocumented([*EXTENSION_POINTS, planted], PAGE) == [
        "horoscopes.py (stars) has no line in docs/reference/module-contract.md"
    ]
    assert undocumented(EXTENSION_POINTS[1:], PAGE) == ["pages.py (pages) is documented, but is no extension point"]


def test_the_floors_are_those_of_the_code() -> None:
    assert [tuple(re.findall(r"`(\w+)`", row[1])) for row in rows_of(section_of("Floors"))] == list(FLOORS)


def test_what_is_said_of_files_is_true() -> None:
    words = " ".join(section_of("Floors").split())
    pure, doors = words.partition("are pure")[0].rpartition("|")[2], words.partition("never import `models`")[0]
    assert set(re.findall(r"`(\w+)`", pure)) == PURE
    assert set(re.findall(r"`(\w+)`", doors.rpartition("web.")[2])) == DOORS_ONLY
    beside = words.partition("Beside the floors there may be")[2].partition("`apps.py` is needed")[0]
    assert set(re.findall(r"`(\w+)`", beside)) == EXEMPT | FOLDERS


def test_every_extension_point_stands_on_a_floor() -> None:
    assert {point.file for point in EXTENSION_POINTS} <= {name for floor in FLOORS for name in floor}
    assert {name for floor in FLOORS for name in floor} >= extension.PURE | extension.DOORS_ONLY


def dead_links(page: str, folder: Path) -> list[str]:
    """Links of a Markdown page to files that are not there."""
    links = re.findall(r"\]\(([^)#\s]+)", page)
    return [link for link in links if "://" not in link and not (folder / link).exists()]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    assert dead_links(path.read_text(encoding="utf-8"), path.parent) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "here.md").touch()
    text = "[a](here.md#part) [b](gone.md) [c](https://simos.example/x) [d](#part)"
    assert dead_links(text, tmp_path) == ["gone.md"]

"""Begins a module that keeps the contract: inside the product's tree, or as a package of its own. Never overwrites."""

import re
from collections.abc import Mapping
from itertools import groupby
from keyword import iskeyword
from pathlib import Path
from string import Template

import simos
from simos.kernel.ids import MODULE_NAME
from simos.kernel.registry import GROUP

TEMPLATES = Path(__file__).with_name("templates_module")
SECTION = f'[project.entry-points."{GROUP}"]'


def new_module(domain: str, name: str, *, into: Path, standalone: bool) -> list[Path]:
    """The files made, in order: of `<into>/src/simos/modules/<domain>/<name>/`, or of a whole package in `into`.

    In the product its entry point is added to pyproject.toml; `simos` must be installed again to see it. ValueError for
    a name that is none, FileNotFoundError where `into` is not the product's folder, FileExistsError where something is
    in the way; then nothing is made.
    """
    if not MODULE_NAME.fullmatch(f"{domain}/{name}") or iskeyword(domain) or iskeyword(name):
        raise ValueError(f"a module is named domain/name, such as 'mobility/bikes'; '{domain}/{name}' cannot be a name")
    words = _words(domain, name, standalone=standalone)
    files = _package(into, words) if standalone else _inside_product(into, domain, name, words)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def _words(domain: str, name: str, *, standalone: bool) -> Mapping[str, str]:
    package = f"simos_{domain}_{name}" if standalone else f"simos.modules.{domain}.{name}"
    return {
        "name": f"{domain}/{name}",
        "entry": f"{domain}.{name}",
        "label": f"{domain}_{name}",
        "package": package,
        "title": name.replace("_", " ").strip().capitalize(),
        "address": re.sub("_+", "-", name).strip("-"),
        "class_name": "".join(part.capitalize() for part in name.split("_")),
        "distribution": f"simos-{domain}-{name}".replace("_", "-"),
        "version": simos.__version__,
    }


def _package(into: Path, words: Mapping[str, str]) -> dict[Path, str]:
    if into.exists() and any(into.iterdir()):
        raise FileExistsError(f"{into} is not empty; name a folder for the new package")
    folder = into / "src" / words["package"]
    return _made(TEMPLATES / "package", into, words) | _made(TEMPLATES / "module", folder, words)


def _inside_product(into: Path, domain: str, name: str, words: Mapping[str, str]) -> dict[Path, str]:
    project, modules = into / "pyproject.toml", into / "src" / "simos" / "modules"
    if not project.is_file() or not modules.is_dir() or SECTION not in project.read_text(encoding="utf-8").splitlines():
        raise FileNotFoundError(f"{into} is not the product's folder; go there, or use --package for one of your own")
    if (modules / domain / name).exists():
        raise FileExistsError(f"{modules / domain / name} is there already; choose another name")
    files = _made(TEMPLATES / "module", modules / domain / name, words)
    if not (modules / domain / "__init__.py").exists():
        files[modules / domain / "__init__.py"] = f'"""Modules of the domain {domain}."""\n'
    return files | {project: _with_entry(project.read_text(encoding="utf-8"), words)}


def _with_entry(project: str, words: Mapping[str, str]) -> str:
    """pyproject.toml with the module's line in its place among the entry points."""
    lines = project.splitlines(keepends=True)
    start = lines.index(f"{SECTION}\n") + 1
    end = next((place for place in range(start, len(lines)) if not lines[place].startswith('"')), len(lines))
    entry = Template('"$entry" = "$package.module:module"\n').substitute(words)
    if any(line.startswith(f'"{words["entry"]}"') for line in lines[start:end]):
        raise FileExistsError(f"pyproject.toml has an entry point {words['entry']!r} already")
    lines[start:end] = sorted([*lines[start:end], entry])
    return "".join(lines)


def _made(templates: Path, into: Path, words: Mapping[str, str]) -> dict[Path, str]:
    files = {}
    for template in sorted(templates.rglob("*.tmpl")):
        place = template.relative_to(templates).with_suffix("")
        if place.parts[0] == "templates":
            place = Path("templates", words["label"], *place.parts[1:])
        files[into / place] = _with_sorted_imports(Template(template.read_text(encoding="utf-8")).substitute(words))
    return files


def _with_sorted_imports(text: str) -> str:
    """`text` with each block of imports from this house in order, wherever the new package comes in the alphabet."""
    blocks = groupby(text.splitlines(keepends=True), key=lambda line: line.startswith("from simos"))
    return "".join(line for ours, block in blocks for line in (sorted(block, key=_imported) if ours else block))


def _imported(line: str) -> str:
    return line.split()[1]

"""Who may import whom, inside a module and around it. Knows the tables of `extension`, never a particular module."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from simos.kernel.extension import DOORS_ONLY, EXEMPT, EXTENSION_POINTS, FLOORS, FOLDERS, PURE
from simos.kernel.faults.sources import Fault, Import, Source, is_within

_FLOOR = {name: level for level, names in enumerate(FLOORS) for name in names}
_EXPORT = {point.file: point.export for point in EXTENSION_POINTS}
_IMPURE = ("django", "simos.hub", "simos.platform", "simos.web", "simos.testing", "simos.app")
_OURS = "simos.modules"


def owner_of(name: str, others: Mapping[str, str]) -> str:
    """The package of the module in which dotted `name` lies: one of `others`, or one of ours; empty where neither."""
    if is_within(name, _OURS):
        return ".".join(name.split(".")[:4])
    return next((package for package in others if is_within(name, package)), "")


def faults_of_imports(source: Source, others: Mapping[str, str]) -> Iterator[Fault]:
    """What `source`, a file of a module, imports against the rules. `others` maps other modules' packages to names."""
    for each in source.imports:
        reason = _outside(source, each, others) or _inside(source, each) or _impure(source, each)
        if reason:
            yield source.fault(each.line, *reason)


def _outside(source: Source, each: Import, others: Mapping[str, str]) -> tuple[str, str] | None:
    if each.within("simos.app"):
        return "layers", f"{each.name} is wiring, above modules; what a module needs is in simos.platform or simos.web"
    if each.within("simos.testing") and not source.is_test:
        return "layers", f"{each.name} is for tests; only files under tests/ import it"
    if each.within(source.package):
        return None
    owner = owner_of(each.name, others)
    if owner and not each.within(f"{owner}.public"):
        return (
            "independence",
            f"{each.name} is inside another module; import from {owner}.public, or react to its events",
        )
    return None


def _inside(source: Source, each: Import) -> tuple[str, str] | None:
    floor = _floor_of(source)
    target = each.name.removeprefix(f"{source.package}.").split(".")[0] if each.within(source.package) else ""
    if target == "tests" and not source.is_test:
        return "floors", "tests are imported by nothing"
    if floor is None or target not in _FLOOR:
        return None
    if target == "models" and floor in DOORS_ONLY:
        return "doors", f"{floor} reach tables only through actions and queries; ask queries.py, or act by actions.py"
    if _FLOOR[target] < _FLOOR[floor]:
        return "floors", f"{floor} stands below {target} and never imports it; move what both need to {floor} or lower"
    return None


def _impure(source: Source, each: Import) -> tuple[str, str] | None:
    floor = _floor_of(source)
    if floor not in PURE:
        return None
    if any(each.within(package) for package in _IMPURE):
        return "pure", f"{floor} is pure and does not know {each.name}; pass it values instead"
    if is_within(each.name, _OURS) and not each.within(source.package):
        return "pure", f"{floor} is pure and does not ask other modules; let the action pass it values"
    return None


def _floor_of(source: Source) -> str | None:
    floor = source.inside[0] if source.inside else ""
    return floor if floor in _FLOOR else None


def faults_of_folder(folder: Path) -> Iterator[Fault]:
    """Files and folders of a module that the contract has no name for."""
    for path in sorted(folder.iterdir()):
        name = path.stem if path.suffix == ".py" else path.name
        if path.is_dir() and (name in FOLDERS or name.startswith((".", "__pycache__"))):
            yield from (_stray(inner, "holds no Python") for inner in sorted(path.rglob("*.py")))
        elif (path.is_dir() or path.suffix == ".py") and name not in _FLOOR and name not in EXEMPT:
            yield _stray(path, "is not a name of the contract")

    if not (folder / "module.py").exists():
        yield Fault(
            str(folder), 1, "stray-file", "a module's folder holds a module.py with its manifest; there is none"
        )


def _stray(path: Path, what: str) -> Fault:
    known = "one of simos.kernel.extension.FLOORS; see docs/reference/module-contract.md"
    return Fault(str(path), 1, "stray-file", f"'{path.name}' here {what}; move it into a file of a known name, {known}")


def faults_of_exports(source: Source) -> Iterator[Fault]:
    """An extension point's file without the export that the platform reads."""
    if len(source.inside) == 1 and (export := _EXPORT.get(source.inside[0])) and export not in source.top_level():
        yield source.fault(1, "export", f"the platform looks for '{export}' here; define it, or delete the file")

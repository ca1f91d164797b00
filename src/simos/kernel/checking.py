"""Holds a module's files against the contract without running them: what `simos check` and the architecture tests say.

Works without any development tool, and for a stranger's package as for ours.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from simos.kernel.faults.cycles import faults_of_cycles
from simos.kernel.faults.floors import faults_of_exports, faults_of_folder, faults_of_imports
from simos.kernel.faults.lines import MOST_LINES, faults_in_lines
from simos.kernel.faults.manifest import faults_of_manifest
from simos.kernel.faults.sources import Fault, sources_in
from simos.kernel.module import Module
from simos.kernel.registry import Installed, installed_modules


def check_module(installed: Installed) -> list[Fault]:
    """Every breach of the contract in an installed module, in order of file and line; empty where it keeps it."""
    others = {each.package: str(each.module.name) for each in installed_modules() if each.package != installed.package}
    return check_folder(installed.module, installed.package, folder_of(installed.package), others=others)


def folder_of(package: str) -> Path:
    """The folder in which the files of an importable package lie."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not a package with a folder; a module is a folder with an __init__.py")
    return Path(next(iter(spec.submodule_search_locations)))


def check_folder(module: Module, package: str, folder: Path, *, others: Mapping[str, str]) -> list[Fault]:
    """The same of a folder that need not be installed. `others` maps the other modules' packages to their names."""
    sources, faults = sources_in(folder, package)
    faults += [*faults_of_folder(folder), *faults_of_cycles(sources), *faults_of_manifest(module, sources, others)]
    for source in sources:
        faults += [*faults_in_lines(source), *faults_of_imports(source, others), *faults_of_exports(source)]
    return sorted(faults)


def check_tree(folder: Path, package: str, *, longer: Mapping[str, int]) -> list[Fault]:
    """What is wrong with any file of a source tree, apart from the modules' own rules.

    `longer` maps files (from `folder`, with slashes) that were over the limit when it came to how long they may be.
    """
    sources, faults = sources_in(folder, package)
    faults += faults_of_cycles(sources)
    for source in sources:
        allowed = longer.get(source.path.relative_to(folder).as_posix(), MOST_LINES)
        faults += faults_in_lines(source, most_lines=allowed)
    return sorted(faults)

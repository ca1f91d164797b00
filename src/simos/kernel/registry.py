"""Which modules are installed, and where their code lies. Importing a module's file never registers anything.

A module comes in by the entry-point group `simos.modules`; the entry names its `Module` value, and the package that
holds `module.py` is the folder in which extension points are looked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import Any

from simos.kernel.extension import EXTENSION_POINTS
from simos.kernel.ids import ModuleName
from simos.kernel.module import EntityType, Module, Permission, Role

GROUP = "simos.modules"
_EXPORTS = {point.file: point.export for point in EXTENSION_POINTS}


class RegistryError(Exception):
    """An installed module cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A module and the dotted package in which its files lie."""

    module: Module
    package: str

    def load(self, file: str) -> Any:
        """What the module's `<file>.py` exports, or None where it has no such file."""
        dotted = f"{self.package}.{file}"
        if find_spec(dotted) is None:
            return None
        code = import_module(dotted)
        try:
            return getattr(code, _EXPORTS[file])
        except AttributeError:
            raise RegistryError(f"{dotted} exports no {_EXPORTS[file]!r}; see the contract's reference") from None

    def has(self, file: str) -> bool:
        return find_spec(f"{self.package}.{file}") is not None


@dataclass(frozen=True, slots=True)
class Registry:
    """The installed modules, those that are required before those that require them."""

    modules: Mapping[ModuleName, Installed]

    def __iter__(self) -> Iterator[Installed]:
        return iter(self.modules.values())

    def __getitem__(self, name: str) -> Installed:
        try:
            return self.modules[ModuleName(name)]
        except KeyError:
            known = ", ".join(self.modules) or "none"
            raise RegistryError(f"no module {name!r} is installed; installed: {known}") from None

    def exports(self, file: str) -> Iterator[tuple[Module, Any]]:
        """Each module that has `<file>.py`, with what it exports."""
        for installed in self:
            if (export := installed.load(file)) is not None:
                yield installed.module, export

    def entity_types(self) -> Mapping[str, EntityType]:
        return {each.name: each for installed in self for each in installed.module.entity_types}

    def permissions(self) -> Mapping[str, Permission]:
        return {each.name: each for installed in self for each in installed.module.permissions}

    def roles(self) -> Mapping[str, Role]:
        return {each.name: each for installed in self for each in installed.module.roles}


def registry_of(installed: Iterable[Installed]) -> Registry:
    """A registry of these modules in order of need; RegistryError where names clash or needs are not met."""
    by_name: dict[ModuleName, Installed] = {}
    for each in installed:
        if twin := by_name.get(each.module.name):
            raise RegistryError(f"module {each.module.name} is installed twice: {twin.package} and {each.package}")
        by_name[each.module.name] = each
    _refuse_clashes(by_name.values())
    needs = {name: each.module.requires for name, each in sorted(by_name.items())}
    for name, required in needs.items():
        if missing := [need for need in required if need not in by_name]:
            raise RegistryError(f"module {name} requires {', '.join(missing)}, which is not installed")
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise RegistryError(f"modules require each other in a circle: {' -> '.join(error.args[1])}") from None
    return Registry({name: by_name[name] for name in order})


_NAMED: Mapping[str, Callable[[Module], Iterable[str]]] = {
    "entity type": lambda module: (each.name for each in module.entity_types),
    "permission": lambda module: (each.name for each in module.permissions),
    "role": lambda module: (each.name for each in module.roles),
    "table prefix": lambda module: (module.label,),
    "address": lambda module: {module.address.in_(language) for language in module.address.languages()},
}


def _refuse_clashes(installed: Iterable[Installed]) -> None:
    owners: dict[tuple[str, str], ModuleName] = {}
    for each in installed:
        for kind, names_of in _NAMED.items():
            for name in names_of(each.module):
                owner = owners.setdefault((kind, name), each.module.name)
                if owner != each.module.name:
                    raise RegistryError(f"{kind} {name!r} is declared by {owner} and by {each.module.name}")


def _read(entry: EntryPoint) -> Installed:
    try:
        module = entry.load()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise RegistryError(f"module {entry.name} cannot be read from {entry.value}: {error}") from error
    if not isinstance(module, Module):
        raise RegistryError(f"entry point {entry.name} = {entry.value} is not a simos.kernel.module.Module")
    return Installed(module, entry.module.removesuffix(".module"))


@cache
def installed_modules() -> Registry:
    """What the entry points of this Python environment name. Read once a process."""
    return registry_of(_read(entry) for entry in entry_points(group=GROUP))

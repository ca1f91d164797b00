"""What can be found, as the installed modules' `search.py` say. Finds nothing itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from simos.kernel.module import Module
from simos.kernel.registry import Registry, RegistryError, installed_modules
from simos.platform.search.values import Searchable


@dataclass(frozen=True, slots=True)
class Exported:
    """A searchable and the module that exports it."""

    module: Module
    searchable: Searchable


def searchables_in(registry: Registry) -> Mapping[str, Exported]:
    """All kinds of these modules, by name; RegistryError where two export the same."""
    found: dict[str, Exported] = {}
    for module, searchables in registry.exports("search"):
        for each in searchables:
            if other := found.get(each.kind):
                raise RegistryError(f"{module.name} and {other.module.name} both export the searchable {each.kind!r}")
            found[each.kind] = Exported(module, each)
    return found


@cache
def installed_searchables() -> Mapping[str, Exported]:
    """Those of the installed modules. Read once a process."""
    return searchables_in(installed_modules())

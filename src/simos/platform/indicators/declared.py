"""Which indicators there are: those of the modules' manifests, each with what computes it. Measures nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from simos.kernel.acting import Scope, ScopeKind
from simos.kernel.errors import NotFound
from simos.kernel.module import Indicator, Level, Module
from simos.kernel.registry import Registry, RegistryError, installed_modules
from simos.platform.indicators.values import Compute
from simos.platform.scopes.queries import is_on


@dataclass(frozen=True, slots=True)
class Declared:
    """An indicator and its module. `compute` None: an officer enters its values."""

    module: Module
    indicator: Indicator
    compute: Compute | None

    @property
    def key(self) -> str:
        return f"{self.module.name}:{self.indicator.name}"

    def stands_in(self, scope: Scope) -> bool:
        """Whether it is measured there: where its module is on, or in the federation if the module serves it."""
        if scope.kind is ScopeKind.CITY:
            return self.module.level is not Level.FEDERATION and is_on(scope.code, self.module.name)
        return scope.kind is ScopeKind.FEDERATION and self.module.level is not Level.CITY


def declared_in(registry: Registry) -> Mapping[str, Declared]:
    """All indicators by key. RegistryError where a manifest and its module's `indicators.py` differ."""
    exports = {module.name: compute for module, compute in registry.exports("indicators")}
    found: dict[str, Declared] = {}
    for module in (each.module for each in registry):
        compute = exports.get(module.name, {})
        wanted = {each.name for each in module.indicators if not each.manual}
        if wanted != set(compute):
            differ = ", ".join(sorted(wanted ^ set(compute)))
            raise RegistryError(f"module {module.name}: manifest and indicators.py differ about {differ}")
        for each in module.indicators:
            one = Declared(module, each, compute.get(each.name))
            found[one.key] = one
    return found


@cache
def installed_indicators() -> Mapping[str, Declared]:
    """Those of the installed modules. Read once a process."""
    return declared_in(installed_modules())


def indicators_in(scope: Scope) -> list[Declared]:
    """Those that are measured in `scope`, module by module."""
    return [each for each in installed_indicators().values() if each.stands_in(scope)]


def indicator_in(scope: Scope, module: str, name: str) -> Declared:
    """NotFound where it is not measured."""
    found = installed_indicators().get(f"{module}:{name}")
    if found is None or not found.stands_in(scope):
        raise NotFound(f"no indicator {module}:{name} is measured here")
    return found

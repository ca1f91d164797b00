"""Which cities there are, what is on in them, and what time it is there. Changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from simos.kernel.acting import Scope, ScopeKind
from simos.kernel.clock import Clock, PlatformClock, ReplayClock
from simos.kernel.errors import NotFound
from simos.kernel.module import Level, Module
from simos.kernel.registry import installed_modules
from simos.platform.scopes.models import City, CityModule


def cities() -> Sequence[City]:
    """All cities in order of code."""
    return list(City.objects.all())


def city_of(code: str) -> City:
    """The city with this code; NotFound if there is none."""
    try:
        return City.objects.get(code=code)
    except City.DoesNotExist:
        raise NotFound(f"there is no city {code!r} here") from None


def is_on(city: str, module: str) -> bool:
    """Whether `module` (domain/name) is switched on in the city with this code."""
    return module in always_on() or CityModule.objects.filter(city=city, module=module).exists()


def modules_on(city: str) -> frozenset[str]:
    """The names of the modules that are switched on in the city with this code."""
    return frozenset(CityModule.objects.filter(city=city).values_list("module", flat=True))


def modules_by_city() -> Mapping[str, frozenset[str]]:
    """For each city (by code) the names of the modules that are switched on in it, asked for in one go."""
    found: dict[str, set[str]] = {city.code: set() for city in cities()}
    for city, module in CityModule.objects.values_list("city", "module"):
        found[city].add(module)
    return {city: frozenset(names) for city, names in found.items()}


def cities_with(module: str) -> Sequence[City]:
    """The cities in which `module` is switched on, in order of code."""
    return list(City.objects.all() if module in always_on() else City.objects.filter(modules__module=module))


@cache
def always_on() -> frozenset[str]:
    """The names of the installed modules that are at work in every city without being switched on."""
    return frozenset(each.module.name for each in installed_modules() if each.module.always_on)


def serves(module: Module, scope: Scope) -> bool:
    """Whether the module is at work in `scope`: in a city where it is on, or if it serves the federation."""
    if scope.kind is not ScopeKind.CITY or module.level is Level.FEDERATION:
        return True
    return is_on(scope.code, module.name)


def cities_served_by(module: Module) -> frozenset[str]:
    """The codes of the cities in which the module is at work."""
    found = cities() if module.level is Level.FEDERATION else cities_with(module.name)
    return frozenset(city.code for city in found)


def clock_of(city: City) -> Clock:
    """The clock by which the city lives: the platform's own, or one that shows a replay's time."""
    if city.clock_speed is None or city.clock_real_at is None or city.clock_shown_at is None:
        return PlatformClock()
    return ReplayClock(real_at=city.clock_real_at, shown_at=city.clock_shown_at, speed=city.clock_speed)


def now_in(city: City) -> datetime:
    """The city's present (aware, UTC)."""
    return clock_of(city).now()

"""Which cities there are, what is on in them, and what time it is there. Changes nothing."""

from collections.abc import Sequence
from datetime import datetime

from simos.kernel.clock import Clock, PlatformClock, ReplayClock
from simos.kernel.errors import NotFound
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
    return CityModule.objects.filter(city=city, module=module).exists()


def modules_on(city: str) -> frozenset[str]:
    """The names of the modules that are switched on in the city with this code."""
    return frozenset(CityModule.objects.filter(city=city).values_list("module", flat=True))


def cities_with(module: str) -> Sequence[City]:
    """The cities in which `module` is switched on, in order of code."""
    return list(City.objects.filter(modules__module=module))


def clock_of(city: City) -> Clock:
    """The clock by which the city lives: the platform's own, or one that shows a replay's time."""
    if city.clock_speed is None or city.clock_real_at is None or city.clock_shown_at is None:
        return PlatformClock()
    return ReplayClock(real_at=city.clock_real_at, shown_at=city.clock_shown_at, speed=city.clock_speed)


def now_in(city: City) -> datetime:
    """The city's present (aware, UTC)."""
    return clock_of(city).now()

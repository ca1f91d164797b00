"""Adding a city, switching modules on and off there, setting its clock. Each is audited."""

from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from simos.kernel.acting import FEDERATION, Actor, Scope, ScopeKind
from simos.kernel.errors import Conflict, Invalid, NotFound
from simos.kernel.ids import city_code
from simos.kernel.module import Level, Module
from simos.kernel.registry import RegistryError, installed_modules
from simos.kernel.text import LANGUAGES
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.scopes.cities import CityFacts
from simos.platform.scopes.models import City, CityModule
from simos.platform.scopes.queries import always_on, city_of
from simos.platform.scopes.reserved import RESERVED


def add_city(scope: Scope, facts: CityFacts, *, by: Actor, at: datetime) -> City:
    """A city with these facts and nothing switched on. `scope` is the federation.

    Invalid for a malformed or reserved code, place, language or time zone; Conflict if the code is taken.
    """
    require(by, "add-city", scope)
    if scope != FEDERATION:
        raise Invalid("cities are added in the federation", field="scope")
    _check(facts)
    values = asdict(facts) | {"name_en": facts.name_en or facts.name_sl, "languages": list(facts.languages)}
    with transaction.atomic():
        city, is_new = City.objects.get_or_create(code=values.pop("code"), defaults=values)
        if not is_new:
            raise Conflict(f"there is a city {city.code!r} already", field="code")
        record("add-city", obj=city, by=by, scope=scope, at=at)
    return city


def _check(facts: CityFacts) -> None:
    try:
        city_code(facts.code)
        ZoneInfo(facts.time_zone)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise Invalid(str(error)) from None
    taken = {
        each.module.address.in_(language)
        for each in installed_modules()
        if each.module.level is Level.FEDERATION
        for language in each.module.address.languages()
    }
    if facts.code in RESERVED | taken:
        raise Invalid(f"{facts.code!r} begins an address of the platform itself; choose another code", field="code")
    if not facts.name_sl.strip():
        raise Invalid("a city has a name", field="name_sl")
    if not (-180 <= facts.longitude <= 180 and -90 <= facts.latitude <= 90):
        raise Invalid("longitude is from -180 to 180 and latitude from -90 to 90 degrees", field="longitude")
    if not facts.languages or not set(facts.languages) <= set(LANGUAGES):
        raise Invalid(f"languages are some of {', '.join(LANGUAGES)}", field="languages")


def switch_on(scope: Scope, module: str, *, by: Actor, at: datetime) -> CityModule:
    """`module` is on in the city; nothing changes if it was. NotFound: no such city or module is installed.

    Conflict while a module that it requires is off there, Invalid for one that serves the federation or is always on.
    """
    require(by, "switch-module", scope)
    city, manifest = _city_in(scope), _installed(module)
    if manifest.level is Level.FEDERATION:
        raise Invalid(f"{module} serves the federation and is not switched on in a city", field="module")
    if manifest.always_on:
        raise Invalid(f"{module} is at work in every city and needs no switching on", field="module")
    with transaction.atomic():
        on = _modules_on(city) | always_on()
        if missing := [need for need in manifest.requires if need not in on]:
            raise Conflict(f"{module} requires {', '.join(missing)}: switch that on first", field="module")
        row, is_new = CityModule.objects.get_or_create(
            city=city, module=module, defaults={"switched_on_at": at, "switched_on_by": by.as_dict()}
        )
        if is_new:
            record("switch-on", obj=("module", module), by=by, scope=scope, at=at)
    return row


def switch_off(scope: Scope, module: str, *, by: Actor, at: datetime) -> bool:
    """`module` is off in the city, its data stays; False if it was off. Conflict while another one there requires it.

    A module that is no longer installed can be switched off too.
    """
    require(by, "switch-module", scope)
    city = _city_in(scope)
    if module in always_on():
        raise Invalid(f"{module} is at work in every city and cannot be switched off", field="module")
    with transaction.atomic():
        on, installed = _modules_on(city), installed_modules()
        if needing := [
            each.module.name for each in installed if each.module.name in on and module in each.module.requires
        ]:
            raise Conflict(f"{', '.join(needing)} requires {module}: switch that off first", field="module")
        was_on = CityModule.objects.filter(city=city, module=module).delete()[0] > 0
        if was_on:
            record("switch-off", obj=("module", module), by=by, scope=scope, at=at)
    return was_on


def set_clock(scope: Scope, *, shown_at: datetime, speed: float, by: Actor, at: datetime) -> City:
    """The city's clock shows `shown_at` when the platform's shows `at`, and goes `speed` times as fast (0: stands)."""
    require(by, "set-clock", scope)
    if not 0 <= speed < float("inf"):
        raise Invalid("a clock's speed is 0 or more", field="speed")
    data = {"shown_at": shown_at.isoformat(), "speed": speed}
    return _keep_clock(scope, at, shown_at, speed, by=by, at=at, action="set-clock", data=data)


def reset_clock(scope: Scope, *, by: Actor, at: datetime) -> City:
    """The city's clock is the platform's again."""
    require(by, "set-clock", scope)
    return _keep_clock(scope, None, None, None, by=by, at=at, action="reset-clock", data={})


def _keep_clock(
    scope: Scope,
    real_at: datetime | None,
    shown_at: datetime | None,
    speed: float | None,
    *,
    by: Actor,
    at: datetime,
    action: str,
    data: dict[str, object],
) -> City:
    city = _city_in(scope)
    city.clock_real_at, city.clock_shown_at, city.clock_speed = real_at, shown_at, speed
    with transaction.atomic():
        city.save(update_fields=("clock_real_at", "clock_shown_at", "clock_speed"))
        record(action, obj=city, by=by, scope=scope, at=at, data=data)
    return city


def _city_in(scope: Scope) -> City:
    if scope.kind is not ScopeKind.CITY:
        raise Invalid(f"this is done in a city, not in {scope}", field="scope")
    return city_of(scope.code)


def _modules_on(city: City) -> frozenset[str]:
    """What is on, with the city's row locked, so that what one switches on another does not switch off meanwhile."""
    City.objects.select_for_update().get(pk=city.pk)
    return frozenset(CityModule.objects.filter(city=city).values_list("module", flat=True))


def _installed(module: str) -> Module:
    try:
        return installed_modules()[module].module
    except RegistryError as error:
        raise NotFound(str(error)) from None

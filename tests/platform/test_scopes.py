"""Cities, what is switched on in them, and their clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.kernel.ids import ModuleName
from simos.kernel.module import Level, Module
from simos.kernel.registry import Installed, registry_of
from simos.kernel.text import Text
from simos.platform.audit.models import AuditRecord
from simos.platform.scopes import actions, queries
from simos.platform.scopes.cities import CITIES, CityFacts
from simos.platform.scopes.models import City, CityModule
from simos.platform.scopes.reserved import RESERVED
from simos.testing.acting import SYSTEM, officer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE = Scope.city("celje")
IZOLA = CityFacts(code="izola", name_sl="Izola", name_it="Isola", longitude=13.66, latitude=45.54)


def _module(name: str, *requires: str, level: Level = Level.CITY) -> Installed:
    domain, short = name.split("/")
    title = Text(sl=short, en=short)
    needs = tuple(ModuleName(each) for each in requires)
    return Installed(
        Module(name=ModuleName(name), title=title, address=title, summary=title, level=level, requires=needs),
        f"tests.none.{domain}.{short}",
    )


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    registry = registry_of(
        [_module("city/lamps"), _module("city/light", "city/lamps"), _module("union/calls", level=Level.FEDERATION)]
    )
    monkeypatch.setattr(actions, "installed_modules", lambda: registry)


def test_the_twelve_cities_are_there():
    found = {city.code: city for city in queries.cities()}
    assert len(CITIES) == 12
    assert {facts.code for facts in CITIES} <= set(found)
    koper = found["koper"]
    assert koper.official_name == "Koper/Capodistria"
    assert koper.languages == ["sl", "en", "it"]
    assert (koper.name.in_("it"), koper.name.in_("en")) == ("Capodistria", "Koper")
    assert all(found[facts.code].is_seed and "SURS" in found[facts.code].facts_source for facts in CITIES)


def test_a_city_that_is_not_there_is_not_found():
    with pytest.raises(NotFound, match="atlantis"):
        queries.city_of("atlantis")


def test_adding_a_city():
    city = actions.add_city(FEDERATION, IZOLA, by=SYSTEM, at=AT)
    assert queries.city_of("izola") == city
    assert (city.name_en, city.is_seed, queries.modules_on("izola")) == ("Izola", False, frozenset())
    assert AuditRecord.objects.get().object_id == "izola"
    with pytest.raises(Conflict):
        actions.add_city(FEDERATION, IZOLA, by=SYSTEM, at=AT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "Izola"},
        {"code": "a--b"},
        {"code": "office"},
        {"code": "en"},
        {"code": "ngsi-ld"},
        {"name_sl": " "},
        {"longitude": 200.0},
        {"latitude": float("nan")},
        {"languages": ("sl", "xx")},
        {"languages": ()},
        {"time_zone": "Mars/Base"},
    ],
    ids=str,
)
def test_a_city_that_cannot_be_is_refused_and_nothing_stored(wrong):
    before = City.objects.count()
    with pytest.raises(Invalid):
        actions.add_city(FEDERATION, replace(IZOLA, **wrong), by=SYSTEM, at=AT)
    assert City.objects.count() == before
    assert not AuditRecord.objects.exists()


def test_no_city_of_the_twelve_is_a_reserved_word():
    assert not RESERVED & {facts.code for facts in CITIES}


def test_only_who_may_adds_cities_and_switches_modules():
    of_celje = officer(CELJE, "city-administrator")
    with pytest.raises(Forbidden):
        actions.add_city(FEDERATION, IZOLA, by=of_celje, at=AT)
    with pytest.raises(Forbidden):
        actions.switch_on(Scope.city("koper"), "city/lamps", by=of_celje, at=AT)
    with pytest.raises(Forbidden):
        actions.set_clock(CELJE, shown_at=AT, speed=1, by=Actor.nobody(), at=AT)
    assert actions.switch_on(CELJE, "city/lamps", by=of_celje, at=AT)


def test_switching_on_and_off_counts_in_that_city_only():
    first = actions.switch_on(CELJE, "city/lamps", by=SYSTEM, at=AT)
    assert actions.switch_on(CELJE, "city/lamps", by=SYSTEM, at=AT + timedelta(days=1)) == first
    assert queries.is_on("celje", "city/lamps")
    assert not queries.is_on("koper", "city/lamps")
    assert [city.code for city in queries.cities_with("city/lamps")] == ["celje"]
    assert actions.switch_off(CELJE, "city/lamps", by=SYSTEM, at=AT)
    assert not actions.switch_off(CELJE, "city/lamps", by=SYSTEM, at=AT)
    assert not queries.is_on("celje", "city/lamps")
    assert list(AuditRecord.objects.values_list("action", flat=True)) == ["switch-on", "switch-off"]


def test_a_module_is_on_only_with_what_it_requires():
    with pytest.raises(Conflict, match="city/lamps"):
        actions.switch_on(CELJE, "city/light", by=SYSTEM, at=AT)
    actions.switch_on(CELJE, "city/lamps", by=SYSTEM, at=AT)
    actions.switch_on(CELJE, "city/light", by=SYSTEM, at=AT)
    with pytest.raises(Conflict, match="city/light"):
        actions.switch_off(CELJE, "city/lamps", by=SYSTEM, at=AT)
    assert queries.modules_on("celje") == {"city/lamps", "city/light"}


@pytest.mark.parametrize(
    ("scope", "module", "refusal"),
    [
        (CELJE, "no/such", NotFound),
        (Scope.city("atlantis"), "city/lamps", NotFound),
        (FEDERATION, "city/lamps", Invalid),
        (CELJE, "union/calls", Invalid),
    ],
)
def test_what_cannot_be_switched_on_is_refused(scope, module, refusal):
    with pytest.raises(refusal):
        actions.switch_on(scope, module, by=SYSTEM, at=AT)
    assert not CityModule.objects.exists()


def test_a_citys_clock_shows_another_time_until_it_is_reset():
    shown = datetime(2025, 9, 1, tzinfo=UTC)
    with clock_set_to(FrozenClock(AT)):
        assert queries.now_in(queries.city_of("celje")) == AT
        actions.set_clock(CELJE, shown_at=shown, speed=60, by=SYSTEM, at=AT)
    with clock_set_to(FrozenClock(AT + timedelta(minutes=1))):
        assert queries.now_in(queries.city_of("celje")) == shown + timedelta(hours=1)
        assert queries.now_in(queries.city_of("koper")) == AT + timedelta(minutes=1)
        actions.reset_clock(CELJE, by=SYSTEM, at=AT)
        assert queries.now_in(queries.city_of("celje")) == AT + timedelta(minutes=1)
    with pytest.raises(Invalid):
        actions.set_clock(CELJE, shown_at=shown, speed=-1, by=SYSTEM, at=AT)

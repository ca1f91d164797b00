"""What the tests of indicators share: one that is computed and one that is entered, of parking in Celje."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from simos.kernel.acting import Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.module import Every, Indicator, IndicatorKind, Target
from simos.kernel.registry import installed_modules
from simos.kernel.text import Text
from simos.platform.indicators import declared
from simos.platform.indicators.actions import enter, measure
from simos.platform.indicators.declared import Declared
from simos.platform.indicators.periods import ended_by
from simos.platform.indicators.values import Measured, Period
from simos.platform.scopes.actions import switch_on
from simos.testing.acting import SYSTEM

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Ljubljana")
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
PARKING = installed_modules()["mobility/parking"].module
COUNCIL = Text(sl="Sklep sveta", en="Decision of the council", it="Decisione del consiglio")


@dataclass(frozen=True)
class Two:
    """A share that is computed, and a rating that is entered."""

    share: Declared
    rating: Declared


def _share(scope: Scope, period: Period) -> Measured:
    source = Text(sl="števci parkirišč", en="counters of car parks", it="contatori dei parcheggi")
    return Measured(value=period.first.month + 40.5, readings=1234, source=source)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock_set_to(FrozenClock(AT)):
        yield


@pytest.fixture
def two(db: None, monkeypatch: pytest.MonkeyPatch) -> Two:
    """Both, without any value."""
    share = Indicator(
        name="free-share",
        title=Text(sl="Delež prostih mest", en="Share of free spaces", it="Quota di posti liberi"),
        about=Text(sl="Prosta mesta opoldne.", en="Free spaces at noon.", it="Posti liberi a mezzogiorno."),
        unit="P1",
        kind=IndicatorKind.OUTCOME,
        targets=(Target(year=2025, value=30, source=COUNCIL), Target(year=2026, value=45, source=COUNCIL)),
    )
    rating = Indicator(
        name="rating",
        title=Text(sl="Ocena", en="Rating", it="Valutazione"),
        about=Text(sl="Ocena iz ankete.", en="Rating in the survey.", it="Valutazione del sondaggio."),
        unit="C62",
        kind=IndicatorKind.OUTPUT,
        every=Every.YEAR,
        manual=True,
    )
    both = Two(Declared(PARKING, share, _share), Declared(PARKING, rating, None))
    monkeypatch.setattr(
        declared, "installed_indicators", lambda: {each.key: each for each in (both.share, both.rating)}
    )
    switch_on(CELJE, PARKING.name, by=SYSTEM, at=AT)
    return both


@pytest.fixture
def measured(two: Two) -> Two:
    """The share of three months; the rating of a year, entered twice."""
    measure(CELJE, two.share, ended_by(Every.MONTH, AT, ZONE, 3), by=SYSTEM, at=AT)
    year = ended_by(Every.YEAR, AT, ZONE, 1)[0]
    enter(CELJE, two.rating, year, 3.5, note="Anketa maja", by=SYSTEM, at=AT)
    enter(CELJE, two.rating, year, 3.7, note="Prešteto znova", by=SYSTEM, at=AT + timedelta(minutes=5))
    return two

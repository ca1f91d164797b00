"""What a stay costs: worked examples, and what holds for every tariff and every stay."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simos.kernel.text import Text
from simos.modules.mobility.parking.models import TariffRow
from simos.modules.mobility.parking.queries import is_holiday
from simos.modules.mobility.parking.rules.tariff_cells import cells_of_tariff, tariff_from
from simos.modules.mobility.parking.rules.tariff_text import periods_of, written
from simos.modules.mobility.parking.rules.tariffs import ROUND, fee_for, wrong_in_tariff
from simos.modules.mobility.parking.values import Exemption, Span
from simos.modules.mobility.parking.values.tariffs import CountedFrom, Fee, Period, Relief, Rounding, Step, Tariff

ZONE = ZoneInfo("Europe/Ljubljana")
NAME = Text(sl="Cona A", en="Zone A", it="Zona A")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

STREET = Tariff(
    code="a",
    name=NAME,
    periods=periods_of("Mo-Fr 07:00-17:00: 60 min 0.80 up to 120 min; 60 min 1.20\nSa 07:00-13:00: 30 min 0.40"),
    free_minutes=15,
    max_stay=180,
    reliefs={
        Exemption.DISABLED_CARD: Relief(percent=100),
        Exemption.RESIDENT_PERMIT: Relief(percent=50),
        Exemption.CHARGING: Relief(free_minutes=120),
    },
)
GARAGE = Tariff(
    code="g",
    name=NAME,
    periods=periods_of("Mo-Su,PH 06:00-22:00: 60 min 1.20\nMo-Su,PH 22:00-06:00: 480 min 2.00"),
    cap_cents=900,
    counted_from=CountedFrom.ARRIVAL,
)


def here(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE, fold=fold)


def fee(tariff: Tariff, arrival: datetime, departure: datetime, *exemptions: Exemption) -> Fee:
    return fee_for(tariff, arrival, departure, exemptions, zone=ZONE, is_holiday=is_holiday)


@pytest.mark.parametrize(
    ("tariff", "arrival", "departure", "cents"),
    [
        (STREET, "2026-11-25T10:00", "2026-11-25T10:15", 0),  # free minutes
        (STREET, "2026-11-25T10:00", "2026-11-25T10:16", 80),  # a begun hour
        (STREET, "2026-11-25T10:00", "2026-11-25T13:00", 80 + 80 + 120),
        (STREET, "2026-11-25T16:00", "2026-11-26T08:00", 80 + 80),  # the night costs nothing
        (STREET, "2026-11-28T12:00", "2026-11-28T15:00", 80),  # Saturday until one o'clock
        (STREET, "2026-11-29T08:00", "2026-11-29T18:00", 0),  # Sunday
        (STREET, "2027-02-08T08:00", "2027-02-08T18:00", 0),  # Prešeren Day, a Monday
        (GARAGE, "2026-11-25T10:00", "2026-11-25T12:10", 360),
        (GARAGE, "2026-11-25T21:00", "2026-11-26T07:00", 120 + 200 + 120),
        (GARAGE, "2026-11-25T10:00", "2026-11-26T10:00", 900),
        (GARAGE, "2026-11-25T10:00", "2026-11-26T11:00", 900 + 120),
        (GARAGE, "2026-10-24T22:00", "2026-10-25T06:00", 400),  # nine hours: a second night's unit has begun
        (GARAGE, "2026-03-28T22:00", "2026-03-29T06:00", 200),  # seven hours
    ],
)
def test_worked_examples(tariff: Tariff, arrival: str, departure: str, cents: int):
    assert fee(tariff, here(arrival), here(departure)).total.cents == cents


def test_a_fee_explains_itself_line_by_line_in_each_language():
    found = fee(STREET, here("2026-11-25T10:00"), here("2026-11-25T13:00"), Exemption.RESIDENT_PERMIT)
    assert [(line.text.sl, line.amount.cents) for line in found.lines] == [
        ("Na začetku brezplačno: 15 min", 0),
        ("25. 11. 10:15–13:00: 2 × 1 h po 0,80\u00a0€", 160),
        ("25. 11. 10:15–13:00: 1 × 1 h po 1,20\u00a0€", 120),
        ("dovolilnica za stanovalce: −50 %", -140),
    ]
    assert found.lines[1].text.en == "25/11 10:15–13:00: 2 × 1 h at €0.80"
    assert found.lines[3].text.it == "permesso residenti: −50%"


def test_of_several_exemptions_the_best_for_the_driver_holds():
    stay = here("2026-11-25T10:00"), here("2026-11-25T11:30")
    both = fee(STREET, *stay, Exemption.RESIDENT_PERMIT, Exemption.CHARGING)
    assert (both.total.cents, both.relief) == (0, Exemption.CHARGING)
    everything = fee(STREET, *stay, *Exemption)
    assert everything.total.cents == 0
    assert fee(GARAGE, *stay, *Exemption).relief is None  # this tariff knows none


def test_a_stay_that_is_too_long_is_told():
    assert fee(STREET, here("2026-11-25T07:00"), here("2026-11-25T10:15")).too_long == 0
    assert fee(STREET, here("2026-11-25T07:00"), here("2026-11-25T11:00")).too_long == 45


def test_a_season_may_go_over_new_year_and_what_is_outside_of_it_is_free():
    winter = replace(STREET, periods=periods_of("Mo-Su,PH 07:00-17:00 11-01/03-31: 60 min 1.00"), free_minutes=0)
    days = {"2026-12-31": 100, "2027-01-01": 100, "2026-03-31": 100, "2026-04-01": 0, "2026-10-31": 0}
    assert {day: fee(winter, here(f"{day}T10:00"), here(f"{day}T11:00")).total.cents for day in days} == days


@pytest.mark.parametrize("ends", ["2026-11-25T09:59", "2027-02-01T10:00"])
def test_one_leaves_after_coming_and_not_after_months(ends: str):
    with pytest.raises(ValueError, match="leaves after coming"):
        fee(STREET, here("2026-11-25T10:00"), here(ends))


instants = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001 - the strategy takes naive ones
    lambda each: each.replace(second=0, microsecond=0, tzinfo=UTC)
)
lengths = st.integers(0, 5 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def steps(draw: st.DrawFn) -> tuple[Step, ...]:
    unit, cents = st.sampled_from([1, 15, 30, 60, 480]), st.integers(0, 500)
    first = Step(minutes=draw(unit), cents=draw(cents))
    if draw(st.booleans()):
        limit = first.minutes * draw(st.integers(1, 4))
        return replace(first, up_to=limit), Step(minutes=draw(unit), cents=draw(cents))
    return (first,)


@st.composite
def periods(draw: st.DrawFn, *, nights: bool = True) -> Period:
    opens = draw(st.integers(0, 1380))
    closes = draw(st.integers(opens + 30, opens + 1440 if nights else 1440))
    season = draw(st.none() | st.tuples(*(st.tuples(st.integers(1, 12), st.integers(1, 28)) for _ in range(2))))
    return Period(
        weekdays=tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))),
        holidays=draw(st.booleans()),
        span=Span(opens, closes),
        season=season,
        steps=draw(steps()),
    )


@st.composite
def tariffs(draw: st.DrawFn, *, nights: bool = True) -> Tariff:
    return Tariff(
        code="t",
        name=NAME,
        periods=tuple(draw(st.lists(periods(nights=nights), max_size=3))),
        free_minutes=draw(st.sampled_from([0, 0, 15, 60])),
        cap_cents=draw(st.none() | st.integers(0, 2000)),
        counted_from=draw(st.sampled_from(CountedFrom)),
        round_to=draw(st.sampled_from([1, 5, 10, 50])),
        rounding=draw(st.sampled_from(Rounding)),
        reliefs=draw(
            st.dictionaries(
                st.sampled_from(Exemption),
                st.builds(Relief, percent=st.integers(0, 100), free_minutes=st.sampled_from([0, 30, 240])),
            )
        ),
    )


exemptions = st.sets(st.sampled_from(Exemption))


@given(tariffs(), instants, lengths, exemptions)
def test_the_lines_add_up_and_nobody_is_paid_for_parking(tariff, arrival, length, having):
    found = fee(tariff, arrival, arrival + length, *having)
    assert wrong_in_tariff(tariff) == []
    assert sum(line.amount.cents for line in found.lines) == found.total.cents >= 0
    assert {*found.lines[0].text.languages()} == {"sl", "en", "it"} if found.lines else not length


@given(tariffs(), instants, lengths, lengths, exemptions)
def test_who_stays_longer_never_pays_less(tariff, arrival, length, more, having):
    shorter = fee(tariff, arrival, arrival + length, *having).total
    assert shorter <= fee(tariff, arrival, arrival + min(length + more, timedelta(days=62)), *having).total


@given(tariffs(), instants, lengths, exemptions)
def test_an_exemption_never_costs(tariff, arrival, length, having):
    assert fee(tariff, arrival, arrival + length, *having).total <= fee(tariff, arrival, arrival + length).total


@given(tariffs(), instants, lengths)
def test_a_day_never_costs_more_than_its_highest_price(tariff, arrival, length):
    assume(tariff.cap_cents is not None)
    days = (
        length // DAY + 1
        if tariff.counted_from is CountedFrom.ARRIVAL
        else ((arrival + length).astimezone(ZONE).date() - arrival.astimezone(ZONE).date()).days + 2
    )  # the night before belongs to its own day
    assert fee(tariff, arrival, arrival + length).total.cents <= days * tariff.cap_cents


@given(tariffs(nights=False), instants, lengths)
def test_counted_by_days_a_stay_may_be_split_at_midnight(tariff, arrival, length):
    tariff = replace(tariff, counted_from=CountedFrom.MIDNIGHT, free_minutes=0)
    departure = arrival + length
    midnight = datetime.combine(arrival.astimezone(ZONE).date() + DAY, datetime.min.time(), ZONE).astimezone(UTC)
    assume(midnight < departure)
    parts = fee(tariff, arrival, midnight).total + fee(tariff, midnight, departure).total
    assert fee(tariff, arrival, departure).total == parts


@given(tariffs(), instants)
def test_within_the_free_minutes_nothing_is_paid(tariff, arrival):
    assert fee(tariff, arrival, arrival + tariff.free_minutes * MINUTE).total.cents == 0


@given(tariffs())
def test_what_a_form_holds_is_the_tariff(tariff):
    assert tariff_from(cells_of_tariff(tariff)) == (tariff, {})
    row = TariffRow(code=tariff.code)
    row.take(tariff, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert row.tariff == tariff


@given(periods())
def test_what_is_written_is_read_again(period):
    assert periods_of(written(period)) == (period,)


@given(st.sampled_from(Rounding), st.integers(0, 10_000), st.sampled_from([1, 5, 10, 50]))
def test_rounding_moves_by_less_than_its_step_and_in_its_direction(way, cents, to):
    moved = ROUND[way](cents, to) - cents
    assert (cents + moved) % to == 0
    assert abs(moved) < to
    assert {Rounding.UP: moved >= 0, Rounding.DOWN: moved <= 0, Rounding.NEAREST: 2 * abs(moved) <= to}[way]


@pytest.mark.parametrize(
    "text",
    [
        *("Mo-Fr 07:00-17:00", "Mo-Fr: 60 min 0.80", "Mo-Fr 07:00-17:00: 60 min", "Xx 07:00-17:00: 60 min 0.80"),
        *("Mo 07:00-17:00: 60 min 0.8", "Mo 07:00-17:00 02-30/03-01: 60 min 1", "Mo 07:00-17:00: 60 min -1"),
    ],
)
def test_a_period_that_is_not_understood_is_refused_with_words(text: str):
    with pytest.raises(ValueError, match="a period is written such as"):
        periods_of(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"periods": periods_of("Mo 07:00-17:00: 60 min 1 up to 90 min; 60 min 1")},
        {"periods": periods_of("Mo 07:00-17:00: 60 min 1; 60 min 2")},
        {"periods": periods_of("Mo 07:00-17:00: 60 min 1 up to 120 min")},
        {"periods": periods_of("Mo 07:00-17:00: 0 min 1")},
        {"round_to": 0},
        {"cap_cents": -1},
        {"reliefs": {Exemption.CHARGING: Relief(percent=101)}},
    ],
)
def test_what_does_not_go_together_is_told(wrong):
    assert wrong_in_tariff(replace(STREET, **wrong))

"""Opening hours: written and read, a day and an instant, holidays, nights and the change of the clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.text import Text
from simos.modules.mobility.parking.queries import is_holiday
from simos.modules.mobility.parking.rules.hours import hours_of, is_open, next_change, spans_on, told, written
from simos.modules.mobility.parking.rules.openness import openness_of
from simos.modules.mobility.parking.tests.made_up_facilities import hours
from simos.modules.mobility.parking.values import Closure, FacilityFacts, OpeningHours, Span

ZONE = ZoneInfo("Europe/Ljubljana")
SHOP = "Mo-Fr 06:00-22:00; Sa 07:00-14:00,16:00-20:00; PH off; 2026-12-24/2026-12-26 08:00-12:00"
instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 1)).map(  # noqa: DTZ001 - the strategy takes naive ones
    lambda each: each.replace(microsecond=0, tzinfo=UTC)
)


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def opened(text: str, at: str) -> bool:
    return is_open(hours_of(text), here(at), zone=ZONE, is_holiday=is_holiday)


@given(hours())
def test_what_is_written_is_read_again(found: OpeningHours):
    assert hours_of(written(found)) == found


@given(hours(), instants)
def test_it_is_open_until_the_next_change_and_otherwise_after_it(found: OpeningHours, at: datetime):
    now = is_open(found, at, zone=ZONE, is_holiday=is_holiday)
    change = next_change(found, at, zone=ZONE, is_holiday=is_holiday)
    if change is None:
        return
    assert change > at
    second = timedelta(seconds=1)
    assert is_open(found, change - second, zone=ZONE, is_holiday=is_holiday) is now
    assert is_open(found, change, zone=ZONE, is_holiday=is_holiday) is not now


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-25T06:00", True),  # a Wednesday
        ("2026-11-25T05:59:59", False),
        ("2026-11-25T22:00", False),
        ("2026-11-28T15:00", False),  # a Saturday, between its spans
        ("2026-11-28T16:00", True),
        ("2026-11-29T12:00", False),  # a Sunday, of no rule
        ("2027-02-08T12:00", False),  # Prešeren Day, a Monday
        ("2026-12-25T09:00", True),  # a date goes before a holiday
        ("2026-12-25T12:00", False),
    ],
)
def test_a_date_goes_before_a_holiday_and_a_holiday_before_its_weekday(at: str, expected: bool):
    assert opened(SHOP, at) is expected


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("Fr 20:00-04:00", "2026-11-28T03:59", True),  # Friday's night goes on
        ("Fr 20:00-04:00", "2026-11-28T04:00", False),
        ("Fr 20:00-04:00", "2026-11-27T03:00", False),
        ("24/7", "2026-12-25T03:00", True),
        ("Mo-Su 00:00-24:00", "2026-10-25T02:30", True),  # the hour that comes twice
        ("Su 02:00-03:00", "2026-03-29T03:30", False),  # the hour that does not come
        ("Sa-Mo 10:00-11:00", "2026-11-29T10:30", True),
        ("Sa-Mo 10:00-11:00", "2026-11-24T10:30", False),
    ],
)
def test_nights_weeks_and_changes_of_the_clock(text: str, at: str, expected: bool):
    assert opened(text, at) is expected


def test_a_span_over_the_change_of_the_clock_ends_by_the_wall():
    found = next_change(hours_of("Su 01:00-05:00"), here("2026-10-25T01:00"), zone=ZONE, is_holiday=is_holiday)
    assert found == datetime(2026, 10, 25, 4, tzinfo=UTC)  # five hours later, not four


@pytest.mark.parametrize(
    "text",
    [
        *("", "ponedeljek", "Mo", "Mo 6-22", "Mo 06:00-22:60", "Mo 25:00-26:00", "Mo 08:00-12:00,11:00-13:00"),
        *("Mo off; Mo 06:00-07:00", "PH off; PH off", "2026-02-30 off", "2026-01-02/2026-01-01 off", "Xx off"),
        *("2026-01-01/2026-01-05 off; 2026-01-05 06:00-07:00", "Mo 00:00-49:00", ";" * 10),
    ],
)
def test_what_is_not_understood_is_refused_with_words(text: str):
    with pytest.raises(ValueError, match=r"hours are written|stands there twice"):
        hours_of(text)


def test_a_holiday_of_no_rule_is_as_its_weekday():
    assert spans_on(hours_of("Mo-Fr 06:00-07:00"), date(2027, 2, 8), is_holiday) == (Span(360, 420),)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "sl",
            [
                ("ponedeljek – petek", "06:00–22:00"),
                ("sobota", "07:00–14:00, 16:00–20:00"),
                ("prazniki in dela prosti dnevi", "zaprto"),
                ("24. 12. 2026 – 26. 12. 2026", "08:00–12:00"),
            ],
        ),
        (
            "en",
            [
                ("Monday – Friday", "06:00–22:00"),
                ("Saturday", "07:00–14:00, 16:00–20:00"),
                ("public holidays", "closed"),
                ("24/12/2026 – 26/12/2026", "08:00–12:00"),
            ],
        ),
    ],
)
def test_hours_are_told_in_words(language: str, said: list[tuple[str, str]]):
    assert list(told(hours_of(SHOP), language)) == said


def test_the_office_closes_at_all_hours_and_says_why_and_how_long():
    until = here("2026-11-26T08:00").astimezone(UTC)
    works = Closure(reason=Text(sl="Dela", en="Works"), since=here("2026-11-25T10:00").astimezone(UTC), until=until)
    facts = FacilityFacts(code="a", name="A", hours=hours_of("Mo-Fr 06:00-22:00"), closure=works)

    def at(text: str):
        return openness_of(facts, here(text), zone=ZONE, is_holiday=is_holiday)

    assert (at("2026-11-25T09:00").open, at("2026-11-25T09:00").changes_at) == (True, works.since)
    assert (at("2026-11-25T10:00").open, at("2026-11-25T10:00").reason) == (False, works.reason)
    assert at("2026-11-25T10:00").changes_at == until
    assert at("2026-11-26T08:00").open
    night = at("2026-11-26T23:00")
    assert (night.open, night.reason, night.changes_at) == (False, None, here("2026-11-27T06:00").astimezone(UTC))
    unsaid = openness_of(FacilityFacts(code="a", name="A"), until, zone=ZONE, is_holiday=is_holiday)
    assert (unsaid.open, unsaid.changes_at) == (True, None)

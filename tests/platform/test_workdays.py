"""Work-free days as published, working days and terms: facts of single years, and rules for all of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.platform.procedure.holidays import easter_sunday, work_free_days
from simos.platform.procedure.workdays import (
    add_working_days,
    end_of_day,
    is_working_day,
    term_ends_on,
    working_day_from,
)

dates = st.dates(date(2014, 1, 1), date(2040, 12, 31))
DAY = timedelta(days=1)


def test_easter_falls_as_published():
    published = {
        2013: (3, 31), 2016: (3, 27), 2020: (4, 12), 2021: (4, 4), 2022: (4, 17), 2023: (4, 9), 2024: (3, 31),
        2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21), 2035: (3, 25),
        2038: (4, 25), 2040: (4, 1),
    }  # fmt: skip
    assert {year: (easter_sunday(year).month, easter_sunday(year).day) for year in published} == published


@given(st.integers(1583, 4000))
def test_easter_is_a_sunday_from_22_march_to_25_april(year):
    found = easter_sunday(year)
    assert found.weekday() == 6
    assert date(year, 3, 22) <= found <= date(year, 4, 25)


@pytest.mark.parametrize(
    ("year", "on_weekdays"),
    [(2018, 13), (2019, 12), (2021, 6), (2022, 8), (2023, 12), (2024, 12), (2025, 10), (2026, 7)],
)
def test_as_many_fall_on_working_days_as_the_news_agency_counted(year, on_weekdays):
    """Counts of STA and others, published each January; 2018 and 2019 without those at the week's end."""
    assert sum(day.weekday() < 5 for day in work_free_days(year)) == on_weekdays


def test_the_list_of_2024_is_the_published_one():
    said = "1.1. 2.1. 8.2. 31.3. 1.4. 27.4. 1.5. 2.5. 19.5. 25.6. 15.8. 31.10. 1.11. 25.12. 26.12."
    assert " ".join(f"{day.day}.{day.month}." for day in work_free_days(2024)) == said


def test_2_january_was_a_working_day_from_2013_to_2016():
    free = {year for year in range(2013, 2041) if date(year, 1, 2) in work_free_days(year)}
    assert free == set(range(2017, 2041))


def test_the_day_of_solidarity_was_once():
    free = [year for year in range(2013, 2041) if date(year, 8, 14) in work_free_days(year)]
    assert free == [2023]


@pytest.mark.parametrize("day", [(6, 8), (8, 17), (9, 15), (9, 23), (11, 23)])
def test_holidays_that_are_not_work_free_are_working_days(day):
    assert is_working_day(working_day_from(date(2026, *day)))
    assert date(2026, *day) not in work_free_days(2026)


def test_older_lists_are_not_guessed():
    with pytest.raises(ValueError, match="2013"):
        is_working_day(date(2012, 12, 31))


@given(dates)
def test_no_work_is_done_at_the_weeks_end_nor_on_a_free_day(day):
    assert is_working_day(day) == (day.weekday() < 5 and day not in work_free_days(day.year))


@given(dates, st.integers(-60, 60).filter(bool))
def test_so_many_working_days_lie_between(day, count):
    end = add_working_days(day, count)
    first, last = (day + DAY, end) if count > 0 else (end, day - DAY)
    between = [first + DAY * n for n in range((last - first).days + 1)]
    assert sum(map(is_working_day, between)) == abs(count)
    assert is_working_day(end)


@given(dates)
def test_no_working_days_later_is_the_same_day(day):
    assert add_working_days(day, 0) == day


@given(dates, st.integers(1, 400))
def test_a_term_of_days_ends_on_the_first_working_day_from_its_last(day, days):
    end = term_ends_on(day, days=days)
    nominal = day + DAY * days
    assert is_working_day(end)
    assert not any(is_working_day(nominal + DAY * n) for n in range((end - nominal).days))


@pytest.mark.parametrize(
    ("event", "term", "last"),
    [
        (date(2018, 1, 12), {"days": 15}, date(2018, 1, 29)),  # the 27th is a Saturday
        (date(2026, 3, 2), {"days": 8}, date(2026, 3, 10)),
        (date(2026, 3, 27), {"days": 8}, date(2026, 4, 7)),  # Saturday, Easter Sunday, Easter Monday
        (date(2025, 12, 17), {"days": 8}, date(2025, 12, 29)),  # 25 and 26 December, a weekend
        (date(2025, 1, 31), {"months": 1}, date(2025, 2, 28)),
        (date(2024, 1, 31), {"months": 1}, date(2024, 2, 29)),
        (date(2026, 1, 15), {"months": 3}, date(2026, 4, 15)),
        (date(2025, 11, 30), {"months": 1}, date(2025, 12, 30)),
        (date(2025, 10, 31), {"months": 2}, date(2025, 12, 31)),
        (date(2024, 2, 29), {"years": 1}, date(2025, 2, 28)),
        (date(2026, 6, 25), {"years": 2}, date(2028, 6, 26)),  # Statehood Day, a Sunday
    ],
)
def test_terms_end_as_the_law_says(event, term, last):
    assert term_ends_on(event, **term) == last


@pytest.mark.parametrize("term", [{}, {"days": 0}, {"days": -1}, {"days": 1, "months": 1}])
def test_a_term_is_one_length(term):
    with pytest.raises(ValueError, match="a term is"):
        term_ends_on(date(2026, 1, 1), **term)


@given(dates)
def test_a_day_ends_where_the_next_begins_at_home(day):
    assert end_of_day(day) - end_of_day(day - DAY) in (timedelta(hours=23), timedelta(hours=24), timedelta(hours=25))


def test_a_day_ends_at_midnight_in_slovenia():
    assert end_of_day(date(2026, 7, 1)) == datetime(2026, 7, 1, 22, tzinfo=UTC)
    assert end_of_day(date(2026, 12, 31)) == datetime(2026, 12, 31, 23, tzinfo=UTC)

"""Reference numbers: without gaps, each scope, series and year for itself, readable and read back."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Scope
from simos.kernel.errors import NotFound
from simos.platform.audit.transactions import OutsideTransaction
from simos.platform.procedure.numbers import Reference, next_number
from simos.platform.scopes.models import City

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")


def take(scope=CELJE, series="354", at=AT) -> str:
    with transaction.atomic():
        return str(next_number(scope, series, at=at))


@pytest.mark.django_db
def test_numbers_rise_by_one_in_each_scope_series_and_year():
    assert [take(), take(), take()] == ["354-1/2026", "354-2/2026", "354-3/2026"]
    assert take(KOPER) == take(FEDERATION) == "354-1/2026"
    assert take(series="014-1") == "014-1-1/2026"
    assert take(at=AT.replace(year=2027)) == "354-1/2027"
    assert take() == "354-4/2026"


@pytest.mark.django_db
def test_what_is_undone_takes_its_number_with_it():
    take()

    @transaction.atomic
    def failing_action():
        next_number(CELJE, "354", at=AT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_action()
    assert take() == "354-2/2026"


@pytest.mark.django_db
def test_the_year_is_the_citys_not_that_of_utc():
    eve = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert take(at=eve) == "354-1/2027"
    City.objects.filter(code="koper").update(time_zone="America/New_York")
    assert take(KOPER, at=eve) == "354-1/2026"
    assert take(FEDERATION, at=eve) == "354-1/2027"


@pytest.mark.django_db
def test_a_number_is_taken_in_an_actions_transaction_for_a_known_scope():
    with pytest.raises(OutsideTransaction):
        next_number(CELJE, "354", at=AT)
    with pytest.raises(NotFound):
        take(Scope.city("atlantis"))
    for series in ("", "3/5", "-3", "3--5", "a b", "9" * 41):
        with pytest.raises(ValueError, match="series"):
            take(series=series)


series = st.from_regex(r"[0-9A-Za-z]{1,8}([.-][0-9A-Za-z]{1,8}){0,2}", fullmatch=True)


@given(series, st.integers(1000, 9999), st.integers(1, 10**17))
def test_what_is_written_is_read_back(said, year, number):
    reference = Reference(said, year, number)
    assert Reference.parse(f" {reference} ") == reference


@pytest.mark.parametrize("text", ["", "354-17", "354/2026", "354-0/2026", "354-017/2026", "-17/2026", "354-17/26", "x"])
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(ValueError, match=r"reference|series"):
        Reference.parse(text)

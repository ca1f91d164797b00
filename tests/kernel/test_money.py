"""Money never loses a cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.money import Money

cents = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@given(cents, weights)
def test_shares_add_up_to_the_whole(amount: int, by: list[int]) -> None:
    parts = Money(amount).shared(by)
    assert sum(part.cents for part in parts) == amount
    assert len(parts) == len(by)


@given(cents, weights)
def test_a_share_is_within_a_cent_of_its_due(amount: int, by: list[int]) -> None:
    for part, weight in zip(Money(amount).shared(by), by, strict=True):
        assert abs(part.cents * sum(by) - amount * weight) < sum(by)


@given(cents, weights)
def test_who_has_no_weight_gets_nothing(amount: int, by: list[int]) -> None:
    assert all(part.cents == 0 for part, weight in zip(Money(amount).shared(by), by, strict=True) if weight == 0)


@given(cents, cents)
def test_sums_and_differences_undo_each_other(one: int, other: int) -> None:
    assert Money(one) + Money(other) - Money(other) == Money(one)
    assert Money(one) + -Money(one) == Money(0)


@pytest.mark.parametrize("by", [[], [0, 0], [2, -1]])
def test_weights_that_share_nothing_are_refused(by: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100).shared(by)


def test_two_currencies_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="EUR and HUF"):
        Money(100) + Money(100, "HUF")


@pytest.mark.parametrize("wrong", [1.0, "1", True, None])
def test_cents_are_whole(wrong: object) -> None:
    with pytest.raises(TypeError, match="whole number"):
        Money(wrong)  # type: ignore[arg-type]  # that it is of the wrong type is the point


@pytest.mark.parametrize(("amount", "shown"), [(1, "0.01 EUR"), (-5, "-0.05 EUR"), (123456, "1234.56 EUR")])
def test_an_amount_is_written_with_its_cents(amount: int, shown: str) -> None:
    assert str(Money(amount)) == shown

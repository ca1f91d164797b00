"""Money is a whole number of cents with a currency. Never a float."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in cents of an ISO 4217 currency. Adding two currencies is an error."""

    cents: int
    currency: str = "EUR"

    def __post_init__(self) -> None:
        if isinstance(self.cents, bool) or not isinstance(self.cents, int):
            raise TypeError(f"cents are a whole number, not {self.cents!r}")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise ValueError(f"a currency is three capital letters (ISO 4217), not {self.currency!r}")

    def _cents_of(self, other: Self) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.cents

    def __add__(self, other: Self) -> Self:
        return type(self)(self.cents + self._cents_of(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.cents - self._cents_of(other), self.currency)

    def __mul__(self, times: int) -> Self:
        return type(self)(self.cents * times, self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.cents, self.currency)

    def shared(self, weights: Sequence[int]) -> tuple[Self, ...]:
        """This amount in parts by `weights` (not negative, not all 0), with no cent lost: leftovers go to the largest
        remainders."""
        total = sum(weights)
        if total <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("weights must not be negative, and not all 0")
        parts = [self.cents * weight // total for weight in weights]
        remainders = [self.cents * weight % total for weight in weights]
        order = sorted(range(len(weights)), key=lambda place: (-remainders[place], place))
        for place in order[: self.cents - sum(parts)]:
            parts[place] += 1
        return tuple(type(self)(part, self.currency) for part in parts)

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        return f"{sign}{abs(self.cents) // 100}.{abs(self.cents) % 100:02d} {self.currency}"

"""A page of which visitors say whether it was useful, and what comes of it. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Told:
    """The page that is spoken of."""

    address: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOpinions:
    """How many found a page useful, how many not, and the day of the newest opinion."""

    page: Told
    yes: int
    no: int
    newest: date

    @property
    def percent(self) -> int:
        """Of those who said something, how many found it useful."""
        return round(100 * self.yes / (self.yes + self.no))

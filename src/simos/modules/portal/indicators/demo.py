"""In the demo what can be measured is measured at once, and a survey that nobody held has given two ratings."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.kernel.module import Every
from simos.kernel.text import Text
from simos.platform.indicators.actions import enter, measure_all, present_in, zone_of
from simos.platform.indicators.declared import indicator_in
from simos.platform.indicators.periods import ended_by
from simos.platform.indicators.queries import measurements_of

RATINGS = (1.1, 0.4)
"""Of the last year and the one before."""
MADE_UP = Text(
    sl="Izmišljena vrednost, da se vidi, kako kazalnik deluje.",
    en="A made-up value, to show how the indicator works.",
    it="Un valore inventato, per mostrare come funziona l’indicatore.",
)


def load(scope: Scope, *, by: Actor, at: datetime) -> None:
    """The portal's rating has two made-up values, which say so. Done again, it changes nothing."""
    measure_all(by=by, at=at)
    rating = indicator_in(scope, "portal/home", "satisfaction-gained")
    if measurements_of(scope, rating).exists():
        return
    years = ended_by(Every.YEAR, present_in(scope), zone_of(scope), len(RATINGS))
    for period, value in zip(years, RATINGS, strict=True):
        enter(scope, rating, period, value, note=MADE_UP, by=by, at=at)

"""What parking measures of the Celje initiative: CO2 that was not emitted, a range of which each end is an indicator.

Counts vehicles, never people. Users are left out: pages are read without anybody being known, and so it stays.
"""

from simos.kernel.acting import Scope
from simos.kernel.text import Text
from simos.modules.mobility.parking.queries.insight import arrivals_between, assumptions
from simos.modules.mobility.parking.rules.avoided import NotDriven, not_driven
from simos.platform.indicators.values import Measured, Period

SOURCE = Text(
    sl="padci števila prostih mest in predpostavke mesta o iskanju",
    en="falls of the counts of free spaces, and what the city assumes about searching",
    it="cali del numero di posti liberi e ipotesi della città sulla ricerca",
)
NOTE = Text(
    sl="Ni izmerjeno: ena meja razpona, ki ga dajo predpostavke na strani »Kako so parkirišča zasedena«.",
    en="Not measured: one end of the range that the assumptions on the page “How parking is used” give.",
    it="Non misurato: un estremo dell’intervallo dato dalle ipotesi della pagina «Come vengono usati i parcheggi».",
)


def _in(period: Period) -> tuple[NotDriven, int] | None:
    """Of the period's days; None where nothing was counted on any of them."""
    arrivals, readings = arrivals_between(period.first, period.last)
    return (not_driven(arrivals, assumptions()), readings) if readings else None


def co2_low(scope: Scope, period: Period) -> Measured | None:
    """Tonnes that were at least not emitted, if the assumptions hold."""
    found = _in(period)
    return found and Measured(value=round(found[0].tonnes.low, 3), readings=found[1], source=SOURCE, note=NOTE)


def co2_high(scope: Scope, period: Period) -> Measured | None:
    """Tonnes that were at most not emitted, if the assumptions hold."""
    found = _in(period)
    return found and Measured(value=round(found[0].tonnes.high, 3), readings=found[1], source=SOURCE, note=NOTE)


compute = {"co2-avoided-low": co2_low, "co2-avoided-high": co2_high}

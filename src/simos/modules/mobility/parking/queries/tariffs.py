"""What parking costs in the city in force: its tariffs, and the fee of a stay."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from simos.modules.mobility.parking.models import Facility, TariffRow
from simos.modules.mobility.parking.queries.facilities import is_holiday
from simos.modules.mobility.parking.rules.tariffs import fee_for
from simos.modules.mobility.parking.values.facilities import Exemption
from simos.modules.mobility.parking.values.tariffs import Fee, Tariff
from simos.platform.procedure.workdays import working_day_from

SAMPLES = (60, 180, 24 * 60)
"""Minutes: an hour, three hours, a day."""


def tariffs_of() -> Sequence[TariffRow]:
    """All tariffs of the city in force, by name."""
    return list(TariffRow.objects.all())


def fee_of(
    facility: Facility, arrival: datetime, departure: datetime, exemptions: Collection[Exemption] = (), *, zone: str
) -> Fee | None:
    """What a stay costs there; None where the office has not said what it costs. The facility takes into account only
    the exemptions that it accepts. ValueError as `fee_for`."""
    if facility.tariff is None:
        return None
    accepted = {each for each in exemptions if each in facility.facts.exemptions}
    return fee_for(facility.tariff.tariff, arrival, departure, accepted, zone=ZoneInfo(zone), is_holiday=is_holiday)


def fees_of(
    facilities: Iterable[Facility], arrival: datetime, departure: datetime, *, zone: str
) -> Mapping[str, Fee | None]:
    """What a stay costs in each, by its code."""
    return {each.code: fee_of(each, arrival, departure, zone=zone) for each in facilities}


def sample_fees(tariff: Tariff, day: date, *, zone: str) -> Sequence[tuple[int, int]]:
    """What SAMPLES cost, in minutes and cents, for who comes at ten o'clock on the first working day from `day` on."""
    arrival = datetime.combine(working_day_from(day), time(10), ZoneInfo(zone))
    return [
        (
            minutes,
            fee_for(
                tariff, arrival, arrival + timedelta(minutes=minutes), zone=ZoneInfo(zone), is_holiday=is_holiday
            ).total.cents,
        )
        for minutes in SAMPLES
    ]

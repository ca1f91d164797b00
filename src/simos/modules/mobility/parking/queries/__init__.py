"""What is known of parking. Facilities and counts by their names here; what takes more to load in files of its own."""

from simos.modules.mobility.parking.queries.facilities import (
    areas_of,
    count_of,
    counts_of,
    facilities_of,
    facility_of,
    history_of,
    is_holiday,
    opening_of,
)
from simos.modules.mobility.parking.queries.tariffs import fee_of, sample_fees, tariffs_of

__all__ = [
    "areas_of",
    "count_of",
    "counts_of",
    "facilities_of",
    "facility_of",
    "fee_of",
    "history_of",
    "is_holiday",
    "opening_of",
    "sample_fees",
    "tariffs_of",
]

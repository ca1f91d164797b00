"""Numbers and times in a given language, independent of the request. Looks nothing up but the language's formats."""

from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import override

LJUBLJANA = ZoneInfo("Europe/Ljubljana")


@lru_cache(maxsize=10_000)
def number_in(value: float, language: str, *, digits: int | None = None) -> str:
    """`value` grouped by thousands, with `digits` decimals (None: none for whole numbers, else one)."""
    places = digits if digits is not None else (0 if float(value).is_integer() else 1)
    rounded = round(value, places) + 0  # never -0.0, which is written in another way and kept as the same
    with override(language):
        written = formats.number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)
    return written.replace("-", "−")


def time_in(at: datetime, language: str, form: str, *, zone: tzinfo = LJUBLJANA) -> str:
    """The aware `at` in the zone's local time, by the format of that name (`TIME_FORMAT`, `SHORT_DATETIME_FORMAT`)."""
    with override(language):
        return formats.date_format(at.astimezone(zone), form)

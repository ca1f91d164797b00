"""When something was observed, as sources write it, in microseconds of UTC. Pure; does not tell the time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simos.kernel.clock import micros_of

ISO = "iso"
_COUNTS = {"seconds": 1_000_000, "milliseconds": 1_000, "microseconds": 1, "nanoseconds": 0.001}
_LATEST = 253_402_300_799_999_999
"""The last instant of the year 9999."""

_TRIAL = datetime(2025, 1, 1, tzinfo=UTC)

Read = Callable[[Any], int]


def zone_of(name: str) -> ZoneInfo:
    """ValueError where there is no such time zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}; one is Europe/Ljubljana") from None


def reader(form: str, zone: tzinfo | None) -> Read:
    """What reads times of the form `iso`, `seconds` and so on, or one of strptime; ValueError where it is none.

    What it returns raises ValueError for what is no such time, and for a local time that came twice or never.
    """
    if form in _COUNTS:
        return _counting(form, _COUNTS[form])
    if form != ISO:
        if "%" not in form or not any(each in form for each in ("%Y", "%y", "%s", "%c", "%x", "%G")):
            raise ValueError(
                f"a time's format is {ISO}, {', '.join(_COUNTS)}, or one such as '%d.%m.%Y %H:%M'; not {form!r}"
            )
        try:
            datetime.strptime(_TRIAL.strftime(form), form)  # noqa: DTZ007 - only whether it can be read
        except ValueError as error:
            raise ValueError(f"{form!r} cannot be read as a time's format: {error}") from None

    def read(raw: Any) -> int:
        if isinstance(raw, datetime):
            found = raw
        elif isinstance(raw, date):
            found = datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001 - its zone comes with the next step
        elif not isinstance(raw, str):
            raise ValueError(f"{str(raw)[:60]!r} is no text; for a number say which: seconds or milliseconds")
        elif form == ISO:
            found = _iso(raw)
        else:
            try:
                found = datetime.strptime(raw.strip(), form)  # noqa: DTZ007 - the same
            except ValueError:
                raise ValueError(f"{raw[:60]!r} does not look like {form}") from None
        return micros_of(found if found.tzinfo is not None else _placed(found, zone))

    return read


def _iso(raw: str) -> datetime:
    try:
        return datetime.fromisoformat(_shortened(raw.strip()))
    except ValueError:
        raise ValueError(f"{raw[:60]!r} is no ISO 8601 time such as 2025-09-01T12:00:00Z; say its format") from None


def _shortened(text: str) -> str:
    """Nanoseconds, as network servers send them, cut to what Python reads."""
    if len(text) > 26 and text[19:20] == "." and text[20:29].isdigit():
        return text[:26] + text[26:].lstrip("0123456789")
    return text


def _placed(local: datetime, zone: tzinfo | None) -> datetime:
    if zone is None:
        raise ValueError(f"{local.isoformat()} does not say its time zone; say it in the mapping (zone)")
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        never = "never came" if back != local else "came twice"
        raise ValueError(
            f"{local.isoformat()} {never} in {zone}, as clocks were changed: a time with its offset is clear"
        )
    return first


def _counting(form: str, micros: float) -> Read:
    def read(raw: Any) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int | float | str):
            raise ValueError(f"{str(raw)[:60]!r} is no number of {form}")
        try:
            number = (
                int(raw) if isinstance(raw, int) or (isinstance(raw, str) and raw.strip().isdigit()) else float(raw)
            )
            found = number * micros if isinstance(number, int) and micros >= 1 else round(number * micros)
        except (ValueError, OverflowError):
            raise ValueError(f"{str(raw)[:60]!r} is no number of {form}") from None
        if not 0 <= found <= _LATEST:
            raise ValueError(f"{str(raw)[:60]} {form} since 1970 is no time of ours")
        return int(found)

    return read

"""NGSI-LD times (ETSI GS CIM 009, 4.6.3): ISO 8601 in UTC with Z, to microseconds and back. Does not tell the time."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from simos.hub.problems import BadRequestData
from simos.kernel.clock import at_micros, micros_of

_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?Z", re.ASCII)


@lru_cache(maxsize=16_384)
def micros_of_text(text: str) -> int:
    """Microseconds since 1970 of a DateTime; ValueError where it is none. Digits past microseconds are dropped."""
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"a DateTime looks like 2025-09-01T12:00:00Z, in UTC; not {text[:60]!r}")
    whole, fraction = found.groups()
    at = datetime.fromisoformat(whole).replace(tzinfo=UTC)
    return micros_of(at) + (int(fraction[:6].ljust(6, "0")) if fraction else 0)


@lru_cache(maxsize=16_384)
def text_of_micros(micros: int) -> str:
    """The canonical text of an instant: `2025-09-01T12:00:00Z`, with six digits of fraction where there is one."""
    at = at_micros(micros).replace(tzinfo=None)
    return at.isoformat() + "Z"


def canonical(text: str) -> str:
    """A DateTime as the hub writes it; ValueError where it is none."""
    return text_of_micros(micros_of_text(text))


def instant(text: object, name: str) -> int:
    """Microseconds of the DateTime that a user gave for `name`; BadRequestData where it is none."""
    if not isinstance(text, str):
        raise BadRequestData(f"{name}: a DateTime is a string such as 2025-09-01T12:00:00Z")
    try:
        return micros_of_text(text)
    except ValueError as error:
        raise BadRequestData(f"{name}: {error}") from None

"""The work-free days of Slovenia by law, computed for any year since 2013. Data and pure rules; tells no time.

Zakon o praznikih in dela prostih dnevih v Republiki Sloveniji (ZPDPD; Uradni list RS, 112/05 consolidated, 52/10,
40/12 ZUJF, 19/15, 83/16, 92/20), articles 1 to 3. Holidays that are not work-free (8 June, 17 August, 15 September,
23 September, 25 October, 23 November) are working days and not listed here. Checked in November 2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from simos.kernel.text import Text

FIRST_YEAR = 2013
"""Since 31 May 2012 (ZUJF, Uradni list RS, 40/12) the list has been what the table says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Each:
    """A work-free day with the same date in every year from `since` to `until`, both included."""

    month: int
    day: int
    name: Text
    since: int = FIRST_YEAR
    until: int = 9999


_NEW_YEAR = Text(sl="novo leto", en="New Year")
_LABOUR_DAY = Text(sl="praznik dela", en="Labour Day")

_BY_DATE: tuple[_Each, ...] = (
    _Each(month=1, day=1, name=_NEW_YEAR),
    # Not from 2013 to 2016: ZUJF, art. 91 and following (40/12) took it, 83/16 gave it back from 2017.
    _Each(month=1, day=2, name=_NEW_YEAR, since=2017),
    _Each(month=2, day=8, name=Text(sl="Prešernov dan, slovenski kulturni praznik", en="Prešeren Day")),
    _Each(month=4, day=27, name=Text(sl="dan upora proti okupatorju", en="Day of Uprising Against Occupation")),
    _Each(month=5, day=1, name=_LABOUR_DAY),
    _Each(month=5, day=2, name=_LABOUR_DAY),
    _Each(month=6, day=25, name=Text(sl="dan državnosti", en="Statehood Day")),
    # Once, after the floods: ZOPNN-F (Uradni list RS, 88/23).
    _Each(month=8, day=14, name=Text(sl="dan solidarnosti", en="Solidarity Day"), since=2023, until=2023),
    _Each(month=8, day=15, name=Text(sl="Marijino vnebovzetje", en="Assumption Day")),
    _Each(month=10, day=31, name=Text(sl="dan reformacije", en="Reformation Day")),
    _Each(month=11, day=1, name=Text(sl="dan spomina na mrtve", en="Day of Remembrance of the Dead")),
    _Each(month=12, day=25, name=Text(sl="božič", en="Christmas Day")),
    _Each(month=12, day=26, name=Text(sl="dan samostojnosti in enotnosti", en="Independence and Unity Day")),
)

_AFTER_EASTER: Mapping[int, Text] = {
    0: Text(sl="velikonočna nedelja", en="Easter Sunday"),
    1: Text(sl="velikonočni ponedeljek", en="Easter Monday"),
    49: Text(sl="binkoštna nedelja", en="Whit Sunday"),
}


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the Meeus/Jones/Butcher rule)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@cache
def work_free_days(year: int) -> Mapping[date, Text]:
    """The year's work-free days by law, in order, with their names. ValueError before 2013: other lists held then."""
    if year < FIRST_YEAR:
        raise ValueError(f"work-free days are known from {FIRST_YEAR} on, not for {year}")
    found = {date(year, each.month, each.day): each.name for each in _BY_DATE if each.since <= year <= each.until}
    easter = easter_sunday(year)
    found |= {easter + timedelta(days=days): name for days, name in _AFTER_EASTER.items()}
    return MappingProxyType(dict(sorted(found.items())))

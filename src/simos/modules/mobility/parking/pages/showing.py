"""What parking's pages say of a facility: its kind, its state in a word, and its line in a list. No page here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zlib import crc32
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.modules.mobility.parking.public import FacilityNow, standing_of
from simos.modules.mobility.parking.rules.fee_words import amount
from simos.modules.mobility.parking.rules.trust import Trend
from simos.modules.mobility.parking.values import TYPES, Count, FacilityFacts, Kind, State
from simos.modules.mobility.parking.values.tariffs import Fee
from simos.modules.mobility.parking.values.words import text_of, word_of
from simos.platform.scopes.models import City
from simos.platform.things.door import reader
from simos.web.formatting import number_in, time_in
from simos.web.pages import Live
from simos.web.parts import State as Shown
from simos.web.parts import Tab

SHOWN = {State.FREE: Shown.GOOD, State.FEW: Shown.LOW, State.FULL: Shown.BAD}
STATES = {state: (SHOWN.get(state, Shown.PLAIN), text_of(state)) for state in State}

PRICED = timedelta(hours=2)
"""The stay whose price the list says, for who comes now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A facility as the list shows it. `free` is None where no fresh count is known: a stale one misleads.

    `live`: its number may change while one looks; not while it is closed or its source doubted. `note`: why there is no
    number, or until when it is closed. `trend`: which way it goes, in words. `about`: what else a driver looks for.
    """

    facts: FacilityFacts
    state: State
    address: str
    entity: str
    kind: str
    free: int | None
    observed_at: datetime | None
    shown: Shown
    word: str
    few: int
    most: int | None
    live: bool
    note: str
    trend: str
    about: tuple[str, ...]

    @property
    def mark(self) -> str:
        """Its element's id on the page."""
        return f"lot-{self.facts.code}"

    @property
    def standing(self) -> str:
        """Another word when anything but the number and its time is told otherwise than before."""
        counted = self.live and self.free is not None
        told = (self.live, self.word if not counted else "", self.note, self.trend, self.about)
        return f"{crc32(repr(told).encode()):08x}"


def line_of(
    facts: FacilityFacts,
    count: Count | None,
    city: City,
    now: datetime,
    *,
    trend: Trend | None = None,
    fee: Fee | None = None,
) -> Line:
    """`fee`: of PRICED from now on, where it is known what that costs."""
    standing = standing_of(facts, count, city=city, now=now, is_demo=False)
    shown, word = STATES[standing.state]
    return Line(
        facts=facts,
        state=standing.state,
        address=reverse("mobility_parking:facility", kwargs={"city": city.code, "code": facts.code}),
        entity=standing.entity,
        kind=word_of(facts.kind, language_now()),
        free=standing.free,
        observed_at=standing.observed_at,
        shown=shown,
        word=word.in_(language_now()),
        few=standing.few,
        most=standing.most,
        live=standing.live,
        note=_note(standing, city, now),
        trend=_trend_word(trend) if standing.free is not None else "",
        about=tuple(_about(facts, fee if standing.state is not State.CLOSED else None)),
    )


def _note(standing: FacilityNow, city: City, now: datetime) -> str:
    at = _when(standing.changes_at, city, now) if standing.changes_at else ""
    if standing.state is not State.CLOSED:
        return ""
    why = standing.closed_why.in_(language_now()) if standing.closed_why else ""
    until = _("Opens %(at)s") % {"at": at} if at else ""
    return ". ".join(part for part in (why.rstrip("."), until) if part)


def _when(at: datetime, city: City, now: datetime) -> str:
    """The time; with its date where that is not today."""
    zone, language = ZoneInfo(city.time_zone), language_now()
    if at.astimezone(zone).date() == now.astimezone(zone).date():
        return _("at %(time)s") % {"time": time_in(at, language, "TIME_FORMAT", zone=zone)}
    return time_in(at, language, "SHORT_DATETIME_FORMAT", zone=zone)


def _trend_word(trend: Trend | None) -> str:
    return {Trend.FILLING: _("↘ filling up"), Trend.EMPTYING: _("↗ emptying")}.get(trend, "") if trend else ""


def _about(facts: FacilityFacts, fee: Fee | None) -> Iterator[str]:
    """What a driver looks for besides a space."""
    language = language_now()
    if facts.height_cm:
        height = number_in(facts.height_cm / 100, language, digits=2)
        yield _("up to %(height)s m") % {"height": height}
    if facts.disabled:
        yield _("for people with disabilities: %(number)s") % {"number": number_in(facts.disabled, language)}
    if facts.charging:
        yield _("charging: %(number)s") % {"number": number_in(facts.charging, language)}
    if fee is not None:
        hours = PRICED // timedelta(hours=1)
        price = amount(fee.total.cents, language) if fee.total.cents else _("free of charge")
        yield _("%(hours)s h from now: %(price)s") % {"hours": hours, "price": price}


def is_covered(facts: FacilityFacts) -> bool:
    """Whether one parks under a roof."""
    return facts.kind is Kind.GARAGE


def views_of(city: City, current: str) -> list[Tab]:
    """The ways to look at the city's parking."""
    names = {"facilities": _("List"), "map": _("Map"), "choice": _("Where shall I park?")}
    return [
        Tab(title, reverse(f"mobility_parking:{name}", kwargs={"city": city.code}), current=name == current)
        for name, title in names.items()
    ]


def live_of(city: City, *ids: str) -> Live:
    query = {"tenant": city.code, "type": ",".join(TYPES)} | ({"id": ",".join(ids)} if ids else {})
    return Live(stream=f"/hub/live?{urlencode(query)}", since=str(reader().head()))


def words_of_states() -> dict[Shown, str]:
    """The words of the states that a number can come to while one looks."""
    return {STATES[state][0]: STATES[state][1].in_(language_now()) for state in (State.FREE, State.FEW, State.FULL)}


def language_now() -> str:
    return get_language() or settings.LANGUAGE_CODE


def spoken_states() -> SafeString:
    """The words of the states as attributes for live.js, written once for all lines."""
    return format_html_join(
        "", ' data-live-words-{}="{}"', ((str(shown), word) for shown, word in words_of_states().items())
    )

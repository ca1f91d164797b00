"""Where shall I park: a destination and an arrival in, the facilities that fit in order out, each with its reason.

Rules decide; nothing that is asked here is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from simos.kernel.acting import Scope
from simos.kernel.geo import Point
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.pages.facilities import filters_in
from simos.modules.mobility.parking.pages.showing import is_covered, language_now, views_of
from simos.modules.mobility.parking.public import standing_of
from simos.modules.mobility.parking.queries import counts_of, facilities_of, opening_of
from simos.modules.mobility.parking.queries.forecasts import forecasts_of
from simos.modules.mobility.parking.queries.tariffs import fees_of
from simos.modules.mobility.parking.rules.choice import (
    Candidate,
    Ruled,
    Wanted,
    minutes_on_foot,
    ranked,
    walk_of,
    why_not,
)
from simos.modules.mobility.parking.rules.fee_words import amount
from simos.modules.mobility.parking.rules.forecasts import Forecast
from simos.modules.mobility.parking.values import Count, FacilityFacts
from simos.modules.mobility.parking.values.tariffs import Fee
from simos.platform.places.queries import search
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.platform.things.door import reader
from simos.web.formatting import number_in, time_in
from simos.web.pages import Crumb, Page, render

MOST = 5
"""So many are shown: who reads on chooses no better."""

LONGEST, LEAST, MOST_NAMES = 120, 2, 8
"""Signs of a destination that are read, and from which on names are suggested; names at most."""

STAYS = (1, 2, 4, 8)
"""Hours; two unless something else is said."""

SOON = timedelta(minutes=10)
"""Whoever arrives within this finds what is free now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where the driver wants to go: a name to show, and its place."""

    name: str
    place: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A facility that is recommended. `because` says in a sentence why."""

    name: str
    address: str
    free: str
    free_word: str
    because: str
    steer: str


def choice(request: HttpRequest, city: City) -> HttpResponse:
    """The form, and below it the answers once a destination is found."""
    now = now_in(city)
    asked, filters = request.GET.get("to", "").strip()[:LONGEST], filters_in(request)
    stay = timedelta(hours=_stay(request.GET.get("stay", "")))
    arrival = _arrival(request.GET.get("at", ""), now, ZoneInfo(city.time_zone))
    destination = _destination(request, city, asked)
    wanted = Wanted(
        disabled=filters.disabled, charging=filters.charging, covered=filters.covered, height_cm=filters.height_cm
    )
    found = facilities_of()
    answers, ruled = _answers(city, destination, arrival, stay, now, wanted) if destination else ([], {})
    page = Page(
        title=_("Where shall I park?"),
        description=_("Say where you are going and when you arrive; we say where there will be a space."),
        city=city,
        breadcrumbs=(
            Crumb(module.title.in_(language_now()), reverse("mobility_parking:facilities", kwargs={"city": city.code})),
        ),
        demo=any(each.is_demo for each in found),
    )
    context = {
        "views": views_of(city, "choice"),
        "names": [each.name for each in found if each.facts.place is not None],
        "asked": asked,
        "at": time_in(arrival, "en", "H:i", zone=ZoneInfo(city.time_zone)),
        "filters": filters,
        "stay": stay // timedelta(hours=1),
        "stays": STAYS,
        "destination": destination,
        "not_found": bool(asked) and destination is None,
        "answers": answers,
        "ruled": ruled,
    }
    return render(request, "parking/choice.html", page, context)


def _arrival(said: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The next time that the city's clocks show what was said, as 14:30; now where nothing can be read."""
    try:
        hour, minute = (int(part) for part in said.split(":"))
        local = now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError:
        return now
    if local < now - timedelta(minutes=1):
        local += timedelta(days=1)
    return max(now, local)


def _stay(said: str) -> int:
    """Hours, as one of STAYS."""
    return int(said) if said in map(str, STAYS) else STAYS[1]


def suggestions(request: HttpRequest, city: City) -> HttpResponse:
    """What the destination that somebody is writing may be, as the options of the form's list. Nothing is kept."""
    asked = request.GET.get("to", "").strip()[:LONGEST]
    found = islice(_destinations(asked, city), MOST_NAMES) if len(asked) >= LEAST else ()
    return HttpResponse(format_html_join("", '<option value="{}"></option>', ((each.name,) for each in found)))


def _destination(request: HttpRequest, city: City, asked: str) -> Destination | None:
    """By coordinates in degrees where they are given, else the first that the text may mean."""
    try:
        place = Point(float(request.GET["lon"]), float(request.GET["lat"]))
    except (KeyError, ValueError):
        return next(_destinations(asked, city), None) if asked else None
    return Destination(name=asked or f"{place.latitude:.5f}, {place.longitude:.5f}", place=place)


def _destinations(asked: str, city: City) -> Iterator[Destination]:
    """Names and addresses in the city, then anywhere, then its car parks; each name once."""
    told = set[str]()
    for each in _places(asked, city):
        if each.name not in told:
            told.add(each.name)
            yield each


def _places(asked: str, city: City) -> Iterator[Destination]:
    for within in (city.code, ""):
        for each in search(asked, city=within, limit=MOST_NAMES):
            if each.point is not None:
                name = f"{each.name}, {each.within}" if each.within else each.name
                yield Destination(name=name, place=each.point)
    for facility in facilities_of():
        if facility.facts.place is not None and asked.casefold() in facility.name.casefold():
            yield Destination(name=facility.name, place=facility.facts.place)


def _answers(
    city: City, destination: Destination, arrival: datetime, stay: timedelta, now: datetime, wanted: Wanted
) -> tuple[list[Answer], Mapping[str, Sequence[str]]]:
    counts = counts_of(reader(), city.code)
    forecasts = forecasts_of(Scope.city(city.code), at=now)
    there = [each for each in facilities_of() if each.facts.place is not None]
    facts = {each.code: each.facts for each in there}
    fees = fees_of(there, arrival, arrival + stay, zone=city.time_zone)
    candidates = [
        _candidate(each, counts.get(code), forecasts.get(code), fees[code], city, destination, arrival, now)
        for code, each in facts.items()
    ]
    answers = [_answer(each, facts[each.code], city, arrival, now) for each in ranked(candidates, wanted)[:MOST]]
    words = _ruled_words()
    ruled: dict[str, list[str]] = {}
    for each in candidates:
        why = why_not(each, wanted)
        if why is not None and why is not Ruled.FAR:
            ruled.setdefault(words[why], []).append(facts[each.code].name)
    return answers, ruled


def _ruled_words() -> Mapping[Ruled, str]:
    return {
        Ruled.CLOSED: _("closed when you arrive"),
        Ruled.TOO_LOW: _("too low for your vehicle"),
        Ruled.NOT_KEPT: _("without the spaces that you need"),
        Ruled.FULL: _("full when you arrive"),
        Ruled.UNKNOWN: _("without current data"),
    }


def _candidate(
    facts: FacilityFacts,
    count: Count | None,
    forecast: Forecast | None,
    fee: Fee | None,
    city: City,
    destination: Destination,
    arrival: datetime,
    now: datetime,
) -> Candidate:
    """What will be, as far as it is forecast; what is, for who arrives at once."""
    standing = standing_of(facts, count, city=city, now=now, is_demo=False)
    soon = arrival - now <= SOON
    expected = forecast.at(arrival) if forecast and not soon else None
    low = middle = high = standing.free if soon else None
    if expected is not None:
        low, middle, high = expected.low, expected.middle, expected.high
    place = facts.place or destination.place
    return Candidate(
        code=facts.code,
        walk_metres=walk_of(place.metres_to(destination.place)),
        open=opening_of(facts, arrival, zone=city.time_zone).open,
        low=low,
        middle=middle,
        high=high,
        few=standing.few,
        disabled=facts.disabled or 0,
        charging=facts.charging or 0,
        covered=is_covered(facts),
        height_cm=facts.height_cm,
        fee_cents=fee.total.cents if fee else None,
    )


def _answer(it: Candidate, facts: FacilityFacts, city: City, arrival: datetime, now: datetime) -> Answer:
    language = language_now()
    numbers = {
        "minutes": number_in(minutes_on_foot(it.walk_metres), language),
        "metres": number_in(round(it.walk_metres, -1), language),
        "time": time_in(arrival, language, "TIME_FORMAT", zone=ZoneInfo(city.time_zone)),
        "free": number_in(it.middle or 0, language),
        "low": number_in(it.low or 0, language),
        "high": number_in(it.high or 0, language),
    }
    if it.low == it.high:
        because = _("%(minutes)s min on foot (%(metres)s m); %(free)s spaces are free now.") % numbers
        word = _("free now")
    else:
        because = (
            _("%(minutes)s min on foot (%(metres)s m); at %(time)s we expect %(low)s to %(high)s free spaces.")
            % numbers
        )
        word = _("expected at %(time)s") % numbers
    if it.fee_cents is not None:
        because += " " + _("Price: %(price)s.") % {"price": amount(it.fee_cents, language)}
    place = facts.place
    return Answer(
        name=facts.name,
        address=reverse("mobility_parking:facility", kwargs={"city": city.code, "code": facts.code}),
        free=number_in(it.middle or 0, language),
        free_word=word,
        because=because,
        steer=f"geo:{place.latitude:.6f},{place.longitude:.6f}" if place else "",
    )

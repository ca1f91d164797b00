"""How parking is used: by hour and weekday, how long facilities are full, who came, and what was not driven. Public."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from simos.kernel.errors import NotFound
from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.pages.showing import language_now
from simos.modules.mobility.parking.queries import facilities_of, facility_of
from simos.modules.mobility.parking.queries.insight import assumptions, use_by_facility
from simos.modules.mobility.parking.rules.avoided import TITLES, Assumption, Name, NotDriven, Range, not_driven
from simos.modules.mobility.parking.rules.use import WHOLE_DAY, Use, merged, week_hours_of
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.web.comparisons import HeatMap
from simos.web.exporting import FORMATS, exported
from simos.web.formatting import number_in
from simos.web.pages import Crumb, Page, render
from simos.web.parts import Cell, Column, KeyFigure, Link, Tab, Table

SPANS = (7, 28, 91, 365)
DAYTIME = tuple(range(6, 20))
"""Hours (local) in which being full is judged: at night nearly everything is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The span that is looked at, and the one of the same length before it."""

    days: int
    last: date

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)

    @property
    def before(self) -> "Asked":
        return Asked(days=self.days, last=self.first - timedelta(days=1))


def _asked(request: HttpRequest, city: City) -> Asked:
    """Whole days up to yesterday: today is not over. Whatever else is asked for, it is four weeks."""
    wished = request.GET.get("days", "")
    days = int(wished) if wished in map(str, SPANS) else 28
    today = now_in(city).astimezone(ZoneInfo(city.time_zone)).date()
    return Asked(days=days, last=today - timedelta(days=1))


def _used(city: City, asked: Asked, *codes: str) -> Mapping[str, Use]:
    return use_by_facility(asked.first, asked.last, ZoneInfo(city.time_zone), codes=codes)


def insight(request: HttpRequest, city: City) -> HttpResponse:
    """All facilities: together by hour and weekday, beside each other, and what was not driven."""
    asked, facilities = _asked(request, city), facilities_of()
    now, before = _used(city, asked), _used(city, asked.before)
    whole, earlier = merged(now.values()), merged(before.values())
    found = not_driven(whole.arrivals, assumptions())
    page = Page(
        title=_("How parking is used"),
        description=_("From the counts of all car parks and garages, day by day."),
        city=city,
        breadcrumbs=_crumbs(city),
        demo=any(facility.is_demo for facility in facilities),
    )
    context = {
        "tabs": _tabs("insight", asked, city=city.code),
        "figures": _figures(whole, earlier, asked),
        "heat": _heat(whole),
        "table": _beside(city, facilities, now, before, asked),
        "avoided": _avoided_words(found, asked) if whole.arrivals else None,
        "assumed": _assumed(assumptions()),
        "exports": _exports(city, asked),
    }
    return render(request, "parking/insight.html", page, context)


def facility_insight(request: HttpRequest, city: City, code: str) -> HttpResponse:
    """One facility by hour and weekday, beside the span before."""
    facility, asked = facility_of(code), _asked(request, city)
    now = _used(city, asked, code).get(code, Use())
    before = _used(city, asked.before, code).get(code, Use())
    here = reverse("mobility_parking:facility", kwargs={"city": city.code, "code": code})
    page = Page(
        title=_("How it is used: %(name)s") % {"name": facility.name},
        description=_("From the counts of this facility, day by day."),
        city=city,
        breadcrumbs=(*_crumbs(city), Crumb(facility.name, here)),
        demo=facility.is_demo,
    )
    context = {
        "tabs": _tabs("facility-insight", asked, city=city.code, code=code),
        "figures": _figures(now, before, asked, facility.capacity),
        "heat": _heat(now),
        "table": None,
    }
    return render(request, "parking/insight.html", page, context)


def insight_file(request: HttpRequest, city: City, form: str) -> HttpResponse:
    """The comparison of facilities as CSV or JSON. NotFound for another form."""
    if form not in FORMATS:
        raise NotFound(f"insight comes as {' or '.join(FORMATS)}, not as {form!r}")
    asked = _asked(request, city)
    names = {facility.code: facility for facility in facilities_of()}
    used = _used(city, asked)
    return exported(
        _InsightTable(city, asked), [(names[code], use) for code, use in used.items() if code in names], form
    )


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    of: Callable[[Any], Any]


class _InsightTable:
    """What the file holds, a facility a row; names of columns are for programs, in English."""

    def __init__(self, city: City, asked: Asked) -> None:
        self.name = f"parking-use-{city.code}-{asked.first}-{asked.last}"
        self._asked = asked

    @property
    def columns(self) -> Iterator[_Field]:
        day = week_hours_of(DAYTIME)
        yield _Field("code", lambda row: row[0].code)
        yield _Field("name", lambda row: row[0].name)
        yield _Field("first_day", lambda _row: self._asked.first)
        yield _Field("last_day", lambda _row: self._asked.last)
        yield _Field("capacity", lambda row: row[0].capacity)
        yield _Field("occupancy_06_20", lambda row: _short(row[1].occupancy(day)))
        yield _Field("occupancy_all_day", lambda row: _short(row[1].occupancy()))
        yield _Field("share_of_time_over_90_06_20", lambda row: _short(row[1].saturated(day)))
        yield _Field("share_of_time_over_95_06_20", lambda row: _short(row[1].saturated(day, at_95=True)))
        yield _Field("arrivals_at_least", lambda row: row[1].arrivals)
        yield _Field("days_counted", lambda row: row[1].days)


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _crumbs(city: City) -> tuple[Crumb, ...]:
    here = reverse("mobility_parking:facilities", kwargs={"city": city.code})
    return (Crumb(module.title.in_(language_now()), here),)


def _tabs(name: str, asked: Asked, **where: str) -> Sequence[Tab]:
    titles = {7: _("A week"), 28: _("Four weeks"), 91: _("Three months"), 365: _("A year")}
    here = reverse(f"mobility_parking:{name}", kwargs=where)
    return [Tab(titles[days], f"{here}?days={days}", current=days == asked.days) for days in SPANS]


def _exports(city: City, asked: Asked) -> Sequence[Link]:
    def address(form: str) -> str:
        here = reverse("mobility_parking:insight-file", kwargs={"city": city.code, "form": form})
        return f"{here}?days={asked.days}"

    return [Link(form.upper(), address(form)) for form in FORMATS]


def _percent(share: float | None) -> str:
    return "–" if share is None else number_in(round(100 * share), language_now())


def _figures(now: Use, before: Use, asked: Asked, capacity: int | None = None) -> Sequence[KeyFigure]:
    day = week_hours_of(DAYTIME)
    days = asked.days
    figures = [
        _figure(_("Occupied by day, 6–20"), now.occupancy(day), before.occupancy(day), days, better_less=None),
        _figure(
            _("Time at least 90 percent full, 6–20"), now.saturated(day), before.saturated(day), days, better_less=True
        ),
        _figure(
            _("Time at least 95 percent full, 6–20"),
            now.saturated(day, at_95=True),
            before.saturated(day, at_95=True),
            days,
            better_less=True,
        ),
    ]
    if now.days:
        trend = ""
        if capacity:
            turned = number_in(now.arrivals / now.days / capacity, language_now(), digits=1)
            trend = _("%(number)s for each space") % {"number": turned}
        arrivals = number_in(round(now.arrivals / now.days), language_now())
        title = _("Vehicles a day and facility, by the counts")
        figures.append(KeyFigure(title=title, value=arrivals, trend=trend))
    return [each for each in figures if each.value != "–"]


def _figure(title: str, now: float | None, before: float | None, days: int, *, better_less: bool | None) -> KeyFigure:
    trend, rising, better = "", True, None
    if now is not None and before is not None:
        change = round(100 * now) - round(100 * before)
        rising = change >= 0
        better = None if better_less is None or not change else (change < 0) == better_less
        trend = _("%(before)s %% in the %(days)s days before") % {"before": _percent(before), "days": days}
    return KeyFigure(title=title, value=_percent(now), unit="%", trend=trend, rising=rising, better=better)


def _heat(use: Use) -> HeatMap | None:
    """Occupied spaces in percent; None where nothing is known."""
    if use.occupancy() is None:
        return None
    rows = tuple(
        (str(WEEKDAYS[weekday]), tuple(None if share is None else round(100 * share) for share in shares))
        for weekday, shares in enumerate(use.by_weekday())
    )
    return HeatMap(
        title=_("Occupied spaces in percent, by weekday and hour"), columns=tuple(map(str, WHOLE_DAY)), rows=rows
    )


def _beside(
    city: City, facilities: Sequence[Any], now: Mapping[str, Use], before: Mapping[str, Use], asked: Asked
) -> Table | None:
    """The fullest first."""
    day = week_hours_of(DAYTIME)
    lines: list[tuple[float, tuple[str | Cell, ...]]] = []
    for facility in facilities:
        use = now.get(facility.code)
        share = use.occupancy(day) if use else None
        if use is None or share is None:
            continue
        here = reverse("mobility_parking:facility-insight", kwargs={"city": city.code, "code": facility.code})
        earlier = before.get(facility.code, Use()).occupancy(day)
        numbers = (share, earlier, use.saturated(day), use.saturated(day, at_95=True))
        arrivals = number_in(round(use.arrivals / max(1, use.days)), language_now())
        link = Cell(facility.name, address=f"{here}?days={asked.days}")
        lines.append((share, (link, *map(_percent, numbers), arrivals)))
    titles = (
        _("Occupied, percent"),
        _("before, percent"),
        _("At least 90 percent full, share of time"),
        _("At least 95 percent full, share of time"),
        _("Vehicles a day, by the counts"),
    )
    columns = (Column(_("Car park or garage")), *(Column(title, numeric=True) for title in titles))
    rows = [row for _share, row in sorted(lines, key=lambda line: -line[0])]
    return Table(caption=_("Facilities beside each other, 6–20"), columns=columns, rows=rows) if rows else None


def _span(found: Range, digits: int) -> str:
    low, high = (number_in(round(each, digits), language_now(), digits=digits) for each in (found.low, found.high))
    return f"{low}–{high}"


def _avoided_words(found: NotDriven, asked: Asked) -> str:
    year = 365 / asked.days
    per_year = Range(found.tonnes.low * year, found.tonnes.high * year)
    return _(
        "By the counts, %(arrivals)s vehicles came. If what is assumed below holds, %(km)s km were not driven in these "
        "%(days)s days and %(tonnes)s t of CO2 not emitted; over a year that would be %(year)s t."
    ) % {
        "arrivals": number_in(found.arrivals, language_now()),
        "km": _span(found.km, 0),
        "tonnes": _span(found.tonnes, 2),
        "days": asked.days,
        "year": _span(per_year, 1),
    }


def _assumed(found: Mapping[Name, Assumption]) -> Table:
    def written(value: float, name: Name) -> str:
        share = name in (Name.SEEKERS, Name.AVOIDED)
        return f"{number_in(100 * value, language_now())} %" if share else number_in(value, language_now())

    rows = [
        (TITLES[name].in_(language_now()), written(each.low, name), written(each.high, name), each.source)
        for name, each in found.items()
    ]
    columns = (
        Column(_("Assumption")),
        Column(_("Low"), numeric=True),
        Column(_("High"), numeric=True),
        Column(_("Source")),
    )
    return Table(caption=_("What is assumed"), columns=columns, rows=rows)

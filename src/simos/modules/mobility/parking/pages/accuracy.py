"""How good forecasts are: of the city and of each facility, beside both baselines, in plain words. Public."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simos.modules.mobility.parking.module import module
from simos.modules.mobility.parking.pages.showing import language_now
from simos.modules.mobility.parking.queries import facilities_of, facility_of
from simos.modules.mobility.parking.queries.forecasts import last_lesson, lesson_in_use
from simos.modules.mobility.parking.queries.insight import Verdict, errors_by_facility, verdicts
from simos.modules.mobility.parking.rules.forecasts import CHANCE
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import now_in
from simos.web.charts import Chart
from simos.web.comparisons import Bars, bar_chart_of
from simos.web.formatting import number_in, time_in
from simos.web.pages import Crumb, Page, render
from simos.web.parts import Cell, Column, KeyFigure, Row, Table

TOLD = 60
"""Minutes ahead that the plain words speak of."""


def accuracy(request: HttpRequest, city: City) -> HttpResponse:
    """All facilities together, and the way to each."""
    now = now_in(city)
    found = verdicts(now)
    facilities = facilities_of()
    page = Page(
        title=_("How good the forecasts are"),
        description=_("Every forecast of free spaces is kept and compared with what came."),
        city=city,
        breadcrumbs=_crumbs(city),
        demo=any(facility.is_demo for facility in facilities),
    )
    names = {facility.code: facility.name for facility in facilities}
    context = {
        "words": _city_words(found),
        "figures": _figures(found, "%"),
        "chart": _chart(found, "%"),
        "table": _by_facility(city, names, errors_by_facility(now, TOLD)),
        "rows": _model_rows(),
        "note": _note(found),
    }
    return render(request, "parking/accuracy.html", page, context)


def facility_accuracy(request: HttpRequest, city: City, code: str) -> HttpResponse:
    """One facility, in spaces."""
    facility = facility_of(code)
    found = verdicts(now_in(city), code=code)
    here = reverse("mobility_parking:facility", kwargs={"city": city.code, "code": code})
    page = Page(
        title=_("Forecasts: %(name)s") % {"name": facility.name},
        description=_("Every forecast of free spaces is kept and compared with what came."),
        city=city,
        breadcrumbs=(*_crumbs(city), Crumb(facility.name, here)),
        demo=facility.is_demo,
    )
    context = {
        "words": _facility_words(found),
        "figures": _figures(found, _("spaces")),
        "chart": _chart(found, _("spaces")),
        "table": None,
        "rows": _model_rows(),
        "note": _note(found),
    }
    return render(request, "parking/accuracy.html", page, context)


def _crumbs(city: City) -> tuple[Crumb, ...]:
    here = reverse("mobility_parking:facilities", kwargs={"city": city.code})
    return (Crumb(module.title.in_(language_now()), here),)


def _city_words(found: Mapping[int, Verdict]) -> str:
    if not (told := found.get(TOLD)):
        return ""
    share = number_in(told.model, language_now(), digits=1)
    return _("An hour ahead, forecasts are typically off by %(share)s %% of a facility’s spaces.") % {"share": share}


def _facility_words(found: Mapping[int, Verdict]) -> str:
    if not (told := found.get(TOLD)):
        return ""
    spaces = max(1, round(told.model))
    return ngettext(
        "An hour ahead, the forecast is typically within %(number)s space.",
        "An hour ahead, the forecast is typically within %(number)s spaces.",
        spaces,
    ) % {"number": number_in(spaces, language_now())}


def _figures(found: Mapping[int, Verdict], unit: str) -> Sequence[KeyFigure]:
    """For each horizon the error and how it compares with the better baseline."""
    figures = []
    for minutes, each in found.items():
        best = min(each.persistence, each.drift)
        less = round(100 * (1 - each.model / best)) if best else 0
        trend = (
            _("%(share)s %% less than without a model") % {"share": number_in(less, language_now())}
            if less > 0
            else _("no better than without a model")
        )
        figures.append(
            KeyFigure(
                title=_("%(minutes)s minutes ahead") % {"minutes": minutes},
                value=number_in(each.model, language_now(), digits=1),
                unit=unit,
                trend=trend,
                rising=less <= 0,
                better=less > 0 or None,
            )
        )
    return figures


def _chart(found: Mapping[int, Verdict], unit: str) -> Chart | None:
    if not found:
        return None
    groups = (
        (_("Forecast"), [each.model for each in found.values()]),
        (_("If the usual change of this weekday is added"), [each.drift for each in found.values()]),
        (_("If nothing changed"), [each.persistence for each in found.values()]),
    )
    return bar_chart_of(
        [_("%(minutes)s min") % {"minutes": minutes} for minutes in found],
        [Bars(title, tuple(round(value, 2) for value in values)) for title, values in groups],
        title=_("Mean error of the last four weeks"),
        unit=unit,
        language=language_now(),
    )


def _note(found: Mapping[int, Verdict]) -> str:
    """How often the interval held, and how much of it was judged live."""
    if not found:
        return ""
    whole = sum(each.points for each in found.values())
    held = sum(each.covered * each.points for each in found.values()) / whole
    told = next(iter(found.values()))
    words = _("Of 100 intervals that were to hold in %(chance)s cases, %(held)s held (%(points)s forecasts).") % {
        "chance": CHANCE,
        "held": number_in(round(held), language_now()),
        "points": number_in(whole, language_now()),
    }
    if not told.afterwards:
        return words
    more = _("%(some)s of %(all)s days were judged afterwards on recorded counts, as if it had been then.")
    return f"{words} {more % {'some': told.afterwards, 'all': told.days}}"


def _by_facility(city: City, names: Mapping[str, str], errors: Mapping[str, tuple[float, float]]) -> Table | None:
    rows = []
    for code, name in names.items():
        if code in errors:
            spaces, percent = errors[code]
            here = reverse("mobility_parking:facility-accuracy", kwargs={"city": city.code, "code": code})
            numbers = (number_in(spaces, language_now(), digits=1), number_in(percent, language_now(), digits=1))
            rows.append((Cell(name, address=here), *numbers))
    columns = (
        Column(_("Car park or garage")),
        Column(_("Mean error (spaces)"), numeric=True),
        Column(_("of all spaces, percent"), numeric=True),
    )
    return Table(caption=_("Each facility, an hour ahead"), columns=columns, rows=rows) if rows else None


def _model_rows() -> Sequence[Row]:
    """What forecasts at present, from what it learnt, and why there is no model where there is none."""
    language, used, last = language_now(), lesson_in_use(), last_lesson()
    if used is not None:
        span = [time_in(at, language, "DATE_FORMAT") for at in (used.learnt_from, used.learnt_to)]
        return [
            Row(_("Forecast by"), _("a model that has learnt from this city’s own counts")),
            Row(_("Learnt from"), f"{span[0]} – {span[1]}"),
            Row(_("Facilities"), number_in(used.facilities, language)),
        ]
    reasons = {
        "short": _("three weeks of counts are needed before anything can be learnt"),
        "seldom": _("there are too few counts to learn from"),
        "baseline": _("what was learnt was no better than the usual change of the weekday"),
        "worse": _("what was learnt was no better than the usual change of the weekday"),
    }
    rows = [Row(_("Forecast by"), _("the present count and the usual change of this weekday"))]
    return [
        *rows,
        Row(
            _("Why no model"),
            reasons.get(last.why_not, reasons["short"]) if last else _("it has not been tried to learn one yet"),
        ),
    ]

"""How an indicator's values are written, drawn and told: periods, amounts, the chart, the table of all rows."""

from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from simos.kernel.acting import Scope
from simos.kernel.module import Every, Indicator, IndicatorKind
from simos.kernel.text import Text
from simos.platform.indicators.declared import Declared
from simos.platform.indicators.models import Measurement
from simos.platform.indicators.queries import target_of
from simos.platform.scopes.models import City
from simos.web.charts import Chart
from simos.web.comparisons import Bars, bar_chart_of
from simos.web.formatting import number_in, time_in
from simos.web.parts import State
from simos.web.tables import DataColumn, DataTable, Filter, Listing, listing_of
from simos.web.units import unit_in

IN_A_CHART = {Every.DAY: 31, Every.MONTH: 24, Every.YEAR: 12}
KINDS = {
    IndicatorKind.ACTIVITY: Text(sl="dejavnost", en="activity", it="attività"),
    IndicatorKind.OUTPUT: Text(sl="učinek", en="output", it="realizzazione"),
    IndicatorKind.OUTCOME: Text(sl="izid", en="outcome", it="risultato"),
}
COUNTS = Text(sl="velja", en="counts", it="vale")
REPLACED = Text(sl="nadomeščena", en="replaced", it="sostituito")


def language_now() -> str:
    """The page's language."""
    return get_language() or settings.LANGUAGE_CODE


def address_of(city: City, declared: Declared) -> str:
    """The indicator's own page."""
    domain, name = declared.module.name.split("/")
    parts = {"city": city.code, "domain": domain, "module": name, "name": declared.indicator.name}
    return reverse("portal_indicators:indicator", kwargs=parts)


def amount_in(indicator: Indicator, value: float, language: str) -> str:
    """The value with its unit."""
    return " ".join(part for part in (number_in(value, language), unit_in(indicator.unit, language)) if part)


def period_in(every: str, first: date, language: str) -> str:
    """The period that begins on `first`, as a text has it; the page's language is `language`."""
    if every == Every.YEAR:
        return str(first.year)
    return date_format(first, "YEAR_MONTH_FORMAT" if every == Every.MONTH else "SHORT_DATE_FORMAT")


def chart_in(scope: Scope, declared: Declared, newest_first: Sequence[Measurement]) -> Chart:
    """The last values as bars, each beside the target of its year where there is one."""
    it, language = declared.indicator, language_now()
    rows = newest_first[: IN_A_CHART[it.every]][::-1]
    targets = [target_of(scope, declared, row.first.year) for row in rows]
    groups = [Bars(_("Measured"), tuple(row.value for row in rows))]
    if any(targets):
        groups.append(Bars(_("Target"), tuple(target.value if target else None for target in targets)))
    return bar_chart_of(
        [period_in(it.every, row.first, language) for row in rows],
        groups,
        title=it.title.in_(language),
        unit=unit_in(it.unit, language),
        language=language,
    )


def told_of(row: Measurement, zone: tzinfo) -> Iterator[str]:
    """Where a value comes from, in sentences."""
    language = language_now()
    facts = {
        "period": period_in(row.every, row.first, language),
        "at": time_in(row.measured_at, language, "SHORT_DATETIME_FORMAT", zone=zone),
        "source": row.source.in_(language),
        "version": row.version,
        "software": row.software,
    }
    if row.manual:
        yield _("The value for %(period)s was entered on %(at)s (%(source)s).") % facts
    else:
        readings = row.readings or 0
        facts["readings"] = ngettext("%(number)s reading", "%(number)s readings", readings) % {
            "number": number_in(readings, language)
        }
        yield _("The value for %(period)s was computed on %(at)s from %(readings)s (%(source)s).") % facts
        yield _("Computed by version %(version)s of the computation in SiMOS %(software)s.") % facts
    if row.replaces:
        yield _("It replaced the value %(value)s of %(at)s.") % {
            "value": number_in(row.replaces.value, language),
            "at": time_in(row.replaces.measured_at, language, "SHORT_DATETIME_FORMAT", zone=zone),
        }
    if row.note:
        yield row.note.in_(language)


def _state(row: Measurement) -> str:
    return (REPLACED if row.replaced_at else COUNTS).in_(language_now())


def _chosen(rows: QuerySet[Measurement], value: str) -> QuerySet[Measurement]:
    return rows.filter(replaced_at__isnull=value == "counts")


def listing_in(request: HttpRequest, declared: Declared, rows: QuerySet[Measurement]) -> Listing:
    """Every row with what it comes from, as it is asked for; or all of them as a file."""
    language, it = language_now(), declared.indicator
    return listing_of(request, _table(it, language), rows)


def _table(it: Indicator, language: str) -> DataTable:
    unit = unit_in(it.unit, language)

    def told(text: Text | None) -> str:
        return text.in_(language) if text else ""

    def period(row: Any) -> str:
        return period_in(it.every, row.first, language)

    columns = (
        DataColumn("period", _("Period"), lambda row: row.first, sort="since", shown=period),
        DataColumn("value", f"{_('Value')} ({unit})" if unit else _("Value"), lambda row: row.value, "value", True),
        DataColumn("readings", _("Readings"), lambda row: row.readings, "readings", True),
        DataColumn("source", _("From what"), lambda row: told(row.source)),
        DataColumn("measured", _("Measured at"), lambda row: row.measured_at, sort="measured_at"),
        DataColumn("version", _("Version"), lambda row: None if row.manual else row.version, numeric=True),
        DataColumn(
            "state",
            _("State"),
            _state,
            state=lambda row: State.PLAIN if row.replaced_at else State.GOOD,
        ),
        DataColumn("note", _("Note"), lambda row: told(row.note)),
    )
    return DataTable(
        name=it.name,
        caption=_("Every value, and where it comes from"),
        columns=columns,
        filters=(
            Filter(
                "state", _("State"), [("counts", COUNTS.in_(language)), ("replaced", REPLACED.in_(language))], _chosen
            ),
        ),
    )

"""Indicators for programs, at `/api/portal/indicators/<city>/`: what is measured, and every value with its lineage.

Open data. Values that were replaced are told too, when asked for.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from simos.kernel.module import Every, IndicatorKind
from simos.kernel.text import Text
from simos.platform.indicators.declared import Declared, indicator_in, indicators_in
from simos.platform.indicators.models import Measurement
from simos.platform.indicators.queries import counting_in, counting_of, measurements_of, target_of
from simos.platform.scopes.acting import current
from simos.web.api.paging import Paging, page_of

router = Router()


class TargetOut(Schema):
    """What is aimed at in a year, and where that was decided."""

    year: int
    value: float
    source: dict[str, str] = Field(description="By language.")


class ValueOut(Schema):
    """A value of a period, with what it comes from."""

    first: date = Field(description="First day of the period.")
    since: datetime
    until: datetime
    value: float
    readings: int | None = Field(description="From how many records; null where an officer entered the value.")
    source: dict[str, str] = Field(description="From what, by language.")
    note: dict[str, str] = Field(description="What one must know to read it, by language.")
    version: int = Field(description="Of the computation; 0 where an officer entered the value.")
    software: str = Field(description="Version of SiMOS that computed it.")
    measured_at: datetime
    replaced_at: datetime | None = Field(description="Since when another value counts in its place.")


class IndicatorOut(Schema):
    """An indicator, its path of targets, and its newest value."""

    module: str
    name: str
    title: dict[str, str]
    about: dict[str, str]
    unit: str = Field(description="UN/CEFACT common code.")
    kind: IndicatorKind
    every: Every
    falling: bool = Field(description="Less is better.")
    targets: list[TargetOut]
    newest: ValueOut | None


class Which(Schema):
    """Only values that count, unless those that were replaced are asked for too."""

    replaced: bool = False


@router.get("/indicators", response=list[IndicatorOut], summary="Indicators with their newest values")
def indicators(request: HttpRequest, response: HttpResponse, paging: Annotated[Paging, Query()]) -> list[IndicatorOut]:
    """All that is measured in the city, module by module."""
    declared = indicators_in(current().scope)
    values = counting_in(current().scope, declared)
    return [_told(each, values[each.key]) for each in page_of(declared, paging, request, response)]


@router.get("/indicators/{domain}/{module}/{name}/values", response=list[ValueOut], summary="Values over time")
def values(
    request: HttpRequest,
    response: HttpResponse,
    domain: str,
    module: str,
    name: str,
    which: Annotated[Which, Query()],
    paging: Annotated[Paging, Query()],
) -> list[ValueOut]:
    """Newest period first. 404 where the city does not measure it."""
    scope = current().scope
    declared = indicator_in(scope, f"{domain}/{module}", name)
    rows = measurements_of(scope, declared) if which.replaced else counting_of(scope, declared)
    return [_value(row) for row in page_of(rows, paging, request, response)]


def _told(declared: Declared, rows: Sequence[Measurement]) -> IndicatorOut:
    it, scope = declared.indicator, current().scope
    years = sorted({target.year for target in it.targets})
    targets = [target for year in years if (target := target_of(scope, declared, year))]
    return IndicatorOut(
        module=declared.module.name,
        name=it.name,
        title=_words(it.title),
        about=_words(it.about),
        unit=it.unit,
        kind=it.kind,
        every=it.every,
        falling=it.falling,
        targets=[TargetOut(year=each.year, value=each.value, source=_words(each.source)) for each in targets],
        newest=_value(rows[-1]) if rows else None,
    )


def _value(row: Measurement) -> ValueOut:
    return ValueOut(
        first=row.first,
        since=row.since,
        until=row.until,
        value=row.value,
        readings=row.readings,
        source=row.source_texts,
        note=row.note_texts,
        version=row.version,
        software=row.software,
        measured_at=row.measured_at,
        replaced_at=row.replaced_at,
    )


def _words(text: Text) -> dict[str, str]:
    return {language: text.in_(language) for language in text.languages()}

"""Parking for programs, at `/api/mobility/parking/<city>/`: facilities with their free spaces, counts over time.

Open data. The same things stand in the hub as NGSI-LD entities; this is the short way.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from simos.kernel.errors import Invalid, NotFound
from simos.kernel.text import Text
from simos.modules.mobility.parking.formats.published import BY_NAME, published_of
from simos.modules.mobility.parking.queries import count_of, counts_of, facilities_of, facility_of, fee_of, history_of
from simos.modules.mobility.parking.rules.hours import written
from simos.modules.mobility.parking.values import (
    Closure,
    Count,
    Entrance,
    Exemption,
    FacilityFacts,
    Kind,
    Payment,
    Way,
)
from simos.platform.scopes.acting import current
from simos.platform.scopes.queries import city_of, now_in
from simos.platform.things.door import reader
from simos.web.api.paging import Paging, page_of

router = Router()
LONGEST_SPAN = timedelta(days=31)


class FreeSpaces(Schema):
    """How many spaces were free, and when that was observed."""

    free: int
    observed_at: datetime


class EntranceOut(Schema):
    """A way in or out, or both, or for those on foot; the street from where one comes to it."""

    longitude: float
    latitude: float
    way: Way
    street: str


class ClosureOut(Schema):
    """The office has closed it. Null times: already, and until further notice."""

    reason: Mapping[str, str] = Field(description="By language (ISO 639-1).")
    since: datetime | None
    until: datetime | None


class FacilityOut(Schema):
    """A garage, car park or zone on the street. `now` is null where nothing is known of its free spaces."""

    code: str
    name: str
    kind: Kind
    capacity: int | None = Field(description="Spaces in all.")
    longitude: float | None = Field(description="Degrees, WGS 84.")
    latitude: float | None = Field(description="Degrees, WGS 84.")
    disabled: int | None = Field(description="Spaces for people with disabilities, among all.")
    charging: int | None = Field(description="Spaces with a charger, among all.")
    permit: int | None = Field(description="Spaces for those with a permit, among all.")
    outline: Mapping[str, Any] | None = Field(description="GeoJSON (RFC 7946): a Polygon, or a LineString on a street.")
    address: str
    area: str = Field(description="Code of the area in which it lies; may be empty.")
    tariff: str = Field(description="Code of its tariff; may be empty.")
    entrances: Sequence[EntranceOut]
    height: float | None = Field(description="Metres. Higher vehicles do not fit.")
    hours: str | None = Field(description="Opening hours as OpenStreetMap writes them, dates in ISO form.")
    operator: str
    payments: Sequence[Payment]
    exemptions: Sequence[Exemption]
    closure: ClosureOut | None
    demo: bool = Field(description="Made up, to show how the service works.")
    now: FreeSpaces | None


class FeeLineOut(Schema):
    """A part of a fee, in words by language (ISO 639-1). Negative: taken off."""

    text: Mapping[str, str]
    cents: int


class FeeOut(Schema):
    """What a stay costs. The lines add up to `cents`."""

    cents: int
    currency: str
    lines: Sequence[FeeLineOut]
    too_long: int = Field(description="So many minutes over the longest stay allowed.")
    relief: Exemption | None = Field(description="The exemption taken into account: the best one for the driver.")


class Stay(Schema):
    """From `arrival` to `departure`, for somebody who has the `exemption`s that are named."""

    arrival: AwareDatetime
    departure: AwareDatetime
    exemption: list[Exemption] = []


class Span(Schema):
    """From `since` (earlier than `until`) to before `until`; a day to the city's present where nothing is said."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


@router.get("/facilities", response=list[FacilityOut], summary="Facilities with their free spaces, by name")
def facilities(
    request: HttpRequest, response: HttpResponse, paging: Annotated[Paging, Query()], kind: Kind | None = None
) -> list[FacilityOut]:
    """All facilities of the city, or those of one kind."""
    found = [each for each in facilities_of() if kind is None or each.facts.kind == kind]
    counts = counts_of(reader(), current().scope.code)
    return [
        _shown(each.facts, counts.get(each.code), demo=each.is_demo)
        for each in page_of(found, paging, request, response)
    ]


@router.get("/facilities/{code}", response=FacilityOut, summary="One facility with its free spaces")
def facility(request: HttpRequest, code: str) -> FacilityOut:
    """404 where the city has no facility with this code."""
    found = facility_of(code)
    return _shown(found.facts, count_of(reader(), current().scope.code, code), demo=found.is_demo)


@router.get("/facilities/{code}/fee", response=FeeOut, summary="What a stay costs")
def fee(request: HttpRequest, code: str, stay: Annotated[Stay, Query()]) -> FeeOut:
    """With the facility's tariff, by the wall clock of the city. 404 where the office has not said what it costs."""
    found, zone = facility_of(code), city_of(current().scope.code).time_zone
    try:
        counted = fee_of(found, stay.arrival, stay.departure, stay.exemption, zone=zone)
    except ValueError as error:
        raise Invalid(str(error), field="departure") from None
    if counted is None:
        raise NotFound(f"no tariff has been published for {found.name} yet")
    return FeeOut(
        cents=counted.total.cents,
        currency=counted.total.currency,
        lines=[FeeLineOut(text=_said(line.text), cents=line.amount.cents) for line in counted.lines],
        too_long=counted.too_long,
        relief=counted.relief,
    )


@router.get("/formats/{name}", summary="All of the city's parking in a form of the field")
def formats(request: HttpRequest, name: str) -> HttpResponse:
    """CSV, GeoJSON, NGSI-LD, DATEX II and APDS; the data set's page lists them. 404 for another name."""
    form = BY_NAME.get(name)
    if form is None:
        raise NotFound(f"there is no form {name!r}; there are {', '.join(BY_NAME)}")
    found = published_of(reader(), city_of(current().scope.code))
    response = HttpResponse(form.made(found), content_type=form.media_type)
    response["Content-Disposition"] = f'inline; filename="{found.city}-{form.name}"'
    return response


@router.get("/facilities/{code}/counts", response=list[FreeSpaces], summary="Free spaces over time")
def counts(request: HttpRequest, code: str, span: Annotated[Span, Query()]) -> list[FreeSpaces]:
    """Every count in the span, at most 31 days, and before them the last one earlier, which held until then."""
    facility_of(code)
    city = current().scope.code
    until = span.until or now_in(city_of(city))
    since = span.since or until - timedelta(days=1)
    if not since < until <= since + LONGEST_SPAN:
        raise Invalid(f"since is before until, by at most {LONGEST_SPAN.days} days", field="since")
    return [_free(each) for each in history_of(reader(), city, code, since=since, until=until)]


def _free(count: Count) -> FreeSpaces:
    return FreeSpaces(free=count.free, observed_at=count.observed_at)


def _entrance(entrance: Entrance) -> EntranceOut:
    place = entrance.place
    return EntranceOut(longitude=place.longitude, latitude=place.latitude, way=entrance.way, street=entrance.street)


def _said(text: Text) -> Mapping[str, str]:
    return {language: text.in_(language) for language in text.languages()}


def _closure(closure: Closure) -> ClosureOut:
    return ClosureOut(reason=_said(closure.reason), since=closure.since, until=closure.until)


def _shown(facts: FacilityFacts, count: Count | None, *, demo: bool) -> FacilityOut:
    return FacilityOut(
        code=facts.code,
        name=facts.name,
        kind=facts.kind,
        capacity=facts.capacity,
        longitude=facts.place.longitude if facts.place else None,
        latitude=facts.place.latitude if facts.place else None,
        disabled=facts.disabled,
        charging=facts.charging,
        permit=facts.permit,
        outline=facts.outline.as_geojson() if facts.outline else None,
        address=facts.address,
        area=facts.area,
        tariff=facts.tariff,
        entrances=[_entrance(each) for each in facts.entrances],
        height=facts.height_cm / 100 if facts.height_cm else None,
        hours=written(facts.hours) if facts.hours else None,
        operator=facts.operator,
        payments=facts.payments,
        exemptions=facts.exemptions,
        closure=_closure(facts.closure) if facts.closure else None,
        demo=demo,
        now=_free(count) if count else None,
    )

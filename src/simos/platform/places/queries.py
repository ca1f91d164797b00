"""Which places there are: by name, by address, by point. Changes nothing; places that have gone are not found."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from simos.kernel.errors import NotFound
from simos.kernel.geo import Point
from simos.platform.places.areas import holds
from simos.platform.places.models import Address, Area, Place, PlaceWord, begins
from simos.platform.places.rules import Asked, asked_in
from simos.platform.places.values import Found, Kind

MOST_WORDS = 8
MOST_STREETS = 500
"""In so many streets and villages of a like name a house number is looked for."""
LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """In what a point lies; None where it is not known."""

    region: Place | None = None
    administrative_unit: Place | None = None
    municipality: Place | None = None
    quarter: Place | None = None
    settlement: Place | None = None
    postal_district: Place | None = None


def place_at(point: Point) -> Whereabouts:
    """The places whose known areas hold `point`; of several of one kind the one with the smallest box."""
    boxes = Area.objects.filter(
        west__lte=point.longitude, east__gte=point.longitude, south__lte=point.latitude, north__gte=point.latitude
    )
    near = boxes.filter(place__gone_at=None).select_related("place", "place__municipality", "place__city")
    found: dict[str, Place] = {}
    for area in sorted(near, key=lambda area: (area.east - area.west) * (area.north - area.south)):
        if area.kind not in found and holds(json.loads(area.geometry), point):
            found[area.kind] = area.place
    return Whereabouts(**{kind.replace("-", "_"): place for kind, place in found.items()})


def place_of(register_id: str) -> Place:
    """The place by the register's own number, gone ones too; NotFound."""
    try:
        return Place.objects.select_related("municipality", "settlement", "city").get(register_id=register_id)
    except Place.DoesNotExist:
        raise NotFound(f"there is no place {register_id!r} in the register of places") from None


def search(text: str, *, kinds: Collection[Kind] = (), city: str = "", limit: int = 10) -> Sequence[Found]:
    """Places that `text` may mean, best first: addresses where it holds a house number, then names.

    Every word is the beginning of a word of the name, but further words may be of the settlement or municipality
    (`Dobrava Izola`). Marks and case do not count. Whole names come first, then names that begin so, then the others;
    among them what counts for more. `kinds`, `city` (code): only those.
    """
    found: list[Found] = []
    for asked in asked_in(text[:LONGEST]):
        if len(found) < limit and len(asked.words) <= MOST_WORDS:
            found += _found(asked, kinds, city, limit - len(found))
    return found


def _found(asked: Asked, kinds: Collection[Kind], city: str, limit: int) -> list[Found]:
    if asked.number is not None:
        return _addresses(asked, asked.number, city, limit) if not kinds or Kind.ADDRESS in kinds else []
    places = _named(asked.words, city)
    if kinds:
        places = places.filter(kind__in=kinds)
    return [_told(place) for place in places[:limit]]


def _named(words: Sequence[str], city: str) -> QuerySet[Place]:
    first, further = words[0], words[1:]
    places = Place.objects.filter(gone_at=None)
    places = places.filter(pk__in=PlaceWord.objects.filter(begins("word", first)).values("place"))
    for word in further:
        around = Q(place=OuterRef("pk")) | Q(place=OuterRef("municipality")) | Q(place=OuterRef("settlement"))
        places = places.filter(Exists(PlaceWord.objects.filter(around & begins("word", word))))
    if city:
        places = places.filter(city=city)
    phrase = " ".join(words)
    rank = Case(
        When(Q(folded=phrase) | Q(folded_other=phrase), then=Value(0)),
        When(begins("folded", phrase) | begins("folded_other", phrase), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    related = places.select_related("municipality", "settlement")
    return related.order_by(rank, "-importance", "folded", "register_id")


def _addresses(asked: Asked, number: int, city: str, limit: int) -> list[Found]:
    """House numbers in the streets and villages that the words mean; `12` finds `12a` too."""
    places = _named(asked.words, city).filter(kind__in=(Kind.STREET, Kind.SETTLEMENT))
    order = {place.pk: i for i, place in enumerate(places[:MOST_STREETS])}
    inside = Q(street__in=list(order)) | Q(street=None, settlement__in=list(order))
    numbers = Address.objects.filter(inside, number=number, suffix__startswith=asked.suffix, gone_at=None)
    if asked.postal:
        numbers = numbers.filter(postal__code=asked.postal)
    rows = numbers.select_related("street", "settlement", "settlement__city")
    ranked = sorted(rows, key=lambda each: (order[each.street_id or each.settlement_id], each.suffix, each.register_id))
    return [_address_told(each) for each in ranked[:limit]]


def _told(place: Place) -> Found:
    within = place.settlement or place.municipality
    return Found(
        kind=Kind(place.kind),
        id=place.pk,
        name=place.name,
        other_name=place.other_name,
        within=within.name if within and within.name != place.name else "",
        city=place.city_id or "",
        point=place.point,
    )


def _address_told(address: Address) -> Found:
    return Found(
        kind=Kind.ADDRESS,
        id=address.pk,
        name=f"{(address.street or address.settlement).name} {address.number}{address.suffix}",
        within=address.settlement.name if address.street else "",
        city=address.settlement.city_id or "",
        point=Point(address.longitude, address.latitude),
    )

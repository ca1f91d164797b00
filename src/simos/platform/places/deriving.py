"""What follows from all places together: which are our cities', and what each counts in a search. Idempotent."""

from simos.kernel.geo import Point
from simos.platform.places.models import Place
from simos.platform.places.rules import city_named, importance_of
from simos.platform.places.values import Kind
from simos.platform.scopes.queries import cities

AT_ONCE = 500


def derive() -> None:
    """Each place knows its city where it lies in one of ours, and how much it counts."""
    ours = [(city.code, city.name_sl, Point(city.longitude, city.latitude)) for city in cities()]
    places = {each.pk: each for each in Place.objects.all()}
    city_of = {
        each.pk: city_named(each.name, each.point, ours)
        for each in places.values()
        if each.kind == Kind.MUNICIPALITY and each.gone_at is None
    }
    changed = []
    for each in places.values():
        municipality = places.get(each.municipality_id or 0)
        city = city_of.get(municipality.pk if municipality else each.pk, "") or None
        importance = importance_of(
            Kind(each.kind), is_city=each.is_city, is_seat=_is_seat(each, municipality), ours=city is not None
        )
        if (each.city_id, each.importance) != (city, importance):
            each.city_id, each.importance = city, importance
            changed.append(each)
    Place.objects.bulk_update(changed, ("city", "importance"), batch_size=AT_ONCE)


def _is_seat(place: Place, municipality: Place | None) -> bool:
    """The register gives a municipality the point of the settlement in which it has its seat."""
    if municipality is None or place.kind != Kind.SETTLEMENT or place.point is None:
        return False
    return place.point == municipality.point

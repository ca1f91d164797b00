"""Where a query looks: georel, geometry and geoproperty of NGSI-LD (ETSI GS CIM 009, 4.10)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class GeoRelation(StrEnum):
    """How an entity's geometry lies to the query's."""

    NEAR = "near"
    WITHIN = "within"
    CONTAINS = "contains"
    INTERSECTS = "intersects"
    DISJOINT = "disjoint"
    EQUALS = "equals"
    OVERLAPS = "overlaps"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoCondition:
    """The GeoProperty named (expanded) lies in `relation` to `geometry` (GeoJSON). Distances in metres, for NEAR only:
    at most `max_distance`, or at least `min_distance`."""

    relation: GeoRelation
    geometry: dict[str, Any]
    geoproperty: str
    max_distance: float | None = None
    min_distance: float | None = None

"""Maps as values: features of a city on MapLibre, beside a list that is the page by itself. No tiles are made here.

    view = MapView(
        title=_("Car parks on the map"),
        layers=(MapLayer(name="lots", features=tuple(
            Feature(point_geometry(lot.place), title=lot.name, twin=f"lot-{lot.code}", state=State.GOOD) for lot in lots
        )),),
    )
    {% map_view view %}     and on the page a list whose items have those ids: <li id="lot-glazija">

A feature's popup is its twin's own HTML, and its state is the twin's: what live.js changes there changes on the map.
The response of a page with a map is given `with_map(response)`, which lets it read an online style if one is set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponseBase

from simos.kernel.geo import Point
from simos.web.parts import State

_Response = TypeVar("_Response", bound=HttpResponseBase)


class Drawn(StrEnum):
    """How a layer's features are drawn."""

    POINTS = "points"
    LINES = "lines"
    AREAS = "areas"


@dataclass(frozen=True, slots=True)
class Feature:
    """A thing with its GeoJSON geometry (WGS 84). `twin`: the id of the element on the page that tells of it."""

    geometry: Mapping[str, Any]
    title: str
    twin: str = ""
    state: State = State.PLAIN

    def as_dict(self) -> Mapping[str, Any]:
        said = {"title": self.title, "twin": self.twin, "state": str(self.state)}
        return {"type": "Feature", "geometry": self.geometry, "properties": said}


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLayer:
    """Features of one kind: given, or at `address` as a GeoJSON FeatureCollection with the properties of `Feature`.

    `clustered`: points that are close together are drawn as one with their number.
    """

    name: str
    title: str = ""
    features: Sequence[Feature] = ()
    address: str = ""
    drawn: Drawn = Drawn.POINTS
    clustered: bool = False

    def __post_init__(self) -> None:
        if self.features and self.address:
            raise ValueError(f"layer {self.name!r}: its features are given, or at an address, not both")
        if self.clustered and self.drawn is not Drawn.POINTS:
            raise ValueError(f"layer {self.name!r}: only points are clustered")


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """A map. It fits its features; without any it shows `bounds` (west, south, east, north)."""

    title: str
    layers: tuple[MapLayer, ...]
    bounds: tuple[float, float, float, float] = (13.37, 45.42, 16.61, 46.88)
    tall: bool = False

    def as_dict(self) -> Mapping[str, Any]:
        """What map.js reads."""
        return {
            "bounds": self.bounds,
            "layers": [
                asdict(layer)
                | {"features": {"type": "FeatureCollection", "features": [each.as_dict() for each in layer.features]}}
                for layer in self.layers
            ],
        }


def point_geometry(point: Point) -> Mapping[str, Any]:
    """The point as GeoJSON."""
    return {"type": "Point", "coordinates": [point.longitude, point.latitude]}


def with_map(response: _Response) -> _Response:
    """The response of a page with a map: its policy lets it draw pictures it has made, and read from the host of
    SIMOS_MAP_STYLE where one is set."""
    parts = urlsplit(settings.MAP_STYLE)
    host = [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
    update = {"img-src": ["blob:", *host], "worker-src": ["'self'"], "connect-src": ["'self'", *host]}
    response._csp_update = update  # type: ignore[attr-defined]  # what csp.decorators.csp_update sets
    return response

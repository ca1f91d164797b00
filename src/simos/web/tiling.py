"""A basemap from the registers' own files: boundaries and names as vector tiles in one PMTiles file. Fetches nothing.

Two layers: `areas` (kind: municipality, quarter) and `places` (kind, name, rank). Bad rows are left out and told.
"""

import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import atan, degrees, floor, log, pi, sinh, tan
from pathlib import Path
from typing import Any, cast

import mapbox_vector_tile
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from simos.kernel.errors import Invalid, RowError
from simos.platform.places.reading import Table
from simos.platform.places.values import KINDS, AreaFacts, Kind, PlaceFacts

ZOOMS = range(5, 13)
EXTENT = 4096
BUFFER = 64
FROM_ZOOM: Mapping[Kind, int] = {Kind.MUNICIPALITY: 7, Kind.QUARTER: 11, Kind.SETTLEMENT: 10}
"""From where a kind is shown. Cities are shown on every zoom."""
RANKS: Mapping[Kind, int] = {Kind.MUNICIPALITY: 1000, Kind.QUARTER: 10, Kind.SETTLEMENT: 100}
DRAWN = (Kind.MUNICIPALITY, Kind.QUARTER)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Thing:
    """What is drawn, in Web Mercator where the world is one unit wide, from `zoom` on."""

    layer: str
    geometry: BaseGeometry
    said: Mapping[str, Any]
    zoom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of it: how many things and tiles, and the rows that were left out, by file."""

    areas: int
    places: int
    tiles: int
    bytes: int
    errors: Mapping[str, Sequence[RowError]]


def build_basemap(tables: Iterable[Table], out: Path, *, progress: Progress = lambda done, of: None) -> Built:
    """The basemap is whole at `out`, in place of an earlier one. Invalid, and nothing is changed, where the files hold
    nothing that is drawn."""
    things, sources, errors = _things_in(tables)
    if not things:
        raise Invalid("these files hold no municipality, quarter or settlement: a basemap is made of those")
    tiles = dict(sorted(_tiles(things, progress)))
    part = out.with_name(f"{out.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("wb") as file:
        writer: Any = cast(Any, Writer)(file)
        for number, content in tiles.items():
            writer.write_tile(number, gzip.compress(content, mtime=0))
        writer.finalize(*_header(things, sources))
    part.replace(out)
    areas = sum(thing.layer == "areas" for thing in things)
    return Built(areas=areas, places=len(things) - areas, tiles=len(tiles), bytes=out.stat().st_size, errors=errors)


def _things_in(tables: Iterable[Table]) -> tuple[list[_Thing], list[str], dict[str, list[RowError]]]:
    things: list[_Thing] = []
    sources: dict[str, None] = {}
    errors: dict[str, list[RowError]] = {}
    for table in sorted(tables, key=lambda each: each.turn):
        wrong = errors.setdefault(table.name, [])
        for row in table.rows:
            wrong.extend(row.errors)
            for facts in () if row.errors else row.facts:
                try:
                    things.extend(_things_of(facts))
                except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
                    wrong.append(RowError(row.number, "geometry", f"cannot be drawn: {error}"))
                if isinstance(facts, AreaFacts):
                    sources[facts.source] = None
    return things, list(sources), errors


def _things_of(facts: Any) -> Iterator[_Thing]:
    if isinstance(facts, AreaFacts) and (kind := KINDS[facts.unit]) in DRAWN:
        drawn = shapely.make_valid(shapely.transform(shape(facts.geometry), _mercator, interleaved=False))
        if not drawn.is_empty:
            yield _Thing("areas", drawn, {"kind": str(kind)}, 5 if kind is Kind.MUNICIPALITY else FROM_ZOOM[kind])
    elif isinstance(facts, PlaceFacts) and facts.valid and facts.point and KINDS[facts.unit] in FROM_ZOOM:
        kind = KINDS[facts.unit]
        x, y = _mercator(facts.point.longitude, facts.point.latitude)
        name = "/".join(filter(None, (facts.name, facts.other_name)))
        rank = RANKS[kind] * (10 if facts.is_city else 1) + int(facts.area_km2 or 0)
        zoom = 5 if facts.is_city else FROM_ZOOM[kind]
        yield _Thing("places", shapely.Point(x, y), {"kind": str(kind), "name": name, "rank": rank}, zoom)


def _mercator(longitude: Any, latitude: Any) -> tuple[Any, Any]:
    """Web Mercator (EPSG 3857), scaled to one, y growing southwards."""
    if hasattr(latitude, "__len__"):
        pairs = [_mercator(x, y) for x, y in zip(longitude, latitude, strict=True)]
        return [x for x, _ in pairs], [y for _, y in pairs]
    if not (-180 <= longitude <= 180 and -85 <= latitude <= 85):
        raise ValueError(f"{longitude}, {latitude} is no place in WGS 84")
    return (longitude + 180) / 360, (1 - log(tan(pi / 4 + latitude * pi / 360)) / pi) / 2


def _tiles(things: Sequence[_Thing], progress: Progress) -> Iterator[tuple[int, bytes]]:
    for done, zoom in enumerate(ZOOMS):
        progress(done, len(ZOOMS))
        count = 2**zoom
        margin = BUFFER / EXTENT / count
        cells: defaultdict[tuple[int, int], list[tuple[_Thing, BaseGeometry]]] = defaultdict(list)
        for thing in things:
            if thing.zoom > zoom:
                continue
            # half a pixel of a tile that is 512 pixels wide
            plain = thing.geometry.simplify(0.5 / 512 / count) if thing.layer == "areas" else thing.geometry
            west, north, east, south = plain.bounds
            for x in range(floor((west - margin) * count), floor((east + margin) * count) + 1):
                for y in range(floor((north - margin) * count), floor((south + margin) * count) + 1):
                    cells[x, y].append((thing, plain))
        for (x, y), found in cells.items():
            if content := _tile(x, y, count, margin, found):
                yield zxy_to_tileid(zoom, x, y), content
    progress(len(ZOOMS), len(ZOOMS))


def _tile(x: int, y: int, count: int, margin: float, found: Sequence[tuple[_Thing, BaseGeometry]]) -> bytes:
    west, north, east, south = x / count, y / count, (x + 1) / count, (y + 1) / count
    frame = box(west - margin, north - margin, east + margin, south + margin)
    layers: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for thing, plain in found:
        inside = plain if frame.contains(plain) else plain.intersection(frame)
        if not inside.is_empty:
            layers[thing.layer].append({"geometry": inside, "properties": thing.said})
    if not layers:
        return b""
    options = {"quantize_bounds": (west, north, east, south), "extents": EXTENT, "y_coord_down": True}
    content: bytes = mapbox_vector_tile.encode(
        [{"name": name, "features": features} for name, features in layers.items()], default_options=options
    )
    return content


def _header(things: Sequence[_Thing], sources: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    west, north, east, south = shapely.total_bounds([thing.geometry for thing in things])
    (low_x, low_y), (high_x, high_y) = _degrees(west, south), _degrees(east, north)
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_zoom": ZOOMS[0],
        "max_zoom": ZOOMS[-1],
        "min_lon_e7": round(low_x * 1e7),
        "min_lat_e7": round(low_y * 1e7),
        "max_lon_e7": round(high_x * 1e7),
        "max_lat_e7": round(high_y * 1e7),
        "center_zoom": 8,
        "center_lon_e7": round((low_x + high_x) / 2 * 1e7),
        "center_lat_e7": round((low_y + high_y) / 2 * 1e7),
    }
    layers = [
        {"id": "areas", "fields": {"kind": "String"}},
        {"id": "places", "fields": {"kind": "String", "name": "String", "rank": "Number"}},
    ]
    return header, {"name": "SiMOS", "attribution": "; ".join(sources), "vector_layers": layers}


def _degrees(x: float, y: float) -> tuple[float, float]:
    return x * 360 - 180, degrees(atan(sinh(pi * (1 - 2 * y))))

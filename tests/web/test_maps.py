"""Maps: the basemap built from a small own register and read back, its ranges, and a map in the browser."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import mapbox_vector_tile
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from pmtiles.reader import MemorySource, Reader

from simos.kernel.errors import Invalid
from simos.platform.places.reading import table_in
from simos.web.basemap import basemap
from simos.web.maps import Drawn, MapLayer, with_map
from simos.web.tiling import ZOOMS, Built, build_basemap
from tests.web.test_browser import axe, entity, free, open_page, until

MUNICIPALITIES = """ENOTA,OB_MID,OB_ID,OB_UIME,OB_TIP,POV_KM2,D_OD,DV_OD,STATUS,CEN_E,CEN_N
OB,11026558,11,Celje,D,94.9,1995/01/01,1995/01/01,V,520500,121500
OB,11026566,12,Laško,N,197.5,1995/01/01,1995/01/01,V,519000,112000
OB,11026574,13,Napačna,N,1,1995/01/01,1995/01/01,V,daleč,112000
"""
BOUNDARY = """{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 11,
"properties": {"name": "Celje", "isoid": "SI-011", "id": 11},
"geometry": {"type": "Polygon", "coordinates":
[[[15.2, 46.2], [15.35, 46.2], [15.35, 46.3], [15.2, 46.3], [15.2, 46.2]]]}}]}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    places, areas = tmp_path / "OB.csv", tmp_path / "municipalities.geojson"
    places.write_text(MUNICIPALITIES)
    areas.write_text(BOUNDARY)
    return places, areas


@pytest.fixture
def built(files: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Built]:
    out = tmp_path / "base.pmtiles"
    return out, build_basemap([table_in(file) for file in files], out)


def tile_at(reader: Reader, zoom: int) -> dict[str, dict[str, object]]:
    """The tile of Celje."""
    x, y = {5: (17, 11), 12: (2221, 1453)}[zoom]
    return mapbox_vector_tile.decode(gzip.decompress(reader.get(zoom, x, y)))


def test_what_was_built_is_read_back(built: tuple[Path, Built]) -> None:
    out, told = built
    reader = Reader(MemorySource(out.read_bytes()))
    assert (told.areas, told.places) == (1, 2)
    assert (reader.header()["min_zoom"], reader.header()["max_zoom"]) == (ZOOMS[0], ZOOMS[-1])
    assert reader.metadata()["attribution"]
    far, near = tile_at(reader, 5), tile_at(reader, 12)
    assert [each["properties"]["name"] for each in far["places"]["features"]] == ["Celje"]  # a city is seen from afar
    assert far["areas"]["features"][0]["properties"] == {"kind": "municipality"}
    assert near["areas"]["features"][0]["geometry"]["type"] == "Polygon"


def test_a_bad_row_is_told_and_the_others_are_drawn(built: tuple[Path, Built]) -> None:
    (error,) = built[1].errors["OB.csv"]
    assert error.row == 4
    assert "CEN_E" in str(error)


def test_files_without_boundaries_or_names_change_nothing(tmp_path: Path) -> None:
    post = tmp_path / "PT.csv"
    post.write_text("ENOTA,PT_MID,PT_ID,PT_UIME,POV_KM2,D_OD,DV_OD,STATUS,CEN_E,CEN_N\n")
    out = tmp_path / "base.pmtiles"
    out.write_bytes(b"earlier")
    with pytest.raises(Invalid):
        build_basemap([table_in(post)], out)
    assert out.read_bytes() == b"earlier"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[bytes]:
    content = bytes(range(256)) * 4
    (tmp_path / "base.pmtiles").write_bytes(content)
    with override_settings(MAP_FILE=tmp_path / "base.pmtiles"):
        yield content


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-15", 0, 15), ("bytes=1000-", 1000, 1023), ("bytes=1020-5000", 1020, 1023)]
)
def test_a_range_is_what_was_asked_for(served: bytes, asked: str, first: int, last: int) -> None:
    answer = basemap(RequestFactory().get("/basemap.pmtiles", headers={"range": asked}))
    assert answer.status_code == 206
    assert answer.content == served[first : last + 1]  # type: ignore[attr-defined]
    assert answer["Content-Range"] == f"bytes {first}-{last}/1024"


def test_past_the_end_there_is_nothing(served: bytes) -> None:
    answer = basemap(RequestFactory().get("/basemap.pmtiles", headers={"range": "bytes=1024-1030"}))
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.django_db
@given(st.text(max_size=30))
def test_no_range_that_is_asked_breaks_anything(asked: str) -> None:
    with override_settings(MAP_FILE=Path(__file__)):
        request = RequestFactory().get("/basemap.pmtiles")
        request.META["HTTP_RANGE"] = asked
        answer = basemap(request)
    assert answer.status_code in (200, 206, 416)
    answer.close()


def test_only_points_are_clustered() -> None:
    with pytest.raises(ValueError, match="only points"):
        MapLayer(name="roads", drawn=Drawn.LINES, clustered=True)


def test_an_online_style_widens_the_policy_by_its_host_alone() -> None:
    with override_settings(MAP_STYLE="https://tiles.example/style.json"):
        update = with_map(HttpResponse())._csp_update  # type: ignore[attr-defined]
    assert update["connect-src"] == ["'self'", "https://tiles.example"]
    assert with_map(HttpResponse())._csp_update["connect-src"] == ["'self'"]  # type: ignore[attr-defined]


@pytest.mark.browser
def test_a_map_tells_what_its_list_tells_and_follows_it(site: Client, browser: Browser) -> None:
    changed = entity(8, free(0))
    page = open_page(browser, site.get("/celje/parkirisca/zemljevid/"), stream=lambda _: changed)
    until(page, "document.querySelector('[data-map-ready]')")
    page.get_by_role("button", name="Pokaži na zemljevidu: Glazija").click()
    popup = page.locator(".maplibregl-popup-content")
    expect(popup).to_contain_text("Zasedeno")
    result = axe.Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    assert page.faults == []
    page.context.close()


@pytest.mark.browser
def test_without_javascript_the_list_is_the_page(site: Client, browser: Browser) -> None:
    page = open_page(browser, site.get("/celje/parkirisca/zemljevid/"), java_script_enabled=False)
    expect(page.get_by_role("heading", name="Glazija")).to_be_visible()
    expect(page.locator(".map")).to_be_hidden()
    page.context.close()

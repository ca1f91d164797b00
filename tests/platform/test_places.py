"""Places: imported from the registers' files, found by name, address and point."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simos.kernel.acting import FEDERATION, Scope
from simos.kernel.clock import now
from simos.kernel.errors import Forbidden, Invalid, NotFound
from simos.kernel.geo import Point
from simos.platform.audit.models import AuditRecord
from simos.platform.places.actions import import_places
from simos.platform.places.models import Address, Area, Place, PlaceWord
from simos.platform.places.queries import place_at, place_of, search
from simos.platform.places.reading import table_in
from simos.platform.places.values import Kind
from simos.testing.acting import SYSTEM, officer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, tzinfo=UTC)

MUNICIPALITIES = """ENOTA,OB_MID,OB_ID,OB_UIME,OB_TIP,POV_KM2,STATUS,CEN_E,CEN_N
OB,101,11,Celje,D,94.92,V,520340,121185
OB,102,50,Koper,D,303.52,V,400967,45568
OB,103,40,Izola,N,28.64,V,395337,43854
"""
SETTLEMENTS = """ENOTA,NA_MID,NA_ID,NA_UIME,NA_DJ,OB_MID,POV_KM2,STATUS,CEN_E,CEN_N
NA,201,1,Celje,,101,22.7,V,520340,121185
NA,202,2,Dobrova,,101,2,V,518000,121000
NA,203,7,Koper,Capodistria,102,13,V,400967,45568
NA,204,3,Dobrava,Dobrava presso Isola,103,2,V,394000,43900
NA,205,4,Šared,,103,2,V,393700,42600
NA,206,5,Vrh nad Celjem,,101,2,V,519000,122000
"""
STREETS = """ENOTA,UL_MID,UL_ID,UL_UIME,UL_DJ,NA_MID,OB_MID,STATUS
UL,301,15,Prešernova ulica,,201,101,V
UL,302,4,Prešernova ulica,Via Prešeren,203,102,V
UL,303,9,Ulica 25. maja,,201,101,V
"""
POSTS = """ENOTA,PT_MID,PT_ID,PT_UIME,POV_KM2,STATUS,CEN_E,CEN_N
PT,401,3000,Celje,97,V,520340,121185
PT,402,6000,Koper - Capodistria,97,V,400967,45568
"""
_ADDRESS = "EID_HISNA_STEVILKA;OBCINA_SIFRA;NASELJE_SIFRA;ULICA_SIFRA;POSTNI_OKOLIS_SIFRA;"
ADDRESSES = f"""{_ADDRESS}HS_STEVILKA;HS_DODATEK;ST_STANOVANJA;E;N
501;11;1;15;3000;12;;1;520400,5;121200
501;11;1;15;3000;12;;2;520400,5;121200
502;11;1;15;3000;12;A;;520410;121210
503;50;7;4;6000;12;;;400967;45568
504;11;5;;3000;7;;;519000;122000
505;11;1;9;3000;4;;;520500;121300
"""


@pytest.fixture
def file(tmp_path):
    def write(text, name="places.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def put(file):
    def run(*texts, by=SYSTEM, scope=FEDERATION, at=AT, suffix="csv", **how):
        tables = [table_in(file(text, f"{i}.{suffix}")) for i, text in enumerate(texts)]
        return import_places(scope, tables, by=by, at=at, **how)

    return run


@pytest.fixture
def country(put):
    put(ADDRESSES, POSTS, STREETS, SETTLEMENTS, MUNICIPALITIES)


def counts(imported):
    return {
        kind: (tally.added, tally.changed, tally.unchanged, tally.gone)
        for each in imported
        for kind, tally in each.tallies.items()
    }


def outline(west, south, east, north):
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def features(*pairs):
    rows = [{"type": "Feature", "properties": about, "geometry": shape} for about, shape in pairs]
    return json.dumps({"type": "FeatureCollection", "features": rows})


def names(*args, **kwargs):
    return [(each.kind.value, each.name, each.within) for each in search(*args, **kwargs)]


def test_files_of_an_import_may_come_in_any_order(country):
    celje = place_of("201")
    assert celje.municipality is not None
    assert (celje.municipality.name, celje.city_id) == ("Celje", "celje")
    assert place_of("301").settlement == celje
    assert place_of("205").city_id is None
    assert celje.point is not None
    assert celje.point.metres_to(Point(15.263697521, 46.230109036)) < 0.1
    assert Address.objects.count() == 5


def test_the_same_files_again_change_nothing(country, put):
    before = list(Place.objects.order_by("pk").values())
    words = PlaceWord.objects.count()
    again = put(ADDRESSES, POSTS, STREETS, SETTLEMENTS, MUNICIPALITIES, at=AT + timedelta(days=1))
    assert counts(again) == {
        "municipality": (0, 0, 3, 0),
        "settlement": (0, 0, 6, 0),
        "street": (0, 0, 3, 0),
        "postal-district": (0, 0, 2, 0),
        "address": (0, 0, 5, 0),
    }
    assert (list(Place.objects.order_by("pk").values()), PlaceWord.objects.count()) == (before, words)


def test_a_new_name_counts_and_the_old_one_no_more(country, put):
    assert counts(put(SETTLEMENTS.replace("Šared", "Šaredin")))["settlement"] == (0, 1, 5, 0)
    assert names("saredin") == [("settlement", "Šaredin", "Izola")]
    put(SETTLEMENTS.replace("Šared", "Jagodje"))
    assert names("sared") == []


def test_what_a_file_does_not_name_stays_and_a_whole_file_marks_it_as_gone(country, put):
    part = "\n".join(SETTLEMENTS.splitlines()[:-1])
    assert counts(put(part))["settlement"] == (0, 0, 5, 0)
    assert names("vrh nad celjem") != []
    assert counts(put(part, whole=True))["settlement"] == (0, 0, 5, 1)
    assert names("vrh nad celjem") == []
    assert place_of("206").gone_at == AT
    assert counts(put(SETTLEMENTS))["settlement"] == (0, 1, 5, 0)
    assert names("vrh nad celjem") == [("settlement", "Vrh nad Celjem", "Celje")]


def test_a_whole_file_of_addresses_marks_those_that_have_gone(country, put):
    part = "\n".join(ADDRESSES.splitlines()[:-1])
    assert counts(put(part, whole=True))["address"] == (0, 0, 4, 1)
    assert names("ulica 25. maja 4", kinds=[Kind.ADDRESS]) == []


def test_a_unit_that_the_register_has_ended_is_marked(country, put):
    ended = SETTLEMENTS.replace("NA,205,4,Šared,,103,2,V", "NA,205,4,Šared,,103,2,P")
    assert counts(put(ended))["settlement"] == (0, 0, 5, 1)
    assert counts(put(ended))["settlement"] == (0, 0, 6, 0)
    assert names("šared") == []


def test_bad_rows_are_told_with_their_fields_and_good_ones_kept(country, put):
    bad = """ENOTA,NA_MID,NA_ID,NA_UIME,NA_DJ,OB_MID,POV_KM2,STATUS,CEN_E,CEN_N
NA,211,8,Nova vas,,101,2,V,519000,122100
NA,x12,9,Brez številke,,101,2,V,519000,122100
NA,213,9,,,101,wide,V,519000,5122100
NA,214,9,Drugje,,999,2,V,519000,122100
NA,211,8,Še enkrat,,101,2,V,519000,122100
XX,215,9,Kaj,,101,2,V,519000,122100
NA,216,9,Preveč,,101,2,V,519000,122100,4
"""
    (imported,) = put(bad, whole=True)
    told = [(error.row, error.field) for error in imported.errors]
    assert told == [
        (3, "NA_MID"),
        (4, "NA_UIME"),
        (4, "POV_KM2"),
        (4, "CEN_N"),
        (5, ""),
        (6, ""),
        (7, "ENOTA"),
        (8, ""),
    ]
    assert counts([imported])["settlement"] == (1, 0, 0, 0)
    assert Place.objects.filter(gone_at__isnull=False).count() == 0


def test_an_address_in_an_unknown_street_is_told(country, put):
    (imported,) = put(ADDRESSES.replace(";15;", ";16;"))
    assert [error.row for error in imported.errors] == [2, 3, 4]
    assert "import the streets first" in imported.errors[0].message


def test_a_preview_tells_the_same_and_stores_nothing(put):
    audited = AuditRecord.objects.count()
    told = counts(put(SETTLEMENTS, MUNICIPALITIES, preview=True))
    assert (Place.objects.count(), AuditRecord.objects.count()) == (0, audited)
    assert counts(put(SETTLEMENTS, MUNICIPALITIES)) == told
    assert AuditRecord.objects.filter(action="import-places").count() == 2


def test_places_are_imported_by_those_who_may_and_in_the_federation(put):
    with pytest.raises(Forbidden):
        put(MUNICIPALITIES, by=officer(Scope.city("celje"), "city-administrator"))
    with pytest.raises(Invalid, match="federation"):
        put(MUNICIPALITIES, scope=Scope.city("celje"))
    assert not Place.objects.exists()
    put(MUNICIPALITIES, by=officer(FEDERATION, "platform-administrator"), at=now())
    assert Place.objects.count() == 3


@pytest.mark.parametrize(
    ("text", "suffix", "words"),
    [
        ("a,b\n1,2\n", "csv", "neither a file of"),
        ("ENOTA,OB_MID\n", "csv", "no column STATUS"),
        ("", "csv", "neither a file of"),
        (MUNICIPALITIES.splitlines()[0], "csv", "no rows"),
        ("{", "geojson", "not GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "geojson", "with features"),
        (features(({"name": "?"}, None)), "geojson", "none of the properties"),
    ],
)
def test_a_file_of_another_form_is_refused_with_words(put, text, suffix, words):
    with pytest.raises(Invalid, match=words):
        put(text, suffix=suffix)


def test_a_file_in_another_encoding_is_refused_and_nothing_stored(tmp_path):
    path = tmp_path / "OB.csv"
    path.write_bytes(MUNICIPALITIES.replace("Izola", "Škofja Loka").encode("cp1250"))
    with pytest.raises(Invalid, match="UTF-8"):
        import_places(FEDERATION, [table_in(path)], by=SYSTEM, at=AT)
    assert not Place.objects.exists()


def test_marks_and_case_do_not_count_in_a_search(country):
    assert names("SARED") == names("šared") == [("settlement", "Šared", "Izola")]
    assert names("capodistria")[0] == ("settlement", "Koper", "")


def test_whole_names_come_first_then_beginnings_then_words(country):
    assert [(kind, name) for kind, name, _ in names("celje")] == [
        ("municipality", "Celje"),
        ("settlement", "Celje"),
        ("postal-district", "Celje"),
        ("settlement", "Vrh nad Celjem"),
    ]
    assert [name for _, name, _ in names("dobr")] == ["Dobrova", "Dobrava"]
    assert names("celj", kinds=[Kind.SETTLEMENT])[-1] == ("settlement", "Vrh nad Celjem", "Celje")


def test_further_words_may_be_of_the_place_around(country):
    assert names("dobr izola") == [("settlement", "Dobrava", "Izola")]
    assert names("presernova koper") == [("street", "Prešernova ulica", "Koper")]
    assert names("izola", kinds=[Kind.SETTLEMENT]) == []
    assert names("3000") == [("postal-district", "Celje", "")]


def test_an_address_is_found_by_street_or_village(country):
    assert names("Prešernova 12, Celje") == [
        ("address", "Prešernova ulica 12", "Celje"),
        ("address", "Prešernova ulica 12a", "Celje"),
    ]
    assert names("prešernova ul. 12 a") == [("address", "Prešernova ulica 12a", "Celje")]
    assert names("presernova 12 6000") == [("address", "Prešernova ulica 12", "Koper")]
    assert names("Vrh 7") == [("address", "Vrh nad Celjem 7", "")]
    assert names("Ulica 25. maja 4")[0] == ("address", "Ulica 25. maja 4", "Celje")
    assert names("Ulica 25") == [("street", "Ulica 25. maja", "Celje")]


def test_a_search_may_be_of_one_city_and_of_some_kinds(country):
    assert names("presernova 12", city="koper") == [("address", "Prešernova ulica 12", "Koper")]
    assert names("presernova", city="celje") == [("street", "Prešernova ulica", "Celje")]
    assert names("presernova 12", kinds=[Kind.STREET]) == []
    assert len(search("celj", limit=2)) == 2
    assert names("") == names("?!") == names(" ".join(["a"] * 50)) == []


def test_a_point_lies_in_the_areas_that_are_known(country, put):
    city = {"iso_3166_2": "SI-011"}, outline(15.0, 46.0, 15.5, 46.5)
    quarter = {
        "ENOTA": "CM",
        "ODO_MID": 601,
        "ODO_ID": 11301.0,
        "ODO_UIME": "Center",
        "STATUS": "V",
        "CEN_E": 520340.0,
        "CEN_N": 121185.0,
    }
    put(features((quarter, outline(15.2, 46.2, 15.3, 46.3))), features(city), suffix="geojson")
    inside, outside = place_at(Point(15.25, 46.25)), place_at(Point(15.4, 46.25))
    assert (str(inside.municipality), str(inside.quarter), inside.settlement) == ("Celje", "Center", None)
    assert (str(outside.municipality), outside.quarter) == ("Celje", None)
    assert place_at(Point(16.0, 46.25)).municipality is None
    assert inside.quarter is not None
    assert inside.quarter.city_id == "celje"
    assert "OpenStreetMap" in Area.objects.get(place__register_id="101").source
    assert "Geodetska uprava" in Area.objects.get(place__register_id="601").source


def test_a_better_outline_takes_the_place_of_the_old(country, put):
    about = {"isoid": "SI-011"}
    put(features((about, outline(15, 46, 16, 47))), suffix="geojson")
    again = put(features((about, outline(15, 46, 15.1, 46.1))), suffix="geojson")
    assert counts(again) == {"outline of municipality": (0, 1, 0, 0)}
    assert place_at(Point(15.5, 46.5)).municipality is None
    assert str(place_at(Point(15.05, 46.05)).municipality) == "Celje"


def test_an_outline_that_fits_nothing_or_is_broken_is_told(country, put):
    (imported,) = put(
        features(
            ({"isoid": "SI-011"}, outline(15, 46, 16, 47)),
            ({"isoid": "SI-211"}, outline(15, 46, 16, 47)),
            ({"isoid": "AT-011"}, outline(15, 46, 16, 47)),
            ({"isoid": "SI-050"}, {"type": "Polygon", "coordinates": [[[15, 46]]]}),
            ({"isoid": "SI-011"}, outline(15, 46, 16, 48)),
        ),
        suffix="geojson",
    )
    assert [error.row for error in imported.errors] == [2, 3, 4, 5]
    assert counts([imported]) == {"outline of municipality": (1, 0, 0, 0)}


def test_a_place_that_is_not_there():
    with pytest.raises(NotFound):
        place_of("1")

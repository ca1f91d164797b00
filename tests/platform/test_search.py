"""The search: kept fresh by modules, the same on both databases, and it shows nobody what is not theirs."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.clock import FrozenClock, clock_set_to
from simos.kernel.module import Level
from simos.kernel.registry import Installed, RegistryError, installed_modules, registry_of
from simos.kernel.text import Text
from simos.platform.scopes.acting import current
from simos.platform.scopes.actions import switch_off, switch_on
from simos.platform.search import actions, installed
from simos.platform.search.actions import rebuild, rebuild_all, refresh
from simos.platform.search.installed import Exported, searchables_in
from simos.platform.search.matching import Matches
from simos.platform.search.models import Build, Entry
from simos.platform.search.queries import search
from simos.platform.search.values import Document, Searchable
from simos.testing.acting import SYSTEM, officer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE, KOPER = Scope.city("celje"), Scope.city("koper")
NOBODY = Actor.nobody()
PARKING = installed_modules()["mobility/parking"].module
KIND = "notice"


@dataclass
class Notices:
    """A module's documents, by scope and id; and how often they were asked for."""

    by_scope: dict[Scope, dict[str, Document]] = field(default_factory=dict)

    def put(self, name, sl, en="", body="", *, scope=CELJE, languages=("sl", "en"), **more):
        more = {"open": True, "at": AT} | more
        self.by_scope.setdefault(scope, {})[name] = Document(
            id=name,
            title=Text(sl=sl, en=en or sl),
            body=Text(sl=body, en=body) if body else None,
            addresses={each: f"/{each}/{name}" for each in languages},
            **more,
        )

    def documents(self, ids) -> Iterator[Document]:
        there = self.by_scope.get(current().scope, {})
        return (each for each in there.values() if ids is None or each.id in ids)


@pytest.fixture(autouse=True)
def noon():
    with clock_set_to(FrozenClock(AT)):
        yield


@pytest.fixture
def notices(monkeypatch):
    """Notices, exported by parking, which is on in Celje and Koper."""
    found = Notices()
    exported = Exported(
        PARKING, Searchable(kind=KIND, title=Text(sl="Obvestilo", en="Notice"), documents=found.documents)
    )
    monkeypatch.setattr(actions, "installed_searchables", lambda: {KIND: exported})
    for scope in (CELJE, KOPER):
        switch_on(scope, PARKING.name, by=SYSTEM, at=AT)
    return found


def build(*scopes):
    for scope in scopes or (CELJE,):
        rebuild(KIND, scope=scope, by=SYSTEM, at=AT)


def ids(text, *, by=NOBODY, language="sl", **more):
    return [hit.id for hit in search(text, by=by, language=language, **more).hits]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("garaža", True),
        ("GARAZA", True),
        ("garaže", True),
        ("gar", True),
        ("garaža glazija", True),
        ("glazija pod", True),
        ("arena", False),
        ("garaža bežigrad", False),
        ("", False),
        ("?!", False),
        ("\"' OR * :", False),
        ("12", True),
        ("1", True),
        ("125", False),
        ("gledališka 12/a", True),
    ],
)
def test_words_are_found_by_their_beginnings_without_marks_and_endings(notices, text, found):
    notices.put("a", "Garaža Glazija", body="Pod hribom, Gledališka ulica 12/a.")
    build()
    assert ids(text) == (["a"] if found else [])


def test_the_title_counts_more_than_the_text_and_what_is_typed_more_than_its_stem(notices):
    notices.put("text", "Drugo", body="Nova parkirna hiša za vse")
    notices.put("stem", "Parkirni red")
    notices.put("typed", "Nova parkirna hiša")
    build()
    assert ids("parkirna") == ["typed", "stem", "text"]


def test_the_newest_comes_first_among_its_like(notices):
    for days in (2, 9, 4):
        notices.put(f"d{days}", "Zapora ceste", at=AT - timedelta(days=days))
    build()
    assert ids("zapora") == ["d2", "d4", "d9"]


def test_results_come_in_pages(notices):
    for number in range(5):
        notices.put(f"n{number}", "Zapora", at=AT - timedelta(days=number))
    build()
    first, last = (
        search("zapora", by=NOBODY, language="sl", limit=2),
        search("zapora", by=NOBODY, language="sl", offset=4),
    )
    assert ([hit.id for hit in first.hits], first.total) == (["n0", "n1"], 5)
    assert ([hit.id for hit in last.hits], last.total) == (["n4"], 5)


def test_each_language_has_its_words_and_falls_back_to_another(notices):
    notices.put("both", "Parkirišče", "Car park")
    notices.put("koper", "Parkirišče", "Car park", languages=("sl", "it"))
    build()
    assert ids("parkirišče", language="sl") == ["both", "koper"]
    assert ids("car park", language="en") == ["both"]
    assert ids("car", language="sl") == []
    (hit,) = search("car", by=NOBODY, language="hu").hits
    assert (hit.id, hit.language, hit.address) == ("both", "en", "/en/both")
    assert ids("parkirišče", language="en") == ["koper"]
    assert ids("parkirišče", language="xx") == ["both", "koper"]


def test_one_sees_what_is_open_and_what_ones_roles_permit_there(notices):
    closed = {"open": False, "permission": "edit-facilities"}
    notices.put("open", "Zapora")
    notices.put("celje", "Zapora", **closed)
    notices.put("koper", "Zapora", scope=KOPER, **closed)
    build(CELJE, KOPER)
    here, there = officer(CELJE, "parking-officer"), officer(KOPER, "parking-officer")
    assert sorted(ids("zapora")) == ["open"]
    assert sorted(ids("zapora", by=here)) == ["celje", "open"]
    assert sorted(ids("zapora", by=there)) == ["koper", "open"]
    assert sorted(ids("zapora", by=officer(CELJE, "city-administrator"))) == ["open"]
    assert sorted(ids("zapora", by=SYSTEM)) == ["celje", "koper", "open"]
    assert search("zapora", by=NOBODY, language="sl").total == 1


def test_a_search_may_be_of_one_city_or_kind(notices):
    notices.put("a", "Zapora")
    notices.put("a", "Zapora", scope=KOPER)
    build(CELJE, KOPER)
    assert len(ids("zapora")) == 2
    (hit,) = search("zapora", by=NOBODY, language="sl", city="koper").hits
    assert hit.city == "koper"
    assert ids("zapora", kinds=["something-else"]) == []


def test_what_changes_is_found_at_once_and_what_is_gone_no_more(notices):
    notices.put("a", "Zapora")
    notices.put("b", "Prireditev")
    refresh(KIND, ["a"], scope=CELJE, by=SYSTEM)
    assert (ids("zapora"), ids("prireditev")) == (["a"], [])
    notices.put("a", "Odprto")
    refresh(KIND, ["a"], scope=CELJE, by=SYSTEM)
    assert (ids("zapora"), ids("odprto")) == ([], ["a"])
    del notices.by_scope[CELJE]["a"]
    refresh(KIND, ["a"], scope=CELJE, by=SYSTEM)
    assert ids("odprto") == []
    assert not Entry.objects.exists()


def test_a_language_that_a_document_loses_is_gone(notices):
    notices.put("a", "Zapora", "Closure")
    build()
    notices.put("a", "Zapora", "Closure", languages=("sl",))
    build()
    assert ids("closure", language="en") == []
    assert ids("zapora", language="en") == ["a"]


def test_each_night_all_is_made_anew(notices):
    notices.put("a", "Zapora")
    notices.put("b", "Zapora", scope=KOPER)
    rebuild_all(by=SYSTEM, at=AT)
    assert sorted(ids("zapora")) == ["a", "b"]
    assert set(Build.objects.values_list("scope", "built_at")) == {(str(CELJE), AT), (str(KOPER), AT)}
    del notices.by_scope[CELJE]["a"]
    switch_off(KOPER, PARKING.name, by=SYSTEM, at=AT)
    assert ids("zapora") == ["a"]
    rebuild_all(by=SYSTEM, at=AT)
    assert not Entry.objects.exists()
    assert [build.scope for build in Build.objects.all()] == [str(CELJE)]


def test_nothing_is_written_where_nothing_has_changed(notices):
    for number in range(30):
        notices.put(f"n{number}", "Zapora")
    build()
    before = list(Entry.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as queries:
        build()
    written = [
        each["sql"] for each in queries if each["sql"].startswith(("INSERT", "DELETE")) and "entry" in each["sql"]
    ]
    assert written == []
    assert list(Entry.objects.order_by("pk").values()) == before


def test_of_a_module_that_is_off_nothing_is_found_or_kept(notices):
    notices.put("a", "Zapora")
    build()
    switch_off(CELJE, PARKING.name, by=SYSTEM, at=AT)
    assert ids("zapora") == []
    refresh(KIND, ["a"], scope=CELJE, by=SYSTEM)
    assert not Entry.objects.exists()


def test_documents_of_the_federation(notices, monkeypatch):
    notices.put("a", "Zapora", scope=FEDERATION)
    module = replace(PARKING, level=Level.FEDERATION)
    exported = Exported(module, Searchable(kind=KIND, title=Text(sl="x", en="x"), documents=notices.documents))
    monkeypatch.setattr(actions, "installed_searchables", lambda: {KIND: exported})
    rebuild_all(by=SYSTEM, at=AT)
    assert (ids("zapora"), ids("zapora", city="celje")) == (["a"], [])


def test_a_failing_module_leaves_the_index_as_it_was(notices):
    notices.put("a", "Zapora")
    build()
    notices.put("b", "Zapora", open=False, permission="nobody-declares-this")
    with pytest.raises(ValueError, match="nobody-declares-this"):
        build()
    assert ids("zapora") == ["a"]


def test_an_extract_shows_the_words_that_were_looked_for(notices):
    notices.put("a", "Svet", body="uvod " * 100 + "Prenova tržnice se začne maja. " + "konec " * 100)
    build()
    (hit,) = search("tržnica", by=NOBODY, language="sl").hits
    assert "Prenova tržnice se začne" in hit.extract
    assert len(hit.extract) < 260


def test_long_words_and_texts_are_taken(notices):
    notices.put("a", "Ž" * 300, body="konec " * 30_000 + "x" * 5000)
    build()
    assert ids("z" * 70) == ids("konec") == ["a"]


def test_an_unknown_kind_is_a_fault_of_the_program(notices):
    with pytest.raises(LookupError, match="horoscope"):
        refresh("horoscope", ["a"], scope=CELJE, by=SYSTEM)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"addresses": {}},
        {"addresses": {"de": "/de/a"}},
        {"open": False},
        {"open": True, "permission": "edit-facilities"},
    ],
)
def test_a_document_that_does_not_hold_together_is_refused(wrong):
    right = {"id": "a", "title": Text(sl="a", en="a"), "addresses": {"sl": "/a"}, "at": AT, "open": True}
    Document(**right)
    with pytest.raises(ValueError, match="document"):
        Document(**(right | wrong))


def test_a_kind_is_exported_once(monkeypatch):
    one = Searchable(kind=KIND, title=Text(sl="x", en="x"), documents=lambda ids: ())
    monkeypatch.setattr(Installed, "load", lambda self, file: (one, one))
    with pytest.raises(RegistryError, match="both export"):
        searchables_in(registry_of([installed_modules()["mobility/parking"]]))


def test_the_full_text_index_serves_a_search(notices):
    """On PostgreSQL the expression of the query must be that of the index; on SQLite FTS5 is the table asked."""
    for number in range(50):
        notices.put(f"n{number}", f"Zapora {number}")
    build()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Entry.objects.filter(Matches(("zapora",))).explain()
    assert "platform_search_words" in plan or "VIRTUAL TABLE" in plan


def test_the_installed_modules_export_what_can_be_found():
    assert installed.installed_searchables()["parking-facility"].module == PARKING

"""The catalogue for programs, at `/api/data/catalogue/<city>/` (`consortium`: all): data sets, files, DCAT-AP, CKAN.

Open data: nobody is asked who they are, and only numbers are kept of what is taken.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Router, Schema
from pydantic import Field

from simos.hub.store.base import HistoryQuery
from simos.hub.values import Point
from simos.kernel.acting import ScopeKind
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import Invalid, NotFound
from simos.kernel.text import Text
from simos.modules.data.catalogue.actions import count_download
from simos.modules.data.catalogue.formats import ckan, dcat, tables
from simos.modules.data.catalogue.formats.addresses import Site
from simos.modules.data.catalogue.module import module
from simos.modules.data.catalogue.queries import data_set_of, data_sets_of, standing_of, things_of
from simos.modules.data.catalogue.rules import about_of
from simos.modules.data.catalogue.values import BY_FILE, FORMS, DataSet, Form, Standing
from simos.platform.scopes.acting import current
from simos.platform.scopes.queries import city_of
from simos.platform.things.door import reader

router = Router()

DAY = timedelta(days=1)
LONGEST = 366 * DAY
CONSORTIUM = Text(sl="SiMOS: mesta konzorcija", en="SiMOS: cities of the consortium", it="SiMOS: città del consorzio")


class DataSetOut(Schema):
    """A data set of a city. `files`: what can be downloaded; those over time take `since` and `until`."""

    name: str
    city: str
    type: str = Field(description="Entity type in NGSI-LD.")
    title: Mapping[str, str]
    about: Mapping[str, str]
    licence: str
    page: str
    files: list[str]
    entities: str = Field(description="The same in NGSI-LD.")
    features: str = Field(description="The same by OGC API - Features.")
    stream: str = Field(description="Every change as it happens (server-sent events).")


def _place() -> str:
    """The code of the city of the address; '' for the consortium."""
    scope = current().scope
    return scope.code if scope.kind is ScopeKind.CITY else ""


def _site(request: HttpRequest) -> Site:
    return Site(f"{request.scheme}://{request.get_host()}")


def _words(text: Text) -> Mapping[str, str]:
    return {each: text.in_(each) for each in text.languages()}


def _shown(site: Site, it: DataSet) -> DataSetOut:
    return DataSetOut(
        name=it.name,
        city=it.place.code,
        type=it.type.name,
        title=_words(it.title),
        about=_words(about_of(it)),
        licence=it.type.licence,
        page=site.page(it),
        files=[site.file(it, form) for form in FORMS],
        entities=site.entities(it),
        features=f"{site.collection(it)}/items",
        stream=site.stream(it),
    )


@router.get("/data-sets", response=list[DataSetOut], summary="The data sets")
def data_sets(request: HttpRequest) -> list[DataSetOut]:
    """Every open type of thing of the services that are on."""
    return [_shown(_site(request), each) for each in data_sets_of(_place())]


@router.get("/data-sets/{name}", response=DataSetOut, summary="One data set of a city")
def data_set(request: HttpRequest, name: str) -> DataSetOut:
    """404 where the city has none of this name."""
    return _shown(_site(request), _named(name))


def _named(name: str) -> DataSet:
    if not (place := _place()):
        raise NotFound("name the city in the address: data sets are those of a city")
    return data_set_of(city_of(place), name)


@router.get("/data-sets/{name}/{file}", summary="A data set as a file: CSV, GeoJSON, Parquet; now or over time")
def download(request: HttpRequest, name: str, file: str, since: str = "", until: str = "", lang: str = "sl") -> Any:
    """`now.csv`, `now.geojson`, `now.parquet`; `history.csv`, `history.parquet` of a period, at most 366 days: from
    `since` to before `until`, days or times (RFC 3339), the last seven days where nothing is said. `lang`: of texts."""
    it, form = _named(name), BY_FILE.get(file)
    if form is None:
        raise NotFound(f"there is no file {file[:60]!r}; there are {', '.join(BY_FILE)}")
    at, by = now(), current()
    content = _history(it, form, _span(since, until, at)) if form.over_time else _present(it, form, lang[:40])
    if request.method == "GET":
        count_download(by.scope, it.name, form=form.file, by=by.actor, at=at)
    response = StreamingHttpResponse(content, content_type=f"{form.media_type}")
    if form.media_type == "text/csv":
        response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="{it.key}-{form.file}"'
    return response


def _present(it: DataSet, form: Form, lang: str) -> Iterator[bytes]:
    things = things_of(reader(), it)
    if form.file.endswith("geojson"):
        return tables.geojson_of(things, lang)
    header, rows = tables.columns_of(it), tables.rows_of(it, things, lang)
    if form.file.endswith("csv"):
        return tables.csv_of(header, rows)
    numbers = {"longitude", "latitude", *(each.name for each in it.type.attributes if each.unit)}
    return tables.parquet_of(header, rows, frozenset(numbers))


def _history(it: DataSet, form: Form, span: tuple[int, int]) -> Iterator[bytes]:
    rows = tables.history_rows(_points(it, *span))
    if form.file.endswith("csv"):
        return tables.csv_of(tables.HISTORY, rows)
    header, numbered = tables.with_number_column(tables.HISTORY, rows)
    return tables.parquet_of(header, numbered, frozenset({"number"}))


def _points(it: DataSet, since: int, until: int) -> Iterator[Point]:
    for entity in things_of(reader(), it):
        yield from reader().history(HistoryQuery(tenant=it.place.code, entities=(entity.id,), since=since, until=until))


def _span(since: str, until: str, at: datetime) -> tuple[int, int]:
    last = _moment(until, "until") if until else at
    first = _moment(since, "since") if since else last - 7 * DAY
    if not first < last <= first + LONGEST:
        raise Invalid(f"since is before until, by at most {LONGEST.days} days", field="since")
    return micros_of(first), micros_of(last)


def _moment(text: str, name: str) -> datetime:
    try:
        if len(text) == len("2026-11-01"):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found
    except ValueError:
        pass
    raise Invalid("a day such as 2026-11-01, or a time with its offset such as 2026-11-01T08:00:00Z", field=name)


@router.get("/dcat", summary="The catalogue in DCAT-AP 3: JSON-LD, Turtle or RDF/XML, as Accept says")
def catalogue(request: HttpRequest) -> HttpResponse:
    """JSON-LD where nothing else is wished."""
    liked = request.get_preferred_type([media_type for media_type, _ in dcat.MEDIA_TYPES.values()])
    form = next((name for name, (media_type, _) in dcat.MEDIA_TYPES.items() if media_type == liked), "jsonld")
    response = _catalogue(request, form)
    response["Vary"] = "Accept"
    return response


@router.get("/dcat/{file}", summary="The same as a file: catalogue.jsonld, catalogue.ttl, catalogue.rdf")
def catalogue_file(request: HttpRequest, file: str) -> HttpResponse:
    """404 for another name."""
    known = {f"catalogue.{form}": form for form in dcat.MEDIA_TYPES}
    if file not in known:
        raise NotFound(f"there is no {file[:40]!r}; there are {', '.join(known)}")
    return _catalogue(request, known[file])


def _catalogue(request: HttpRequest, form: str) -> HttpResponse:
    place = _place()
    publisher = city_of(place).name if place else CONSORTIUM
    name = Text(**{each: f"{module.title.in_(each)} – {publisher.in_(each)}" for each in ("sl", "en", "it")})
    found = [(each, _standing(each)) for each in data_sets_of(place)]
    graph = dcat.graph_of(_site(request), place, name, found, publisher=publisher)
    return HttpResponse(dcat.written(graph, form), content_type=dcat.MEDIA_TYPES[form][0])


def _standing(it: DataSet) -> Standing:
    return standing_of(reader(), it, now=now())


@router.post("/ckan/api/3/action/{action}", operation_id="ckan_3_by_post", summary="The same, asked by a JSON body")
@router.get("/ckan/api/3/action/{action}", summary="CKAN's API, to be harvested")
def ckan_3(request: HttpRequest, action: str) -> HttpResponse:
    """`package_list`, `package_show`, `package_search`, ... as CKAN answers them; nothing can be changed by it."""
    return _ckan(request, action)


@router.post("/ckan/api/action/{action}", operation_id="ckan_by_post", summary="The same, asked by a JSON body")
@router.get("/ckan/api/action/{action}", summary="The same, of the newest version")
def ckan_newest(request: HttpRequest, action: str) -> HttpResponse:
    """As above."""
    return _ckan(request, action)


def _ckan(request: HttpRequest, action: str) -> HttpResponse:
    site, place = _site(request), _place()
    address = f"{site.api(place)}/ckan/api/3/action/help_show?name={action[:100]}"
    asked = ckan.Catalogue(site=site, place=place, sets=data_sets_of(place), standing=cache(_standing))
    try:
        result = ckan.answer(asked, action, _given(request))
    except ckan.Unheard as unheard:
        return _json(f"Bad request - {unheard.detail}", 400)
    except (ckan.Missing, ckan.Unfit) as refused:
        error = {"__type": refused.title, "message": refused.detail, **refused.extra.get("errors", {})}
        return _json({"help": address, "success": False, "error": error}, refused.status)
    return _json({"help": address, "success": True, "result": result})


def _given(request: HttpRequest) -> Mapping[str, Any]:
    if request.method == "GET":
        return request.GET.dict()
    try:
        found = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise ckan.Unfit("The body is a JSON object.")
    return found


def _json(content: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(content), content_type="application/json; charset=utf-8", status=status)

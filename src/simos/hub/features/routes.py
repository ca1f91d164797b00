"""The addresses of OGC API - Features, `/ogc/<tenant>/...`, and what answers each. Everything is read, nothing kept."""

from collections.abc import Collection as Names
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from starlette.responses import Response

from simos.hub.contexts import CORE
from simos.hub.features import documents, openapi
from simos.hub.features.asked import asked_of, only
from simos.hub.features.documents import OPENAPI, SCHEMA_JSON, Collection
from simos.hub.ngsild import text_of_micros
from simos.hub.problems import ResourceNotFound
from simos.hub.query.projection import EVERYTHING
from simos.hub.server.desk import Asking
from simos.hub.server.negotiation import GEO_JSON, JSON
from simos.hub.server.showing import View, document_of
from simos.hub.short_names import short_names
from simos.hub.store.base import EntityQuery
from simos.hub.store.rows import LOCATION
from simos.hub.values import Entity
from simos.kernel.clock import micros_of, now

OGC = "/ogc/{tenant}"
_ITEM = f"{OGC}/collections/{{collection}}/items/{{id}}"


def _answer(content: Any, media_type: str = JSON) -> Response:
    """Open to the pages of any site, as open data is."""
    return Response(orjson.dumps(content), 200, {"Access-Control-Allow-Origin": "*"}, media_type)


def _base(asking: Asking) -> str:
    return asking.our_address(OGC.format(tenant=asking.request.path_params["tenant"]))


def _lang(asking: Asking) -> str:
    return asking.request.headers.get("accept-language", "") or "sl"


def _plain(asking: Asking) -> None:
    only(asking.request.query_params)


async def landing(asking: Asking) -> Response:
    """The way to everything else."""
    _plain(asking)
    return _answer(documents.landing(_base(asking), asking.tenant))


async def conformance(asking: Asking) -> Response:
    """The conformance classes of the standard that hold here."""
    _plain(asking)
    return _answer(documents.conformance())


async def api(asking: Asking) -> Response:
    """These addresses in OpenAPI 3.0."""
    _plain(asking)
    return _answer(openapi.document(_base(asking), asking.tenant), documents.OPENAPI_3)


async def collections(asking: Asking) -> Response:
    """The types of thing that the city has, and the asker may see."""
    _plain(asking)
    counts = await asking.desk.read(asking.desk.reader.types, asking.tenant)
    found = [
        Collection(id=short, type=name, declared=asking.desk.declared.get(name))
        for name, short in short_names(counts).items()
        if asking.grant.may_see([name])
    ]
    return _answer(documents.collections(_base(asking), sorted(found, key=lambda each: each.id), _lang(asking)))


async def collection(asking: Asking) -> Response:
    """One type of thing."""
    _plain(asking)
    return _answer(documents.collection_shown(_base(asking), await _named(asking), _lang(asking)))


async def queryables(asking: Asking) -> Response:
    """The properties by which features can be asked for, as a JSON schema."""
    _plain(asking)
    found = await _named(asking)
    names = await asking.desk.read(_attributes, asking, found)
    return _answer(documents.queryables(_base(asking), found, names, _lang(asking)), SCHEMA_JSON)


async def items(asking: Asking) -> Response:
    """Features as they are now: by place, time, values of properties, page by page."""
    found, given = await _named(asking), asking.request.query_params.multi_items()
    asked = await asking.desk.read(asked_of, given, lambda names: _attributes(asking, found, names))
    page = await asking.desk.read(asking.desk.reader.entities, asked.query(asking.tenant, found.type))
    if page.wished:
        asking.desk.indexer.wish(asking.tenant, page.wished)
    content = documents.page(
        _base(asking),
        found,
        [_feature(asking, each) for each in page.entities],
        given=given,
        offset=asked.offset,
        matched=page.total or 0,
        at=text_of_micros(micros_of(now())),
    )
    return _answer(content, GEO_JSON)


async def item(asking: Asking) -> Response:
    """One feature as it is now."""
    _plain(asking)
    found, entity_id = await _named(asking), asking.request.path_params["id"]
    entity = await asking.desk.entity(asking.tenant, entity_id)
    if entity is None or found.type not in entity.types:
        raise ResourceNotFound(f"There is no {entity_id} in {found.id}.")
    return _answer(documents.one_feature(_base(asking), found, _feature(asking, entity)), GEO_JSON)


async def _named(asking: Asking) -> Collection:
    """The collection that the address names; ResourceNotFound where the city has no such things."""
    short = asking.request.path_params["collection"]
    found = await asking.desk.read(_type_of, asking, short)
    if found is None:
        raise ResourceNotFound(f"There is no collection {short[:100]!r}.")
    asking.grant.to_touch((found,))
    return Collection(id=short, type=found, declared=asking.desk.declared.get(found))


def _type_of(asking: Asking, short: str) -> str | None:
    """The type that has this short name, where there is such a thing. First as the core has it: that needs no list."""
    reader, tenant = asking.desk.reader, asking.tenant
    likely = CORE.expand(short)
    if CORE.compact(likely) == short and reader.entities(EntityQuery(tenant=tenant, types=(likely,), limit=1)).entities:
        return likely
    return next((name for name, given in short_names(reader.types(tenant)).items() if given == short), None)


def _attributes(asking: Asking, of: Collection, wanted: Names[str] = ()) -> Mapping[str, str]:
    """The attributes of these things, by short name. Where all that are `wanted` are found at once, only those."""
    likely = {name: CORE.expand(name) for name in wanted}
    if wanted and all(_bears(asking, of, name) for name in likely.values()):
        return likely
    used = asking.desk.reader.attribute_uses(asking.tenant, entity_type=of.type)
    names = short_names(use.attribute for use in used if use.attribute != LOCATION)
    return {short: name for name, short in names.items()}


def _bears(asking: Asking, of: Collection, name: str) -> bool:
    """Whether such a thing has the attribute: one is enough, and the index has it."""
    one = EntityQuery(tenant=asking.tenant, types=(of.type,), attributes=(name,), limit=1)
    return name != LOCATION and bool(asking.desk.reader.entities(one).entities)


def _feature(asking: Asking, entity: Entity) -> documents.Document:
    view = View(
        form="simplified",
        attrs=(),
        projection=EVERYTHING,
        datasets=frozenset(),
        sys_attrs=False,
        lang=_lang(asking),
        geometry_property=LOCATION,
        join="",
        join_level=1,
        contained_by=frozenset(),
    )
    return documents.feature(entity, document_of(replace(asking, media=GEO_JSON, context=CORE), view, entity))


ROUTES = (
    ("GET", OGC, landing, False),
    ("GET", f"{OGC}/api", api, False),
    ("GET", f"{OGC}/conformance", conformance, False),
    ("GET", f"{OGC}/collections", collections, False),
    ("GET", f"{OGC}/collections/{{collection}}", collection, False),
    ("GET", f"{OGC}/collections/{{collection}}/queryables", queryables, False),
    ("GET", f"{OGC}/collections/{{collection}}/items", items, False),
    ("GET", _ITEM, item, False),
)
"""As the table of `simos.hub.server.routes`."""

OFFERED: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("GET", f"{OGC}/api"): (OPENAPI, JSON),
    ("GET", f"{OGC}/collections/{{collection}}/queryables"): (SCHEMA_JSON, JSON),
    ("GET", f"{OGC}/collections/{{collection}}/items"): (GEO_JSON, JSON),
    ("GET", _ITEM): (GEO_JSON, JSON),
}
"""Media types beside plain JSON."""

WITH_SLASHES = frozenset({_ITEM})

"""What somebody asks for among entities, by parameters or by a Query in the body (ETSI GS CIM 009, 5.2.23, 6.4.3.2).

Both become one `Asked`, and that becomes a query of the store. Does not answer it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from simos.hub.ngsild import attribute_name
from simos.hub.ngsild.parse_value import is_uri
from simos.hub.problems import BadRequestData
from simos.hub.query import Condition, Pattern, linked_depth, names_of, parse_geo, parse_q
from simos.hub.query.ordering import InOrder, parse_order
from simos.hub.query.projection import OWN_MEMBERS
from simos.hub.query.scopes import parse_scopes
from simos.hub.query.types import parse_types, selects
from simos.hub.server.desk import Asking
from simos.hub.store.base import EntityQuery
from simos.hub.values import Entity, Selection

LIMIT, OFFSET = 1000, 10_000_000
JOIN_LEVEL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Of any of the types, and any of the ids, or else with an id like the pattern."""

    types: str = ""
    ids: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """As it was written, names not expanded."""

    selectors: tuple[Selector, ...] = ()
    attrs: tuple[str, ...] = ()
    q: str = ""
    scope_q: str = ""
    csf: str = ""
    geo: Mapping[str, Any] = field(default_factory=dict)
    expand_values: tuple[str, ...] = ()
    order_by: tuple[str, ...] = ()
    order_geometry: str = ""
    order_coordinates: Any = None
    collation: str = ""
    pick: str = ""
    omit: str = ""
    datasets: tuple[str, ...] = ()
    lang: str = ""
    geometry_property: str = ""
    join: str = ""
    join_level: int = 1
    contained_by: tuple[str, ...] = ()
    local: bool = False


def by_parameters(asking: Asking) -> Asked:
    """What the parameters of a request say."""
    selector = Selector(types=asking.parameter("type"), ids=asking.listed("id"), pattern=asking.parameter("idPattern"))
    order_from = asking.parameter("orderFrom")
    return Asked(
        selectors=(selector,) if selector != Selector() else (),
        attrs=asking.listed("attrs"),
        q=asking.parameter("q"),
        scope_q=asking.parameter("scopeQ"),
        csf=asking.parameter("csf"),
        geo={name: asking.parameter(name) for name in ("georel", "geometry", "coordinates", "geoproperty")},
        expand_values=asking.listed("expandValues"),
        order_by=asking.listed("orderBy"),
        order_geometry=asking.parameter("orderGeometry"),
        order_coordinates=_json(order_from, "orderFrom") if order_from else None,
        collation=asking.parameter("collation"),
        pick=asking.parameter("pick"),
        omit=asking.parameter("omit"),
        datasets=datasets_of(asking.listed("datasetId")),
        lang=asking.parameter("lang"),
        geometry_property=asking.parameter("geometryProperty"),
        join=_join(asking.parameter("join")),
        join_level=_level(asking.parameter("joinLevel") or "1"),
        contained_by=asking.listed("containedBy"),
        local=asking.flag("local"),
    )


def datasets_of(named: Sequence[str]) -> tuple[str, ...]:
    """URIs, or @none; BadRequestData where one is neither."""
    if wrong := next((each for each in named if each != "@none" and not is_uri(each)), None):
        raise BadRequestData(f"datasetId: must be a URI or @none, not {wrong[:100]!r}")
    return tuple(named)


def _json(text: str, name: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadRequestData(f"{name}: an array as in GeoJSON, such as [13.64,45.95]") from None


def _join(text: str) -> str:
    if text not in ("", "inline", "flat", "@none"):
        raise BadRequestData(f"join is inline, flat or @none, not {text[:40]!r}")
    return "" if text == "@none" else text


def _level(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= JOIN_LEVEL:
        raise BadRequestData(f"joinLevel is a whole number from 1 to {JOIN_LEVEL}, not {text[:40]!r}")
    return int(text)


def by_body(body: Any, *, local: bool) -> Asked:
    """What a Query data type says (5.2.23); BadRequestData where it is malformed."""
    if not isinstance(body, dict) or body.get("type") != "Query":
        raise BadRequestData("The body is a Query: an object whose type is Query.")
    if "temporalQ" in body:
        raise BadRequestData("temporalQ is for queries of the temporal evolution only.")
    geo, ordering = _object(body, "geoQ"), _object(body, "ordering")
    coordinates = ordering.get("coordinates")
    if coordinates is not None and not isinstance(coordinates, list):
        raise BadRequestData("ordering: coordinates are an array as in GeoJSON")
    return Asked(
        selectors=_selectors(body),
        attrs=_texts(body, "attrs"),
        q=_text(body, "q"),
        scope_q=_text(body, "scopeQ"),
        csf=_text(body, "csf"),
        geo={**geo, "georel": _text(geo, "georel"), "geometry": _text(geo, "geometry")},
        expand_values=_texts(body, "expandValues"),
        order_by=_texts(ordering, "orderBy"),
        order_geometry=_text(ordering, "geometry"),
        order_coordinates=coordinates,
        collation=_text(ordering, "collation"),
        pick=",".join(_texts(body, "pick")),
        omit=",".join(_texts(body, "omit")),
        datasets=datasets_of(_texts(body, "datasetId")),
        lang=_text(body, "lang"),
        geometry_property=_text(body, "geometryProperty"),
        join=_join(_text(body, "join")),
        join_level=_level(str(body.get("joinLevel", 1))),
        contained_by=_texts(body, "containedBy"),
        local=local,
    )


def _object(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = body.get(name, {})
    if not isinstance(found, dict) or (name in body and not found):
        raise BadRequestData(f"{name} is an object, and not empty")
    return found


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name, "")
    if not isinstance(found, str) or (name in body and not found):
        raise BadRequestData(f"{name} is a string, and not empty")
    return found


def _texts(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = body.get(name)
    if name not in body:
        return ()
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not listed or not all(isinstance(each, str) and each for each in listed):
        raise BadRequestData(f"{name} is an array of strings, and not empty")
    return tuple(listed)


def _selectors(body: Mapping[str, Any]) -> tuple[Selector, ...]:
    if "entities" not in body:
        return ()
    listed = body["entities"]
    if not isinstance(listed, list) or not listed or not all(isinstance(each, dict) for each in listed):
        raise BadRequestData("entities is an array of selectors, and not empty")
    found = []
    for each in listed:
        if not isinstance(each.get("type"), str) or not each["type"]:
            raise BadRequestData("entities: every selector has a type, which may be *")
        found.append(Selector(types=each["type"], ids=_texts(each, "id"), pattern=_text(each, "idPattern")))
    return tuple(found)


def query_of(asking: Asking, asked: Asked) -> EntityQuery:
    """The query of the store; BadRequestData where it is malformed, or so wide that it asks for everything."""
    q = _condition(asking, asked)
    attributes = tuple(attribute_name(each, asking.context) for each in asked.attrs if each not in OWN_MEMBERS)
    typed = any(selector.types for selector in asked.selectors)
    own = (q is None or names_of(q) <= OWN_MEMBERS) and not attributes
    if not typed and own and not asked.geo.get("georel") and not asked.local:
        raise BadRequestData("Too wide: say one of type, attrs, q, georel, or local=true (5.7.2.4).")
    types, ids, pattern, meets = _chosen(asking, asked)
    limit = asking.number("limit", 20, most=LIMIT)
    count = asking.flag("count")
    if limit == 0 and not count:
        raise BadRequestData("limit=0 goes with count=true only.")
    if asked.csf:
        parse_q(asked.csf, asking.context)
    return EntityQuery(
        tenant=asking.tenant,
        types=types,
        ids=ids,
        id_pattern=pattern,
        attributes=attributes,
        q=q,
        geo=_geo(asking, asked) if any(asked.geo.values()) else None,
        meets=meets,
        in_order=_in_order(asking, asked),
        linked=looking_up(asking) if q is not None and linked_depth(q) else None,
        limit=limit + 1 if limit else 0,
        offset=asking.number("offset", 0, most=OFFSET),
        count=count,
    )


def _condition(asking: Asking, asked: Asked) -> Condition | None:
    if not asked.q:
        return None
    expanded = [attribute_name(each, asking.context) for each in asked.expand_values]
    q = parse_q(asked.q, asking.context, expand_values=expanded)
    if (depth := linked_depth(q)) and (not asked.join or depth > asked.join_level):
        raise BadRequestData("q: too deep: attributes of linked entities need join, and a joinLevel that reaches them")
    return q


def _in_order(asking: Asking, asked: Asked) -> InOrder | None:
    if not asked.order_by:
        if asked.collation or asked.order_geometry:
            parse_order(["id"], asking.context, geometry=asked.order_geometry, collation=asked.collation)
        return None
    return parse_order(
        asked.order_by,
        asking.context,
        geometry=asked.order_geometry,
        coordinates=asked.order_coordinates,
        collation=asked.collation,
    )


def _geo(asking: Asking, asked: Asked) -> Any:
    return parse_geo(
        georel=asked.geo.get("georel", ""),
        geometry=asked.geo.get("geometry", ""),
        coordinates=asked.geo.get("coordinates", ""),
        geoproperty=asked.geo.get("geoproperty", ""),
        context=asking.context,
    )


def looking_up(asking: Asking) -> Callable[[str], Entity | None]:
    """Finds entities by id in the asker's tenant, of those that he may see; each once."""
    known: dict[str, Entity | None] = {}
    reader, tenant, grant = asking.desk.reader, asking.tenant, asking.grant

    def find(entity_id: str) -> Entity | None:
        if entity_id not in known:
            found = reader.entity(tenant, entity_id)
            known[entity_id] = found if found is not None and grant.may_see(found.types) else None
        return known[entity_id]

    return find


Meets = Callable[[Entity], bool]


def _chosen(asking: Asking, asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...], str, Meets | None]:
    """The types, ids and pattern for the index, and what is left to judge of each entity."""
    chosen = [_understood(asking, selector) for selector in asked.selectors]
    judged: list[Meets] = []
    types, ids, pattern = tuple(sorted(asking.seen_types or ())), tuple[str, ...](), ""
    if chosen and all(selection for selection, _ in chosen):
        types = tuple(dict.fromkeys(min(each) for selection, _ in chosen for each in selection))
    if len(chosen) == 1:
        (selection, selector) = chosen[0]
        ids, pattern = selector.ids, "" if selector.ids else selector.pattern
        if any(len(each) > 1 for each in selection):
            judged.append(lambda entity: selects(selection, entity.types))
    elif chosen:
        judged.append(lambda entity: any(_meets(selection, selector, entity) for selection, selector in chosen))
    if asking.seen_types is not None and chosen:
        judged.append(lambda entity: asking.grant.may_see(entity.types))
    if asked.scope_q:
        in_scope = parse_scopes(asked.scope_q)
        judged.append(lambda entity: in_scope(entity.scopes))
    return types, ids, pattern, (lambda entity: all(each(entity) for each in judged)) if judged else None


def _understood(asking: Asking, selector: Selector) -> tuple[Selection, Selector]:
    selection = parse_types(selector.types, asking.context) if selector.types else ()
    for types in selection:
        asking.grant.to_touch(types)
    for each in selector.ids:
        if not is_uri(each):
            raise BadRequestData(f"id: must be a URI, not {each[:100]!r}")
    if selector.pattern:
        Pattern.of(selector.pattern)
    return selection, selector


def _meets(selection: Selection, selector: Selector, entity: Entity) -> bool:
    if not selects(selection, entity.types):
        return False
    if selector.ids:
        return entity.id in selector.ids
    return not selector.pattern or Pattern.of(selector.pattern).is_in(entity.id)

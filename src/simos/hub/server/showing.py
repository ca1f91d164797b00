"""Entities as they are answered: which members, in which form, with linked entities, as GeoJSON (4.5, 4.21, 5.7.1).

Reads linked entities, and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simos.hub.ngsild import Form, attribute_name, represent
from simos.hub.ngsild.kinds import looks_like_geometry
from simos.hub.problems import BadRequestData
from simos.hub.query.projection import OWN_MEMBERS, Projection, parse_projection
from simos.hub.server.asked import Asked
from simos.hub.server.desk import Asking
from simos.hub.server.negotiation import GEO_JSON
from simos.hub.store.rows import LOCATION
from simos.hub.values import Attributes, Entity, Instance
from simos.kernel.clock import now

_LINKS = ("Relationship", "ListRelationship")
_LINKED_AT_MOST = 5000
_NO_LINKS: Mapping[str, Entity] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How entities are to be shown. Names are expanded. `attrs` empty: all."""

    form: Form
    attrs: tuple[str, ...]
    projection: Projection
    datasets: frozenset[str]
    sys_attrs: bool
    lang: str | None
    geometry_property: str
    join: str
    join_level: int
    contained_by: frozenset[str]


def form_of(asking: Asking) -> Form:
    options = asking.options()
    if options & {"keyValues", "simplified"}:
        return "simplified"
    return "concise" if "concise" in options else "normalized"


def view_of(asking: Asking, asked: Asked) -> View:
    """BadRequestData where what is asked for does not go together."""
    words = asking.context
    if asked.attrs and (asked.pick or asked.omit):
        raise BadRequestData("attrs does not go with pick or omit.")
    if asked.geometry_property and asking.media != GEO_JSON:
        raise BadRequestData(f"geometryProperty goes with Accept: {GEO_JSON} only.")
    projection = parse_projection(asked.pick, asked.omit, words)
    if projection.depth and (not asked.join or projection.depth > asked.join_level):
        raise BadRequestData("pick and omit: too deep: linked entities need join, and a joinLevel that reaches them")
    return View(
        form=form_of(asking),
        attrs=tuple(attribute_name(each, words) for each in asked.attrs if each not in OWN_MEMBERS),
        projection=projection,
        datasets=frozenset(asked.datasets),
        sys_attrs="sysAttrs" in asking.options(),
        lang=asked.lang or None,
        geometry_property=attribute_name(asked.geometry_property, words) if asked.geometry_property else LOCATION,
        join=asked.join,
        join_level=asked.join_level,
        contained_by=frozenset(asked.contained_by),
    )


async def documents_of(asking: Asking, view: View, entities: Sequence[Entity]) -> list[dict[str, Any]]:
    """The documents of `entities`; of those from which nothing is left there is none. Joined flat, linked entities come
    after them."""
    links = await _links(asking, view, entities) if view.join else _NO_LINKS
    shown = [document for entity in entities if (document := document_of(asking, view, entity, links))]
    if view.join == "flat":
        own = {entity.id for entity in entities}
        shown += [document_of(asking, view, each, links, linked=True) for key, each in links.items() if key not in own]
    return shown


def document_of(
    asking: Asking,
    view: View,
    entity: Entity,
    links: Mapping[str, Entity] = _NO_LINKS,
    *,
    linked: bool = False,
) -> dict[str, Any]:
    """One entity as it is answered; {} where nothing is left of it."""
    projection = Projection() if linked else view.projection
    document = _shown(asking, view, entity, links, projection, view.join_level, frozenset({entity.id}))
    if not document or asking.media != GEO_JSON:
        return document
    geometry = _geometry(entity, view)
    feature: dict[str, Any] = {"id": entity.id, "type": "Feature", "geometry": geometry}
    feature["properties"] = {name: inner for name, inner in document.items() if name != "id"}
    return feature


def collected(asking: Asking, documents: list[dict[str, Any]]) -> Any:
    """Many documents as one answer."""
    if asking.media == GEO_JSON:
        return {"type": "FeatureCollection", "features": documents}
    return documents


def _geometry(entity: Entity, view: View) -> Any:
    """That of the default instance, or of the data set asked for; None where there is none (4.5.16.1)."""
    instances = entity.attributes.get(view.geometry_property, ())
    for instance in sorted(instances, key=lambda each: "datasetId" in each):
        if "datasetId" in instance and instance["datasetId"] not in view.datasets:
            continue
        value = instance.get("value")
        return value if looks_like_geometry(value) else None
    return None


def _shown(
    asking: Asking,
    view: View,
    entity: Entity,
    links: Mapping[str, Entity],
    projection: Projection,
    levels: int,
    above: frozenset[str],
) -> dict[str, Any]:
    words = asking.context
    attributes = _wanted(entity.attributes, view, projection)
    if view.join == "inline" and levels:
        attributes = {
            name: [_joined(asking, view, each, links, projection.beyond(name), levels - 1, above) for each in instances]
            for name, instances in attributes.items()
        }
    narrowed = Entity(
        tenant=entity.tenant,
        id=entity.id,
        types=entity.types,
        attributes=attributes,
        created_at=entity.created_at,
        modified_at=entity.modified_at,
        scopes=entity.scopes,
        expires_at=entity.expires_at,
    )
    document = represent(narrowed, words, form=view.form, sys_attrs=view.sys_attrs, lang=view.lang)
    if projection.pick is None and not projection.omit:
        return document
    return {
        member: inner for member, inner in document.items() if member not in OWN_MEMBERS or projection.keeps(member)
    }


def _wanted(attributes: Attributes, view: View, projection: Projection) -> Attributes:
    """The attributes that are to be shown, without what has expired."""
    if view.attrs:
        attributes = {name: attributes[name] for name in view.attrs if name in attributes}
    elif projection.pick is not None or projection.omit:
        attributes = {name: instances for name, instances in attributes.items() if projection.keeps(name)}
    if view.datasets:
        attributes = _with(attributes, lambda each: each.get("datasetId", "@none") in view.datasets)
    if any("expiresAt" in each for instances in attributes.values() for each in instances):
        text = f"{now():%Y-%m-%dT%H:%M:%S.%f}"
        attributes = _with(attributes, lambda each: each.get("expiresAt", "9").rstrip("Z") > text)
    return attributes


def _with(attributes: Attributes, holds: Any) -> Attributes:
    found = {name: [each for each in instances if holds(each)] for name, instances in attributes.items()}
    return {name: instances for name, instances in found.items() if instances}


def _targets(instance: Instance) -> list[str]:
    if instance["type"] not in _LINKS:
        return []
    target: Any = instance.get("object", instance.get("objectList", []))
    return target if isinstance(target, list) else [target]


def _joined(
    asking: Asking,
    view: View,
    instance: Instance,
    links: Mapping[str, Entity],
    projection: Projection,
    levels: int,
    above: frozenset[str],
) -> Instance:
    """A relationship with what it leads to in it (4.5.23.2); what leads back up is left as it is."""
    found: list[Any] = []
    for target in _targets(instance):
        there = links.get(target)
        if there is not None and target not in above:
            found.append(_shown(asking, view, there, links, projection, levels, above | {target}))
        elif view.form == "simplified":
            found.append(target)
    if not found or all(isinstance(each, str) for each in found):
        return instance
    if instance["type"] == "ListRelationship":
        return {**instance, "entityList": found}
    return {**instance, "entity": found if isinstance(instance["object"], list) else found[0]}


async def _links(asking: Asking, view: View, entities: Sequence[Entity]) -> dict[str, Entity]:
    """What the relationships lead to, level by level, each once and in the order in which it is met."""
    found: dict[str, Entity] = {}
    known = {entity.id: entity for entity in entities}
    level: list[Entity] = list(entities)
    for _ in range(view.join_level):
        targets = (
            t for each in level for instances in each.attributes.values() for i in instances for t in _targets(i)
        )
        wanted = [t for t in dict.fromkeys(targets) if t not in found and t not in view.contained_by]
        missing = [target for target in wanted if target not in known][: _LINKED_AT_MOST - len(found)]
        if missing:
            known |= await asking.desk.read(asking.desk.reader.entities_of, asking.tenant, missing)
        level = [known[t] for t in wanted if t in known and asking.grant.may_see(known[t].types)]
        found |= {each.id: each for each in level}
        if not level:
            break
    return found

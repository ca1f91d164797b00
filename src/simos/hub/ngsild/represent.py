"""Entities of the hub as NGSI-LD documents: normalized, concise, simplified (ETSI GS CIM 009, 4.5).

The inverse of parse. `@context` is not put in: that is the answer's, not the entity's.
"""

from collections.abc import Sequence
from typing import Any, Literal

from simos.hub.contexts import Context
from simos.hub.ngsild.kinds import KIND_OF_MEMBER, MEMBER, NULL, SHOWN_ON_DEMAND, looks_like_geometry
from simos.hub.ngsild.languages import in_language
from simos.hub.ngsild.times import text_of_micros
from simos.hub.values import Attributes, Entity, Instance

Form = Literal["normalized", "concise", "simplified"]


def represent(
    entity: Entity,
    context: Context,
    *,
    form: Form = "normalized",
    attrs: Sequence[str] = (),
    sys_attrs: bool = False,
    lang: str | None = None,
) -> dict[str, Any]:
    """`entity` as a document in the names of `context`. `attrs`: only these (expanded). `sys_attrs`: with createdAt and
    modifiedAt. `lang`: languages wanted, as in Accept-Language; a LanguageProperty becomes a Property."""
    document: dict[str, Any] = {"id": entity.id, "type": types_shown(entity.types, context)}
    if entity.scopes:
        document["scope"] = list(entity.scopes) if len(entity.scopes) > 1 else entity.scopes[0]
    if sys_attrs:
        document["createdAt"] = text_of_micros(entity.created_at)
        document["modifiedAt"] = text_of_micros(entity.modified_at)
        if entity.expires_at is not None:
            document["expiresAt"] = text_of_micros(entity.expires_at)
    attributes = {name: entity.attributes[name] for name in attrs if name in entity.attributes} if attrs else None
    shown = entity.attributes if attributes is None else attributes
    document.update(represent_attributes(shown, context, form=form, sys_attrs=sys_attrs, lang=lang))
    return document


def types_shown(types: Sequence[str], context: Context) -> str | list[str]:
    names = [context.compact(each) for each in types]
    return names[0] if len(names) == 1 else names


def represent_attributes(
    attributes: Attributes,
    context: Context,
    *,
    form: Form = "normalized",
    sys_attrs: bool = False,
    lang: str | None = None,
) -> dict[str, Any]:
    """The attributes alone, by short name. One that has no instance (deleted) is null."""
    shown: dict[str, Any] = {}
    for name, instances in attributes.items():
        if lang is not None:
            instances = [in_language(each, lang) for each in instances]
        if form == "simplified":
            shown[context.compact(name)] = _simplified(instances, context)
        else:
            shown[context.compact(name)] = _one_or_all(instances, context, form, sys_attrs)
    return shown


def _one_or_all(instances: list[Instance], context: Context, form: Form, sys_attrs: bool) -> Any:
    shown = [instance_shown(each, context, form=form, sys_attrs=sys_attrs) for each in instances]
    if len(shown) > 1:
        return shown
    return _bare(instances[0]["type"], shown[0]) if form == "concise" and shown else next(iter(shown), None)


def instance_shown(
    instance: Instance, context: Context, *, form: Form = "normalized", sys_attrs: bool = False
) -> dict[str, Any]:
    """One instance with its sub-attributes."""
    shown: dict[str, Any] = {}
    kind = instance.get("type", "")
    for member, inner in instance.items():
        if isinstance(inner, list) and ":" in member:
            shown[context.compact(member)] = _one_or_all(inner, context, form, sys_attrs)
        elif member == "previous":
            shown[member] = instance_shown(inner, context, form=form, sys_attrs=sys_attrs)
        elif member in SHOWN_ON_DEMAND:
            if sys_attrs:
                shown[member] = inner
        elif member in ("objectType", "valueType", "vocab", "entityTypeSealed"):
            shown[member] = _compacted(inner, context)
        elif member == "objectList" and inner != NULL:
            shown[member] = [{"object": each} for each in inner]
        else:
            shown[member] = inner
    return _concise(kind, shown) if form == "concise" else shown


def _compacted(inner: Any, context: Context) -> Any:
    return [context.compact(each) for each in inner] if isinstance(inner, list) else context.compact(inner)


def _concise(kind: str, shown: dict[str, Any]) -> dict[str, Any]:
    """Without the kind, where its member tells it."""
    member = MEMBER.get(kind)
    if member is None or member not in shown:
        return shown
    value = shown[member]
    told = "GeoProperty" if member == "value" and looks_like_geometry(value) else KIND_OF_MEMBER[member]
    if told == kind:
        del shown["type"]
    return shown


def _bare(kind: str, shown: dict[str, Any]) -> Any:
    """The value alone, where it is all there is and reads back as the same."""
    if set(shown) != {"value"}:
        return shown
    value = shown["value"]
    return value if kind == "GeoProperty" or isinstance(value, str | int | float) else shown


def _simplified(instances: list[Instance], context: Context) -> Any:
    if len(instances) == 1:
        return _simple(instances[0], context)
    if not instances:
        return None
    return {"dataset": {each.get("datasetId", "@none"): _simple(each, context) for each in instances}}


def _simple(instance: Instance, context: Context) -> Any:
    """The value alone, or the entity that was put in the place of a relationship's object."""
    for member in ("entity", "entityList", "valueList", "objectList"):
        if member in instance:
            return instance[member]
    return simplified_value(instance, context)


def simplified_value(instance: Instance, context: Context) -> Any:
    """The value alone; kinds that a bare value would not tell apart keep their member's name (4.5.4)."""
    member = MEMBER[instance["type"]]
    value = instance[member]
    if member in ("value", "object"):
        return value
    return {member: _compacted(value, context) if member == "vocab" else value}

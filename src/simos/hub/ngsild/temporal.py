"""History as NGSI-LD documents: normalized, concise, temporal values, aggregated (ETSI GS CIM 009, 4.5.6 to 4.5.9 and
4.5.19), and as changes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import orjson

from simos.hub.contexts import Context
from simos.hub.ngsild.kinds import KINDS
from simos.hub.ngsild.languages import in_language
from simos.hub.ngsild.represent import instance_shown, simplified_value, types_shown
from simos.hub.ngsild.times import text_of_micros
from simos.hub.values import Change, ChangeKind, Correction, Instance, Point

TemporalForm = Literal["normalized", "concise", "temporalValues"]

INSTANCE = "urn:ngsi-ld:Instance:"
"""Begins the name of an instance; behind it the numbers of its series and its time."""


def instance_id(point: Point) -> str:
    """The name of one instance of history. It changes where the instance gets another observedAt."""
    return f"{INSTANCE}{point.series}:{point.at}"


def series_and_time(name: str) -> tuple[int, int] | None:
    """The inverse of `instance_id`; None where it names no instance."""
    series, _, at = name.removeprefix(INSTANCE).partition(":")
    try:
        return (int(series), int(at)) if name.startswith(INSTANCE) else None
    except ValueError:
        return None


def time_of(point: Point, time: str) -> int:
    """The `time` of a point: by createdAt, modifiedAt, or else when it was (observed)."""
    if time == "createdAt":
        return point.got_at if point.got_at is not None else point.at
    if time == "modifiedAt":
        return next(each for each in (point.changed_at, point.got_at, point.at) if each is not None)
    return point.at


def represent_history(
    entity_id: str,
    types: Sequence[str],
    points: Sequence[Point],
    context: Context,
    *,
    form: TemporalForm = "normalized",
    sys_attrs: bool = False,
    time: str = "",
    lang: str | None = None,
) -> dict[str, Any]:
    """The points of one entity, in the order given, as its temporal representation.

    `sys_attrs`: each instance says when the hub got it and when it was last changed. `time`: which time the pairs of
    `temporalValues` bear.
    """
    document: dict[str, Any] = {"id": entity_id}
    if types:
        document["type"] = types_shown(types, context)
    by_attribute: dict[str, list[tuple[Point, Instance]]] = {}
    for point in points:
        instance: Instance = orjson.loads(point.instance)
        if lang is not None and not point.deleted:
            instance = in_language(instance, lang)
        by_attribute.setdefault(point.attribute, []).append((point, instance))
    for name, history in by_attribute.items():
        if form == "temporalValues":
            document[context.compact(name)] = _values(history, context, time)
        else:
            shown = [_instance(*each, context, concise=form == "concise", sys_attrs=sys_attrs) for each in history]
            document[context.compact(name)] = shown
    return document


def _instance(point: Point, instance: Instance, context: Context, *, concise: bool, sys_attrs: bool) -> Any:
    shown = instance_shown(instance, context, form="concise" if concise else "normalized", sys_attrs=sys_attrs)
    if point.deleted:
        return shown | {"deletedAt": text_of_micros(point.at)}
    if point.series:
        shown["instanceId"] = instance_id(point)
    if sys_attrs:
        shown["createdAt"] = text_of_micros(time_of(point, "createdAt"))
        shown["modifiedAt"] = text_of_micros(time_of(point, "modifiedAt"))
    return shown


def _values(history: list[tuple[Point, Instance]], context: Context, time: str) -> Any:
    """One object for each dataset and kind: pairs of value and time."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for point, instance in history:
        kind = KINDS[instance["type"]]
        group = groups.setdefault((point.dataset, kind.name), {"type": kind.name, kind.plural: []})
        if point.dataset:
            group["datasetId"] = point.dataset
        value = simplified_value(instance, context)
        if kind.plural not in ("values", "objects"):
            value = value[kind.member]
        group[kind.plural].append([value, text_of_micros(time_of(point, time))])
    shown = list(groups.values())
    return shown[0] if len(shown) == 1 else shown


def represent_aggregates(
    entity_id: str,
    types: Sequence[str],
    series: Iterable[tuple[str, str, str, Mapping[str, Sequence[tuple[Any, int, int]]]]],
    context: Context,
) -> dict[str, Any]:
    """Attribute, dataset, kind and, by method, triples of value, start and end (microseconds), as a document."""
    document: dict[str, Any] = {"id": entity_id}
    if types:
        document["type"] = types_shown(types, context)
    by_attribute: dict[str, list[dict[str, Any]]] = {}
    for attribute, dataset, kind, methods in series:
        shown: dict[str, Any] = {"type": kind} | ({"datasetId": dataset} if dataset else {})
        for method, periods in methods.items():
            shown[method] = [[value, text_of_micros(start), text_of_micros(end)] for value, start, end in periods]
        by_attribute.setdefault(attribute, []).append(shown)
    for attribute, listed in by_attribute.items():
        document[context.compact(attribute)] = listed[0] if len(listed) == 1 else listed
    return document


def correction_change(correction: Correction, types: Sequence[str]) -> Change:
    """What the change log says of a corrected point: the instance as it is now, the former one under `previous`."""
    point = correction.point
    instance = orjson.loads(point.instance) | {"previous": orjson.loads(correction.before)}
    return Change(
        tenant=point.tenant,
        entity=point.entity,
        types=tuple(types),
        kind=ChangeKind.CORRECTED,
        attributes={point.attribute: [instance]},
        at=point.at,
    )

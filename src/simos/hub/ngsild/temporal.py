"""History as NGSI-LD documents: normalized and temporal values (ETSI GS CIM 009, 4.5.6 to 4.5.9), and as changes."""

from collections.abc import Sequence
from typing import Any, Literal

import orjson

from simos.hub.contexts import Context
from simos.hub.ngsild.kinds import KINDS
from simos.hub.ngsild.represent import instance_shown, simplified_value, types_shown
from simos.hub.ngsild.times import text_of_micros
from simos.hub.values import Change, ChangeKind, Correction, Instance, Point

TemporalForm = Literal["normalized", "temporalValues"]


def represent_history(
    entity_id: str,
    types: Sequence[str],
    points: Sequence[Point],
    context: Context,
    *,
    form: TemporalForm = "normalized",
    sys_attrs: bool = False,
) -> dict[str, Any]:
    """The points of one entity, in the order given, as its temporal representation.

    `sys_attrs`: an instance that bears no observedAt says by `modifiedAt` when the hub got it.
    """
    document: dict[str, Any] = {"id": entity_id}
    if types:
        document["type"] = types_shown(types, context)
    by_attribute: dict[str, list[tuple[Point, Instance]]] = {}
    for point in points:
        by_attribute.setdefault(point.attribute, []).append((point, orjson.loads(point.instance)))
    for name, history in by_attribute.items():
        if form == "temporalValues":
            document[context.compact(name)] = _values(history, context)
        else:
            document[context.compact(name)] = [_instance(*each, context, sys_attrs=sys_attrs) for each in history]
    return document


def _instance(point: Point, instance: Instance, context: Context, *, sys_attrs: bool) -> Any:
    shown = instance_shown(instance, context)
    if sys_attrs and "observedAt" not in instance:
        shown["modifiedAt"] = text_of_micros(point.at)
    return shown


def _values(history: list[tuple[Point, Instance]], context: Context) -> Any:
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
        group[kind.plural].append([value, text_of_micros(point.at)])
    shown = list(groups.values())
    return shown[0] if len(shown) == 1 else shown


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

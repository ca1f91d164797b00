"""The addresses of SensorThings, `/sensorthings/<tenant>/v1.1/...`, and what answers each. Nothing is written."""

import re
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.responses import Response

from simos.hub.problems import BadRequestData, ResourceNotFound
from simos.hub.sensorthings.answering import Answers
from simos.hub.sensorthings.options import Options, parse_options
from simos.hub.sensorthings.resources import RELATIONS, City, Resource
from simos.hub.server.desk import Asking

STA = "/sensorthings/{tenant}/v1.1"
_RESOURCE = f"{STA}/{{id}}"
_SEGMENT = re.compile(r"\$?([A-Za-z@][\w.@]*)(?:\((?:'((?:[^']|'')*)'|(-?\d+))\))?", re.ASCII)
_CLASSES = (
    *("datamodel", "resource-path/resource-path-to-entities", "request-data/filter", "request-data/orderby"),
    *("request-data/expand", "request-data/select", "request-data/top", "request-data/skip", "request-data/count"),
    "request-data/pagination",
)
_SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req/"


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a resource's path: a set or a relation, perhaps with the id of one in it."""

    name: str
    key: str | None


def segments_of(path: str) -> list[Segment]:
    """The parts of a path; BadRequestData where it is none. A slash may stand within an id's quotes."""
    found, place = [], 0
    while place < len(path):
        part = _SEGMENT.match(path, place)
        if part is None or (part.end() < len(path) and path[part.end()] != "/"):
            raise BadRequestData(f"A path looks like Things('id')/Datastreams, not {path[:100]!r}.")
        name, text, number = part.groups()
        whole = part.group().startswith("$")
        key = text.replace("''", "'") if text is not None else number
        found.append(Segment(f"${name}" if whole else name, key))
        place = part.end() + 1
    return found


def _answer(content: Any, media_type: str = "application/json") -> Response:
    body = orjson.dumps(content) if media_type == "application/json" else str(content).encode()
    return Response(body, 200, {"Access-Control-Allow-Origin": "*"}, media_type)


def _base(asking: Asking) -> str:
    return asking.our_address(STA.format(tenant=asking.request.path_params["tenant"]))


async def sets(asking: Asking) -> Response:
    """The sets that there are, and what holds of them."""
    base = _base(asking)
    listed = [{"name": name, "url": f"{base}/{name}"} for name in RELATIONS]
    return _answer({"value": listed, "serverSettings": {"conformance": [_SPEC + each for each in _CLASSES]}})


async def resource(asking: Asking) -> Response:
    """A set, one of its resources, what relations lead to from there, or a member of it."""
    return await asking.desk.read(_resource, asking)


def _resource(asking: Asking) -> Response:
    city = City(
        reader=asking.desk.reader,
        tenant=asking.tenant,
        grant=asking.grant,
        declared=asking.desk.declared,
        lang=asking.request.headers.get("accept-language", "") or "sl",
    )
    answers, given = Answers(city, _base(asking)), asking.request.query_params.multi_items()
    first, *rest = segments_of(asking.request.path_params["id"].rstrip("/"))
    if first.name not in RELATIONS:
        raise ResourceNotFound(f"There is no set {first.name[:60]!r}; there are {', '.join(RELATIONS)}.")
    it: Resource | None = None
    parent: Resource | None = None
    kind, relation = first.name, ""
    if first.key is not None:
        it = _there(city.find(kind, first.key), kind, first.key)
    while rest:
        step, *rest = rest
        if it is None:
            if step.name == "$ref" and not rest:
                return _answer(_references(answers, kind, parse_options(given, kind), parent, relation))
            raise ResourceNotFound(f"Say which of the {kind} is meant: {kind}('id').")
        if step.name not in RELATIONS[kind]:
            return _member(it, step, rest)
        parent, relation = it, step.name
        kind, to_many, follow = RELATIONS[parent.kind][relation]
        if step.key is not None or not to_many:
            reached = (each for each in follow(city, parent) if step.key in (None, each.id))
            it = _there(next(reached, None), relation, step.key)
        else:
            it = None
    options = parse_options(given, kind)
    if it is not None:
        return _answer(answers.document(it, options))
    address = f"{answers.address(parent)}/{relation}" if parent else f"{answers.base}/{kind}"
    return _answer(answers.page(kind, options, address, parent=parent, relation=relation))


def _there(found: Resource | None, kind: str, key: str | None) -> Resource:
    if found is None:
        raise ResourceNotFound(
            f"There is no {kind}" + (f" with the id {key[:100]!r}." if key is not None else " there.")
        )
    return found


def _references(
    answers: Answers, kind: str, options: Options, parent: Resource | None, relation: str
) -> dict[str, Any]:
    """The set as addresses alone (`$ref`)."""
    address = f"{answers.address(parent)}/{relation}" if parent else f"{answers.base}/{kind}"
    page = answers.page(kind, options, address, parent=parent, relation=relation)
    return page | {"value": [{"@iot.selfLink": each["@iot.selfLink"]} for each in page["value"]]}


def _member(it: Resource, step: Segment, rest: list[Segment]) -> Response:
    """One member, `.../name`, or its bare value, `.../name/$value`."""
    if step.name not in it.fields:
        raise ResourceNotFound(f"{it.kind} have no {step.name[:60]!r} there.")
    value = it.fields[step.name]
    if [each.name for each in rest] == ["$value"]:
        if isinstance(value, dict | list):
            return _answer(value)
        return _answer(value, "text/plain; charset=utf-8")
    if rest:
        raise ResourceNotFound("Below a member there is nothing but $value.")
    return _answer({step.name: value})


ROUTES = (("GET", STA, sets, False), ("GET", _RESOURCE, resource, False))
"""As the table of `simos.hub.server.routes`."""

WITH_SLASHES = frozenset({_RESOURCE})

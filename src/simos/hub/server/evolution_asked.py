"""What somebody asks of history, by parameters or by the body of a POST (ETSI GS CIM 009, 4.11, 5.2.21 and 5.2.23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simos.hub.contexts import Context
from simos.hub.ngsild import attribute_name, instant
from simos.hub.ngsild.durations import ALL_TIME, Duration, parse_duration
from simos.hub.ngsild.parse_value import is_uri
from simos.hub.ngsild.temporal import TemporalForm
from simos.hub.problems import BadRequestData
from simos.hub.query import Condition, GeoCondition, Pattern, linked_depth, parse_geo, parse_q
from simos.hub.query.projection import OWN_MEMBERS, parse_projection
from simos.hub.query.scopes import ScopeCondition, parse_scopes
from simos.hub.query.types import parse_types
from simos.hub.server.asked import datasets_of
from simos.hub.server.desk import Asking
from simos.hub.store.base import METHODS, TimeProperty
from simos.hub.values import Selection

TIME_PROPERTIES: tuple[TimeProperty, ...] = ("observedAt", "createdAt", "modifiedAt", "deletedAt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Which entities; empty means any. `types` () for any type."""

    types: Selection = ()
    ids: tuple[str, ...] = ()
    pattern: Pattern | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All of it, by expanded names. `relation` "" where no time was asked for."""

    selectors: tuple[Selector, ...] = (Selector(),)
    attributes: tuple[str, ...] = ()
    picked: frozenset[str] = frozenset()
    omitted: frozenset[str] = frozenset()
    datasets: tuple[str, ...] = ()
    q: Condition | None = None
    geo: GeoCondition | None = None
    scopes: ScopeCondition | None = None
    lang: str | None = None
    last_id_first: bool = False
    relation: str = ""
    time: TimeProperty = ""
    since: int | None = None
    until: int | None = None
    last: int | None = None
    form: TemporalForm = "normalized"
    sys_attrs: bool = False
    methods: frozenset[str] = frozenset()
    duration: Duration = ALL_TIME

    @property
    def tells_scopes(self) -> bool:
        return "scope" not in self.omitted and (not self.picked or "scope" in self.picked)

    @property
    def window(self) -> dict[str, Any]:
        return {"time": self.time, "since": self.since, "until": self.until}


def asked_of(asking: Asking) -> Asked:
    """What the parameters of a GET say; BadRequestData where they make no sense."""
    listed = asking.listed
    texts = ("q", "scopeQ", "lang", "csf", "pick", "omit")
    found: dict[str, Any] = {name: asking.parameter(name) for name in texts if asking.parameter(name)}
    for name in ("attrs", "datasetId", "expandValues"):
        if asking.parameter(name):
            found[name] = list(listed(name))
    if asking.parameter("orderBy"):
        found["ordering"] = {"orderBy": list(listed("orderBy"))}
    selector = {"id": list(listed("id")), "idPattern": asking.parameter("idPattern"), "type": asking.parameter("type")}
    if any(selector.values()):
        found["entities"] = [{name: inner for name, inner in selector.items() if inner}]
    geo = {name: asking.parameter(name) for name in ("georel", "geometry", "coordinates", "geoproperty")}
    if any(geo.values()):
        found["geoQ"] = geo
    names = ("timerel", "timeAt", "endTimeAt", "timeproperty", "lastN", "aggrMethods", "aggrPeriodDuration")
    temporal = {name: asking.parameter(name) for name in names if asking.parameter(name)}
    return _understood(asking, found, temporal)


def asked_by_body(asking: Asking) -> Asked:
    """What a Query in the body says (5.2.23)."""
    body = asking.body
    if not isinstance(body, dict) or body.get("type") != "Query":
        raise BadRequestData('A query is a JSON object whose type is "Query".')
    temporal = body.get("temporalQ")
    if not isinstance(temporal, dict):
        raise BadRequestData("temporalQ: an object with timerel and timeAt is needed.")
    if not isinstance(body.get("entities", []), list) or not all(isinstance(e, dict) for e in body.get("entities", [])):
        raise BadRequestData("entities: an array of objects.")
    aggregated = body.get("aggrParams", {})
    if not isinstance(aggregated, dict):
        raise BadRequestData("aggrParams: an object with aggrMethods and aggrPeriodDuration.")
    asked = {**temporal, **aggregated}
    if isinstance(asked.get("aggrMethods"), list):
        asked["aggrMethods"] = ",".join(map(str, asked["aggrMethods"]))
    return _understood(asking, body, asked, aggregated="aggrParams" in body)


def _understood(
    asking: Asking, given: Mapping[str, Any], temporal: Mapping[str, Any], *, aggregated: bool = False
) -> Asked:
    words = asking.context
    attrs = tuple(attribute_name(each, words) for each in _texts(given, "attrs"))
    projection = parse_projection(",".join(_texts(given, "pick")), ",".join(_texts(given, "omit")), words)
    if projection.depth:
        raise BadRequestData("pick and omit: history tells nothing of linked entities.")
    picked, omitted = frozenset(projection.pick or ()), frozenset(projection.omit)
    if attrs and (picked or omitted):
        raise BadRequestData("attrs does not go with pick or omit.")
    selectors = [_selector(asking, each) for each in given.get("entities", [])]
    scopes, lang = (_text(given, name) for name in ("scopeQ", "lang"))
    options = asking.options()
    aggregated = aggregated or "aggregatedValues" in options
    if aggregated and "temporalValues" in options:
        raise BadRequestData("Of temporalValues and aggregatedValues one is told.")
    if csf := _text(given, "csf"):
        parse_q(csf, words)
    form: TemporalForm = "concise" if "concise" in options else "normalized"
    return Asked(
        selectors=tuple(selectors) or (Selector(),),
        attributes=attrs or tuple(sorted(picked - OWN_MEMBERS)),
        picked=picked,
        omitted=omitted,
        datasets=tuple("" if each == "@none" else each for each in datasets_of(_texts(given, "datasetId"))),
        q=_condition(given, words),
        geo=_geo(given["geoQ"], asking) if given.get("geoQ") else None,
        scopes=parse_scopes(scopes) if scopes else None,
        lang=lang or None,
        last_id_first=_last_id_first(given),
        form="temporalValues" if options & {"temporalValues", "simplified", "keyValues"} else form,
        sys_attrs="sysAttrs" in options,
        methods=_methods(temporal) if aggregated else frozenset(),
        duration=parse_duration(_text(temporal, "aggrPeriodDuration") or "PT0S") if aggregated else ALL_TIME,
        **_time(temporal),
    )


def _condition(given: Mapping[str, Any], words: Context) -> Condition | None:
    if not (text := _text(given, "q")):
        return None
    q = parse_q(text, words, expand_values=[attribute_name(each, words) for each in _texts(given, "expandValues")])
    if linked_depth(q):
        raise BadRequestData("q: history tells nothing of linked entities.")
    return q


def _last_id_first(given: Mapping[str, Any]) -> bool:
    """What orderBy says: only the id can be said (5.7.4.4)."""
    ordering = given.get("ordering", {})
    wanted = _texts(ordering, "orderBy") if isinstance(ordering, dict) else ["?"]
    if list(wanted) not in ([], ["id"], ["id;asc"], ["id;desc"]):
        raise BadRequestData("orderBy: histories are in order of id, id;asc or id;desc.")
    return list(wanted) == ["id;desc"]


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise BadRequestData(f"{name}: must be a string.")
    return value


def _texts(given: Mapping[str, Any], name: str) -> Sequence[str]:
    value = given.get(name, [])
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) and each for each in listed):
        raise BadRequestData(f"{name}: must be an array of strings.")
    if name in given and not listed:
        raise BadRequestData(f"{name}: must not be empty.")
    return listed


def _selector(asking: Asking, given: Mapping[str, Any]) -> Selector:
    types = parse_types(_text(given, "type"), asking.context) if given.get("type") else ()
    for each in types:
        asking.grant.to_touch(each)
    pattern, ids = _text(given, "idPattern"), tuple(_texts(given, "id")) if given.get("id") else ()
    for named in ids:
        if not is_uri(named):
            raise BadRequestData(f"id: must be a URI, not {named[:100]!r}")
    return Selector(types=types, ids=ids, pattern=Pattern.of(pattern) if pattern and not ids else None)


def _geo(given: Any, asking: Asking) -> GeoCondition:
    if not isinstance(given, dict):
        raise BadRequestData("geoQ: an object with georel, geometry and coordinates.")
    named = {name: given.get(name, "") for name in ("georel", "geometry", "coordinates", "geoproperty")}
    for name in ("georel", "geometry", "geoproperty"):
        _text(named, name)
    return parse_geo(**named, context=asking.context)


def _methods(temporal: Mapping[str, Any]) -> frozenset[str]:
    named = [each.strip() for each in _text(temporal, "aggrMethods").split(",") if each.strip()]
    if not named or not set(named) <= set(METHODS):
        raise BadRequestData(f"aggrMethods: some of {', '.join(METHODS)}.")
    return frozenset(named)


def _time(temporal: Mapping[str, Any]) -> dict[str, Any]:
    """The time asked for as [since, until) in microseconds (4.11)."""
    relation, named = _text(temporal, "timerel"), _text(temporal, "timeproperty")
    at, end = temporal.get("timeAt", ""), temporal.get("endTimeAt", "")
    if named and named not in TIME_PROPERTIES:
        raise BadRequestData(f"timeproperty: one of {', '.join(TIME_PROPERTIES)}, not {named[:40]!r}.")
    found: dict[str, Any] = {"relation": relation, "last": _last(temporal.get("lastN")), "time": named}
    if not relation:
        if at or end:
            raise BadRequestData("timeAt goes with timerel: before, after or between.")
        return found
    if relation not in ("before", "after", "between") or not at or (relation == "between") != bool(end):
        raise BadRequestData("timerel is before, after (each with timeAt) or between (with timeAt and endTimeAt).")
    found["time"] = named or "observedAt"
    first = instant(at, "timeAt")
    if relation == "before":
        return found | {"until": first}
    if relation == "after":
        return found | {"since": first + 1}
    return found | {"since": first, "until": instant(end, "endTimeAt")}


def _last(given: Any) -> int | None:
    if given is None:
        return None
    text = str(given)
    if isinstance(given, bool) or not (text.isascii() and text.isdigit()) or not 0 < int(text) <= 1_000_000:
        raise BadRequestData(f"lastN: a whole number above 0, not {text[:40]!r}.")
    return int(text)

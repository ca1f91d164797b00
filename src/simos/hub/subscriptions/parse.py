"""A subscription's document, checked and put into expanded names (ETSI GS CIM 009, 5.2.12 to 5.2.15 and 5.2.33).

Either all of it is right, or BadRequestData names the member and what is wrong. Members that we do not know, and those
that only we may say (status, counters), are left out. Nothing is stored here, and the clock is not read.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

from simos.hub.addresses import Reach
from simos.hub.contexts import Context
from simos.hub.ngsild import attribute_name, instant, text_of_micros
from simos.hub.ngsild.kinds import NULL
from simos.hub.ngsild.parse_value import is_uri
from simos.hub.problems import BadRequestData
from simos.hub.query import Pattern, parse_geo, parse_q
from simos.hub.query.scopes import parse_scopes
from simos.hub.query.types import ANY, names_in, parse_types, with_names

Document = dict[str, Any]

TRIGGERS = (
    *("entityCreated", "entityUpdated", "entityDeleted"),
    *("attributeCreated", "attributeUpdated", "attributeDeleted"),
)
DEFAULT_TRIGGERS = ["attributeCreated", "attributeUpdated"]
FORMATS = ("normalized", "concise", "keyValues", "simplified")
ACCEPTED = ("application/json", "application/ld+json", "application/geo+json")
SCHEMES = ("http", "https", "mqtt", "mqtts")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
OWN_WORDS = frozenset({"id", "type", "scope"})
"""What pick and omit may name beside attributes."""


def parse_subscription(given: Any, context: Context, *, reach: Reach, now: int) -> Document:
    """What a new subscription says. `now` in microseconds: an expiry before that is refused."""
    if not isinstance(given, dict):
        raise BadRequestData("A subscription is a JSON object.")
    if given.get("type", given.get("@type")) != "Subscription":
        _refuse("type", 'must be "Subscription"')
    document = _read(given, _MEMBERS, _Reading(context, reach, now))
    document = {"type": "Subscription", "notificationTrigger": DEFAULT_TRIGGERS, **document}
    if "id" in given or "@id" in given:
        document = {"id": _uri("id", given.get("id", given.get("@id")), None), **document}
    return checked(document)


def parse_change(given: Any, stored: Document, context: Context, *, reach: Reach, now: int) -> Document:
    """`stored` with the members of a fragment in place of its own; null takes a member away (5.8.2)."""
    if not isinstance(given, dict) or not given:
        raise BadRequestData("A fragment of a subscription is a JSON object, and not empty.")
    if given.get("type", "Subscription") != "Subscription":
        _refuse("type", "of a subscription cannot be changed")
    if given.get("id", stored["id"]) != stored["id"]:
        _refuse("id", "of a subscription cannot be changed")
    gone = {name for name, inner in given.items() if inner is None or inner == NULL}
    rest = {name: inner for name, inner in given.items() if name not in gone}
    if isinstance(rest.get("notification"), dict):
        rest["notification"] = _merged(stored["notification"], rest["notification"])
    changed = stored | _read(rest, _MEMBERS, _Reading(context, reach, now))
    for name in gone & set(_MEMBERS):
        changed.pop(name, None)
    return checked({"notificationTrigger": DEFAULT_TRIGGERS, **changed})


def checked(document: Document) -> Document:
    """`document`, whose members are right each by itself, or BadRequestData where they do not go together."""
    if "notification" not in document:
        _refuse("notification", "is needed")
    if "entities" not in document and "watchedAttributes" not in document:
        _refuse("entities", "or watchedAttributes is needed")
    if "timeInterval" in document and "throttling" in document:
        _refuse("throttling", "does not go with timeInterval")
    if "timeInterval" in document and "watchedAttributes" in document:
        _refuse("watchedAttributes", "does not go with timeInterval")
    return document


class _Reading:
    """What the rules need to know of one request."""

    def __init__(self, context: Context, reach: Reach, now: int) -> None:
        self.context, self.reach, self.now = context, reach, now


Rule = Callable[[str, Any, Any], Any]


def _refuse(name: str, what: str) -> NoReturn:
    raise BadRequestData(f"{name}: {what}")


def _read(given: Mapping[str, Any], rules: Mapping[str, Rule], reading: Any, prefix: str = "") -> Document:
    return {name: rules[name](prefix + name, inner, reading) for name, inner in given.items() if name in rules}


def _merged(stored: Document, given: Document) -> Document:
    """What is stored is in full names, which every context leaves alone. Null takes away, but not the endpoint."""
    merged = stored | given
    if isinstance(given.get("endpoint"), dict):
        endpoint = stored["endpoint"] | given["endpoint"]
        merged["endpoint"] = {name: inner for name, inner in endpoint.items() if inner is not None}
    return {name: inner for name, inner in merged.items() if inner is not None or name == "endpoint"}


def _text(name: str, value: Any, _reading: Any) -> str:
    if not isinstance(value, str) or not value:
        _refuse(name, "must be a string, and not empty")
    return value


def _uri(name: str, value: Any, _reading: Any) -> str:
    if not is_uri(value):
        _refuse(name, f"must be a URI, not {str(value)[:100]!r}")
    return str(value)


def _flag(name: str, value: Any, _reading: Any) -> bool:
    if not isinstance(value, bool):
        _refuse(name, "must be true or false")
    return value


def _positive(name: str, value: Any, _reading: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e10:
        _refuse(name, f"must be a number above 0, not {str(value)[:40]!r}")
    return value


def _whole(name: str, value: Any, reading: Any) -> int:
    if not isinstance(_positive(name, value, reading), int):
        _refuse(name, "must be a whole number above 0")
    return int(value)


def _list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        _refuse(name, "must be an array, and not empty")
    return value


def _one_of(*allowed: str) -> Rule:
    def rule(name: str, value: Any, _reading: Any) -> str:
        if value not in allowed:
            _refuse(name, f"must be one of {', '.join(allowed)}, not {str(value)[:60]!r}")
        return str(value)

    return rule


def _attributes(name: str, value: Any, reading: _Reading) -> list[str]:
    return [attribute_name(_text(name, each, reading), reading.context) for each in _list(name, value)]


def _members(name: str, value: Any, reading: _Reading) -> list[str]:
    """Attributes, and the entity's own id, type and scope."""
    found = []
    for each in _list(name, value):
        if not isinstance(each, str):
            _refuse(name, "must be an array of names")
        found.append(each if each in OWN_WORDS else attribute_name(each, reading.context))
    return found


def _entities(name: str, value: Any, reading: _Reading) -> list[Document]:
    found = []
    for each in _list(name, value):
        if not isinstance(each, dict):
            _refuse(name, "must be an array of objects")
        selector: Document = {}
        if "id" in each:
            ids = each["id"] if isinstance(each["id"], list) else [each["id"]]
            for one in _list("entities.id", ids):
                _uri("entities.id", one, None)
            selector["id"] = each["id"]
        if "idPattern" in each:
            Pattern.of(_text("entities.idPattern", each["idPattern"], None))
            selector["idPattern"] = each["idPattern"]
        text = _text("entities.type", each.get("type", each.get("@type")), None)
        parse_types(text, reading.context)
        names = {one: reading.context.expand(one) for one in names_in(text) if one != ANY}
        selector["type"] = with_names(text, names)
        found.append(selector)
    return found


def _query(name: str, value: Any, reading: _Reading) -> str:
    parse_q(_text(name, value, reading), reading.context)
    return str(value)


def _scopes(name: str, value: Any, reading: _Reading) -> str:
    parse_scopes(_text(name, value, reading))
    return str(value)


def _geo(name: str, value: Any, reading: _Reading) -> Document:
    if not isinstance(value, dict):
        _refuse(name, "must be an object with georel, geometry and coordinates")
    wanted = {key: value[key] for key in ("georel", "geometry", "coordinates", "geoproperty") if key in value}
    for key in ("georel", "geometry", "geoproperty"):
        if key in wanted:
            _text(f"geoQ.{key}", wanted[key], None)
    condition = parse_geo(**{"georel": "", "geometry": "", "coordinates": "", **wanted}, context=reading.context)
    return wanted | ({"geoproperty": condition.geoproperty} if "geoproperty" in wanted else {})


def _expiry(name: str, value: Any, reading: _Reading) -> str:
    at = instant(value, name)
    if at <= reading.now:
        _refuse(name, f"{value} is not in the future")
    return text_of_micros(at)


def _triggers(name: str, value: Any, _reading: Any) -> list[str]:
    for each in _list(name, value):
        if each not in TRIGGERS:
            _refuse(name, f"must be some of {', '.join(TRIGGERS)}; not {str(each)[:60]!r}")
    return list(dict.fromkeys(value))


def _datasets(name: str, value: Any, _reading: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [each if each == "@none" else _uri(name, each, None) for each in _list(name, listed)]


def _pairs(name: str, value: Any, _reading: Any) -> list[Document]:
    found = []
    for each in _list(name, value):
        key, inner = (each.get("key"), each.get("value")) if isinstance(each, dict) else (None, None)
        if not isinstance(key, str) or not isinstance(inner, str) or not key:
            _refuse(name, 'must be an array of {"key": string, "value": string}')
        if not _HEADER.fullmatch(key) or any(sign in inner for sign in "\r\n\0"):
            _refuse(name, "a key is a header's name, and a value holds no line breaks")
        found.append({"key": key, "value": inner})
    return found


def _endpoint(name: str, value: Any, reading: _Reading) -> Document:
    if not isinstance(value, dict):
        _refuse(name, "must be an object with a uri")
    endpoint = _read(value, _ENDPOINT, reading, f"{name}.")
    if "uri" not in endpoint:
        _refuse(f"{name}.uri", "is needed")
    return endpoint


def _receiver(name: str, value: Any, reading: _Reading) -> str:
    parts = urlsplit(_uri(name, value, reading))
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if parts.scheme not in SCHEMES or not host:
        _refuse(
            name, f"must be an address such as http://example.org/notify or mqtt://example.org/topic, not {value!r}"
        )
    if parts.scheme.startswith("mqtt") and not parts.path.strip("/"):
        _refuse(name, "an MQTT address names its topic: mqtt://example.org/topic")
    if not reading.reach.may_name(host):
        _refuse(name, f"{host} is in a private network, where nothing is sent unless the operator allows it")
    return str(value)


def _notification(name: str, value: Any, reading: _Reading) -> Document:
    if not isinstance(value, dict):
        _refuse(name, "must be an object with an endpoint")
    found = _read(value, _NOTIFICATION, reading, f"{name}.")
    if "endpoint" not in found:
        _refuse(f"{name}.endpoint", "is needed")
    if found.get("showChanges") and found.get("format") in ("keyValues", "simplified"):
        _refuse(f"{name}.showChanges", f"does not go with the format {found['format']}")
    if "attributes" in found and ("pick" in found or "omit" in found):
        _refuse(f"{name}.attributes", "does not go with pick or omit")
    if both := set(found.get("pick", ())) & set(found.get("omit", ())):
        _refuse(f"{name}.pick", f"and omit both name {reading.context.compact(min(both))}")
    if "joinLevel" in found and found.get("join", "@none") == "@none":
        _refuse(f"{name}.joinLevel", "goes with join: flat or inline")
    return found


def _json(name: str, value: Any, _reading: Any) -> Any:
    return value


_ENDPOINT: Mapping[str, Rule] = {
    "uri": _receiver,
    "accept": _one_of(*ACCEPTED),
    "receiverInfo": _pairs,
    "notifierInfo": _pairs,
    "timeout": _positive,
    "cooldown": _positive,
}

_NOTIFICATION: Mapping[str, Rule] = {
    "attributes": _attributes,
    "pick": _members,
    "omit": _members,
    "format": _one_of(*FORMATS),
    "endpoint": _endpoint,
    "showChanges": _flag,
    "sysAttrs": _flag,
    "join": _one_of("flat", "inline", "@none"),
    "joinLevel": _whole,
}

_MEMBERS: Mapping[str, Rule] = {
    "subscriptionName": _text,
    "description": _text,
    "entities": _entities,
    "watchedAttributes": _attributes,
    "notificationTrigger": _triggers,
    "timeInterval": _positive,
    "q": _query,
    "geoQ": _geo,
    "csf": _query,
    "scopeQ": _scopes,
    "isActive": _flag,
    "splitEntities": _flag,
    "expiresAt": _expiry,
    "throttling": _positive,
    "lang": _text,
    "datasetId": _datasets,
    "jsonldContext": _uri,
    "notification": _notification,
}
"""What a subscriber may say, and what it must be."""

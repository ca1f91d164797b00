"""Malformed inputs for what reads other people's text: seeds that are right, damaged at random, and the parsers to give
them to. A parser may refuse with what it is known to refuse with; anything else, or more than a moment, is a defect."""

import asyncio
import random
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import orjson

from simos.hub.addresses import Reach
from simos.hub.contexts import context_of
from simos.hub.merge import apply
from simos.hub.mqtt import packets
from simos.hub.ngsild import parse_batch, parse_entity, parse_fragment, parse_temporal, represent
from simos.hub.ngsild.durations import parse_duration
from simos.hub.ngsild.times import canonical, instant
from simos.hub.query import Pattern, holds, parse_geo, parse_q
from simos.hub.query.ordering import parse_order
from simos.hub.query.projection import parse_projection
from simos.hub.query.scopes import parse_scopes
from simos.hub.query.types import parse_types
from simos.hub.subscriptions.parse import parse_subscription
from simos.hub.values import Entity, Mode, Write
from simos.kernel.errors import Problem

MOMENT = 2.0
"""Seconds that one input may take."""

CONTEXT = context_of({"Bus": "https://ex.org/Bus", "ex": "https://ex.org/", "speed": {"@id": "ex:speed"}})
THING = {
    "id": "urn:x:1",
    "type": ["Bus", "Car"],
    "scope": ["/A/B", "/C"],
    "speed": {"type": "Property", "value": 5, "unitCode": "KMH", "observedAt": "2025-09-01T12:00:00Z"},
    "name": {"type": "LanguageProperty", "languageMap": {"sl": "trg", "it": ["piazza"]}},
    "at": {"type": "Relationship", "object": ["urn:x:2", "urn:x:3"], "objectType": "Stop"},
    "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [13.6, 45.9]}},
    "kind": {"type": "VocabProperty", "vocab": "Bus"},
    "raw": {"type": "JsonProperty", "json": {"a": [1, {"b": None}]}},
    "list": {"type": "ListProperty", "valueList": [1, "a", True]},
    "route": {"type": "ListRelationship", "objectList": [{"object": "urn:x:4"}]},
    "many": [{"value": 1, "sub": {"value": "a"}}, {"value": 2, "datasetId": "urn:d:1"}],
}
CHANGES = {
    "speed": "urn:ngsi-ld:null",
    "raw": {"json": {"a": "urn:ngsi-ld:null"}},
    "name": {"languageMap": {"sl": "x"}},
}
SUBSCRIPTION = {
    "type": "Subscription",
    "entities": [{"type": "(Bus;Old),Car", "idPattern": "^urn:.*"}, {"type": "*", "id": ["urn:x:1"]}],
    "watchedAttributes": ["speed"],
    "q": 'speed>5;name[sl]=="x"',
    "geoQ": {"georel": "near;maxDistance==20", "geometry": "Point", "coordinates": [1, 2]},
    "scopeQ": "/A/#",
    "throttling": 5,
    "expiresAt": "2099-01-01T00:00:00Z",
    "notification": {"format": "concise", "endpoint": {"uri": "http://example.org/n", "accept": "application/json"}},
}
TERMS = {
    "ex": "https://ex.org/",
    "a": "ex:a",
    "b": {"@id": "ex:b", "@type": "@id", "@container": "@list"},
    "@vocab": "https://ex.org/",
    "c": {"@id": "a"},
}


def _present(document: Any) -> Entity | None:
    parsed = parse_entity(document, CONTEXT)
    return apply(None, parsed.write("", Mode.CREATE), at=1).entity


BUS = _present(THING)
assert BUS is not None


def _entity(document: Any) -> None:
    entity = _present(document)
    assert entity is not None
    for form in ("normalized", "concise", "simplified"):
        shown = represent(entity, CONTEXT, form=form, lang="it;q=0.5,*")
        orjson.dumps(shown)
    again = represent(entity, CONTEXT, sys_attrs=True)
    assert parse_entity(again, CONTEXT).attributes.keys() == entity.attributes.keys()


def _merged(document: Any) -> None:
    for merging in (True, False):
        parsed = parse_fragment(document, CONTEXT, nulls=True, partial=merging, merging=merging, simplified=merging)
        mode = Mode.MERGE if merging else Mode.UPDATE
        write: Write = parsed.write("", mode, entity_id="urn:x:1")
        effect = apply(BUS, write, at=2)
        if effect.entity is not None:
            orjson.dumps(represent(effect.entity, CONTEXT))


def _q(text: str) -> None:
    condition = parse_q(text, CONTEXT, expand_values=["kind"])
    holds(condition, BUS, lambda entity_id: BUS)


def _geo(given: Any) -> None:
    if isinstance(given, dict):
        named = {name: given.get(name, "") for name in ("georel", "geometry", "coordinates", "geoproperty")}
        if all(isinstance(named[name], str) for name in ("georel", "geometry", "geoproperty")):
            condition = parse_geo(**named, context=CONTEXT)
            condition.holds(BUS)
            condition.box()


def _pattern(text: str) -> None:
    Pattern.of(text).is_in("urn:ngsi-ld:Bus:" + "a" * 200 + "!")


def _context(document: Any) -> None:
    context = context_of(document)
    for term in ("a", "b", "ex:c", "Bus", "location", "https://ex.org/a"):
        context.compact(context.expand(term))
    orjson.dumps(context.as_json())


def _order(text: str) -> None:
    parse_order(text.split(","), CONTEXT, geometry="Point", coordinates=[1, 2], collation="und")([BUS])


def _packets(content: bytes) -> None:
    async def read() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(content)
        reader.feed_eof()
        while not reader.at_eof():
            kind, flags, body = await packets.read_packet(reader, 10_000)
            _OF_PACKETS.get(kind, lambda _flags, _body: None)(flags, body)

    asyncio.run(read())


_OF_PACKETS: Mapping[int, Callable[[int, bytes], Any]] = {
    packets.CONNECT: lambda _flags, body: packets.connect_of(body),
    packets.PUBLISH: packets.message_of,
    packets.PUBACK: lambda _flags, body: packets.packet_id_of(body),
    packets.SUBSCRIBE: lambda _flags, body: packets.subscribe_of(body),
    packets.UNSUBSCRIBE: lambda _flags, body: packets.unsubscribe_of(body),
}
_CONNECT = b"\x10\x19\x00\x04MQTT\x04\xc6\x00\x3c\x00\x01a\x00\x01t\x00\x01w\x00\x01u\x00\x01p"
_SUBSCRIBE = b"\x82\x0a\x00\x01\x00\x05a/b/#\x01"
_PUBLISH = packets.publish(packets.Message(topic="a/b", payload=b"{}", qos=1, packet_id=7))


@dataclass(frozen=True, slots=True)
class Target:
    """A reader of texts, of JSON, or of bytes, as its seeds are."""

    read: Callable[[Any], Any]
    seeds: Sequence[Any]
    refusals: tuple[type[BaseException], ...] = (Problem,)


TARGETS: Mapping[str, Target] = {
    "q": Target(
        _q,
        (
            'speed>5;name[sl]=="trg"|!(kind==Bus,Car)',
            "speed==1..5;speed!=2,3",
            'at{Bus:speed}>=3;raw[a.b]~="^a(b|c)*$"',
            'observedAt>"2025-01-01T00:00:00Z";many.sub',
            "location==urn:x:1|list!~=x",
        ),
    ),
    "scopeQ": Target(lambda text: parse_scopes(text)(("/A/B", "/C")), ("/A/#", "(/A/B;/C)|/D/+/E", "/#,/A")),
    "geo": Target(
        _geo,
        tuple(
            {"georel": relation, "geometry": kind, "coordinates": coordinates}
            for relation in ("near;maxDistance==20", "within", "overlaps", "disjoint")
            for kind, coordinates in (
                ("Point", [13.6, 45.9]),
                ("Polygon", [[[0, 0], [20, 0], [20, 50], [0, 50], [0, 0]]]),
                ("MultiLineString", [[[0, 0], [20, 60]], [[1, 2], [3, 4]]]),
            )
        ),
    ),
    "type": Target(lambda text: parse_types(text, CONTEXT), ("(Bus;Electric)|Car,Tram", "*", "https://ex.org/Bus")),
    "pick": Target(
        lambda text: parse_projection(text, "", CONTEXT), ("id,at{name|stop{id}},speed", "https://ex.org/a")
    ),
    "orderBy": Target(_order, ("speed;desc,name[sl]", "location;dist-asc", "id,many.sub;asc")),
    "pattern": Target(_pattern, ("^urn:(a|b)*:[^x-z]{1,3}$", "(a+)+$", r"\d+\.\w*?(?:x|y)", "((((a*)*)*)*)!")),
    "duration": Target(parse_duration, ("P1Y2M", "P1DT2H3M4.5S", "P2W", "PT0S")),
    "time": Target(lambda text: instant(text, "at"), ("2025-09-01T12:00:00Z", "2025-09-01T12:00:00.123456789Z")),
    "canonical time": Target(canonical, ("2025-09-01T12:00:00,5Z",), (ValueError,)),
    "context": Target(_context, (TERMS, [TERMS, {"a": None}], {"@context": [TERMS]}, {"a": "b", "b": "ex:c"})),
    "entity": Target(_entity, (THING,)),
    "fragment": Target(_merged, (THING, CHANGES)),
    "evolution": Target(
        lambda document: parse_temporal(document, CONTEXT), (THING, THING | {"scope": [{"value": "/A"}], "many": []})
    ),
    "batch": Target(lambda listed: [*parse_batch(listed, CONTEXT)] if isinstance(listed, list) else None, ([THING],)),
    "subscription": Target(
        lambda document: parse_subscription(document, CONTEXT, reach=Reach(everywhere=True), now=1), (SUBSCRIPTION,)
    ),
    "packets": Target(
        _packets,
        (_CONNECT, _SUBSCRIBE, _PUBLISH, _CONNECT + _SUBSCRIBE + _PUBLISH, b"\x40\x02\x00\x01\xe0\x00"),
        (packets.Malformed, packets.UnknownVersion, asyncio.IncompleteReadError),
    ),
}

_ODD: Sequence[Any] = (
    *(
        None,
        True,
        0,
        -1,
        2**63,
        1e30,
        1e308,
        5e-324,
        "",
        "urn:ngsi-ld:null",
        "\u202e",
        "a" * 2000,
        "@id",
        "@none",
    ),
    *([], {}, [[]], {"@value": 1}, {"": ""}, {"@context": {}}, {"type": "Point", "coordinates": []}, [None], "9", "/"),
    {"type": "Property", "value": {"type": "Polygon", "coordinates": [[[0, 0]]]}},
)
_SIGNS = "();|,=!<>~[]{}.\"'\\/:*+?#@-_ 09aZč\u0000\n\u202e"


def damaged(chance: random.Random, seed: Any) -> Any:
    """`seed` with one to four things wrong in it; of the same sort."""
    found = seed
    for _ in range(chance.randint(1, 4)):
        if isinstance(found, str):
            found = _text(chance, found)
        elif isinstance(found, bytes):
            found = _bytes(chance, found)
        else:
            found = _tree(chance, found)
    return found


def _text(chance: random.Random, text: str) -> str:
    place = chance.randint(0, len(text))
    end = min(len(text), place + chance.randint(0, 6))
    put = chance.choice(
        ("", chance.choice(_SIGNS), text[place:end] * chance.choice((2, 2, 50)), chance.choice(("..", "==", "urn:x:1")))
    )
    return text[:place] + put + text[end if chance.random() < 0.7 else place :]


def _bytes(chance: random.Random, content: bytes) -> bytes:
    place = chance.randint(0, len(content))
    end = min(len(content), place + chance.randint(0, 4))
    put = chance.choice((b"", chance.randbytes(chance.randint(1, 4)), content[place:end] * 3, b"\xff\xff\xff\x7f"))
    return content[:place] + put + content[end:]


def _tree(chance: random.Random, node: Any) -> Any:
    """A copy with one node of it other, gone, twice, or under another name."""
    if not isinstance(node, dict | list) or not node or chance.random() < 0.15:
        return _text(chance, node) if isinstance(node, str) and chance.random() < 0.5 else chance.choice(_ODD)
    if isinstance(node, list):
        place = chance.randrange(len(node))
        put = chance.choice(([], [node[place]] * 2, [_tree(chance, node[place])], [_tree(chance, node[place])]))
        return [*node[:place], *put, *node[place + 1 :]]
    name = chance.choice(list(node))
    rest = {key: inner for key, inner in node.items() if key != name}
    way = chance.random()
    if way < 0.1:
        return rest
    if way < 0.25:
        other = chance.choice((*node, "value", "object", "type", "datasetId", "@id", "observedAt", _text(chance, name)))
        return {**node, other: node[name]}
    return {**rest, name: _tree(chance, node[name])}


class Slow(Exception):
    """An input took longer than a moment."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Slow(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def give(target: Target, chance: random.Random) -> bool:
    """One damaged input to the target: whether it was taken. AssertionError names an input that it fails at."""
    given = damaged(chance, chance.choice(target.seeds))
    try:
        with _at_most(MOMENT):
            target.read(given)
    except target.refusals:
        return False
    except Exception as error:
        raise AssertionError(f"{type(error).__name__}: {error}, given {given!r}") from error
    return True

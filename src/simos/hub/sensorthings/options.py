"""Query options of SensorThings (OGC 18-088, 9.3): $filter, $orderby, $top, $skip, $count, $select, $expand. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from simos.hub.problems import BadRequestData, OperationNotSupported, TooComplexQuery
from simos.hub.sensorthings.conditions import Condition, parse_filter
from simos.hub.sensorthings.resources import RELATIONS

TOP, MOST, FARTHEST = 100, 1000, 10_000_000
_DEPTH = 6
_NAME = re.compile(r"@?[A-Za-z_][\w.]*(?:/[\w.-]+)*", re.ASCII)
_KNOWN = frozenset({"$filter", "$orderby", "$top", "$skip", "$count", "$select", "$expand"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a set is answered. `order`: paths, each with whether it goes down. `expand`: by relation, how that is."""

    condition: Condition | None = None
    order: tuple[tuple[tuple[str, ...], bool], ...] = ()
    top: int = TOP
    skip: int = 0
    count: bool = False
    select: tuple[str, ...] = ()
    expand: Mapping[str, "Options"] = field(default_factory=dict)
    given: tuple[tuple[str, str], ...] = ()


def parse_options(given: Iterable[tuple[str, str]], kind: str, depth: int = 0) -> Options:
    """The options of a set of `kind`; BadRequestData names a wrong one, OperationNotSupported one we lack."""
    said = dict(given)
    for name in said:
        if name == "$resultFormat":
            raise OperationNotSupported("There is no $resultFormat here.", status=501)
        if name not in _KNOWN:
            there = ", ".join(sorted(_KNOWN))
            raise BadRequestData(f"There is no option {name[:40]!r}; those that there are: {there}.")
    return Options(
        condition=parse_filter(said["$filter"]) if "$filter" in said else None,
        order=tuple(_orders(said["$orderby"])) if "$orderby" in said else (),
        top=min(_number(said, "$top", TOP), MOST),
        skip=min(_number(said, "$skip", 0), FARTHEST),
        count=_flag(said),
        select=tuple(_names(said["$select"], "$select")) if "$select" in said else (),
        expand=_expanded(said["$expand"], kind, depth) if "$expand" in said else {},
        given=tuple(said.items()),
    )


def _number(said: Mapping[str, str], name: str, otherwise: int) -> int:
    text = said.get(name, str(otherwise))
    if not text.isascii() or not text.isdigit():
        raise BadRequestData(f"{name} is a whole number from 0 on, not {text[:40]!r}")
    return int(text[:12])


def _flag(said: Mapping[str, str]) -> bool:
    text = said.get("$count", "false")
    if text not in ("true", "false"):
        raise BadRequestData(f"$count is true or false, not {text[:40]!r}")
    return text == "true"


def _names(text: str, name: str) -> Iterator[str]:
    for part in text.split(","):
        if not _NAME.fullmatch(part.strip()):
            raise BadRequestData(f"{name}: names of members with commas between them, not {text[:60]!r}")
        yield part.strip()


def _orders(text: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    for part in text.split(","):
        path, _, way = part.strip().partition(" ")
        if not _NAME.fullmatch(path) or way.strip() not in ("", "asc", "desc"):
            raise BadRequestData(f"$orderby: a member, and asc or desc behind it, not {part.strip()[:60]!r}")
        yield tuple(path.split("/")), way.strip() == "desc"


def _expanded(text: str, kind: str, depth: int) -> dict[str, Options]:
    if depth >= _DEPTH:
        raise TooComplexQuery(f"$expand goes {_DEPTH} levels deep at most")
    found: dict[str, Options] = {}
    for part in _parts(text, ","):
        path, bracket, inside = part.strip().partition("(")
        if bracket and not inside.endswith(")"):
            raise BadRequestData(f"$expand: a ) is missing: {part[:60]!r}")
        first, slash, further = path.partition("/")
        if first not in RELATIONS[kind]:
            there = ", ".join(sorted(RELATIONS[kind]))
            raise BadRequestData(f"$expand: {kind} have no {first[:40]!r}; they have {there}")
        to = RELATIONS[kind][first][0]
        if slash:  # `Datastreams/Observations(...)` is `Datastreams($expand=Observations(...))`
            options = parse_options([("$expand", further + (f"({inside}" if bracket else ""))], to, depth + 1)
        else:
            options = parse_options(_inner(inside[:-1] if bracket else ""), to, depth + 1)
        found[first] = options
    return found


def _inner(text: str) -> Iterator[tuple[str, str]]:
    for part in _parts(text, ";"):
        name, equals, value = part.strip().partition("=")
        if not equals:
            raise BadRequestData(f"$expand: options look like $top=1;$select=name, not {part[:60]!r}")
        yield name, value


def _parts(text: str, sign: str) -> Iterator[str]:
    """What stands between the signs, but not within brackets or quotes."""
    start, level, quoted = 0, 0, False
    for place, each in enumerate(text):
        if each == "'":
            quoted = not quoted
        elif not quoted and each in "()":
            level += 1 if each == "(" else -1
        elif each == sign and not quoted and level == 0:
            yield text[start:place]
            start = place + 1
    if text[start:].strip():
        yield text[start:]

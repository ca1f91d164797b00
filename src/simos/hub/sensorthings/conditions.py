"""`$filter` of SensorThings (OGC 18-088, 9.3.3.5.1) into something that judges a resource. Pure.

What is here: comparisons, and, or, not, brackets, arithmetic, the functions of FUNCTIONS, paths over members and
relations. Anything else is refused, never passed over.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import add, ge, gt, le, lt, mul, sub
from typing import Any, NoReturn

from simos.hub.problems import BadRequestData, OperationNotSupported, TooComplexQuery
from simos.kernel.clock import micros_of, now

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^']|'')*') |
    (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)) |
    (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?) |
    (?P<name>@?[A-Za-z_][\w.]*(?:/@?[A-Za-z_][\w.-]*)*) |
    (?P<sign>[(),])
    )""",
    re.VERBOSE | re.ASCII,
)
_LENGTH, _DEPTH = 4096, 32

Read = Callable[[Sequence[str]], Iterator[Any]]
"""The values that a path leads to, from the resource that is judged."""
Value = Callable[[Read], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Instant:
    """A time, in microseconds."""

    at: int


def time_of(value: Any) -> tuple[int, int] | None:
    """The first and the last microsecond of a time, or of an interval; None where the value is neither."""
    if isinstance(value, Instant):
        return value.at, value.at
    if not isinstance(value, str) or len(value) > 80:
        return None
    first, _, last = value.partition("/")
    try:
        start = _micros(first)
        return start, _micros(last) if last else start
    except ValueError:
        return None


def _micros(text: str) -> int:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or "T" not in text:
        raise ValueError("no time with an offset")
    return micros_of(at)


def _compared(op: str, left: Any, right: Any) -> bool:
    if isinstance(left, Instant) or isinstance(right, Instant):
        one, other = time_of(left), time_of(right)
        if one is None or other is None:
            return op == "ne"
        return {
            "eq": one == other,
            "ne": one != other,
            "lt": one[1] < other[0],
            "le": one[1] <= other[1] and one[0] <= other[0],
            "gt": one[0] > other[1],
            "ge": one[0] >= other[0] and one[1] >= other[1],
        }[op]
    if op in ("eq", "ne"):
        same = type(left) is type(right) or (_number(left) and _number(right))
        return (same and left == right) == (op == "eq")
    if (_number(left) and _number(right)) or (isinstance(left, str) and isinstance(right, str)):
        return bool({"lt": lt, "le": le, "gt": gt, "ge": ge}[op](left, right))
    return False


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(made: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: made(*given) if all(isinstance(each, str) for each in given) else None


def _part(which: str) -> Callable[..., Any]:
    def part(value: Any) -> Any:
        found = time_of(value)
        return getattr(datetime.fromtimestamp(found[0] // 1_000_000, UTC), which) if found else None

    return part


def _counted(made: Callable[[float], float]) -> Callable[..., Any]:
    return lambda value: made(value) if _number(value) else None


def _cut(text: Any, *places: Any) -> Any:
    if not isinstance(text, str) or not all(isinstance(each, int) and each >= 0 for each in places):
        return None
    return text[places[0] :][: places[1] if len(places) > 1 else None]


FUNCTIONS: Mapping[str, tuple[frozenset[int], Callable[..., Any]]] = {
    "substringof": (frozenset({2}), _text(lambda part, text: part in text)),
    "contains": (frozenset({2}), _text(lambda text, part: part in text)),
    "startswith": (frozenset({2}), _text(lambda text, part: text.startswith(part))),
    "endswith": (frozenset({2}), _text(lambda text, part: text.endswith(part))),
    "indexof": (frozenset({2}), _text(lambda text, part: text.find(part))),
    "length": (frozenset({1}), _text(len)),
    "tolower": (frozenset({1}), _text(str.lower)),
    "toupper": (frozenset({1}), _text(str.upper)),
    "trim": (frozenset({1}), _text(str.strip)),
    "concat": (frozenset({2}), _text(lambda one, other: one + other)),
    "substring": (frozenset({2, 3}), _cut),
    "year": (frozenset({1}), _part("year")),
    "month": (frozenset({1}), _part("month")),
    "day": (frozenset({1}), _part("day")),
    "hour": (frozenset({1}), _part("hour")),
    "minute": (frozenset({1}), _part("minute")),
    "second": (frozenset({1}), _part("second")),
    "round": (frozenset({1}), _counted(lambda value: float(int(value + (0.5 if value >= 0 else -0.5))))),
    "floor": (frozenset({1}), _counted(lambda value: float(value // 1))),
    "ceiling": (frozenset({1}), _counted(lambda value: float(-(-value // 1)))),
    "now": (frozenset({0}), lambda: Instant(micros_of(now()))),
}
"""By name: with how many parameters, and what it comes to; None where the values are of another kind."""

_SUMS: Mapping[str, Callable[[Any, Any], Any]] = {
    "add": add,
    "sub": sub,
    "mul": mul,
    "div": lambda one, other: one / other if other else None,
    "mod": lambda one, other: one % other if other else None,
}
_ORDER = ("eq", "ne", "lt", "le", "gt", "ge")
_LOGIC = frozenset({"and", "or", "not"})


@dataclass(frozen=True, slots=True)
class Bound:
    """That a member compares so with a time: what a store may look up."""

    member: str
    op: str
    at: int


@dataclass(frozen=True, slots=True)
class Condition:
    """`holds` judges. `bounds`: times that must hold in any case; `only_bounds`: they are all there is to judge."""

    holds: Callable[[Read], bool]
    bounds: tuple[Bound, ...] = ()
    only_bounds: bool = False


def parse_filter(text: str) -> Condition:
    """The condition that the text states; BadRequestData says where it is wrong, OperationNotSupported what we lack."""
    if len(text) > _LENGTH:
        raise TooComplexQuery(f"$filter has {_LENGTH} signs at most")
    parser = _Parser(text)
    value = parser.either(0)
    if parser.kind:
        parser.refuse("the end")
    bounds, all_of_it = tuple(parser.bounds), parser.terms == len(parser.bounds)
    if parser.has_choice:
        bounds, all_of_it = (), False
    return Condition(lambda read: _true(value, read), bounds, all_of_it)


def _true(value: Value, read: Read) -> bool:
    return any(each is True for each in value(read))


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.kind, self.token = text, 0, "", ""
        self.bounds: list[Bound] = []
        self.terms, self.has_choice = 0, False
        self.next()

    def next(self) -> None:
        rest = self.text[self.place :]
        if not rest.strip():
            self.kind = self.token = ""
            return
        found = _TOKEN.match(self.text, self.place)
        if found is None:
            self.refuse("a value, a name or a bracket")
        self.kind, self.token = str(found.lastgroup), found.group(str(found.lastgroup))
        self.place = found.end()

    def refuse(self, wanted: str) -> NoReturn:
        raise BadRequestData(f"$filter: before sign {self.place + 1} there should be {wanted}, not {self.token[:40]!r}")

    def word(self, *words: str) -> str:
        """The token, if it is one of these words; it is passed over then."""
        found = self.token if self.kind == "name" and self.token in words else ""
        if found:
            self.next()
        return found

    def sign(self, sign: str) -> bool:
        if self.kind != "sign" or self.token != sign:
            return False
        self.next()
        return True

    def either(self, depth: int) -> Value:
        terms = [self.both(depth)]
        while self.word("or"):
            self.has_choice = True
            terms.append(self.both(depth))
        return terms[0] if len(terms) == 1 else lambda read: iter([any(_true(each, read) for each in terms)])

    def both(self, depth: int) -> Value:
        terms = [self.denied(depth)]
        while self.word("and"):
            terms.append(self.denied(depth))
        return terms[0] if len(terms) == 1 else lambda read: iter([all(_true(each, read) for each in terms)])

    def denied(self, depth: int) -> Value:
        if depth > _DEPTH:
            raise TooComplexQuery(f"$filter has {_DEPTH} brackets in one another at most")
        if self.word("not"):
            self.has_choice = True
            inner = self.denied(depth + 1)
            return lambda read: iter([not _true(inner, read)])
        return self.comparison(depth)

    def comparison(self, depth: int) -> Value:
        named = self.token if self.kind == "name" else ""
        left = self.sum(depth)
        op = self.word(*_ORDER)
        if not op:
            self.terms += 1
            return left
        at = time_of(Instant(_micros(self.token))) if self.kind == "time" else None
        right = self.sum(depth)
        self.terms += 1
        if named in ("phenomenonTime", "resultTime", "time") and at is not None and op != "ne":
            self.bounds.append(Bound(named, op, at[0]))
        return lambda read: (_compared(op, one, other) for one in left(read) for other in right(read))

    def sum(self, depth: int) -> Value:
        left = self.product(depth)
        while op := self.word("add", "sub"):
            left = _reckoned(_SUMS[op], left, self.product(depth))
        return left

    def product(self, depth: int) -> Value:
        left = self.operand(depth)
        while op := self.word("mul", "div", "mod"):
            left = _reckoned(_SUMS[op], left, self.operand(depth))
        return left

    def operand(self, depth: int) -> Value:
        if self.sign("("):
            inner = self.either(depth + 1)
            if not self.sign(")"):
                self.refuse("a )")
            return inner
        kind, token = self.kind, self.token
        if kind in ("string", "number", "time"):
            self.next()
            return _constant(_literal(kind, token))
        if kind != "name" or token in _LOGIC:
            self.refuse("a value, a name or a bracket")
        self.next()
        if self.sign("("):
            return self.function(token, depth)
        if token in ("true", "false", "null"):
            return _constant({"true": True, "false": False, "null": None}[token])
        path = tuple(token.split("/"))
        return lambda read: read(path)

    def function(self, name: str, depth: int) -> Value:
        given: list[Value] = []
        if not self.sign(")"):
            given.append(self.either(depth + 1))
            while self.sign(","):
                given.append(self.either(depth + 1))
            if not self.sign(")"):
                self.refuse("a )")
        if name not in FUNCTIONS:
            raise OperationNotSupported(f"$filter: there is no function {name[:40]!r} here.", status=501)
        numbers, made = FUNCTIONS[name]
        if len(given) not in numbers:
            raise BadRequestData(f"$filter: {name} takes {' or '.join(map(str, sorted(numbers)))} parameters")
        return lambda read: iter([made(*(next(each(read), None) for each in given))])


def _constant(value: Any) -> Value:
    return lambda read: iter([value])


def _literal(kind: str, token: str) -> Any:
    if kind == "string":
        return token[1:-1].replace("''", "'")
    if kind == "number":
        return int(token) if token.lstrip("-").isdigit() else float(token)
    try:
        return Instant(_micros(token))
    except ValueError:
        raise BadRequestData(f"$filter: there is no time {token!r}") from None


def _reckoned(op: Callable[[Any, Any], Any], left: Value, right: Value) -> Value:
    return lambda read: (
        op(one, other) for one in left(read) for other in right(read) if _number(one) and _number(other)
    )

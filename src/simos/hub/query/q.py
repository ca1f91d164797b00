"""The text of `q` into a condition (ETSI GS CIM 009, 4.9). `;` binds closer than `|`. Length and depth are bounded."""

import re
from collections.abc import Collection
from datetime import date, time
from typing import NoReturn

import orjson

from simos.hub.contexts import Context
from simos.hub.ngsild import attribute_name
from simos.hub.ngsild.kinds import PLAIN_MEMBERS
from simos.hub.ngsild.times import micros_of_text
from simos.hub.problems import BadRequestData, TooComplexQuery
from simos.hub.query.conditions import (
    And,
    Compare,
    Condition,
    Exists,
    Link,
    Literal,
    Op,
    Operand,
    Or,
    Path,
    Range,
    Sort,
)
from simos.hub.query.regex import Pattern

_LENGTH = 8192
_DEPTH = 32
_TERMS = 256

_OPERATOR = re.compile(r"==|!=|<=|>=|!~=|~=|<|>")
_IRI_NAME = re.compile(r"(?:https?://|urn:)[^=!<>~;|()\[\]\"]+")
_NAME = re.compile(r"[^\W\d_]\w*(?::[^\W\d_]\w*)?")
_TYPE_HINT = re.compile(r"[^\W\d_]\w*(?:,[^\W\d_]\w*)*:(?=[^\W\d_])")
_KEY = re.compile(r"[^\].\[]+")
_BARE = re.compile(r"[^;|(),\"]+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d:\d\d([.,]\d{1,6})?Z?", re.ASCII)
_WORD = re.compile(r"[^\W\d_][\w-]*")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_EQUALITY = (Op.EQUAL, Op.UNEQUAL)
_PATTERN_OPS = (Op.LIKE, Op.UNLIKE)

_MEMBERS = PLAIN_MEMBERS | {"createdAt", "modifiedAt"}
_OWN = frozenset({"createdAt", "modifiedAt"})


def parse_q(text: str, context: Context, *, expand_values: Collection[str] = ()) -> Condition:
    """The condition that `text` states, in expanded names. `expand_values`: attributes (expanded) whose string values
    are terms too. BadRequestData says where the text is wrong, TooComplexQuery that it is too long or too deep."""
    if len(text) > _LENGTH:
        raise TooComplexQuery(f"q has {_LENGTH} signs at most")
    parser = _Parser(text, context, frozenset(expand_values))
    condition = parser.alternatives(0)
    if parser.place < len(text):
        parser.refuse("; or | or the end")
    return condition


def parse_path(text: str, context: Context) -> Path:
    """The element that `text` names, such as `address[city]`; BadRequestData where it names none."""
    parser = _Parser(text, context, frozenset())
    path = parser.path()
    if parser.place < len(text):
        parser.refuse("the end")
    return path


def linked_depth(condition: Condition) -> int:
    """Over how many relationships the condition looks; 0 where it looks at the entity alone."""
    if isinstance(condition, And | Or):
        return max(map(linked_depth, condition.terms))
    return _depth_of(condition.path)


def _depth_of(path: Path) -> int:
    return 0 if path.link is None else 1 + _depth_of(path.link.path)


def names_of(condition: Condition) -> set[str]:
    """The attributes of the entity itself that the condition looks at."""
    if isinstance(condition, And | Or):
        return {name for term in condition.terms for name in names_of(term)}
    return {condition.path.names[0]}


class _Parser:
    """Recursive descent over one text."""

    def __init__(self, text: str, context: Context, expand_values: frozenset[str]) -> None:
        self.text = text
        self.place = 0
        self.context = context
        self.expand_values = expand_values
        self.terms = 0

    def refuse(self, wanted: str) -> NoReturn:
        rest = self.text[self.place : self.place + 30]
        raise BadRequestData(f"q: at sign {self.place + 1} there should be {wanted}, not {rest or 'the end'!r}")

    def take(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.place):
            return False
        self.place += len(sign)
        return True

    def match(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self.text, self.place)
        if found is None:
            return None
        self.place = found.end()
        return found.group()

    def alternatives(self, depth: int) -> Condition:
        terms = [self.conjunction(depth)]
        while self.take("|"):
            terms.append(self.conjunction(depth))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def conjunction(self, depth: int) -> Condition:
        terms = [self.term(depth)]
        while self.take(";"):
            terms.append(self.term(depth))
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def term(self, depth: int) -> Condition:
        self.terms += 1
        if depth > _DEPTH or self.terms > _TERMS:
            raise TooComplexQuery(f"q has {_TERMS} terms and {_DEPTH} brackets in one another at most")
        if self.take("("):
            inner = self.alternatives(depth + 1)
            if not self.take(")"):
                self.refuse("a )")
            return inner
        if self.take("!"):
            return Exists(self.path(), there=False)
        path = self.path()
        operator = self.match(_OPERATOR)
        if operator is None:
            return Exists(path)
        op = Op(operator)
        if op in _PATTERN_OPS:
            return Compare(path, op, (self.pattern(),))
        return Compare(path, op, self.operands(path, op))

    def path(self, depth: int = 0) -> Path:
        names = [self.name(first=True)]
        while self.take("."):
            names.append(self.name(first=False))
        if self.take("{"):
            return Path(tuple(names), link=self.link(depth + 1))
        keys: list[str] = []
        if self.take("["):
            keys.append(self.key())
            while self.take("."):
                keys.append(self.key())
            if not self.take("]"):
                self.refuse("a ]")
        return Path(tuple(names), tuple(keys))

    def link(self, depth: int) -> Link:
        """What follows a brace: perhaps types and a colon, then a path of the entities there (4.9, examples 13, 14)."""
        if depth > _DEPTH:
            raise TooComplexQuery(f"q has {_DEPTH} brackets in one another at most")
        types: tuple[str, ...] = ()
        if hint := self.match(_TYPE_HINT):
            types = tuple(self.context.name(each) for each in hint[:-1].split(","))
        inner = self.path(depth)
        if not self.take("}"):
            self.refuse("a }")
        return Link(types, inner)

    def name(self, *, first: bool) -> str:
        term = (self.match(_IRI_NAME) if first else None) or self.match(_NAME)
        if term is None:
            self.refuse("the name of an attribute")
        if term in (_OWN if first else _MEMBERS):
            return term
        return attribute_name(term, self.context)

    def key(self) -> str:
        return self.match(_KEY) or self.refuse("a key")

    def pattern(self) -> Literal:
        quoted = self.match(_QUOTED)
        text = quoted[1:-1].replace('\\"', '"') if quoted else self.bare_pattern()
        Pattern.of(text)
        return Literal(Sort.STRING, text)

    def bare_pattern(self) -> str:
        """Up to a ; or | or ) that is not inside the expression's own brackets."""
        start, round_, square = self.place, 0, False
        while self.place < len(self.text):
            sign = self.text[self.place]
            if sign == "\\":
                self.place += 1
            elif square:
                square = sign != "]"
            elif sign == "[":
                square = True
            elif sign == "(":
                round_ += 1
            elif sign == ")" and round_:
                round_ -= 1
            elif sign == ";" or (sign in "|)" and not round_):
                break
            self.place += 1
        self.place = min(self.place, len(self.text))
        return self.text[start : self.place] or self.refuse("a regular expression")

    def operands(self, path: Path, op: Op) -> tuple[Operand, ...]:
        found = [self.operand(path)]
        while self.take(","):
            found.append(self.operand(path))
        if op not in _EQUALITY:
            (one, *others) = found
            if others or isinstance(one, Range) or one.sort in (Sort.BOOLEAN, Sort.URI):
                self.place -= 1
                self.refuse(f"one number, string, date or time after {op}")
        if len(found) > _TERMS:
            raise TooComplexQuery(f"q has {_TERMS} values in a list at most")
        return tuple(found)

    def operand(self, path: Path) -> Operand:
        quoted = self.match(_QUOTED)
        if quoted is None:
            return self.bare_operand(path)
        low = self.string(quoted, path)
        if not self.take(".."):
            return low
        high = self.match(_QUOTED)
        if high is None:
            self.refuse("a string in double quotes, the end of the range")
        return Range(low, self.string(high, path))

    def string(self, quoted: str, path: Path) -> Literal:
        try:
            value = orjson.loads(quoted)
        except orjson.JSONDecodeError:
            self.refuse("a string as in JSON")
        return self.worded(value, path)

    def worded(self, value: str, path: Path) -> Literal:
        return Literal(Sort.STRING, self.context.expand(value) if path.names[0] in self.expand_values else value)

    def bare_operand(self, path: Path) -> Operand:
        start = self.place
        text = (self.match(_BARE) or "").strip()
        low, dots, high = text.partition("..")
        if dots:
            first, last = literal_of(low), literal_of(high)
            if first and last and first.sort is last.sort and first.sort not in (Sort.BOOLEAN, Sort.URI):
                return Range(first, last)
        literal = literal_of(text)
        if literal is None and _WORD.fullmatch(text):  # the grammar wants quotes; everybody's clients leave them out
            return self.worded(text, path)
        if literal is None:
            self.place = start
            self.refuse("a value: a number, true, false, a date, a URI, or a string in double quotes")
        return literal


def literal_of(text: str) -> Literal | None:
    """What a value without quotes is; None where it is nothing."""
    if text in ("true", "false"):
        return Literal(Sort.BOOLEAN, text == "true")
    if _NUMBER.fullmatch(text):
        whole = text.lstrip("+-").isdigit()
        return Literal(Sort.NUMBER, int(text) if whole else float(text))
    try:
        if _DATE.fullmatch(text):
            return Literal(Sort.DATE, date.fromisoformat(text).isoformat())
        if _TIME.fullmatch(text):
            return Literal(Sort.TIME, time_text(text))
        if text[:1].isdigit():
            return Literal(Sort.INSTANT, micros_of_text(text))
    except ValueError:
        return None
    return Literal(Sort.URI, text) if _URI.fullmatch(text) else None


def time_text(text: str) -> str:
    """A time of day as it compares: with Z, and with six digits of fraction where it has one."""
    return time.fromisoformat(text.replace(",", ".").removesuffix("Z")).isoformat() + "Z"

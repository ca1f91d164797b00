"""The text of a regular expression into a tree. Only what can be matched in time proportional to the text is allowed.

POSIX extended and Perl's short classes; no back-references, look-around or named groups.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from simos.hub.problems import BadRequestData, TooComplexQuery

_LENGTH = 512
_DEPTH = 30
_REPEATS = 200

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign that passes the test."""

    test: Test


@dataclass(frozen=True, slots=True)
class Edge:
    """The start or the end of the text."""

    start: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`node` from `least` to `most` times (None: any number)."""

    node: "Node"
    least: int
    most: int | None


Node = Sign | Edge | Sequence | Choice | Repeat


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


_CLASSES: dict[str, Test] = {
    "d": str.isdecimal,
    "D": lambda sign: not sign.isdecimal(),
    "w": _is_word,
    "W": lambda sign: not _is_word(sign),
    "s": str.isspace,
    "S": lambda sign: not sign.isspace(),
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_SHORT_REPEATS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def tree_of(text: str) -> Node:
    """The tree of an expression; BadRequestData says where it is wrong, TooComplexQuery that it is too large."""
    if len(text) > _LENGTH:
        raise TooComplexQuery(f"a regular expression has {_LENGTH} signs at most")
    reader = _Reader(text)
    node = reader.choice(0)
    if reader.peek():
        reader.refuse("this ) closes nothing")
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.folded = self.take("(?i)")

    def refuse(self, what: str) -> NoReturn:
        raise BadRequestData(f"regular expression {self.text[:100]!r}, at sign {self.place + 1}: {what}")

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def next(self) -> str:
        sign = self.peek()
        self.place += 1
        return sign

    def take(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.place):
            return False
        self.place += len(sign)
        return True

    def choice(self, depth: int) -> Node:
        if depth > _DEPTH:
            raise TooComplexQuery(f"a regular expression has {_DEPTH} brackets in one another at most")
        nodes = [self.sequence(depth)]
        while self.take("|"):
            nodes.append(self.sequence(depth))
        return nodes[0] if len(nodes) == 1 else Choice(tuple(nodes))

    def sequence(self, depth: int) -> Node:
        nodes = []
        while self.peek() not in ("", "|", ")"):
            nodes.append(self.repeated(self.atom(depth)))
        return Sequence(tuple(nodes))

    def repeated(self, node: Node) -> Node:
        sign = self.peek()
        if sign in _SHORT_REPEATS:
            self.place += 1
            least, most = _SHORT_REPEATS[sign]
        elif sign == "{":
            least, most = self.counted()
        else:
            return node
        self.take("?")  # greedy or not is the same where only the whole is asked for
        if self.peek() in ("*", "+", "?", "{") and self.peek():
            self.refuse("a repetition of a repetition needs brackets")
        return Repeat(node, least, most)

    def counted(self) -> tuple[int, int | None]:
        inside, closed, _ = self.text[self.place + 1 :].partition("}")
        low, comma, high = inside.partition(",")
        if not (closed and low.isdecimal() and (high.isdecimal() or not high)) or len(inside) > 10:
            self.refuse("a repetition looks like {2} or {2,5}; the sign itself is \\{")
        self.place += len(inside) + 2
        least = int(low)
        most = least if not comma else int(high) if high else None
        if most is not None and most < least:
            self.refuse("a repetition names the smaller number first")
        if max(least, most or 0) > _REPEATS:
            raise TooComplexQuery(f"a regular expression repeats {_REPEATS} times at most")
        return least, most

    def atom(self, depth: int) -> Node:
        sign = self.next()
        if sign == "(":
            if self.take("?") and not self.take(":"):
                self.refuse("look-around, names and flags are not supported; (?:...) is, and (?i) at the start")
            node = self.choice(depth + 1)
            if not self.take(")"):
                self.refuse("a ) is missing")
            return node
        if sign in ("^", "$"):
            return Edge(start=sign == "^")
        if sign in _SHORT_REPEATS or sign == "{":
            self.refuse("there is nothing to repeat")
        if sign == "[":
            return Sign(self.bracketed())
        if sign == "\\":
            return Sign(self.escaped())
        return Sign(self.literal(sign) if sign != "." else "\n".__ne__)

    def literal(self, sign: str) -> Test:
        if not self.folded:
            return sign.__eq__
        folded = sign.casefold()
        return lambda given: given.casefold() == folded

    def escaped(self) -> Test:
        sign = self.next()
        if sign in _CLASSES:
            return _CLASSES[sign]
        return self.literal(self.escaped_sign(sign))

    def escaped_sign(self, sign: str) -> str:
        if not sign or (sign.isalnum() and sign not in _CONTROLS):
            self.refuse(f"\\{sign} is not supported")
        return _CONTROLS.get(sign, sign)

    def bracketed(self) -> Test:
        negated = self.take("^")
        tests = [self.member()]
        while not self.take("]"):
            tests.append(self.member())
        if negated:
            return lambda given: not any(test(given) for test in tests)
        return lambda given: any(test(given) for test in tests)

    def member(self) -> Test:
        low = self.next()
        if low == "\\" and self.peek() in _CLASSES:
            return _CLASSES[self.next()]
        low = self.plain_member(low)
        if self.peek() != "-" or self.text[self.place + 1 : self.place + 2] in ("]", ""):
            return self.literal(low)
        self.place += 1
        high = self.plain_member(self.next())
        if high < low:
            self.refuse("a range goes from a sign to a later one")
        if self.folded:
            return lambda given: any(low <= each <= high for each in (given, given.lower(), given.upper()))
        return lambda given: low <= given <= high

    def plain_member(self, sign: str) -> str:
        if not sign:
            self.refuse("a ] is missing")
        return self.escaped_sign(self.next()) if sign == "\\" else sign

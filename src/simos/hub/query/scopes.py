"""The text of a scope query (ETSI GS CIM 009, 4.19): `/Gorica`, `/Gorica/+`, `/Gorica/#`, with ; and | and brackets.

`+` stands for one level, `#` for the level above it and everything below; `/#` is any scope at all.
"""

import re
from collections.abc import Callable, Sequence

from simos.hub.problems import BadRequestData, TooComplexQuery

ScopeCondition = Callable[[Sequence[str]], bool]
"""Whether an entity with these scopes meets it."""

_SCOPE = re.compile(r"/?[^;|,()\s]+")


def parse_scopes(text: str) -> ScopeCondition:
    """The condition that `text` states; BadRequestData where it is none."""
    found, place = _alternatives(text, 0, 0)
    if place < len(text):
        _refuse(text, place)
    return found


def _refuse(text: str, place: int) -> None:
    raise BadRequestData(f"scopeQ: looks like /Gorica/# or /Gorica;/Sensors; wrong at sign {place + 1}: {text[:100]!r}")


def _alternatives(text: str, place: int, depth: int) -> tuple[ScopeCondition, int]:
    terms, place = _joined(text, place, "|,", lambda place: _together(text, place, depth))
    return (lambda scopes: any(term(scopes) for term in terms)), place


def _together(text: str, place: int, depth: int) -> tuple[ScopeCondition, int]:
    terms, place = _joined(text, place, ";", lambda place: _one(text, place, depth))
    return (lambda scopes: all(term(scopes) for term in terms)), place


def _joined(
    text: str, place: int, signs: str, term: Callable[[int], tuple[ScopeCondition, int]]
) -> tuple[list[ScopeCondition], int]:
    found, place = term(place)
    terms = [found]
    while text[place : place + 1] and text[place] in signs:
        found, place = term(place + 1)
        terms.append(found)
    return terms, place


def _one(text: str, place: int, depth: int) -> tuple[ScopeCondition, int]:
    if depth > 8 or len(text) > 2048:
        raise TooComplexQuery("scopeQ: too long, or its brackets lie too deep")
    if text[place : place + 1] == "(":
        inner, place = _alternatives(text, place + 1, depth + 1)
        if text[place : place + 1] != ")":
            _refuse(text, place)
        return inner, place + 1
    found = _SCOPE.match(text, place)
    if found is None:
        _refuse(text, place)
    assert found is not None
    pattern = _pattern(found.group(), text)
    return (lambda scopes: any(pattern.fullmatch(each) for each in scopes)), found.end()


def _pattern(scope: str, text: str) -> re.Pattern[str]:
    levels = scope.removeprefix("/").split("/")
    if any(not level or (level != "#" and "#" in level) for level in levels) or "#" in levels[:-1]:
        _refuse(text, 0)
    end = ""
    if levels[-1] == "#":
        levels, end = levels[:-1], "(/.+)?" if len(levels) > 1 else "/.+"
    return re.compile("".join("/[^/]+" if level == "+" else "/" + re.escape(level) for level in levels) + end)

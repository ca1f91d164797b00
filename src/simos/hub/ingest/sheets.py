"""YAML that people write, read into a checked value: what is wrong is said with its line, its field and what to do."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from simos.kernel.errors import Invalid

LARGEST = 1024 * 1024
"""Characters of one sheet."""

Place = tuple[str | int, ...]


class Part(BaseModel):
    """A part of a sheet: a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)


Sheet = TypeVar("Sheet", bound=Part)


def read_sheet(kind: type[Sheet], text: str, name: str) -> Sheet:
    """The value that a sheet says; Invalid names each line that is wrong. `name`: of the file, for people."""
    if len(text) > LARGEST:
        raise Invalid(f"{name}: a sheet has {LARGEST} characters at most.")
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise Invalid(f"{name}{line}: this is no YAML: {getattr(error, 'problem', None) or error}.") from None
    if not isinstance(content, dict):
        raise Invalid(f"{name}: it is empty, or no list of keys with values such as 'type: Device'.")
    lines = dict(_lines(tree, ()))
    if twice := lines.pop(("",), None):
        raise Invalid(f"{name}, line {twice}: this key is there twice.")
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        faults = [_told(kind, each, lines, name) for each in error.errors()]
        raise Invalid("\n".join(dict.fromkeys(faults))) from None


def _lines(node: yaml.Node | None, place: Place) -> Iterator[tuple[Place, int]]:
    """The line of each key and item; under ("",) that of a key that is there twice."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, inner in node.value:
            if key.value in seen:
                yield ("",), key.start_mark.line + 1
            seen.add(key.value)
            yield (*place, key.value), key.start_mark.line + 1
            yield from _lines(inner, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, inner in enumerate(node.value):
            yield (*place, number), inner.start_mark.line + 1
            yield from _lines(inner, (*place, number))


def _told(kind: type[Part], error: Any, lines: dict[Place, int], name: str) -> str:
    place = tuple(each for each in error["loc"])
    known = next((place[:length] for length in range(len(place), 0, -1) if place[:length] in lines), ())
    where = f"{name}, line {lines[known]}" if known else name
    field = ".".join(str(each) for each in (place if len(known) >= len(place) - 1 else known))
    return f"{where}: {field + ': ' if field else ''}{_advice(kind, error, place)}"


def _advice(kind: type[Part], error: Any, place: Place) -> str:
    if error["type"] == "extra_forbidden":
        there = sorted(_keys(_part_at(kind, place[:-1])))
        near = get_close_matches(str(place[-1]), there, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(there)}."
        return f"there is no such key; {hint}"
    if error["type"] == "missing":
        return "is missing, and needed."
    said = str(error["msg"]).removeprefix("Value error, ")
    return f"{said[:1].lower()}{said[1:]}" + ("" if said.endswith((".", "?")) else ".")


def _keys(kind: type[BaseModel]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        yield field.alias or name


def _part_at(kind: type[BaseModel], place: Place) -> type[BaseModel]:
    """The part that a place of the sheet is of: keys that are names of others' are passed over."""
    for step in place:
        for name, field in kind.model_fields.items():
            if step in (field.alias, name):
                kind = next(_parts_in(field.annotation), kind)
                break
    return kind


def _parts_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in getattr(annotation, "__args__", ()):
        yield from _parts_in(each)

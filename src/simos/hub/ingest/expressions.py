"""What a mapping looks up in a record: JMESPath expressions, and texts with such expressions in braces. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import jmespath
from jmespath.exceptions import JMESPathError

_HOLE = re.compile(r"\{([^{}]*)\}")


class Expression:
    """JMESPath, or the plain name of a column. `text` is as it was written.

    A path of bare names, which most are, is walked without the interpreter: the same answer, ten times as fast.
    """

    def __init__(self, text: str, *, column: bool = False) -> None:
        """ValueError with advice where it is no JMESPath, unless it may be the name of a `column`."""
        self.text = text
        self.path: tuple[str, ...] = ()
        self._compiled: Any = None
        try:
            self._compiled = jmespath.compile(text)
        except JMESPathError as error:
            if not column or not text.strip():
                raise ValueError(
                    f"{text!r} is no JMESPath ({str(error).splitlines()[0]}); a name with other signs than letters, "
                    "digits and _ stands in double quotes: '\"air temp\"'"
                ) from None
        else:
            self.path = _bare_path(self._compiled.parsed)

    @property
    def is_column(self) -> bool:
        """Whether this can be nothing but the name of a column."""
        return self._compiled is None or (len(self.path) == 1)

    def of(self, record: Any) -> Any:
        """What the expression finds in one record; None where it finds nothing. ValueError where it cannot be asked."""
        if self.path:
            for name in self.path:
                if not isinstance(record, dict):
                    return None
                record = record.get(name)
            return record
        if self._compiled is None:
            return record.get(self.text) if isinstance(record, dict) else None
        try:
            return self._compiled.search(record)
        except (JMESPathError, TypeError, ValueError) as error:
            raise ValueError(f"{self.text}: {str(error).splitlines()[0]}") from None


def _bare_path(tree: dict[str, Any]) -> tuple[str, ...]:
    """The names of a path that has nothing else in it; () for other expressions."""
    if tree["type"] == "field":
        return (str(tree["value"]),)
    if tree["type"] == "subexpression":
        parts = [_bare_path(child) for child in tree["children"]]
        return tuple(name for part in parts for name in part) if all(parts) else ()
    return ()


@dataclass(frozen=True, slots=True)
class Template:
    """A text with expressions in it, `urn:ngsi-ld:Device:{deviceInfo.devEui}`, for ids. `texts` is one longer than
    `holes`."""

    texts: tuple[str, ...]
    holes: tuple[Expression, ...]

    @classmethod
    def parse(cls, text: str, *, column: bool = False) -> "Template":
        """ValueError where a brace is open, or holds no expression."""
        parts = _HOLE.split(text)
        if any("{" in part or "}" in part for part in parts[::2]):
            raise ValueError(f"{text!r}: each {{ needs its }}, with an expression between them")
        return cls(tuple(parts[::2]), tuple(Expression(each, column=column) for each in parts[1::2]))

    def filled(self, values: tuple[Any, ...]) -> str:
        """The text with `values` in its holes, signs that an id cannot have escaped. ValueError where one is missing.

        Whole numbers are written as such, so that 12.0 of a table and 12 of a message name the same thing.
        """
        found = [self.texts[0]]
        for hole, value, text in zip(self.holes, values, self.texts[1:], strict=True):
            if value is None or value == "" or isinstance(value, dict | list | bool):
                raise ValueError(f"{hole.text} gives {_shown(value)}, and an id needs a text or a number")
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            found += [quote(str(value).strip(), safe="-._~:"), text]
        return "".join(found)


def _shown(value: Any) -> str:
    return "nothing" if value is None or value == "" else f"{str(value)[:40]!r}"


Finder = Callable[[Expression], list[Any]]
"""For an expression what it finds in each record of a block, in order."""

"""The value of each kind of attribute: what is allowed, and how the hub keeps it (ETSI GS CIM 009, 4.5.2 to 4.5.24).

Each rule returns the value to keep, or raises ValueError with what is wrong.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from simos.hub.contexts import Context
from simos.hub.ngsild.kinds import NULL
from simos.kernel.geo import positions_of

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]+")
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Signs that count as letters or marks and show nothing."""
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*|@none")
_URI_LENGTH = 1024
_NULLS = (NULL, [NULL], {"@none": NULL})
_TYPED = {
    "https://uri.etsi.org/ngsi-ld/DateTime": "DateTime",
    "https://uri.etsi.org/ngsi-ld/Date": "Date",
    "https://uri.etsi.org/ngsi-ld/Time": "Time",
}


def is_uri(text: object) -> bool:
    """Whether this is a URI (or IRI) with a scheme, of at most 1,024 signs, none of them invisible."""
    if not isinstance(text, str) or len(text) > _URI_LENGTH or _URI.fullmatch(text) is None:
        return False
    return text.isascii() or (text.isprintable() and _UNSEEN.search(text) is None)


def is_null(value: Any) -> bool:
    """Whether a value, in whichever of its shapes, is NGSI-LD Null."""
    return value in _NULLS


def _plain(value: Any, context: Context) -> Any:
    if isinstance(value, dict) and "@value" in value:
        typed = value.get("@type")
        return {**value, "@type": _TYPED[typed]} if isinstance(typed, str) and typed in _TYPED else value
    return value


def _uri(value: Any) -> str:
    if not is_uri(value):
        raise ValueError(f"points to a URI, not {str(value)[:100]!r}")
    return str(value)


def _object(value: Any, context: Context) -> Any:
    if isinstance(value, list):
        if not value:
            raise ValueError("points to one URI or more")
        return [_uri(each) for each in value]
    return _uri(value)


def _geometry(value: Any, context: Context) -> Any:
    if isinstance(value, str):  # 4.7.2: a whole geometry in a string, kept as what it says
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise ValueError("has a geometry, which is an object, or JSON in a string") from None
    if isinstance(value, dict) and not isinstance(value.get("type"), str):
        raise ValueError("has a geometry whose type is a string")
    positions_of(value)
    return value


def _language_map(value: Any, context: Context) -> Any:
    if not isinstance(value, dict) or not value:
        raise ValueError('has a languageMap such as {"sl": "trg", "it": "piazza"}')
    for language, words in value.items():
        if not _LANGUAGE.fullmatch(language):
            raise ValueError(f"has languages such as sl or en-GB, not {language[:40]!r}")
        listed = words if isinstance(words, list) else [words]
        if not listed or not all(isinstance(each, str) for each in listed):
            raise ValueError(f"has a string, or an array of strings, for the language {language}")
    return value


def _vocab(value: Any, context: Context) -> Any:
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(each, str) and each for each in listed):
        raise ValueError("has a vocab that is a string, or an array of strings")
    return [context.expand(each) for each in value] if isinstance(value, list) else context.expand(value)


def _json(value: Any, context: Context) -> Any:
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(each, dict | list) for each in listed):
        raise ValueError("has a json that is an object, or an array of objects")
    return value


def _list(value: Any, context: Context) -> Any:
    if not isinstance(value, list):
        raise ValueError("has a valueList that is an array")
    return value


def _object_list(value: Any, context: Context) -> Any:
    if not isinstance(value, list):
        raise ValueError("has an objectList that is an array")
    return [_uri(each["object"] if isinstance(each, dict) and "object" in each else each) for each in value]


READ: Mapping[str, Callable[[Any, Context], Any]] = {
    "Property": _plain,
    "Relationship": _object,
    "GeoProperty": _geometry,
    "LanguageProperty": _language_map,
    "VocabProperty": _vocab,
    "JsonProperty": _json,
    "ListProperty": _list,
    "ListRelationship": _object_list,
}
"""By kind."""

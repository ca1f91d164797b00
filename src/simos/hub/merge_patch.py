"""Parts of an attribute instance put over the stored one: merge patch and partial update.

ETSI GS CIM 009, 5.5.8 and 5.5.12. Pure; returns new instances without the hub's own createdAt and modifiedAt.
"""

from typing import Any

from simos.hub.ngsild.kinds import MEMBER, NULL
from simos.hub.ngsild.parse_value import is_uri
from simos.hub.values import Instance

_STAMPS = ("createdAt", "modifiedAt")


def is_deletion(instance: Instance) -> bool:
    """Whether the value of `instance` is NGSI-LD Null: the attribute is to go."""
    member = MEMBER.get(instance.get("type", ""))
    return member is not None and bool(instance.get(member) == NULL)


def same_kind(stored: Instance, given: Instance) -> bool:
    """Whether `given` is of the kind of `stored`, or says nothing of its kind (a Null says no more than its member)."""
    kind: str = stored["type"]
    wanted: str = given.get("type", kind)
    return bool(kind == wanted or (is_deletion(given) and MEMBER[kind] == MEMBER[wanted]))


def in_kind_of(stored: Instance, given: Instance, lang: str | None) -> Instance:
    """A bare value (simplified) in the kind that is there: a string may be meant as a Relationship's object, an array
    as a list, and words in `lang` as those of a LanguageProperty. As given where it cannot be meant so."""
    if given.get("type") != "Property" or "value" not in given or stored["type"] == "Property":
        return given
    value, kind, member = given["value"], stored["type"], MEMBER[stored["type"]]
    if kind == "LanguageProperty" and isinstance(value, str) and value != NULL:
        return {"type": kind, member: {lang or "@none": value}}
    listed = value if isinstance(value, list) else [value]
    fits = {
        "Relationship": all(is_uri(each) for each in listed),
        "ListRelationship": isinstance(value, list) and all(is_uri(each) for each in listed),
        "ListProperty": isinstance(value, list),
    }
    return {"type": kind, member: value} if fits.get(kind) else given


def is_whole(instance: Instance) -> bool:
    """Whether `instance` has a kind and its value."""
    member = MEMBER.get(instance.get("type", ""))
    return member is not None and member in instance


def with_members(stored: Instance, given: Instance) -> Instance:
    """`stored` with the members of `given` in place of its own; those that are NGSI-LD Null are gone."""
    whole = {**stored, **given}
    return {key: inner for key, inner in whole.items() if key not in _STAMPS and not _is_gone(inner)}


def patched(stored: Instance, given: Instance) -> Instance:
    """`stored` with `given` merged into it at every depth; another kind replaces all of it."""
    if stored and not same_kind(stored, given):
        stored = {}
    whole = {key: inner for key, inner in stored.items() if key not in _STAMPS}
    for key, inner in given.items():
        before = whole.get(key)
        if ":" in key:
            left = _patched_instances(before if isinstance(before, list) else [], inner)
            _set(whole, key, left or NULL)
        elif isinstance(inner, dict) and given.get("type") != "GeoProperty":
            _set(whole, key, _patched_value(before, inner))
        else:
            _set(whole, key, inner)
    return whole


def _is_gone(inner: Any) -> bool:
    return inner == NULL or (isinstance(inner, list) and bool(inner) and all(map(_is_gone_instance, inner)))


def _is_gone_instance(inner: Any) -> bool:
    return isinstance(inner, dict) and is_deletion(inner)


def _set(whole: dict[str, Any], key: str, inner: Any) -> None:
    if inner == NULL:
        whole.pop(key, None)
    else:
        whole[key] = inner


def _patched_instances(stored: list[Instance], given: list[Instance]) -> list[Instance]:
    by_dataset = {each.get("datasetId", ""): each for each in stored}
    for each in given:
        dataset = each.get("datasetId", "")
        if is_deletion(each):
            by_dataset.pop(dataset, None)
        else:
            by_dataset[dataset] = patched(by_dataset.get(dataset, {}), each)
    return list(by_dataset.values())


def _patched_value(before: Any, given: dict[str, Any]) -> Any:
    if "@value" in given:
        return given
    whole = dict(before) if isinstance(before, dict) else {}
    for key, inner in given.items():
        _set(whole, key, _patched_value(whole.get(key), inner) if isinstance(inner, dict) else inner)
    return whole

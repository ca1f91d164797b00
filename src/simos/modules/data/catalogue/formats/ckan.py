"""The catalogue as CKAN's API (version 3) tells it, so that portals harvest it: values only.

Organisations are cities, packages data sets, groups services. What changes something is not offered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from simos.kernel.errors import Problem
from simos.modules.data.catalogue.formats.addresses import Site
from simos.modules.data.catalogue.rules import about_of, found_by, keywords_of
from simos.modules.data.catalogue.values import FORMS, DataSet, Form, Standing

VERSION = "2.10.0"
"""The release of CKAN whose answers these are."""

ROWS, MOST = 10, 1000
FORMATS = {"csv": "CSV", "geojson": "GeoJSON", "parquet": "Parquet"}

Document = dict[str, Any]


class Missing(Problem):
    """There is no such thing."""

    status, title = 404, "Not Found Error"


class Unfit(Problem):
    """A parameter is missing or makes no sense; `errors` says which, as CKAN does."""

    status, title = 409, "Validation Error"


class Unheard(Problem):
    """There is no such action."""

    status, title = 400, "Bad request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What is asked: the data sets of a place, and how each stands (asked for when it is needed)."""

    site: Site
    place: str
    sets: Sequence[DataSet]
    standing: Callable[[DataSet], Standing]


Given = Mapping[str, Any]


def answer(it: Catalogue, action: str, given: Given) -> Any:
    """The result of an action; Missing, Unfit or Unheard where there is none."""
    made = ACTIONS.get(action)
    if made is None:
        raise Unheard(f"Action name not known: {action[:100]}")
    return made(it, given)


def _id(address: str) -> str:
    return str(uuid5(NAMESPACE_URL, address))


def _wanted(given: Given, name: str = "id") -> str:
    found = given.get(name)
    if not isinstance(found, str) or not found:
        raise Unfit("A parameter is missing.", errors={name: ["Missing value"]})
    return found


def _number(given: Given, name: str, default: int, most: int) -> int:
    found = str(default if given.get(name) in (None, "") else given[name])
    if not found.isdecimal():
        raise Unfit("A parameter makes no sense.", errors={name: ["Invalid integer"]})
    return min(int(found[:9]), most)


def _paged(given: Given, found: Sequence[Any]) -> Sequence[Any]:
    start = _number(given, "offset", 0, 10**8)
    return found[start : start + _number(given, "limit", MOST, MOST)]


def _true(given: Given, name: str) -> bool:
    return str(given.get(name, "")).lower() in ("true", "1", "yes", "on")


def _package(it: Catalogue, of: DataSet) -> Document:
    standing, page = it.standing(of), it.site.page(of)
    changed = standing.newest or standing.changed_at
    tags = sorted({words for language, words in keywords_of(of) if language == "sl"})
    resources = [_resource(it, of, form) for form in FORMS]
    return {
        "id": _id(page),
        "name": of.key,
        "title": of.title.sl,
        "title_translated": {each: of.title.in_(each) for each in of.title.languages()},
        "notes": about_of(of).sl,
        "notes_translated": {each: about_of(of).in_(each) for each in about_of(of).languages()},
        "url": page,
        "type": "dataset",
        "state": "active",
        "private": False,
        "isopen": True,
        "license_id": of.type.licence,
        "license_title": of.type.licence,
        "license_url": of.type.licence if "://" in of.type.licence else f"https://spdx.org/licenses/{of.type.licence}",
        "author": of.place.name.sl,
        "maintainer": of.place.name.sl,
        "metadata_created": None,
        "metadata_modified": changed.replace(tzinfo=None).isoformat() if changed else None,
        "owner_org": _id(it.site.catalogue(of.place.code)),
        "organization": _organization(it, of.place.code, of.place.name.sl),
        "groups": [_group(it, of)],
        "tags": [_tag(each) for each in tags],
        "num_tags": len(tags),
        "resources": resources,
        "num_resources": len(resources),
        "extras": [
            {"key": "frequency", "value": "UPDATE_CONT"},
            {"key": "things", "value": str(standing.things)},
            {"key": "ngsi-ld-type", "value": of.type.name},
        ],
    }


def _resource(it: Catalogue, of: DataSet, form: Form) -> Document:
    address = it.site.file(of, form)
    return {
        "id": _id(address),
        "package_id": _id(it.site.page(of)),
        "name": form.title.sl,
        "description": form.title.en,
        "url": address,
        "url_type": None,
        "format": FORMATS[form.file.rpartition(".")[2]],
        "mimetype": form.media_type,
        "state": "active",
        "position": FORMS.index(form),
    }


def _organization(it: Catalogue, code: str, name: str) -> Document:
    return {
        "id": _id(it.site.catalogue(code)),
        "name": code,
        "title": name,
        "type": "organization",
        "state": "active",
        "is_organization": True,
        "approval_status": "approved",
        "description": "",
        "image_url": "",
    }


def _group(it: Catalogue, of: DataSet) -> Document:
    name = of.module.name.replace("/", "-").replace("_", "-")
    return {"id": _id(f"{it.site.host}/{of.module.name}"), "name": name, "title": of.module.title.sl} | {
        "display_name": of.module.title.sl,
        "description": of.module.summary.sl,
        "image_display_url": "",
    }


def _tag(words: str) -> Document:
    return {"id": _id(f"tag:{words}"), "name": words, "display_name": words, "state": "active", "vocabulary_id": None}


def _site_read(it: Catalogue, given: Given) -> bool:
    return True


def _status_show(it: Catalogue, given: Given) -> Document:
    return {
        "ckan_version": VERSION,
        "site_url": it.site.host,
        "site_title": "SiMOS",
        "site_description": "",
        "error_emails_to": None,
        "locale_default": "sl",
        "extensions": [],
    }


def _package_list(it: Catalogue, given: Given) -> Sequence[str]:
    return _paged(given, sorted(each.key for each in it.sets))


def _one(it: Catalogue, named: str) -> DataSet:
    for each in it.sets:
        if named in (each.key, _id(it.site.page(each))):
            return each
    raise Missing("Not found")


def _package_show(it: Catalogue, given: Given) -> Document:
    return _package(it, _one(it, _wanted(given)))


def _current(it: Catalogue, given: Given) -> Sequence[Document]:
    return [_package(it, each) for each in _paged(given, sorted(it.sets, key=lambda each: each.key))]


def _matches(it: Catalogue, of: DataSet, term: str) -> bool:
    """Of the filters that harvesters use, each `field:value`."""
    field, _, value = term.lstrip("+").partition(":")
    value = value.strip('"')
    fits: Mapping[str, Callable[[], bool]] = {
        "organization": lambda: of.place.code == value,
        "owner_org": lambda: _id(it.site.catalogue(of.place.code)) == value,
        "groups": lambda: _group(it, of)["name"] == value,
        "tags": lambda: value in {words for _, words in keywords_of(of)},
        "res_format": lambda: value in FORMATS.values(),
        "license_id": lambda: of.type.licence == value,
        "name": lambda: of.key == value,
        "id": lambda: _id(it.site.page(of)) == value,
        "type": lambda: value == "dataset",
        "dataset_type": lambda: value == "dataset",
        "state": lambda: value == "active",
    }
    if field not in fits:
        raise Unfit("The search cannot be done.", errors={"fq": [f"There is no filter {field[:60]!r}"]})
    return fits[field]()


def _package_search(it: Catalogue, given: Given) -> Document:
    """Words in `q`, filters in `fq`, pages by `rows` and `start`, sorted by name or by title."""
    text = str(given.get("q", "") or "")
    found = found_by("" if text in ("*:*", "*") else text, it.sets)
    terms = _terms(str(given.get("fq", "") or ""))
    found = [each for each in found if all(_matches(it, each, term) for term in terms)]
    field, _, way = str(given.get("sort", "") or "name asc").split(",")[0].strip().partition(" ")
    found = sorted(
        found, key=lambda each: each.title.sl if field.startswith("title") else each.key, reverse=way == "desc"
    )
    start, rows = _number(given, "start", 0, 10**8), _number(given, "rows", ROWS, MOST)
    return {
        "count": len(found),
        "sort": f"{field} {way or 'asc'}",
        "facets": {},
        "search_facets": {},
        "results": [_package(it, each) for each in found[start : start + rows]],
    }


def _terms(text: str) -> Sequence[str]:
    """Parts between blanks, but not within quotes."""
    parts, inside = [""], False
    for sign in text:
        inside ^= sign == '"'
        if sign == " " and not inside:
            parts.append("")
        else:
            parts[-1] += sign
    return [part for part in parts if part and part not in ("AND", "(", ")")]


def _organizations(it: Catalogue) -> Mapping[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for each in it.sets:
        _, before = found.get(each.place.code, ("", 0))
        found[each.place.code] = (each.place.name.sl, before + 1)
    return found


def _organization_list(it: Catalogue, given: Given) -> Sequence[Any]:
    found = _organizations(it)
    if not _true(given, "all_fields"):
        return _paged(given, sorted(found))
    shown = [
        _organization(it, code, name) | {"package_count": number} for code, (name, number) in sorted(found.items())
    ]
    return _paged(given, shown)


def _organization_show(it: Catalogue, given: Given) -> Document:
    named = _wanted(given)
    for code, (name, number) in _organizations(it).items():
        shown = _organization(it, code, name)
        if named in (shown["name"], shown["id"]):
            sets = [each for each in it.sets if each.place.code == code] if _true(given, "include_datasets") else []
            return shown | {"package_count": number, "packages": [_package(it, each) for each in sets], "users": []}
    raise Missing("Not found")


def _groups(it: Catalogue) -> Mapping[str, Document]:
    return {group["name"]: group for group in (_group(it, each) for each in it.sets)}


def _group_list(it: Catalogue, given: Given) -> Sequence[Any]:
    found = _groups(it)
    return _paged(given, [found[name] for name in sorted(found)] if _true(given, "all_fields") else sorted(found))


def _group_show(it: Catalogue, given: Given) -> Document:
    named, found = _wanted(given), _groups(it)
    for group in found.values():
        if named in (group["name"], group["id"]):
            return group | {"package_count": sum(_group(it, each) == group for each in it.sets)}
    raise Missing("Not found")


def _tag_list(it: Catalogue, given: Given) -> Sequence[Any]:
    words = sorted({words for each in it.sets for language, words in keywords_of(each) if language == "sl"})
    return [_tag(each) for each in words] if _true(given, "all_fields") else words


def _license_list(it: Catalogue, given: Given) -> Sequence[Document]:
    return [{"id": name, "title": name} for name in sorted({each.type.licence for each in it.sets})]


def _resource_show(it: Catalogue, given: Given) -> Document:
    named = _wanted(given)
    for each in it.sets:
        for form in FORMS:
            if _id(it.site.file(each, form)) == named:
                return _resource(it, each, form)
    raise Missing("Not found")


def _help_show(it: Catalogue, given: Given) -> str | None:
    made = ACTIONS.get(_wanted(given, "name"))
    if made is None:
        raise Missing("Not found")
    return made.__doc__


ACTIONS: Mapping[str, Callable[[Catalogue, Given], Any]] = {
    "site_read": _site_read,
    "status_show": _status_show,
    "help_show": _help_show,
    "package_list": _package_list,
    "package_show": _package_show,
    "package_search": _package_search,
    "current_package_list_with_resources": _current,
    "resource_show": _resource_show,
    "organization_list": _organization_list,
    "organization_show": _organization_show,
    "group_list": _group_list,
    "group_show": _group_show,
    "tag_list": _tag_list,
    "license_list": _license_list,
}

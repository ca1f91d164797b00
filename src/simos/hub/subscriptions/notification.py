"""A notification as it is sent: body, media type, headers (ETSI GS CIM 009, 5.3.1 and 6.3.8). Sends nothing.

A deleted attribute is shown with NGSI-LD Null as its value, a deleted entity with `deletedAt` (5.8.6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from simos.hub.contexts import CORE, Context
from simos.hub.ngsild import Form, represent, text_of_micros
from simos.hub.ngsild.kinds import MEMBER, NULL
from simos.hub.ngsild.represent import simplified_value
from simos.hub.values import DEFAULT_TENANT, Attributes, Change, ChangeKind, Entity, Instance

JSON, LD_JSON, GEO_JSON = "application/json", "application/ld+json", "application/geo+json"
OWN_MEMBERS = ("id", "type", "scope")
_FORMS: Mapping[str, Form] = {"keyValues": "simplified", "simplified": "simplified", "concise": "concise"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes over the wire. `about`: the headers (HTTP) or the metadata (MQTT)."""

    about: dict[str, str]
    body: dict[str, Any]

    def as_json(self) -> bytes:
        return orjson.dumps(self.body)


class Writing:
    """How one subscription wants to be written to. `context`: the words of its notifications."""

    def __init__(self, tenant: str, document: Mapping[str, Any], context: Context) -> None:
        wanted = document["notification"]
        self.accept: str = wanted["endpoint"].get("accept", JSON)
        self.words = context if self.accept == LD_JSON or context.link() else CORE
        self.form: Form = _FORMS.get(wanted.get("format", "normalized"), "normalized")
        self.sys_attrs: bool = wanted.get("sysAttrs", False)
        self.show_changes: bool = wanted.get("showChanges", False)
        self.attributes: Sequence[str] = wanted.get("attributes", ())
        self.pick: Sequence[str] = wanted.get("pick", ())
        self.omit: Sequence[str] = wanted.get("omit", ())
        self.datasets = frozenset(document.get("datasetId", ()))
        self.join: str = wanted.get("join", "@none")
        self.levels: int = wanted.get("joinLevel", 1) if self.join != "@none" else 0
        self.lang: str | None = document.get("lang")
        self.geoproperty: str = document.get("geoQ", {}).get("geoproperty", "https://uri.etsi.org/ngsi-ld/location")
        self.watched = frozenset(document.get("watchedAttributes", ()))
        self.tells_deletions = "attributeDeleted" in document["notificationTrigger"]
        self._tenant = tenant
        self._subscription: str = document["id"]
        self._extra = {pair["key"]: pair["value"] for pair in wanted["endpoint"].get("receiverInfo", ())}

    def changed(self, change: Change, entity: Entity) -> dict[str, Any]:
        """The entity after `change`, as it stands in the notification's data."""
        if change.kind is ChangeKind.DELETED:
            return self._deleted(change, entity)
        attributes = dict(entity.attributes)
        for name, former in change.former.items():
            shown = self._with_former(attributes.get(name, ()), former, change.at)
            if shown:
                attributes[name] = shown
        for name, now in change.attributes.items():
            if not now and name not in change.former and name not in attributes:
                attributes[name] = [{"type": "Property", "value": NULL}]
        return self.shown(replace(entity, attributes=attributes))

    def linked(self, entity: Entity) -> dict[str, Any]:
        """An entity that another leads to, shown without what picks and omits of that one."""
        return represent(entity, self.words, form=self.form, sys_attrs=self.sys_attrs, lang=self.lang)

    def _with_former(self, now: Sequence[Instance], former: Sequence[Instance], at: int) -> list[Instance]:
        """The instances of one attribute, with those that are gone as null, and with what they were where wanted."""
        before = {each.get("datasetId", ""): each for each in former}
        left = []
        for each in now:
            old = before.pop(each.get("datasetId", ""), None)
            left.append(self._with_previous(each, old) if old is not None and old != each else each)
        if not left and len(before) > 1:
            first = before.get("") or {member: inner for member, inner in former[0].items() if member != "datasetId"}
            before = {"": first}
        return [*(self._gone(each, at) for each in before.values()), *left]

    def _with_previous(self, instance: Instance, former: Instance) -> Instance:
        if not self.show_changes:
            return instance
        member = MEMBER[former["type"]]
        value = simplified_value(former, self.words)
        if member not in ("value", "object"):
            value = value[member]
        return {**instance, f"previous{member[0].upper()}{member[1:]}": value}

    def _gone(self, former: Instance, at: int, *, with_entity: bool = False) -> Instance:
        """A deleted instance. Without the entity a language map keeps its form (4.5.18)."""
        member = MEMBER[former["type"]]
        value: Any = NULL
        if member == "languageMap" and not with_entity:
            value = {"@none": NULL}
        elif member in ("valueList", "objectList"):
            value = [NULL]
        kept: Instance = {key: former[key] for key in ("datasetId", "createdAt", "modifiedAt") if key in former}
        gone: Instance = {"type": former["type"], member: value, **kept, "deletedAt": text_of_micros(at)}
        return self._with_previous(gone, former)

    def _deleted(self, change: Change, entity: Entity) -> dict[str, Any]:
        """id, type and deletedAt; with the attributes as null where their deletion was to be told."""
        attributes: Attributes = {}
        if self.tells_deletions or self.show_changes:
            for name, former in change.former.items():
                if self.show_changes or not self.watched or name in self.watched:
                    attributes[name] = [self._gone(each, change.at, with_entity=True) for each in former]
        shown = self.shown(replace(entity, attributes=attributes, scopes=()))
        shown.setdefault("deletedAt", text_of_micros(change.at))
        return shown

    def shown(self, entity: Entity) -> dict[str, Any]:
        """The entity in the form, with the attributes, and in the language that were asked for."""
        attributes = entity.attributes
        if self.datasets:
            attributes = {
                name: kept
                for name, instances in attributes.items()
                if (kept := [each for each in instances if each.get("datasetId", "@none") in self.datasets])
            }
        if self.attributes:
            attributes = {name: attributes[name] for name in self.attributes if name in attributes}
        if self.pick:
            attributes = {name: attributes[name] for name in self.pick if name in attributes}
        attributes = {name: inner for name, inner in attributes.items() if name not in self.omit}
        document = represent(
            replace(entity, attributes=attributes),
            self.words,
            form=self.form,
            sys_attrs=self.sys_attrs,
            lang=self.lang,
        )
        for member in OWN_MEMBERS:
            if member in self.omit or (self.pick and member not in self.pick):
                document.pop(member, None)
        return document

    def notification(self, notification_id: str, at: int, data: Sequence[dict[str, Any]]) -> Sent:
        """The whole of it: `data` are entities as `changed` or `shown` gave them."""
        body: dict[str, Any] = {
            "id": notification_id,
            "type": "Notification",
            "subscriptionId": self._subscription,
            "notifiedAt": text_of_micros(at),
            "data": self._collection(data) if self.accept == GEO_JSON else list(data),
        }
        about = {"Content-Type": self.accept}
        if self.accept == LD_JSON:
            body["@context"] = self.words.as_json()
        elif link := self.words.link():
            about["Link"] = link
        if self._tenant != DEFAULT_TENANT:
            about["NGSILD-Tenant"] = self._tenant
        return Sent(about | self._extra, body)

    def _collection(self, data: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return {"type": "FeatureCollection", "features": [self._feature(each) for each in data]}

    def _feature(self, document: dict[str, Any]) -> dict[str, Any]:
        """An entity as a GeoJSON Feature (4.5.16)."""
        geometry: Any = document.get(self.words.compact(self.geoproperty))
        if isinstance(geometry, list):
            geometry = next((each for each in geometry if "datasetId" not in each), None)
        if isinstance(geometry, dict) and "coordinates" not in geometry:
            geometry = geometry.get("value")
        return {
            "id": document.get("id"),
            "type": "Feature",
            "geometry": geometry if isinstance(geometry, dict) else None,
            "properties": {name: inner for name, inner in document.items() if name != "id"},
        }

"""Which subscriptions a change concerns, and whether it fits them (ETSI GS CIM 009, 5.8.6). Delivers nothing.

Found by index: by tenant, then by the entity's id, its types and the attributes that changed; only those that are left
are looked at. With 1,000 subscriptions a change that concerns one looks at one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from simos.hub.contexts import CORE, Context
from simos.hub.ngsild.times import micros_of_text, text_of_micros
from simos.hub.query import Condition, GeoCondition, Pattern, holds, parse_geo, parse_q
from simos.hub.query.evaluate import Linked
from simos.hub.query.scopes import ScopeCondition, parse_scopes
from simos.hub.query.types import parse_types, selects
from simos.hub.values import Change, ChangeKind, Entity, Instance, Key, Selection, Subscription

_ENTITY_TRIGGER = {
    ChangeKind.CREATED: "entityCreated",
    ChangeKind.UPDATED: "entityUpdated",
    ChangeKind.DELETED: "entityDeleted",
}


@dataclass(frozen=True, slots=True)
class _Selector:
    types: Selection
    ids: frozenset[str]
    pattern: Pattern | None

    def fits(self, entity: Entity) -> bool:
        if self.ids:
            return entity.id in self.ids and selects(self.types, entity.types)
        return selects(self.types, entity.types) and (self.pattern is None or self.pattern.is_in(entity.id))


class Matcher:
    """What one subscription looks for, ready to be asked. Made anew when the subscription changes.

    All but `q` is kept in full names; `q` is as it was said, in the words of `context`.
    """

    def __init__(self, subscription: Subscription, context: Context, linked: Linked | None = None) -> None:
        """`linked`: the entity of an id, for a `q` that looks at what relationships lead to."""
        document = subscription.document
        self.key: Key = subscription.key
        self._granted = subscription.types
        self._linked = linked
        self.selectors = [_selector(each) for each in document.get("entities", ())]
        self.watched = frozenset(document.get("watchedAttributes", ()))
        self.triggers = frozenset(document["notificationTrigger"])
        self.datasets = frozenset(document.get("datasetId", ()))
        self.q: Condition | None = parse_q(document["q"], context) if "q" in document else None
        self.geo: GeoCondition | None = parse_geo(**document["geoQ"], context=CORE) if "geoQ" in document else None
        self.scopes: ScopeCondition | None = parse_scopes(document["scopeQ"]) if "scopeQ" in document else None

    def keys(self) -> Iterator[tuple[str, ...]]:
        """Under which the index holds it: a change that fits it has one of them."""
        tenant = self.key[0]
        named: list[tuple[str, ...]] = []
        for selector in self.selectors:
            if selector.ids:
                named += [("id", each) for each in selector.ids]
            elif selector.types:
                named += [("type", min(each)) for each in selector.types]
            else:
                named.append(())
        for part in dict.fromkeys(named or [()]):
            if part[:1] == ("id",) or not self.watched:
                yield (tenant, *part)
            else:
                yield from ((tenant, *part, "attribute", each) for each in self.watched)

    def fits(self, change: Change, entity: Entity) -> bool:
        """Whether `change`, which left (or last knew) `entity` so, is one to tell of."""
        return self.selects(entity) and self.is_triggered(change) and self.meets(entity)

    def may_see(self, entity: Entity) -> bool:
        return self._granted is None or not self._granted.isdisjoint(entity.types)

    def selects(self, entity: Entity) -> bool:
        if not self.may_see(entity):
            return False
        return not self.selectors or any(each.fits(entity) for each in self.selectors)

    def meets(self, entity: Entity) -> bool:
        """q, geoQ and scopeQ."""
        return (
            (self.scopes is None or self.scopes(entity.scopes))
            and (self.geo is None or self.geo.holds(entity))
            and (self.q is None or holds(self.q, entity, self._linked))
        )

    def is_triggered(self, change: Change) -> bool:
        if change.quiet or change.kind is ChangeKind.CORRECTED:
            return False
        named = self.watched & change.attributes.keys() if self.watched else change.attributes.keys()
        if self.watched and not named:
            return False
        if _ENTITY_TRIGGER[change.kind] in self.triggers:
            return True
        return any(not self.triggers.isdisjoint(what_happened(change, name, self.datasets)) for name in named)


def what_happened(change: Change, name: str, datasets: frozenset[str]) -> Iterator[str]:
    """The triggers that a change of the attribute `name` pulls; only instances of `datasets` count, where given."""
    now = _by_dataset(change.attributes[name], datasets)
    if name not in change.former and change.kind is ChangeKind.UPDATED:
        yield from _guessed(now, change.at)
        return
    before = _by_dataset(change.former.get(name, ()), datasets)
    if now.keys() - before.keys():
        yield "attributeCreated"
    if before.keys() - now.keys():
        yield "attributeDeleted"
    if any(now[each] != before[each] for each in now.keys() & before.keys()):
        yield "attributeUpdated"


def _guessed(now: Mapping[str, Instance], at: int) -> Iterator[str]:
    """From the log alone, where it was not kept what was before: when an instance was created tells it."""
    text = text_of_micros(at)
    if not now:
        yield "attributeDeleted"
    for instance in now.values():
        if instance.get("modifiedAt") == text:
            yield "attributeCreated" if instance.get("createdAt") == text else "attributeUpdated"


def _by_dataset(instances: Iterable[Instance], datasets: frozenset[str]) -> dict[str, Instance]:
    named = {each.get("datasetId", "@none"): each for each in instances}
    return {name: each for name, each in named.items() if name in datasets} if datasets else named


def expiry_of(subscription: Subscription) -> int | None:
    """Microseconds after which nothing is told any more."""
    text = subscription.document.get("expiresAt")
    return micros_of_text(text) if text else None


def _selector(given: Mapping[str, Any]) -> _Selector:
    ids = given.get("id", ())
    return _Selector(
        parse_types(given["type"], CORE),
        frozenset([ids] if isinstance(ids, str) else ids),
        Pattern.of(given["idPattern"]) if "idPattern" in given else None,
    )


class Index:
    """All that are active, by what a change must have to concern them."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, ...], dict[Key, Matcher]] = {}
        self._tenants: dict[str, set[Key]] = {}
        self._keys: dict[Key, list[tuple[str, ...]]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, matcher: Matcher) -> None:
        self.discard(matcher.key)
        keys = self._keys[matcher.key] = list(matcher.keys())
        for key in keys:
            self._by_key.setdefault(key, {})[matcher.key] = matcher
        self._tenants.setdefault(matcher.key[0], set()).add(matcher.key)

    def discard(self, key: Key) -> None:
        if key not in self._keys:
            return
        for each in self._keys.pop(key):
            held = self._by_key[each]
            held.pop(key, None)
            if not held:
                del self._by_key[each]
        left = self._tenants[key[0]]
        left.discard(key)
        if not left:
            del self._tenants[key[0]]

    def concerned(self, change: Change) -> list[Matcher]:
        """Those that the change may concern, each once."""
        tenant = change.tenant
        if tenant not in self._tenants:
            return []
        kinds: list[tuple[str, ...]] = [(), *(("type", each) for each in change.types)]
        keys = [(tenant, "id", change.entity), *((tenant, *kind) for kind in kinds)]
        keys += [(tenant, *kind, "attribute", name) for kind, name in product(kinds, change.attributes)]
        found: dict[Key, Matcher] = {}
        for key in keys:
            if key in self._by_key:
                found |= self._by_key[key]
        return list(found.values())

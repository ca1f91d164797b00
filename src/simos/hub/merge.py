"""What a write does to an entity: the meaning of every `Mode` (ETSI GS CIM 009, 5.5 and 5.6).

Pure, and changes nothing that it is given. Instances are shared between the entity before and after: nobody may
change one in place.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from simos.hub.merge_patch import is_deletion, is_whole, patched, same_kind, with_members
from simos.hub.ngsild.times import micros_of_text, text_of_micros
from simos.hub.values import (
    Attributes,
    Change,
    ChangeKind,
    Done,
    Entity,
    Instance,
    Mode,
    Outcome,
    Point,
    Write,
)

_NOT_THERE = "there is no such attribute"
_THERE = "the attribute exists already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What is to be stored. `changed`: the present is another; then `entity` is how it is now, None where `removed`."""

    entity: Entity | None
    outcome: Outcome
    changed: bool = False
    removed: bool = False
    points: tuple[Point, ...] = ()
    change: Change | None = None


def apply(current: Entity | None, write: Write, *, at: int) -> Effect:
    """The effect of `write` on `current` (None: no such entity) at the instant `at` (microseconds).

    A refusal has an outcome and nothing else. Points are those of the instances that the write sets, whether or not
    they are the newest; an instance that is stored already, with its time, gives none.
    """
    if write.granted is not None and current is not None and not write.granted.issuperset(current.types):
        return _refused(current, write, Done.NOT_GRANTED, f"Not granted: {write.id} is of another type.")
    return _RULES[write.mode](current, write, at)


CLOCK_TOLERANCE = 5 * 60 * 1_000_000
"""Microseconds by which a source's clock may be ahead of ours and still be believed."""


def keeps_the_newer(stored: Instance, given: Instance, *, at: int) -> bool:
    """Whether the present, at `at`, stays with `stored`: it was observed later than `given`.

    Our deliberate rule, so that measurements that come late or twice never move the present backwards. The standard
    leaves it open. `given` still goes into history. What claims to be from the future holds nothing up: else one device
    with a wrong clock would silence a thing until that time comes.
    """
    observed, newer = given.get("observedAt"), stored.get("observedAt")
    if not (observed and newer and observed[:-1] < newer[:-1]):  # without Z, canonical times sort as text
        return False
    return micros_of_text(newer) <= at + CLOCK_TOLERANCE


def _refused(current: Entity | None, write: Write, done: Done, detail: str = "") -> Effect:
    return Effect(entity=current, outcome=Outcome(done=done, id=write.id, detail=detail))


def _canonical(instance: Instance) -> bytes:
    if "createdAt" in instance:
        instance = {key: inner for key, inner in instance.items() if key not in ("createdAt", "modifiedAt")}
    return orjson.dumps(instance, option=orjson.OPT_SORT_KEYS)


def _is_stored(stored: Instance, given: Instance) -> bool:
    """The same content with the same observedAt. Compared as JSON: to Python, 1 and True are equal."""
    observed = given.get("observedAt")
    if observed is None or observed != stored.get("observedAt"):
        return False
    if any(stored.get(key) != inner for key, inner in given.items()):
        return False
    return _canonical(stored) == _canonical(given)


def _place_of(instances: Sequence[Instance], dataset: str) -> int:
    for place, instance in enumerate(instances):
        if instance.get("datasetId", "") == dataset:
            return place
    return -1


@dataclass(slots=True)
class _Work:
    """The attributes of one entity while a write is being applied to them."""

    write: Write
    at: int
    text: str
    attributes: Attributes
    touched: dict[str, None] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    not_updated: dict[str, str] = field(default_factory=dict)

    @classmethod
    def on(cls, current: Entity | None, write: Write, at: int) -> "_Work":
        return cls(write, at, text_of_micros(at), dict(current.attributes) if current else {})

    def add_point(self, name: str, instance: Instance, observed: str | None) -> None:
        value = instance.get("value")
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        self.points.append(
            Point(
                tenant=self.write.tenant,
                entity=self.write.id,
                attribute=name,
                dataset=instance.get("datasetId", ""),
                at=self.at if observed is None else micros_of_text(observed),
                instance=_canonical(instance),
                number=number,
                got_at=None if observed is None else self.at,
            )
        )

    def set(self, name: str, given: Instance, stored: Instance | None = None, *, observed: str | None = None) -> None:
        """`given` becomes the instance of its dataset, unless the one `stored` is newer or the same."""
        if stored is not None:
            if _is_stored(stored, given):
                return
            if keeps_the_newer(stored, given, at=self.at):
                self.add_point(name, given, observed)
                return
        self.add_point(name, given, observed)
        created = stored.get("createdAt", self.text) if stored is not None else self.text
        self._put(name, given.get("datasetId", ""), {**given, "createdAt": created, "modifiedAt": self.text})

    def delete(self, name: str, dataset: str) -> None:
        self._put(name, dataset, None)

    def _put(self, name: str, dataset: str, instance: Instance | None) -> None:
        self.touched[name] = None
        instances = self.attributes.get(name, ())
        place = _place_of(instances, dataset)
        if instance is not None and place == len(instances) - 1 <= 0:
            self.attributes[name] = [instance]
            return
        put = [] if instance is None else [instance]
        left = [*instances, *put] if place < 0 else [*instances[:place], *put, *instances[place + 1 :]]
        if left:
            self.attributes[name] = left
        else:
            self.attributes.pop(name, None)

    def given(self) -> Iterator[tuple[str, Instance, Instance | None]]:
        """Each attribute instance of the write, with the stored one of its dataset."""
        for name, instances in self.write.attributes.items():
            stored = self.attributes.get(name, ())
            for instance in instances:
                place = _place_of(stored, instance.get("datasetId", "")) if stored else -1
                yield name, instance, stored[place] if place >= 0 else None


def _finished(
    work: _Work, current: Entity | None, *, types: tuple[str, ...], scopes: tuple[str, ...], detail: str = ""
) -> Effect:
    """The effect of what was done to `work`, the entity now bearing `types` and `scopes`."""
    write, at, touched = work.write, work.at, tuple(work.touched)
    changed = current is None or bool(touched) or types != current.types or scopes != current.scopes
    done = Done.CREATED if current is None else Done.UPDATED if changed else Done.UNCHANGED
    outcome = Outcome(done=done, id=write.id, updated=touched, not_updated=work.not_updated, detail=detail)
    points = tuple(work.points)
    if not changed:
        return Effect(entity=current, outcome=outcome, points=points)
    entity = Entity(
        tenant=write.tenant,
        id=write.id,
        types=types,
        attributes=work.attributes,
        created_at=current.created_at if current else at,
        modified_at=at,
        scopes=scopes,
    )
    change = Change(
        tenant=write.tenant,
        entity=write.id,
        types=types,
        kind=ChangeKind.CREATED if current is None else ChangeKind.UPDATED,
        attributes={name: work.attributes.get(name, []) for name in touched},
        at=at,
        former={name: current.attributes.get(name, []) for name in touched} if current else {},
        whole=entity,
    )
    return Effect(entity=entity, outcome=outcome, changed=True, points=points, change=change)


def _types_with(current: Entity, write: Write) -> tuple[str, ...]:
    if not write.types or write.types == current.types:
        return current.types
    return tuple(sorted({*current.types, *write.types}))


def _scopes_with(current: Entity, write: Write) -> tuple[str, ...]:
    return current.scopes if write.scopes is None else write.scopes


def _create(current: Entity | None, write: Write, at: int) -> Effect:
    if current is not None:
        return _refused(current, write, Done.EXISTS)
    work = _Work.on(None, write, at)
    for name, instance, stored in work.given():
        work.set(name, instance, stored, observed=instance.get("observedAt"))
    return _finished(work, None, types=write.types, scopes=write.scopes or ())


def _upsert(current: Entity | None, write: Write, at: int) -> Effect:
    return _append(current, write, at) if current is not None else _create(None, write, at)


def _append(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = _Work.on(current, write, at)
    for name, instance, stored in work.given():
        work.set(name, instance, stored, observed=instance.get("observedAt"))
    return _finished(work, current, types=_types_with(current, write), scopes=_scopes_with(current, write))


def _append_new(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = _Work.on(current, write, at)
    for name, instance, stored in work.given():
        if stored is None:
            work.set(name, instance, observed=instance.get("observedAt"))
        else:
            work.not_updated[name] = _THERE
    return _finished(work, current, types=_types_with(current, write), scopes=current.scopes or write.scopes or ())


def _replace_or_create(current: Entity | None, write: Write, at: int) -> Effect:
    return _replace(current, write, at) if current is not None else _create(None, write, at)


def _replace(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = _Work.on(current, write, at)
    for name, instances in current.attributes.items():
        kept = {instance.get("datasetId", "") for instance in write.attributes.get(name, [])}
        for dataset in (instance.get("datasetId", "") for instance in instances):
            if dataset not in kept:
                work.delete(name, dataset)
    for name, instance, stored in work.given():
        work.set(name, instance, stored, observed=instance.get("observedAt"))
    return _finished(work, current, types=write.types or current.types, scopes=write.scopes or ())


def _update(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = _Work.on(current, write, at)
    for name, instance, stored in work.given():
        if stored is None:
            work.not_updated[name] = _NOT_THERE
        elif is_deletion(instance):
            work.delete(name, instance.get("datasetId", ""))
        else:
            work.set(name, instance, stored, observed=instance.get("observedAt"))
    return _finished(work, current, types=_types_with(current, write), scopes=_scopes_with(current, write))


def _merge(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = _Work.on(current, write, at)
    for name, instance, stored in work.given():
        if is_deletion(instance):
            if stored is not None:
                work.delete(name, instance.get("datasetId", ""))
        else:
            whole = patched(stored or {}, instance)
            if not is_whole(whole):
                return _refused(
                    current, write, Done.REFUSED, f"{name}: there is no such attribute yet, so it needs a value"
                )
            work.set(name, whole, stored, observed=instance.get("observedAt"))
    return _finished(work, current, types=_types_with(current, write), scopes=_scopes_with(current, write))


def _patch_attribute(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = _Work.on(current, write, at)
    for name, instance, stored in work.given():
        if stored is None:
            return _refused(current, write, Done.NO_ATTRIBUTE, _no_attribute(write, name, instance))
        if not same_kind(stored, instance):
            detail = f"the attribute is a {stored['type']}, not a {instance['type']}: its kind cannot be changed so"
            return _refused(current, write, Done.REFUSED, detail)
        if is_deletion(instance):
            work.delete(name, instance.get("datasetId", ""))
        else:
            work.set(name, with_members(stored, instance), stored, observed=instance.get("observedAt"))
    return _finished(work, current, types=current.types, scopes=current.scopes)


def _no_attribute(write: Write, name: str, instance: Instance) -> str:
    dataset = instance.get("datasetId")
    return f"{write.id} has no attribute {name}" + (f" of dataset {dataset}" if dataset else "")


def _delete(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    change = Change(
        tenant=write.tenant,
        entity=write.id,
        types=current.types,
        kind=ChangeKind.DELETED,
        attributes={name: [] for name in current.attributes},
        at=at,
        former=current.attributes,
        whole=current,
    )
    outcome = Outcome(done=Done.DELETED, id=write.id, updated=tuple(current.attributes))
    return Effect(entity=None, outcome=outcome, changed=True, removed=True, change=change)


def _delete_attribute(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = _Work.on(current, write, at)
    for name, instance, stored in list(work.given()):
        if write.all_datasets and name in current.attributes:
            for each in current.attributes[name]:
                work.delete(name, each.get("datasetId", ""))
        elif stored is None:
            return _refused(current, write, Done.NO_ATTRIBUTE, _no_attribute(write, name, instance))
        else:
            work.delete(name, instance.get("datasetId", ""))
    effect = _finished(work, current, types=current.types, scopes=current.scopes)
    return replace(effect, outcome=replace(effect.outcome, done=Done.DELETED))


def _record(current: Entity | None, write: Write, at: int) -> Effect:
    work = _Work.on(current, write, at)
    for name, instance, _ in work.given():
        work.add_point(name, instance, instance.get("observedAt"))
    outcome = Outcome(done=Done.UNCHANGED, id=write.id)
    return Effect(entity=current, outcome=outcome, points=tuple(work.points))


_RULES: Mapping[Mode, Callable[[Any, Write, int], Effect]] = {
    Mode.CREATE: _create,
    Mode.UPSERT: _upsert,
    Mode.REPLACE_OR_CREATE: _replace_or_create,
    Mode.REPLACE: _replace,
    Mode.APPEND: _append,
    Mode.APPEND_NEW: _append_new,
    Mode.UPDATE: _update,
    Mode.MERGE: _merge,
    Mode.PATCH_ATTRIBUTE: _patch_attribute,
    Mode.DELETE: _delete,
    Mode.DELETE_ATTRIBUTE: _delete_attribute,
    Mode.RECORD: _record,
}

"""What a write does to an entity: the meaning of every `Mode` (ETSI GS CIM 009, 5.5 and 5.6).

Pure, and changes nothing that it is given. Instances are shared between the entity before and after: nobody may
change one in place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simos.hub.merge_patch import in_kind_of, is_deletion, is_whole, patched, same_kind, with_members
from simos.hub.merge_work import Work
from simos.hub.ngsild import scope_instance
from simos.hub.ngsild.kinds import SCOPE
from simos.hub.past import no_scope
from simos.hub.query.types import selects
from simos.hub.values import (
    NEVER,
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
    """What is to be stored. `changed`: the present is another; then `entity` is how it is now, None where `removed`.
    `buried`: that the entity bears no scope any more."""

    entity: Entity | None
    outcome: Outcome
    changed: bool = False
    removed: bool = False
    points: tuple[Point, ...] = ()
    buried: tuple[Point, ...] = ()
    change: Change | None = None


def apply(current: Entity | None, write: Write, *, at: int) -> Effect:
    """The effect of `write` on `current` (None: no such entity) at the instant `at` (microseconds).

    A refusal has an outcome and nothing else. Points are those of the instances that the write sets, whether or not
    they are the newest; an instance that is stored already, with its time, gives none.
    """
    if current is not None and _is_not_there(current, write, at):
        effect = _RULES[write.mode](None, write, at)
        return effect if effect.changed else replace(effect, entity=current)
    if write.granted is not None and current is not None and not write.granted.issuperset(current.types):
        return _refused(current, write, Done.NOT_GRANTED, f"Not granted: {write.id} is of another type.")
    return _RULES[write.mode](current, write, at)


def _is_not_there(current: Entity, write: Write, at: int) -> bool:
    """What has expired is gone, though perhaps not swept out yet; what is not of the wanted types is not meant."""
    if current.expires_at is not None and (current.expires_at <= at) != (write.mode is Mode.EXPIRE):
        return True
    if write.mode is Mode.EXPIRE:
        return current.expires_at is None
    return bool(write.only) and not selects(write.only, current.types)


def _refused(current: Entity | None, write: Write, done: Done, detail: str = "") -> Effect:
    return Effect(entity=current, outcome=Outcome(done=done, id=write.id, detail=detail))


def _finished(
    work: Work, current: Entity | None, *, types: tuple[str, ...], scopes: tuple[str, ...], detail: str = ""
) -> Effect:
    """The effect of what was done to `work`, the entity now bearing `types` and `scopes`."""
    write, at, touched = work.write, work.at, tuple(work.touched)
    expires_at = _expiry_with(current, write)
    buried = _scopes_in_history(work, current.scopes if current else (), scopes)
    changed = (
        current is None
        or bool(touched)
        or (types, scopes, expires_at) != (current.types, current.scopes, current.expires_at)
    )
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
        expires_at=expires_at,
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
    return Effect(entity=entity, outcome=outcome, changed=True, points=points, buried=buried, change=change)


def _scopes_in_history(work: Work, former: tuple[str, ...], scopes: tuple[str, ...]) -> tuple[Point, ...]:
    """Other scopes are a point of history; none any more is returned, to be buried (4.5.6)."""
    if scopes == former:
        return ()
    if scopes:
        work.add_point(SCOPE, scope_instance(scopes, work.text), work.text)
        return ()
    return (no_scope(work.write, work.at),)


def _expiry_with(current: Entity | None, write: Write) -> int | None:
    if write.expires_at is not None:
        return None if write.expires_at == NEVER else write.expires_at
    return current.expires_at if current is not None and write.mode not in _WHOLE else None


_WHOLE = frozenset({Mode.REPLACE, Mode.REPLACE_OR_CREATE})


def _types_with(current: Entity, write: Write) -> tuple[str, ...]:
    if not write.types or write.types == current.types:
        return current.types
    return tuple(sorted({*current.types, *write.types}))


def _scopes_with(current: Entity, write: Write) -> tuple[str, ...]:
    return current.scopes if write.scopes is None else write.scopes


def _create(current: Entity | None, write: Write, at: int) -> Effect:
    if current is not None:
        return _refused(current, write, Done.EXISTS)
    work = Work.on(None, write, at)
    for name, instance, stored in work.given():
        work.set(name, instance, stored, observed=instance.get("observedAt"))
    return _finished(work, None, types=write.types, scopes=write.scopes or ())


def _upsert(current: Entity | None, write: Write, at: int) -> Effect:
    return _append(current, write, at) if current is not None else _create(None, write, at)


def _append(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = Work.on(current, write, at)
    for name, instance, stored in work.given():
        work.set(name, instance, stored, observed=instance.get("observedAt"))
    return _finished(work, current, types=_types_with(current, write), scopes=_scopes_with(current, write))


def _append_new(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = Work.on(current, write, at)
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
    work = Work.on(current, write, at)
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
    work = Work.on(current, write, at)
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
    work = Work.on(current, write, at)
    for name, instance, stored in work.given():
        if is_deletion(instance):
            if stored is not None:
                work.delete(name, instance.get("datasetId", ""))
        else:
            if stored is not None and write.kinds_kept:
                instance = in_kind_of(stored, instance, write.lang)
            timed = "observedAt" in instance or (stored is not None and "observedAt" not in stored)
            if write.observed_at is not None and not timed:
                instance = {**instance, "observedAt": write.observed_at}
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
    work = Work.on(current, write, at)
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


def _replace_attribute(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work = Work.on(current, write, at)
    for name, instance, stored in work.given():
        if stored is None:
            return _refused(current, write, Done.NO_ATTRIBUTE, _no_attribute(write, name, instance))
        work.set(name, instance, stored, observed=instance.get("observedAt"))
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
    buried = (no_scope(write, at),) if current.scopes else ()
    return Effect(entity=None, outcome=outcome, changed=True, removed=True, buried=buried, change=change)


def _delete_attribute(current: Entity | None, write: Write, at: int) -> Effect:
    if current is None:
        return _refused(None, write, Done.MISSING)
    work, scopes = Work.on(current, write, at), current.scopes
    for name, instance, stored in list(work.given()):
        if name == SCOPE and scopes:
            scopes = ()
        elif write.all_datasets and name in current.attributes:
            for each in current.attributes[name]:
                work.delete(name, each.get("datasetId", ""))
        elif stored is None:
            return _refused(current, write, Done.NO_ATTRIBUTE, _no_attribute(write, name, instance))
        else:
            work.delete(name, instance.get("datasetId", ""))
    effect = _finished(work, current, types=current.types, scopes=scopes)
    return replace(effect, outcome=replace(effect.outcome, done=Done.DELETED))


def _record(current: Entity | None, write: Write, at: int) -> Effect:
    work = Work.on(current, write, at)
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
    Mode.REPLACE_ATTRIBUTE: _replace_attribute,
    Mode.DELETE: _delete,
    Mode.EXPIRE: _delete,
    Mode.DELETE_ATTRIBUTE: _delete_attribute,
    Mode.RECORD: _record,
}

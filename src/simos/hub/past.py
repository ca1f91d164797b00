"""What is kept of what is gone: deleted attributes and their instances, entities without a present. Pure."""

from collections.abc import Iterator

import orjson

from simos.hub.ngsild import scope_instance
from simos.hub.ngsild.kinds import MEMBER, NULL, SCOPE
from simos.hub.values import Change, ChangeKind, Instance, Past, Point, Write


def lost(change: Change) -> Iterator[tuple[str, Instance]]:
    """The instances, by attribute, that are gone by this change."""
    for name, former in change.former.items():
        now = change.attributes[name]
        if len(now) == len(former) == 1 and now[0].get("datasetId") == former[0].get("datasetId"):
            continue
        left = {each.get("datasetId") for each in now}
        yield from ((name, each) for each in former if each.get("datasetId") not in left)


def has_deletion(change: Change) -> bool:
    """Whether an attribute, or one of its instances, is gone by this change."""
    return any(True for _ in lost(change))


def deletions(change: Change) -> Iterator[Point]:
    """A point for each instance that is gone, at the time of the change, with NGSI-LD Null for its value (4.5.7)."""
    for name, instance in lost(change):
        kind, dataset = instance["type"], instance.get("datasetId", "")
        gone = {"type": kind, MEMBER[kind]: {"@none": NULL} if kind == "LanguageProperty" else NULL}
        if dataset:
            gone["datasetId"] = dataset
        yield Point(
            tenant=change.tenant,
            entity=change.entity,
            attribute=name,
            dataset=dataset,
            at=change.at,
            instance=orjson.dumps(gone, option=orjson.OPT_SORT_KEYS),
            number=None,
            deleted=True,
        )


def no_scope(write: Write, at: int) -> Point:
    """That the entity of `write` bears no scope from `at` on."""
    instance = orjson.dumps(scope_instance(()), option=orjson.OPT_SORT_KEYS)
    return Point(
        tenant=write.tenant,
        entity=write.id,
        attribute=SCOPE,
        dataset="",
        at=at,
        instance=instance,
        number=None,
        deleted=True,
    )


def past_of(change: Change) -> Past | None:
    """What is kept of an entity that this change deletes."""
    entity = change.whole
    if change.kind is not ChangeKind.DELETED or entity is None:
        return None
    return Past(
        tenant=entity.tenant,
        id=entity.id,
        types=entity.types,
        scopes=entity.scopes,
        created_at=entity.created_at,
        modified_at=entity.modified_at,
        deleted_at=change.at,
    )


def with_record(known: Past | None, write: Write, at: int) -> Past:
    """What is known of an entity without a present, once `write` has added to its history: types come together."""
    return Past(
        tenant=write.tenant,
        id=write.id,
        types=tuple(sorted({*(known.types if known else ()), *write.types})),
        scopes=write.scopes if write.scopes is not None else known.scopes if known else (),
        created_at=known.created_at if known else at,
        modified_at=at,
        deleted_at=known.deleted_at if known else None,
    )

"""Attaching files to what they belong to, and removing them. Each is audited; the calling action knows who may."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, NotFound
from simos.platform.audit.log import record
from simos.platform.audit.transactions import require_transaction
from simos.platform.files import disk
from simos.platform.files.models import Content, StoredFile
from simos.platform.files.queries import files_of
from simos.platform.files.values import Owner, Received

ATTACH_WITHIN = timedelta(hours=1)
"""How long a received file waits for its action before it is cleared away."""
_AT_ONCE = 100


def attach(
    scope: Scope, received: Received, *, owner: Owner, by: Actor, at: datetime, keep_until: datetime | None = None
) -> StoredFile:
    """The received file belongs to `owner`, in the action's transaction; OutsideTransaction where there is none.

    It is kept until `keep_until`, else as long after `at` as its purpose says. Conflict where it was cleared away
    meanwhile: it has to be sent again.
    """
    require_transaction("attach")
    fresh = {"size": received.size, "scanned_at": received.scanned_at}
    Content.objects.get_or_create(sha256=received.sha256, defaults=fresh)
    content = Content.objects.select_for_update().filter(sha256=received.sha256).first()
    if content is None or not disk.path_of(received.sha256).is_file():
        raise Conflict("the file was cleared away meanwhile; send it again", field="file")
    if received.scanned_at and content.scanned_at is None:
        content.scanned_at = received.scanned_at
        content.save(update_fields=("scanned_at",))
    purpose = received.purpose
    stored = StoredFile.objects.create(
        scope=str(scope),
        content=content,
        name=received.name,
        media_type=received.kind.media_type,
        purpose=purpose.name,
        is_open=purpose.open,
        owner_type=owner.type,
        owner_id=owner.id,
        stored_at=at,
        stored_by=by.as_dict(),
        keep_until=keep_until or (at + purpose.keep if purpose.keep else None),
    )
    data = {"owner": f"{owner.type} {owner.id}", "purpose": purpose.name, "sha256": received.sha256}
    record("store-file", obj=stored, by=by, scope=scope, at=at, data=data)
    return stored


def remove_file(scope: Scope, file_id: UUID, *, why: str, by: Actor, at: datetime) -> None:
    """The file is gone from its owner; NotFound if `scope` has none. Its content goes unless another file has it."""
    with transaction.atomic():
        found = StoredFile.objects.select_for_update().filter(pk=file_id, scope=str(scope)).first()
        if found is None:
            raise NotFound("there is no such file")
        _remove((found,), why=why, by=by, at=at)


def remove_files_of(scope: Scope, owner: Owner, *, why: str, by: Actor, at: datetime) -> int:
    """All files of the owner are gone, as when it is deleted or a person erased; how many."""
    with transaction.atomic():
        return _remove(files_of(scope, owner).select_for_update(), why=why, by=by, at=at)


def remove_expired(*, by: Actor, at: datetime) -> int:
    """Every file whose time is over is gone, in all scopes; how many. In short transactions of its own."""
    removed = 0
    while True:
        with transaction.atomic():
            past = StoredFile.objects.filter(keep_until__lte=at).order_by("scope", "pk")
            done = _remove(past.select_for_update(skip_locked=True)[:_AT_ONCE], why="its time is over", by=by, at=at)
        removed += done
        if done < _AT_ONCE:
            return removed


def clear_unused(*, at: datetime) -> int:
    """What lies on disk and belongs to no file, and came more than an hour ago, is gone; how many contents.

    Call it outside of a transaction: what is deleted here does not come back if one is undone.
    """
    before = at - ATTACH_WITHIN
    disk.clear_incoming(before=before)
    lost = Content.objects.filter(files=None).values_list("sha256", flat=True)
    return sum(_cleared(each, before) for each in {*disk.received_before(before), *lost})


def _remove(files: Iterable[StoredFile], *, why: str, by: Actor, at: datetime) -> int:
    count = 0
    for each in files:
        data = {"owner": f"{each.owner_type} {each.owner_id}", "purpose": each.purpose}
        record("remove-file", obj=each, by=by, scope=each.where, at=at, purpose=why, data=data)
        each.delete()
        count += 1
    return count


def _cleared(sha256: str, before: datetime) -> bool:
    """The content's row is locked, made if need be, so that it is attached before this or not at all."""
    if StoredFile.objects.filter(content=sha256).exists():
        return False
    path = disk.path_of(sha256)
    with transaction.atomic(durable=True):
        Content.objects.get_or_create(sha256=sha256, defaults={"size": 0})
        content = Content.objects.select_for_update().filter(sha256=sha256).first()
        if content is None or content.files.exists() or (path.exists() and not disk.is_older(path, before)):
            return False
        path.unlink(missing_ok=True)
        content.delete()
    return True

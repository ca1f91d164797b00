"""Which files there are, and reading one: only whom its owner object allows, and written down. Changes no file."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import NotFound
from simos.platform.audit.log import record
from simos.platform.files.models import StoredFile
from simos.platform.files.values import Owner

MayRead = Callable[[Actor, Owner], bool]
"""Whether the actor may read files of the owner: said by the module whose object it is, with every call."""


def files_of(scope: Scope, owner: Owner) -> QuerySet[StoredFile]:
    """The files of an object, in the order in which they came."""
    found = StoredFile.objects.filter(scope=str(scope), owner_type=owner.type, owner_id=owner.id)
    return found.order_by("stored_at", "pk")


def owner_of(row: object) -> Owner:
    """A saved row as an owner of files."""
    return Owner(row._meta.label_lower, str(row.pk))  # type: ignore[attr-defined]


def readable(
    scope: Scope, file_id: UUID, *, may_read: MayRead, by: Actor, at: datetime, purpose: str = ""
) -> StoredFile:
    """The file, if its owner's module lets `by` read it. That it was read is audited, unless its purpose is open.

    NotFound if `scope` has none, its time is over or `by` may not: who may not read does not learn what there is.
    ValueError without a purpose for a file that is not open (GDPR, art. 5).
    """
    found = StoredFile.objects.filter(pk=file_id, scope=str(scope)).select_related("content").first()
    if found is None or found.is_past(at) or not may_read(by, Owner(found.owner_type, found.owner_id)):
        raise NotFound("there is no such file")
    if not found.is_open:
        if not purpose.strip():
            raise ValueError("reading a file that is not open needs a purpose; it is kept in the audit log")
        with transaction.atomic():
            data = {"owner": f"{found.owner_type} {found.owner_id}"}
            record("read-file", obj=found, by=by, scope=scope, at=at, purpose=purpose, data=data)
    return found

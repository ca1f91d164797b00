"""Adding to the audit log, and proving that it is as it was written. Must not be able to change a record."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models

from simos.kernel.acting import Actor, Scope
from simos.platform.audit.chain import GENESIS, Fault, canonical, faults_in, seal
from simos.platform.audit.models import AuditHead, AuditRecord
from simos.platform.audit.transactions import require_transaction


def record(
    action: str,
    *,
    obj: models.Model | tuple[str, str],
    by: Actor,
    scope: Scope,
    at: datetime,
    purpose: str = "",
    data: Mapping[str, object] | None = None,
) -> AuditRecord:
    """Adds what was done to the scope's chain, in the caller's transaction; OutsideTransaction where there is none.

    `obj` is a saved row, or its (type, id). `purpose` is required by law for reads of personal data (GDPR, art. 5).
    Other records of the same scope wait until the transaction ends: call it late in an action.
    """
    require_transaction("audit.record")
    object_type, object_id = obj if isinstance(obj, tuple) else (obj._meta.label_lower, str(obj.pk))
    AuditHead.objects.get_or_create(scope=str(scope), defaults={"hash": GENESIS})
    head = AuditHead.objects.select_for_update().get(scope=str(scope))
    row = AuditRecord(
        scope=str(scope),
        seq=head.seq + 1,
        at=at,
        action=action,
        actor=by.as_dict(),
        object_type=object_type,
        object_id=object_id,
        purpose=purpose,
        data=canonical(dict(data or {})),
        prev_hash=head.hash,
    )
    row.hash = seal(row.prev_hash, row.content)
    row.save()
    head.seq, head.hash = row.seq, row.hash
    head.save()
    return row


def verify(scope: Scope | None = None) -> list[Fault]:
    """Where the log of `scope` (None: of every scope) is not as it was written; empty when all is well."""
    if scope is not None:
        return _faults_of(str(scope))
    heads = set(AuditHead.objects.values_list("scope", flat=True))
    rows = set(AuditRecord.objects.order_by().values_list("scope", flat=True).distinct())
    return [fault for each in sorted(heads | rows) for fault in _faults_of(each)]


def _faults_of(scope: str) -> list[Fault]:
    """Rows first, then the head: what is added meanwhile is past both ends and is left to the next check."""
    rows = AuditRecord.objects.filter(scope=scope).order_by("seq")
    newest = rows.last()
    head = AuditHead.objects.filter(scope=scope).first()
    last_seq, last_hash = (head.seq, head.hash) if head else (0, GENESIS)
    end = max(last_seq, newest.seq if newest else 0)
    links = (row.link for row in rows.filter(seq__lte=end).iterator(chunk_size=1000))
    return list(faults_in(scope, links, last_seq=last_seq, last_hash=last_hash))

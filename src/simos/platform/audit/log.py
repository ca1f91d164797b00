"""Adding to the audit log, in the transaction of what was done. Must not be able to change a record."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models

from simos.kernel.acting import Actor, Scope
from simos.platform.audit.chain import GENESIS, canonical, seal
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
    head = _locked_head(str(scope))
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


def _locked_head(scope: str) -> AuditHead:
    """The end of the scope's chain, locked to the end of the transaction; it is made where there was none."""
    heads = AuditHead.objects.select_for_update()
    head = heads.filter(scope=scope).first()
    if head is None:
        AuditHead.objects.get_or_create(scope=scope, defaults={"hash": GENESIS})
        head = heads.get(scope=scope)
    return head

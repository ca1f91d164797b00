"""Proving that the audit log is as it was written. Changes nothing."""

from simos.kernel.acting import Scope
from simos.platform.audit.chain import GENESIS, Fault, faults_in
from simos.platform.audit.models import AuditHead, AuditRecord


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


def record_count(scope: Scope | None = None) -> int:
    """How many records the log of `scope` (None: of every scope) has."""
    rows = AuditRecord.objects.all() if scope is None else AuditRecord.objects.filter(scope=str(scope))
    return rows.count()

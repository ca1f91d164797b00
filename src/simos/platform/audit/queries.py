"""Proving that the audit log is as it was written. Changes nothing."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Part:
    """How far a chain has been proven: up to number `checked` of `end`, sealed `seal`, with what was found there."""

    checked: int
    end: int
    seal: str
    faults: tuple[Fault, ...]


def verify_part(scope: Scope, *, after: int = 0, seal: str = GENESIS, rows: int = 5_000) -> Part:
    """The same as `verify` for the next `rows` records of a long log; goes on with what the part before has given."""
    found = list(AuditRecord.objects.filter(scope=str(scope), seq__gt=after).order_by("seq")[:rows])
    head = AuditHead.objects.filter(scope=str(scope)).first()
    end, last_hash = (head.seq, head.hash) if head else (0, GENESIS)
    newest = found[-1].seq if found else after
    is_last = len(found) < rows
    stop, last = (end, last_hash) if is_last else (newest, found[-1].hash)
    faults = faults_in(
        str(scope),
        [row.link for row in found if not is_last or row.seq <= max(end, newest)],
        last_seq=stop,
        last_hash=last,
        after=after,
        before=seal,
    )
    checked = max(end, newest) if is_last else newest
    return Part(checked, max(end, newest), found[-1].hash if found else seal, tuple(faults))


def record_count(scope: Scope | None = None) -> int:
    """How many records the log of `scope` (None: of every scope) has."""
    rows = AuditRecord.objects.all() if scope is None else AuditRecord.objects.filter(scope=str(scope))
    return rows.count()

"""The audit log is only added to, in the action's transaction, and tampering is found where it was done."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Scope
from simos.platform.audit.append_only import AppendOnly
from simos.platform.audit.chain import GENESIS, Fault, FaultKind, Link, canonical, faults_in, seal
from simos.platform.audit.log import record
from simos.platform.audit.models import AuditHead, AuditRecord
from simos.platform.audit.queries import verify
from simos.platform.audit.transactions import OutsideTransaction
from simos.testing.acting import SYSTEM, make_account

AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
CELJE = Scope.city("celje")
TABLE = "platform_audit_auditrecord"


def _write(scope: Scope, *numbers: int) -> None:
    with transaction.atomic():
        for number in numbers:
            record("count", obj=("thing", str(number)), by=SYSTEM, scope=scope, at=AT, data={"n": number, "x": 1e22})


def _tamper(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.django_db
def test_a_record_says_who_did_what_when_and_why():
    account = make_account()
    with transaction.atomic():
        record("read", obj=account, by=SYSTEM, scope=CELJE, at=AT, purpose="a request", data={"field": "e-pošta"})
    kept = AuditRecord.objects.get()
    assert (kept.action, kept.at, kept.purpose, kept.data) == ("read", AT, "a request", '{"field":"e-pošta"}')
    assert (kept.object_type, kept.object_id) == ("platform_people.account", str(account.pk))
    assert kept.actor == SYSTEM.as_dict()
    assert verify() == []


@pytest.mark.django_db
def test_a_record_outside_of_a_transaction_is_refused():
    with pytest.raises(OutsideTransaction, match=r"audit\.record"):
        record("x", obj=("a", "b"), by=SYSTEM, scope=CELJE, at=AT)


@pytest.mark.django_db
def test_a_record_goes_with_the_action_that_failed():
    _write(CELJE, 1)

    @transaction.atomic
    def failing_action():
        record("x", obj=("a", "b"), by=SYSTEM, scope=CELJE, at=AT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_action()
    _write(CELJE, 2)
    assert list(AuditRecord.objects.values_list("seq", "object_id")) == [(1, "1"), (2, "2")]
    assert verify() == []


@pytest.mark.django_db
def test_nothing_is_changed_or_deleted_through_the_orm():
    _write(CELJE, 1)
    row = AuditRecord.objects.get()
    for change in (
        row.save,
        row.delete,
        AuditRecord.objects.all().delete,
        lambda: AuditRecord.objects.update(action="y"),
        lambda: AuditRecord._base_manager.update(action="y"),
        lambda: AuditRecord.objects.bulk_update([row], ["action"]),
        lambda: AuditRecord.objects.bulk_create([AuditRecord()]),
        lambda: AuditRecord.objects.update_or_create(pk=row.pk, defaults={"action": "y"}),
    ):
        with pytest.raises(AppendOnly):
            change()
    assert AuditRecord.objects.get().action == "count"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (f"UPDATE {TABLE} SET action='z' WHERE scope='city:celje' AND seq=3", [(3, FaultKind.CHANGED)]),
        (f"UPDATE {TABLE} SET purpose='z' WHERE scope='city:celje' AND seq=1", [(1, FaultKind.CHANGED)]),
        (f"DELETE FROM {TABLE} WHERE scope='city:celje' AND seq=2", [(2, FaultKind.REMOVED)]),
        (f"DELETE FROM {TABLE} WHERE scope='city:celje' AND seq=1", [(1, FaultKind.REMOVED)]),
        (
            f"DELETE FROM {TABLE} WHERE scope='city:celje' AND seq>3",
            [(4, FaultKind.REMOVED), (5, FaultKind.REMOVED)],
        ),
        (
            f"UPDATE {TABLE} SET seq=7-seq+100 WHERE scope='city:celje' AND seq IN (3,4);"
            f"UPDATE {TABLE} SET seq=seq-100 WHERE scope='city:celje' AND seq>100",
            [(3, FaultKind.MISPLACED), (4, FaultKind.MISPLACED), (5, FaultKind.MISPLACED)],
        ),
        (
            "UPDATE platform_audit_audithead SET seq=4 WHERE scope='city:celje'",
            [(5, FaultKind.ADDED)],
        ),
    ],
)
def test_tampering_is_found_where_it_was_done(sql, found):
    for number in range(1, 6):
        _write(CELJE, number)
        _write(FEDERATION, number)
    assert verify() == []
    for statement in sql.split(";"):
        _tamper(statement)
    assert [(fault.seq, fault.kind) for fault in verify(CELJE)] == found
    assert verify() == verify(CELJE)
    assert verify(FEDERATION) == []


@pytest.mark.django_db
def test_a_forged_row_with_a_right_seal_does_not_fit_the_chain():
    _write(CELJE, 1, 2, 3)
    row = AuditRecord.objects.get(seq=2)
    row.action = "forged"
    _tamper(f"UPDATE {TABLE} SET action='forged', hash=%s WHERE seq=2", seal(row.prev_hash, row.content))
    assert verify() == [Fault("city:celje", 3, FaultKind.MISPLACED)]


@pytest.mark.django_db
def test_a_chain_whose_end_was_thrown_away_is_found():
    _write(CELJE, 1)
    AuditHead.objects.all().delete()
    assert verify() == [Fault("city:celje", 1, FaultKind.ADDED)]


def _chain(contents: list[str]) -> list[Link]:
    links, before = [], GENESIS
    for seq, content in enumerate(contents, 1):
        links.append(Link(seq, content, before, seal(before, content)))
        before = links[-1].hash
    return links


contents = st.lists(st.text(), min_size=1, max_size=12)


@given(contents)
def test_a_chain_as_written_has_no_fault(said):
    links = _chain(said)
    assert list(faults_in("s", links, last_seq=len(links), last_hash=links[-1].hash)) == []


@given(contents, st.data())
def test_any_change_is_found_in_its_row(said, data):
    links = _chain(said)
    at = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(st.text().filter(lambda text: text != said[at]))
    changed = [*links[:at], Link(at + 1, other, links[at].prev_hash, links[at].hash), *links[at + 1 :]]
    faults = list(faults_in("s", changed, last_seq=len(links), last_hash=links[-1].hash))
    assert faults == [Fault("s", at + 1, FaultKind.CHANGED)]


@given(contents, st.data())
def test_any_removal_is_found_where_it_was_done(said, data):
    links = _chain(said)
    gone = data.draw(st.sets(st.integers(1, len(links)), min_size=1))
    left = [link for link in links if link.seq not in gone]
    faults = list(faults_in("s", left, last_seq=len(links), last_hash=links[-1].hash))
    assert faults == [Fault("s", seq, FaultKind.REMOVED) for seq in sorted(gone)]


@given(contents.filter(lambda said: len(said) > 1), st.data())
def test_any_reordering_is_found(said, data):
    links = _chain(said)
    order = data.draw(st.permutations(links).filter(lambda other: list(other) != links))
    moved = [Link(seq, link.content, link.prev_hash, link.hash) for seq, link in enumerate(order, 1)]
    faults = list(faults_in("s", moved, last_seq=len(links), last_hash=links[-1].hash))
    first = next(seq for seq, (link, other) in enumerate(zip(links, order, strict=True), 1) if link != other)
    assert faults
    assert {fault.kind for fault in faults} == {FaultKind.MISPLACED}
    assert faults[0].seq == first


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.dictionaries(st.text(), v)))
def test_canonical_form_does_not_depend_on_order(value):
    turned = dict(reversed(value.items())) if isinstance(value, dict) else value
    assert canonical(turned) == canonical(value)

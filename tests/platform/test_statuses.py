"""Tables of statuses refuse what cannot be; changes go by the table, are recorded, and the record is only added to."""

from datetime import UTC, datetime

import pytest
from django.db import connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.kernel.text import Text
from simos.platform.audit.append_only import AppendOnly
from simos.platform.audit.transactions import OutsideTransaction
from simos.platform.procedure.checks import check_statuses, faults_of
from simos.platform.procedure.status_changes import ScopedStatusChange, StatusChange, WithStatus, change_status
from simos.platform.procedure.statuses import Allowed, StatusTable
from simos.platform.procedure.versions import Versioned
from simos.platform.scopes.errors import NobodyActs
from simos.platform.scopes.wall import ScopedModel
from simos.testing.acting import SYSTEM, in_city, officer
from tests.platform.conftest import registry_of_its_own

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CELJE = Scope.city("celje")


def words(text: str) -> Text:
    return Text(sl=text, en=text)


TABLE = StatusTable(
    statuses={code: words(code) for code in ("received", "in-review", "granted", "refused", "withdrawn")},
    first="received",
    allowed=(
        Allowed(before="received", after="in-review", permission="restart-work"),
        Allowed(before="in-review", after="granted", permission="restart-work"),
        Allowed(before="in-review", after="refused", permission="restart-work", needs_reason=True),
        Allowed(before="received", after="withdrawn", permission=None),
        Allowed(before="in-review", after="withdrawn", permission=None),
    ),
)


@pytest.mark.parametrize(
    ("first", "allowed", "said"),
    [
        ("lost", [], "unknown status: lost"),
        ("a", [("a", "lost", None)], "unknown status: lost"),
        ("a", [("lost", "b", None), ("a", "b", None)], "unknown status: lost"),
        ("a", [], "no change leads to b"),
        ("a", [("b", "a", None)], "no change leads to b"),
        ("a", [("a", "b", None), ("a", "b", "x-y")], "listed once"),
        ("a", [("a", "b", None), ("a", "a", None)], "from one status to another"),
        ("a", [("a", "b", "")], "say the permission"),
    ],
)
def test_a_table_that_cannot_be_is_refused(first, allowed, said):
    lines = tuple(Allowed(before=before, after=after, permission=needed) for before, after, needed in allowed)
    with pytest.raises(ValueError, match=said):
        StatusTable(statuses={"a": words("a"), "b": words("b")}, first=first, allowed=lines)


@pytest.mark.parametrize("code", ["Granted", "in review", "", "a" * 33])
def test_a_status_is_a_code(code):
    with pytest.raises(ValueError, match="a status is"):
        StatusTable(statuses={code: words("x")}, first=code, allowed=())


CODES = ("a", "b", "c", "d", "e")


@given(st.sets(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)).filter(lambda pair: pair[0] != pair[1])))
def test_a_table_stands_just_when_every_status_can_be_reached(pairs):
    reached = {"a"}
    for _ in CODES:
        reached |= {after for before, after in pairs if before in reached}
    lines = tuple(Allowed(before=before, after=after, permission=None) for before, after in sorted(pairs))
    statuses = {code: words(code) for code in CODES}
    if reached != set(CODES):
        with pytest.raises(ValueError, match="no change leads to"):
            StatusTable(statuses=statuses, first="a", allowed=lines)
        return
    table = StatusTable(statuses=statuses, first="a", allowed=lines)
    for before in CODES:
        assert {each.after for each in table.changes_from(before)} == {after for one, after in pairs if one == before}
        assert table.is_final(before) == all(one != before for one, _ in pairs)
        for after in CODES:
            assert table.may_change(before, after) == ((before, after) in pairs)
            if (before, after) not in pairs:
                with pytest.raises(Conflict):
                    table.change_of(before, after, reason="why")


def test_a_reason_is_asked_for_where_the_table_says():
    with pytest.raises(Invalid):
        TABLE.change_of("in-review", "refused", reason="  ")
    assert TABLE.change_of("in-review", "refused", reason="incomplete").needs_reason
    assert not TABLE.change_of("in-review", "granted").needs_reason


@pytest.fixture(scope="module")
def permits(django_db_setup, django_db_blocker):
    """A matter of a city and one of the federation, each with the record of its changes, and their tables."""
    registry = registry_of_its_own("procedure_sample")

    class Permit(WithStatus, Versioned, ScopedModel):
        statuses = TABLE
        title = models.CharField(max_length=50)

        class Meta(ScopedModel.Meta):
            app_label, apps = "procedure_sample", registry

    class PermitChange(ScopedStatusChange):
        subject = models.ForeignKey(Permit, on_delete=models.CASCADE, related_name="status_changes")

        class Meta(ScopedStatusChange.Meta):
            app_label, apps = "procedure_sample", registry

    class Call(WithStatus):
        statuses = TABLE

        class Meta:
            app_label, apps = "procedure_sample", registry

    class CallChange(StatusChange):
        subject = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="status_changes")

        class Meta(StatusChange.Meta):
            app_label, apps = "procedure_sample", registry

    made = (Permit, PermitChange, Call, CallChange)
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for each in made:
                editor.create_model(each)
        yield made
        with connection.schema_editor() as editor:
            for each in reversed(made):
                editor.delete_model(each)


def change(row, after, *, by=SYSTEM, scope=CELJE, reason=""):
    with transaction.atomic():
        return change_status(row, after, scope=scope, by=by, at=AT, reason=reason)


@pytest.mark.django_db
def test_a_change_is_made_and_recorded(permits):
    by = officer(CELJE, "city-administrator")
    with in_city("celje", by):
        permit = permits[0].objects.create(title="fair")
        assert permit.status == "received"
        assert change(permit, "in-review", by=by) == "received"
        change(permit, "refused", by=by, reason=" incomplete ")
        kept = permits[0].objects.get()
        assert (kept.status, kept.version, permit.version) == ("refused", 3, 3)
        said = [(each.before, each.after, each.reason, each.actor, each.at) for each in kept.status_changes.all()]
        assert said == [("received", "in-review", "", by, AT), ("in-review", "refused", "incomplete", by, AT)]
    with in_city("koper"):
        assert not permits[1].objects.exists()
    with pytest.raises(NobodyActs):
        permits[1].objects.exists()


@pytest.mark.django_db
def test_a_refused_change_changes_nothing(permits):
    stranger, by = officer(Scope.city("koper"), "city-administrator"), officer(CELJE, "city-administrator")
    with in_city("celje"):
        permit = permits[0].objects.create(title="fair")
        for after, actor, reason, refusal in (
            ("granted", by, "", Conflict),
            ("lost", by, "", Conflict),
            ("in-review", stranger, "", Forbidden),
            ("in-review", Actor.nobody(), "", Forbidden),
        ):
            with pytest.raises(refusal):
                change(permit, after, by=actor, reason=reason)
        change(permit, "in-review", by=by)
        with pytest.raises(Invalid):
            change(permit, "refused", by=by)
        assert permits[0].objects.get().status == permit.status == "in-review"
        assert permit.status_changes.count() == 1


@pytest.mark.django_db
def test_where_the_action_knows_who_may_no_permission_is_asked_for(permits):
    with in_city("celje"):
        permit = permits[0].objects.create(title="fair")
        change(permit, "withdrawn", by=Actor.nobody())
        assert permits[0].objects.get().status == "withdrawn"


@pytest.mark.django_db
def test_two_who_change_from_the_same_status_do_not_both_succeed(permits):
    with in_city("celje"):
        mine = permits[0].objects.create(title="fair")
        yours = permits[0].objects.get()
        change(mine, "in-review")
        with pytest.raises(Conflict) as refused:
            change(yours, "withdrawn")
        assert refused.value.extra["present"] == "in-review"
        mine.delete()
        with pytest.raises(NotFound):
            change(yours, "withdrawn")


@pytest.mark.django_db
def test_a_status_is_changed_in_an_actions_transaction_and_no_other_way(permits):
    with in_city("celje"):
        permit = permits[0].objects.create(title="fair")
        with pytest.raises(OutsideTransaction):
            change_status(permit, "in-review", scope=CELJE, by=SYSTEM, at=AT)
        permit.status, permit.title = "granted", "fete"
        permit.save()
        kept = permits[0].objects.get()
        assert (kept.status, kept.title, kept.version) == ("received", "fete", 2)
        with pytest.raises(ValueError, match="change_status"):
            permit.save(update_fields=("status",))


@pytest.mark.django_db
def test_the_record_is_only_added_to_and_goes_with_its_subject(permits):
    with in_city("celje"):
        permit = permits[0].objects.create(title="fair")
        change(permit, "in-review")
        row = permit.status_changes.get()
        rows = permits[1].objects
        for wrong in (
            row.save,
            row.delete,
            rows.all().delete,
            permit.status_changes.all().delete,
            lambda: rows.update(reason="other"),
            lambda: permits[1]._base_manager.update(reason="other"),
            lambda: rows.bulk_update([row], ["reason"]),
            lambda: rows.bulk_create([permits[1](subject=permit)]),
        ):
            with pytest.raises(AppendOnly):
                wrong()
        assert rows.get().reason == ""
        permit.delete()
        assert not rows.exists()


@pytest.mark.django_db
def test_matters_of_the_federation_have_statuses_too(permits):
    call = permits[2].objects.create()
    change(call, "withdrawn", scope=FEDERATION)
    assert [(each.before, each.after) for each in permits[2].objects.get().status_changes.all()] == [
        ("received", "withdrawn")
    ]


def test_the_check_finds_what_has_no_table_or_no_record(permits):
    registry = registry_of_its_own("procedure_wrong")

    class Wrong(WithStatus):
        class Meta:
            app_label, apps = "procedure_wrong", registry

    assert [fault.id for fault in faults_of(Wrong)] == ["simos.E002", "simos.E003"]
    for right in (permits[0], permits[2]):
        assert list(faults_of(right)) == []
    assert check_statuses() == []

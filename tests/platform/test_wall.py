"""The wall between cities holds for every way in which rows are read and written, and fails closed."""

import threading

import pytest
from django import forms
from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Exists, F, OuterRef

from simos.kernel.acting import FEDERATION, Scope
from simos.kernel.clock import now
from simos.platform.audit.models import AuditRecord
from simos.platform.scopes import checks
from simos.platform.scopes.across import across
from simos.platform.scopes.acting import acting, current
from simos.platform.scopes.errors import AnotherCity, NobodyActs, NoCity, ScopeError
from simos.platform.scopes.models import City
from simos.platform.scopes.wall import ScopedModel
from simos.testing.acting import SYSTEM, in_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(sample):
    """One garage in Celje with a gate, and one in Koper with a gate."""
    made = {}
    for code in ("celje", "koper"):
        with in_city(code):
            garage = sample.garage.objects.create(name=f"Center {code}", spaces=10)
            sample.gate.objects.create(garage=garage, label="north")
            made[code] = garage
    return made


READS = {
    "list": lambda s: list(s.garage.objects.all()),
    "iterator": lambda s: list(s.garage.objects.iterator()),
    "count": lambda s: s.garage.objects.count(),
    "exists": lambda s: s.garage.objects.exists(),
    "first": lambda s: s.garage.objects.first(),
    "get": lambda s: s.garage.objects.get(name="Center celje"),
    "values": lambda s: list(s.garage.objects.values_list("name")),
    "aggregate": lambda s: s.garage.objects.aggregate(Count("id")),
    "in_bulk": lambda s: s.garage.objects.in_bulk(),
    "base manager": lambda s: list(s.garage._base_manager.all()),
    "default manager": lambda s: list(s.garage._default_manager.all()),
    "subquery": lambda s: list(City.objects.filter(Exists(s.garage.objects.filter(city=OuterRef("pk"))))),
    "union": lambda s: list(s.garage.objects.all().union(s.garage.objects.all())),
}
WRITES = {
    "save": lambda s: s.garage(name="x").save(),
    "create": lambda s: s.garage.objects.create(name="x"),
    "bulk_create": lambda s: s.garage.objects.bulk_create([s.garage(name="x")]),
    "get_or_create": lambda s: s.garage.objects.get_or_create(name="x"),
    "update_or_create": lambda s: s.garage.objects.update_or_create(name="x"),
    "update": lambda s: s.garage.objects.update(spaces=0),
    "delete": lambda s: s.garage.objects.all().delete(),
}


@pytest.mark.parametrize("how", READS | WRITES)
def test_nothing_is_reached_where_nobody_acts(sample, rows, how):
    with pytest.raises(NobodyActs):
        (READS | WRITES)[how](sample)


@pytest.mark.parametrize("how", READS | WRITES)
@pytest.mark.parametrize("scope", [FEDERATION, Scope.partner("aums")], ids=str)
def test_federation_and_partners_reach_no_city_rows(sample, rows, how, scope):
    with acting(SYSTEM, scope), pytest.raises(NoCity):
        (READS | WRITES)[how](sample)


def test_each_read_sees_the_own_city_only(sample, rows):
    with in_city("celje"):
        assert [row.name for row in sample.garage.objects.all()] == ["Center celje"]
        assert sample.garage.objects.count() == 1
        assert sample.garage._base_manager.count() == 1
        assert sample.garage.objects.aggregate(n=Count("id")) == {"n": 1}
        assert list(sample.garage.objects.in_bulk()) == [rows["celje"].pk]
        assert [city.code for city in READS["subquery"](sample)] == ["celje"]
        assert len(READS["union"](sample)) == 1
        with pytest.raises(sample.garage.DoesNotExist):
            sample.garage.objects.get(pk=rows["koper"].pk)


def test_or_conditions_do_not_open_the_wall(sample, rows):
    with in_city("celje"):
        everything = sample.garage.objects.filter(spaces=10) | sample.garage.objects.exclude(spaces=10)
        assert [row.city_id for row in everything] == ["celje"]


def test_new_rows_belong_to_the_city_in_which_one_acts(sample):
    with in_city("ptuj"):
        assert sample.garage.objects.create(name="a").city_id == "ptuj"
        assert [row.city_id for row in sample.garage.objects.bulk_create([sample.garage(name="b")])] == ["ptuj"]
        assert sample.garage.objects.get_or_create(name="c")[0].city_id == "ptuj"


def test_a_row_of_another_city_is_neither_written_nor_deleted(sample, rows):
    foreign = rows["koper"]
    foreign.spaces = 0
    with in_city("celje"):
        for write in (
            foreign.save,
            foreign.delete,
            lambda: sample.garage.objects.bulk_update([foreign], ["spaces"]),
            lambda: sample.garage.objects.create(name="x", city_id="koper"),
            lambda: sample.garage.objects.bulk_create([sample.garage(name="x", city_id="koper")]),
        ):
            with pytest.raises(AnotherCity):
                write()
        assert sample.garage.objects.filter(pk=foreign.pk).update(spaces=0) == 0
        assert sample.garage.objects.filter(pk=foreign.pk).delete()[0] == 0
    with in_city("koper"):
        assert sample.garage.objects.get().spaces == 10


def test_the_primary_key_of_another_city_cannot_be_taken_over(sample, rows):
    with in_city("celje"), pytest.raises(IntegrityError), transaction.atomic():
        sample.garage(pk=rows["koper"].pk, name="mine").save()
    with in_city("koper"):
        assert sample.garage.objects.get().name == "Center koper"


def test_a_row_never_moves_to_another_city(sample, rows):
    with in_city("celje"):
        for move in (
            lambda: sample.garage.objects.update(city="koper"),
            lambda: sample.garage.objects.update(city_id="koper"),
            lambda: sample.garage.objects.bulk_update([rows["celje"]], ["city"]),
        ):
            with pytest.raises(ScopeError, match="moves"):
                move()
        rows["celje"].city_id = "koper"
        with pytest.raises(AnotherCity):
            rows["celje"].save()


def test_an_upsert_that_could_hit_another_city_is_refused(sample, rows):
    stolen = sample.garage(name="Center koper", spaces=0)
    with in_city("celje"), pytest.raises(ScopeError, match="upsert"):
        sample.garage.objects.bulk_create(
            [stolen], update_conflicts=True, unique_fields=["name"], update_fields=["spaces"]
        )


def test_raw_sql_is_refused(sample, rows):
    with in_city("celje"):
        for manager in (sample.garage.objects, sample.garage.objects.all()):
            with pytest.raises(ScopeError, match="raw"):
                manager.raw("SELECT * FROM sample_garage")


def test_related_rows_are_behind_the_wall_too(sample, rows):
    with in_city("koper"):
        gate = sample.gate.objects.get()
    with in_city("celje"):
        assert list(rows["koper"].gates.all()) == []
        assert [row.label for row in sample.garage.objects.prefetch_related("gates").get().gates.all()] == ["north"]
        with pytest.raises(sample.gate.DoesNotExist):
            gate.refresh_from_db()
        with pytest.raises(sample.garage.DoesNotExist):
            gate.garage  # noqa: B018
        with pytest.raises(AnotherCity), transaction.atomic():
            rows["koper"].gates.add(gate, bulk=False)
        with pytest.raises(ValidationError):
            sample.gate(garage_id=rows["koper"].pk, label="south").full_clean()


def test_deleting_takes_along_what_belongs_to_it(sample, rows):
    with in_city("celje"):
        rows["celje"].delete()
        assert not sample.gate.objects.exists()
    with in_city("koper"):
        assert sample.gate.objects.count() == 1


def test_a_form_defined_at_import_offers_the_own_city_only(sample, rows):
    class GateForm(forms.ModelForm):
        class Meta:
            model = sample.gate
            fields = ("garage", "label")

    assert "city" not in GateForm.base_fields
    for code, other in (("celje", "koper"), ("koper", "celje")):
        with in_city(code):
            assert list(GateForm().fields["garage"].queryset) == [rows[code]]
            assert not GateForm({"garage": rows[other].pk, "label": "x"}).is_valid()
            form = GateForm({"garage": rows[code].pk, "label": "x"})
            assert form.is_valid(), form.errors
            assert form.save().city_id == code


def test_a_query_counts_where_it_runs_not_where_it_was_made(sample, rows):
    with in_city("celje"):
        query = sample.garage.objects.all()
        with in_city("koper"):
            assert [row.city_id for row in query.all()] == ["koper"]
    with pytest.raises(NobodyActs):
        list(query)


def test_blocks_nest_and_end_with_an_error_too():
    with pytest.raises(NobodyActs):
        current()
    with in_city("celje"):
        with pytest.raises(ZeroDivisionError), acting(SYSTEM, FEDERATION):
            raise ZeroDivisionError
        assert current().scope == Scope.city("celje")
        assert current().actor == SYSTEM
    with pytest.raises(NobodyActs):
        current()


def test_a_thread_knows_nobody_until_it_says_so():
    found = []

    def look():
        try:
            found.append(current())
        except NobodyActs as error:
            found.append(error)
        with in_city("koper"):
            found.append(current().scope.code)

    with in_city("celje"):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert current().scope.code == "celje"
    assert isinstance(found[0], NobodyActs)
    assert found[1] == "koper"


def test_across_reaches_every_city_and_is_written_down(sample, rows):
    with across("yearly comparison", by=SYSTEM, at=now()):
        assert {row.city_id for row in sample.garage.objects.all()} == {"celje", "koper"}
        assert sample.garage.objects.filter(spaces=F("spaces")).count() == 2
        with in_city("celje"):
            assert sample.garage.objects.count() == 1
        with pytest.raises(NoCity):
            sample.garage.objects.create(name="nowhere")
        assert sample.garage.objects.create(name="named", city_id="ptuj").city_id == "ptuj"
    with pytest.raises(NobodyActs):
        sample.garage.objects.count()
    written = AuditRecord.objects.get()
    assert (written.action, written.purpose, written.scope) == (
        "read-across-cities",
        "yearly comparison",
        "federation",
    )


def test_across_needs_a_reason(sample):
    with pytest.raises(ValueError, match="reason"), across(" ", by=SYSTEM, at=now()):
        pass


def test_a_scoped_model_that_lost_the_walls_managers_fails_the_check(sample, monkeypatch):
    class Bare(ScopedModel):
        everything = models.Manager()

        class Meta:
            app_label, apps = "bare", Apps()
            base_manager_name = default_manager_name = "everything"

    monkeypatch.setattr(checks.apps, "get_models", lambda: [Bare, sample.garage, City])
    assert {(found.id, found.obj) for found in checks.check_wall()} == {("simos.E001", Bare)}

"""Row versions: who saves what was shown to them before another's change is told so, and nothing is lost."""

import pytest
from django.db import IntegrityError, connection, models, transaction

from simos.kernel.errors import Conflict, Problem
from simos.platform.procedure.versions import Versioned, etag_of, save_if_match
from simos.platform.scopes.wall import ScopedModel
from simos.testing.acting import in_city
from tests.platform.conftest import registry_of_its_own


@pytest.fixture(scope="module")
def plans(django_db_setup, django_db_blocker):
    """A model of a city's rows that have versions, with its table."""
    registry = registry_of_its_own("version_sample")

    class Plan(Versioned, ScopedModel):
        name = models.CharField(max_length=50, unique=True)
        spaces = models.IntegerField(default=0)

        class Meta(ScopedModel.Meta):
            app_label, apps = "version_sample", registry

    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Plan)
        yield Plan
        with connection.schema_editor() as editor:
            editor.delete_model(Plan)


@pytest.fixture
def celje(db):
    with in_city("celje"):
        yield


def test_each_save_is_a_new_version(plans, celje):
    plan = plans.objects.create(name="a")
    assert (plan.version, etag_of(plan)) == (1, '"1"')
    plan.spaces = 5
    plan.save()
    plan.save(update_fields=("spaces",))
    assert plan.version == plans.objects.get().version == 3


def test_a_form_shown_before_anothers_change_is_refused_and_says_what_differs(plans, celje):
    shown = plans.objects.create(name="a").version
    other = plans.objects.get()
    other.spaces = 7
    other.save_if(shown)
    late = plans.objects.get()
    late.name = "b"
    late.spaces = 0
    with pytest.raises(Conflict) as refused:
        late.save_if(shown)
    assert refused.value.extra == {"changed": ["name", "spaces"], "version": 2}
    kept = plans.objects.get()
    assert (kept.name, kept.spaces, kept.version) == ("a", 7, 2)


def test_a_plain_save_of_an_old_copy_is_refused_too(plans, celje):
    plans.objects.create(name="a")
    mine, yours = plans.objects.get(), plans.objects.get()
    mine.save()
    for wrong in (yours.save, lambda: yours.save(update_fields=["spaces"])):
        with pytest.raises(Conflict):
            wrong()
    yours.refresh_from_db()
    yours.save()
    assert plans.objects.get().version == 3


def test_what_was_deleted_meanwhile_does_not_come_back(plans, celje):
    plan = plans.objects.create(name="a")
    plans.objects.all().delete()
    with pytest.raises(Conflict, match="deleted"):
        plan.save()
    assert not plans.objects.exists()


def test_a_save_that_fails_leaves_the_version(plans, celje):
    plans.objects.create(name="a")
    plan = plans.objects.create(name="b")
    plan.name = "a"
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.save()
    plan.name = "c"
    plan.save()
    assert plans.objects.get(name="c").version == 2


def test_an_api_saves_what_it_has_read(plans, celje):
    plan = plans.objects.create(name="a")
    read = etag_of(plan)
    plan.spaces = 3
    save_if_match(plan, read)
    assert etag_of(plans.objects.get()) == '"2"'
    for header, status in ((read, 412), ("", 428), ("*", 428), ('W/"2"', 412), ('"x"', 412), ('"2", "3"', 412)):
        with pytest.raises(Problem) as refused:
            save_if_match(plans.objects.get(), header)
        assert refused.value.status == status
    assert plans.objects.get().version == 2

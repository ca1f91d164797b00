"""Keys between tables, as Django sees them: what the reading of source files cannot see, such as inherited ones."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from simos.kernel.extension import CONTENT_LABELS
from simos.kernel.registry import Installed, installed_modules


def wrong_keys(model: type[models.Model], label: str) -> Iterator[str]:
    """Keys of `model` that lead to tables that are neither this module's nor the platform's."""
    for field in model._meta.get_fields():
        target = field.related_model
        if field.auto_created or target is None or field.one_to_many:
            continue
        owner = target._meta.app_label
        if field.model._meta.app_label in CONTENT_LABELS:
            continue  # a page's own keys, which stand in Wagtail's table and not in the module's
        if owner != label and not owner.startswith("platform_") and owner not in CONTENT_LABELS:
            yield f"{model._meta.label}.{field.name} leads to {target._meta.label}: store an id"


@pytest.mark.parametrize("installed", list(installed_modules()), ids=lambda each: each.module.name)
def test_tables_bear_their_modules_name_and_keys_stay_at_home(installed: Installed) -> None:
    label = installed.module.label
    if not installed.has("models"):
        return
    for model in apps.get_app_config(label).get_models():
        assert model._meta.db_table.startswith(f"{label}_")
        assert list(wrong_keys(model, label)) == []


@isolate_apps("tests.architecture")
def test_an_inherited_key_to_a_foreign_table_is_found() -> None:
    class WithGroup(models.Model):
        group = models.ForeignKey("auth.Group", on_delete=models.CASCADE)

        class Meta:
            abstract = True
            app_label = "architecture"

    class Permit(WithGroup):
        class Meta:
            app_label = "architecture"

    Permit._meta.get_field("group").remote_field.model = apps.get_model("auth", "Group")
    assert list(wrong_keys(Permit, "architecture")) == ["architecture.Permit.group leads to auth.Group: store an id"]

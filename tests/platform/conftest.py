"""What the platform's tests share: surroundings of programs that are killed; a model behind the wall, in a registry
of its own so that no other test meets it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.apps.registry import Apps
from django.db import connection, models
from django.db.migrations.state import AppConfigStub

from simos.platform.scopes.wall import ScopedModel
from tests.fixtures import made_database
from tests.migrated import with_migrated_register


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def surroundings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a program with a platform of its own, whose register is migrated, on each database in turn."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIMOS_")}
    kept |= {"SIMOS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "simos.app.django_settings"}
    if request.param == "sqlite":
        with_migrated_register(home)
        yield kept
        return
    asked = request.getfixturevalue
    with made_database(asked("postgres_url"), like=asked("migrated_postgres")) as url:
        yield kept | {"SIMOS_DATABASE_URL": url}


@dataclass(frozen=True)
class Sample:
    """A garage, and the gates that belong to it."""

    garage: type[ScopedModel]
    gate: type[ScopedModel]


def registry_of_its_own(label: str) -> Apps:
    """A registry that knows the models of one app, so that those of tests are not seen by the product's."""
    registry = Apps()
    registry.app_configs[label] = config = AppConfigStub(label)
    config.apps = registry
    config.import_models()
    return registry


@pytest.fixture(scope="module")
def sample(django_db_setup: None, django_db_blocker) -> Iterator[Sample]:
    """Two related models behind the wall, with their tables."""
    registry = registry_of_its_own("sample")

    class Garage(ScopedModel):
        name = models.CharField(max_length=50, unique=True)
        spaces = models.IntegerField(default=0)

        class Meta(ScopedModel.Meta):
            app_label, apps = "sample", registry

    class Gate(ScopedModel):
        garage = models.ForeignKey(Garage, on_delete=models.CASCADE, related_name="gates")
        label = models.CharField(max_length=50)

        class Meta(ScopedModel.Meta):
            app_label, apps = "sample", registry

    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Garage)
            editor.create_model(Gate)
        yield Sample(Garage, Gate)
        with connection.schema_editor() as editor:
            editor.delete_model(Gate)
            editor.delete_model(Garage)

"""The twelve cities of the consortium as rows. A row that is there already is left as it is."""

from dataclasses import asdict

from django.db import migrations

from simos.platform.scopes.cities import CITIES


def seed(apps, schema_editor):
    model = apps.get_model("platform_scopes", "City")
    known = {field.name for field in model._meta.get_fields()}  # of that day: facts may have grown since
    cities = model.objects.using(schema_editor.connection.alias)
    for facts in CITIES:
        values = asdict(facts) | {"languages": list(facts.languages), "is_seed": True}
        values = {name: value for name, value in values.items() if name in known}
        cities.get_or_create(code=values.pop("code"), defaults=values)


class Migration(migrations.Migration):
    dependencies = (("platform_scopes", "0001_initial"),)
    operations = (migrations.RunPython(seed, migrations.RunPython.noop),)

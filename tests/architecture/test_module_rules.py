"""`simos check`: each kind of fault planted in a module that keeps the rules is found, named and explained."""

from dataclasses import replace
from pathlib import Path

import pytest

from simos.kernel.checking import check_module
from simos.kernel.ids import ModuleName
from simos.kernel.module import Module
from simos.kernel.registry import Installed, installed_modules
from tests.architecture.planting import MANIFEST, add, faults_in, plant, write_module


@pytest.fixture
def permits(tmp_path: Path) -> Path:
    return write_module(tmp_path / "permits")


def test_the_small_module_keeps_every_rule(permits: Path) -> None:
    assert faults_in(permits) == []


@pytest.mark.parametrize("installed", list(installed_modules()), ids=lambda each: each.module.name)
def test_our_modules_keep_every_rule(installed: Installed) -> None:
    assert [str(fault) for fault in check_module(installed)] == []


PLANTS = [
    # file, what is planted, the rule that catches it, words of the message that say what to do
    ("actions.py", "from simos.app.settings import settings", "layers", "simos.platform or simos.web"),
    ("queries.py", "from simos.testing import cities", "layers", "only files under tests/"),
    (
        "actions.py",
        "from simos.modules.card.wallet.models import Card",
        "independence",
        "simos.modules.card.wallet.public",
    ),
    ("actions.py", "from simos.modules.card import wallet", "independence", "simos.modules.card.wallet.public"),
    ("actions.py", "import bikes_of_a_stranger.queries", "independence", "bikes_of_a_stranger.public"),
    ("tests/test_actions.py", "from simos.modules.card.wallet.models import Card", "independence", "public"),
    ("actions.py", "from simos.modules.card.wallet.public import pay", "requires", "'card/wallet'; add it to requires"),
    ("actions.py", "def pay():\n    import bikes_of_a_stranger.public", "requires", "'mobility/bikes'"),
    ("queries.py", "from simos.modules.mobility.permits import actions", "floors", "queries stands below actions"),
    ("models.py", "from simos.modules.mobility.permits.public import grant", "floors", "models stands below public"),
    ("actions.py", "from simos.modules.mobility.permits.tests import test_actions", "floors", "imported by nothing"),
    ("rules/fees.py", "from django.db import models", "pure", "rules is pure"),
    ("values.py", "import simos.hub.values", "pure", "pass it values"),
    ("events.py", "from simos.platform.events import emit", "pure", "pass it values"),
    ("module.py", "import django", "pure", "module is pure"),
    ("rules.py", "from simos.modules.card.wallet.public import balance", "pure", "let the action pass it values"),
    ("pages.py", "from simos.modules.mobility.permits.models import Permit", "doors", "ask queries.py"),
    ("api.py", "from simos.modules.mobility.permits import models\nrouter = 1", "doors", "ask queries.py"),
    ("jobs.py", "jobs = ()\nimport simos.modules.mobility.permits.models", "doors", "act by actions.py"),
    ("forms.py", "from simos.modules.mobility.permits import pages", None, ""),
    ("utils.py", "x = 1", "stray-file", "move it into a file of a known name"),
    ("rules/helpers.py", "x = 1", "name", "name the file by its concern"),
    ("things/one.py", "x = 1", "stray-file", "simos.kernel.extension.FLOORS"),
    ("templates/tags.py", "x = 1", "stray-file", "holds no Python"),
    ("models.py", "key = models.ForeignKey('card_wallet.Card', on_delete=1)", "foreign-key", "store an id"),
    ("models.py", "key = models.ManyToManyField(to='auth.Group')", "foreign-key", "store an id"),
    ("migrations/0001.py", "key = OneToOneField(to='card_wallet.Card')", "foreign-key", "store an id"),
    ("queries.py", "from django.apps import apps\nX = apps.get_model('card_wallet', 'Card')", "get-model", "public.py"),
    (
        "models.py",
        "from django.db.models.signals import post_save\npost_save.connect(print_it)",
        "signals",
        "reactions.py",
    ),
    ("actions.py", "from django.dispatch import receiver\n\n@receiver(1)\ndef f(): ...", "signals", "reactions.py"),
    ("actions.py", "require(by, 'revoke-permit', scope)", "permission", "'revoke-permit'"),
    ("pages.py", "page = dict(permission='revoke-permit')", "permission", "add it to permissions"),
    (
        "pages.py",
        "from simos.kernel.ids import PermissionName as P\nX = P('revoke-permit')",
        "permission",
        "'revoke-permit'",
    ),
    ("queries.py", "import os\nHOME = os.environ['HOME']", "environment", "simos/app/settings.py"),
    ("queries.py", "from os import getenv as g\nHOME = g('HOME')", "environment", "simos/app/settings.py"),
    ("actions.py", "from datetime import UTC, datetime\nat = datetime.now(UTC)", "clock", "simos.kernel.clock.now()"),
    ("actions.py", "import datetime as dt\nat = dt.datetime.utcnow", "clock", "simos.kernel.clock.now()"),
    ("models.py", "from django.utils import timezone\nat = dict(default=timezone.now)", "clock", "clock.now()"),
    ("models.py", "at = models.DateTimeField(auto_now_add=True)", "clock", "from its `at`"),
    ("pages.py", "from django.utils.timezone import localtime\nat = localtime()", "clock", "clock.now()"),
    ("actions.py", "import time\nat = time.time()", "clock", "simos.kernel.clock.now()"),
    ("actions.py", "print('done')", "print", "click.echo"),
    ("queries.py", "from .models import Permit", "relative-import", "write the full name"),
    ("checks.py", "check = ()", "export", "'checks'"),
    ("reactions/__init__.py", "handlers = {}", "export", "'reactions'"),
    ("rules.py", "x = 1\n" * 400, "length", "split it by concern"),
    ("rules.py", "def (", "syntax", "Python cannot read this file"),
]

BESIDE = {"floors": {"cycle"}, "stray-file": {"name"}, "pure": {"requires"}}
"""What else may rightly be said of the same fault."""


@pytest.mark.parametrize(("file", "text", "rule", "advice"), PLANTS, ids=lambda value: str(value)[:40])
def test_a_planted_fault_is_found(permits: Path, file: str, text: str, rule: str | None, advice: str) -> None:
    begins = add(permits / file, text + "\n")
    found = faults_in(permits)
    if rule is None:
        assert found == []
        return
    caught = [fault for fault in found if fault.rule == rule]
    assert caught, found
    assert Path(caught[0].file).relative_to(permits) == Path(file) or rule == "stray-file"
    assert advice in caught[0].message
    if rule not in {"stray-file", "name", "export", "length"}:
        assert begins <= caught[0].line <= begins + text.count("\n")
    assert {fault.rule for fault in found} <= {rule} | BESIDE.get(rule, set()), found


def test_time_measured_and_time_given_are_free(permits: Path) -> None:
    add(
        permits / "actions.py",
        "import time\nfrom datetime import datetime\nx = time.monotonic(), datetime(2025, 9, 1)\n",
    )
    add(permits / "pages.py", "from django.utils.timezone import localtime\nx = localtime(now())\n")
    add(permits / "migrations/0002.py", "from django.utils import timezone\nx = timezone.now\n")
    assert faults_in(permits) == []


def test_imports_that_go_in_a_circle_are_shown_with_their_way(permits: Path) -> None:
    add(permits / "rules/__init__.py", "")
    add(permits / "rules/fees.py", "from simos.modules.mobility.permits.rules import zones\n")
    line = add(permits / "rules/zones.py", "\n\ndef zone():\n    import simos.modules.mobility.permits.rules.fees\n")
    (permits / "rules.py").unlink()
    (fault,) = faults_in(permits)
    assert fault.rule == "cycle"
    way = fault.message.split(": ")[1].split(";")[0].split(" -> ")
    assert way[0] == way[-1]
    assert {part.rsplit(".")[-1] for part in way} == {"fees", "zones"}
    assert (Path(fault.file).name, fault.line) in {("fees.py", 2), ("zones.py", line + 3)}


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ({"events": ("PermitGranted", "PermitRevoked")}, "event 'PermitRevoked'"),
        ({"offers": ("grant", "revoke")}, "offer 'revoke'"),
        ({"personal_data": (replace(MANIFEST.personal_data[0], tables=("mobility_permits_plate",)),)}, "such a table"),
        ({"permissions": ()}, "'grant-permit'"),
        ({"name": ModuleName("mobility/passes")}, "label = 'mobility_passes'"),
    ],
)
def test_a_manifest_that_promises_what_is_not_there_is_found(permits: Path, promise: dict, said: str) -> None:
    values = {name: getattr(MANIFEST, name) for name in Module.__dataclass_fields__} | promise
    assert any(said in fault.message for fault in faults_in(permits, Module(**values)))


def test_a_promise_is_found_on_its_line(permits: Path) -> None:
    (permits / "events.py").unlink()
    (fault,) = faults_in(permits)
    assert (Path(fault.file).name, fault.line, fault.rule) == ("module.py", 3, "manifest")
    assert str(fault) == f"{fault.file}:3: manifest: {fault.message}"


def test_a_table_may_be_named_otherwise(permits: Path) -> None:
    add(
        permits / "models.py",
        "\n\nclass Plate(models.Model):\n    class Meta:\n        db_table = 'mobility_permits_number'\n",
    )
    manifest = replace(
        MANIFEST, personal_data=(replace(MANIFEST.personal_data[0], tables=("mobility_permits_number",)),)
    )
    (fault,) = faults_in(permits, manifest)
    assert "no Holding of Plate" in fault.message
    add(permits / "privacy.py", "\nfrom simos.modules.mobility.permits.models import Plate\n\nprivacy = Plate\n")
    assert faults_in(permits, manifest) == []


def test_personal_data_that_nobody_would_erase_is_found(permits: Path) -> None:
    (permits / "privacy.py").unlink()
    (fault,) = faults_in(permits)
    assert (fault.rule, "no Holding of Permit" in fault.message) == ("privacy", True)


def test_pages_without_an_app_would_not_find_their_templates(permits: Path) -> None:
    (permits / "apps.py").unlink()
    (fault,) = faults_in(permits)
    assert "apps.py with label = 'mobility_permits'" in fault.message


def test_a_folder_without_a_manifest_is_no_module(permits: Path) -> None:
    (permits / "module.py").unlink()
    assert ["no" if "manifest" in fault.message else "" for fault in faults_in(permits)] == ["no"]


def test_a_file_without_its_docstring_is_found(permits: Path) -> None:
    plant(permits / "rules.py", "x = 1\n")
    (fault,) = faults_in(permits)
    assert fault.rule == "docstring"

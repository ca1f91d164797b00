"""A small module that keeps every rule, and copies of the product's tree, to plant faults in."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from textwrap import dedent

from simos.kernel.checking import check_folder
from simos.kernel.faults.sources import Fault
from simos.kernel.ids import ModuleName
from simos.kernel.module import Module, Permission, PersonalData
from simos.kernel.text import Text

ROOT = Path(__file__).parents[2]
LINT = ("-c", "from importlinter.cli import lint_imports_command as main; main()", "--no-cache", "--config")
"""What runs import-linter; the file of its contracts follows."""

PACKAGE = "simos.modules.mobility.permits"
OTHERS = {"simos.modules.card.wallet": "card/wallet", "bikes_of_a_stranger": "mobility/bikes"}

FILES: Mapping[str, str] = {
    "__init__.py": '"""Permits."""\n',
    "module.py": '''\
        """What the module is, as data."""

        EVENTS = ("PermitGranted",)
        TABLES = ("mobility_permits_permit",)
        ''',
    "apps.py": '''\
        """Tells Django of this app."""

        from django.apps import AppConfig


        class PermitsConfig(AppConfig):
            name = "simos.modules.mobility.permits"
            label = "mobility_permits"
        ''',
    "events.py": '''\
        """What happened."""

        from simos.kernel.events import Event


        class PermitGranted(Event):
            """A permit was granted."""
        ''',
    "rules.py": '"""What may be granted."""\n',
    "models.py": '''\
        """The module's tables."""

        from django.db import models


        class Permit(models.Model):
            city = models.ForeignKey("platform_scopes.City", on_delete=models.PROTECT)
            renews = models.ForeignKey("mobility_permits.Permit", null=True, on_delete=models.PROTECT)
            parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
        ''',
    "queries.py": '"""Permits as they are."""\n\nfrom simos.modules.mobility.permits.models import Permit\n',
    "actions.py": '''\
        """Granting."""

        from simos.modules.mobility.permits import queries, rules
        from simos.platform.access import require


        def grant(scope, *, by):
            return require(by, "grant-permit", scope), queries, rules
        ''',
    "public.py": '"""For other modules."""\n\nfrom simos.modules.mobility.permits.actions import grant\n',
    "pages.py": '''\
        """Public pages."""

        from simos.kernel.clock import now
        from simos.modules.mobility.permits import actions, queries

        pages = (actions, queries, now)
        ''',
    "privacy.py": '''\
        """What is held of a person."""

        from django.db.models import Q

        from simos.modules.mobility.permits.models import Permit
        from simos.platform.privacy.holdings import declared
        from simos.platform.privacy.values import Holding

        privacy = declared(Holding(data="permits", model=Permit, of=lambda person: Q(holder__in=person.parties)))
        ''',
    "tests/__init__.py": "",
    "tests/test_actions.py": '''\
        """Tests may look at the environment."""

        import os

        from simos.testing import cities

        HOME = os.environ.get("HOME"), cities
        ''',
    "templates/mobility_permits/list.html": "<h1>Permits</h1>\n",
}

MANIFEST = Module(
    name=ModuleName("mobility/permits"),
    title=Text(sl="Dovolilnice", en="Permits"),
    address=Text(sl="dovolilnice", en="permits"),
    summary=Text(sl="Dovolilnice", en="Permits"),
    permissions=(Permission(name="grant-permit", title=Text(sl="Izdaja", en="Grant")),),
    events=("PermitGranted",),
    offers=("grant",),
    personal_data=(
        PersonalData(
            name="permits",
            title=Text(sl="Dovolilnice", en="Permits"),
            tables=("mobility_permits_permit",),
            purpose=Text(sl="Dovolilnice", en="Permits"),
            legal_basis="GDPR 6(1)(e)",
            retention=timedelta(days=365),
        ),
    ),
)


def write_module(folder: Path) -> Path:
    """The small module's files in `folder`."""
    for name, text in FILES.items():
        plant(folder / name, text)
    return folder


def plant(path: Path, text: str) -> None:
    """`text` as the whole of the file at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text))


def add(path: Path, text: str) -> int:
    """`text` at the end of the file at `path`; returns the line on which it begins."""
    before = path.read_text() if path.exists() else '"""Planted."""\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(before + dedent(text))
    return before.count("\n") + 1


def faults_in(folder: Path, manifest: Module = MANIFEST) -> list[Fault]:
    return check_folder(manifest, PACKAGE, folder, others=OTHERS)


def copy_of_the_product(into: Path) -> Path:
    """The product's source tree, copied; returns the folder that stands for `src`."""
    shutil.copytree(ROOT / "src", into / "src", ignore=shutil.ignore_patterns("__pycache__", "static", "assets"))
    return into / "src"


def run_beside(source: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs this Python with `words`; `simos` is what lies in `source`."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=source,
        env=os.environ | {"PYTHONPATH": str(source), "COLUMNS": "250", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

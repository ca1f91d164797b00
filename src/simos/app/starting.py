"""What happens before the processes start: both stores of this release's shape, the cities' tenants, the demo."""

import sqlite3
from contextlib import closing

import psycopg

from simos.app.django_ready import make_django_ready
from simos.app.processes import CannotStart
from simos.app.settings import Settings, settings
from simos.hub.store.opening import open_store
from simos.kernel.acting import Actor, Channel, Scope
from simos.kernel.clock import now
from simos.kernel.module import Level
from simos.kernel.registry import installed_modules

DEMO_CITY = "celje"


def migrate_both(settings: Settings) -> None:
    """The register and the hub are of this release's shape, and every city is a tenant of the hub. Idempotent.

    CannotStart where a database is not there or is no database.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    make_django_ready()
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise CannotStart(f"The register's database cannot be used: {' '.join(str(error).split())}.") from None
    try:
        open_tenants(settings)
    except (sqlite3.DatabaseError, psycopg.DatabaseError) as error:
        raise CannotStart(f"The hub's database cannot be used: {' '.join(str(error).split())}.") from None
    seed_modules()


def seed_modules() -> None:
    """What the modules have from the beginning is there, in every city. Done again, it changes nothing."""
    for _, seed in installed_modules().exports("seeds"):
        seed(by=Actor.system("simos", Channel.CLI), at=now())


def open_tenants(settings: Settings) -> None:
    """The hub's tables are of this release's shape, with a tenant for every city; a running hub sees them at once."""
    from simos.platform.scopes.queries import cities

    with closing(open_store(settings.hub_url)) as store:
        store.migrate()
        with store.transaction() as transaction:
            for city in cities():
                transaction.add_tenant(city.code)


def made_ready(settings: Settings, *, demo: bool) -> None:
    """Afterwards the processes can start."""
    migrate_both(settings)
    if demo:
        load_demo()


def load_demo() -> None:
    """Celje has every installed city module switched on, with its demo data. Done again, it changes nothing."""
    from simos.platform.scopes.actions import switch_on
    from simos.web.accounts.demo import make_demo_accounts

    by, scope = Actor.system("simos", Channel.CLI), Scope.city(DEMO_CITY)
    make_demo_accounts(demo_password(settings()), by=by, at=now())
    for module, load in installed_modules().exports("demo"):
        if module.level is not Level.FEDERATION and not module.always_on:
            switch_on(scope, module.name, by=by, at=now())
        load(scope, by=by, at=now())


def demo_password(settings: Settings) -> str:
    """The one password of the demo's accounts, made once."""
    from simos.web.accounts.demo import DEMO_PASSWORD

    return settings.secret(DEMO_PASSWORD)

"""The first steps of a new platform: settings, first administrator, which modules are on where. Done again: no harm."""

import sys
import tomllib
from pathlib import Path

import click

from simos.app.commands.operation import ready
from simos.app.settings import settings
from simos.kernel.acting import FEDERATION, Actor, Channel, Scope
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Invalid

OPERATOR = Actor.system("simos init", Channel.CLI)
ALL, NONE = "all", "none"


@click.command("init")
@click.option("--public-url", help="Address at which people reach the platform, such as https://simos.example.si.")
@click.option("--mail-url", help="Mail server: smtp://user:password@host:port; '-': none, mails become files.")
@click.option("--mail-from", help="Sender of mails, such as 'Celje <no-reply@celje.example.si>'.")
@click.option("--admin", help="E-mail address of the first administrator.")
@click.option("--city", "cities", multiple=True, help="City to be served, by its code; may be given again.")
@click.option(
    "--module", "modules", multiple=True, help="Module to switch on there; may be given again; 'all' or 'none'."
)
def init(
    public_url: str | None,
    mail_url: str | None,
    mail_from: str | None,
    admin: str | None,
    cities: tuple[str, ...],
    modules: tuple[str, ...],
) -> None:
    """Set up a new platform: asks what is not given as an option. What is there already stays."""
    found = settings()
    click.echo(f"SiMOS is kept in {found.home} (choose another by SIMOS_HOME).")
    _keep(
        found.home,
        public_url=_asked("Public address", public_url, found.public_url),
        mail_url=_asked("Mail server (empty: none)", mail_url, found.mail_url),
        mail_from=_asked("Sender of mails", mail_from, found.mail_from),
    )
    settings.cache_clear()
    found = ready("init")
    email = _asked("E-mail address of the first administrator", admin, "")
    if not email:
        raise Invalid("say who is the first administrator: --admin name@example.si")
    chosen = cities or tuple(_asked("Cities to serve, by code, with spaces", None, "celje").split())
    wanted = modules or tuple(_asked("Modules to switch on there ('all', 'none' or names)", None, ALL).split())
    _switch_on(chosen, wanted)
    _make_administrator(email, chosen, found.base_url)
    click.echo(f"Start it with 'simos serve'; the office is at {found.base_url}/office/")


def _asked(question: str, given: str | None, present: str) -> str:
    """What was given as an option, else what the operator answers; without a terminal what is there already."""
    if given is not None:
        return "" if given == "-" else given.strip()
    if not sys.stdin.isatty():
        return present
    answer: str = click.prompt(question, default=present, show_default=bool(present))
    return answer.strip()


def _keep(home: Path, **values: str) -> None:
    """The settings file has these values; its other lines stay as they are. Readable by this user only."""
    file = home / "simos.toml"
    text = file.read_text("utf-8") if file.exists() else ""
    lines = text.splitlines()
    there = tomllib.loads(text)
    for name, value in values.items():
        if there.get(name, "") == value or (not value and name not in there):
            continue
        line = f'{name} = "{_escaped(value)}"'
        place = next((at for at, each in enumerate(lines) if each.split("=")[0].strip() == name), None)
        if place is None:
            lines.insert(0, line)  # before the first table
        else:
            lines[place] = line
    home.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n" if lines else "", "utf-8")


def _escaped(value: str) -> str:
    if any(ord(sign) < 32 for sign in value):
        raise Invalid("a setting is one line of text")
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _switch_on(cities: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    from simos.kernel.module import Level
    from simos.kernel.registry import installed_modules
    from simos.platform.scopes.actions import switch_on
    from simos.platform.scopes.queries import city_of, is_on

    installed = [
        each.module.name
        for each in installed_modules()
        if each.module.level is not Level.FEDERATION and not each.module.always_on
    ]
    if unknown := set(wanted) - {ALL, NONE, *installed}:
        raise Invalid(f"no such module: {', '.join(sorted(unknown))}; there are {', '.join(installed)}")
    for code in cities:
        city_of(code)
        for name in installed:
            if (ALL in wanted or name in wanted) and not is_on(code, name):
                switch_on(Scope.city(code), name, by=OPERATOR, at=now())
                click.echo(f"{name} is switched on in {code}.")


def _make_administrator(email: str, cities: tuple[str, ...], base_url: str) -> None:
    from simos.platform.access.actions import grant_role
    from simos.platform.access.models import RoleGrant
    from simos.platform.people.models import Account
    from simos.web.accounts.actions import add_account
    from simos.web.office.first_password import link_of

    account = Account.objects.filter(email__iexact=email).first()
    if account is None:
        try:
            account = add_account(email, name="", language="sl", by=OPERATOR, at=now())
        except Conflict as conflict:
            raise Invalid(conflict.detail, field="admin") from None
        click.echo(f"{account.email} has an account.")
    wanted = [(FEDERATION, "platform-administrator"), *((Scope.city(code), "city-administrator") for code in cities)]
    for scope, role in wanted:
        if not RoleGrant.objects.in_force(now()).filter(account=account, scope=str(scope), role=role).exists():
            grant_role(scope, account, role=role, by=OPERATOR, at=now())
            click.echo(f"{account.email} is {role} in {scope}.")
    if not account.has_usable_password():
        click.echo(f"Set the password within three days, by this link, once:\n{base_url}{link_of(account)}")


COMMANDS = {"init": init}

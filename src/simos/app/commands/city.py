"""Cities: the twelve and others, and which modules they have switched on."""

from datetime import datetime

import click

from simos.app.commands.operation import ready
from simos.app.settings import settings
from simos.kernel.acting import FEDERATION, Actor, Channel, Scope
from simos.kernel.clock import now

OPERATOR = Actor.system("simos", Channel.CLI)


@click.command()
def cities() -> None:
    """List the cities and their modules."""
    ready("city")
    from simos.platform.scopes.queries import cities as all_cities
    from simos.platform.scopes.queries import modules_on

    for city in all_cities():
        click.echo(f"{city.code:<16} {city.name_sl:<24} {', '.join(modules_on(city.code))}")


@click.command()
@click.argument("code")
@click.option("--name", required=True, help="Name in Slovenian (or the only one).")
@click.option("--name-en", default="", help="Name in English, where it differs.")
@click.option("--centre", metavar="LAT,LON", required=True, help="Centre in degrees, such as 51.05,13.74.")
def city_add(code: str, name: str, name_en: str, centre: str) -> None:
    """Add a place that is not one of the twelve."""
    try:
        latitude, longitude = (float(part) for part in centre.split(","))
    except ValueError:
        raise click.BadParameter(f"--centre is LAT,LON in degrees, not {centre!r}") from None
    ready("city")
    from simos.app.starting import open_tenants
    from simos.platform.scopes.cities import CityFacts
    from simos.platform.things.opening import open_city

    facts = CityFacts(code=code, name_sl=name, name_en=name_en, longitude=longitude, latitude=latitude)
    city = open_city(FEDERATION, facts, by=OPERATOR, at=now())
    open_tenants(settings())  # at once, whether or not a worker runs
    click.echo(f"{city.code} is added.")


@click.command()
@click.argument("code")
@click.argument("module")
@click.option("--off", is_flag=True, help="Switch off instead.")
def city_switch(code: str, module: str, off: bool) -> None:
    """Switch a module on (or off) in a city."""
    ready("city")
    from simos.platform.scopes.actions import switch_off, switch_on

    (switch_off if off else switch_on)(Scope.city(code), module, by=OPERATOR, at=now())
    click.echo(f"{module} is switched {'off' if off else 'on'} in {code}.")


@click.command()
@click.argument("code")
@click.option("--shows", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="UTC time to show, standing still.")
def city_clock(code: str, shows: datetime | None) -> None:
    """Set a city's clock to another time, or (without --shows) back to the real one."""
    ready("city")
    from datetime import UTC

    from simos.platform.scopes.actions import reset_clock, set_clock

    scope = Scope.city(code)
    if shows is None:
        reset_clock(scope, by=OPERATOR, at=now())
        click.echo(f"{code} shows the real time.")
        return
    set_clock(scope, shown_at=shows.replace(tzinfo=UTC), speed=0.0, by=OPERATOR, at=now())
    click.echo(f"{code} shows {shows:%Y-%m-%d %H:%M} UTC.")


COMMANDS = {"cities": cities, "city add": city_add, "city switch": city_switch, "city clock": city_clock}

"""`simos guidance panels`: plays a city's panels over the real wire, well behaved or not. Holds no rule."""

import signal
import threading

import click
from django.conf import settings

from simos.hub.client import HubClient
from simos.kernel.acting import Actor, Channel
from simos.kernel.clock import now
from simos.kernel.errors import Problem
from simos.modules.mobility.guidance.queries import panels_of
from simos.modules.mobility.guidance.simulators.playing import Wishes, play, taken_over
from simos.modules.mobility.guidance.values import REPORT
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import city_of
from simos.platform.things.simulation import Site


@click.command("panels")
@click.option("--city", required=True, help="Code of the city.")
@click.option("--unplug", multiple=True, metavar="CODE", help="This panel has no power. May be given several times.")
@click.option("--lies", multiple=True, metavar="CODE", help="This panel says that it shows something else.")
def panels(city: str, unplug: tuple[str, ...], lies: tuple[str, ...]) -> None:
    """Play the panels of a city's register, as their makers' devices would behave, until Ctrl-C.

    The demo's own simulator leaves them alone meanwhile.
    """
    ours = settings.SIMOS
    scope = city_of(city).scope
    with acting(Actor.system("simos", Channel.CLI), scope):
        codes = tuple(panel.code for panel in panels_of())
    if unknown := [code for code in (*unplug, *lies) if code not in codes]:
        raise click.ClickException(f"{city} has no panel {unknown[0]}; it has {', '.join(codes) or 'none'}")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    hub = HubClient(f"unix:{ours.socket('hub')}", ours.secret("service.token"), patience=30)
    try:
        token = hub.add_token(
            f"panels played by hand ({city}, {now():%H:%M:%S})", tenants=[city], types=[REPORT], mayWrite=True
        )
    except Problem as problem:
        raise click.ClickException(problem.detail) from None
    site = Site(
        city=city,
        base_url=f"http://localhost:{ours.port}",
        token=token["secret"],
        mqtt_host="localhost",
        mqtt_port=ours.mqtt_port,
        seed=0,
    )
    click.echo(
        f"{len(codes) - len(unplug)} panels of {city} are played, {len(lies)} of them lying; {len(unplug)} unplugged. "
        "Ctrl-C ends it."
    )
    try:
        with taken_over(city):
            play(site, codes, Wishes(frozenset(unplug), frozenset(lies)), stop)
    finally:
        hub.ask("DELETE", f"/hub/tokens/{token['id']}")


cli = {"guidance panels": panels}

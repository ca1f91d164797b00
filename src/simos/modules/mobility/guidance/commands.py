"""`simos guidance panels`: plays a city's panels over the real wire, well behaved or not. Holds no rule."""

import click

from simos.kernel.acting import Actor, Channel
from simos.kernel.errors import Problem
from simos.modules.mobility.guidance.queries import panels_of
from simos.modules.mobility.guidance.simulators.playing import PLAYED, Wishes, play
from simos.modules.mobility.guidance.values import REPORT
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import city_of
from simos.platform.things.by_hand import play_by_hand


@click.command("panels")
@click.option("--city", required=True, help="Code of the city.")
@click.option("--unplug", multiple=True, metavar="CODE", help="This panel has no power. May be given several times.")
@click.option("--lies", multiple=True, metavar="CODE", help="This panel says that it shows something else.")
def panels(city: str, unplug: tuple[str, ...], lies: tuple[str, ...]) -> None:
    """Play the panels of a city's register, as their makers' devices would behave, until Ctrl-C.

    The demo's own simulator leaves them alone meanwhile.
    """
    scope = city_of(city).scope
    with acting(Actor.system("simos", Channel.CLI), scope):
        codes = tuple(panel.code for panel in panels_of())
    if unknown := [code for code in (*unplug, *lies) if code not in codes]:
        raise click.ClickException(f"{city} has no panel {unknown[0]}; it has {', '.join(codes) or 'none'}")
    click.echo(
        f"{len(codes) - len(unplug)} panels of {city} are played, {len(lies)} of them lying; {len(unplug)} unplugged. "
        "Ctrl-C ends it."
    )
    wishes = Wishes(frozenset(unplug), frozenset(lies))
    try:
        play_by_hand(PLAYED, city, (REPORT,), lambda site, stop: play(site, codes, wishes, stop))
    except Problem as problem:
        raise click.ClickException(problem.detail) from None


cli = {"guidance panels": panels}

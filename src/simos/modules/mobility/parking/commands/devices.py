"""`simos parking devices`: plays a city's counters, gates and sensors, well behaved or not. Holds no rule."""

import threading

import click

from simos.hub.client import HubClient
from simos.kernel.acting import Actor, Channel
from simos.kernel.errors import Problem
from simos.modules.mobility.parking.queries import facilities_of
from simos.modules.mobility.parking.simulators.devices import Gates, device_of
from simos.modules.mobility.parking.simulators.playing import PLAYED, Faults, play
from simos.modules.mobility.parking.values import TYPE, FacilityFacts
from simos.modules.mobility.parking.values.sources import GATE_TYPE, SPOT_TYPE
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import city_of
from simos.platform.things.by_hand import play_by_hand
from simos.platform.things.door import connect
from simos.platform.things.simulation import Site

SEED = 20260101


@click.command("devices")
@click.option("--city", required=True, help="Code of the city.")
@click.option("--stuck", multiple=True, metavar="CODE", help="This facility's devices go on saying the same.")
@click.option("--silent", multiple=True, metavar="CODE", help="This facility's devices say nothing.")
@click.option("--misses", multiple=True, metavar="CODE", help="This facility's gates miss half of the cars that come.")
def devices(city: str, stuck: tuple[str, ...], silent: tuple[str, ...], misses: tuple[str, ...]) -> None:
    """Play the parking devices of a city's register, as their makers' devices would behave, until Ctrl-C.

    Garages have gates, car parks of up to 60 spaces a sensor in each, others a counter. Each option may be given
    several times. The demo's own simulator leaves the devices alone meanwhile.
    """
    with acting(Actor.system("simos", Channel.CLI), city_of(city).scope):
        facilities = [each.facts for each in facilities_of() if each.capacity and each.facts.type == TYPE]
    faults = Faults(frozenset(stuck), frozenset(silent), frozenset(misses))
    _check(city, facilities, faults)
    click.echo(
        f"devices of {len(facilities)} facilities of {city} are played: {len(stuck)} stuck, {len(silent)} silent, "
        f"{len(misses)} missing cars. Ctrl-C ends it."
    )
    hub = connect()
    there = _devices_in(hub, city)

    def playing(site: Site, stop: threading.Event) -> None:
        play(site, facilities, faults, stop)

    try:
        play_by_hand(PLAYED, city, (TYPE, GATE_TYPE, SPOT_TYPE), playing, seed=SEED)
        for each in _devices_in(hub, city) - there:  # who only played here leaves nothing behind that is then silent
            hub.delete(city, each)
    except Problem as problem:
        raise click.ClickException(problem.detail) from None


def _check(city: str, facilities: list[FacilityFacts], faults: Faults) -> None:
    known = {each.code: each for each in facilities}
    if unknown := sorted(faults.codes - known.keys()):
        raise click.ClickException(f"{city} counts no facility {unknown[0]}; it counts {', '.join(known) or 'none'}")
    for code in sorted(faults.missing):
        device = device_of(city, known[code], seed=SEED, totals={}, free=None, misses=True)
        if not isinstance(device, Gates):
            raise click.ClickException(f"{code} has no gates, which alone miss cars; a garage with entrances has")


def _devices_in(hub: HubClient, city: str) -> set[str]:
    """The gates and sensors of the city that the hub has now."""
    found: set[str] = set()
    for kind in (GATE_TYPE, SPOT_TYPE):
        for page in range(100):
            path = f"/ngsi-ld/v1/entities?type={kind}&pick=id&limit=1000&offset={page * 1000}"
            _, entities = hub.ask("GET", path, tenant=city)
            found |= {each["id"] for each in entities}
            if len(entities) < 1000:
                break
    return found

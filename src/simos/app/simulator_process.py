"""The simulator process of a demo: plays the simulators of every module that is switched on with demo data."""

import logging
import signal
import threading

from simos.app.django_ready import make_django_ready
from simos.app.settings import Settings
from simos.app.starting import DEMO_CITY
from simos.hub.client import HubClient
from simos.kernel.errors import Problem
from simos.kernel.registry import installed_modules

log = logging.getLogger(__name__)

SEED = 20260101
AGAIN_SECONDS = 2.0


def run_simulators(settings: Settings) -> None:
    """Simulators run, each in its thread, until this process is told to stop."""
    make_django_ready()
    from simos.platform.things.simulation import Simulator, Site

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    hub = HubClient(f"unix:{settings.socket('hub')}", settings.secret("service.token"), patience=60)

    def site_of(simulator: Simulator) -> Site:
        return Site(
            city=DEMO_CITY,
            base_url=f"http://localhost:{settings.port}",
            token=_token(hub, f"simulator {simulator.name} ({DEMO_CITY})", simulator.types),
            mqtt_host="localhost",
            mqtt_port=settings.mqtt_port,
            seed=SEED,
        )

    def play(simulator: Simulator) -> None:
        while not stop.is_set():
            try:
                simulator.run(site_of(simulator), stop)
            except (Problem, OSError) as error:
                log.warning("simulator %s broke off: %s", simulator.name, error)
            stop.wait(AGAIN_SECONDS)

    threads = [
        threading.Thread(target=play, args=(each,), name=each.name, daemon=True)
        for _, simulators in installed_modules().exports("simulators")
        for each in simulators
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads:
        thread.join(1.0)


def _token(hub: HubClient, name: str, types: tuple[str, ...]) -> str:
    """A fresh token of this name; one that an earlier run left is taken back."""
    _, tokens = hub.ask("GET", "/hub/tokens")
    for each in tokens:
        if each["name"] == name:
            hub.ask("DELETE", f"/hub/tokens/{each['id']}")
    secret: str = hub.add_token(name, tenants=[DEMO_CITY], types=list(types), mayWrite=True)["secret"]
    return secret

"""Playing a city's devices by hand: a token, a place in front of the demo's simulator, and an end."""

import signal
import threading
from collections.abc import Callable, Sequence

from django.conf import settings

from simos.hub.client import HubClient
from simos.kernel.clock import now
from simos.platform.things.door import connect
from simos.platform.things.simulation import Site, taken_over


def play_by_hand(
    what: str, city: str, types: Sequence[str], play: Callable[[Site, threading.Event], None], *, seed: int = 0
) -> None:
    """`play` plays the city's `what` through the public port until Ctrl-C, with a token for `types` that ends with it.

    Problem where the hub is not to be reached.
    """
    ours = settings.SIMOS
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    hub: HubClient = connect(patience=30)
    name = f"{what} played by hand ({city}, {now():%H:%M:%S})"
    token = hub.add_token(name, tenants=[city], types=list(types), mayWrite=True)
    site = Site(
        city=city,
        base_url=f"http://localhost:{ours.port}",
        token=token["secret"],
        mqtt_host="localhost",
        mqtt_port=ours.mqtt_port,
        seed=seed,
    )
    try:
        with taken_over(what, city):
            play(site, stop)
    finally:
        hub.ask("DELETE", f"/hub/tokens/{token['id']}")

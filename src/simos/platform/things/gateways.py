"""The contract of a module's `gateways.py`: a wire to hardware that is kept up for as long as the worker runs.

    gateways = (Gateway(name="panels", run=run),)

What a gateway sends follows from what is stored: started again, it sends what holds then. Several workers may each run
it, so that sending twice must do no harm.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import connections

log = logging.getLogger(__name__)

AGAIN_SECONDS = 2.0
_EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """The MQTT broker that things of the platform are connected to."""

    host: str
    port: int
    user: str
    password: str
    secure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Something that keeps a wire. `run(broker, stop)` goes on until `stop` is set; it may raise, and is run again.

    The broker is None where the platform has none.
    """

    name: str
    run: Callable[[Broker | None, threading.Event], None]


def broker() -> Broker | None:
    """The embedded broker, or the other one that the operator has named, if there is either."""
    ours = settings.SIMOS
    if ours.mqtt_port:
        host = "127.0.0.1" if ours.mqtt_host in _EVERYWHERE else ours.mqtt_host
        return Broker(host=host, port=ours.mqtt_port, user="platform", password=ours.secret("service.token"))
    if not ours.mqtt_broker:
        return None
    parts = urlsplit(ours.mqtt_broker)
    secure = parts.scheme == "mqtts"
    return Broker(
        host=parts.hostname or "",
        port=parts.port or (8883 if secure else 1883),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        secure=secure,
    )


def keep_up(gateway: Gateway, stop: threading.Event) -> None:
    """The gateway runs until `stop` is set; when it breaks off it is run again."""
    while not stop.is_set():
        try:
            gateway.run(broker(), stop)
        except Exception:
            log.exception("gateway %s broke off; it is run again", gateway.name)
        finally:
            connections.close_all()
        stop.wait(AGAIN_SECONDS)

"""The hub process: the store's one writer, the broker, live streams, and the front of the public port. No Django."""

import asyncio
import logging
import socket
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import uvloop

from simos.app.front import PassedOn, front_routes
from simos.app.processes import CannotStart
from simos.app.settings import Settings
from simos.hub.addresses import Reach
from simos.hub.faces import hub_app
from simos.hub.feeds.running import running_feeds
from simos.hub.grants import Authoriser, open_data, service
from simos.hub.lake.keeper import LakePlan
from simos.hub.live import Live
from simos.hub.mqtt import Bridge, bridged, embedded_broker
from simos.hub.server.desk import Desk
from simos.hub.server.running import Server, collect_seldom, open_desk, server_config
from simos.kernel.module import EntityType
from simos.kernel.registry import installed_modules

log = logging.getLogger(__name__)

Health = dict[str, Any]

AGAIN_SECONDS = 2.0
"""After which a port that was taken is asked for again."""

GIVE_WAY = 0.001
"""Seconds for which the writer's thread may hold up those who read: a fifth of Python's own."""


def run_platform_hub(settings: Settings, sockets: Sequence[socket.socket]) -> None:
    """The hub of a platform with the front of its public port, until told to stop."""
    declared = tuple(installed_modules().entity_types().values())
    open_types = [each.name for each in declared if each.open]
    authorisers = (service(settings.secret("service.token")), open_data(open_types))
    _run(_platform_hub(settings, sockets, authorisers, declared))


async def _platform_hub(
    settings: Settings,
    sockets: Sequence[socket.socket],
    authorisers: Sequence[Authoriser],
    declared: Sequence[EntityType],
) -> None:
    behind_proxy = bool(settings.public_url)
    others = {name: PassedOn(settings.socket(name), behind_proxy=behind_proxy) for name in ("web", "worker")}
    async with AsyncExitStack() as stack:
        for each in others.values():
            stack.push_async_callback(each.close)
        live = Live()
        reach = Reach(hosts=frozenset(settings.private_receivers))
        lake = lake_of(settings)
        opening = open_desk(settings.hub_url, authorisers, live=live, reach=reach, declared=declared, lake=lake)
        desk = await stack.enter_async_context(opening)
        await stack.enter_async_context(running_feeds(desk, settings.feeds_folder, settings.given_secret))
        mqtt = await _mqtt(stack, desk, settings)
        app = hub_app(desk, front_routes(desk, others, mqtt))
        await Server(server_config(app), before_stop=live.close).serve(sockets=list(sockets))


def lake_of(settings: Settings) -> LakePlan:
    return LakePlan(folder=settings.lake_folder, after_days=settings.lake_after_days)


async def _mqtt(stack: AsyncExitStack, desk: Desk, settings: Settings) -> Callable[[], Health]:
    """The embedded broker and the bridge that the settings want; how they are is what comes back.

    A port that is taken does not keep the platform from starting: people see it at /health, until it is free.
    """
    health: dict[str, Health] = {}
    bridge: Bridge | None = None
    if settings.mqtt_port:
        tried = asyncio.Event()
        broker = asyncio.create_task(_broker(desk, settings, health, tried))
        stack.push_async_callback(_ended, broker)
        await tried.wait()
    if settings.mqtt_broker:
        bridge = await stack.enter_async_context(bridged(desk, settings.mqtt_broker))

    def now() -> Health:
        found = dict(health)
        if bridge is not None:
            found["broker"] = {"status": "pass" if bridge.connected else "warn", "connected": bridge.connected}
        worst = "warn" if any(each["status"] == "warn" for each in found.values()) else "pass"
        return {"status": worst, **found}

    return now


async def _broker(desk: Desk, settings: Settings, health: dict[str, Health], tried: asyncio.Event) -> None:
    """The embedded broker runs, as soon as its port can be had, until this is cancelled. `tried` is set after the first
    attempt."""
    try:
        while True:
            try:
                async with embedded_broker(desk, settings.mqtt_host, settings.mqtt_port):
                    health["embedded"] = {"status": "pass", "port": settings.mqtt_port}
                    tried.set()
                    await asyncio.Event().wait()
            except OSError as error:
                if not tried.is_set():
                    log.error("no MQTT as yet: port %d: %s; set SIMOS_MQTT_PORT", settings.mqtt_port, error)
                health["embedded"] = {"status": "warn", "output": f"{error}; choose another with SIMOS_MQTT_PORT"}
            tried.set()
            await asyncio.sleep(AGAIN_SECONDS)
    finally:
        tried.set()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def run_lone_hub(
    settings: Settings,
    sockets: Sequence[socket.socket],
    authorisers: Sequence[Authoriser],
    *,
    is_open: bool,
    mqtt_port: int,
    feeds: Path,
) -> None:
    """A hub without a platform around it (`simos hub serve`), until told to stop. `feeds`: folder of its feeds."""
    _run(_lone_hub(settings, sockets, authorisers, is_open, mqtt_port, feeds))


async def _lone_hub(
    settings: Settings,
    sockets: Sequence[socket.socket],
    authorisers: Sequence[Authoriser],
    is_open: bool,
    mqtt_port: int,
    feeds: Path,
) -> None:
    async with AsyncExitStack() as stack:
        live = Live()
        reach = Reach(everywhere=is_open)
        url, lake = settings.hub_url, lake_of(settings)
        opening = open_desk(url, authorisers, implicit_tenants=is_open, live=live, reach=reach, lake=lake)
        desk = await stack.enter_async_context(opening)
        await stack.enter_async_context(running_feeds(desk, feeds, settings.given_secret))
        if mqtt_port:
            try:
                await stack.enter_async_context(embedded_broker(desk, "127.0.0.1", mqtt_port))
            except OSError as error:
                raise CannotStart(f"MQTT on port {mqtt_port}: {error}. Choose another with --mqtt-port.") from None
        await Server(server_config(hub_app(desk)), before_stop=live.close).serve(sockets=list(sockets))


def _run(main: Coroutine[Any, Any, None]) -> None:
    collect_seldom()
    sys.setswitchinterval(GIVE_WAY)
    uvloop.run(main)

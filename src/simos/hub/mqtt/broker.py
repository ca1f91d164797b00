"""The embedded MQTT broker: lets clients in, keeps their sessions, and looks after all of them once a second.

A publish to a topic of ours is acknowledged after the hub has committed it, never before. See `intake` for what that
promises. Sessions and retained messages are kept in memory: they end with the process.
"""

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simos.hub.grants import Grant, digest
from simos.hub.mqtt import packets
from simos.hub.mqtt.connection import Connection
from simos.hub.mqtt.intake import Intake
from simos.hub.mqtt.packets import Connect, Malformed, UnknownVersion
from simos.hub.mqtt.sessions import Session, Subscriptions
from simos.hub.mqtt.topics import tenant_of
from simos.hub.server.desk import Desk
from simos.kernel.clock import micros_of, now
from simos.kernel.errors import Forbidden, Unauthenticated

log = logging.getLogger(__name__)

CONNECTIONS = 2000
"""Clients at once; the next is closed without an answer."""

SESSIONS_KEPT = 1000
SESSION_SECONDS = 24 * 3600.0
"""How many sessions of clients that are away are kept, and how long."""

CONNECT_SECONDS = 10.0
CONNECT_LIMIT = 128 * 1024

SEEN_SECONDS = 10
GRANT_SECONDS = 30
"""How often devices' last-seen times are stored, and grants looked at again."""

SessionKey = tuple[str, str]
"""(SHA-256 of the credential, client id): nobody takes over another's session by its name."""


class BrokerNotStarted(OSError):
    """The broker cannot listen where it was told to."""


class _NotLetIn(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def _open_types(desk: Desk) -> frozenset[str]:
    """The types that anybody may read without a credential."""
    try:
        anybody = desk.authorise(None)
    except Unauthenticated:
        return frozenset()
    return frozenset() if anybody.known else anybody.types


class Broker:
    """One broker on one hub's desk. `port` is where it listens, once started."""

    def __init__(self, desk: Desk) -> None:
        self.port = 0
        self._desk = desk
        self._intake = Intake(desk, "mqtt")
        self._subscriptions = Subscriptions(_open_types(desk))
        self._sessions: dict[SessionKey, Session] = {}
        self._connections: dict[Session, Connection] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen: dict[tuple[str, str], int] = {}
        self._server: asyncio.Server | None = None
        self._housekeeping: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """Clients that are connected."""
        return len(self._connections)

    async def start(self, host: str, port: int) -> None:
        """Listens at `host` and `port` (0: any that is free); BrokerNotStarted where that cannot be."""
        try:
            self._server = await asyncio.start_server(self._serve, host, port)
        except OSError as error:
            reason = error.strerror or str(error)
            raise BrokerNotStarted(error.errno, f"MQTT cannot listen on {host}:{port}: {reason}") from error
        self.port = self._server.sockets[0].getsockname()[1]
        self._housekeeping = asyncio.create_task(self._keep_house())

    async def stop(self) -> None:
        """Nobody is connected any more. What was not acknowledged will be sent again."""
        assert self._server is not None
        assert self._housekeeping is not None
        self._server.close()
        self._housekeeping.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(self._housekeeping, *self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._store_seen(), 0.5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._tasks) >= CONNECTIONS:
            log.error("more than %d MQTT clients: one was turned away", CONNECTIONS)
            writer.transport.abort()
            return
        self._tasks.add(task)
        try:
            await self._let_in_and_run(reader, writer)
        except (Malformed, TimeoutError, asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            pass  # gone, or told to go: nothing is left to be said
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _let_in_and_run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (connected := writer.get_extra_info("socket")) is not None:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        try:
            connect = await self._introduced(reader)
            grant = await self._grant_of(connect.password)
        except _NotLetIn as refusal:
            writer.write(packets.connack(refusal.code))
            await writer.drain()
            return
        session, known = self._session_of(connect, grant)
        connection = Connection(
            reader,
            writer,
            session=session,
            connect=connect,
            intake=self._intake,
            subscriptions=self._subscriptions,
            on_taken=self._mark_seen,
        )
        self._connections[session] = connection
        session.connected = True
        try:
            writer.write(packets.connack(packets.ACCEPTED, session_present=known))
            await connection.run()
        finally:
            self._leave(connection)

    async def _introduced(self, reader: asyncio.StreamReader) -> Connect:
        async with asyncio.timeout(CONNECT_SECONDS):
            kind, _, body = await packets.read_packet(reader, CONNECT_LIMIT)
        if kind != packets.CONNECT:
            raise Malformed("a connection begins with CONNECT")
        try:
            connect = packets.connect_of(body)
        except UnknownVersion:
            raise _NotLetIn(packets.WRONG_VERSION) from None
        if not connect.client_id and not connect.clean:
            raise _NotLetIn(packets.WRONG_ID)
        return connect

    async def _grant_of(self, password: str | None) -> Grant:
        """The grant of a token's secret, sent as password. What is open data for anybody lets nobody in here."""
        try:
            grant = await self._desk.read(self._desk.authorise, password or None)
        except Unauthenticated:
            raise _NotLetIn(packets.WRONG_CREDENTIAL) from None
        except Forbidden:
            raise _NotLetIn(packets.NOT_PERMITTED) from None
        except Exception:
            log.exception("who an MQTT client is could not be found out")
            raise _NotLetIn(packets.NOT_AVAILABLE) from None
        if not grant.known:
            raise _NotLetIn(packets.NOT_PERMITTED)
        return grant

    def _session_of(self, connect: Connect, grant: Grant) -> tuple[Session, bool]:
        """The client's session, and whether there was one. An older connection of the same client is cut."""
        key = (digest(connect.password or ""), connect.client_id)
        found = self._sessions.pop(key, None) if connect.client_id else None
        if found is not None and (older := self._connections.pop(found, None)) is not None:
            older.cut()
        if found is not None and (found.clean or connect.clean or found.grant != grant):
            self._subscriptions.forget(found)
            found = None
        session = found or Session(grant, connect.client_id, clean=connect.clean)
        if connect.client_id:
            self._sessions[key] = session
        return session, found is not None

    def _leave(self, connection: Connection) -> None:
        session = connection.session
        if self._connections.get(session) is not connection:
            return  # another connection of the same client has the session now
        del self._connections[session]
        session.connected = False
        session.left_at = time.monotonic()
        if session.clean:
            self._subscriptions.forget(session)

    def _mark_seen(self, session: Session, topic: str) -> None:
        if session.device:
            running = self._desk.feeds.of_topic(topic)
            tenant = running.feed.tenant if running is not None else tenant_of(topic)
            self._seen[tenant, session.device] = micros_of(now())

    async def _keep_house(self) -> None:
        second = 0
        while True:
            await asyncio.sleep(1)
            second += 1
            for connection in tuple(self._connections.values()):
                if connection.is_overdue():
                    connection.cut()
            self._forget_sessions()
            if second % SEEN_SECONDS == 0:
                await self._store_seen()
            if second % GRANT_SECONDS == 0:
                await self._look_at_grants_again()

    def _forget_sessions(self) -> None:
        oldest = time.monotonic() - SESSION_SECONDS
        away = [(key, session) for key, session in self._sessions.items() if not session.connected]
        away.sort(key=lambda each: each[1].left_at)
        too_many = len(away) - SESSIONS_KEPT
        for place, (key, session) in enumerate(away):
            if session.clean or session.left_at < oldest or place < too_many:
                self._subscriptions.forget(session)
                del self._sessions[key]

    async def _store_seen(self) -> None:
        seen = [(tenant, device, at) for (tenant, device), at in self._seen.items()]
        self._seen.clear()
        if not seen:
            return
        try:
            await self._desk.writer.run(lambda transaction: transaction.seen(seen))
        except Exception:
            log.info("when devices last sent could not be stored", exc_info=True)

    async def _look_at_grants_again(self) -> None:
        """Cuts those whose credential has been withdrawn or changed; they may come again with what they have now."""
        for session, connection in tuple(self._connections.items()):
            try:
                still = await self._grant_of(connection.connect.password)
            except _NotLetIn as refusal:
                if refusal.code != packets.NOT_AVAILABLE:
                    connection.cut()
                continue
            if still != session.grant:
                connection.cut()


@asynccontextmanager
async def embedded_broker(desk: Desk, host: str, port: int) -> AsyncIterator[Broker]:
    """A broker that listens at `host` and `port` (0: any free one, which `Broker.port` tells) within the block.

    BrokerNotStarted, an OSError, where it cannot. To be left before the desk is closed.
    """
    broker = Broker(desk)
    await broker.start(host, port)
    try:
        yield broker
    finally:
        await broker.stop()

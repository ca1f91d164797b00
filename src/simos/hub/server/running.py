"""Starting and stopping a hub in this process: store, writer, streams, and a server that closes streams first."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from types import FrameType

import uvicorn
from prometheus_client import generate_latest

from simos.hub.addresses import Reach
from simos.hub.context_library import ContextLibrary
from simos.hub.contexts import CORE
from simos.hub.grants import Authoriser, StoredTokens, first_of
from simos.hub.lake.keeper import Keeper, LakePlan
from simos.hub.live import Live
from simos.hub.metrics import Metrics
from simos.hub.server.desk import READ_THREADS, Desk
from simos.hub.server.indexing import ValueIndexer
from simos.hub.server.rolling import Roller
from simos.hub.store.opening import open_store
from simos.hub.subscriptions.deliveries import Deliveries
from simos.hub.values import Change, Mode, Write
from simos.hub.writer import Act, Writer
from simos.kernel.clock import micros_of, now
from simos.kernel.module import EntityType

log = logging.getLogger(__name__)

STOP_SECONDS = 3
"""What requests under way get on stop; streams are closed before."""


@asynccontextmanager
async def open_desk(
    url: str,
    authorisers: Sequence[Authoriser],
    *,
    implicit_tenants: bool = False,
    live: Live | None = None,
    reach: Reach = Reach(),  # noqa: B008 - a value that nobody can change
    declared: Iterable[EntityType] = (),
    lake: LakePlan | None = None,
) -> AsyncIterator[Desk]:
    """A working desk on the store at `url`, brought to this release's shape; closed in order at the end. `declared`:
    what modules say of entity types."""
    store = await asyncio.to_thread(open_store, url)
    await asyncio.to_thread(store.migrate)
    live = Live() if live is None else live  # an empty one is falsy
    tokens = StoredTokens(store.reader.token)
    readers = ThreadPoolExecutor(READ_THREADS, thread_name_prefix="hub-reader")
    contexts = ContextLibrary(
        reach,
        await asyncio.to_thread(store.reader.contexts),
        keep=lambda entry: _remembered(writer, lambda transaction: transaction.put_context(entry)),
        forget=lambda entry: _remembered(
            writer, lambda transaction: transaction.delete_context(entry.tenant, entry.id)
        ),
    )
    deliveries = Deliveries(store.reader, readers, reach, contexts)

    def committed(changes: Sequence[Change]) -> None:
        live.publish(changes)
        deliveries.publish(changes)

    writer = Writer(store, committed, after_act=tokens.forget, keeps_former=deliveries.keeps_former)
    await deliveries.start(writer)
    roller = Roller(writer, store.shelves)
    keeper = None if lake is None else Keeper(store, url, lake, writer, declared)
    desk = Desk(
        lake=keeper,
        reader=store.reader,
        writer=writer,
        live=live,
        metrics=Metrics(),
        authorise=first_of(*authorisers, tokens),
        deliveries=deliveries,
        contexts=contexts,
        indexer=ValueIndexer(writer),
        identity=(await asyncio.to_thread(store.reader.head)).epoch.lower(),
        began_at=micros_of(now()),
        readers=readers,
        implicit_tenants=implicit_tenants,
        declared={CORE.expand(each.name): each for each in declared},
    )
    sweeping = asyncio.create_task(_sweeping(desk))
    try:
        yield desk
    finally:
        live.close()
        sweeping.cancel()
        await desk.indexer.close()
        await roller.close()
        if keeper is not None:
            await keeper.close()
        await deliveries.close()
        await writer.close()
        desk.readers.shutdown(wait=True)
        await asyncio.to_thread(store.close)


SWEEP_SECONDS = 5.0
"""Seconds after which entities that have expired are looked for: until then they are there no more, but not deleted."""


async def _sweeping(desk: Desk) -> None:
    """Deletes what has expired (4.5.25), with its line in the change log."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            while gone := await desk.read(desk.reader.expired, micros_of(now())):
                await desk.write([Write(tenant=tenant, id=entity, mode=Mode.EXPIRE) for tenant, entity in gone])
        except Exception:
            log.exception("what has expired could not be swept out; it is tried again")


def _remembered(writer: Writer, act: Act) -> None:
    """`act` done in its turn; what could not be stored is told to the log and asked for again when it is needed."""

    def told(done: asyncio.Future[object]) -> None:
        if not done.cancelled() and (error := done.exception()) is not None:
            log.warning("a context could not be put down: %s", error)

    writer.run(act).add_done_callback(told)


async def health_of(desk: Desk) -> dict[str, object]:
    """Whether the hub can read and write, with what it knows of itself."""
    try:
        head = await desk.read(desk.reader.head)
        await asyncio.wait_for(desk.writer.run(lambda transaction: None), 5)
    except Exception as error:  # noqa: BLE001 - any fault at all is what is asked for here
        return {"status": "fail", "output": f"{type(error).__name__}: {error}"}
    return {
        "status": "pass",
        "position": str(head),
        "waiting": desk.writer.waiting,
        "streams": len(desk.live),
        "subscriptions": len(desk.deliveries),
        "undelivered": desk.deliveries.waiting,
    }


def metrics_of(desk: Desk) -> bytes:
    """The hub's metrics in Prometheus' text form."""
    desk.metrics.waiting.set(desk.writer.waiting)
    desk.metrics.committed.set(desk.writer.committed)
    return generate_latest(desk.metrics.registry)


class Server(uvicorn.Server):
    """A server that ends its live streams as soon as it is told to stop, so that stopping does not wait for them."""

    def __init__(self, config: uvicorn.Config, before_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_stop = before_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._before_stop()
        super().handle_exit(sig, frame)


def server_config(app: object, **options: object) -> uvicorn.Config:
    """How we run uvicorn: quiet, without its own headers, and with a bounded stop."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        lifespan="off",
        **options,  # type: ignore[arg-type]
    )


def collect_seldom() -> None:
    """Garbage is looked for less often than Python would, and never among what the start has made.

    A batch or a page makes many thousand objects that die by themselves. Looked through at Python's own pace they cost
    a quarter of the time, and everybody waits while it goes through the whole heap. To be called before serving.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)

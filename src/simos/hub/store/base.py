"""The port between the hub and its database. Two adapters, SQLite and PostgreSQL, one conformance suite.

Calls are synchronous: exactly one thread writes (the writer's), reads come from a small pool of threads. An adapter
knows tables and SQL, never the meaning of an operation: that is `merge`'s.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from simos.hub.query import Condition, GeoCondition, Linked
from simos.hub.store.shelves import Lake, ShelfReader, ShelfWriter, Shelves
from simos.hub.values import (
    Change,
    Correction,
    Delivery,
    Device,
    Entity,
    Key,
    Page,
    Past,
    Point,
    Position,
    Rejection,
    Series,
    StoredContext,
    Subscription,
    Token,
)

TimeProperty = Literal["", "observedAt", "createdAt", "modifiedAt", "deletedAt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityQuery:
    """Which entities, by expanded names. Empty means no condition; conditions are joined by and.

    `types`, `ids`: any of them. `id_pattern`: regular expression, matched at any place. `attributes`: has any of them.
    `meets`: what else must hold of an entity. `in_order`: puts all that were found in order before the page is cut out;
    without it they come in order of id. `linked`: looks up the entities that `q` speaks of by relationships.
    """

    tenant: str
    types: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    id_pattern: str = ""
    attributes: tuple[str, ...] = ()
    q: Condition | None = None
    geo: GeoCondition | None = None
    meets: Callable[[Entity], bool] | None = None
    in_order: Callable[[Iterable[Entity]], list[Entity]] | None = None
    linked: Linked | None = None
    limit: int = 20
    offset: int = 0
    count: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeUse:
    """An attribute of entities of one type. `kinds`: of which it was found to be, where that was asked for; `bearers`:
    how many entities of any type bear it."""

    type: str
    attribute: str
    kinds: frozenset[str] = frozenset()
    bearers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """Points of the named entities (required) whose time lies in [since, until), microseconds. Result in order of
    entity, attribute, dataset, time ascending.

    `time`: which time; "" for `Point.at`, whatever that is. `first`, `last`: at most so many oldest or newest of each
    attribute and dataset. `datasets`: only these ("" without datasetId). `deletions`: when instances were deleted, too.
    """

    tenant: str
    entities: tuple[str, ...]
    attributes: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    last: int | None = None
    first: int | None = None
    time: TimeProperty = ""
    datasets: tuple[str, ...] = ()
    deletions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolutionQuery:
    """Entities that have a history, whether or not they have a present, in order of id from after the id `after`.

    `types`: any of them. With `attributes`: of one of them. With `time`: an instance whose `time` is in [since, until).
    """

    tenant: str
    types: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    time: TimeProperty = ""
    since: int | None = None
    until: int | None = None
    after: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateQuery:
    """Of the points that `history` names, in periods of `width` microseconds counted from `origin`; width None: all in
    one. `methods`: some of METHODS."""

    history: HistoryQuery
    origin: int | None
    width: int | None
    methods: frozenset[str]


METHODS = ("totalCount", "distinctCount", "sum", "avg", "min", "max", "stddev", "sumsq")


Figure = int | float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregates:
    """Of one attribute and dataset. `kind`: of the attribute. `values`: by method, one for each of `periods`, None if
    it does not apply; methods that never apply are left out.

    `periods`: their numbers from `origin` on; with all in one that is 0, and `first` and `last` are the times of the
    first and the last instance.
    """

    entity: str
    attribute: str
    dataset: str
    kind: str
    origin: int
    periods: Sequence[int]
    values: Mapping[str, Sequence[Figure]]
    first: int = 0
    last: int = 0


class Reader(ShelfReader, Protocol):
    """Reads what is committed. Safe to use from several threads."""

    at_hand: bool
    """The database is in this process: one row is read sooner than another thread is asked to read it."""

    def entity(self, tenant: str, entity_id: str) -> Entity | None: ...

    def entities(self, query: EntityQuery) -> Page: ...

    def entities_of(self, tenant: str, ids: Sequence[str]) -> dict[str, Entity]:
        """Those of `ids` that exist, by id."""
        ...

    def expired(self, at: int, *, limit: int = 1000) -> Sequence[Key]:
        """Entities whose time was over at the instant `at`."""
        ...

    def types(self, tenant: str) -> dict[str, int]:
        """Entity types in use, with how many entities bear each."""
        ...

    def attribute_uses(self, tenant: str, *, entity_type: str = "", attribute: str = "") -> Sequence[AttributeUse]:
        """Which attributes entities of which types bear, in order of type and attribute.

        Of one type, or one attribute, with kinds and bearers; kinds are those met in some of the entities.
        """
        ...

    def history(self, query: HistoryQuery) -> Iterator[Point]: ...

    def evolutions(self, query: EvolutionQuery) -> Sequence[Past]:
        """A present entity comes as a `Past` that was not deleted."""
        ...

    def aggregates(self, query: AggregateQuery) -> Iterator[Aggregates]:
        """Of each attribute and dataset that has an instance, in order of entity, attribute, dataset."""
        ...

    def head(self) -> Position:
        """The newest committed place in the change log."""
        ...

    def epoch_start(self) -> int:
        """The `seq` at which the present epoch began."""
        ...

    def changes(self, after: int, *, limit: int = 1000, tenant: str | None = None) -> Sequence[Change]:
        """Committed changes with `seq` above `after`, in commit order, none left out."""
        ...

    def tenants(self) -> Sequence[str]: ...

    def token(self, secret_sha256: str) -> Token | None: ...

    def tokens(self) -> Sequence[Token]: ...

    def devices(self, tenant: str | None = None) -> Sequence[Device]:
        """Those of one tenant, or of every one."""
        ...

    def rejections(self, *, limit: int = 100) -> Sequence[Rejection]:
        """The newest first."""
        ...

    def notes(self, topic: str, name: str | None = None) -> dict[str, str]:
        """What was noted under `topic` (and `name`), by name."""
        ...

    def contexts(self) -> Sequence[StoredContext]:
        """Every `@context` at hand, of all tenants."""
        ...

    def subscription(self, tenant: str, subscription_id: str) -> Subscription | None: ...

    def subscriptions(self, tenant: str | None = None) -> Sequence[Subscription]:
        """Those of one tenant, or of every one, in order of tenant and id."""
        ...

    def deliveries(self) -> Sequence[Delivery]:
        """How each subscription's notifications went, where that was ever put down."""
        ...

    def dispatched(self) -> int:
        """The change up to which every subscription was looked at."""
        ...


class Transaction(ShelfWriter, Protocol):
    """One write transaction: all of it is committed, or nothing. Sees its own writes."""

    def entities(self, keys: Iterable[Key]) -> dict[Key, Entity]:
        """Those of `keys` that exist, locked against other writers until the end of the transaction."""
        ...

    def put(self, entities: Sequence[Entity]) -> None:
        """Create or overwrite whole entities."""
        ...

    def delete(self, keys: Sequence[Key]) -> None:
        """Forget the present of these; their history stays."""
        ...

    def record(self, points: Sequence[Point]) -> Sequence[Correction]:
        """Add to history. The same key and instance is a no-op; another instance replaces it and is returned."""
        ...

    def record_series(self, series: Series) -> Sequence[Correction]:
        """As `record`, for points by the ten thousand."""
        ...

    def head(self) -> int:
        """The last `seq` of the change log."""
        ...

    def bury(self, points: Sequence[Point]) -> None:
        """Note when instances of attributes were deleted."""
        ...

    def pasts(self, keys: Iterable[Key]) -> dict[Key, Past]:
        """Those of `keys` that have only a past."""
        ...

    def put_pasts(self, pasts: Sequence[Past]) -> None: ...

    def forget(self, tenant: str, entity: str, attribute: str = "", dataset: str | None = None) -> bool:
        """Delete the history of an entity; or of one attribute, or of one dataset of it ("": without datasetId). False
        where there was none."""
        ...

    def forget_point(self, tenant: str, series: int, at: int) -> bool: ...

    def point(self, tenant: str, series: int, at: int) -> Point | None: ...

    def append(self, changes: Sequence[Change]) -> int:
        """Add to the change log and return the last `seq` given. Numbers are consecutive, and are taken under a lock
        that is held to the commit, so that no reader sees a later number before an earlier one."""
        ...

    def add_tenant(self, tenant: str) -> bool:
        """False where there is one already."""
        ...

    def put_token(self, token: Token) -> None: ...

    def delete_token(self, token_id: str) -> bool: ...

    def put_device(self, device: Device) -> None: ...

    def seen(self, devices: Sequence[tuple[str, str, int]]) -> None:
        """(tenant, device id, microseconds): when devices last sent. Unknown devices are passed over."""
        ...

    def seen_with(self, tokens: Sequence[tuple[str, int]]) -> None:
        """(token id, microseconds): when devices last sent, by the tokens with which they do."""
        ...

    def heard(self, devices: Sequence[Device]) -> None:
        """What feeds have heard of devices, new ones or known: when, and perhaps battery and interval."""
        ...

    def judged(self, devices: Sequence[Device]) -> None:
        """How often these usually send, and since when they are silent."""
        ...

    def reject(self, rejections: Sequence[Rejection]) -> None:
        """Keep these, and of all at most the newest 10,000."""
        ...

    def put_note(self, topic: str, name: str, content: str) -> None:
        """What a part of the hub wants to find again after a restart; "" takes it away."""
        ...

    def index_values(self, tenant: str, attribute: str, *, after: str = "") -> str | None:
        """Puts values of the attribute of some entities, with ids above `after`, into the index that queries use; the
        last of these ids, None where all are in. From the first call on new values go there by themselves."""
        ...

    def put_context(self, context: StoredContext) -> None: ...

    def delete_context(self, tenant: str, context_id: str) -> bool: ...

    def add_subscription(self, subscription: Subscription) -> bool:
        """False where there is one already."""
        ...

    def put_subscription(self, subscription: Subscription) -> None: ...

    def delete_subscription(self, tenant: str, subscription_id: str) -> bool:
        """Forgets its deliveries too. False where there was none."""
        ...

    def put_deliveries(self, deliveries: Sequence[Delivery], *, dispatched: int) -> None:
        """Keep these, and that all subscriptions were looked at up to `dispatched`."""
        ...


class Store(Protocol):
    """A database of the hub. `reader` is shared; `transaction` is for the one writer."""

    reader: Reader
    shelves: Shelves

    def migrate(self) -> None:
        """Bring the tables to this release's shape. Idempotent."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Commits durably on leaving, rolls back on any exception."""
        ...

    def backup(self, folder: str) -> None:
        """A consistent copy into `folder`, taken while the hub runs."""
        ...

    def attach(self, lake: Lake) -> None:
        """From now on days that lie in `lake` are read from there."""
        ...

    def new_epoch(self) -> None:
        """To be called after a restore: consumers know that numbers may be given a second time."""
        ...

    def close(self) -> None: ...

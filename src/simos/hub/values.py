"""What the hub holds and passes on, as values. Names here are expanded (full IRIs); instants are microseconds (UTC).

The form of an attribute inside the hub is the NGSI-LD normalized one (ETSI GS CIM 009, 4.5), with every name expanded
and every attribute a list of instances, one for each `datasetId`. JSON-LD short names exist only at the edge.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

DEFAULT_TENANT = ""
"""What a request without an `NGSILD-Tenant` header means."""

TENANT_NAME = re.compile(r"(?!default$)[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}", re.ASCII)
"""What a tenant may be called. `default` is how MQTT topics name the one without a name."""

Instance = dict[str, Any]
"""One attribute instance: `type` (its kind), `value` | `object` | ... , and optionally `observedAt`, `unitCode`,
`datasetId`; once stored also `createdAt` and `modifiedAt` (ISO 8601, Z). Sub-attributes under their expanded names."""

Attributes = dict[str, list[Instance]]

NEVER = 0
"""In a write: what is there does not expire any more."""

Selection = tuple[frozenset[str], ...]
"""Alternatives of types, each of which an entity bears altogether (4.17); () is met by every entity."""

Key = tuple[str, str]
"""(tenant, entity id)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing as it is now. `types` sorted; times in microseconds. After `expires_at` it is there no more."""

    tenant: str
    id: str
    types: tuple[str, ...]
    attributes: Attributes
    created_at: int
    modified_at: int
    scopes: tuple[str, ...] = ()
    expires_at: int | None = None

    @property
    def key(self) -> Key:
        return (self.tenant, self.id)


class Mode(StrEnum):
    """What a write does to the entity it names. Each is one operation of NGSI-LD, in a batch or alone."""

    CREATE = "create"  # refused where the entity exists
    UPSERT = "upsert"  # create, or else overwrite the attributes named and keep the others
    REPLACE_OR_CREATE = "replace-or-create"  # create, or else this and nothing else is left
    REPLACE = "replace"  # refused where it is missing
    APPEND = "append"  # add and overwrite attributes of one that exists
    APPEND_NEW = "append-new"  # add attributes, leave those it has
    UPDATE = "update"  # overwrite attributes that it has, report the others as not updated
    MERGE = "merge"  # merge patch of attributes and their members
    PATCH_ATTRIBUTE = "patch-attribute"  # members of one attribute instance
    REPLACE_ATTRIBUTE = "replace-attribute"  # one attribute instance that is there
    EXPIRE = "expire"  # delete what has expired
    DELETE = "delete"
    DELETE_ATTRIBUTE = "delete-attribute"
    RECORD = "record"  # history only: the present stays as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One wanted change, already parsed and valid in form.

    For DELETE_ATTRIBUTE, `attributes` names the attribute with one instance that bears only its `datasetId`, and
    `all_datasets` says whether to delete every instance. For RECORD each attribute may have many instances.
    `granted`: the only types that the entity may bear already; None for all. `only`: an entity of other types is taken
    for missing. `expires_at`: None says nothing of it, NEVER that it does not expire. `kinds_kept`: what has the same
    value in another kind of attribute is said in the kind that is there (merge of simplified entities).
    """

    tenant: str
    id: str
    mode: Mode
    types: tuple[str, ...] = ()
    attributes: Attributes = field(default_factory=dict)
    scopes: tuple[str, ...] | None = None
    all_datasets: bool = False
    expires_at: int | None = None
    only: Selection = ()
    observed_at: str | None = None
    lang: str | None = None
    kinds_kept: bool = False
    granted: frozenset[str] | None = None


class Done(StrEnum):
    """How a write ended."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    EXISTS = "exists"  # refused: there is one already
    MISSING = "missing"  # refused: no such entity
    NO_ATTRIBUTE = "no-attribute"  # refused: no such attribute (or instance)
    NOT_GRANTED = "not-granted"  # refused: the entity bears a type that the sender may not touch
    REFUSED = "refused"  # refused for the reason in `detail`


REFUSALS = frozenset({Done.EXISTS, Done.MISSING, Done.NO_ATTRIBUTE, Done.NOT_GRANTED, Done.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer to one write. `updated` and `not_updated` name attributes (expanded); `detail` says why not."""

    done: Done
    id: str
    updated: tuple[str, ...] = ()
    not_updated: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""

    @property
    def refused(self) -> bool:
        return self.done in REFUSALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One instant of one attribute's history; its key is (tenant, entity, attribute, dataset, at).

    `at` is `observedAt` where the source gave one, else when the hub got it. `instance` is the canonical JSON (sorted
    keys) of the attribute instance without `createdAt` and `modifiedAt`. `number` is its value where that is a number.

    `got_at`: when the hub got it, None where that is `at` itself; `changed_at`: when it was corrected since. `deleted`:
    it tells that the instance was deleted. `series`: the store's number for all but `at` of the key.
    """

    tenant: str
    entity: str
    attribute: str
    dataset: str
    at: int
    instance: bytes
    number: float | None
    got_at: int | None = None
    changed_at: int | None = None
    deleted: bool = False
    series: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An entity that has a history and no present: it was deleted at `deleted_at`, or (None) never had a present."""

    tenant: str
    id: str
    types: tuple[str, ...]
    scopes: tuple[str, ...]
    created_at: int
    modified_at: int
    deleted_at: int | None = None

    @property
    def key(self) -> Key:
        return (self.tenant, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A point of history that was there with another value, and now is `point`."""

    point: Point
    before: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Points of many series of one tenant, by column: what `Point` says, a list for each part.

    `keys`: (entity, attribute, dataset) of each series; `which`: of each point, its place there. Same order as they are
    to be recorded in.
    """

    tenant: str
    keys: list[tuple[str, str, str]]
    which: list[int]
    at: list[int]
    instances: list[str]
    numbers: list[float | None]
    got_at: int


class ChangeKind(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    CORRECTED = "corrected"  # the past of an attribute, not its present


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of the change log. `attributes` holds those that changed, as they are now ([] where deleted);
    for CORRECTED as they are corrected, each with the former instance under `previous`.

    `former`: the same attributes as they were; kept in the log where something was deleted or somebody asks for it.
    `whole`: the entity as this change left it (as it last was, where deleted); never kept, so None of what is read.
    `quiet`: subscribers are not told of it (a bulk load).
    """

    tenant: str
    entity: str
    types: tuple[str, ...]
    kind: ChangeKind
    attributes: Attributes
    at: int
    seq: int = 0
    former: Attributes = field(default_factory=dict)
    whole: Entity | None = field(default=None, compare=False)
    quiet: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the change log. A restored hub starts a new epoch: `seq` of different epochs do not compare."""

    epoch: str
    seq: int

    def __str__(self) -> str:
        return f"{self.epoch}:{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """The inverse of `str`; ValueError if it is not one."""
        epoch, _, seq = text.rpartition(":")
        return cls(epoch, int(seq))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entities in order of id; `total` where a count was asked for. `wished`: attributes whose values in an index would
    have spared much looking."""

    entities: Sequence[Entity]
    total: int | None = None
    wished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A credential of a device, a program or a city's office. Only the SHA-256 of the secret is kept.

    `tenants` and `types` (short or full names): those it may touch; `*` all. `expires_at` in microseconds, None: never.
    """

    id: str
    name: str
    secret_sha256: str
    tenants: frozenset[str]
    types: frozenset[str] = frozenset({"*"})
    may_write: bool = False
    may_administer: bool = False
    expires_at: int | None = None
    created_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A thing that sends. `token` is the id of its credential, "" for one that a feed has brought (`feed`).

    Microseconds: `last_seen_at` (None: never), `every` (the interval that was declared), `usual` (the one that was
    learnt), `silent_since` (None: it is not silent). `battery`: percent.
    """

    tenant: str
    id: str
    name: str
    token: str
    last_seen_at: int | None = None
    feed: str = ""
    every: int | None = None
    usual: int | None = None
    silent_since: int | None = None
    battery: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscription as it is kept. `document`: what the subscriber said, names expanded, without what only we may say;
    `context`: the `@context` it was said in.

    `types`: the only ones it may see, None for all. `since`: changes of the log up to this one are not its concern.
    """

    tenant: str
    id: str
    document: dict[str, Any]
    context: Any
    types: frozenset[str] | None
    since: int
    created_at: int
    modified_at: int

    @property
    def key(self) -> Key:
        return (self.tenant, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How the notifications of one subscription went. Times in microseconds, None: never.

    `waiting_from`: the first change of the log that is not yet delivered; None where none waits.
    """

    tenant: str
    subscription: str
    waiting_from: int | None = None
    times_sent: int = 0
    times_failed: int = 0
    last_notification: int | None = None
    last_success: int | None = None
    last_failure: int | None = None

    @property
    def key(self) -> Key:
        return (self.tenant, self.subscription)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Something that came by a channel without an answer (MQTT) and could not be stored: kept to be looked at."""

    tenant: str
    source: str
    topic: str
    payload: bytes
    reason: str
    at: int
    id: int = 0


class ContextKind(StrEnum):
    """How an `@context` came to be here (5.13.1)."""

    HOSTED = "Hosted"  # a client gave it into our keeping
    CACHED = "Cached"  # a copy of what lies elsewhere
    IMPLICIT = "ImplicitlyCreated"  # of several parts, so that one address says it


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContext:
    """An `@context` at hand. `body`: its content. `address`: where a copy was fetched, "" for the others. A copy
    belongs to no tenant."""

    tenant: str
    id: str
    kind: ContextKind
    address: str
    body: Any
    created_at: int

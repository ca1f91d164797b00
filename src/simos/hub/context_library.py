"""The contexts at hand: those that clients gave into our keeping, and copies of those that lie elsewhere (5.13).

A context elsewhere is fetched once, whoever names it first; from then on its copy is read, until somebody deletes it
or has it fetched anew. What comes from elsewhere is limited in time, size and redirects, and private networks are
closed to it (`Reach`).
"""

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from simos.hub.addresses import Reach
from simos.hub.context_fetching import fetch
from simos.hub.contexts import CORE, Context, addresses_in, canonical, context_of, is_core
from simos.hub.problems import BadRequestData, LdContextNotAvailable
from simos.hub.values import ContextKind, StoredContext
from simos.kernel.clock import micros_of, now
from simos.kernel.ids import new_id

HOSTED = "/ngsi-ld/v1/jsonldContexts/"
"""Under which path contexts in our keeping are read."""

COPIES = 2000
_MEANINGS = 2000
_OURS = re.compile(r"https?://[^/]+(?:/[^?#]*)?" + re.escape(HOSTED) + r"([^/?#]+)")

Keep = Callable[[StoredContext], None]
Forget = Callable[[StoredContext], None]


@dataclass(slots=True)
class Use:
    """How often a context was used since this process began, and when last (microseconds)."""

    hits: int = 0
    last_at: int | None = None


class ContextLibrary:
    """All of them, of every tenant. On the event loop only, but for `of`, which any thread may call.

    `keep` and `forget` are told what is to be stored and what is not any more.
    """

    def __init__(self, reach: Reach, kept: Iterable[StoredContext] = (), *, keep: Keep, forget: Forget) -> None:
        self._reach = reach
        self._keep, self._forget = keep, forget
        self._entries: dict[tuple[str, str], StoredContext] = {(each.tenant, each.id): each for each in kept}
        self._copies = {each.address: each for each in self._entries.values() if each.address}
        self._uses: dict[tuple[str, str], Use] = {}
        self._meanings: dict[tuple[str, bytes], Context] = {}
        self._fetching: dict[str, asyncio.Task[Any]] = {}

    async def get(self, source: Any, tenant: str) -> Context:
        """The context that `source` means, fetched where it has to be; a Problem where it cannot be had."""
        await self.ready(source, tenant)
        return self.of(source, tenant)

    async def ready(self, source: Any, tenant: str, base: str = "", depth: int = 0) -> None:
        """All that `source` names is at hand."""
        if depth > 8:
            raise BadRequestData("@context: too many or too deep")
        for address in dict.fromkeys(addresses_in(source, base)):
            found = self._found(address, tenant)
            body = found.body if found is not None else await self._fetched(address)
            await self.ready(body, tenant, address, depth + 1)

    def of(self, source: Any, tenant: str) -> Context:
        """The context that `source` means, of what is at hand."""
        if source is None or source == [] or (isinstance(source, str) and is_core(source)):
            return CORE
        key = (tenant, canonical(source))
        known = self._meanings.get(key)
        if known is None:
            known = context_of(source, lambda address: self._body(address, tenant))
            if len(self._meanings) >= _MEANINGS:
                self._meanings.clear()
            self._meanings[key] = known
        for one in known.sources:
            if isinstance(one, str):
                self._used(one, tenant)
        return known

    def _used(self, address: str, tenant: str) -> None:
        if entry := self._found(address, tenant):
            use = self._uses.setdefault((entry.tenant, entry.id), Use())
            use.hits += 1
            use.last_at = micros_of(now())

    def _found(self, address: str, tenant: str) -> StoredContext | None:
        if ours := _OURS.fullmatch(address):
            entry = self._entries.get((tenant, ours.group(1)))
            if entry is not None and entry.kind is not ContextKind.CACHED:
                return entry
        return self._copies.get(address)

    def _body(self, address: str, tenant: str) -> Any:
        found = self._found(address, tenant)
        if found is None:
            raise LdContextNotAvailable(f"the context {address[:200]} is not at hand")
        return found.body

    async def _fetched(self, address: str) -> Any:
        """One fetch for all who wait for it."""
        task = self._fetching.get(address)
        if task is None:
            task = self._fetching[address] = asyncio.create_task(self._fetch_and_keep(address))
            task.add_done_callback(lambda _: self._fetching.pop(address, None))
        return await asyncio.shield(task)

    async def _fetch_and_keep(self, address: str) -> Any:
        body = await fetch(address, self._reach)
        context_of(_local_part(body))  # refused as BadRequestData where it is no context
        while len(self._copies) >= COPIES:
            self._drop(next(iter(self._copies.values())))
        self._take(
            StoredContext(
                tenant="",
                id=hashlib.sha256(address.encode()).hexdigest()[:32],
                kind=ContextKind.CACHED,
                address=address,
                body=body,
                created_at=micros_of(now()),
            )
        )
        return body

    def _take(self, entry: StoredContext) -> None:
        self._entries[entry.tenant, entry.id] = entry
        if entry.address:
            self._copies[entry.address] = entry
        self._meanings.clear()
        self._keep(entry)

    def _drop(self, entry: StoredContext) -> None:
        self._entries.pop((entry.tenant, entry.id), None)
        self._copies.pop(entry.address, None)
        self._uses.pop((entry.tenant, entry.id), None)
        self._meanings.clear()
        self._forget(entry)

    async def host(self, body: Any, tenant: str) -> StoredContext:
        """`body`, an `@context`, in our keeping; a Problem where it is none or names what cannot be had."""
        await self.get(body, tenant)
        entry = StoredContext(
            tenant=tenant, id=new_id(), kind=ContextKind.HOSTED, address="", body=body, created_at=micros_of(now())
        )
        self._take(entry)
        return entry

    def implicit(self, context: Context, tenant: str) -> StoredContext:
        """A context of several parts in our keeping, so that one address says it."""
        body = list(context.sources)
        name = hashlib.sha256(canonical(body)).hexdigest()[:32]
        entry = self._entries.get((tenant, name))
        if entry is None:
            kind = ContextKind.IMPLICIT
            entry = StoredContext(tenant=tenant, id=name, kind=kind, address="", body=body, created_at=micros_of(now()))
            self._take(entry)
        return entry

    def entries(self, tenant: str) -> list[StoredContext]:
        """Those that `tenant` may see, the oldest first: its own, and copies, which are everybody's."""
        seen = [each for each in self._entries.values() if each.kind is ContextKind.CACHED or each.tenant == tenant]
        return sorted(seen, key=lambda each: (each.created_at, each.id))

    def named(self, name: str, tenant: str) -> StoredContext | None:
        """The entry that a client calls `name`: its id here, or an address."""
        entry = self._entries.get((tenant, name)) or self._entries.get(("", name))
        if entry is not None and (entry.kind is ContextKind.CACHED or entry.tenant == tenant):
            return entry
        return self._found(name, tenant)

    def use_of(self, entry: StoredContext) -> Use:
        return self._uses.get((entry.tenant, entry.id), Use())

    def delete(self, entry: StoredContext) -> None:
        self._drop(entry)

    async def reload(self, entry: StoredContext) -> None:
        """The copy is fetched anew; where that fails it stays as it was, and LdContextNotAvailable says so."""
        try:
            body = await fetch(entry.address, self._reach)
            context_of(_local_part(body))
        except BadRequestData as error:
            raise LdContextNotAvailable(f"{entry.address} holds no context any more: {error.detail}") from None
        self._drop(entry)
        self._take(
            StoredContext(
                tenant=entry.tenant,
                id=entry.id,
                kind=entry.kind,
                address=entry.address,
                body=body,
                created_at=micros_of(now()),
            )
        )


def _local_part(source: Any) -> Any:
    """`source` without the addresses in it: what can be judged before those are there."""
    if isinstance(source, list):
        return [_local_part(each) for each in source]
    if isinstance(source, str):
        return None
    if isinstance(source, dict):
        if "@context" in source:
            return _local_part(source["@context"])
        return {name: meant for name, meant in source.items() if name != "@import"}
    return source

"""The live stream's heart: committed changes go to whoever listens, each with its place in the log.

A listener that is too slow is let go: it comes back with the last place it saw, and the log gives it the rest.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from simos.hub.values import Change

LINE_LIMIT = 2000
"""Changes that may wait for one listener."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What a listener wants: one tenant, and any of `types` and `ids` (empty: all). `granted` None: every type."""

    tenant: str
    types: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    granted: frozenset[str] | None = None

    def wants(self, change: Change) -> bool:
        return (
            change.tenant == self.tenant
            and (not self.ids or change.entity in self.ids)
            and (not self.types or not self.types.isdisjoint(change.types))
            and (self.granted is None or not self.granted.isdisjoint(change.types))
        )


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. `line` ends with None when the stream is to be closed."""

    interest: Interest
    line: asyncio.Queue[Change | None] = field(default_factory=lambda: asyncio.Queue(LINE_LIMIT + 1))


class Live:
    """All open streams of this process. Used on the event loop only."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._listeners)

    def listen(self, interest: Interest) -> Listener:
        listener = Listener(interest)
        if self._closed:
            listener.line.put_nowait(None)
        else:
            self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def publish(self, changes: Sequence[Change]) -> None:
        for listener in list(self._listeners):
            for change in changes:
                if not listener.interest.wants(change):
                    continue
                if listener.line.qsize() >= LINE_LIMIT:
                    self._let_go(listener)
                    break
                listener.line.put_nowait(change)

    def close(self) -> None:
        """Ends every stream, and those that come later at once: to be called first on stop."""
        self._closed = True
        for listener in list(self._listeners):
            self._let_go(listener)

    def _let_go(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        listener.line.put_nowait(None)

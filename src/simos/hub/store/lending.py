"""Sessions lent to readers, each to one thread at a time, kept open for the next one. Knows no database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    def close(self) -> None: ...


S = TypeVar("S", bound=Closable)


class Lender(Generic[S]):
    """As many sessions as there are readers at the same time; threads may come and go."""

    def __init__(self, open_session: Callable[[], S]) -> None:
        self._open = open_session
        self._idle: list[S] = []
        self._closed = False
        self._lock = threading.Lock()

    @contextmanager
    def lent(self) -> Iterator[S]:
        """A session for the length of the block; RuntimeError once the store is closed."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the store is closed")
            session = self._idle.pop() if self._idle else None
        session = session or self._open()
        try:
            yield session
        finally:
            with self._lock:
                keep = not self._closed
                if keep:
                    self._idle.append(session)
            if not keep:
                session.close()

    def close(self) -> None:
        """Closes all of them; those that are lent just now when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for session in idle:
            session.close()

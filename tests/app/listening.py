"""An open live stream (server-sent events), as a page that somebody looks at holds one."""

import http.client
import json
from types import TracebackType
from typing import Any

from tests.running import Running


class Stream:
    """A live stream from its opening on; reading waits for what comes."""

    def __init__(self, platform: Running, path: str, seconds: float = 20.0) -> None:
        self._connection = http.client.HTTPConnection("localhost", platform.port, timeout=seconds)
        self._connection.request("GET", path, headers={"Accept": "text/event-stream"})
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200, self._answer.read()
        assert self._next()[0] == "hello"

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._connection.close()

    def _next(self) -> tuple[str, Any]:
        """The next event's name and data."""
        name, data = "", ""
        while line := self._answer.readline().decode():
            field, _, value = line.rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
            elif not line.strip() and name:
                return name, json.loads(data)
        return "", None

    def change(self) -> Any:
        """The next change."""
        name, data = self._next()
        assert name == "entity", name
        return data

    def is_bidden_farewell(self) -> bool:
        """Whether what comes next says that the stream ends, and it does."""
        return self._next()[0] == "bye" and self._next() == ("", None)

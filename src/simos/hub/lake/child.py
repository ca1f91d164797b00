"""A program of ours that runs beside the hub and answers one question after the other, over its input and output.

Nothing of what comes back is ever run: it is JSON and bytes. A program that nobody asks ends by itself after a while,
and is started again by the next question.
"""

import select
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from typing import IO, Any

import orjson

from simos.kernel.errors import Invalid, Unavailable

IDLE_SECONDS = 60
"""After which an idle program ends: it holds memory."""

_LENGTH = struct.Struct("<I")


class Child:
    """Asked by any thread, one at a time."""

    def __init__(self, module: str, given: dict[str, Any]) -> None:
        """`module`: what is run; it is told `given` first."""
        self._module, self._given = module, given
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ask(self, question: dict[str, Any], *, seconds: float | None = None) -> Any:
        """The answer. Invalid with its words where the question made no sense; Unavailable where it could not be
        answered, or took longer than `seconds`: then the program is killed."""
        with self._lock:
            for again in (True, False):
                process = self._process = self._running()
                try:
                    return self._answer(process, question, seconds)
                except (BrokenPipeError, EOFError):
                    self._end()
                    if not again:
                        raise Unavailable(f"{self._module} ended before it had answered.") from None
        raise AssertionError

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        command = [sys.executable, "-m", self._module]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        assert process.stdin is not None
        send(process.stdin, orjson.dumps(self._given))
        return process

    def _answer(self, process: subprocess.Popen[bytes], question: dict[str, Any], seconds: float | None) -> Any:
        assert process.stdin is not None
        assert process.stdout is not None
        send(process.stdin, orjson.dumps(question))
        if seconds is not None and not select.select([process.stdout], [], [], seconds)[0]:
            self._end()
            raise Unavailable(f"It took longer than {seconds:g} seconds and was broken off.")
        done, body = receive(process.stdout), receive(process.stdout)
        if done == b"raw":
            return body
        answer = orjson.loads(body)
        if done == b"wrong":
            raise Invalid(str(answer))
        if done != b"done":
            raise Unavailable(f"The lake could not be asked: {answer}")
        return answer

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()

    def close(self) -> None:
        with self._lock:
            self._end()


def send(pipe: IO[bytes], body: bytes) -> None:
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()


def receive(pipe: IO[bytes] | FileIO) -> bytes:
    """EOFError where the other side has gone."""
    (length,) = _LENGTH.unpack(_all_of(pipe, _LENGTH.size))
    return _all_of(pipe, length)


def _all_of(pipe: IO[bytes] | FileIO, length: int) -> bytes:
    body = bytearray()
    while len(body) < length:
        if not (more := pipe.read(length - len(body))):
            raise EOFError
        body += more
    return bytes(body)


def serve(start: Callable[[dict[str, Any]], Callable[[dict[str, Any]], Any]]) -> None:
    """The other side: `start` is given what there is to know, and makes what answers questions."""
    source, target = FileIO(0, closefd=False), sys.stdout.buffer  # without a buffer, in which something waits unseen
    try:
        given = orjson.loads(receive(source))
        answer: Callable[[dict[str, Any]], Any] | None = None
        while select.select([source], [], [], IDLE_SECONDS)[0]:
            question = orjson.loads(receive(source))
            try:
                answer = answer or start(given)
                found = answer(question)
            except Invalid as refusal:
                done, found = b"wrong", refusal.detail
            except Exception as error:  # noqa: BLE001 - whatever it is, the asker is told
                done, found = b"failed", f"{type(error).__name__}: {error}"
            else:
                done = b"raw" if isinstance(found, bytes) else b"done"
            send(target, done)
            send(target, found if isinstance(found, bytes) else orjson.dumps(found))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return

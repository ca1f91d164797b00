"""The virus scanner: asked by ClamAV's own protocol; what it finds stays out, and its silence lets nothing in."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from pydantic import ValidationError

from simos.app.settings import Settings
from simos.kernel.errors import Invalid, Unavailable
from simos.platform.files.scanning import scanned

CONTENT = b"x" * 200_000


@contextmanager
def daemon(listening: socket.socket, reply: bytes, *, reads: int | None = None) -> Iterator[list[bytes]]:
    """Answers one connection as clamd(8) does; `reads`: how many bytes it takes before it answers. Gives what came."""
    came: list[bytes] = []

    def whole(wire: socket.socket, size: int) -> bytes:
        got = b""
        while len(got) < size and (part := wire.recv(size - len(got))):
            got += part
        return got

    def serve() -> None:
        wire, _ = listening.accept()
        with wire:
            came.append(whole(wire, len(b"zINSTREAM\0")))
            if reads is not None:
                whole(wire, reads)
            else:
                while size := int.from_bytes(whole(wire, 4), "big"):
                    came.append(whole(wire, size))
            wire.sendall(reply)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield came
    thread.join()
    listening.close()


def at(address: str):
    return override_settings(SIMOS=settings.SIMOS.model_copy(update={"clamd": address}))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def address_of(listening: socket.socket) -> str:
    return f"127.0.0.1:{listening.getsockname()[1]}"


def test_without_a_scanner_a_file_is_unscanned(content):
    assert scanned(content) is False


def test_all_of_a_clean_file_is_seen(content, listening):
    with daemon(listening, b"stream: OK\0") as came, at(address_of(listening)):
        assert scanned(content) is True
    assert came[0] == b"zINSTREAM\0"
    assert b"".join(came[1:]) == CONTENT


def test_over_a_local_socket_too(content, tmp_path):
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "clamd"))
    listening.listen()
    with daemon(listening, b"stream: OK\0"), at(f"unix:{tmp_path / 'clamd'}"):
        assert scanned(content) is True


def test_what_holds_a_virus_is_refused_by_its_name(content, listening):
    with (
        daemon(listening, b"stream: Eicar-Test-Signature FOUND\0"),
        at(address_of(listening)),
        pytest.raises(Invalid, match="Eicar-Test-Signature"),
    ):
        scanned(content)


@pytest.mark.parametrize("reply", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"what?\0"])
def test_a_scanner_that_could_not_look_lets_nothing_in(content, listening, reply):
    with daemon(listening, reply), at(address_of(listening)), pytest.raises(Unavailable):
        scanned(content)


def test_a_scanner_that_hangs_up_early_is_still_heard(tmp_path, listening):
    big = tmp_path / "big"
    big.write_bytes(b"x" * 8_000_000)
    said = b"INSTREAM size limit exceeded. ERROR\0"
    with daemon(listening, said, reads=10), at(address_of(listening)), pytest.raises(Unavailable):
        scanned(big)


def test_a_scanner_that_is_not_there_lets_nothing_in(content, listening, tmp_path):
    listening.close()
    for address in ("127.0.0.1:1", f"unix:{tmp_path / 'none'}"):
        with at(address), pytest.raises(Unavailable):
            scanned(content)


@pytest.mark.parametrize("address", ["clamd", "unix:", ":3310", "host:port"])
def test_an_address_that_cannot_be_stops_the_start(address):
    with pytest.raises(ValidationError):
        Settings(clamd=address)

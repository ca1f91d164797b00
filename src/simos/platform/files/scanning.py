"""Asking a ClamAV daemon whether a file holds a virus, by its INSTREAM command (clamd(8)). Stores nothing."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from simos.kernel.errors import Invalid, Unavailable

_CHUNK = 1 << 16
_PATIENCE = 60.0
"""Seconds for each step: a big archive takes the daemon a while."""
_LONGEST_REPLY = 4096


def scanned(path: Path) -> bool:
    """True where the scanner named by the setting `clamd` found the file clean; False where no scanner is named.

    Invalid where it found a virus. Unavailable where it does not answer, or could not look at the file: a scanner that
    is wanted and silent lets nothing in.
    """
    address = settings.SIMOS.clamd
    if not address:
        return False
    try:
        said = _reply(address, path)
    except OSError as error:
        raise Unavailable(
            f"the virus scanner does not answer ({error.__class__.__name__}); nothing was stored"
        ) from error
    if said.endswith(" FOUND"):
        virus = said.removesuffix(" FOUND").removeprefix("stream: ")
        raise Invalid(f"the virus scanner found {virus} in this file; it was not stored", field="file")
    if said != "stream: OK":
        raise Unavailable(f"the virus scanner could not look at this file ({said or 'no reply'}); nothing was stored")
    return True


def _reply(address: str, path: Path) -> str:
    with _connected(address) as wire, path.open("rb") as opened:
        wire.sendall(b"zINSTREAM\0")
        try:
            while part := opened.read(_CHUNK):
                wire.sendall(len(part).to_bytes(4, "big") + part)
            wire.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has said enough already (too big): what, is read below
        return _read(wire).partition(b"\0")[0].decode("utf-8", "replace").strip()


def _read(wire: socket.socket) -> bytes:
    said = b""
    while b"\0" not in said and len(said) < _LONGEST_REPLY and (part := wire.recv(_LONGEST_REPLY)):
        said += part
    return said


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    if address.startswith("unix:"):
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    else:
        wire = socket.socket(socket.AF_INET6 if address.startswith("[") else socket.AF_INET, socket.SOCK_STREAM)
    with wire:
        wire.settimeout(_PATIENCE)
        if address.startswith("unix:"):
            wire.connect(address.removeprefix("unix:"))
        else:
            host, _, port = address.rpartition(":")
            wire.connect((host.strip("[]"), int(port)))
        yield wire

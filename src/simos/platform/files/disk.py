"""Where contents lie and how they get there: whole, on the disk itself, or not at all. Knows no table."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings

_SHA256 = re.compile(r"[0-9a-f]{64}")
_INCOMING = "incoming"


class TooBig(Exception):
    """More came than is allowed; reading stopped there."""


def path_of(sha256: str) -> Path:
    """Where the content with this hash lies, if it is there."""
    return _root() / sha256[:2] / sha256[2:4] / sha256


def _root() -> Path:
    return Path(settings.FILES_ROOT)


@contextmanager
def incoming(chunks: Iterable[bytes], *, most_bytes: int) -> Iterator[tuple[Path, str, int]]:
    """A file that nobody else sees with what came, its SHA-256 and size; gone after the block unless it was `kept`.

    TooBig past `most_bytes`; OSError where the disk does not take it.
    """
    folder = _root() / _INCOMING
    _make(folder)
    path = folder / secrets.token_hex(16)
    try:
        found, size = hashlib.sha256(), 0
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
            for part in chunks:
                size += len(part)
                if size > most_bytes:
                    raise TooBig
                found.update(part)
                opened.write(part)
            opened.flush()
            os.fsync(opened.fileno())
        yield path, found.hexdigest(), size
    finally:
        path.unlink(missing_ok=True)


def keep(path: Path, sha256: str, *, at: datetime) -> None:
    """What lies at `path` survives a power cut as the content with this hash, received `at`; `path` is free again.

    What was there under the same hash is replaced: that mends what the disk has lost.
    """
    place = path_of(sha256)
    _make(place.parent)
    os.utime(path, (at.timestamp(), at.timestamp()))
    path.replace(place)
    _sync(place.parent)


def _make(folder: Path) -> None:
    """The folder is there, and will be after a power cut."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        _sync(each.parent)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def received_before(at: datetime) -> Iterator[str]:
    """The hashes of contents on disk that came in before `at`, or again before `at`."""
    for path in _root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if _SHA256.fullmatch(path.name) and is_older(path, at):
            yield path.name


def is_older(path: Path, at: datetime) -> bool:
    """Whether what lies there came before `at`; False where nothing lies."""
    try:
        return path.stat().st_mtime < at.timestamp()
    except FileNotFoundError:
        return False


def clear_incoming(*, before: datetime) -> None:
    """What a process that died left half received before that time is gone."""
    for path in (_root() / _INCOMING).glob("*"):
        if is_older(path, before):
            path.unlink(missing_ok=True)

"""Taking in a file: what comes is measured, looked at, scanned and made safe on disk. Makes no row."""

from collections.abc import Iterable
from datetime import datetime

from simos.kernel.errors import Invalid, Unavailable
from simos.platform.files import disk
from simos.platform.files.kinds import SUFFIXES, Kind, kind_of
from simos.platform.files.names import safe_name
from simos.platform.files.scanning import scanned
from simos.platform.files.values import Purpose, Received


def receive(chunks: Iterable[bytes], *, name: str, purpose: Purpose, at: datetime) -> Received:
    """The file is whole on disk and may be attached within the hour. `chunks`: an upload's, so that none fills memory.

    Invalid, and nothing stored, where it is empty, too big, of a kind that the purpose does not take, or holds a virus;
    Unavailable where the disk or the scanner fails. `at` is the platform's present. Call it outside of a transaction:
    scanning takes time.
    """
    try:
        with disk.incoming(chunks, most_bytes=purpose.most_bytes) as (path, sha256, size):
            if not size:
                raise Invalid("this file is empty", field="file")
            kind = kind_of(path, name)
            if kind is None or kind not in purpose.kinds:
                taken = ", ".join(dict.fromkeys(suffix for each in purpose.kinds for suffix in each.suffixes))
                found = f"it is {kind.name}" if kind else "what it is was not recognised"
                raise Invalid(f"this kind of file is not taken here: {found}; taken are {taken}", field="file")
            scanned_at = at if scanned(path) else None
            disk.keep(path, sha256, at=at)
    except disk.TooBig:
        raise Invalid(f"this file is too big; at most {_size(purpose.most_bytes)} are taken", field="file") from None
    except OSError as error:
        raise Unavailable(f"the file could not be stored ({error.strerror or error})") from error
    return Received(
        sha256=sha256,
        size=size,
        name=safe_name(name, kind.suffixes, SUFFIXES),
        kind=kind,
        purpose=purpose,
        scanned_at=scanned_at,
    )


def keep_made(chunks: Iterable[bytes], *, name: str, kind: Kind, purpose: Purpose, at: datetime) -> Received:
    """The same for a file that the platform has made itself: it is of the kind that is said, and nobody scans it."""
    try:
        with disk.incoming(chunks, most_bytes=purpose.most_bytes) as (path, sha256, size):
            disk.keep(path, sha256, at=at)
    except disk.TooBig:
        raise Invalid(f"this file is too big; at most {_size(purpose.most_bytes)} are taken", field="file") from None
    except OSError as error:
        raise Unavailable(f"the file could not be stored ({error.strerror or error})") from error
    return Received(sha256=sha256, size=size, name=name, kind=kind, purpose=purpose, scanned_at=None)


def _size(size: int) -> str:
    return f"{size / 1_000_000:g} MB" if size >= 1_000_000 else f"{size / 1000:g} kB"

"""What is said of files: what they are for, what they belong to, and one that has come in. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from simos.platform.files.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What files are taken for: of which kinds, how big at most (bytes), and how long they are kept.

    `keep` None: until their owner removes them. `open`: anyone may read them, as who owns them says, and nobody writes
    down who did; others are read for a stated purpose, which is audited.
    """

    name: str
    kinds: tuple[Kind, ...]
    most_bytes: int
    keep: timedelta | None = None
    open: bool = False

    def __post_init__(self) -> None:
        if not self.kinds or self.most_bytes < 1:
            raise ValueError(f"purpose {self.name!r}: some kind of file and a size above zero are allowed")


@dataclass(frozen=True, slots=True)
class Owner:
    """The object that a file belongs to: a model's label in lower case, and its key."""

    type: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that is safe on disk and belongs to nothing yet: an action attaches it, else it is cleared away."""

    sha256: str
    size: int
    name: str
    kind: Kind
    purpose: Purpose
    scanned_at: datetime | None

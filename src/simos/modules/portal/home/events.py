"""What happens to content, for others to react to."""

from dataclasses import dataclass

from simos.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ContentChanged(Event):
    """Pages were written, published, withdrawn, moved or deleted; by the keys that their translations share."""

    keys: tuple[str, ...]

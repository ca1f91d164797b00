"""What happens to content, for others to react to."""

from dataclasses import dataclass

from simos.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ContentChanged(Event):
    """Pages were written, published, withdrawn, moved or deleted; by the keys that their translations share."""

    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ContentSubmitted(Event):
    """An editor has handed a page in. `step`: the state of the step in which a publisher looks at it."""

    step: int


@dataclass(frozen=True, kw_only=True)
class ContentReviewed(Event):
    """A publisher has approved what was handed in, or asks for changes. `step` as above."""

    step: int

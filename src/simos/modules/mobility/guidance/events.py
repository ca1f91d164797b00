"""What happens to panels, for others to react to."""

from dataclasses import dataclass

from simos.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OfPanel(Event):
    """Something happened to the panel `code`."""

    code: str

    def subject(self) -> str:
        return self.code


@dataclass(frozen=True, kw_only=True)
class PanelSaved(OfPanel):
    """A panel was added or its facts have changed."""


@dataclass(frozen=True, kw_only=True)
class PanelRemoved(OfPanel):
    """A panel stands no more."""


@dataclass(frozen=True, kw_only=True)
class OverrideSet(OfPanel):
    """An officer has written on a panel by hand."""


@dataclass(frozen=True, kw_only=True)
class OverrideEnded(OfPanel):
    """An officer has given a panel back to the counts before the time."""


@dataclass(frozen=True, kw_only=True)
class PanelFailed(OfPanel):
    """A panel is silent, offline, or shows something else: `condition` says which."""

    condition: str


@dataclass(frozen=True, kw_only=True)
class PanelRecovered(OfPanel):
    """A panel that had failed works again."""

"""What happens to parking facilities, for others to react to."""

from dataclasses import dataclass

from simos.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class FacilitySaved(Event):
    """A facility was added or its facts have changed."""

    code: str

    def subject(self) -> str:
        return self.code


@dataclass(frozen=True, kw_only=True)
class FacilityRemoved(Event):
    """A facility stands in the register no more. `kind` is what it was."""

    code: str
    kind: str

    def subject(self) -> str:
        return self.code


@dataclass(frozen=True, kw_only=True)
class CountCorrected(Event):
    """An officer has said how many spaces of a facility are free."""

    code: str

    def subject(self) -> str:
        return self.code

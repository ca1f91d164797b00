"""What happened to consents and people, for modules that react. Ids only."""

from dataclasses import dataclass

from simos.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The person does not agree to `consent` (full name) any more: what it allowed must end."""

    party: str
    consent: str

    def subject(self) -> str:
        return f"{self.party} {self.consent}"


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """All parts have erased the person."""

    party: str

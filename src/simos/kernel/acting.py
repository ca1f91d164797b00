"""Who acts, and where: the two facts that stand in every action and every audit row. Pure values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum


class Channel(StrEnum):
    """By which way an act came in."""

    WEB = "web"
    COUNTER = "counter"
    API = "api"
    JOB = "job"
    CLI = "cli"


class Assurance(StrEnum):
    """How well we know who acts: nobody, an account, or eIDAS levels (Regulation (EU) 910/2014, art. 8)."""

    NONE = "none"
    ACCOUNT = "account"
    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"
    SYSTEM = "system"


class ScopeKind(StrEnum):
    CITY = "city"
    FEDERATION = "federation"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an act counts: one city, the whole federation, or one partner (the association, an assessor, a mentor)."""

    kind: ScopeKind
    code: str = ""

    def __post_init__(self) -> None:
        if (self.kind is ScopeKind.FEDERATION) != (self.code == ""):
            raise ValueError(f"a city or a partner has a code, the federation has none: {self.kind}, {self.code!r}")

    @classmethod
    def city(cls, code: str) -> "Scope":
        return cls(ScopeKind.CITY, code)

    @classmethod
    def partner(cls, code: str) -> "Scope":
        return cls(ScopeKind.PARTNER, code)

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """The inverse of `str`: `city:celje`, `federation`, `partner:aums`."""
        kind, _, code = text.partition(":")
        return cls(ScopeKind(kind), code)

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}" if self.code else str(self.kind)


FEDERATION = Scope(ScopeKind.FEDERATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person or program that acts. Ids only: names stay in the register.

    `party` is who acts, `on_behalf_of` for whom (a child, a company, a person at the counter), `office` the
    organisation unit in whose name an officer acts, `in_place_of` the account of the absent officer for whom one
    stands in.
    """

    account: str = ""
    party: str = ""
    on_behalf_of: str = ""
    office: str = ""
    in_place_of: str = ""
    channel: Channel
    assurance: Assurance = Assurance.NONE
    program: str = ""

    @classmethod
    def system(cls, program: str, channel: Channel = Channel.JOB) -> "Actor":
        """The platform itself: a job, the command line of its operator."""
        return cls(channel=channel, assurance=Assurance.SYSTEM, program=program)

    @classmethod
    def nobody(cls, channel: Channel = Channel.WEB) -> "Actor":
        """A visitor of whom nothing is known and nothing asked."""
        return cls(channel=channel)

    def for_(self, party: str, *, channel: Channel = Channel.COUNTER) -> "Actor":
        """The same actor on behalf of somebody else."""
        return replace(self, on_behalf_of=party, channel=channel)

    @property
    def principal(self) -> str:
        """The party whose matter it is: for whom one acts, or else who acts."""
        return self.on_behalf_of or self.party

    def through(self, channel: Channel) -> "Actor":
        """The same actor, by another way in."""
        return replace(self, channel=channel)

    def as_dict(self) -> dict[str, str]:
        """What is known of the actor, in plain strings: how rows keep it."""
        return {name: str(value) for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, stored: Mapping[str, str]) -> "Actor":
        """The inverse of `as_dict`."""
        known = {"channel": Channel(stored["channel"]), "assurance": Assurance(stored["assurance"])}
        return cls(**(dict(stored) | known))  # type: ignore[arg-type]

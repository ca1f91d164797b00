"""What the parts of the platform and the modules say of the personal data that they hold. Looks nothing up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from simos.kernel.acting import Scope
from simos.kernel.text import Text
from simos.platform.files.values import Owner


@dataclass(frozen=True, slots=True)
class Person:
    """One person with every id under which rows may name them. `emails`: of their accounts."""

    parties: frozenset[UUID]
    accounts: frozenset[UUID] = frozenset()
    emails: frozenset[str] = frozenset()

    def party_ids(self) -> list[str]:
        """As text, for rows that keep an id and no key."""
        return sorted(str(each) for each in self.parties)

    def ids(self) -> list[str]:
        """Of parties and accounts, as text."""
        return sorted(str(each) for each in self.parties | self.accounts)


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays when a person is erased, and why: the rows that fit `which`; None: all of them."""

    why: Text
    which: Callable[[datetime], Q] | None = None

    def rows(self, at: datetime) -> Q:
        """The condition for rows that stay."""
        return self.which(at) if self.which else Q()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The rows of one table that hold data of a person. `title`: what the person reads above them.

    `data`: the name of the personal data in the manifest. `of`: which rows are the person's. `shown`: what of them the
    person is shown and given, by attribute (`facility.name` follows keys). On erasure rows are deleted, or `emptied`:
    those fields are set to these values, and `shell` says why the emptied row stays; but those that are `kept` stay as
    they are. `past`: the rows whose time is over; they go the same way each night, kept or not. `files`: the rows own
    files in `platform.files`, which go with them.
    """

    data: str
    model: type[models.Model]
    of: Callable[[Person], Q]
    title: Text | None = None
    shown: Mapping[str, Text] = field(default_factory=dict)
    emptied: Mapping[str, Any] = field(default_factory=dict)
    shell: Text | None = None
    kept: Kept | None = None
    past: Callable[[datetime], Q] | None = None
    files: bool = False

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one table holds of a person in one scope. `rows`: by the names in `columns`.

    On erasure `kept` of the rows stay, for the reason `why_kept`; others leave an empty row, for the reason `shell`. A
    table of which nothing is shown may say why something stays without counting it.
    """

    data: str
    table: str
    columns: Mapping[str, Text]
    rows: Sequence[Mapping[str, Any]]
    title: Text | None = None
    why_kept: Text | None = None
    kept: int = 0
    shell: Text | None = None
    files: Sequence[Owner] = ()


ExportOf = Callable[[Person, Scope, datetime], Iterable[Held]]
"""What is held of the person in the scope. Called while acting there; changes nothing."""
Erase = Callable[..., Mapping[str, int]]
"""`erase(person, scope, *, by, at)`: nothing of the person is left there but what must stay; rows gone, by table.
Called in a transaction while acting there; again, it changes nothing more."""
Retention = Callable[..., int]
"""`retention(scope, *, by, at)`: what is past its time there is gone; how many rows. As `Erase`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What a module exports from `privacy.py`: mostly made by `holdings.declared(...)`, else by hand.

    `tables`: those that it answers for, as in the manifest. `keeps`: those in which something may stay of an erased
    person: a row that is kept, or an emptied one with its number.
    """

    export_of: ExportOf
    erase: Erase
    retention: Retention
    tables: frozenset[str]
    keeps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """A part's work for a person in one scope, as a job goes through it."""

    part: str
    scope: Scope

    def __str__(self) -> str:
        return f"{self.part} {self.scope}"

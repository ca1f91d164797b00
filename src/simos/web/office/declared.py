"""What the office consists of: registers (declared lists and forms) and desks (places for real procedures).

The contract of a module's `office.py`:

    office = (
        Register(name="facilities", title=Text(sl="Parkirišča", en="Car parks"), model=Facility, ...),
        Desk(name="permits", title=..., pages=(DeskPage(view=waiting, permissions={"decide-permit"}),), count=how_many),
    )

A desk's view is called as `view(request, office, **parameters)` while `acting` in the office's scope.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import IO, Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

from simos.kernel.acting import Actor, Scope, ScopeKind
from simos.kernel.errors import RowError
from simos.kernel.module import Level, Module
from simos.kernel.registry import installed_modules
from simos.kernel.text import Text
from simos.platform.scopes.queries import serves
from simos.platform.scopes.wall import ScopedModel
from simos.web.office.doors import ANYBODY, Door
from simos.web.office.entering import Office

NAMESPACE = "office"
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_KINDS: Mapping[Level, frozenset[ScopeKind]] = {
    Level.CITY: frozenset({ScopeKind.CITY}),
    Level.FEDERATION: frozenset({ScopeKind.FEDERATION, ScopeKind.PARTNER}),
    Level.BOTH: frozenset(ScopeKind),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a register: an attribute of the row (a field, a property), and its heading."""

    field: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What an import did, or would do: how many rows, and the rows that were left out, with reasons."""

    added: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]
    errors: Sequence[RowError]


Save = Callable[..., object]
"""`save(scope, row, facts, *, by, at)`: the module's action. `row` is None for a new one, `facts` the form's values."""
Remove = Callable[..., object]
"""`remove(scope, row, *, by, at)`: the module's action."""
Import = Callable[..., ImportOutcome]
"""`import_file(scope, file, *, by, at)`: the module's action over an open binary file. It is called once more, in a
transaction that is taken back, for the preview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A list of a city's rows with a form, saved by an action of the module; rows of other cities do not exist there.

    `view` and `edit` are permissions; who may edit may view. `search` are fields as in a query (`name`, `owner__name`).
    `initial` turns a row into the form's values where the form is not one of the model's fields.
    """

    name: str
    title: Text
    model: type[ScopedModel]
    columns: tuple[Column, ...]
    view: str
    edit: str
    form: type[Any]
    save: Save
    remove: Remove | None = None
    import_file: Import | None = None
    import_help: Text | None = None
    filters: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    ordering: tuple[str, ...] = ()
    icon: str = "list-ul"
    order: int = 500

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"register {self.name!r}: a name is lower case, such as car-parks")
        if not issubclass(self.model, ScopedModel):
            raise ValueError(f"register {self.name}: {self.model.__name__} is not behind the wall between cities")
        if not self.columns:
            raise ValueError(f"register {self.name} shows no column")


DeskView = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """One address of a desk: `address` is in Django's path syntax below the desk's, '' the first page.

    Opens to who has one of `permissions`; a desk says who may come, a view never asks again but for finer things.
    """

    view: DeskView
    permissions: frozenset[str]
    name: str = "index"
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A place for a procedure: its pages, its line in the menu, and how many things wait there.

    `kinds`: in which scopes it stands; None: where the module's level says, cities for the platform's own.
    """

    name: str
    title: Text
    pages: tuple[DeskPage, ...]
    count: Callable[[Office], int] | None = None
    kinds: frozenset[ScopeKind] | None = None
    icon: str = "form"
    order: int = 500
    in_menu: bool = True

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"desk {self.name!r}: a name is lower case, such as permits")
        names = [page.name for page in self.pages]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"desk {self.name} needs pages, each with a name of its own")
        for page in self.pages:
            if not page.permissions:
                raise ValueError(f"desk {self.name}, page {page.name}: say which permissions open it")
            if page.address and not page.address.endswith("/"):
                raise ValueError(f"desk {self.name}, page {page.name}: an address ends with a slash")


@dataclass(frozen=True, slots=True)
class Placed:
    """A register or desk with the module that it is part of; None: the platform's own."""

    item: Register | Desk
    module: Module | None = None

    @property
    def key(self) -> str:
        """Its part of addresses and of their names: unique in the office."""
        return f"{self.module.label}-{self.item.name}" if self.module else f"platform-{self.item.name}"

    @property
    def first(self) -> str:
        """The name of its first page."""
        is_register = isinstance(self.item, Register)
        return f"{self.key}:index" if is_register else f"{self.key}:{self.item.pages[0].name}"  # type: ignore[union-attr]

    @property
    def kinds(self) -> frozenset[ScopeKind]:
        if isinstance(self.item, Register):
            return frozenset({ScopeKind.CITY})
        if self.item.kinds is not None:
            return self.item.kinds
        return _KINDS[self.module.level] if self.module else _KINDS[Level.CITY]

    def stands_in(self, office: Office) -> bool:
        """Whether it is there at all in the office's scope: the module is at work and of that level."""
        if office.scope.kind not in self.kinds:
            return False
        return self.module is None or serves(self.module, office.scope)

    def is_open_to(self, office: Office) -> bool:
        """Whether the officer may come to its first page."""
        return self.stands_in(office) and bool(self.permissions & office.permissions)

    @property
    def permissions(self) -> frozenset[str]:
        if isinstance(self.item, Register):
            return frozenset({self.item.view, self.item.edit})
        return self.item.pages[0].permissions

    def doors(self) -> Iterator[tuple[str, Door]]:
        """Each of its addresses by name, with who may come in."""

        def fits(office: Office, request: HttpRequest, match: ResolverMatch) -> bool:
            return self.stands_in(office)

        if isinstance(self.item, Desk):
            for page in self.item.pages:
                yield f"{self.key}:{page.name}", Door(page.permissions, fits=fits)
            return
        look, edit = self.permissions, frozenset({self.item.edit})
        for name in ("index", "index_results", "inspect", "history"):
            yield f"{self.key}:{name}", Door(look, fits=fits)
        for name in ("add", "edit"):
            yield f"{self.key}:{name}", Door(edit, fits=fits)
        if self.item.remove is not None:
            yield f"{self.key}:delete", Door(edit, fits=fits)
        if self.item.import_file is not None:
            yield f"{self.key}:import", Door(edit, fits=fits)


def placed_in(exports: Iterable[tuple[Module | None, Any]]) -> Sequence[Placed]:
    """The registers and desks of these exports; ImproperlyConfigured where one is neither, or two have one name."""
    found = []
    for module, export in exports:
        whose = f"module {module.name}" if module else "the platform"
        if not isinstance(export, tuple) or not all(isinstance(each, Register | Desk) for each in export):
            raise ImproperlyConfigured(f"{whose}: office in office.py is a tuple of Register and Desk")
        found += [Placed(each, module) for each in export]
    keys = [each.key for each in found]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ImproperlyConfigured(f"two registers or desks are called {', '.join(sorted(twice))}")
    return found


@cache
def placed() -> Sequence[Placed]:
    """All registers and desks: the platform's own and those of the installed modules. Read once a process."""
    from simos.web.office.desks import (
        office,
    )  # the platform's desks are declared like any other's, by this file's words

    return placed_in([(None, office), *installed_modules().exports("office")])


@cache
def declared_doors() -> Mapping[str, Door]:
    """The doors of all registers and desks, and of the office's own few addresses."""
    doors = {name: door for each in placed() for name, door in each.doors()}
    return doors | {"office:account": ANYBODY, "wagtailadmin_account": ANYBODY}


def act(office: Office, at: datetime) -> tuple[Scope, Actor, datetime]:
    """What every action of a module is told."""
    return office.scope, office.actor, at


File = IO[bytes]

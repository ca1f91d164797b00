"""What the office consists of: registers (declared lists and forms) and desks (places for real procedures).

The contract of a module's `office.py`:

    office = (
        Register(name="facilities", title=Text(sl="Parkirišča", en="Car parks"), model=Facility, ...),
        Desk(name="permits", title=..., pages=(DeskPage(view=waiting, permissions={"decide-permit"}),), count=how_many),
    )

A desk's view is called as `view(request, office, **parameters)` while `acting` in the office's scope.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseBase

from simos.kernel.acting import ScopeKind
from simos.kernel.errors import RowError
from simos.kernel.text import Text
from simos.platform.scopes.wall import ScopedModel
from simos.web.office.entering import Office

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_KEY = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a register: its heading, and what a row shows there: `value` of the row, or its attribute `field`.

    A column whose `field` is one of the table can be sorted by.
    """

    field: str
    title: Text
    value: Callable[[Any], object] | None = None

    def of(self, row: Any) -> object:
        """What `row` shows in this column."""
        return self.value(row) if self.value else getattr(row, self.field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A field by which the list is narrowed, and what may be chosen: (value, text) in the active language."""

    field: str
    title: Text
    choices: Callable[[], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What an import did, or would do: how many rows, and the rows that were left out, with reasons.

    `changes`: (row, field, what it said, what it says); `unnamed`: rows that stand there and the file does not name.
    """

    added: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]
    errors: Sequence[RowError]
    changes: Sequence[tuple[str, str, str, str]] = ()
    unnamed: Sequence[str] = ()


Save = Callable[..., Any]
"""`save(scope, row, facts, *, by, at) -> row`: calls the module's action and gives the row as it is stored then.

`row` is None for a new one, `facts` are the form's values by field."""
Remove = Callable[..., object]
"""`remove(scope, row, *, by, at)`: the module's action."""
Import = Callable[..., ImportOutcome]
"""`import_file(scope, file, *, by, at)`: the module's action over an open binary file. It is called once more, in a
transaction that is taken back, for the preview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A list of a city's rows with a form, saved by an action of the module; rows of other cities do not exist there.

    `view` and `edit` are permissions; who may edit may view. `search` are fields as in a query (`name`, `owner__name`).
    `form` is a ModelForm; it is never saved itself: `save` is called with what it has checked.
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
    filters: tuple[Filter, ...] = ()
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
    `keys`: for each name in the address whether what it leads to is the office's; what is not is not found.
    """

    view: DeskView
    permissions: frozenset[str]
    name: str = "index"
    address: str = ""
    keys: Mapping[str, Callable[[Office, str], bool]] = field(default_factory=dict)


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
            if unknown := page.keys.keys() - set(_KEY.findall(page.address)):
                raise ValueError(f"desk {self.name}, page {page.name}: its address has no {', '.join(sorted(unknown))}")
            if page.address and not page.address.endswith("/"):
                raise ValueError(f"desk {self.name}, page {page.name}: an address ends with a slash")

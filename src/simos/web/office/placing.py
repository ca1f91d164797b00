"""Which registers and desks there are, where each stands, and the doors to them. Declares none itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import ResolverMatch

from simos.kernel.acting import ScopeKind
from simos.kernel.module import Level, Module
from simos.kernel.registry import installed_modules
from simos.platform.scopes.queries import serves
from simos.web.office.declared import Desk, Register
from simos.web.office.desks import office
from simos.web.office.doors import ANYBODY, Door
from simos.web.office.entering import Office
from simos.web.office.keys import row_of

_KINDS: Mapping[Level, frozenset[ScopeKind]] = {
    Level.CITY: frozenset({ScopeKind.CITY}),
    Level.FEDERATION: frozenset({ScopeKind.FEDERATION, ScopeKind.PARTNER}),
    Level.BOTH: frozenset(ScopeKind),
}


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
                yield f"{self.key}:{page.name}", Door(page.permissions, page.keys, fits=fits)
            return
        look, edit = self.permissions, frozenset({self.item.edit})
        keys = {"pk": row_of(self.item.model)}
        for name in ("index", "index_results", "inspect", "history"):
            yield f"{self.key}:{name}", Door(look, keys, fits=fits)
        for name in ("add", "edit"):
            yield f"{self.key}:{name}", Door(edit, keys, fits=fits)
        if self.item.remove is not None:
            yield f"{self.key}:delete", Door(edit, keys, fits=fits)
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

    return placed_in([(None, office), *installed_modules().exports("office")])


@cache
def declared_doors() -> Mapping[str, Door]:
    """The doors of all registers and desks, and of the office's own few addresses."""
    doors = {name: door for each in placed() for name, door in each.doors()}
    return doors | {"office:account": ANYBODY, "wagtailadmin_account": ANYBODY}

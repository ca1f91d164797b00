"""The contract of a module's `tiles.py`: what is live now in a city, as values on its home.

    def tiles(city: City) -> Iterable[Tile]: ...

Called while acting in the city. What a module cannot say just now it leaves out; what it says bears its time.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg

from simos.kernel.errors import Problem
from simos.kernel.registry import installed_modules
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import modules_on
from simos.web.parts import State

log = logging.getLogger("simos.web")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One value, in the active language. `value` None: not known just now. `about` says of what it is, in a few words
    behind the number; `observed_at`: of the oldest part of it. `demo`: it is made up."""

    title: str
    value: float | None
    about: str = ""
    address: str
    observed_at: datetime | None = None
    state: State = State.PLAIN
    word: str = ""
    demo: bool = False


Tiles = Callable[[City], Iterable[Tile]]


def tiles_of(city: City) -> Sequence[Tile]:
    """What is live in the city, of the modules that are on; one that cannot tell is left out, and that is logged."""
    on, found = modules_on(city.code), list[Tile]()
    for module, tiles in installed_modules().exports("tiles"):
        if module.name not in on and not module.always_on:
            continue
        try:
            found.extend(tiles(city))
        except (Problem, OSError, sqlite3.Error, psycopg.Error) as error:
            log.warning("%s has nothing live to show in %s: %s", module.name, city.code, error)
    return found

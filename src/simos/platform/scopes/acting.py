"""Who acts here and now, and in which scope: set once around a request or a job, read by the wall between cities.

A new thread knows nobody until it says so itself: that is meant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from simos.kernel.acting import Actor, Scope, ScopeKind
from simos.platform.scopes.errors import NobodyActs, NoCity


@dataclass(frozen=True, slots=True)
class Acting:
    """Who, and where."""

    actor: Actor
    scope: Scope


@dataclass(frozen=True, slots=True)
class _State:
    acting: Acting
    lifted: bool = False


_state: ContextVar[_State | None] = ContextVar("simos_acting", default=None)


@contextmanager
def acting(actor: Actor, scope: Scope) -> Iterator[Acting]:
    """Within the block `actor` acts in `scope`, and only that city's rows exist. Blocks nest; the inner one counts."""
    now_acting = Acting(actor, scope)
    token = _state.set(_State(now_acting))
    try:
        yield now_acting
    finally:
        _state.reset(token)


def current() -> Acting:
    """Who acts, and where; NobodyActs where nobody has said so."""
    return _current_state().acting


def city_in_force() -> str | None:
    """The code of the only city whose rows exist just now; None within `across`. NobodyActs or NoCity otherwise."""
    state = _current_state()
    if state.lifted:
        return None
    if state.acting.scope.kind is not ScopeKind.CITY:
        raise NoCity(
            f"city rows cannot be reached from the scope {state.acting.scope}; see simos.platform.scopes.across"
        )
    return state.acting.scope.code


@contextmanager
def _filter_lifted(actor: Actor, scope: Scope) -> Iterator[None]:
    """Within the block rows of all cities exist. For `across` alone, which writes down that it was done."""
    token = _state.set(_State(Acting(actor, scope), lifted=True))
    try:
        yield
    finally:
        _state.reset(token)


def _current_state() -> _State:
    state = _state.get()
    if state is None:
        raise NobodyActs("nobody acts here: put `with acting(actor, scope):` around what touches city rows")
    return state

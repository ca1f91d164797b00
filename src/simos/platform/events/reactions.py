"""Who reacts to what, as the installed modules' `reactions.py` say. Calls nobody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from simos.kernel.events import EntityChange, Event
from simos.kernel.module import Module
from simos.kernel.registry import Registry, RegistryError, installed_modules

Handler = Callable[..., None]
"""Called `handler(what, *, scope, by, at)`; `what` is an Event or an EntityChanged. Idempotent."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """`handler` of `module` is called when `to` happens."""

    module: Module
    to: type[Event] | EntityChange
    handler: Handler

    @property
    def name(self) -> str:
        """What the queue calls it by: stable while the function keeps its name and place."""
        return f"{self.handler.__module__}.{self.handler.__qualname__}"


def reactions_in(registry: Registry) -> tuple[Reaction, ...]:
    """All reactions of these modules; RegistryError where one handler stands twice for the same thing."""
    found = tuple(
        Reaction(module, to, handler)
        for module, reactions in registry.exports("reactions")
        for to, handlers in reactions.items()
        for handler in handlers
    )
    seen = set()
    for each in found:
        if (each.to, each.name) in seen:
            raise RegistryError(f"module {each.module.name}: {each.name} reacts twice to {each.to}")
        seen.add((each.to, each.name))
    return found


@cache
def installed_reactions() -> Sequence[Reaction]:
    """Those of the installed modules. Read once a process."""
    return reactions_in(installed_modules())

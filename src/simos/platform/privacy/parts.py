"""All parts that hold personal data: the installed modules by their manifests and `privacy.py`, then the platform.

Only these are asked; a manifest whose tables nobody answers for stops the program.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.module import Level, PersonalData
from simos.kernel.registry import Registry, RegistryError, installed_modules
from simos.kernel.text import Text
from simos.platform.people.models import Account, Party
from simos.platform.people.queries import same_person
from simos.platform.privacy import own, own_data
from simos.platform.privacy.values import Person, Privacy, Step
from simos.platform.scopes.acting import acting
from simos.platform.scopes.queries import cities

PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Part:
    """A module, or the platform itself, that holds personal data. `level`: in whose rows."""

    name: str
    title: Text
    personal_data: tuple[PersonalData, ...]
    privacy: Privacy
    level: Level

    def scopes(self) -> Sequence[Scope]:
        """Where its rows may be: in every city, since a module may have been on where it is off now."""
        found = [city.scope for city in cities()] if self.level is not Level.FEDERATION else []
        return found if self.level is Level.CITY else [*found, FEDERATION]


def parts_in(registry: Registry) -> tuple[Part, ...]:
    """The parts, the platform last: others' data hang on its people. RegistryError where tables and manifest differ."""
    exports = {module.name: privacy for module, privacy in registry.exports("privacy")}
    found = []
    for module in (each.module for each in registry):
        tables = frozenset(table for each in module.personal_data for table in each.tables)
        privacy = exports.get(module.name)
        if privacy is None:
            if module.personal_data:
                raise RegistryError(f"module {module.name} holds personal data, but has no privacy.py")
            continue
        if tables != privacy.tables:
            differ = ", ".join(sorted(tables ^ privacy.tables))
            raise RegistryError(f"module {module.name}: manifest and privacy.py differ about the tables {differ}")
        found.append(Part(str(module.name), module.title, module.personal_data, privacy, module.level))
    return (*found, Part(PLATFORM, own_data.NAME, own_data.PERSONAL_DATA, own.privacy, Level.FEDERATION))


@cache
def parts() -> tuple[Part, ...]:
    """Those of the installed modules and the platform. Read once a process."""
    return parts_in(installed_modules())


def part_named(name: str) -> Part:
    """LookupError if there is none."""
    for each in parts():
        if each.name == name:
            return each
    raise LookupError(f"{name!r} holds no personal data")


def steps() -> list[Step]:
    """Each part in each scope where it may hold rows, in the order of erasure."""
    return [Step(part.name, scope) for part in parts() for scope in part.scopes()]


def person_of(party: Party) -> Person:
    """The person with all ids and addresses under which rows may name them."""
    ids = same_person(party.pk)
    accounts = list(Account.objects.filter(party__in=ids).values_list("pk", "email"))
    return Person(ids, frozenset(pk for pk, _ in accounts), frozenset(email for _, email in accounts))


@contextmanager
def in_step(step: Step, by: Actor) -> Iterator[Privacy]:
    """Within the block one acts where the step is, with its part's privacy."""
    with acting(by, step.scope):
        yield part_named(step.part).privacy

"""What is held of a person, gathered from all parts. Changes nothing but the log, where somebody else looks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.module import PersonalData
from simos.platform.people.models import Party
from simos.platform.privacy.parts import PLATFORM, Part, in_step, part_named, parts, person_of, steps
from simos.platform.privacy.reading import note_read
from simos.platform.privacy.values import Held, Person, Step


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of personal data of one part: what its manifest says, and what is held in each scope."""

    part: Part
    data: PersonalData
    held: tuple[tuple[Scope, Held], ...]

    @property
    def count(self) -> int:
        return sum(len(each.rows) for _, each in self.held)


def held_of(party: Party, *, by: Actor, at: datetime, purpose: str, matter: str = "") -> list[Section]:
    """What every part holds of the person. ValueError without a purpose: the person reads it if another looks."""
    note_read(party, module=PLATFORM, what="everything", purpose=purpose, matter=matter, by=by, at=at, scope=FEDERATION)
    return sections_of(party, by=by, at=at)


def sections_of(party: Party, *, by: Actor, at: datetime) -> list[Section]:
    """The same without a look at who asks: for the person's own page and the jobs that they ordered."""
    found: dict[tuple[str, str], list[tuple[Scope, Held]]] = {}
    person = person_of(party)
    for step in steps():
        for held in held_in(step, person, by=by, at=at):
            if held.rows or held.kept or held.why_kept:
                found.setdefault((step.part, held.data), []).append((step.scope, held))
    return [
        Section(part, data, tuple(found.get((part.name, data.name), ())))
        for part in parts()
        for data in part.personal_data
    ]


def held_in(step: Step, person: Person, *, by: Actor, at: datetime) -> Iterator[Held]:
    """What one part holds of the person in one scope."""
    with in_step(step, by) as privacy:
        yield from list(privacy.export_of(person, step.scope, at))


def titles() -> Mapping[tuple[str, str], PersonalData]:
    """What the manifests say of each kind of personal data, by part and name."""
    return {(part.name, data.name): data for part in parts() for data in part.personal_data}


def title_of(part: str, language: str) -> str:
    """What people call the part; its name where it is not installed any more."""
    try:
        return part_named(part).title.in_(language)
    except LookupError:
        return part

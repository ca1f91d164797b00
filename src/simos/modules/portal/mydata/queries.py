"""What the pages of My data show, in words: sections, what stays on erasure, reads, consents. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simos.kernel.acting import Actor, Channel, Scope, ScopeKind
from simos.kernel.text import Text
from simos.platform.access.declared import roles
from simos.platform.files.models import StoredFile
from simos.platform.files.queries import files_of, owner_of
from simos.platform.people.models import Party
from simos.platform.privacy.consents import consents_of, declared_consents
from simos.platform.privacy.exporting import table_of
from simos.platform.privacy.models import Consent, DataExport
from simos.platform.privacy.own_data import NAME
from simos.platform.privacy.queries import Section, title_of, titles
from simos.platform.privacy.reading import Read, as_read, reads_of
from simos.platform.scopes.queries import cities
from simos.web.parts import Column, Table

MOST_READS = 1000
"""On the page; the copy has all of them."""
MOST_ROWS = 100
"""Of one table on its page; the copy has all of them."""
LATE = timedelta(hours=1)


def slug_of(part: str) -> str:
    """The part's name as it stands in an address."""
    return part.replace("/", "_")


def how_long(section: Section) -> str:
    """How long data are kept, in words. Of some a part stays when a person is erased: the page of that says which."""
    kept = section.data.retention
    if kept is None:
        stays = any(held.why_kept for _scope, held in section.held)
        return _("No set term") if stays else _("Until you are erased")
    years, days = divmod(kept.days, 365)
    if years and not days:
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    return ngettext("%(count)s day", "%(count)s days", kept.days) % {"count": kept.days}


def place_names(language: str) -> Mapping[str, str]:
    """What people call each scope, by its text: `city:celje`."""
    return {str(city.scope): city.name.in_(language) for city in cities()}


def tables_of(section: Section, language: str) -> Sequence[tuple[Table, int]]:
    """What is held, table by table, and how many rows more there are than are shown."""
    names = place_names(language)
    found = []
    for scope, held in section.held:
        if not held.rows:
            continue
        rows = [_named(row, names) for row in held.rows[:MOST_ROWS]]
        shown = table_of(held.columns, rows, language)
        count = ngettext("%(count)s record", "%(count)s records", len(held.rows)) % {"count": len(held.rows)}
        caption = ", ".join(
            filter(None, (held.title.in_(language) if held.title else "", names.get(str(scope)), count))
        )
        columns = tuple(Column(head) for head in shown["heads"])
        found.append((Table(caption=caption, columns=columns, rows=shown["rows"]), len(held.rows) - len(rows)))
    return found


def _named(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Scopes as people call them."""
    return {name: names.get(value, value) if isinstance(value, str) else value for name, value in row.items()}


@dataclass(frozen=True, slots=True)
class Fate:
    """What erasure does to one kind of data: how many records go, how many stay, and why."""

    title: str
    part: str
    gone: int
    kept: int
    reasons: tuple[str, ...]


def fates_of(sections: Sequence[Section], language: str) -> Sequence[Fate]:
    """What erasure does to all that is held; kinds of which there is nothing and nothing stays are left out."""
    fates = []
    for section in sections:
        held = [each for _, each in section.held]
        kept = sum(each.kept for each in held)
        reasons: Sequence[Text] = [why for each in held for why in (each.why_kept, each.shell) if why]
        fate = Fate(
            title=section.data.title.in_(language),
            part=section.part.title.in_(language),
            gone=sum(len(each.rows) for each in held) - kept,
            kept=kept,
            reasons=tuple(dict.fromkeys(why.in_(language) for why in reasons)),
        )
        if fate.gone or fate.kept or fate.reasons:
            fates.append(fate)
    return fates


@dataclass(frozen=True, slots=True)
class ReadShown:
    """A read as its line says it: no name of who did it."""

    at: datetime
    where: str
    who: str
    what: str
    purpose: str
    matter: str


def reads_shown(party: Party, language: str) -> Sequence[ReadShown]:
    """The newest reads of the person's data, in words."""
    names, known, data = place_names(language), roles(), titles()

    def who(read: Read) -> str:
        if read.on_behalf and not read.office and not read.roles:
            return _("Somebody who acts for you")
        said = [read.office, *(known[role].title.in_(language) for role in read.roles if role in known), read.program]
        return ", ".join(filter(None, said)) or _("An officer")

    def what(read: Read) -> str:
        title = data.get((read.module, read.what))
        return title.title.in_(language) if title else _("Everything that is held") if read.what == "everything" else ""

    return [
        ReadShown(
            at=read.at,
            where=_place(read.scope, names, language),
            who=who(read),
            what=f"{title_of(read.module, language)}: {what(read)}".rstrip(": "),
            purpose=read.purpose,
            matter=read.matter,
        )
        for read in map(as_read, reads_of(party.pk)[:MOST_READS])
    ]


def _place(scope: Scope, names: Mapping[str, str], language: str) -> str:
    return names.get(str(scope), scope.code) if scope.kind is ScopeKind.CITY else NAME.in_(language)


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """A consent with its title; the name itself where no installed module asks for it any more."""

    consent: Consent
    title: str
    asker: str


def consents_shown(party: Party, language: str) -> Sequence[ConsentShown]:
    """All that the person agreed to, what is in force first."""
    declared = declared_consents()

    def shown(each: Consent) -> ConsentShown:
        asked = declared.get(each.consent)
        title = asked.request.title.in_(language) if asked else each.consent
        return ConsentShown(each, title, asked.asker.in_(language) if asked else "")

    return [shown(each) for each in consents_of(party)]


def file_of(export: DataExport, at: datetime) -> StoredFile | None:
    """The copy's file, while it is there."""
    found = files_of(export.where, owner_of(export)).first()
    return None if found is None or found.is_past(at) else found


def is_late(export: DataExport, at: datetime) -> bool:
    """Whether making it takes longer than anybody should wait without a word."""
    return export.ended_at is None and at - export.asked_at > LATE


def may_erase(party: Party, by: Actor) -> bool:
    """Whether the one who looks is the person, or an officer who serves them at the counter."""
    return not by.on_behalf_of or by.channel is Channel.COUNTER

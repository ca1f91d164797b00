"""What the inbox's pages show: messages with their senders in words, and a person's choices. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from simos.kernel.acting import ScopeKind
from simos.platform.files.models import StoredFile
from simos.platform.files.queries import files_of, owner_of
from simos.platform.messages.declared import Declared, template_named, templates
from simos.platform.messages.models import Message
from simos.platform.messages.queries import choices_of
from simos.platform.messages.values import Channel, may_switch_off
from simos.platform.scopes.queries import cities


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message on the page of settings: by which channels it comes. `by_law`: mail cannot be switched off."""

    name: str
    title: str
    mail: bool
    push: bool
    by_law: bool


@dataclass(frozen=True, slots=True)
class Sender:
    """All kinds of message that one part of the platform sends."""

    title: str
    kinds: Sequence[Kind]


def kinds_for(party: UUID, language: str) -> Sequence[Sender]:
    """All kinds of message by who sends them, with the person's choices."""
    chosen = choices_of(party)
    found: dict[str, list[Kind]] = {}
    for each in templates().values():
        found.setdefault(each.sender.in_(language), []).append(_kind(each, chosen, language))
    return [Sender(title, kinds) for title, kinds in found.items()]


def _kind(each: Declared, chosen: dict[tuple[str, Channel], bool], language: str) -> Kind:
    return Kind(
        name=each.name,
        title=each.template.title.in_(language),
        mail=chosen[each.name, Channel.MAIL],
        push=chosen[each.name, Channel.PUSH],
        by_law=not may_switch_off(each.template, Channel.MAIL),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A message in the list: who sent it in words, and whether there are files with it."""

    message: Message
    sender: str
    has_files: bool


def lines_of(messages: Sequence[Message], language: str) -> Sequence[Line]:
    """The messages as the list shows them, in three queries however many there are."""
    names = {city.code: city.name.in_(language) for city in cities()}
    ids = [str(each.pk) for each in messages]
    label = Message._meta.label_lower
    with_files = set(StoredFile.objects.filter(owner_type=label, owner_id__in=ids).values_list("owner_id", flat=True))
    return [Line(each, _sender(each, names, language), str(each.pk) in with_files) for each in messages]


def _sender(message: Message, names: Mapping[str, str], language: str) -> str:
    """The part of the platform ('' for a kind that nobody declares any more), and the city."""
    try:
        part = template_named(message.template).sender.in_(language)
    except LookupError:
        part = ""
    where = message.where
    city = names.get(where.code, where.code) if where.kind is ScopeKind.CITY else ""
    return " · ".join(filter(None, (part, city)))


def files_with(message: Message) -> Sequence[StoredFile]:
    """The files that came with the message."""
    return list(files_of(message.where, owner_of(message)))

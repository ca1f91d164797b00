"""What is said of messages: their words, and the channels by which people are told of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from simos.kernel.module import MessageTemplate


class Channel(StrEnum):
    """A way by which a person is told that there is a message. The inbox is no channel: all messages are there."""

    MAIL = "mail"
    PUSH = "push"


@dataclass(frozen=True, slots=True)
class Words:
    """A message as it is read: in one language, with everything filled in."""

    language: str
    subject: str
    body: str
    action: str


def words_of(template: MessageTemplate, language: str, context: Mapping[str, object]) -> Words:
    """The template filled in; ValueError where `context` lacks something that it asks for, or gives something else."""
    if set(context) != template.blanks():
        asked, given = sorted(template.blanks()), sorted(context)
        raise ValueError(f"message {template.name!r} is filled in with {asked}, not with {given}")
    filled = {name: " ".join(str(value).split()) for name, value in context.items()}
    return Words(
        language=language,
        subject=template.subject.in_(language).format_map(filled),
        body=template.body.in_(language).format_map(filled),
        action=template.action.in_(language) if template.action else "",
    )


def may_switch_off(template: MessageTemplate, channel: Channel) -> bool:
    """Whether a person may say that this kind does not come by this channel: mail that the law asks for does come."""
    return not (template.by_law and channel is Channel.MAIL)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or the points of a list."""

    paragraph: str = ""
    points: tuple[str, ...] = ()


def blocks_of(body: str) -> tuple[Block, ...]:
    """The paragraphs and lists of a body: what both the text and the HTML are made of."""
    found: list[Block] = []
    for part in body.split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        points = tuple(line[2:] for line in lines if line.startswith("- "))
        if text := " ".join(line for line in lines if not line.startswith("- ")):
            found.append(Block(text))
        if points:
            found.append(Block(points=points))
    return tuple(found)

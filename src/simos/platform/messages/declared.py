"""Every kind of message there is, by its full name: those of the installed modules, and the platform's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from simos.kernel.module import MessageTemplate
from simos.kernel.registry import installed_modules
from simos.kernel.text import Text
from simos.platform.messages.own import OWN

PLATFORM = Text(sl="Platforma", en="Platform", it="Piattaforma")


@dataclass(frozen=True, slots=True)
class Declared:
    """A template and who declares it; `name` is full: `mobility/parking:permit-granted`, `platform:data-ready`."""

    name: str
    template: MessageTemplate
    sender: Text


@cache
def templates() -> Mapping[str, Declared]:
    """All of them, in order of declaration."""
    own = [("platform", PLATFORM, template) for template in OWN]
    theirs = [
        (str(each.module.name), each.module.title, template)
        for each in installed_modules()
        for template in each.module.messages
    ]
    return {
        name: Declared(name, template, sender)
        for owner, sender, template in (*own, *theirs)
        for name in (f"{owner}:{template.name}",)
    }


def template_named(name: str) -> Declared:
    """The template; LookupError if no installed module declares it."""
    try:
        return templates()[name]
    except KeyError:
        raise LookupError(f"message template {name!r} is declared by no installed module") from None

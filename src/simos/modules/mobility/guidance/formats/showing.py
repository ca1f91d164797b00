"""A panel as pages and the office show it: drawn, in words, and how it is. Looks nothing up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.text import Text
from simos.modules.mobility.guidance.formats.drawing import drawing_of
from simos.modules.mobility.guidance.queries import PanelNow
from simos.modules.mobility.guidance.values import Arrow, Condition, Kind, Pages, PanelFacts
from simos.web.parts import State

KINDS: Mapping[Kind, Text] = {
    Kind.DIRECTION: Text(sl="usmerjevalni panel", en="direction panel", it="pannello di indirizzamento"),
    Kind.INFORMATION: Text(sl="informacijski panel", en="information panel", it="pannello informativo"),
}
ARROWS: Mapping[Arrow, Text] = {
    Arrow.AHEAD: Text(sl="naravnost", en="straight ahead", it="dritto"),
    Arrow.LEFT: Text(sl="levo", en="left", it="a sinistra"),
    Arrow.RIGHT: Text(sl="desno", en="right", it="a destra"),
    Arrow.HALF_LEFT: Text(sl="rahlo levo", en="half left", it="leggermente a sinistra"),
    Arrow.HALF_RIGHT: Text(sl="rahlo desno", en="half right", it="leggermente a destra"),
    Arrow.BACK: Text(sl="nazaj", en="back", it="indietro"),
}
CONDITIONS: Mapping[Condition, tuple[State, Text]] = {
    Condition.WORKING: (State.GOOD, Text(sl="deluje", en="working", it="in funzione")),
    Condition.UNSEEN: (State.PLAIN, Text(sl="še ni povezan", en="not connected yet", it="non ancora collegato")),
    Condition.SILENT: (State.BAD, Text(sl="se ne javlja", en="silent", it="non risponde")),
    Condition.OFFLINE: (State.BAD, Text(sl="brez povezave", en="offline", it="scollegato")),
    Condition.DIFFERS: (State.BAD, Text(sl="kaže nekaj drugega", en="shows something else", it="mostra altro")),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A line in words: where it points, what is printed there, what shines (a text for each page)."""

    arrow: str
    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A panel to be shown. `drawing` and `lines` are of what it surely shows, or is to show; `known`: it is sure."""

    code: str
    name: str
    street: str
    kind: str
    mark: str
    drawing: SafeString
    lines: tuple[Said, ...]
    known: bool
    state: State
    word: str
    since: datetime | None
    by_hand: bool
    faulty: bool


def language_now() -> str:
    return get_language() or "sl"


def as_confirmed(panel: PanelNow) -> Shown:
    """For everybody: what the panel itself says that it shows, as long as it can be heard and believed."""
    heard = panel.condition is Condition.WORKING and panel.confirmed is not None
    return _shown(panel, panel.confirmed if heard and panel.confirmed else (), known=heard)


def as_wanted(panel: PanelNow) -> Shown:
    """For the office: what the panel is to show."""
    return _shown(panel, panel.wanted, known=True)


def _shown(panel: PanelNow, pages: Pages, *, known: bool) -> Shown:
    language, facts = language_now(), panel.facts
    state, word = CONDITIONS[panel.condition]
    return Shown(
        code=facts.code,
        name=facts.name,
        street=facts.street,
        kind=KINDS[facts.kind].in_(language),
        mark=f"panel-{facts.code}",
        drawing=drawing_of(facts, pages[0] if pages else (), dark=not known),
        lines=said_of(facts, pages),
        known=known,
        state=state,
        word=word.in_(language),
        since=panel.since,
        by_hand=panel.by_hand is not None,
        faulty=panel.condition.is_fault,
    )


def said_of(facts: PanelFacts, pages: Pages) -> tuple[Said, ...]:
    """What shines on each line, in words; of several pages each text once."""
    language = language_now()
    return tuple(
        Said(ARROWS[line.arrow].in_(language) if line.arrow in ARROWS else "", line.label, _texts(number, pages))
        for number, line in enumerate(facts.lines)
    )


def _texts(number: int, pages: Sequence[Sequence[str]]) -> tuple[str, ...]:
    texts = dict.fromkeys(page[number] for page in pages if number < len(page) and page[number])
    return tuple(texts) or ((_("blank"),) if pages else ("–",))

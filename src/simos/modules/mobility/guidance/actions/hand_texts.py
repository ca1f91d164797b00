"""Writing on a panel by hand, and giving it back to the counts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Invalid
from simos.modules.mobility.guidance.events import OverrideEnded, OverrideSet
from simos.modules.mobility.guidance.models import HandText, Panel
from simos.modules.mobility.guidance.queries import hand_text_of, panel_of
from simos.modules.mobility.guidance.rules.words import not_showable, shown_as
from simos.modules.mobility.guidance.values import Override
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.events.outbox import emit
from simos.platform.scopes.acting import acting

WRITE = "override-panel"
LONGEST = timedelta(days=31)
LONGEST_REASON = 300


def write_on_panel(
    scope: Scope, code: str, texts: Sequence[str], *, until: datetime, reason: str, seen: int, by: Actor, at: datetime
) -> Override:
    """The panel is to show `texts`, a line each, until `until`, whatever is counted.

    `seen`: the version of its hand text that the officer looked at (0: there was none). Conflict where another officer
    has written meanwhile; Invalid for what does not fit, a time that is over or more than a month away, or no reason;
    Forbidden without `override-panel`; NotFound.
    """
    require(by, WRITE, scope)
    with acting(by, scope), transaction.atomic():
        panel, hand = _looked_at(code, seen)
        shown = _fitting(panel, texts)
        if not at < until <= at + LONGEST:
            raise Invalid(_("The end lies ahead, at most 31 days."), field="until")
        if not 3 <= len(reason.strip()) <= LONGEST_REASON:
            raise Invalid(_("Say why, in at most 300 signs: it stands in the audit log."), field="reason")
        hand = hand or HandText(panel=panel)
        hand.texts, hand.until, hand.reason, hand.set_at = list(shown), until, reason.strip(), at
        hand.save()
        told = {"texts": list(shown), "until": until.isoformat(), "reason": hand.reason}
        record("write-on-panel", obj=panel, by=by, scope=scope, at=at, data=told)
        emit(OverrideSet(code=code), scope=scope, by=by, at=at)
        return hand.override


def end_hand_text(scope: Scope, code: str, *, seen: int, by: Actor, at: datetime) -> None:
    """The panel follows the counts again. Nothing happens where it does already.

    Conflict, Forbidden and NotFound as above.
    """
    require(by, WRITE, scope)
    with acting(by, scope), transaction.atomic():
        panel, hand = _looked_at(code, seen)
        if hand is None or hand.until <= at:
            return
        hand.until = at
        hand.save()
        record("end-hand-text", obj=panel, by=by, scope=scope, at=at)
        emit(OverrideEnded(code=code), scope=scope, by=by, at=at)


def _looked_at(code: str, seen: int) -> tuple[Panel, HandText | None]:
    """The panel, locked, and its hand text; Conflict where that is not the one that was seen."""
    Panel.objects.select_for_update().filter(code=code).first()
    panel = panel_of(code)
    hand = hand_text_of(panel)
    if (hand.version if hand else 0) != seen:
        raise Conflict(_("Another officer has written on this panel in the meantime"))
    return panel, hand


def _fitting(panel: Panel, texts: Sequence[str]) -> tuple[str, ...]:
    """The texts as the panel shows them; Invalid says what does not fit."""
    if len(texts) > len(panel.facts.lines):
        lines = len(panel.facts.lines)
        raise Invalid(_("The panel has %(lines)s lines.") % {"lines": lines}, field="texts")
    for number, text in enumerate(texts, start=1):
        if strange := not_showable(text):
            said = _("Line %(number)s: the display has no %(signs)s.") % {"number": number, "signs": strange}
            raise Invalid(said, field="texts")
        if len(text) > panel.characters:
            told = {"number": number, "most": panel.characters, "length": len(text)}
            said = _("Line %(number)s has %(length)s characters; the display has %(most)s.") % told
            raise Invalid(said, field="texts")
    return tuple(shown_as(text) for text in texts)

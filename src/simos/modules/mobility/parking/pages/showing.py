"""What parking's pages say of a facility: its kind, its state in a word, and its line in a list. No page here."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from simos.modules.mobility.parking.rules.counts import few_for, state_of
from simos.modules.mobility.parking.values import TYPES, Count, FacilityFacts, State
from simos.modules.mobility.parking.values.words import WORDS, word_of
from simos.platform.scopes.models import City
from simos.platform.things.door import reader
from simos.web.pages import Live
from simos.web.parts import State as Shown

SHOWN = {State.FREE: Shown.GOOD, State.FEW: Shown.LOW, State.FULL: Shown.BAD}
STATES = {state: (SHOWN.get(state, Shown.PLAIN), WORDS[state]) for state in State}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A facility as the list shows it. `free` is None where no fresh count is known: a stale one misleads."""

    facts: FacilityFacts
    address: str
    entity: str
    kind: str
    free: int | None
    observed_at: datetime | None
    shown: Shown
    word: str
    few: int


def line_of(facts: FacilityFacts, count: Count | None, city: City, now: datetime) -> Line:
    state = state_of(count, facts.capacity, now)
    shown, word = STATES[state]
    fresh = count if state not in (State.STALE, State.UNKNOWN) else None
    return Line(
        facts=facts,
        address=reverse("mobility_parking:facility", kwargs={"city": city.code, "code": facts.code}),
        entity=facts.entity_in(city.code),
        kind=word_of(facts.kind, language_now()),
        free=fresh.free if fresh else None,
        observed_at=count.observed_at if count else None,
        shown=shown,
        word=word.in_(language_now()),
        few=few_for(facts.capacity),
    )


def live_of(city: City, *ids: str) -> Live:
    query = {"tenant": city.code, "type": ",".join(TYPES)} | ({"id": ",".join(ids)} if ids else {})
    return Live(stream=f"/hub/live?{urlencode(query)}", since=str(reader().head()))


def words_of_states() -> dict[Shown, str]:
    """The words of the states that a number can come to while one looks."""
    return {STATES[state][0]: STATES[state][1].in_(language_now()) for state in (State.FREE, State.FEW, State.FULL)}


def language_now() -> str:
    return get_language() or settings.LANGUAGE_CODE


def spoken_states() -> SafeString:
    """The words of the states as attributes for live.js, written once for all lines."""
    return format_html_join(
        "", ' data-live-words-{}="{}"', ((str(shown), word) for shown, word in words_of_states().items())
    )

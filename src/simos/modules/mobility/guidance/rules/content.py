"""What a panel is to show: counted spaces, FULL without flicker, CLOSED, the nearest that has room; blank, never stale.

An officer's own text wins until its end. No number is older than the panel's limit, or above what is built.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from math import ceil

from simos.kernel.geo import Point
from simos.modules.mobility.guidance.rules.words import Word, number_for, short_name, shown_as, word_for
from simos.modules.mobility.guidance.values import Known, Line, Override, Pages, PanelFacts, Wanted

Sources = Mapping[str, tuple[Known, ...]]
"""What is known of all that a line may name: of a facility itself, of a group each of its facilities."""

STREETS_PER_STRAIGHT = 1.4
"""How much longer streets are than the straight line, on average in a town."""
METRES_PER_MINUTE = 25_000 / 60
"""Driving in a town, lights and all."""
AHEAD_OF_CLOCKS = timedelta(minutes=1)
"""A counter's clock may be ahead of ours by so much."""


class Standing(StrEnum):
    """What a line can truly say of what it serves."""

    COUNT = "count"
    FULL = "full"
    CLOSED = "closed"
    BLANK = "blank"  # not known


@dataclass(frozen=True, slots=True)
class Said:
    """A line's standing, and the free spaces where it is a count."""

    standing: Standing
    free: int = 0


def full_at(capacity: int | None) -> int:
    """At so many free spaces or fewer a line says FULL: what is left is taken before a driver arrives."""
    return round((capacity or 0) * 0.01)


def again_at(capacity: int | None) -> int:
    """Only from so many on it says a number again."""
    return full_at(capacity) + max(3, ceil((capacity or 0) * 0.02))


def is_fresh(known: Known, at: datetime, limit: timedelta) -> bool:
    """Whether there is a count that may be shown at `at`."""
    if known.free is None or known.observed_at is None:
        return False
    return at - limit <= known.observed_at <= at + AHEAD_OF_CLOCKS


def said_of(served: Sequence[Known], at: datetime, limit: timedelta, *, was_full: bool) -> Said:
    """What is true of the served facilities together.

    Those without a fresh count add nothing; and while there are such, the others' being full says nothing: BLANK.
    """
    if not served:
        return Said(Standing.BLANK)
    there = [each for each in served if not each.closed]
    if not there:
        return Said(Standing.CLOSED)
    fresh = [each for each in there if is_fresh(each, at, limit)]
    free = sum(_free_in(each) for each in fresh)
    capacity = sum(each.capacity or 0 for each in fresh)
    is_full = free < again_at(capacity) if was_full else free <= full_at(capacity)
    if fresh and not is_full:
        return Said(Standing.COUNT, free)
    return Said(Standing.FULL if len(fresh) == len(there) else Standing.BLANK)


def _free_in(known: Known) -> int:
    """Never fewer than none, never more than there are."""
    free = max(0, known.free or 0)
    return free if known.capacity is None else min(free, known.capacity)


def minutes_to(here: Point | None, there: Point | None) -> float:
    """Minutes of driving, estimated from the straight line; where a place is not known, very far."""
    if here is None or there is None:
        return float("inf")
    return here.metres_to(there) * STREETS_PER_STRAIGHT / METRES_PER_MINUTE


def nearest_with_room(
    here: Point | None, choices: Sequence[Known], at: datetime, limit: timedelta, *, without: frozenset[str]
) -> Known | None:
    """Of the open facilities with a fresh count and room to spare the nearest by driving time; none of `without`."""
    with_room = [
        each
        for each in choices
        if each.code not in without
        and not each.closed
        and is_fresh(each, at, limit)
        and _free_in(each) >= again_at(each.capacity)
    ]
    return min(with_room, key=lambda each: (minutes_to(here, each.place), -_free_in(each), each.code), default=None)


def wanted_of(
    panel: PanelFacts, sources: Sources, at: datetime, *, full: frozenset[int] = frozenset(), by_hand: Override | None
) -> Wanted:
    """What the panel is to show at `at`. `full`: the lines that said FULL before."""
    limit = timedelta(minutes=panel.limit)
    said = {
        number: said_of(_served(line, sources), at, limit, was_full=number in full)
        for number, line in enumerate(panel.lines)
        if not line.advice
    }
    now_full = frozenset(number for number, each in said.items() if each.standing is Standing.FULL)
    if by_hand is not None and at < by_hand.until:
        return Wanted(pages=(_padded(panel, by_hand.lines),), full=now_full, by_hand=True)
    pages = tuple(
        tuple(
            _advice(panel, line, said, sources, at, language)
            if line.advice
            else _text(said[number], language, panel.characters)
            for number, line in enumerate(panel.lines)
        )
        for language in panel.languages
    )
    return Wanted(pages=_without_repetition(pages), full=now_full)


def _served(line: Line, sources: Sources) -> tuple[Known, ...]:
    """Each facility once, though a line may name it and its group."""
    found = {each.code: each for each in chain.from_iterable(sources.get(name, ()) for name in line.serves)}
    return tuple(found.values())


def _padded(panel: PanelFacts, texts: Sequence[str]) -> tuple[str, ...]:
    shown = [shown_as(text)[: panel.characters] for text in texts[: len(panel.lines)]]
    return (*shown, *("" for _ in range(len(panel.lines) - len(shown))))


def _text(said: Said, language: str, characters: int) -> str:
    if said.standing is Standing.COUNT:
        return number_for(said.free, characters)
    if said.standing is Standing.BLANK:
        return ""
    return word_for(Word.FULL if said.standing is Standing.FULL else Word.CLOSED, language, characters)


def _advice(
    panel: PanelFacts, line: Line, said: Mapping[int, Said], sources: Sources, at: datetime, language: str
) -> str:
    """The nearest with room and its number, while another line is full or closed; else nothing."""
    without = frozenset(
        known.code
        for number, each in said.items()
        if each.standing in (Standing.FULL, Standing.CLOSED)
        for known in _served(panel.lines[number], sources)
    )
    if not without:
        return ""
    limit = timedelta(minutes=panel.limit)
    nearest = nearest_with_room(panel.place, _served(line, sources), at, limit, without=without)
    if nearest is None:
        return ""
    number = number_for(_free_in(nearest), min(4, panel.characters))
    name = short_name(nearest.name, panel.characters - len(number) - 1)
    return f"{name} {number}" if name else word_for(Word.FREE, language, panel.characters)


def _without_repetition(pages: Pages) -> Pages:
    """Pages that say the same in two languages are one."""
    return tuple(dict.fromkeys(pages)) or ((),)


def seconds_old(known: Known, at: datetime) -> float | None:
    """The count's age; None where there is none."""
    return (at - known.observed_at).total_seconds() if known.observed_at else None

"""What a display can show, and the words on it: capital letters that fit, in the panel's languages."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

LANGUAGES = ("sl", "it", "en")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZČŠŽĆĐÀÈÉÌÒÙ"
SIGNS = "0123456789 .,:;-+/()!?'&><%="
SHOWABLE = frozenset(LETTERS + SIGNS)
"""The characters that every display of ours has."""


class Word(StrEnum):
    """What is said where a number would not do."""

    FREE = "free"
    FULL = "full"
    CLOSED = "closed"


WORDS: Mapping[Word, Mapping[str, tuple[str, ...]]] = {
    Word.FREE: {"sl": ("PROSTO",), "it": ("LIBERO",), "en": ("FREE",)},
    Word.FULL: {"sl": ("POLNO", "0"), "it": ("COMPLETO", "PIENO", "0"), "en": ("FULL", "0")},
    Word.CLOSED: {"sl": ("ZAPRTO", "ZAPR.", "X"), "it": ("CHIUSO", "CH.", "X"), "en": ("CLOSED", "CLOSE", "X")},
}
"""In each language the longest form first; the last one fits every display."""

_PLAIN_WORDS = ("PARKIRIŠČE", "PARKIRNA HIŠA", "PARKIRNI PROSTOR", "GARAŽA", "GARAŽNA HIŠA", "PARKIRAJ IN PRESEDI")


def word_for(word: Word, language: str, characters: int) -> str:
    """The longest form of the word that fits."""
    forms = WORDS[word].get(language, WORDS[word]["sl"])
    return next((form for form in forms if len(form) <= characters), forms[-1][:characters])


def number_for(free: int, characters: int) -> str:
    """The number; where it is longer than the display, the highest that fits: at least so many are free."""
    return str(max(0, min(free, 10**characters - 1)))


def shown_as(text: str) -> str:
    """The text as a display shows it: in capitals, each sign that it lacks a space."""
    return "".join(sign if sign in SHOWABLE else " " for sign in text.upper())


def not_showable(text: str) -> str:
    """The signs of the text that no display has."""
    return "".join(sorted({sign for sign in text.upper() if sign not in SHOWABLE}))


def short_name(name: str, characters: int) -> str:
    """A facility's name for a display: what it is called beyond being a car park, cut to what fits."""
    text = " ".join(shown_as(name).split())
    for plain in _PLAIN_WORDS:
        if text.startswith(f"{plain} "):
            text = text.removeprefix(plain).strip()
            break
    return text[: max(0, characters)].strip()


def languages_of(text: str) -> tuple[str, ...]:
    """The languages that a cell such as `sl it` names; ValueError names one that there is none of."""
    found = tuple(dict.fromkeys(text.replace(",", " ").replace("+", " ").casefold().split()))
    if unknown := [each for each in found if each not in LANGUAGES]:
        raise ValueError(f"languages are {', '.join(LANGUAGES)}, not {unknown[0]}")
    return found or ("sl",)


def joined(languages: Sequence[str]) -> str:
    """The inverse of `languages_of`."""
    return " ".join(languages)

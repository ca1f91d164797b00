"""Rules of the search: which words are looked for, and how far a word's ending counts. Pure."""

from dataclasses import dataclass

from simos.kernel.text import LANGUAGES, folded

LONGEST_WORD = 64
MOST_SIGNS = 100_000
"""Of a text; what comes after is not searched."""
MOST_WORDS = 8
EXTRACT = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """The beginnings of words that are looked for, all of them: as typed, and with their endings left off."""

    typed: tuple[str, ...]
    stems: tuple[str, ...]


def indexed(text: str) -> str:
    """The words of `text` as they are kept for search: folded, with one space between them."""
    return " ".join(word[:LONGEST_WORD] for word in folded(text[:MOST_SIGNS]).split())


def wanted_in(text: str) -> Wanted | None:
    """What is looked for; None where `text` holds no word. Words past the eighth do not count."""
    words = tuple(dict.fromkeys(indexed(text).split()))[:MOST_WORDS]
    return Wanted(words, tuple(stem_of(word) for word in words)) if words else None


def stem_of(word: str) -> str:
    """The part that stays when a Slovenian noun is declined, near enough: without its last letter from five on, its
    last two from seven on. `garaže`, `garaži` and `garaža` have one; numbers stay whole.

    No table of suffixes: it would find hardly more, and the beginning of a word finds what is being typed as well.
    """
    if not word.isalpha() or len(word) < 5:
        return word
    return word[:-2] if len(word) >= 7 else word[:-1]


def fallback_for(languages: set[str]) -> dict[str, str]:
    """For each language of the platform the one in which a document with `languages` is shown: itself, or English,
    or the first that there is."""
    second = "en" if "en" in languages else next(each for each in LANGUAGES if each in languages)
    return {each: each if each in languages else second for each in LANGUAGES}


def extract_of(body: str, wanted: Wanted) -> str:
    """The part of `body` around the first word that was looked for; its beginning where only the title has it."""
    words = body.split()
    folds = [folded(word).split() for word in words]
    hit = next(
        (i for i, parts in enumerate(folds) if any(part.startswith(stem) for part in parts for stem in wanted.stems)), 0
    )
    start = hit
    length = len(words[hit]) if words else 0
    while start > 0 and length + len(words[start - 1]) < EXTRACT // 4:
        start -= 1
        length += len(words[start]) + 1
    end, taken = start, 0
    while end < len(words) and taken + len(words[end]) <= EXTRACT:
        taken += len(words[end]) + 1
        end += 1
    return ("… " if start else "") + " ".join(words[start:end]) + (" …" if end < len(words) else "")

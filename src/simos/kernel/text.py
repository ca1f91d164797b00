"""Words that people read, in the platform's languages.

A `Text` is a value: it holds every language that was given and falls back in a fixed order, so that
a page in Hungarian never shows an empty heading. It must not know which language is being shown.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields

LANGUAGES: tuple[str, ...] = ("sl", "en", "it", "hu")
"""ISO 639-1 codes in the order of fallback; the first is the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The same words in Slovenian and English, and where a module serves them Italian and Hungarian."""

    sl: str
    en: str
    it: str = ""
    hu: str = ""

    def __post_init__(self) -> None:
        for required in ("sl", "en"):
            if not getattr(self, required).strip():
                raise ValueError(f"Text needs words in {required!r}: {self!r}")

    def in_(self, language: str) -> str:
        """The words in `language` (ISO 639-1, a region after a dash is ignored), else English, else Slovenian."""
        code = language.split("-")[0].lower()
        words = getattr(self, code) if code in LANGUAGES else ""
        return words or self.en or self.sl

    def languages(self) -> Iterator[str]:
        """The languages that really have words."""
        return (field.name for field in fields(self) if getattr(self, field.name))


_WITHOUT_MARKS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """`text` as it is compared in a search: small letters without their marks, digits, one space between words.

    `Šmarješke Toplice` and `smarjeske  toplice` are the same; folding what is folded changes nothing.
    """
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    letters = "".join(sign for sign in small if not unicodedata.combining(sign)).translate(_WITHOUT_MARKS)
    return " ".join(_WORD.findall(letters))

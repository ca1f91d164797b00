"""File names that every system takes and nobody is misled by. Pure."""

import re
import unicodedata

LONGEST = 120
_UNSAFE = re.compile(r'[<>:"|?*]')
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)
"""Names that are devices on Windows, whatever their ending."""


def suffix_of(name: str) -> str:
    """The ending in lower case with its dot, or nothing."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if stem and dot and ending.isalnum() else ""


def safe_name(name: str, suffixes: tuple[str, ...], known: frozenset[str] = frozenset()) -> str:
    """`name` without folders, control or direction signs and what a system forbids, ending in one of `suffixes`.

    The first of `suffixes` takes the place of an ending in `known`, and follows any other. At most 120 signs and 200
    bytes; `datoteka` where nothing is left.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if each.isspace() else each for each in last)
    seen = "".join(each for each in seen if not unicodedata.category(each).startswith("C"))
    ending = suffix_of(seen.rstrip(". "))
    stem = seen.rstrip(". ")
    if ending in suffixes or ending in known:
        stem = stem[: -len(ending)]
    if ending not in suffixes:
        ending = suffixes[0]
    stem = " ".join(_UNSAFE.sub("_", stem).split()).strip(". ")
    stem = _shortened(stem, LONGEST - len(ending), 200 - len(ending.encode())).rstrip(". ") or "datoteka"
    if stem.split(".")[0].strip().lower() in _RESERVED:
        stem = f"_{stem}"[: LONGEST - len(ending)]
    return stem + ending


def _shortened(text: str, signs: int, size: int) -> str:
    return text[:signs].encode()[:size].decode(errors="ignore")

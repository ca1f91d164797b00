"""Language properties in the language that somebody reads (ETSI GS CIM 009, 4.15; RFC 9110, 12.5.4)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from simos.hub.values import Instance


@lru_cache(maxsize=256)
def preferences(lang: str) -> tuple[str, ...]:
    """Languages from the most to the least wanted: `sl, en;q=0.5` is (sl, en). What has no weight is left out."""
    ranked = []
    for place, part in enumerate(lang.split(",")[:20]):
        name, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            quality = 0.0
        if name.strip() and quality > 0:
            ranked.append((-quality, place, name.strip()))
    return tuple(name for _, _, name in sorted(ranked))


def in_language(instance: Instance, lang: str) -> Instance:
    """A LanguageProperty as a Property with a `lang`; any other kind as it is."""
    words = instance.get("languageMap")
    if not isinstance(words, dict):
        return instance
    language = _best(words, preferences(lang))
    shown: dict[str, Any] = {"type": "Property", "value": words[language]}
    if language != "@none":
        shown["lang"] = language
    return {**shown, **{member: inner for member, inner in instance.items() if member not in ("type", "languageMap")}}


def _best(words: dict[str, Any], wanted: Sequence[str]) -> str:
    for want in wanted:
        if want == "*":
            break
        low = want.lower()
        for test in (low, low.split("-")[0]):
            for language in words:
                if language.lower() == test or language.lower().startswith(test + "-"):
                    return language
    return "@none" if "@none" in words else next(iter(words))

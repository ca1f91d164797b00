"""What is said of a data set in words, and what a search finds. Pure."""

from collections.abc import Iterator, Sequence

from simos.kernel.text import Text, folded
from simos.modules.data.catalogue.values import DataSet

LIVE = Text(
    sl="Podatki so živi: vsaka sprememba je na voljo takoj. Zgodovina je na voljo po obdobjih.",
    en="The data are live: every change is there at once. History can be had by period.",
    it="I dati sono in tempo reale: ogni modifica è subito disponibile. Lo storico si ottiene per periodo.",
)


def about_of(it: DataSet) -> Text:
    """What the data set holds, in a few sentences."""
    said = {}
    for language in it.title.languages():
        attributes = ", ".join(each.title.in_(language) for each in it.type.attributes)
        parts = (f"{it.title.in_(language)}.", it.module.summary.in_(language), LIVE.in_(language), attributes)
        said[language] = " ".join(part for part in parts[:3] if part) + (f" ({attributes})" if attributes else "")
    return Text(**said)


def keywords_of(it: DataSet) -> Iterator[tuple[str, str]]:
    """By language, words under which it is found: the service's, the type's, the city's."""
    for language in it.title.languages():
        for text in (it.module.title, it.type.title, it.place.name):
            yield language, text.in_(language)


def found_by(text: str, sets: Sequence[DataSet]) -> Sequence[DataSet]:
    """Those that have all words of `text` somewhere in what is said of them, in any language."""
    words = folded(text).split()
    return [each for each in sets if all(word in _said(each) for word in words)]


def _said(it: DataSet) -> str:
    texts = (it.title, about_of(it), it.module.title)
    return folded(" ".join([it.key, it.type.name, *(t.in_(each) for t in texts for each in t.languages())]))

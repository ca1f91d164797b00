"""Pages that every city has from the beginning, by their address and title in each language. Data only."""

from dataclasses import dataclass

from simos.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page that every city has from the beginning, by its address in each language."""

    slug: Text
    title: Text
    lead: Text | None = None


NEWS = Place(slug=Text(sl="novice", en="news", it="notizie"), title=Text(sl="Novice", en="News", it="Notizie"))
GUIDES = Place(
    slug=Text(sl="vodici", en="guides", it="guide"),
    title=Text(sl="Vodiči", en="Guides", it="Guide"),
    lead=Text(
        sl="Kako kaj urediti, korak za korakom.",
        en="How to get things done, step by step.",
        it="Come fare, passo dopo passo.",
    ),
)
LIFE_EVENTS = Place(
    slug=Text(sl="zivljenjski-dogodki", en="life-events", it="eventi-della-vita"),
    title=Text(sl="Življenjski dogodki", en="Life events", it="Eventi della vita"),
    lead=Text(
        sl="Začnite pri tem, kar se vam dogaja.",
        en="Start from what happens in your life.",
        it="Partite da ciò che vi sta succedendo.",
    ),
)
CONTACT = Place(
    slug=Text(sl="kontakt", en="contact", it="contatti"), title=Text(sl="Kontakt", en="Contact", it="Contatti")
)
ACCESSIBILITY = Place(
    slug=Text(sl="dostopnost", en="accessibility", it="accessibilita"),
    title=Text(sl="Izjava o dostopnosti", en="Accessibility statement", it="Dichiarazione di accessibilità"),
)
PRIVACY = Place(
    slug=Text(sl="zasebnost", en="privacy", it="privacy"),
    title=Text(sl="Obvestilo o zasebnosti", en="Privacy notice", it="Informativa sulla privacy"),
)
TERMS = Place(
    slug=Text(sl="pogoji-uporabe", en="terms", it="condizioni"),
    title=Text(sl="Pogoji uporabe", en="Terms of use", it="Condizioni d’uso"),
)
SECTIONS = (LIFE_EVENTS, GUIDES, NEWS)

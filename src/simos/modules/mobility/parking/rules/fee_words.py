"""The words of a fee's lines, in the platform's languages. Texts only."""

from collections.abc import Sequence
from datetime import datetime

from simos.kernel.text import Text
from simos.modules.mobility.parking.values.facilities import Exemption
from simos.modules.mobility.parking.values.tariffs import Step
from simos.modules.mobility.parking.values.words import text_of

NOTHING_TO_PAY = Text(
    sl="V tem času se parkiranje ne plačuje.",
    en="Nothing is paid at this time.",
    it="In questo orario non si paga.",
)

Edges = Sequence[tuple[datetime, datetime]]
"""From when to when, in the city's time."""


def amount(cents: int, language: str) -> str:
    """Euros as people write them: 1,20 €, in English €1.20."""
    sign, whole = "−" if cents < 0 else "", f"{abs(cents) // 100}"
    part = f"{abs(cents) % 100:02d}"
    return f"{sign}€{whole}.{part}" if language[:2] == "en" else f"{sign}{whole},{part}\u00a0€"


def length(minutes: int) -> str:
    """A length of time that reads alike in every language."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


def _when(edges: Edges, language: str) -> str:
    return ", ".join(_one(*each, language) for each in edges)


def _one(begins: datetime, ends: datetime, language: str) -> str:
    day = f"{begins.day}. {begins.month}." if language == "sl" else f"{begins.day}/{begins.month}"
    return f"{day} {begins:%H:%M}–{ends:%H:%M}"


def step(edges: Edges, each: Step, units: int) -> Text:
    """So many units at the price of one, and when."""
    long = length(each.minutes)
    return Text(
        sl=f"{_when(edges, 'sl')}: {units} × {long} po {amount(each.cents, 'sl')}",
        en=f"{_when(edges, 'en')}: {units} × {long} at {amount(each.cents, 'en')}",
        it=f"{_when(edges, 'it')}: {units} × {long} a {amount(each.cents, 'it')}",
    )


def free_minutes(minutes: int, exemption: Exemption | None) -> Text:
    long, why = length(minutes), text_of(exemption) if exemption else None
    return Text(
        sl=f"Na začetku brezplačno: {long}" + (f" ({why.sl})" if why else ""),
        en=f"Free at the beginning: {long}" + (f" ({why.en})" if why else ""),
        it=f"Gratuiti all'inizio: {long}" + (f" ({why.it})" if why else ""),
    )


def rounding(to: int) -> Text:
    return Text(
        sl=f"Zaokrožitev na {amount(to, 'sl')}",
        en=f"Rounded to {amount(to, 'en')}",
        it=f"Arrotondamento a {amount(to, 'it')}",
    )


def cap(cents: int) -> Text:
    return Text(
        sl=f"Najvišja dnevna cena je {amount(cents, 'sl')}",
        en=f"A day costs at most {amount(cents, 'en')}",
        it=f"Tariffa massima giornaliera: {amount(cents, 'it')}",
    )


def relief(exemption: Exemption, percent: int) -> Text:
    why = text_of(exemption)
    return Text(sl=f"{why.sl}: −{percent} %", en=f"{why.en}: −{percent}%", it=f"{why.it}: −{percent}%")

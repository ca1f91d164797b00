"""What people call the choices of a facility, in the platform's languages. Tables only."""

from collections.abc import Mapping
from enum import StrEnum

from simos.kernel.text import Text
from simos.modules.mobility.parking.values.counts import State
from simos.modules.mobility.parking.values.facilities import Exemption, Kind, Payment, Space, Way

_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, Text]] = {
    Kind: {
        Kind.LOT: Text(sl="parkirišče", en="car park", it="parcheggio"),
        Kind.GARAGE: Text(sl="garaža", en="garage", it="autorimessa"),
        Kind.STREET: Text(sl="parkiranje ob cesti", en="parking on the street", it="parcheggio su strada"),
    },
    Space: {
        Space.DISABLED: Text(
            sl="mesta za invalide", en="spaces for people with disabilities", it="posti per persone con disabilità"
        ),
        Space.CHARGING: Text(sl="mesta s polnilnico", en="spaces with a charger", it="posti con colonnina di ricarica"),
        Space.PERMIT: Text(sl="mesta z dovolilnico", en="spaces with a permit", it="posti con permesso"),
    },
    Way: {
        Way.IN: Text(sl="uvoz", en="way in", it="ingresso"),
        Way.OUT: Text(sl="izvoz", en="way out", it="uscita"),
        Way.BOTH: Text(sl="uvoz in izvoz", en="way in and out", it="ingresso e uscita"),
        Way.WALK: Text(sl="vhod za pešce", en="entrance on foot", it="ingresso pedonale"),
    },
    Payment: {
        Payment.CASH: Text(sl="gotovina", en="cash", it="contanti"),
        Payment.CARD: Text(sl="plačilna kartica", en="bank card", it="carta di pagamento"),
        Payment.APP: Text(sl="mobilna aplikacija", en="mobile app", it="app"),
        Payment.SMS: Text(sl="SMS", en="SMS", it="SMS"),
        Payment.CITY_CARD: Text(sl="mestna kartica", en="city card", it="carta della città"),
        Payment.INVOICE: Text(sl="račun", en="invoice", it="fattura"),
    },
    Exemption: {
        Exemption.DISABLED_CARD: Text(
            sl="parkirna karta za invalide", en="parking card for people with disabilities", it="contrassegno disabili"
        ),
        Exemption.RESIDENT_PERMIT: Text(
            sl="dovolilnica za stanovalce", en="resident's permit", it="permesso residenti"
        ),
        Exemption.CHARGING: Text(
            sl="električno vozilo med polnjenjem",
            en="electric vehicle while charging",
            it="veicolo elettrico in ricarica",
        ),
    },
    State: {
        State.FREE: Text(sl="prosto", en="free", it="libero"),
        State.FEW: Text(sl="malo mest", en="few spaces", it="pochi posti"),
        State.FULL: Text(sl="zasedeno", en="full", it="completo"),
        State.CLOSED: Text(sl="zaprto", en="closed", it="chiuso"),
        State.STALE: Text(sl="ni trenutnih podatkov", en="no current data", it="nessun dato attuale"),
        State.UNKNOWN: Text(sl="ni podatka", en="no count", it="nessun dato"),
    },
}
"""By the kind of choice first: two choices of the same spelling (`charging`) are one key to a dictionary."""


def text_of(choice: StrEnum) -> Text:
    """What people call `choice`, in every language."""
    return _WORDS[type(choice)][choice]


def word_of(choice: StrEnum, language: str) -> str:
    """The same in one language."""
    return text_of(choice).in_(language)

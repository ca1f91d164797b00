"""What the catalogue is, as data."""

from simos.kernel.ids import ModuleName
from simos.kernel.module import Level, Module
from simos.kernel.text import Text

module = Module(
    name=ModuleName("data/catalogue"),
    title=Text(sl="Odprti podatki", en="Open data", it="Dati aperti"),
    address=Text(sl="odprti-podatki", en="open-data", it="dati-aperti"),
    summary=Text(
        sl="Vsi odprti podatki mesta na enem mestu: kaj pomenijo, kako sveži so in kako jih vzeti.",
        en="All open data of the city in one place: what they mean, how fresh they are, and how to take them.",
        it="Tutti i dati aperti della città in un solo posto: cosa significano, quanto sono aggiornati, come averli.",
    ),
    level=Level.BOTH,
    always_on=True,
)

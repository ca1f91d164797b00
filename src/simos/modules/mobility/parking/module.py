"""What the parking module is, as data."""

from datetime import timedelta

from simos.kernel.ids import ModuleName
from simos.kernel.module import Attribute, AttributeKind, EntityType, LifeEvent, Module, Permission, Role
from simos.kernel.text import Text

OFF_STREET_PARKING = EntityType(
    name="OffStreetParking",
    title=Text(sl="Parkirišče ali garaža", en="Car park or garage", it="Parcheggio o autorimessa"),
    attributes=(
        Attribute(name="name", title=Text(sl="Ime", en="Name", it="Nome")),
        Attribute(name="category", title=Text(sl="Vrsta", en="Kind", it="Tipo")),
        Attribute(name="address", title=Text(sl="Naslov", en="Address", it="Indirizzo")),
        Attribute(name="dataProvider", title=Text(sl="Vir podatkov", en="Source of the data", it="Fonte dei dati")),
        Attribute(name="location", title=Text(sl="Lega", en="Location", it="Posizione"), kind=AttributeKind.GEO),
        Attribute(
            name="totalSpotNumber", title=Text(sl="Število mest", en="Spaces in all", it="Posti totali"), unit="C62"
        ),
        Attribute(
            name="availableSpotNumber", title=Text(sl="Prosta mesta", en="Free spaces", it="Posti liberi"), unit="C62"
        ),
    ),
    open=True,
    licence="CC-BY-4.0",
    retention=timedelta(days=5 * 365),
    source="https://github.com/smart-data-models/dataModel.Parking/tree/master/OffStreetParking",
)

module = Module(
    name=ModuleName("mobility/parking"),
    title=Text(sl="Parkiranje", en="Parking", it="Parcheggio"),
    address=Text(sl="parkiranje", en="parking", it="parcheggio"),
    summary=Text(
        sl="Prosta mesta v garažah in na parkiriščih, kot se spreminjajo.",
        en="Free spaces in garages and car parks, as they change.",
        it="Posti liberi nelle autorimesse e nei parcheggi, in tempo reale.",
    ),
    entity_types=(OFF_STREET_PARKING,),
    permissions=(
        Permission(
            name="edit-facilities",
            title=Text(sl="Urejanje parkirišč", en="Edit parking facilities", it="Modifica dei parcheggi"),
        ),
    ),
    roles=(
        Role(
            name="parking-officer",
            title=Text(sl="Skrbnik parkiranja", en="Parking officer", it="Responsabile dei parcheggi"),
            permissions=("edit-facilities",),
        ),
    ),
    life_events=(LifeEvent(name="trip", title=Text(sl="Na poti", en="A trip", it="In viaggio")),),
    events=("FacilitySaved",),
)

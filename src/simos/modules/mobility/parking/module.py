"""What the parking module is, as data."""

from datetime import timedelta

from simos.kernel.ids import ModuleName
from simos.kernel.module import (
    Attribute,
    AttributeKind,
    EntityType,
    Indicator,
    IndicatorKind,
    LifeEvent,
    Module,
    Permission,
    Role,
    Target,
)
from simos.kernel.text import Text

_SOURCE = "https://github.com/smart-data-models/dataModel.Parking/tree/master/"
_RETENTION = timedelta(days=5 * 365)

_NAME = Attribute(name="name", title=Text(sl="Ime", en="Name", it="Nome"))
_CATEGORY = Attribute(name="category", title=Text(sl="Vrsta", en="Kind", it="Tipo"))
_PROVIDER = Attribute(name="dataProvider", title=Text(sl="Vir podatkov", en="Source of the data", it="Fonte dei dati"))
_TOTAL = Attribute(
    name="totalSpotNumber", title=Text(sl="Število mest", en="Spaces in all", it="Posti totali"), unit="C62"
)
_FREE = Attribute(
    name="availableSpotNumber", title=Text(sl="Prosta mesta", en="Free spaces", it="Posti liberi"), unit="C62"
)

_SITE = (
    _NAME,
    _CATEGORY,
    Attribute(name="address", title=Text(sl="Naslov", en="Address", it="Indirizzo")),
    Attribute(name="areaServed", title=Text(sl="Območje", en="Area", it="Zona")),
    Attribute(name="provider", title=Text(sl="Upravljavec", en="Operator", it="Gestore")),
    _PROVIDER,
    Attribute(name="location", title=Text(sl="Lega", en="Location", it="Posizione"), kind=AttributeKind.GEO),
    _TOTAL,
    _FREE,
    Attribute(
        name="unknownSpotNumber",
        title=Text(sl="Mesta brez podatka", en="Spaces of which nothing is known", it="Posti senza dati"),
        unit="C62",
    ),
)
"""What garages, car parks and zones on the street have in common."""

OFF_STREET_PARKING = EntityType(
    name="OffStreetParking",
    title=Text(sl="Parkirišče ali garaža", en="Car park or garage", it="Parcheggio o autorimessa"),
    attributes=(
        *_SITE,
        Attribute(name="openingHours", title=Text(sl="Odpiralni čas", en="Opening hours", it="Orario di apertura")),
        Attribute(
            name="maximumAllowedHeight",
            title=Text(sl="Največja višina vozila", en="Greatest height of a vehicle", it="Altezza massima"),
            unit="MTR",
        ),
        Attribute(
            name="acceptedPaymentMethod",
            title=Text(sl="Načini plačila", en="Ways to pay", it="Modalità di pagamento"),
        ),
    ),
    open=True,
    licence="CC-BY-4.0",
    retention=_RETENTION,
    source=f"{_SOURCE}OffStreetParking",
)

ON_STREET_PARKING = EntityType(
    name="OnStreetParking",
    title=Text(sl="Parkiranje ob cesti", en="Parking on the street", it="Parcheggio su strada"),
    attributes=_SITE,
    open=True,
    licence="CC-BY-4.0",
    retention=_RETENTION,
    source=f"{_SOURCE}OnStreetParking",
)

PARKING_GROUP = EntityType(
    name="ParkingGroup",
    title=Text(sl="Mesta ene vrste", en="Spaces of one kind", it="Posti di un tipo"),
    attributes=(
        _NAME,
        _CATEGORY,
        _PROVIDER,
        Attribute(
            name="refParkingSite",
            title=Text(sl="Parkirišče", en="Facility", it="Parcheggio"),
            kind=AttributeKind.RELATIONSHIP,
        ),
        _TOTAL,
        _FREE,
    ),
    open=True,
    licence="CC-BY-4.0",
    retention=_RETENTION,
    source=f"{_SOURCE}ParkingGroup",
)

PARKING_FORECAST = EntityType(
    name="ParkingForecast",
    title=Text(sl="Napoved prostih mest", en="Forecast of free spaces", it="Previsione dei posti liberi"),
    attributes=(
        Attribute(
            name="refParkingSite",
            title=Text(sl="Parkirišče", en="Facility", it="Parcheggio"),
            kind=AttributeKind.RELATIONSHIP,
        ),
        Attribute(
            name="expected",
            title=Text(
                sl="Pričakovana prosta mesta čez 30, 60 in 120 minut, z mejama",
                en="Free spaces expected in 30, 60 and 120 minutes, with bounds",
                it="Posti liberi previsti tra 30, 60 e 120 minuti, con i limiti",
            ),
        ),
        Attribute(
            name="chance",
            title=Text(
                sl="Delež primerov med mejama",
                en="Share of cases within the bounds",
                it="Quota dei casi entro i limiti",
            ),
            unit="P1",
        ),
        Attribute(name="method", title=Text(sl="Način napovedi", en="How it was forecast", it="Metodo di previsione")),
        Attribute(
            name="modelVersion", title=Text(sl="Različica modela", en="Version of the model", it="Versione del modello")
        ),
    ),
    open=True,
    licence="CC-BY-4.0",
    retention=timedelta(days=9),
)

PARKING_ACCESS = EntityType(
    name="ParkingAccess",
    title=Text(sl="Uvoz ali izvoz parkirišča", en="Gate of a facility", it="Varco di un parcheggio"),
    attributes=(
        Attribute(
            name="refOffStreetParking",
            title=Text(sl="Parkirišče", en="Facility", it="Parcheggio"),
            kind=AttributeKind.RELATIONSHIP,
        ),
        Attribute(
            name="vehicleEntranceCount",
            title=Text(sl="Vozila, ki so vstopila", en="Cars that came in", it="Veicoli entrati"),
            unit="C62",
        ),
        Attribute(
            name="vehicleExitCount",
            title=Text(sl="Vozila, ki so izstopila", en="Cars that went out", it="Veicoli usciti"),
            unit="C62",
        ),
    ),
    open=True,
    licence="CC-BY-4.0",
    retention=timedelta(days=365),
    source="https://github.com/smart-data-models/dataModel.Parking/tree/master/ParkingAccess",
)

PARKING_SPOT = EntityType(
    name="ParkingSpot",
    title=Text(sl="Parkirno mesto", en="Parking space", it="Posto auto"),
    attributes=(
        Attribute(
            name="refParkingSite",
            title=Text(sl="Parkirišče", en="Facility", it="Parcheggio"),
            kind=AttributeKind.RELATIONSHIP,
        ),
        Attribute(name="status", title=Text(sl="Stanje", en="Status", it="Stato")),
        Attribute(name="batteryLevel", title=Text(sl="Polnost baterije", en="Battery level", it="Livello batteria")),
    ),
    open=True,
    licence="CC-BY-4.0",
    retention=timedelta(days=365),
    source="https://github.com/smart-data-models/dataModel.Parking/tree/master/ParkingSpot",
)

CELJE_TARGET = Text(
    sl="Celje, pobuda 2019–2023: 363 t CO2 na leto manj, torej 30,25 t na mesec",
    en="Celje, initiative 2019–2023: 363 t of CO2 a year less, that is 30.25 t a month",
    it="Celje, iniziativa 2019–2023: 363 t di CO2 all’anno in meno, cioè 30,25 t al mese",
)


def _co2(end: str, word: Text) -> Indicator:
    """One end of the range of CO2 that was not emitted."""
    return Indicator(
        name=f"co2-avoided-{end}",
        title=Text(
            sl=f"CO2, ki ni bil izpuščen: {word.in_('sl')}",
            en=f"CO2 not emitted: {word.in_('en')}",
            it=f"CO2 non emessa: {word.in_('it')}",
        ),
        about=Text(
            sl="Tone CO2, ki jih vozila niso izpustila, ker jim ni bilo treba iskati mesta: ena meja razpona, ki ga "
            "dajo štetja vozil in predpostavke.",
            en="Tonnes of CO2 that vehicles did not emit because they need not search for a space: one end of the "
            "range that counts of vehicles and assumptions give.",
            it="Tonnellate di CO2 che i veicoli non hanno emesso perché non hanno dovuto cercare un posto: un estremo "
            "dell’intervallo dato dai conteggi dei veicoli e dalle ipotesi.",
        ),
        unit="TNE",
        kind=IndicatorKind.OUTCOME,
        targets=tuple(Target(year=year, value=30.25, source=CELJE_TARGET, city="celje") for year in (2025, 2026, 2027)),
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
    offers=("facilities_now", "areas_now", "FacilityNow", "AreaNow"),
    entity_types=(OFF_STREET_PARKING, ON_STREET_PARKING, PARKING_GROUP, PARKING_FORECAST, PARKING_ACCESS, PARKING_SPOT),
    permissions=(
        Permission(
            name="edit-facilities",
            title=Text(sl="Urejanje parkirišč", en="Edit parking facilities", it="Modifica dei parcheggi"),
        ),
        Permission(
            name="correct-counts",
            title=Text(sl="Popravljanje števcev", en="Correct counters", it="Correzione dei contatori"),
        ),
        Permission(
            name="edit-tariffs",
            title=Text(sl="Urejanje cenikov", en="Edit parking tariffs", it="Modifica delle tariffe"),
        ),
    ),
    roles=(
        Role(
            name="parking-officer",
            title=Text(sl="Skrbnik parkiranja", en="Parking officer", it="Responsabile dei parcheggi"),
            permissions=("edit-facilities", "correct-counts", "edit-tariffs"),
        ),
    ),
    indicators=(
        _co2("low", Text(sl="najmanj", en="at least", it="almeno")),
        _co2("high", Text(sl="največ", en="at most", it="al massimo")),
    ),
    life_events=(LifeEvent(name="trip", title=Text(sl="Na poti", en="A trip", it="In viaggio")),),
    events=("FacilitySaved", "FacilityRemoved", "CountCorrected"),
)

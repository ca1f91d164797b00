"""What the guidance module is, as data."""

from datetime import timedelta

from simos.kernel.ids import ModuleName
from simos.kernel.module import Attribute, AttributeKind, EntityType, LifeEvent, Module, Permission, Role
from simos.kernel.text import Text

SIGN = EntityType(
    name="VariableMessageSign",
    title=Text(
        sl="Usmerjevalni ali informacijski panel",
        en="Direction or information panel",
        it="Pannello di indirizzamento o informativo",
    ),
    attributes=(
        Attribute(name="name", title=Text(sl="Ime", en="Name", it="Nome")),
        Attribute(name="category", title=Text(sl="Vrsta", en="Kind", it="Tipo")),
        Attribute(name="address", title=Text(sl="Ulica", en="Street", it="Via")),
        Attribute(name="location", title=Text(sl="Lega", en="Location", it="Posizione"), kind=AttributeKind.GEO),
        Attribute(
            name="bearing",
            title=Text(sl="Smer vožnje, ki ji kaže", en="Heading of the traffic it faces", it="Direzione del traffico"),
            unit="DD",
        ),
        Attribute(name="serves", title=Text(sl="Puščice", en="Arrows", it="Frecce")),
        Attribute(name="display", title=Text(sl="Prikazovalnik", en="Display", it="Display")),
        Attribute(name="wanted", title=Text(sl="Naj pokaže", en="Is to show", it="Deve mostrare")),
        Attribute(name="confirmed", title=Text(sl="Potrjeno kaže", en="Confirmed to show", it="Mostra, confermato")),
        Attribute(name="workingStatus", title=Text(sl="Stanje", en="Working status", it="Stato di funzionamento")),
        Attribute(name="dataProvider", title=Text(sl="Vir podatkov", en="Source of the data", it="Fonte dei dati")),
    ),
    open=True,
    licence="CC-BY-4.0",
    retention=timedelta(days=2 * 365),
    source="https://docs.datex2.eu/v3.4/variablemessagesigns/",
)
"""No Smart Data Model is of panels; the terms are those of DATEX II v3, VmsPublication and VmsTablePublication."""

REPORT = EntityType(
    name="VariableMessageSignStatus",
    title=Text(sl="Javljanje panela", en="A panel's report", it="Segnalazione di un pannello"),
    attributes=(
        Attribute(name="shown", title=Text(sl="Kaže", en="Shows", it="Mostra")),
        Attribute(name="workingStatus", title=Text(sl="Stanje", en="Working status", it="Stato di funzionamento")),
        Attribute(name="heartbeat", title=Text(sl="Javil se je", en="Was heard of", it="Ultimo segnale")),
    ),
    retention=timedelta(days=90),
    source="https://docs.datex2.eu/v3.4/variablemessagesigns/",
)
"""Of its own, so that a panel's token writes reports and never what panels are to show."""

module = Module(
    name=ModuleName("mobility/guidance"),
    title=Text(sl="Vodenje do parkirišč", en="Guidance to parking", it="Guida ai parcheggi"),
    address=Text(sl="vodenje", en="guidance", it="guida"),
    summary=Text(
        sl="Usmerjevalni in informacijski paneli: kje stojijo in kaj zdaj kažejo.",
        en="Direction and information panels: where they stand and what they show now.",
        it="Pannelli di indirizzamento e informativi: dove si trovano e cosa mostrano ora.",
    ),
    requires=(ModuleName("mobility/parking"),),
    entity_types=(SIGN, REPORT),
    permissions=(
        Permission(name="edit-panels", title=Text(sl="Urejanje panelov", en="Edit panels", it="Modifica dei pannelli")),
        Permission(
            name="override-panel",
            title=Text(sl="Ročni napis na panelu", en="Write on a panel by hand", it="Testo manuale su un pannello"),
        ),
    ),
    roles=(
        Role(
            name="guidance-officer",
            title=Text(sl="Skrbnik panelov", en="Guidance officer", it="Responsabile dei pannelli"),
            permissions=("edit-panels", "override-panel"),
        ),
    ),
    life_events=(LifeEvent(name="trip", title=Text(sl="Na poti", en="A trip", it="In viaggio")),),
    events=("PanelSaved", "PanelRemoved", "OverrideSet", "OverrideEnded", "PanelFailed", "PanelRecovered"),
)

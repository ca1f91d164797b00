"""Parking's register for officers: the facilities, listed, edited and imported. Decides nothing: actions do."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django import forms
from django.utils.translation import get_language

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict
from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import import_facilities, save_facilities
from simos.modules.mobility.parking.feeds import table_in
from simos.modules.mobility.parking.models import Facility
from simos.modules.mobility.parking.values import FacilityFacts, Kind
from simos.web.office.declared import Column, Filter, ImportOutcome, Register

KINDS: Mapping[Kind, Text] = {
    Kind.LOT: Text(sl="parkirišče", en="car park", it="parcheggio"),
    Kind.GARAGE: Text(sl="garažna hiša", en="garage", it="autorimessa"),
}
TITLES: Mapping[str, Text] = {
    "code": Text(sl="Oznaka", en="Code"),
    "name": Text(sl="Ime", en="Name"),
    "kind": Text(sl="Vrsta", en="Kind"),
    "capacity": Text(sl="Število mest", en="Spaces"),
    "address": Text(sl="Naslov", en="Address"),
    "longitude": Text(sl="Zemljepisna dolžina (stopinje)", en="Longitude (degrees)"),
    "latitude": Text(sl="Zemljepisna širina (stopinje)", en="Latitude (degrees)"),
}


def _kinds() -> Sequence[tuple[str, str]]:
    language = get_language() or "sl"
    return [(kind.value, title.in_(language)) for kind, title in KINDS.items()]


class FacilityForm(forms.ModelForm[Facility]):
    """What an office knows of a facility. The code is given once and stays."""

    class Meta:
        model = Facility
        fields = tuple(TITLES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "sl"
        for name, title in TITLES.items():
            self.fields[name].label, self.fields[name].help_text = title.in_(language), ""
        self.fields["kind"] = forms.ChoiceField(label=TITLES["kind"].in_(language), choices=_kinds())
        self.fields["code"].disabled = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (found.get("longitude") is None) != (found.get("latitude") is None):
            text = Text(sl="Navedite obe koordinati ali nobene.", en="Give both coordinates or none.")
            self.add_error("latitude", text.in_(get_language() or "sl"))
        return found


def _save(scope: Scope, row: Facility | None, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> Facility:
    if row is None and Facility.objects.filter(code=facts["code"]).exists():
        text = Text(sl="Parkirišče s to oznako že obstaja.", en="There is a facility with this code already.")
        raise Conflict(text.in_(get_language() or "sl"), field="code")
    longitude, latitude = facts["longitude"], facts["latitude"]
    wanted = FacilityFacts(
        code=row.code if row else facts["code"],
        name=facts["name"],
        kind=Kind(facts["kind"]),
        capacity=facts["capacity"],
        place=Point(longitude, latitude) if longitude is not None and latitude is not None else None,
        address=facts["address"],
    )
    save_facilities(scope, [wanted], by=by, at=at)
    saved: Facility = Facility.objects.get(code=wanted.code)
    return saved


def _import(scope: Scope, file: IO[bytes], *, by: Actor, at: datetime) -> ImportOutcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facilities.csv"
        path.write_bytes(file.read())
        table = table_in(path)
    done = import_facilities(scope, table.rows, header=table.header, by=by, at=at)
    return ImportOutcome(added=done.added, changed=done.changed, unchanged=done.unchanged, errors=done.errors)


office = (
    Register(
        name="facilities",
        title=Text(sl="Parkirišča in garažne hiše", en="Car parks and garages"),
        model=Facility,
        columns=(
            Column(field="name", title=TITLES["name"]),
            Column(field="code", title=TITLES["code"]),
            Column(
                field="kind", title=TITLES["kind"], value=lambda row: KINDS[Kind(row.kind)].in_(get_language() or "sl")
            ),
            Column(field="capacity", title=TITLES["capacity"]),
            Column(field="address", title=TITLES["address"]),
            Column(field="longitude", title=TITLES["longitude"]),
            Column(field="latitude", title=TITLES["latitude"]),
        ),
        view="edit-facilities",
        edit="edit-facilities",
        form=FacilityForm,
        save=_save,
        import_file=_import,
        import_help=Text(
            sl="Datoteka CSV (UTF-8) s stolpci code, name, kind (lot ali garage), capacity, latitude, longitude in "
            "address. Parkirišča, ki jih v datoteki ni, ostanejo, kakršna so.",
            en="A CSV file (UTF-8) with the columns code, name, kind (lot or garage), capacity, latitude, longitude "
            "and address. Facilities that the file does not name stay as they are.",
        ),
        filters=(Filter(field="kind", title=TITLES["kind"], choices=_kinds),),
        search=("name", "code", "address"),
        ordering=("name",),
        icon="grid",
    ),
)

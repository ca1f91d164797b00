"""Facilities and areas for officers: listed, edited and imported. Decides nothing: actions do."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django import forms
from django.utils.translation import get_language

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import (
    import_facilities,
    remove_area,
    remove_facility,
    save_area,
    save_facilities,
)
from simos.modules.mobility.parking.formats.tables import table_of
from simos.modules.mobility.parking.models import Area, Facility, TariffRow
from simos.modules.mobility.parking.rules.cells import CELLS, CODE, CODE_FORM
from simos.modules.mobility.parking.rules.rows import combined
from simos.modules.mobility.parking.values import AreaFacts, Exemption, FacilityFacts, Kind, Payment
from simos.modules.mobility.parking.values.words import word_of
from simos.web.office.declared import Column, Filter, ImportOutcome, Register

TITLES: Mapping[str, Text] = {
    "code": Text(sl="Oznaka", en="Code"),
    "name": Text(sl="Ime", en="Name"),
    "kind": Text(sl="Vrsta", en="Kind"),
    "area": Text(sl="Območje", en="Area"),
    "address": Text(sl="Naslov", en="Address"),
    "latitude": Text(sl="Zemljepisna širina (stopinje)", en="Latitude (degrees)"),
    "longitude": Text(sl="Zemljepisna dolžina (stopinje)", en="Longitude (degrees)"),
    "outline": Text(sl="Obris", en="Outline"),
    "entrances": Text(sl="Uvozi, izvozi in vhodi", en="Ways in and out"),
    "capacity": Text(sl="Število mest", en="Spaces"),
    "disabled": Text(sl="Mesta za invalide", en="Spaces for people with disabilities"),
    "charging": Text(sl="Mesta s polnilnico", en="Spaces with a charger"),
    "permit": Text(sl="Mesta z dovolilnico", en="Spaces with a permit"),
    "height_cm": Text(sl="Največja višina vozila (m)", en="Greatest height of a vehicle (m)"),
    "hours": Text(sl="Odpiralni čas", en="Opening hours"),
    "operator": Text(sl="Upravljavec", en="Operator"),
    "payments": Text(sl="Načini plačila", en="Ways to pay"),
    "tariff": Text(sl="Cenik", en="Tariff"),
    "exemptions": Text(sl="Upoštevane oprostitve", en="Exemptions taken into account"),
    "closed_reason": Text(sl="Zaprto: razlog", en="Closed: the reason, in Slovenian"),
    "closed_reason_en": Text(sl="Zaprto: razlog v angleščini", en="Closed: the reason, in English"),
    "closed_reason_it": Text(sl="Zaprto: razlog v italijanščini", en="Closed: the reason, in Italian"),
    "closed_from": Text(sl="Zaprto od", en="Closed from"),
    "closed_until": Text(sl="Zaprto do", en="Closed until"),
}
"""The fields of the form, in its order."""

MADE_UP = Text(sl="Prikazni podatki", en="Made up")

HELP: Mapping[str, Text] = {
    "outline": Text(
        sl="Točke: širina in dolžina, ločene z |. Če je zadnja enaka prvi, je to območje, sicer črta ob ulici.",
        en="Points: latitude and longitude, parted by |. Where the last is the first again it is an area, else a line "
        "along the street.",
    ),
    "entrances": Text(
        sl="Za vsak: širina, dolžina, smer (in, out, both ali walk) in ulica; ločeni z |. "
        "Primer: 46.2331 15.2638 in Ljubljanska cesta",
        en="Each with latitude, longitude, way (in, out, both or walk) and street; parted by |. "
        "Such as: 46.2331 15.2638 in Ljubljanska cesta",
    ),
    "hours": Text(
        sl="Primer: Mo-Fr 06:00-22:00; Sa 07:00-14:00; PH off; 2026-12-24/2026-12-26 off. PH so dela prosti dnevi. "
        "24/7 je ves dan in vso noč, prazno pa, da ni znano.",
        en="Such as: Mo-Fr 06:00-22:00; Sa 07:00-14:00; PH off; 2026-12-24/2026-12-26 off. PH are work-free days. "
        "24/7 is day and night, empty that nobody has said.",
    ),
    "closed_reason": Text(
        sl="Vozniki ga vidijo. Dokler je prazno, parkirišče ni zaprto.",
        en="Drivers see it. While it is empty the facility is not closed.",
    ),
    "closed_until": Text(sl="Prazno: do preklica.", en="Empty: until further notice."),
}
LONG = frozenset({"outline", "entrances", "hours"})


def _language() -> str:
    return get_language() or "sl"


def _kinds() -> Sequence[tuple[str, str]]:
    return [(kind.value, word_of(kind, _language())) for kind in Kind]


def _named(model: type[Area | TariffRow]) -> Callable[[], Sequence[tuple[str, str]]]:
    return lambda: [("", "–"), *((row.code, row.name_sl) for row in model.objects.all())]


CHOICES = {"kind": _kinds, "area": _named(Area), "tariff": _named(TariffRow)}


class FacilityForm(forms.ModelForm[Facility]):
    """What an office knows of a facility, in cells as a file has them. The code is given once and stays."""

    class Meta:
        model = Facility
        fields = ("code", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, there = _language(), self.instance.pk is not None
        facts = self.instance.facts if there else FacilityFacts(code="", name="")
        for name, title in TITLES.items():
            self.fields[name] = field = _field(name)
            field.label = title.in_(language)
            field.help_text = HELP[name].in_(language) if name in HELP else ""
            if there:
                self.initial.setdefault(name, _shown(name, facts))
        self.fields["code"].disabled = there
        self.order_fields(TITLES)

    def clean(self) -> dict[str, Any]:
        """The cells as a file's are read."""
        found = super().clean() or {}
        for name in TITLES:
            value = found.get(name)
            if name in self.errors or isinstance(value, datetime):
                continue
            text = " | ".join(value) if isinstance(value, list) else " ".join(str(value or "").split())
            try:
                found[name] = CELLS[name].read(text)
            except ValueError as error:
                self.add_error(name, str(error))
        if (found.get("longitude") is None) != (found.get("latitude") is None):
            text = Text(sl="Navedite obe koordinati ali nobene.", en="Give both coordinates or none.").in_(_language())
            self.add_error("latitude", text)
        return found


def _field(name: str) -> forms.Field:
    language = _language()
    if name in CHOICES:
        return forms.ChoiceField(choices=CHOICES[name], required=name == "kind")
    if name in ("payments", "exemptions"):
        of = Payment if name == "payments" else Exemption
        choices = [(each.value, word_of(each, language)) for each in of]
        return forms.MultipleChoiceField(choices=choices, required=False, widget=forms.CheckboxSelectMultiple)
    if name in ("closed_from", "closed_until"):
        return forms.DateTimeField(required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    widget = forms.Textarea(attrs={"rows": 3}) if name in LONG else forms.TextInput()
    return forms.CharField(required=name in ("code", "name"), widget=widget)


def _shown(name: str, facts: FacilityFacts) -> object:
    if name in ("payments", "exemptions"):
        return [each.value for each in getattr(facts, name)]
    if name in ("closed_from", "closed_until"):
        return CELLS[name].read(CELLS[name].write(facts))
    return CELLS[name].write(facts)


def _save(scope: Scope, row: Facility | None, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> Facility:
    if row is None and Facility.objects.filter(code=facts["code"]).exists():
        text = Text(sl="Parkirišče s to oznako že obstaja.", en="There is a facility with this code already.")
        raise Conflict(text.in_(_language()), field="code")
    wanted = FacilityFacts(**combined(dict(facts) | ({"code": row.code} if row else {})))
    save_facilities(scope, [wanted], by=by, at=at)
    saved: Facility = Facility.objects.get(code=wanted.code)
    return saved


def _remove(scope: Scope, row: Facility, *, by: Actor, at: datetime) -> None:
    remove_facility(scope, row.code, by=by, at=at)


def _import(scope: Scope, file: IO[bytes], *, by: Actor, at: datetime) -> ImportOutcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facilities"
        path.write_bytes(file.read())
        table = table_of(path)
    done = import_facilities(scope, table.rows, header=table.header, by=by, at=at)
    return ImportOutcome(
        added=done.added,
        changed=done.changed,
        unchanged=done.unchanged,
        errors=done.errors,
        changes=[
            (code, TITLES.get(field, MADE_UP).in_(_language()), old, new)
            for code, fields in done.changes.items()
            for field, (old, new) in fields.items()
        ],
        unnamed=done.unnamed,
    )


class AreaForm(forms.ModelForm[Area]):
    """An area's code, which stays, and its name."""

    class Meta:
        model = Area
        fields = ("code", "name_sl", "name_en", "name_it")

    TITLES = {
        "code": TITLES["code"],
        "name_sl": TITLES["name"],
        "name_en": Text(sl="Ime v angleščini", en="Name in English"),
        "name_it": Text(sl="Ime v italijanščini", en="Name in Italian"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, title in self.TITLES.items():
            self.fields[name].label = title.in_(_language())
        self.fields["code"].disabled = self.instance.pk is not None

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise forms.ValidationError(CODE_FORM)
        return code


def _save_area(scope: Scope, row: Area | None, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> Area:
    if row is None and Area.objects.filter(code=facts["code"]).exists():
        text = Text(sl="Območje s to oznako že obstaja.", en="There is an area with this code already.")
        raise Conflict(text.in_(_language()), field="code")
    name = Text(sl=facts["name_sl"], en=facts["name_en"] or facts["name_sl"], it=facts["name_it"])
    return save_area(scope, AreaFacts(code=row.code if row else facts["code"], name=name), by=by, at=at)


def _remove_area(scope: Scope, row: Area, *, by: Actor, at: datetime) -> None:
    remove_area(scope, row.code, by=by, at=at)


COLUMNS = ", ".join(cell.names[0] for field, cell in CELLS.items() if field not in ("code", "name", "kind"))

FACILITIES = Register(
    name="facilities",
    title=Text(sl="Parkirišča in garažne hiše", en="Car parks and garages"),
    model=Facility,
    columns=(
        Column(field="name", title=TITLES["name"]),
        Column(field="code", title=TITLES["code"]),
        Column(field="kind", title=TITLES["kind"], value=lambda row: word_of(Kind(row.kind), _language())),
        Column(field="capacity", title=TITLES["capacity"]),
        Column(field="address", title=TITLES["address"]),
        Column(field="longitude", title=TITLES["longitude"]),
        Column(field="latitude", title=TITLES["latitude"]),
    ),
    view="edit-facilities",
    edit="edit-facilities",
    form=FacilityForm,
    save=_save,
    remove=_remove,
    import_file=_import,
    import_help=Text(
        sl="Datoteka GeoJSON ali CSV (UTF-8) s stolpcema code in name ter poljubnimi od teh: kind (lot, garage ali "
        f"street), {COLUMNS}. Parkirišča, ki jih v datoteki ni, ostanejo, kakršna so; prav tako podatki, za katere ni "
        "stolpca. Izvoz v isti obliki je na strani s podatki o parkiranju.",
        en="A GeoJSON file, or a CSV file (UTF-8), with the columns code and name and any of these: kind (lot, garage "
        f"or street), {COLUMNS}. Facilities that the file does not name stay as they are, and so do facts for which it "
        "has no column. An export of the same form is on the page of parking data.",
    ),
    filters=(Filter(field="kind", title=TITLES["kind"], choices=_kinds),),
    search=("name", "code", "address"),
    ordering=("name",),
    icon="grid",
)

AREAS = Register(
    name="areas",
    title=Text(sl="Območja parkiranja", en="Parking areas"),
    model=Area,
    columns=(
        Column(field="name_sl", title=TITLES["name"]),
        Column(field="code", title=TITLES["code"]),
        Column(field="name_en", title=AreaForm.TITLES["name_en"]),
        Column(field="name_it", title=AreaForm.TITLES["name_it"]),
    ),
    view="edit-facilities",
    edit="edit-facilities",
    form=AreaForm,
    save=_save_area,
    remove=_remove_area,
    search=("name_sl", "code"),
    ordering=("name_sl",),
    icon="site",
)

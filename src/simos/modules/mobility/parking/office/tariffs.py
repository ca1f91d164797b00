"""Tariffs for officers: listed with what a stay costs, edited in a form that shows it before anything is saved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions import remove_tariff, save_tariff
from simos.modules.mobility.parking.models import TariffRow
from simos.modules.mobility.parking.queries import sample_fees
from simos.modules.mobility.parking.rules.cells import CODE, CODE_FORM
from simos.modules.mobility.parking.rules.fee_words import amount, length
from simos.modules.mobility.parking.rules.tariff_cells import cells_of_tariff, tariff_from
from simos.modules.mobility.parking.rules.tariffs import wrong_in_tariff
from simos.modules.mobility.parking.values.tariffs import CountedFrom, Rounding, Tariff
from simos.platform.scopes.acting import current
from simos.platform.scopes.queries import city_of, now_in
from simos.web.office.declared import Column, Register

TITLES: Mapping[str, Text] = {
    "code": Text(sl="Oznaka", en="Code"),
    "name_sl": Text(sl="Ime", en="Name"),
    "name_en": Text(sl="Ime v angleščini", en="Name in English"),
    "name_it": Text(sl="Ime v italijanščini", en="Name in Italian"),
    "periods": Text(sl="Kdaj se plačuje in koliko", en="When one pays, and how much"),
    "free_minutes": Text(sl="Brezplačne minute na začetku", en="Free minutes at the beginning"),
    "cap": Text(sl="Najvišja dnevna cena (€)", en="Highest price of a day (€)"),
    "counted_from": Text(sl="Dan se šteje", en="A day is counted"),
    "max_stay": Text(sl="Najdaljše plačano parkiranje (min)", en="Longest stay while one pays (min)"),
    "round_to": Text(sl="Zaokroževanje na (centov)", en="Rounded to (cents)"),
    "rounding": Text(sl="Smer zaokroževanja", en="Way of rounding"),
    "reliefs": Text(sl="Oprostitve", en="Exemptions"),
}
HELP: Mapping[str, Text] = {
    "periods": Text(
        sl="Vsako obdobje v svoji vrstici: dnevi, ura, po želji sezona (mesec-dan), nato cena vsake začete enote. "
        "Primer: Mo-Fr 07:00-17:00: 60 min 0.80 up to 120 min; 60 min 1.20. PH so dela prosti dnevi; ob njih velja le "
        "obdobje, ki jih navaja. Izven obdobij se ne plačuje.",
        en="Each period in a line of its own: days, hours, a season (month-day) if you like, then the price of each "
        "begun unit. Such as: Mo-Fr 07:00-17:00: 60 min 0.80 up to 120 min; 60 min 1.20. PH are work-free days; only a "
        "period that names them holds then. Outside of all periods nothing is paid.",
    ),
    "reliefs": Text(
        sl="Vsaka v svoji vrstici, z odstotkom ali brezplačnimi minutami: disabled-card 100 %, resident-permit 50 %, "
        "charging 120 min. Od več oprostitev se upošteva najugodnejša.",
        en="Each in a line of its own, with percent or free minutes: disabled-card 100 %, resident-permit 50 %, "
        "charging 120 min. Of several the best for the driver is taken.",
    ),
    "max_stay": Text(sl="Prazno: ni omejeno.", en="Empty: as long as one likes."),
    "cap": Text(sl="Prazno: ni omejena.", en="Empty: none."),
}
CHOICES: Mapping[str, Mapping[str, Text]] = {
    "counted_from": {
        CountedFrom.MIDNIGHT: Text(sl="od polnoči", en="from midnight"),
        CountedFrom.ARRIVAL: Text(sl="vsakih 24 ur od prihoda", en="every 24 hours from arrival"),
    },
    "rounding": {
        Rounding.NEAREST: Text(sl="na najbližje", en="to the nearest"),
        Rounding.DOWN: Text(sl="navzdol", en="down"),
        Rounding.UP: Text(sl="navzgor", en="up"),
    },
}
LOOK_FIRST = Text(sl="Samo pokaži, koliko bi stalo", en="Only show what it would cost")
LOOKED = Text(
    sl="Po tem ceniku bi stalo: {prices}. Ni še shranjeno: če je prav, izpraznite to polje in shranite.",
    en="By this tariff it would cost: {prices}. Nothing is saved yet: where it is right, untick this and save.",
)
COSTS = Text(sl="Na delovni dan od 10. ure zdaj stane", en="On a working day from ten o'clock it now costs")


def _language() -> str:
    return get_language() or "sl"


def _prices(tariff: Tariff) -> list[tuple[str, str]]:
    city = city_of(current().scope.code)
    day = now_in(city).date()
    samples = sample_fees(tariff, day, zone=city.time_zone)
    return [(length(minutes), amount(cents, _language())) for minutes, cents in samples]


def _told(tariff: Tariff) -> str:
    return ", ".join(f"{long}: {price}" for long, price in _prices(tariff))


def _shown(tariff: Tariff) -> SafeString:
    items = format_html_join(", ", "{}: {}", _prices(tariff))
    return format_html("{}: {}", COSTS.in_(_language()), items)


class TariffForm(forms.ModelForm[TariffRow]):
    """A tariff in cells. Sent with `look_first` it says what a stay would cost, and saves nothing."""

    class Meta:
        model = TariffRow
        fields = ("code", "name_sl", "name_en", "name_it")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language, there = _language(), self.instance.pk is not None
        cells = cells_of_tariff(self.instance.tariff) if there else {"free_minutes": "0", "round_to": "1"}
        for name, title in TITLES.items():
            if name not in self.fields:
                self.fields[name] = _field(name)
            field = self.fields[name]
            field.label, field.help_text = title.in_(language), HELP[name].in_(language) if name in HELP else ""
            self.initial.setdefault(name, cells.get(name, ""))
        self.fields["look_first"] = forms.BooleanField(label=LOOK_FIRST.in_(language), required=False)
        if there:
            self.fields["look_first"].help_text = _shown(self.instance.tariff)
        self.fields["code"].disabled = there
        self.order_fields([*TITLES, "look_first"])

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise forms.ValidationError(CODE_FORM)
        return code

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        tariff, wrong = tariff_from({name: str(found.get(name) or "") for name in TITLES})
        found["tariff"] = tariff
        for name, why in wrong.items():
            self.add_error(name, why)
        if tariff is not None:
            for name, why in wrong_in_tariff(tariff):
                self.add_error("cap" if name == "cap_cents" else name, why)
        if tariff is not None and not self.errors and found.get("look_first"):
            self.add_error("look_first", LOOKED.in_(_language()).format(prices=_told(tariff)))
        return found


def _field(name: str) -> forms.Field:
    if name in CHOICES:
        choices = [(value, title.in_(_language())) for value, title in CHOICES[name].items()]
        return forms.ChoiceField(choices=choices, required=False)
    if name in ("periods", "reliefs"):
        return forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}))
    return forms.CharField(required=False)


def _save(scope: Scope, row: TariffRow | None, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> TariffRow:
    tariff: Tariff = facts["tariff"]
    if row is None and TariffRow.objects.filter(code=tariff.code).exists():
        text = Text(sl="Cenik s to oznako že obstaja.", en="There is a tariff with this code already.")
        raise Conflict(text.in_(_language()), field="code")
    return save_tariff(scope, tariff, by=by, at=at)


def _remove(scope: Scope, row: TariffRow, *, by: Actor, at: datetime) -> None:
    remove_tariff(scope, row.code, by=by, at=at)


TARIFFS = Register(
    name="tariffs",
    title=Text(sl="Ceniki parkiranja", en="Parking tariffs"),
    model=TariffRow,
    columns=(
        Column(field="name_sl", title=TITLES["name_sl"]),
        Column(field="code", title=TITLES["code"]),
        Column(
            field="prices",
            title=Text(sl="Cene (delavnik od 10. ure)", en="Prices (working day from ten)"),
            value=lambda row: _told(row.tariff),
        ),
        Column(field="changed_at", title=Text(sl="Spremenjeno", en="Changed")),
    ),
    view="edit-tariffs",
    edit="edit-tariffs",
    form=TariffForm,
    save=_save,
    remove=_remove,
    search=("name_sl", "code"),
    ordering=("name_sl",),
    icon="tag",
)

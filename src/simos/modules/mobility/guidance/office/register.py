"""The register of panels: listed, edited, imported, removed. Decides nothing: actions do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict
from simos.kernel.geo import Point
from simos.kernel.text import Text
from simos.modules.mobility.guidance.actions.panels import import_panels, remove_panel, save_panels
from simos.modules.mobility.guidance.feeds import table_in
from simos.modules.mobility.guidance.formats.showing import KINDS, language_now
from simos.modules.mobility.guidance.models import Panel
from simos.modules.mobility.guidance.rules.lines import lines_of
from simos.modules.mobility.guidance.rules.rows import (
    CODE,
    FEWEST_CHARACTERS,
    LONGEST_LIMIT,
    MOST_CHARACTERS,
)
from simos.modules.mobility.guidance.rules.words import joined, languages_of
from simos.modules.mobility.guidance.values import Colour, Kind, PanelFacts
from simos.web.office.declared import Column, Filter, ImportOutcome, Register

TITLES: Mapping[str, Text] = {
    "code": Text(sl="Oznaka", en="Code"),
    "name": Text(sl="Kje stoji", en="Where it stands"),
    "kind": Text(sl="Vrsta", en="Kind"),
    "street": Text(sl="Ulica", en="Street"),
    "latitude": Text(sl="Zemljepisna širina (stopinje)", en="Latitude (degrees)"),
    "longitude": Text(sl="Zemljepisna dolžina (stopinje)", en="Longitude (degrees)"),
    "facing": Text(sl="Smer vožnje prometa, ki ga bere (stopinje od severa)", en="Heading of its readers (degrees)"),
    "lines": Text(sl="Vrstice", en="Lines"),
    "characters": Text(sl="Znakov v vrstici prikazovalnika", en="Characters in a line of the display"),
    "colour": Text(sl="Barva", en="Colour"),
    "languages": Text(sl="Jeziki (sl, it, en)", en="Languages (sl, it, en)"),
    "limit": Text(sl="Najstarejši podatek (minut)", en="Oldest count shown (minutes)"),
}
LINES_HELP = Text(
    sl="Vsaka vrstica panela v svoji vrstici: puščica: napis = parkirišča. Puščice: ahead, left, right, half-left, "
    "half-right, back, none. Vrstica advice ostane prazna, dokler ni druga polna; potem pove najbližje prosto. "
    "Območje se napiše kot group:oznaka. Primer: left: TRŽNICA = trznica, lava",
    en="One line of the panel in each: arrow: label = facilities. Arrows: ahead, left, right, half-left, half-right, "
    "back, none. A line advice stays empty until another is full; then it names the nearest with room. An area is "
    "written group:code. Example: left: MARKET = trznica, lava",
)
COLOURS: Mapping[Colour, Text] = {
    Colour.AMBER: Text(sl="jantarna", en="amber"),
    Colour.WHITE: Text(sl="bela", en="white"),
    Colour.GREEN: Text(sl="zelena", en="green"),
    Colour.RED: Text(sl="rdeča", en="red"),
}


def _kinds() -> Sequence[tuple[str, str]]:
    return [(kind.value, title.in_(language_now())) for kind, title in KINDS.items()]


class PanelForm(forms.ModelForm[Panel]):
    """What an office knows of a panel. The code is given once and stays."""

    class Meta:
        model = Panel
        fields = tuple(TITLES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "sl"
        for name, title in TITLES.items():
            self.fields[name].label, self.fields[name].help_text = title.in_(language), ""
        self.fields["lines"].help_text = LINES_HELP.in_(language)
        self.fields["kind"] = forms.ChoiceField(label=TITLES["kind"].in_(language), choices=_kinds())
        colours = [(each.value, text.in_(language)) for each, text in COLOURS.items()]
        self.fields["colour"] = forms.ChoiceField(label=TITLES["colour"].in_(language), choices=colours)
        for name, least, most in (
            ("characters", FEWEST_CHARACTERS, MOST_CHARACTERS),
            ("limit", 1, LONGEST_LIMIT),
            ("facing", 0, 359),
        ):
            label = TITLES[name].in_(language)
            needed = name != "facing"
            self.fields[name] = forms.IntegerField(
                label=label, min_value=least, max_value=most, required=needed, initial=self.fields[name].initial
            )
        self.fields["code"].disabled = self.instance.pk is not None

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("A code is letters (a-z), digits, '-', '_' and '.', at most 40."))
        return code

    def clean_lines(self) -> str:
        return self._read("lines", lines_of)

    def clean_languages(self) -> str:
        return self._read("languages", languages_of)

    def _read(self, field: str, reader: Any) -> str:
        text: str = self.cleaned_data[field]
        try:
            reader(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        return text

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (found.get("longitude") is None) != (found.get("latitude") is None):
            self.add_error("latitude", _("Give both coordinates or none."))
        return found


def _save(scope: Scope, row: Panel | None, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> Panel:
    if row is None and Panel.objects.filter(code=facts["code"]).exists():
        raise Conflict(_("There is a panel with this code already."), field="code")
    longitude, latitude = facts["longitude"], facts["latitude"]
    wanted = PanelFacts(
        code=row.code if row else facts["code"],
        name=facts["name"],
        kind=Kind(facts["kind"]),
        place=Point(longitude, latitude) if longitude is not None and latitude is not None else None,
        street=facts["street"],
        facing=facts["facing"],
        lines=lines_of(facts["lines"]),
        characters=facts["characters"],
        colour=Colour(facts["colour"]),
        languages=languages_of(facts["languages"]),
        limit=facts["limit"],
    )
    save_panels(scope, [wanted], by=by, at=at)
    saved: Panel = Panel.objects.get(code=wanted.code)
    return saved


def _remove(scope: Scope, row: Panel, *, by: Actor, at: datetime) -> None:
    remove_panel(scope, row.code, by=by, at=at)


def _import(scope: Scope, file: IO[bytes], *, by: Actor, at: datetime) -> ImportOutcome:
    table = table_in(file.read())
    done = import_panels(scope, table.rows, header=table.header, by=by, at=at)
    return ImportOutcome(added=done.added, changed=done.changed, unchanged=done.unchanged, errors=done.errors)


register = Register(
    name="panels",
    title=Text(sl="Paneli", en="Panels"),
    model=Panel,
    columns=(
        Column(field="code", title=TITLES["code"]),
        Column(field="name", title=TITLES["name"]),
        Column(field="kind", title=TITLES["kind"], value=lambda row: KINDS[Kind(row.kind)].in_(language_now())),
        Column(field="street", title=TITLES["street"]),
        Column(field="lines", title=TITLES["lines"]),
        Column(field="characters", title=TITLES["characters"]),
        Column(field="languages", title=TITLES["languages"], value=lambda row: joined(languages_of(row.languages))),
    ),
    view="edit-panels",
    edit="edit-panels",
    form=PanelForm,
    save=_save,
    remove=_remove,
    import_file=_import,
    import_help=Text(
        sl="Datoteka CSV (UTF-8) s stolpci code, name, kind (direction ali information), latitude, longitude, street, "
        "facing, characters, colour, languages, limit in lines (vrstice panela z znakom | med njimi). Takšno datoteko "
        "vseh panelov dobite na delovni mizi panelov. Paneli, ki jih v datoteki ni, ostanejo, kakršni so.",
        en="A CSV file (UTF-8) with the columns code, name, kind (direction or information), latitude, longitude, "
        "street, facing, characters, colour, languages, limit and lines (the panel's lines with | between them). The "
        "panels' desk gives such a file of all panels. Panels that the file does not name stay as they are.",
    ),
    filters=(Filter(field="kind", title=TITLES["kind"], choices=_kinds),),
    search=("code", "name", "street"),
    ordering=("code",),
    icon="grid",
    order=510,
)

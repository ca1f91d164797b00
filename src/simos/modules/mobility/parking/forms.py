"""The office's register of what the city assumes about searching for a space. Decides nothing: actions do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language

from simos.kernel.acting import Actor, Scope
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions.assumptions import assume, assume_no_more
from simos.modules.mobility.parking.models import CityAssumption
from simos.modules.mobility.parking.rules.avoided import TITLES, Name, changed
from simos.web.office.declared import Column, Register

FIELDS: Mapping[str, Text] = {
    "name": Text(sl="Predpostavka", en="Assumption"),
    "low": Text(sl="Nizka vrednost (delež od 0 do 1)", en="Low value (a share is from 0 to 1)"),
    "high": Text(sl="Visoka vrednost (delež od 0 do 1)", en="High value (a share is from 0 to 1)"),
    "source": Text(sl="Vir", en="Source"),
}


class AssumptionForm(forms.ModelForm[CityAssumption]):
    """Both values and their source. Which assumption it is stays."""

    class Meta:
        model = CityAssumption
        fields = tuple(FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "sl"
        taken = set(CityAssumption.objects.exclude(pk=self.instance.pk).values_list("name", flat=True))
        choices = [(name.value, TITLES[name].in_(language)) for name in Name if name not in taken]
        self.fields["name"] = forms.ChoiceField(choices=choices)
        for name, title in FIELDS.items():
            self.fields[name].label, self.fields[name].help_text = title.in_(language), ""
        self.fields["name"].disabled = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if {"name", "low", "high", "source"} <= found.keys():
            try:
                changed(Name(found["name"]), low=found["low"], high=found["high"], source=found["source"])
            except ValueError:
                text = Text(
                    sl="Nizka vrednost ne sme biti višja od visoke; delež je od 0 do 1.",
                    en="The low value is not above the high one; a share is from 0 to 1.",
                )
                self.add_error("low", text.in_(get_language() or "sl"))
        return found


def _save(
    scope: Scope, row: CityAssumption | None, facts: Mapping[str, Any], *, by: Actor, at: datetime
) -> CityAssumption:
    name = Name(row.name if row else facts["name"])
    wanted = changed(name, low=facts["low"], high=facts["high"], source=facts["source"])
    return assume(scope, wanted, by=by, at=at)


ASSUMPTIONS = Register(
    name="assumptions",
    title=Text(sl="Predpostavke o iskanju mesta", en="Assumptions about searching"),
    model=CityAssumption,
    columns=(
        Column(
            field="name", title=FIELDS["name"], value=lambda row: TITLES[Name(row.name)].in_(get_language() or "sl")
        ),
        Column(field="low", title=Text(sl="Nizka", en="Low")),
        Column(field="high", title=Text(sl="Visoka", en="High")),
        Column(field="source", title=FIELDS["source"]),
    ),
    view="edit-facilities",
    edit="edit-facilities",
    form=AssumptionForm,
    save=_save,
    remove=assume_no_more,
    ordering=("name",),
    icon="form",
)

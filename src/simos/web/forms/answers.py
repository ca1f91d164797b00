"""A form's answers in words: what a person reads before they send them. Takes valid forms; changes nothing."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from simos.platform.files.values import Received
from simos.platform.places.values import Found
from simos.web.parts import Row


def answers_shown(form: forms.BaseForm, address: str = "", language: str = "") -> Sequence[Row]:
    """A row for each visible field, with a link to `address` to change it. The form has been found valid."""
    values = form.cleaned_data
    return [
        Row(
            str(bound.label),
            said(bound, values.get(bound.name)),
            f"{address}#{_place(bound)}" if address else "",
            _("Change"),
        )
        for bound in form.visible_fields()
    ]


def said(bound: BoundField, value: Any) -> str:
    """The value in words: a choice by its label, a date as people write it."""
    if value is None or value == "" or value == []:
        return _("Not given")
    if isinstance(bound.field, forms.ChoiceField):
        many = value if isinstance(value, list | tuple) else [value]
        return "\n".join(_labels(bound.field.widget.choices, {str(each) for each in many})) or str(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, Received):
        return value.name
    if isinstance(value, Found):
        return ", ".join(filter(None, (value.name, value.within)))
    return str(value)


def _labels(choices: Any, chosen: set[str]) -> Iterable[str]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _labels(label, chosen)
        elif str(value) in chosen:
            yield str(label)


def _place(bound: BoundField) -> str:
    return bound.id_for_label or f"{bound.auto_id}_0"

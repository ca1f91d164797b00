"""How a form is shown: each field as a value that one template knows, and what is wrong with the form as a list.

Takes any Django form, those of other packages (sign-in) too. Decides looks only, never what is valid.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString

from simos.web.forms.fields import DateWidget, Look, PlaceWidget
from simos.web.parts import FieldError

PLAIN = Look()


class Shape(StrEnum):
    """What a field looks like."""

    INPUT = "input"
    TEXTAREA = "textarea"
    SELECT = "select"
    RADIOS = "radios"
    CHECKBOXES = "checkboxes"
    CHECKBOX = "checkbox"
    DATE = "date"
    FILE = "file"
    PLACE = "place"


_SHAPES: Sequence[tuple[type[forms.Widget], Shape, str]] = (
    (DateWidget, Shape.DATE, "govuk-input"),
    (PlaceWidget, Shape.PLACE, "govuk-input"),
    (forms.CheckboxSelectMultiple, Shape.CHECKBOXES, "govuk-checkboxes__input"),
    (forms.RadioSelect, Shape.RADIOS, "govuk-radios__input"),
    (forms.CheckboxInput, Shape.CHECKBOX, "govuk-checkboxes__input"),
    (forms.Select, Shape.SELECT, "govuk-select"),
    (forms.Textarea, Shape.TEXTAREA, "govuk-textarea"),
    (forms.FileInput, Shape.FILE, "govuk-file-upload"),
    (forms.Widget, Shape.INPUT, "govuk-input"),
)
"""Which shape a widget has, and the class of its control; the first that fits."""

_CHOSEN = frozenset((Shape.RADIOS, Shape.CHECKBOXES))
_GROUPED = _CHOSEN | {Shape.DATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One radio or check box."""

    id: str
    label: str
    value: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field as its template takes it. `mark` is the id of its control, `control` the control as HTML."""

    bound: BoundField
    shape: Shape
    mark: str
    look: Look
    described_by: str
    control: SafeString

    @property
    def grouped(self) -> bool:
        return self.shape in _GROUPED

    @property
    def choices(self) -> Iterator[Choice]:
        for number, each in enumerate(self.bound.subwidgets):
            told = each.data
            yield Choice(
                id=f"{self.mark}_{number}",
                label=str(told["label"]),
                value=str(told["value"]),
                checked=bool(told["selected"]),
            )

    @property
    def optional(self) -> bool:
        return not self.bound.field.required and self.shape is not Shape.CHECKBOX


def shown(bound: BoundField) -> ShownField:
    """The bound field with its control, described by its hint and its error for those who hear it."""
    widget = bound.field.widget
    shape, css = next((shape, css) for kind, shape, css in _SHAPES if isinstance(widget, kind))
    mark = str(bound.id_for_label if shape in (Shape.SELECT, Shape.PLACE) else bound.auto_id) or bound.html_name
    look: Look = getattr(bound.form, "looks", {}).get(bound.name, PLAIN)
    parts = [f"{mark}-hint"] if bound.help_text else []
    parts += [f"{mark}-error"] if bound.errors else []
    parts += [f"{mark}-info"] if look.counted else []
    described_by = " ".join(parts)
    return ShownField(
        bound=bound,
        shape=shape,
        mark=mark,
        look=look,
        described_by=described_by,
        control=SafeString() if shape in _CHOSEN else _control(bound, shape, css, look, described_by),
    )


def _control(bound: BoundField, shape: Shape, css: str, look: Look, described_by: str) -> SafeString:
    classes = {
        bound.field.widget.attrs.get("class"): True,
        css: True,
        f"govuk-input--width-{look.width}": look.width,
        "govuk-js-character-count": look.counted,
        f"{css}--error": bound.errors,
    }
    attrs: dict[str, Any] = {"class": " ".join(name for name, given in classes.items() if name and given)}
    if shape in _GROUPED:
        return bound.as_widget(attrs=attrs)
    attrs["aria-describedby"] = described_by or False
    if shape is Shape.TEXTAREA:
        attrs |= {"rows": bound.field.widget.attrs.get("rows", "5"), "cols": False, "maxlength": False}
    return bound.as_widget(attrs=attrs)


def errors_of(form: forms.BaseForm) -> Sequence[FieldError]:
    """What is wrong with the form, in the order of its fields, each with the id of the control to go to."""
    found = [FieldError(str(message)) for message in form.non_field_errors()]
    for bound in form:
        place = _first_control(bound)
        found += [FieldError(str(message), place) for message in bound.errors]
    return found


def _first_control(bound: BoundField) -> str:
    field = shown(bound)
    if field.shape in _CHOSEN:
        return f"{field.mark}_0"
    return f"{field.mark}_day" if field.shape is Shape.DATE else field.mark

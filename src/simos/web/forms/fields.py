"""Fields that Django lacks, and the form that carries how its fields look. Any Django field may stand beside them.

A field refuses in words for people; it looks nothing up but places, and stores nothing but the files it is given.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from simos.kernel.clock import now
from simos.kernel.errors import Invalid, Unavailable
from simos.kernel.text import folded
from simos.platform.files.receiving import receive
from simos.platform.files.values import Purpose, Received
from simos.platform.places.queries import search
from simos.platform.places.values import Found, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a field is shown: `width` in signs (4, 5, 10, 20) of a short answer, words before and after it, choices in
    one line, and whether what is left of `max_length` is counted while one writes."""

    width: int | None = None
    prefix: str = ""
    suffix: str = ""
    inline: bool = False
    counted: bool = False


class Form(forms.Form):
    """A form whose fields are required unless they say otherwise; `looks` says of some how they are shown."""

    use_required_attribute = False  # the server says in words what is missing, all at once
    looks: ClassVar[Mapping[str, Look]] = {}


PARTS: Mapping[str, Any] = {"day": _("day"), "month": _("month"), "year": _("year")}
"""Of a date, in the order in which they are written."""


class DateWidget(forms.Widget):
    """Day, month and year in three inputs. Its value is a date, or the three texts as they were written."""

    template_name = "web/forms/date.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return tuple(str(data.get(f"{name}_{part}") or "").strip() for part in PARTS)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in PARTS)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_day" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        texts = (value.day, value.month, value.year) if isinstance(value, date) else value or ("", "", "")
        birthday = self.attrs.get("autocomplete") == "bday"
        context["parts"] = [
            {"name": part, "label": PARTS[part], "text": text, "autocomplete": f"bday-{part}" if birthday else ""}
            for part, text in zip(PARTS, texts, strict=True)
        ]
        return context


class DateField(forms.Field):
    """A date in three fields. `earliest` and `latest` bound it, both counting in."""

    widget = DateWidget
    default_error_messages = {
        "required": _("Enter the day, month and year."),
        "part": _("The date must include a %(part)s."),
        "impossible": _("There is no such date. Write it in figures, such as 27 3 2026."),
        "early": _("The date must be %(date)s or later."),
        "late": _("The date must be %(date)s or earlier."),
    }

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **given: Any) -> None:
        super().__init__(**given)
        self.earliest, self.latest = earliest, latest

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return value
        if value is None or not any(value):
            return None
        for text, part in zip(value, PARTS, strict=True):
            if not text:
                raise ValidationError(self.error_messages["part"], code="part", params={"part": PARTS[part]})
        try:
            day, month, year = (int(text) for text in value)
            return date(year if year >= 1000 else 0, month, day)
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["impossible"], code="impossible") from None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        for bound, code in ((self.earliest, "early"), (self.latest, "late")):
            if value and bound and (value < bound if code == "early" else value > bound):
                raise ValidationError(self.error_messages[code], code=code, params={"date": f"{bound:%-d. %-m. %Y}"})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != initial)


class EmailField(forms.EmailField):
    """An e-mail address, which browsers fill in by themselves."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"widget": forms.EmailInput({"autocomplete": "email", "spellcheck": "false"})} | given)


class PhoneField(forms.CharField):
    """A telephone number as people write it; its value keeps the plus sign and the digits only."""

    default_validators = [
        RegexValidator(
            r"^\+?[0-9]{6,15}$", _("Write a telephone number, such as 041 234 567 or +386 41 234 567."), code="phone"
        )
    ]

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput({"type": "tel", "autocomplete": "tel"})
        given = {"widget": widget, "max_length": 30, **given}
        super().__init__(**given)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return "".join(sign for sign in text if sign not in " -/().\u00a0")


class UploadField(forms.FileField):
    """A file for `purpose`. Received at once: its value is a `Received` that an action attaches within the hour."""

    default_error_messages = {
        "big": _("This file is too big. It may have %(most)s MB at most."),
        "kind": _("This file cannot be taken. Choose one of these kinds: %(kinds)s."),
        "unavailable": _("The file could not be stored just now. Try again in a few minutes."),
    }

    def __init__(self, *, purpose: Purpose, **given: Any) -> None:
        endings = ",".join(dict.fromkeys(suffix for kind in purpose.kinds for suffix in kind.suffixes))
        super().__init__(**{"widget": forms.FileInput({"accept": endings})} | given)
        self.purpose = purpose

    def clean(self, data: Any, initial: Any = None) -> Received | None:
        if isinstance(data, Received):  # of an earlier step
            return data
        given = super().clean(data, initial)
        if not isinstance(given, UploadedFile):
            return given or None
        if (given.size or 0) > self.purpose.most_bytes:
            most = f"{self.purpose.most_bytes / 1_000_000:g}"
            raise ValidationError(self.error_messages["big"], code="big", params={"most": most})
        try:
            return receive(given.chunks(), name=given.name or "", purpose=self.purpose, at=now())
        except Unavailable:
            raise ValidationError(self.error_messages["unavailable"], code="unavailable") from None
        except Invalid:
            kinds = ", ".join(dict.fromkeys(kind.name for kind in self.purpose.kinds))
            raise ValidationError(self.error_messages["kind"], code="kind", params={"kinds": kinds}) from None


class PlaceWidget(forms.Widget):
    """A text to search by, and once it has been searched for, the places found to choose from."""

    template_name = "web/forms/place.html"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.found: Collection[Found] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return str(data.get(name) or "").strip(), str(data.get(f"{name}_place") or "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        found = self.found or ((value,) if isinstance(value, Found) else ())
        text, chosen = (value.name, key_of(value)) if isinstance(value, Found) else value or ("", "")
        choices = [{"key": key_of(each), "name": each.name, "within": each.within} for each in found]
        context = super().get_context(name, text, attrs)
        return context | {"choices": choices, "chosen": chosen}


class PlaceField(forms.Field):
    """A place or address of the register, searched for by name; its value is a `Found`.

    Where a text means several places, the form comes back with them to choose from. `kinds`, `city`: only those.
    """

    widget = PlaceWidget
    default_error_messages = {
        "unknown": _("No place by this name was found. Check the spelling, or write less of it."),
        "several": _("Choose the place that you mean."),
    }
    MOST = 8

    def __init__(self, *, kinds: Collection[Kind] = (), city: str = "", **given: Any) -> None:
        super().__init__(**given)
        self.kinds, self.city = kinds, city

    def to_python(self, value: Any) -> Found | None:
        if value is None or isinstance(value, Found):
            return value
        text, chosen = value
        if not text:
            return None
        found = search(text, kinds=self.kinds, city=self.city, limit=self.MOST)
        self.widget.found = found
        if meant := [each for each in found if key_of(each) == chosen]:
            return meant[0]
        if not found:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        named = [each for each in found if folded(each.name) == folded(text)]
        if len(found) == 1 or len(named) == 1:
            return (named or list(found))[0]
        raise ValidationError(self.error_messages["several"], code="several")


def key_of(place: Found) -> str:
    """By what a choice names the place."""
    return f"{place.kind}:{place.id}"

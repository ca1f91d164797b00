"""What our own account pages ask, and what is added to allauth's. Looks of fields are in the templates."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from simos.platform.access.declared import COUNTER_PURPOSES
from simos.platform.access.models import Mandate
from simos.platform.people.models import Account, Party
from simos.platform.people.rules import EMSO, REGISTRATION_NUMBER, TAX_NUMBER
from simos.web.forms.fields import DateField, Form

NUMBERS = ((TAX_NUMBER, _("Tax number")), (EMSO, _("EMŠO")), (REGISTRATION_NUMBER, _("Registration number")))
KINDS = (
    (Mandate.Kind.PARENT, _("Parent or guardian")),
    (Mandate.Kind.REPRESENTATIVE, _("Representative of a company or another legal person")),
    (Mandate.Kind.AUTHORISED, _("Authorised person")),
)


class SignUp(Form):
    """Added to allauth's sign-up: a name, if one wants to be called by it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("How we should call you. You can leave this empty."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("email", "name", "password1")

    def signup(self, request: HttpRequest, user: Account) -> None:
        """The adapter has kept the name; allauth asks for this method."""


class Person(Form):
    """What one says of oneself."""

    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES, widget=forms.RadioSelect)


class As(Form):
    """As whom one acts."""

    chosen = forms.ChoiceField(label=_("You act"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]


class Authorise(Form):
    """Whom one lets act for oneself."""

    code = forms.UUIDField(
        label=_("Code of the other person"),
        help_text=_("They find it on this page in their own account, and send it to you."),
        error_messages={"invalid": _("This is no such code. Copy it whole.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    until = DateField(
        label=_("Until"),
        required=False,
        help_text=_("If you leave this empty, the mandate holds until you withdraw it."),
    )


def _purposes() -> list[tuple[str, str]]:
    language = get_language() or settings.LANGUAGE_CODE
    return [(name, title.in_(language)) for name, title in COUNTER_PURPOSES.items()]


class Find(Form):
    """Whom an officer looks for at the counter, and for what."""

    purpose = forms.ChoiceField(
        label=_("For what the person came"),
        choices=lambda: _purposes(),
        help_text=_("It is kept, and shown to the person."),
        widget=forms.RadioSelect,
    )
    scheme = forms.ChoiceField(label=_("Which number"), choices=NUMBERS, required=False)
    number = forms.CharField(label=_("Number"), max_length=20, required=False)
    name = forms.CharField(label=_("Full name"), max_length=200, required=False)
    born_on = DateField(label=_("Date of birth"), required=False)


class Enter(Form):
    """A person or company that is not known here yet."""

    kind = forms.ChoiceField(
        label=_("Who it is"),
        choices=((Party.Kind.NATURAL, _("A person")), (Party.Kind.LEGAL, _("A company or another legal person"))),
        initial=Party.Kind.NATURAL,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Full name"), max_length=200)
    born_on = DateField(label=_("Date of birth"), required=False)
    scheme = forms.ChoiceField(label=_("Which number"), choices=NUMBERS, required=False)
    number = forms.CharField(
        label=_("Number"), max_length=20, required=False, help_text=_("Only if the matter needs it by law.")
    )
    proof = forms.CharField(label=_("Document that you have seen"), max_length=200)
    purpose = forms.ChoiceField(widget=forms.HiddenInput, choices=lambda: _purposes())


class Confirm(Form):
    """Whose account the person at the counter has."""

    email = forms.EmailField(label=_("E-mail address of the account"))
    proof = forms.CharField(label=_("Document that you have seen"), max_length=200)


class Record(Form):
    """For whom the person at the counter may act."""

    kind = forms.ChoiceField(label=_("As what"), choices=KINDS, widget=forms.RadioSelect)
    name = forms.CharField(label=_("For whom: full name"), max_length=200)
    born_on = DateField(label=_("For whom: date of birth"), required=False)
    scheme = forms.ChoiceField(label=_("Which number"), choices=NUMBERS, required=False)
    number = forms.CharField(label=_("For whom: number"), max_length=20, required=False)
    proof = forms.CharField(label=_("Document that you have seen"), max_length=200)
    until = DateField(label=_("Until"), required=False)

"""The last question before a person is erased."""

from django import forms
from django.utils.translation import gettext_lazy as _

from simos.web.forms.fields import Form


class Understood(Form):
    """They know that it cannot be undone."""

    understood = forms.BooleanField(
        label=_("I understand that this cannot be undone and that my account will be closed."),
        error_messages={"required": _("Tick the box if you want to be erased.")},
    )

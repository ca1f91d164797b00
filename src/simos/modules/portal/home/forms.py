"""What a visitor is asked about a page. Asks nothing of the visitor."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from simos.modules.portal.home.rules import LONGEST_REMARK
from simos.web.forms.fields import Form, Look

YES, NO = "yes", "no"


class OpinionForm(Form):
    """Was it useful, and if not, what went wrong?"""

    useful = forms.ChoiceField(
        label=_("Was this page useful?"),
        choices=((YES, _("Yes")), (NO, _("No"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")},
    )
    remark = forms.CharField(
        label=_("What went wrong, or what is missing?"),
        help_text=_(
            "Do not write who you are: no names, addresses, telephone or tax numbers. Nobody can answer you here."
        ),
        max_length=LONGEST_REMARK,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )
    looks: ClassVar = {"useful": Look(inline=True), "remark": Look(counted=True)}

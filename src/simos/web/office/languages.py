"""The languages that an office serves: into these alone a translation may begin. Translates nothing itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale
from wagtail_localize.views.submit_translations import SubmitTranslationView

form_of_wagtail_localize = SubmitTranslationView.get_form


def form_in_languages_of_the_office(view: SubmitTranslationView) -> forms.Form:
    """The form in which a translation begins, with the languages in which the office has a part of the tree."""
    form: forms.Form = form_of_wagtail_localize(view)
    languages: Any = form.fields["locales"]
    served = {root.locale_id for root in view.request.office.roots}
    languages.queryset = Locale.objects.filter(pk__in=served & {each.pk for each in languages.queryset})
    languages.label = _("Languages")
    if len(languages.queryset) < 2:
        form.fields["select_all"].widget = forms.HiddenInput()
    return form


def in_languages_of_the_office() -> None:
    """From now on wagtail-localize offers these languages, and takes no other."""
    SubmitTranslationView.get_form = form_in_languages_of_the_office

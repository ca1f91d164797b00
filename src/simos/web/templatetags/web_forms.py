"""`{% load web_forms %}`: any Django form in the design system's look. Parts of pages are in `{% load web %}`."""

from collections.abc import Iterable
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from simos.web.forms.shown import ShownField, shown
from simos.web.templatetags.web import bring

register = template.Library()

# The four counts of Slovenian are those of the catalogue; a browser asks by its own names of plural forms.
_COUNTS = {"one": 1, "two": 2, "few": 3, "other": 5}


@register.simple_tag(takes_context=True)
def field(context: Context, bound: BoundField) -> SafeString:
    """One field with its label, hint, error and control."""
    return _shown(context, [bound])


@register.simple_tag(takes_context=True)
def form_fields(context: Context, form: forms.BaseForm) -> SafeString:
    """All fields of the form in their order, the hidden ones first."""
    hidden = "".join(str(each) for each in form.hidden_fields())
    return mark_safe(hidden) + _shown(context, form.visible_fields())  # noqa: S308 - escaped by Django's widgets


def _shown(context: Context, fields: Iterable[BoundField]) -> SafeString:
    """The fields with what they need, which the page has once."""
    them = [shown(each) for each in fields]
    brought = bring(context, "forms.css") + bring(context, "forms.js")
    if any(it.look.counted for it in them):
        brought += bring(context, "counts.js")
    return brought + mark_safe("".join(_rendered(it) for it in them))  # noqa: S308 - joined from templates


def _rendered(it: ShownField) -> SafeString:
    context: dict[str, Any] = {"it": it, "counting": _counting() if it.look.counted else ""}
    return render_to_string("web/forms/field.html", context)


def _counting() -> SafeString:
    """The words of the character count in the page's language, for each of its plural forms."""
    under = {
        name: ngettext("You have %(count)s sign left", "You have %(count)s signs left", count)
        for name, count in _COUNTS.items()
    }
    over = {
        name: ngettext("You have %(count)s sign too many", "You have %(count)s signs too many", count)
        for name, count in _COUNTS.items()
    }
    written = [
        *((f"characters-under-limit.{name}", text % {"count": "%{count}"}) for name, text in under.items()),
        *((f"characters-over-limit.{name}", text % {"count": "%{count}"}) for name, text in over.items()),
        ("characters-at-limit", gettext("You have no signs left")),
    ]
    return format_html_join("", ' data-i18n.{}="{}"', written)

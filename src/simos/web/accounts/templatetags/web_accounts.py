"""`{% load web_accounts %}`: allauth's forms in the design system's look. Asks no table anything."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from django import forms, template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from simos.web.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from simos.web.accounts.forms import KINDS
from simos.web.accounts.lockout import is_known
from simos.web.forms.shown import errors_of
from simos.web.templatetags.web_forms import form_fields

register = template.Library()


@register.filter
def tidy(text: str) -> SafeString:
    """A title on one line."""
    return mark_safe(" ".join(text.split()))  # noqa: S308  # it was escaped where it was rendered


@register.filter
def mandate_kind(kind: str) -> str:
    """The kind of a mandate, in words."""
    return str(dict(KINDS)[kind])  # type: ignore[index]


@register.filter
def known_address(address: str) -> bool:
    """Whether a session's address is one that somebody had."""
    return is_known(address)


@register.inclusion_tag("web/parts/error_summary.html", takes_context=True)
def all_errors(context: Context, *found: Any) -> dict[str, Any]:
    """The summary of what is wrong in any of the page's forms."""
    errors = [error for form in found if isinstance(form, forms.BaseForm) for error in errors_of(form)]
    return {"errors": errors, "shell": context.get("shell")}


@register.simple_tag(takes_context=True)
def account_fields(context: Context, form: forms.BaseForm) -> SafeString:
    """All fields of a form. A placeholder is no label: allauth's are left out."""
    for each in form.fields.values():
        each.widget.attrs.pop("placeholder", None)
    return form_fields(context, form)


@register.simple_tag(takes_context=True)
def code_link(context: Context, code: str) -> str:
    """The address at which the code is filled in. It leads on to where the person was going."""
    going = get_next_redirect_url(context["request"])
    query = urlencode({"code": code} | ({"next": going} if going else {}))
    return f"{settings.SIMOS.base_url}{reverse('account_confirm_login_code')}?{query}"


@register.simple_tag
def may_sign_up() -> bool:
    """Whether people may make an account themselves."""
    return bool(settings.SIMOS.sign_up)


@register.inclusion_tag("accounts/demo.html")
def demo_accounts() -> dict[str, Any]:
    """The accounts of the demo, where one is shown; nothing else anywhere."""
    here = settings.SIMOS
    return {"accounts": DEMO_ACCOUNTS if here.demo else (), "password": here.demo and here.secret(DEMO_PASSWORD)}

"""One form on one page: the answer that shows it, with its errors where it was sent wrongly. Stores nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from simos.web.pages import Page, render


def form_page(
    request: HttpRequest,
    page: Page,
    form: forms.BaseForm,
    context: Mapping[str, Any] | None = None,
    *,
    button: str = "",
    template: str = "web/form.html",
) -> HttpResponse:
    """The page with `form`, ready to be filled in; status 422 and "Error:" in its title where it was sent wrongly.

    `button` is what sending it does ("Send the application"); empty: "Continue". A template of one's own extends
    `web/form.html`.
    """
    wrong = form.is_bound and not form.is_valid()
    page = replace(page, failed=wrong)
    return render(
        request, template, page, {**(context or {}), "form": form, "button": button}, status=422 if wrong else 200
    )

"""A register's import from a file: looked at first, by doing it and taking it back; then done. Keeps no file.

The file waits in the page itself, signed, so that what is confirmed is what was looked at.
"""

import base64
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from simos.kernel.clock import now
from simos.kernel.errors import Invalid, Problem
from simos.web.office.declared import ImportOutcome, Register
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

LARGEST = 1_000_000
"""Bytes. Bigger files are for the command line."""
SALT = "simos.web.office.importing"
CONFIRM_WITHIN = 3600
SHOWN_ERRORS = 200


class FileForm(forms.Form):
    """Which file."""

    file = forms.FileField(label=gettext_lazy("File"))


def import_view(register: Register, namespace: str) -> Callable[..., HttpResponseBase]:
    """The view of this register's import."""

    def view(request: HttpRequest, office: Office) -> HttpResponseBase:
        title = _("Import: %(register)s") % {"register": register.title.in_(get_language() or "sl")}
        crumbs = [{"url": reverse(f"{namespace}:index"), "label": register.title.in_(get_language() or "sl")}]
        help_text = register.import_help.in_(get_language() or "sl") if register.import_help else ""
        context: dict[str, Any] = {"crumbs": crumbs, "help": help_text, "form": FileForm()}
        if request.method == "POST" and "waiting" in request.POST:
            return _done(request, office, register, namespace)
        if request.method == "POST":
            context["form"] = form = FileForm(request.POST, request.FILES)
            if form.is_valid():
                try:
                    content = form.cleaned_data["file"].read(LARGEST + 1)
                    context |= {"outcome": _tried(office, register, content), "waiting": _sealed(office, content)}
                except Problem as problem:
                    form.add_error("file", problem.detail)
        status = 422 if context["form"].errors else 200
        return desk_page(request, "web_office/import.html", title, context, status=status)

    return view


def _tried(office: Office, register: Register, content: bytes) -> ImportOutcome:
    """What importing `content` would do; nothing is kept of it."""
    with transaction.atomic():
        outcome = _imported(office, register, content)
        transaction.set_rollback(True)
    return outcome


def _imported(office: Office, register: Register, content: bytes) -> ImportOutcome:
    if len(content) > LARGEST:
        raise Invalid(_("The file is bigger than 1 MB. Ask your administrator to import it."), field="file")
    assert register.import_file is not None  # else there is no address
    return register.import_file(office.scope, BytesIO(content), by=office.actor, at=now())


def _done(request: HttpRequest, office: Office, register: Register, namespace: str) -> HttpResponseBase:
    try:
        content = _opened(office, request.POST["waiting"])
    except signing.BadSignature:
        messages.error(request, _("The file is no longer there: choose it again."))
        return redirect(f"{namespace}:import")
    outcome = _imported(office, register, content)
    told = _("Imported: %(added)s added, %(changed)s changed, %(left)s rows left out.") % {
        "added": len(outcome.added),
        "changed": len(outcome.changed),
        "left": len(outcome.errors),
    }
    messages.success(request, told)
    return redirect(f"{namespace}:index")


def _sealed(office: Office, content: bytes) -> str:
    said = {"for": office.actor.account, "scope": str(office.scope), "file": base64.b85encode(content).decode()}
    return signing.dumps(said, salt=SALT, compress=True)


def _opened(office: Office, sealed: str) -> bytes:
    said = signing.loads(sealed, salt=SALT, max_age=CONFIRM_WITHIN)
    if said["for"] != office.actor.account or said["scope"] != str(office.scope):
        raise signing.BadSignature("sealed for somebody else")
    return base64.b85decode(said["file"])

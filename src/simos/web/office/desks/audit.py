"""The desk of the audit log of this scope: searching it, proving it, taking it along. Cannot change it."""

import csv
import io
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from simos.kernel.acting import ScopeKind
from simos.kernel.text import Text
from simos.platform.audit.chain import GENESIS
from simos.platform.audit.models import AuditRecord
from simos.platform.audit.queries import verify_part
from simos.platform.people.models import Account
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page
from simos.web.office.trail import Line, lines_of

TITLE = Text(sl="Revizijska sled", en="Audit log")
READ = frozenset({"read-audit-log"})
PAGE, EXPORTED = 100, 50_000
_DAY = forms.DateInput(attrs={"type": "date"})


class SearchForm(forms.Form):
    """What is looked for."""

    object_type = forms.CharField(label=gettext_lazy("Kind of object"), required=False, max_length=120)
    object_id = forms.CharField(label=gettext_lazy("Object’s key"), required=False, max_length=200)
    who = forms.CharField(label=gettext_lazy("Who (e-mail address)"), required=False, max_length=254)
    action = forms.CharField(label=gettext_lazy("Action"), required=False, max_length=120)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=_DAY)
    until = forms.DateField(label=gettext_lazy("To and including"), required=False, widget=_DAY)


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """The newest records that fit, a page at a time; all of them as CSV."""
    form = SearchForm(request.GET)
    rows = _found(office, form)
    if request.GET.get("export") == "csv":
        return _as_csv(office, lines_of(rows[:EXPORTED]))
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(seq__lt=int(before))
    page = list(rows[: PAGE + 1])
    asked = {name: str(value) for name, value in request.GET.items() if name in form.fields and value}
    older = page[PAGE - 1].seq if len(page) > PAGE else None
    context = {
        "form": form,
        "lines": lines_of(page[:PAGE]),
        "with_object": True,
        "older": f"?{urlencode({**asked, 'before': str(older)})}" if older else "",
        "export": f"?{urlencode({**asked, 'export': 'csv'})}",
    }
    return desk_page(request, "web_office/desks/audit.html", TITLE.in_(get_language() or "sl"), context)


def _found(office: Office, form: SearchForm) -> Any:
    rows = AuditRecord.objects.filter(scope=str(office.scope)).order_by("-seq")
    if not form.is_valid():
        return rows.none()
    asked = form.cleaned_data
    for field in ("object_type", "object_id", "action"):
        if asked[field]:
            rows = rows.filter(**{field: asked[field].strip()})
    if asked["who"]:
        account = Account.objects.filter(email__iexact=asked["who"].strip()).first()
        rows = rows.filter(actor__account=str(account.pk)) if account else rows.none()
    zone = timezone.get_current_timezone()
    if asked["since"]:
        rows = rows.filter(at__gte=datetime.combine(asked["since"], datetime.min.time(), zone))
    if asked["until"]:
        rows = rows.filter(at__lte=datetime.combine(asked["until"], datetime.max.time(), zone))
    return rows


def _as_csv(office: Office, lines: Any) -> HttpResponse:
    names = Line.__dataclass_fields__
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([_cell(getattr(line, name)) for name in names] for line in lines)
    answer = HttpResponse("\ufeff" + file.getvalue(), "text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{str(office.scope).replace(":", "-")}.csv"'
    return answer


def _cell(value: object) -> str:
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def verify(request: HttpRequest, office: Office) -> HttpResponseBase:
    """Proves the chain, some thousand records at each step; the page goes on by itself until the end or a fault."""
    after, seal = request.GET.get("after", "0"), request.GET.get("seal", GENESIS)
    begun = after.isascii() and after.isdigit() and len(after) < 19
    part = verify_part(office.scope, after=int(after) if begun else 0, seal=seal if begun else GENESIS)
    going_on = part.checked < part.end and not part.faults
    onward = f"{reverse('platform-audit:verify')}?{urlencode({'after': str(part.checked), 'seal': part.seal})}"
    context = {
        "part": part,
        "onward": onward if going_on else "",
        "crumbs": [{"url": reverse("platform-audit:index"), "label": TITLE.in_(get_language() or "sl")}],
    }
    return desk_page(request, "web_office/desks/verify.html", _("Proof of the audit log"), context)


desk = Desk(
    name="audit",
    title=TITLE,
    pages=(
        DeskPage(view=index, permissions=READ),
        DeskPage(view=verify, permissions=READ, name="verify", address="verify/"),
    ),
    kinds=frozenset(ScopeKind),
    icon="history",
    order=400,
)

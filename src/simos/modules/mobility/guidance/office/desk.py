"""The desk of panels: all of them on a map and as they shine, what is wrong with which, and writing on one by hand."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Problem
from simos.kernel.text import Text
from simos.modules.mobility.guidance.actions.hand_texts import LONGEST_REASON, end_hand_text, write_on_panel
from simos.modules.mobility.guidance.feeds import file_of
from simos.modules.mobility.guidance.formats.drawing import drawing_of
from simos.modules.mobility.guidance.formats.showing import KINDS, Shown, as_wanted, language_now, said_of
from simos.modules.mobility.guidance.queries import PanelNow, faulty_panels, panel_of, panels_now, standing_of
from simos.modules.mobility.guidance.values import Kind, PanelFacts
from simos.web.maps import Feature, MapLayer, MapView, point_geometry, with_map
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLE = Text(sl="Paneli v živo", en="Panels live")
WATCH = frozenset({"edit-panels", "override-panel"})
WRITE = frozenset({"override-panel"})
HERE = "mobility_guidance-desk"
HOURS = timedelta(hours=2)
"""For so long a hand text is offered at first."""
_LOCAL = "%Y-%m-%dT%H:%M"


class HandForm(forms.Form):
    """What is to be written, a field for each line of the panel, until when and why."""

    def __init__(self, panel: PanelFacts, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(len(panel.lines))
        for number, line in enumerate(panel.lines):
            label = _("Line %(number)s (%(label)s)") % {"number": number + 1, "label": line.label}
            self.fields[f"line_{number}"] = forms.CharField(
                label=label,
                required=False,
                max_length=panel.characters,
                help_text=_("At most %(most)s characters.") % {"most": panel.characters},
            )
        self.fields["until"] = forms.DateTimeField(
            label=_("Until"),
            input_formats=[_LOCAL],
            widget=forms.DateTimeInput({"type": "datetime-local"}, format=_LOCAL),
        )
        self.fields["reason"] = forms.CharField(
            label=_("Why"), max_length=LONGEST_REASON, help_text=_("It stands in the audit log with your name.")
        )
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def texts(self) -> Sequence[str]:
        return [self.cleaned_data[f"line_{number}"] for number in self.numbers]


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """Every panel, those that have failed first."""
    found = sorted(panels_now(now()), key=lambda panel: (panel.facts.kind is not Kind.DIRECTION, panel.facts.code))
    shown = [as_wanted(panel) for panel in found]
    rows = [
        {"panel": each, "confirms": _confirmed(panel), "address": reverse(f"{HERE}:panel", args=[each.code])}
        for panel, each in zip(found, shown, strict=True)
    ]
    faulty = [row for row in rows if row["panel"].faulty]  # type: ignore[attr-defined]
    context = {
        "faulty": faulty,
        "others": [row for row in rows if row not in faulty],
        "total": len(rows),
        "map": _map(found, shown),
        "by_hand": sum(each.by_hand for each in shown),
    }
    return with_map(desk_page(request, "guidance/office/desk.html", TITLE.in_(language_now()), context))


def _confirmed(panel: PanelNow) -> Sequence[str]:
    """What it says that it shows, where that is not what it should."""
    if panel.confirmed is None or panel.confirmed == panel.wanted:
        return ()
    return [" / ".join(line.texts) for line in said_of(panel.facts, panel.confirmed)]


def _map(found: Sequence[PanelNow], shown: Sequence[Shown]) -> MapView:
    layers = tuple(
        MapLayer(
            name=kind.value,
            title=KINDS[kind].in_(language_now()),
            features=tuple(
                Feature(point_geometry(panel.facts.place), title=each.name, twin=each.mark, state=each.state)
                for panel, each in zip(found, shown, strict=True)
                if panel.facts.kind is kind and panel.facts.place is not None
            ),
        )
        for kind in Kind
    )
    return MapView(title=_("Panels on the map"), layers=layers)


def panel(request: HttpRequest, office: Office, code: str) -> HttpResponseBase:
    """One panel, as it is to shine and as it says it does; writing on it, and giving it back."""
    found = standing_of(panel_of(code), now())
    form = HandForm(found.facts, request.POST if request.method == "POST" else None, initial=_offered(found))
    status = 200
    if request.method == "POST":
        if "end" in request.POST:
            refusal = _ended(request, office, code)
        else:
            refusal = _written(request, office, code, form) if form.is_valid() else None
            status = 200 if form.is_valid() else 422
            if refusal is None and status == 200:
                messages.success(request, _("The panel is told. It confirms within seconds."))
        if refusal is None and status == 200:
            return redirect(f"{HERE}:panel", code)
        status = refusal.status if refusal else status
        found = standing_of(panel_of(code), now())
    return desk_page(
        request, "guidance/office/panel.html", f"{code} {found.facts.name}", _told(found, form, office), status=status
    )


def _told(found: PanelNow, form: HandForm, office: Office) -> Mapping[str, Any]:
    confirmed = found.confirmed
    return {
        "panel": as_wanted(found),
        "confirmed": said_of(found.facts, confirmed) if confirmed else (),
        "confirmed_drawing": drawing_of(found.facts, confirmed[0]) if confirmed else "",
        "differs": confirmed is not None and confirmed != found.wanted,
        "hand": found.by_hand,
        "seen": found.hand_version,
        "form": form if WRITE & office.permissions else None,
        "crumbs": [{"url": reverse(f"{HERE}:index"), "label": TITLE.in_(language_now())}],
    }


def _offered(found: PanelNow) -> Mapping[str, Any]:
    """The form as it is first shown: what is written now, or else what shines."""
    texts = found.by_hand.lines if found.by_hand else ()
    lines = {f"line_{number}": text for number, text in enumerate(texts)}
    until = localtime(found.by_hand.until if found.by_hand else now() + HOURS)
    reason = found.by_hand.reason if found.by_hand else ""
    return {**lines, "until": until.strftime(_LOCAL), "reason": reason, "seen": found.hand_version}


def _written(request: HttpRequest, office: Office, code: str, form: HandForm) -> Problem | None:
    given = form.cleaned_data
    try:
        write_on_panel(
            office.scope,
            code,
            form.texts,
            until=given["until"],
            reason=given["reason"],
            seen=given["seen"],
            by=office.actor,
            at=now(),
        )
    except Problem as problem:
        field = problem.extra.get("field")
        form.add_error(field if field in form.fields else None, _advice(problem))
        return problem
    return None


def _ended(request: HttpRequest, office: Office, code: str) -> Problem | None:
    seen = request.POST.get("seen", "")
    try:
        end_hand_text(office.scope, code, seen=int(seen) if seen.isdigit() else 0, by=office.actor, at=now())
    except Problem as problem:
        messages.error(request, _advice(problem))
        return problem
    messages.success(request, _("The panel follows the counts again."))
    return None


def _advice(problem: Problem) -> str:
    if isinstance(problem, Conflict):
        return f"{problem.detail}. {_('What it says now stands above; look at it before you write again.')}"
    return problem.detail


def as_file(request: HttpRequest, office: Office) -> HttpResponseBase:
    """All panels as a file that can be imported again."""
    content = "\ufeff" + file_of(each.facts for each in panels_now(now()))
    answer = HttpResponse(content, "text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="panels-{office.scope.code}.csv"'
    return answer


desk = Desk(
    name="desk",
    title=TITLE,
    pages=(
        DeskPage(view=index, permissions=WATCH),
        DeskPage(view=as_file, permissions=WATCH, name="file", address="panels.csv/"),
        DeskPage(view=panel, permissions=WATCH, name="panel", address="<str:code>/"),
    ),
    count=lambda office: faulty_panels(),
    icon="desktop",
    order=505,
)

"""The desk of sources: how the source of each facility's counts stands, and what an officer does about it.

Decides nothing: actions do.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simos.kernel.clock import now
from simos.kernel.errors import Problem
from simos.kernel.text import Text
from simos.modules.mobility.parking.actions.sources import (
    PERMISSION,
    REASON_LENGTH,
    correct_count,
    set_aside,
    take_back,
)
from simos.modules.mobility.parking.models import Correction, Facility, Source
from simos.modules.mobility.parking.queries import counts_of, facilities_of, facility_of
from simos.modules.mobility.parking.queries.facilities import sources_of
from simos.modules.mobility.parking.rules.trust import CountedBy, Doubt, Standing
from simos.platform.scopes.queries import city_of, now_in
from simos.platform.things.door import reader
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLE = Text(sl="Viri podatkov o parkiranju", en="Sources of parking counts")
CORRECT = frozenset({PERMISSION})
NAME = "mobility_parking-sources"

COUNTED_BY: Mapping[CountedBy, Text] = {
    CountedBy.COUNTER: Text(sl="števec prostih mest", en="counter of free spaces"),
    CountedBy.GATES: Text(sl="števci na uvozih in izvozih", en="gate counters"),
    CountedBy.SPOTS: Text(sl="tipala posameznih mest", en="sensors of single spaces"),
}
STANDINGS: Mapping[Standing, Text] = {
    Standing.GOOD: Text(sl="v redu", en="good"),
    Standing.WATCHED: Text(sl="pod opazovanjem", en="watched"),
    Standing.SILENT: Text(sl="molči", en="silent"),
    Standing.FAULTY: Text(sl="v okvari", en="faulty"),
}
NOT_COUNTED = Text(sl="se ne šteje", en="not counted")
DOUBTS: Mapping[Doubt, Text] = {
    Doubt.NEVER: Text(sl="ni še poslal podatka", en="has never sent a count"),
    Doubt.SILENT: Text(sl="predolgo ni poslal podatka", en="has not sent a count for too long"),
    Doubt.STUCK: Text(
        sl="število stoji, medtem ko se drugod spreminja", en="the number stands still while others move"
    ),
    Doubt.LEAP: Text(sl="število je skočilo za več kot pol mest", en="the number leapt by more than half the spaces"),
    Doubt.NEGATIVE: Text(sl="število je negativno", en="the number is negative"),
    Doubt.OVER: Text(sl="prostih je več, kot je mest", en="more are free than there are spaces"),
    Doubt.ASTRAY: Text(
        sl="vsota na uvozih in izvozih ni mogoča; preštejte vozila",
        en="the sum of the gates is not possible; count the cars",
    ),
    Doubt.RESTARTED: Text(sl="števec je začel znova; preštejte vozila", en="the counter began anew; count the cars"),
    Doubt.BLIND: Text(sl="za del mest ni podatka", en="some spaces are not known"),
    Doubt.BATTERY: Text(sl="baterije tipal so šibke", en="batteries of sensors are weak"),
    Doubt.SET_ASIDE: Text(sl="izločil ga je urad", en="set aside by the office"),
}


def _language() -> str:
    return get_language() or "sl"


def _standing(source: Source) -> str:
    """How the source stands, in words."""
    uncounted = source.standing == Standing.GOOD and source.doubt == Doubt.NEVER
    return (NOT_COUNTED if uncounted else STANDINGS[Standing(source.standing)]).in_(_language())


def _why(source: Source) -> str:
    """Why the source is not good, in words; nothing where it is."""
    doubt = DOUBTS.get(Doubt(source.doubt))
    return doubt.in_(_language()) if doubt else ""


class CorrectionForm(forms.Form):
    """How many spaces are free by somebody's own eyes, and why the count was wrong."""

    free = forms.IntegerField(min_value=0)
    reason = forms.CharField(max_length=REASON_LENGTH)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["free"].label = _("Free spaces, counted just now")
        self.fields["reason"].label = _("Why the count is corrected")


class ReasonForm(forms.Form):
    """Why a source is set aside."""

    reason = forms.CharField(max_length=REASON_LENGTH)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["reason"].label = _("Why the source is set aside")


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """Every source: those that need somebody first."""
    sources, counts = sources_of(), counts_of(reader(), office.scope.code)
    rows = [
        {
            "name": facility.name,
            "counted_by": COUNTED_BY[CountedBy(source.counted_by)].in_(_language()),
            "standing": _standing(source),
            "doubt": _why(source),
            "since": source.since,
            "count": counts.get(facility.code),
            "bad": source.standing != Standing.GOOD,
            "address": reverse(f"{NAME}:source", args=[source.pk]),
        }
        for facility in facilities_of()
        if (source := sources.get(facility.code))
    ]
    rows.sort(key=lambda row: not row["bad"])
    return desk_page(request, "parking/sources.html", TITLE.in_(_language()), {"rows": rows})


def one(request: HttpRequest, office: Office, source: int) -> HttpResponseBase:
    """One source, with what can be done: a correction where gates count, setting it aside or taking it back."""
    found = Source.objects.get(pk=source)
    code = found.code
    facility = facility_of(code)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    correction = CorrectionForm(request.POST if doing == "correct" else None)
    aside = ReasonForm(request.POST if doing == "set-aside" else None)
    form = {"correct": correction, "set-aside": aside}.get(doing)
    if doing == "take-back" or (form is not None and form.is_valid()):
        try:
            said = _do(office, code, doing, form.cleaned_data if form else {})
        except Problem as problem:
            target = form or aside
            field = problem.extra.get("field")
            target.add_error(field if field in target.fields else None, problem.detail)
        else:
            messages.success(request, said)
            return redirect(f"{NAME}:index")
    context = {
        "source": found,
        "standing": _standing(found),
        "doubt": _why(found),
        "counted_by": COUNTED_BY[CountedBy(found.counted_by)].in_(_language()),
        "by_gates": found.counted_by == CountedBy.GATES,
        "capacity": facility.capacity,
        "correction": correction,
        "aside": aside,
        "corrections": Correction.objects.filter(code=code)[:20],
        "crumbs": [{"url": reverse(f"{NAME}:index"), "label": TITLE.in_(_language())}],
    }
    status = 422 if correction.errors or aside.errors else 200
    return desk_page(request, "parking/source.html", facility.name, context, status=status)


def _do(office: Office, code: str, doing: str, said: Mapping[str, Any]) -> str:
    scope, by, at = office.scope, office.actor, now()
    if doing == "correct":
        present = now_in(city_of(scope.code))
        correct_count(scope, code, said["free"], reason=said["reason"], holds_from=present, by=by, at=at)
        return _("The count is corrected.")
    if doing == "set-aside":
        set_aside(scope, code, reason=said["reason"], by=by, at=at)
        return _("The source is set aside; drivers see no number within a minute.")
    take_back(scope, code, by=by, at=at)
    return _("The source is judged by what it says again.")


def is_here(office: Office, key: str) -> bool:
    """Whether the source is of a facility of the office's city."""
    found = Source.objects.filter(pk=int(key)).first() if len(key) < 19 else None
    return found is not None and Facility.objects.filter(code=found.code).exists()


def doubted_in(office: Office) -> int:
    """How many sources need somebody."""
    return len([each for each in sources_of().values() if each.standing != Standing.GOOD])


SOURCES = Desk(
    name="sources",
    title=TITLE,
    pages=(
        DeskPage(view=index, permissions=CORRECT),
        DeskPage(view=one, permissions=CORRECT, name="source", address="<int:source>/", keys={"source": is_here}),
    ),
    count=doubted_in,
    icon="warning",
)

"""The desk of the work queue: what waits, what was given up, and restarting it. Shows no personal data of payloads."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simos.kernel.acting import ScopeKind
from simos.kernel.clock import now
from simos.kernel.errors import Problem
from simos.kernel.text import Text
from simos.platform.jobs.actions import restart
from simos.platform.jobs.models import UNFINISHED, Work
from simos.platform.jobs.queries import dead_letters, last_beat
from simos.web.office.declared import Desk, DeskPage
from simos.web.office.entering import Office
from simos.web.office.pages import desk_page

TITLE = Text(sl="Opravila v ozadju", en="Background work")
WORK = frozenset({"restart-work"})
SHOWN = 100
_PLAIN = re.compile(r"[A-Za-z0-9_.:/-]{1,80}")
_NAMES_SOMEBODY = re.compile(r"[^\s@,;]+@[^\s@,;]+|\b\d{8,}\b")


def index(request: HttpRequest, office: Office) -> HttpResponseBase:
    """How the queue stands in this scope."""
    here = Work.objects.filter(scope=str(office.scope))
    counts = dict(here.values_list("state").annotate(n=Count("id")).order_by())
    dead = [_shown(each) for each in dead_letters().filter(scope=str(office.scope))[:SHOWN]]
    waiting = here.filter(state__in=UNFINISHED).order_by("run_at", "id")[:SHOWN]
    context = {
        "waiting": counts.get(Work.State.WAITING, 0),
        "running": counts.get(Work.State.RUNNING, 0),
        "done": counts.get(Work.State.DONE, 0),
        "dead": dead,
        "dead_count": counts.get(Work.State.DEAD, 0),
        "next": [_shown(each) for each in waiting],
        "beat": last_beat(),
    }
    return desk_page(request, "web_office/desks/work.html", TITLE.in_(get_language() or "sl"), context)


def _shown(work: Work) -> dict[str, Any]:
    error = work.last_error.strip().splitlines()
    return {
        "id": work.pk,
        "kind": work.kind,
        "name": work.name,
        "state": work.state,
        "attempts": work.attempts,
        "run_at": work.run_at,
        "finished_at": work.finished_at,
        "error": without_names(error[-1])[:500] if error else "",
        "payload": impersonal(work.payload),
    }


def impersonal(payload: Mapping[str, Any]) -> Mapping[str, str]:
    """The payload's names; values only where they are numbers, switches or codes, which name nobody."""
    return {
        name: str(value)
        if value is None
        or isinstance(value, bool | int | float)
        or (isinstance(value, str) and _PLAIN.fullmatch(value) and not _NAMES_SOMEBODY.search(value))
        else "…"
        for name, value in payload.items()
    }


def without_names(text: str) -> str:
    """The text without addresses and long numbers, by which people are known."""
    return _NAMES_SOMEBODY.sub("…", text)


@require_POST
def restart_work(request: HttpRequest, office: Office, work: int) -> HttpResponseBase:
    """Dead work waits again."""
    try:
        restart(work, by=office.actor, at=now())
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, _("It will be tried again."))
    return redirect("platform-work:index")


def is_here(office: Office, key: str) -> bool:
    """Whether work with this key is the scope's."""
    return len(key) < 19 and Work.objects.filter(pk=int(key), scope=str(office.scope)).exists()


def dead_in(office: Office) -> int:
    """How much work was given up here."""
    return Work.objects.filter(scope=str(office.scope), state=Work.State.DEAD).count()


desk = Desk(
    name="work",
    title=TITLE,
    pages=(
        DeskPage(view=index, permissions=WORK),
        DeskPage(
            view=restart_work,
            permissions=WORK,
            name="restart",
            address="<int:work>/restart/",
            keys={"work": is_here},
        ),
    ),
    count=dead_in,
    kinds=frozenset(ScopeKind),
    icon="tasks",
    order=300,
)

"""Telling publishers that a page waits for them, and editors what was decided. Decides nothing itself."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from wagtail.models import TaskState

from simos.kernel.acting import Actor, Scope
from simos.platform.access.queries import accounts_with
from simos.platform.messages.actions import send
from simos.platform.people.models import Party


def tell_publishers(scope: Scope, step: int, *, by: Actor, at: datetime) -> None:
    """Every publisher of the scope, but who handed it in, has a message that a page waits for them."""
    state = TaskState.objects.select_related("revision", "workflow_state").get(pk=step)
    editor = state.workflow_state.requested_by_id
    with transaction.atomic():
        for account in accounts_with("publish-content", scope, at=at):
            if account.party is not None and account.pk != editor:
                _send(scope, state, account.party, "content-submitted", by=by, at=at)


def tell_editor(scope: Scope, step: int, *, by: Actor, at: datetime) -> None:
    """Who handed the page in knows whether it was approved, and what the publisher has written to it."""
    state = TaskState.objects.select_related("revision", "workflow_state__requested_by__party").get(pk=step)
    editor = state.workflow_state.requested_by
    if editor is None or editor.party is None or editor.pk == state.finished_by_id:
        return
    approved = state.status == TaskState.STATUS_APPROVED
    with transaction.atomic():
        _send(scope, state, editor.party, "content-approved" if approved else "content-returned", by=by, at=at)


def _send(scope: Scope, state: TaskState, to: Party, kind: str, *, by: Actor, at: datetime) -> None:
    page = state.revision.content_object
    send(
        scope,
        to=to,
        template=f"portal/home:{kind}",
        by=by,
        at=at,
        context={"page": page.get_admin_display_title(), "comment": state.comment or "–"},
        link=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        key=f"{kind}-{state.pk}",
    )

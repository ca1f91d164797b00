"""The step of Wagtail's workflow in which a publisher looks at what an editor has written."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from simos.kernel.acting import FEDERATION, Actor, Assurance, Channel, Scope
from simos.kernel.clock import now
from simos.modules.portal.home.events import ContentReviewed, ContentSubmitted
from simos.modules.portal.home.rules import CONSORTIUM_SLUGS
from simos.platform.access.queries import permissions_of, permitted
from simos.platform.events.outbox import emit


def may_publish(user: Any, page: Any) -> bool:
    """Whether the account may publish in the part of the tree where `page` stands. Roles alone count, no groups."""
    if not user.is_active:
        return False
    scope = scope_of(page)
    return scope is not None and permitted(_actor(user), "publish-content", scope)


def scope_of(page: Any) -> Scope | None:
    """The city or the consortium in whose part of the tree `page` stands; None above all parts."""
    parts = page.url_path.split("/")
    if len(parts) < 3 or not parts[2]:
        return None
    return FEDERATION if parts[2] in CONSORTIUM_SLUGS else Scope.city(parts[2])


def _actor(user: Any) -> Actor:
    return Actor(account=str(user.pk), channel=Channel.WEB, assurance=Assurance.ACCOUNT)


class PublishTask(Task):
    """A publisher of the page's own city, or of the consortium, approves it or asks for changes."""

    class Meta:
        verbose_name = _("Approval by a publisher")

    @classmethod
    def get_description(cls) -> Any:
        return _("Whoever has the role of a publisher in the page’s city can approve")

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """The page waits for a publisher, and publishers are told."""
        with transaction.atomic():
            state = super().start(workflow_state, user=user)
            self._tell(ContentSubmitted(step=state.pk), workflow_state.content_object, user)
        return state

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """What a publisher decides is so, and who handed the page in is told."""
        with transaction.atomic():
            super().on_action(task_state, user, action_name, **kwargs)
            self._tell(ContentReviewed(step=task_state.pk), task_state.revision.content_object, user)

    def _tell(self, event: ContentSubmitted | ContentReviewed, page: Any, user: Any) -> None:
        if (scope := scope_of(page)) is not None:
            emit(event, scope=scope, by=_actor(user) if user else Actor.system("content", Channel.WEB), at=now())

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return may_publish(user, obj)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not may_publish(user, obj)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return may_publish(user, obj)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not may_publish(user, obj):
            return []
        return [
            ("reject", _("Request changes"), True),
            ("approve", _("Approve"), False),
            ("approve", _("Approve with a comment"), True),
        ]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        scopes = [scope for scope, names in permissions_of(_actor(user)).items() if "publish-content" in names]
        if not scopes:
            return TaskState.objects.none()
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("revision")
        mine = [state.pk for state in waiting if may_publish(user, state.revision.content_object)]
        return TaskState.objects.filter(pk__in=mine)

"""The first page of the office: the officer's desks with what waits there, who stands in for them, what they did last.

Panels of Wagtail's home page. They read; they decide nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from simos.kernel.clock import now
from simos.platform.access.models import Substitution
from simos.platform.audit.models import AuditRecord
from simos.web.office.declared import Desk
from simos.web.office.desks.work import dead_in
from simos.web.office.entering import Office
from simos.web.office.placing import placed
from simos.web.office.trail import lines_of

LAST = 10


class _Panel(Component):
    """A panel of the office that asks."""

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        return {**super().get_context_data(parent_context), **self.shows(request.office), "request": request}

    def shows(self, office: Office) -> dict[str, Any]:
        raise NotImplementedError


class Notices(_Panel):
    """What the platform has to say to those who run it."""

    template_name = "web_office/home/notices.html"
    order = 10

    def shows(self, office: Office) -> dict[str, Any]:
        return {"notices": list(self._found(office))}

    def _found(self, office: Office) -> Iterable[str]:
        if "restart-work" in office.permissions and (dead := dead_in(office)):
            yield _("Background work that was given up: %(count)s. Look at its desk.") % {"count": dead}
        if "grant-role" in office.permissions and "filebased" in settings.EMAIL_BACKEND:
            yield _("Mail is not set up: letters are kept as files and reach nobody (SIMOS_MAIL_URL).")


class Desks(_Panel):
    """The officer's registers and desks, with what waits."""

    template_name = "web_office/home/desks.html"
    order = 20

    def shows(self, office: Office) -> dict[str, Any]:
        language = get_language() or "sl"
        cards = [
            {
                "title": each.item.title.in_(language),
                "module": each.module.title.in_(language) if each.module else _("Administration"),
                "address": reverse(each.first),
                "waiting": each.item.count(office) if isinstance(each.item, Desk) and each.item.count else None,
            }
            for each in placed()
            if each.is_open_to(office) and (not isinstance(each.item, Desk) or each.item.in_menu)
        ]
        return {"cards": cards}


class Substitutes(_Panel):
    """Who stands in for the officer, and for whom the officer may stand in."""

    template_name = "web_office/home/substitutes.html"
    order = 30

    def shows(self, office: Office) -> dict[str, Any]:
        rows = Substitution.objects.in_force(now()).filter(scope=str(office.scope))
        related = rows.select_related("absent__party", "substitute__party")
        account = office.actor.account
        return {"for_me": list(related.filter(absent=account)), "by_me": list(related.filter(substitute=account))}


class LastDone(_Panel):
    """What the officer did last in this scope."""

    template_name = "web_office/home/last.html"
    order = 40

    def shows(self, office: Office) -> dict[str, Any]:
        rows = AuditRecord.objects.filter(scope=str(office.scope), actor__account=office.actor.account)
        return {"lines": lines_of(rows.order_by("-seq")[:LAST]), "with_object": True}


def panels_of(request: HttpRequest, panels: list[Any]) -> None:
    """Ours first; Wagtail's, of pages, for those who edit pages."""
    office: Office = request.office  # type: ignore[attr-defined]
    ours = [Notices(), Desks(), Substitutes(), LastDone()]
    panels[:] = [*ours, *(panels if office.edits_content else ())]


def summary_of(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail counts the pages below the nearest page above the scope's, other cities' among them: not shown."""
    items.clear()

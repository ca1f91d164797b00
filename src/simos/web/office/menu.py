"""The office's menu: what stands in it follows from permissions. Wagtail's own lines are for those who edit pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from simos.web.office.declared import Desk
from simos.web.office.entering import Office
from simos.web.office.placing import Placed, placed

OF_WAGTAIL = ("explorer", "images", "documents")
"""Kept as they are, by their names; each of them asks for permission itself."""


def main_menu(request: HttpRequest, items: list[Any]) -> None:
    """`items` become the menu of the officer who asks."""
    office: Office = request.office  # type: ignore[attr-defined]
    language = get_language() or "sl"
    kept = [item for item in items if item.name in OF_WAGTAIL and office.edits_content]
    items[:] = [MenuItem(_("My office"), reverse("wagtailadmin_home"), name="home", icon_name="home", order=1), *kept]
    groups: dict[str, list[Placed]] = {}
    for each in placed():
        if each.is_open_to(office) and (not isinstance(each.item, Desk) or each.item.in_menu):
            groups.setdefault(each.module.title.in_(language) if each.module else "", []).append(each)
    for place, (title, found) in enumerate(sorted(groups.items()), start=2):
        lines = [line_of(each, office, language) for each in found]
        if title and len(lines) == 1:
            items.append(lines[0])
        elif title:
            items.append(
                SubmenuMenuItem(
                    title, Menu(items=lines), name=f"module-{place}", icon_name="folder-open-inverse", order=300 + place
                )
            )
        else:
            items.append(
                SubmenuMenuItem(
                    _("Administration"), Menu(items=lines), name="administration", icon_name="cogs", order=900
                )
            )
    if len(office.choices) > 1:
        items.append(MenuItem(_("Another office"), reverse("office:scope"), name="scope", icon_name="site", order=950))


def line_of(each: Placed, office: Office, language: str) -> MenuItem:
    """A line of the menu; how many things wait there stands behind the title."""
    title = each.item.title.in_(language)
    waiting = each.item.count(office) if isinstance(each.item, Desk) and each.item.count else 0
    label = f"{title} ({waiting})" if waiting else title
    return MenuItem(label, reverse(each.first), name=each.key, icon_name=each.item.icon, order=each.item.order)

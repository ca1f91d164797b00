"""Where Wagtail is told of the office's menu, addresses, look, and of what its choosers may show. Found by its name."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.views.pages import listing as page_lists

from simos.web.office.beginning import begin_script
from simos.web.office.declared import Desk, Register
from simos.web.office.guarding import desk_view
from simos.web.office.home import panels_of, summary_of
from simos.web.office.languages import in_languages_of_the_office
from simos.web.office.menu import main_menu
from simos.web.office.placing import placed
from simos.web.office.viewsets import RegisterViewSet


def desk_addresses() -> Sequence[URLPattern | URLResolver]:
    """Each desk's pages, in a namespace of its own."""
    return [
        path(
            f"{each.key}/",
            include(([path(page.address, desk_view(page.view), name=page.name) for page in each.item.pages], each.key)),
        )
        for each in placed()
        if isinstance(each.item, Desk)
    ]


def registers() -> Sequence[RegisterViewSet]:
    """Each register's pages."""
    return [RegisterViewSet(each) for each in placed() if isinstance(each.item, Register)]


def pages_of_the_scope(pages: Any, request: HttpRequest) -> Any:
    """Choosers show the way down to the scope's pages, and these."""
    within = Q(pk__in=[])
    for root in request.office.roots:  # type: ignore[attr-defined]
        within |= Q(path__startswith=root.path) | Q(pk__in=root.get_ancestors().values("pk"))
    return pages.filter(within)


def look() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("web_office/office.css"))


def without_names() -> None:
    """Page lists can be filtered by owner and editor; Wagtail offers every account of the platform there. Not here."""
    for found in vars(page_lists).values():
        for name in ("owner", "edited_by"):
            getattr(found, "base_filters", {}).pop(name, None)


without_names()
in_languages_of_the_office()
hooks.register("construct_main_menu", main_menu, order=1000)
hooks.register("construct_homepage_panels", panels_of)
hooks.register("construct_homepage_summary_items", summary_of, order=1000)
hooks.register("register_admin_urls", desk_addresses)
hooks.register("register_admin_viewset", registers)
hooks.register("construct_page_chooser_queryset", pages_of_the_scope)
hooks.register("insert_global_admin_css", look)
hooks.register("insert_global_admin_js", begin_script)

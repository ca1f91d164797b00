"""Registers as Wagtail's viewsets, and the policy that answers for their rows. Knows no register by name."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.contrib.auth import get_user_model
from django.urls import URLPattern, path
from django.utils.translation import get_language
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from simos.web.office.declared import Filter, Register
from simos.web.office.guarding import desk_view
from simos.web.office.importing import import_view
from simos.web.office.placing import Placed
from simos.web.office.register_views import AddView, ChangeView, ListView, LookView, RemoveView, TrailView
from simos.web.office.seen import SEEN


class RegisterPolicy(BasePermissionPolicy):
    """Who may view and who may edit, by the officer's permissions in the scope of the request."""

    def __init__(self, register: Register) -> None:
        super().__init__(register.model)
        self.register = register

    def user_has_permission(self, user: Any, action: str) -> bool:
        office = getattr(user, "office", None)
        if office is None:
            return False
        if action == "view":
            return bool({self.register.view, self.register.edit} & office.permissions)
        if action == "delete" and self.register.remove is None:
            return False
        return action in ("add", "change", "delete") and self.register.edit in office.permissions

    def users_with_any_permission(self, actions: Collection[str]) -> Any:
        """Nobody can be told from a table: rights follow from the request's scope."""
        return get_user_model()._default_manager.none()


class RegisterViewSet(ModelViewSet):
    """One register's pages."""

    index_view_class = ListView
    add_view_class = AddView
    edit_view_class = ChangeView
    delete_view_class = RemoveView
    history_view_class = TrailView
    inspect_view_class = LookView
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    add_to_admin_menu = False
    list_per_page = 50
    search_backend_name = None

    def __init__(self, placed: Placed) -> None:
        register = placed.item
        assert isinstance(register, Register)
        self.register = register
        super().__init__(name=placed.key, model=register.model, icon=register.icon)
        self.ordering = register.ordering or self.UNDEFINED
        self.search_fields = list(register.search) or None
        self.list_export = [column.field for column in register.columns]
        self.export_filename = register.name
        self.filterset_class = filterset_of(register) if register.filters else self.UNDEFINED

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        given = super().get_common_view_kwargs(**kwargs)
        given |= {"register": self.register, "namespace": self.url_namespace, "usage_url_name": self.UNDEFINED}
        return given

    def get_form_class(self, for_update: bool = False) -> Any:
        if not for_update:
            return self.register.form
        seen = forms.CharField(widget=forms.HiddenInput, required=False)
        return type(self.register.form.__name__, (self.register.form,), {SEEN: seen})

    @cached_property
    def _edit_handler(self) -> None:
        return None

    def register_permissions(self) -> None:
        register_permission_policy(self.model, RegisterPolicy(self.register), exact_class=True)

    def get_urlpatterns(self) -> Sequence[URLPattern]:
        one = f"<{self.pk_path_converter}:pk>/"
        patterns = [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path(f"edit/{one}", self.edit_view, name="edit"),
            path(f"look/{one}", self.inspect_view, name="inspect"),
            path(f"history/{one}", self.history_view, name="history"),
        ]
        if self.register.remove is not None:
            patterns.append(path(f"remove/{one}", self.delete_view, name="delete"))
        if self.register.import_file is not None:
            view = desk_view(import_view(self.register, self.url_namespace))
            patterns.append(path("import/", view, name="import"))
        return patterns


def filterset_of(register: Register) -> type[WagtailFilterSet]:
    """Filters with titles and choices in the active language."""

    def choice(each: Filter) -> django_filters.ChoiceFilter:
        return django_filters.ChoiceFilter(
            field_name=each.field, choices=each.choices, widget=forms.RadioSelect, label=each.field
        )

    class RegisterFilters(WagtailFilterSet):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            for each in register.filters:
                self.form.fields[each.field].label = each.title.in_(get_language() or "sl")

        class Meta:
            model = register.model
            fields: Sequence[str] = []

    found: type[WagtailFilterSet] = type(
        "RegisterFilters", (RegisterFilters,), {each.field: choice(each) for each in register.filters}
    )
    return found

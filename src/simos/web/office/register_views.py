"""The pages of a register: Wagtail's generic views, with the module's action in the place of the model's own save."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.tables import Column as TableColumn
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Problem
from simos.platform.audit.models import AuditRecord
from simos.web.office.declared import Column, Register
from simos.web.office.entering import Office
from simos.web.office.seen import SEEN, carry_on, seen_of, unchanged
from simos.web.office.trail import lines_of

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class OfRegister:
    """What all pages of a register share: its name, the way to it, who is asking."""

    register: Register = None  # type: ignore[assignment]  # the viewset hands both in, by name
    namespace: str = ""
    request: HttpRequest
    breadcrumbs_items: Sequence[Any]
    copy_url_name = None
    usage_url_name = None

    @property
    def office(self) -> Office:
        found: Office = self.request.office  # type: ignore[attr-defined]
        return found

    @property
    def title(self) -> str:
        return self.register.title.in_(get_language() or "sl")

    def address(self, page: str, *keys: object) -> str:
        return reverse(f"{self.namespace}:{page}", args=[quote(str(key)) for key in keys])

    def get_breadcrumbs_items(self) -> list[Any]:
        here = self.here()  # type: ignore[attr-defined]
        above = [{"url": self.address("index"), "label": self.title}] if here else []
        return [*self.breadcrumbs_items, *above, {"url": "", "label": here or self.title}]

    @property
    def may_edit(self) -> bool:
        return self.register.edit in self.office.permissions

    def get_side_panels(self) -> Any:
        return MediaContainer([])


class ListView(OfRegister, generic.IndexView):
    """The list: filtered, searched, sorted, exported."""

    def here(self) -> str:
        return ""

    def get_page_title(self) -> str:
        return self.title

    @cached_property
    def columns(self) -> list[Any]:
        first, *others = self.register.columns
        title = self._get_title_column_class(TitleColumn)(get_url=self.address_of, **self._shown(first))
        return [title, *(TableColumn(**self._shown(each)) for each in others)]

    def address_of(self, row: Any) -> str:
        return self.address("edit" if self.may_edit else "inspect", row.pk)

    def _shown(self, column: Column) -> dict[str, Any]:
        try:
            self.register.model._meta.get_field(column.field)
            sort_key: str | None = column.field
        except FieldDoesNotExist:
            sort_key = None
        label = column.title.in_(get_language() or "sl")
        return {"name": column.field, "label": label, "accessor": column.of, "sort_key": sort_key}

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = list(super().header_more_buttons)
        if self.register.import_file is not None and self.may_edit:
            buttons.append(Button(_("Import from a file"), url=self.address("import"), icon_name="upload", priority=80))
        return buttons

    @cached_property
    def add_button(self) -> Any:
        return HeaderButton(_("Add"), url=self.add_url, icon_name="plus")

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponseBase:
        """The file is made whole here: a streamed one would be read when nobody acts in the city any more."""
        answer: HttpResponseBase = super().as_spreadsheet(_Rows(queryset), spreadsheet_format)
        if spreadsheet_format == self.FORMAT_CSV:
            whole = HttpResponse(b"\xef\xbb\xbf" + b"".join(answer), "text/csv; charset=utf-8")
            whole["Content-Disposition"] = answer["Content-Disposition"]
            return whole
        return answer

    def to_row_dict(self, item: Any) -> OrderedDict[str, object]:
        return OrderedDict((column.field, _harmless(column.of(item))) for column in self.register.columns)

    def get_heading(self, queryset: Any, field: str) -> str:
        found = next(column for column in self.register.columns if column.field == field)
        return found.title.in_(get_language() or "sl")


class _Rows(list[Any]):
    """Rows that have been read, with the model that Wagtail's export asks for."""

    def __init__(self, queryset: Any) -> None:
        super().__init__(queryset)
        self.model = queryset.model


def _harmless(value: object) -> object:
    """A spreadsheet runs text that begins like a formula; a quotation mark before it keeps it a text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


class Saving(OfRegister):
    """What adding and editing share: the action is called, its refusals are told in the form."""

    success_message = gettext_lazy("%(object)s is saved.")
    error_message = gettext_lazy("Nothing was saved: something in the form is not right.")
    refusal: Problem | None = None
    edit_url_name: str
    object: Any

    def save_instance(self) -> Any:
        form = self.form  # type: ignore[attr-defined]
        facts = {name: value for name, value in form.cleaned_data.items() if name != SEEN}
        return self.register.save(self.office.scope, self.row_to_change(form), facts, by=self.office.actor, at=now())

    def row_to_change(self, form: Any) -> Any:
        return None

    def get_success_buttons(self) -> list[Any]:
        return []

    def form_valid(self, form: Any) -> Any:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except Problem as problem:
            self.refusal = problem
            field = problem.extra.get("field")
            others = carry_on(form, problem) if isinstance(problem, Conflict) else []
            form.add_error(field if field in form.fields else None, told(problem))
            for each in others:
                form.add_error(None, each)
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return self.form_invalid(form)

    def form_invalid(self, form: Any) -> Any:
        answer = super().form_invalid(form)  # type: ignore[misc]
        answer.status_code = self.refusal.status if self.refusal else 422
        return answer


def told(problem: Problem) -> str:
    """A refusal in words for an officer."""
    if isinstance(problem, Conflict) and "field" not in problem.extra:
        advice = _("Look at what it says now before you save again.")
        return f"{problem.detail}. {advice}"
    return problem.detail or str(problem)


class AddView(Saving, generic.CreateView):
    """A new row."""

    def here(self) -> str:
        return _("New")

    def get_page_subtitle(self) -> str:
        return self.title

    def get_success_message(self, instance: Any) -> str:
        return str(self.success_message % {"object": instance})

    def get_error_message(self) -> str:
        return str(self.error_message)


class ChangeView(Saving, generic.EditView):
    """A row's form. It carries what was shown, so that no change of another officer is lost."""

    def here(self) -> str:
        return str(self.object)

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), SEEN: seen_of(self.object)}

    def row_to_change(self, form: Any) -> Any:
        return unchanged(self.register.model, self.object.pk, form.cleaned_data.get(SEEN) or "")

    def get_success_message(self) -> str:
        return str(self.success_message % {"object": self.object})

    def get_error_message(self) -> str:
        return str(self.error_message)

    def get_last_updated_info(self) -> None:
        return None

    @cached_property
    def can_delete(self) -> bool:
        return self.register.remove is not None and self.may_edit

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = [Button(_("History"), url=self.address("history", self.object.pk), icon_name="history", priority=10)]
        if self.can_delete:
            buttons.append(
                Button(_("Remove"), url=self.address("delete", self.object.pk), icon_name="bin", priority=20)
            )
        return buttons


class RemoveView(OfRegister, generic.DeleteView):
    """Asks once, then calls the module's action."""

    success_message = gettext_lazy("%(object)s is removed.")
    page_title = gettext_lazy("Remove")

    def here(self) -> str:
        return str(self.object)

    @property
    def confirmation_message(self) -> str:
        return _("Do you really want to remove %(object)s?") % {"object": self.object}

    def get_success_message(self) -> str:
        return str(self.success_message % {"object": self.object})

    def delete_action(self) -> None:
        assert self.register.remove is not None  # else there is no address
        self.register.remove(self.office.scope, self.object, by=self.office.actor, at=now())


class LookView(OfRegister, generic.InspectView):
    """A row for those who may not change it."""

    def here(self) -> str:
        return str(self.object)

    def get_fields_context(self) -> list[dict[str, Any]]:
        language = get_language() or "sl"
        return [
            {"label": capfirst(each.title.in_(language)), "value": each.of(self.object), "component": None}
            for each in self.register.columns
        ]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [Button(_("History"), url=self.address("history", self.object.pk), icon_name="history", priority=10)]


class TrailView(OfRegister, BaseObjectMixin, WagtailAdminTemplateMixin, TemplateView):
    """Who did what to this row, as the audit log has it."""

    template_name = "web_office/trail.html"
    header_icon = "history"

    def here(self) -> str:
        return _("History: %(object)s") % {"object": self.object}

    def get_page_title(self) -> str:
        return self.here()

    def get_base_object_queryset(self) -> Any:
        return self.register.model._default_manager.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = AuditRecord.objects.filter(
            scope=str(self.office.scope), object_type=self.object._meta.label_lower, object_id=str(self.object.pk)
        ).order_by("-seq")[:200]
        return {**super().get_context_data(**kwargs), "lines": lines_of(rows)}

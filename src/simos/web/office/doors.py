"""Which addresses of the office there are, for whom, and which keys they take. An address without a door is not found.

Wagtail's own addresses are listed by name; those of registers and desks come from their declarations. What a new
version of Wagtail adds stays shut until it gets its line here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO

from django.apps import apps
from django.http import HttpRequest, QueryDict
from django.urls import ResolverMatch
from wagtail.models import Page
from wagtail_localize.models import OverridableSegment

from simos.platform.scopes.wall import ScopedModel
from simos.web.office import keys
from simos.web.office.entering import CONTENT, Office
from simos.web.office.keys import Key
from simos.web.office.references import may_override


@dataclass(frozen=True, slots=True)
class Door:
    """Opens to who has one of `permissions` (none named: to whoever has a role in the scope), for keys of the scope.

    `keys` are of the address, `asked` of the query and of the form. `fits` looks at the whole request.
    """

    permissions: frozenset[str] = frozenset()
    keys: Mapping[str, Key] = field(default_factory=dict)
    asked: Mapping[str, Key] = field(default_factory=dict)
    fits: Callable[[Office, HttpRequest, ResolverMatch], bool] | None = None

    def opens(self, office: Office, request: HttpRequest, match: ResolverMatch) -> bool:
        if self.permissions and not self.permissions & office.permissions:
            return False
        if not all(check(office, str(match.kwargs[name])) for name, check in self.keys.items() if name in match.kwargs):
            return False
        for values in (request.GET, request.POST):
            for name, check in self.asked.items():
                if not all(check(office, value) for value in values.getlist(name) if value):
                    return False
        return self.fits is None or self.fits(office, request, match)


def _bulk(office: Office, request: HttpRequest, match: ResolverMatch) -> bool:
    """Bulk actions name their rows in the query. 'All' of a list is known for pages only, by the page above them."""
    model = f"{match.kwargs['app_label']}.{match.kwargs['model_name']}"
    check = keys.OF_MODEL.get(model)
    if check is None:
        return _is_scoped(match.kwargs["app_label"], match.kwargs["model_name"])
    chosen, above = request.GET.getlist("id"), request.GET.get("childOf", "")
    if "all" in chosen and not (model == "wagtailcore.page" and keys.page(office, above)):
        return False
    chosen += [above, *request.POST.getlist("chooser")] if model == "wagtailcore.page" else []
    return all(check(office, key) for key in chosen if key not in ("all", ""))


def _is_scoped(app_label: str, model_name: str) -> bool:
    return issubclass(_model(app_label, model_name), ScopedModel)


def _model(app_label: str, model_name: str) -> type:
    """The model of this name; `object` where there is none."""
    label = f"{app_label}.{model_name}".lower()
    return next((model for model in apps.get_models() if model._meta.label_lower == label), object)


def _editing(office: Office, request: HttpRequest, match: ResolverMatch) -> bool:
    model = f"{match.kwargs['app_label']}.{match.kwargs['model_name']}"
    if check := keys.OF_MODEL.get(model):
        return check(office, match.kwargs["object_id"])
    if issubclass(_model(match.kwargs["app_label"], match.kwargs["model_name"]), Page):
        return keys.page(office, match.kwargs["object_id"])
    return _is_scoped(match.kwargs["app_label"], match.kwargs["model_name"])


def _overriding(office: Office, request: HttpRequest, match: ResolverMatch) -> bool:
    """A translation may point to another picture, document or page than its source; to one of the office's."""
    if request.method != "PUT":
        return True
    segment = OverridableSegment.objects.filter(pk=match.kwargs["overridable_segment_id"]).first()
    return segment is not None and all(may_override(office, segment, each) for each in _put(request).getlist("value"))


def _put(request: HttpRequest) -> QueryDict:
    """The form in a PUT, which Django leaves unread."""
    if (request.content_type or "") == "multipart/form-data":
        return request.parse_file_upload(request.META, BytesIO(request.body))[0]
    return QueryDict(request.body)


ANYBODY = Door()
CONTENT_DOOR = Door(CONTENT)
_PAGE = Door(
    CONTENT,
    {
        "page_id": keys.page,
        "pk": keys.page,
        "parent_page_id": keys.page,
        "page_to_move_id": keys.page,
        "destination_id": keys.page,
        "revision_id": keys.revision,
        "revision_id_a": keys.revision,
        "revision_id_b": keys.revision,
        "task_state_id": keys.task_state,
        "workflow_state_id": keys.workflow_state,
    },
    {
        "new_parent_page": keys.page,
        "overwrite_revision_id": keys.revision,
        "revision": keys.revision,
        "parent_page": keys.page_or_above,
        "destination": keys.page,
        "locale_page": keys.page,
    },
)
_LIST = Door(CONTENT, {"parent_page_id": keys.page_or_above}, {"parent_page_id": keys.page_or_above})
_CHOOSE = Door(
    CONTENT,
    {"parent_page_id": keys.page_or_above},
    {"parent_page_id": keys.page_or_above, "target_pages[]": keys.page, "id": keys.page},
)
_API_LIST = Door(CONTENT, {}, {"child_of": keys.page_or_above, "descendant_of": keys.page_or_above})
_API_ONE = Door(CONTENT, {"pk": keys.page_or_above})
_IMAGE = Door(
    CONTENT, {"image_id": keys.image, "pk": keys.image, "uploaded_file_id": keys.uploaded}, {"id": keys.image}
)
_DOCUMENT = Door(
    CONTENT,
    {"document_id": keys.document, "doc_id": keys.document, "pk": keys.document, "uploaded_file_id": keys.uploaded},
    {"id": keys.document},
)
_TRANSLATE = Door(
    CONTENT,
    {
        "page_id": keys.page,
        "translation_source_id": keys.source,
        "translation_id": keys.translation,
        "string_segment_id": keys.string_segment,
        "overridable_segment_id": keys.overridable_segment,
    },
)

_WAGTAIL: tuple[tuple[Door, str, str], ...] = (
    # door, beginning of the names, names
    (ANYBODY, "wagtailadmin_", "home sprite javascript_catalog dismissibles"),
    (_LIST, "wagtailadmin_", "explore explore_results explore_root"),
    (_CHOOSE, "wagtailadmin_", "choose_page choose_page_child choose_page_search choose_page_chosen_multiple"),
    (_CHOOSE, "wagtailadmin_choose_page_", "external_link email_link phone_link anchor_link"),
    (_API_LIST, "wagtailadmin_api:pages:", "listing"),
    (_API_ONE, "wagtailadmin_api:pages:", "detail"),
    (Door(CONTENT, fits=_bulk), "", "wagtail_bulk_action"),
    (
        Door(CONTENT, {"session_id": keys.editing_session_or_new}, fits=_editing),
        "wagtailadmin_editing_sessions:",
        "ping",
    ),
    (Door(CONTENT, {"session_id": keys.editing_session}), "wagtailadmin_editing_sessions:", "release"),
    (CONTENT_DOOR, "", "wagtailadmin_block_preview wagtailembeds:chooser wagtailembeds:chooser_upload"),
    (
        _PAGE,
        "wagtailadmin_pages:",
        "add preview_on_add choose_parent add_subpage edit preview_on_edit view_draft usage",
    ),
    (_PAGE, "wagtailadmin_pages:", "delete unpublish convert_alias search search_results history history_results"),
    (_PAGE, "wagtailadmin_pages:", "move move_confirm set_page_position copy workflow_action workflow_preview"),
    (_PAGE, "wagtailadmin_pages:", "collect_workflow_action_data confirm_workflow_cancellation workflow_history"),
    (_PAGE, "wagtailadmin_pages:", "workflow_history_detail revisions_index revisions_view revisions_revert"),
    (_PAGE, "wagtailadmin_pages:", "revisions_unschedule revisions_compare lock unlock"),
    (_IMAGE, "wagtailimages:", "index index_results add edit delete preview image_usage add_multiple edit_multiple"),
    (_IMAGE, "wagtailimages:", "create_multiple_from_uploaded_image delete_multiple delete_upload_multiple"),
    (_IMAGE, "wagtailimages_chooser:", "choose choose_results chosen chosen_multiple create select_format"),
    (_DOCUMENT, "wagtaildocs:", "index index_results add edit delete document_usage add_multiple edit_multiple"),
    (_DOCUMENT, "wagtaildocs:", "create_multiple_from_uploaded_document delete_multiple delete_upload_multiple"),
    (_DOCUMENT, "wagtaildocs_chooser:", "choose choose_results chosen chosen_multiple create"),
    (_TRANSLATE, "wagtail_localize:", "javascript_catalog submit_page_translation update_translations"),
    (_TRANSLATE, "wagtail_localize:", "edit_string_translation download_pofile upload_pofile"),
    (replace(_TRANSLATE, fits=_overriding), "wagtail_localize:", "edit_override"),
    (_TRANSLATE, "wagtail_localize:", "machine_translate preview_translation stop_translation convert_to_alias"),
)

WAGTAIL: Mapping[str, Door] = {before + name: door for door, before, names in _WAGTAIL for name in names.split()}
"""Shut for everybody, since they reach across cities or are not used: users, groups, sites, locales, collections,
redirects, site settings, workflows' own settings, reports, tags of all, privacy by password, and Wagtail's sign-in."""


def door_to(match: ResolverMatch, declared: Mapping[str, Door]) -> Door | None:
    """The door of the address, or None: then it does not exist for anybody."""
    name = match.view_name or ""
    if (door := declared.get(name) or WAGTAIL.get(name)) is not None:
        return door
    return _snippet(name)


def _snippet(name: str) -> Door | None:
    """Snippets whose rows are behind the wall between cities: editors may keep them; all others are shut."""
    namespace = name.partition(":")[0]
    for prefix in ("wagtailsnippets_", "wagtailsnippetchoosers_"):
        if namespace.startswith(prefix):
            owner, _, model = namespace.removeprefix(prefix).rpartition("_")
            return CONTENT_DOOR if _is_scoped(owner, model) else None
    return None

"""What an address of the office names by a key, and whether that is the scope's. Unknown and foreign look the same."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from wagtail.admin.models import EditingSession
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision, TaskState, UploadedFile, WorkflowState
from wagtail_localize.models import OverridableSegment, StringSegment, Translation, TranslationSource

from simos.platform.scopes.wall import ScopedModel
from simos.web.office.entering import Office

Key = Callable[[Office, str], bool]
"""Whether the row that the office's address names by this text is the scope's."""


def page(office: Office, key: str) -> bool:
    found = _row(Page, key)
    return found is not None and office.has_page(found)


def page_or_above(office: Office, key: str) -> bool:
    """For lists: also what stands above the scope's pages, of which only the way down is shown."""
    found = _row(Page, key)
    return found is not None and any(
        root.path.startswith(found.path) or found.path.startswith(root.path) for root in office.roots
    )


def image(office: Office, key: str) -> bool:
    found = _row(get_image_model(), key, "collection")
    return found is not None and office.has_collection(found.collection)


def document(office: Office, key: str) -> bool:
    found = _row(get_document_model(), key, "collection")
    return found is not None and office.has_collection(found.collection)


def revision(office: Office, key: str) -> bool:
    """A revision of a page; also the words that stand for one in a comparison."""
    return key in ("live", "earliest", "latest") or _of_page(office, _row(Revision, key))


def workflow_state(office: Office, key: str) -> bool:
    return _of_page(office, _row(WorkflowState, key))


def task_state(office: Office, key: str) -> bool:
    found = _row(TaskState, key, "workflow_state")
    return found is not None and _of_page(office, found.workflow_state)


def _of_page(office: Office, found: Any) -> bool:
    """Whether what Wagtail keeps of some row is kept of a page of the office's."""
    model = found.base_content_type.model_class() if found is not None else None
    return model is Page and page(office, str(found.object_id))


def uploaded(office: Office, key: str) -> bool:
    """A file whose form the officer has not filled in yet: nobody else's."""
    found = _row(UploadedFile, key)
    return found is not None and str(found.uploaded_by_user_id) == office.actor.account


def editing_session(office: Office, key: str) -> bool:
    found = _row(EditingSession, key)
    return found is not None and str(found.user_id) == office.actor.account


def editing_session_or_new(office: Office, key: str) -> bool:
    """A browser that was away for long names a session that is gone, and begins another."""
    return _row(EditingSession, key) is None or editing_session(office, key)


def source(office: Office, key: str) -> bool:
    return _translatable(office, _row(TranslationSource, key))


def translation(office: Office, key: str) -> bool:
    found = _row(Translation, key, "source")
    return found is not None and _translatable(office, found.source)


def string_segment(office: Office, key: str) -> bool:
    found = _row(StringSegment, key, "source")
    return found is not None and _translatable(office, found.source)


def overridable_segment(office: Office, key: str) -> bool:
    found = _row(OverridableSegment, key, "source")
    return found is not None and _translatable(office, found.source)


def _translatable(office: Office, found: TranslationSource | None) -> bool:
    """A translation belongs to a page of the scope, or to a row that the wall between cities lets through."""
    if found is None:
        return False
    model = found.specific_content_type.model_class()
    if model is None:
        return False
    row = model._default_manager.filter(translation_key=found.object_id).first()
    return row is not None and (not isinstance(row, Page) or office.has_page(row))


def _row(model: type[Any], key: str, *related: str) -> Any:
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        return None
    rows = model._default_manager.all()
    return rows.select_related(*related).filter(pk=int(key)).first() if related else rows.filter(pk=int(key)).first()


def row_of(model: type[ScopedModel]) -> Key:
    """The key of a row that the wall between cities lets through."""

    def is_there(office: Office, key: str) -> bool:
        try:
            return bool(model._default_manager.filter(pk=unquote(key)).exists())
        except (ValueError, OverflowError, ValidationError):
            return False

    return is_there


OF_MODEL: Mapping[str, Key] = {"wagtailcore.page": page, "wagtailimages.image": image, "wagtaildocs.document": document}
"""What the keys of a bulk action are, by the model in its address."""

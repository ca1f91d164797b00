"""What an address of the office names by a key, and whether that is the scope's. Unknown and foreign look the same."""

from collections.abc import Callable, Mapping
from typing import Any

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail_localize.models import OverridableSegment, StringSegment, Translation, TranslationSource

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


OF_MODEL: Mapping[str, Key] = {"wagtailcore.page": page, "wagtailimages.image": image, "wagtaildocs.document": document}
"""What the keys of a bulk action are, by the model in its address."""

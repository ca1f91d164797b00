"""What a page points to, held against whose it is: no form puts a picture, document or page of another city into one.

Choosers show one's own alone; this is for what is sent without them. Says whose things are, not who may edit.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page, ReferenceIndex
from wagtail_localize.models import OverridableSegment

from simos.web.office.entering import Office
from simos.web.office.keys import OF_MODEL, Key


def foreign_in(office: Office, row: models.Model) -> Iterator[str]:
    """The fields of `row`, as it stands, that point to a page, picture or document that is not the office's."""
    of_wagtail = {field.name for field in Page._meta.get_fields()}  # aliases, revisions, locks
    found = ReferenceIndex._extract_references_from_object(row)  # Wagtail's public way reads what is stored already
    for content_type, key, path, _content in found:
        model = ContentType.objects.get_for_id(content_type).model_class()
        field = path.partition(".")[0]
        if field in of_wagtail or model is None:
            continue
        whose = _whose(model)
        if whose is not None and not whose(office, str(key)):
            yield field


class PageForm(WagtailAdminPageForm):
    """The form of every kind of page that the office edits: what is foreign is refused in its field, nothing stored."""

    def _post_clean(self) -> None:
        super()._post_clean()
        office = getattr(self.for_user, "office", None)
        if office is None:
            return
        said = _(
            "This points to a page, picture or document of another office, or to one that is gone. Choose your own."
        )
        for field in dict.fromkeys(foreign_in(office, self.instance)):
            self.add_error(field if field in self.fields else None, ValidationError(said))


def may_override(office: Office, segment: OverridableSegment, value: str) -> bool:
    """Whether `value` may stand in a translation for what `segment` points to: an address, or a key of the office's."""
    pointed = _model_of(segment)
    whose = _whose(pointed) if pointed is not None else None
    return whose is None or whose(office, value)


def _whose(model: type[models.Model]) -> Key | None:
    """How one knows whose a row of `model` is; None where rows of it belong to no scope."""
    kinds = (model, *model._meta.get_parent_list())
    return next((OF_MODEL[kind._meta.label_lower] for kind in kinds if kind._meta.label_lower in OF_MODEL), None)


def _model_of(segment: OverridableSegment) -> type[models.Model] | None:
    """What the segment is a key of; None where it is none, but an address."""
    source = segment.source.as_instance()
    path = segment.context.get_field_path(source).split(".")
    place: Any = source._meta.get_field(path[0])
    if isinstance(place, models.ForeignKey):
        return place.related_model
    block = getattr(place, "stream_block", None)
    for name in path[1:]:
        children = getattr(block, "child_blocks", None)
        block = children.get(name) if children else getattr(block, "child_block", None)
    return getattr(block, "model_class", None)

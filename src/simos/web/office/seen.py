"""What a form has shown of a row, in a word: so that a save over what somebody else changed meanwhile is noticed.

The second officer is told who changed what, as the audit log has it, and goes on with his own form: what he had left as
it was shown takes on what is stored now.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from simos.kernel.errors import Conflict
from simos.platform.audit.chain import canonical
from simos.platform.audit.models import AuditRecord
from simos.platform.procedure.versions import Versioned
from simos.web.office.trail import lines_of

SEEN = "office_seen"
"""The hidden field that carries what was shown."""

PARTED = " | "
"""Between the choices of a field of several, in the audit log as in files."""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to one field: from `old` to `new`, as text."""

    who: str
    field: str
    old: str
    new: str


def seen_of(row: models.Model) -> str:
    """The row's version; where it keeps none, a hash of all its fields."""
    if isinstance(row, Versioned):
        return f"v{row.version}"
    values = [[field.name, str(getattr(row, field.attname))] for field in row._meta.concrete_fields]
    return hashlib.sha256(canonical(values).encode()).hexdigest()[:32]


def unchanged(model: type[models.Model], key: object, seen: str) -> models.Model:
    """The stored row, locked to the end of the transaction; Conflict if it is not what the form has shown."""
    present = model._default_manager.select_for_update().filter(pk=key).first()
    if present is None:
        raise Conflict(_("It has been removed in the meantime"))
    if seen_of(present) != seen:
        changes = _changes_since(present, seen)
        raise Conflict(_("Somebody has changed this in the meantime"), seen=seen_of(present), changes=changes)
    return present


def _changes_since(present: models.Model, seen: str) -> Sequence[Change]:
    """The changes that are told of the versions after `seen`, the oldest first; none where versions are not kept."""
    if not isinstance(present, Versioned) or not seen[1:].isdigit() or not seen.startswith("v"):
        return []
    later = max(0, present.version - int(seen[1:]))
    rows = AuditRecord.objects.filter(object_type=present._meta.label_lower, object_id=str(present.pk))
    records = [(line.who, json.loads(line.data or "{}")) for line in lines_of(rows.order_by("-seq")[:later])]
    return [
        Change(who, field, *map(str, values))
        for who, data in reversed(records)
        for field, values in data.items()
        if isinstance(values, list) and len(values) == 2
    ]


def carry_on(form: forms.BaseForm, conflict: Conflict) -> Sequence[str]:
    """The form goes on from what is stored now, with what was typed; what others changed, in words."""
    if "seen" not in conflict.extra:
        return []
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    data[form.add_prefix(SEEN)] = conflict.extra["seen"]
    told = []
    for change in conflict.extra["changes"]:
        field, name = form.fields.get(change.field), form.add_prefix(change.field)
        words = {"who": change.who, "field": field.label if field else change.field, "old": change.old or "–"}
        told.append(_("%(who)s: %(field)s from %(old)s to %(new)s") % {**words, "new": change.new or "–"})
        if field is not None and _typed(form, change.field) == change.old:
            _put(data, name, change.new, several=isinstance(field, forms.MultipleChoiceField))
    form.data = data
    return told


def _typed(form: forms.BaseForm, field: str) -> str:
    value: object = form[field].value()
    return PARTED.join(map(str, value)) if isinstance(value, list) else str(value if value is not None else "")


def _put(data: Any, name: str, text: str, *, several: bool) -> None:
    values: Mapping[bool, list[str]] = {True: [each for each in text.split(PARTED) if each], False: [text]}
    data.setlist(name, values[several])

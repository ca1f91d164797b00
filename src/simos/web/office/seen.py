"""What a form has shown of a row, in a word: so that a save over what somebody else changed meanwhile is noticed."""

import hashlib

from django.db import models
from django.utils.translation import gettext as _

from simos.kernel.errors import Conflict
from simos.platform.audit.chain import canonical
from simos.platform.procedure.versions import Versioned


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
        raise Conflict(_("Somebody has changed this in the meantime"))
    return present

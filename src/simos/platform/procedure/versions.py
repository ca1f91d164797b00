"""Rows that notice when somebody else has changed them meanwhile, so that no update is lost; and their ETags."""

import re
from typing import Any

from django.db import models, router, transaction

from simos.kernel.errors import Conflict, Problem

_ETAG = re.compile(r'"([1-9][0-9]{0,9})"')


class Versioned(models.Model):
    """A row whose `version` rises with each save. Saving an older version than the one stored is a Conflict.

    A form carries the version that was shown and saves by `save_if`. `QuerySet.update` does not pass here.
    """

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        before = self.version
        with transaction.atomic(using=kwargs.get("using") or router.db_for_write(type(self), instance=self)):
            self._refuse_if_changed()
            self.version = before + 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
            try:
                super().save(*args, **kwargs)
            except BaseException:
                self.version = before
                raise

    def save_if(self, version: int, **kwargs: Any) -> None:
        """The row is saved if what is stored still has `version`, which is one higher then.

        Otherwise Conflict, whose `changed` names the fields in which the stored row differs from this one.
        """
        self.version = version
        self.save(**kwargs)

    def _refuse_if_changed(self) -> None:
        present = type(self)._base_manager.select_for_update().filter(pk=self.pk).first()
        if present is None:
            raise Conflict("it has been deleted meanwhile")
        if present.version != self.version:
            fields = [field for field in self._meta.concrete_fields if field.name not in ("id", "version")]
            changed = [each.name for each in fields if getattr(present, each.attname) != getattr(self, each.attname)]
            said = f"what is stored differs in: {', '.join(changed)}" if changed else "what is stored says the same"
            detail = f"somebody has changed this meanwhile; {said}"
            raise Conflict(detail, changed=changed, version=present.version)


def etag_of(row: Versioned) -> str:
    """The strong entity tag of the row's present version (RFC 9110, 8.8.3), for one representation per address."""
    return f'"{row.version}"'


def save_if_match(row: Versioned, if_match: str) -> None:
    """The row is saved if the header `If-Match` names the version stored (RFC 9110, 13.1.1).

    Problem 428 without the header, 412 where the row has changed or the tag is none of ours; `*` is no promise: 428.
    """
    if if_match.strip() in ("", "*"):
        raise Problem("send If-Match with the ETag that you read", title="Precondition required", status=428)
    tags = [_ETAG.fullmatch(each.strip()) for each in if_match.split(",")]
    if len(tags) != 1 or tags[0] is None:
        raise Problem("If-Match is the one ETag that you read, in quotes", title="Precondition failed", status=412)
    try:
        row.save_if(int(tags[0][1]))
    except Conflict as conflict:
        raise Problem(conflict.detail, title="Precondition failed", status=412, **conflict.extra) from conflict

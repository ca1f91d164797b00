"""Telling everybody who comes to a city's pages something, and taking it back. Each leaves an audit record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Invalid
from simos.modules.portal.home.models import Notice
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.scopes.acting import acting

FACTS = (
    "gravity", "title_sl", "title_en", "title_it", "text_sl", "text_en", "text_it", "address", "starts_at", "ends_at",
)  # fmt: skip


def post_notice(scope: Scope, notice: Notice | None, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> Notice:
    """The city has a notice with these facts (`FACTS`), a new one or `notice` changed. Forbidden without
    `post-notice`; Invalid where it would end before it begins."""
    require(by, "post-notice", scope)
    if facts.get("ends_at") and facts["ends_at"] <= facts["starts_at"]:
        raise Invalid("a notice ends after it begins", field="ends_at")
    with acting(by, scope), transaction.atomic():
        kept = notice or Notice()
        for name in FACTS:
            setattr(kept, name, facts.get(name) if name in ("starts_at", "ends_at") else facts.get(name) or "")
        kept.full_clean()
        kept.save()
        record("post-notice", obj=kept, by=by, scope=scope, at=at, data={"gravity": kept.gravity})
    return kept


def withdraw_notice(scope: Scope, notice: Notice, *, by: Actor, at: datetime) -> None:
    """The notice is shown no more. Forbidden without `post-notice`."""
    require(by, "post-notice", scope)
    with acting(by, scope), transaction.atomic():
        record("withdraw-notice", obj=notice, by=by, scope=scope, at=at, data={"title": notice.title_sl})
        notice.delete()

"""Audit records in words: who, what, when, for whom, by which way. Reads; knows no page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from simos.kernel.acting import Actor, Channel
from simos.platform.audit.models import AuditRecord
from simos.platform.people.models import Account, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record, as it is shown."""

    seq: int
    at: datetime
    who: str
    for_whom: str
    way: str
    action: str
    object_type: str
    object_id: str
    purpose: str
    data: str


def lines_of(records: Iterable[AuditRecord]) -> Sequence[Line]:
    """The records with the names of those who acted; two queries for all."""
    rows = list(records)
    actors = [Actor.from_dict(row.actor) for row in rows]
    accounts = _names(Account, "email", {actor.account for actor in actors})
    parties = _names(Party, "name", {party for actor in actors for party in (actor.party, actor.on_behalf_of)})
    ways = {
        Channel.WEB: _("web"),
        Channel.COUNTER: _("at the counter"),
        Channel.API: _("API"),
        Channel.JOB: _("automatic"),
        Channel.CLI: _("command line"),
    }
    return [
        Line(
            seq=row.seq,
            at=row.at,
            who=parties.get(actor.party) or accounts.get(actor.account) or actor.program or _("unknown"),
            for_whom=parties.get(actor.on_behalf_of, actor.on_behalf_of),
            way=ways[actor.channel],
            action=row.action,
            object_type=row.object_type,
            object_id=row.object_id,
            purpose=row.purpose,
            data="" if row.data == "{}" else row.data,
        )
        for row, actor in zip(rows, actors, strict=True)
    ]


def _names(model: type[Account] | type[Party], field: str, ids: Iterable[str]) -> Mapping[str, str]:
    keys = [UUID(each) for each in ids if each]
    return {str(pk): name for pk, name in model._default_manager.filter(pk__in=keys).values_list("pk", field)}

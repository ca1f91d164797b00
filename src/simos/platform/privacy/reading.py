"""Writing down that somebody read a person's data, and showing the person who did. Must not let a read go unstated."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import QuerySet

from simos.kernel.acting import Actor, Assurance, Channel, Scope
from simos.kernel.clock import now
from simos.kernel.errors import Forbidden
from simos.platform.access.models import RoleGrant
from simos.platform.audit.log import record
from simos.platform.audit.models import AuditRecord
from simos.platform.people.models import Party
from simos.platform.people.queries import same_person
from simos.platform.scopes.acting import current

ACTION = "read-personal-data"
PARTY = Party._meta.label_lower
_LONGEST_PURPOSE = 500


def note_read(
    party: Party | UUID | str,
    *,
    module: str,
    what: str,
    purpose: str,
    by: Actor,
    at: datetime,
    matter: str = "",
    scope: Scope | None = None,
) -> None:
    """That `by` read `what` of the person's data is in the audit log, and on the person's own page.

    Call it before the data are shown. `module`: domain/name, or `platform`; `what`: the name of the personal data in
    its manifest; `purpose`: in words that the person understands (GDPR, art. 5, 15); `matter`: a reference number.
    `scope`: instead of that in which one acts. ValueError without a purpose; Forbidden for one who is not known.
    A person's own look at their data is not written down, nor what the platform itself does with it.
    """
    if not purpose.strip() or len(purpose) > _LONGEST_PURPOSE:
        raise ValueError(f"reading personal data needs a purpose of at most {_LONGEST_PURPOSE} signs")
    party_id = str(party.pk if isinstance(party, Party) else party)
    if by.assurance is Assurance.SYSTEM or (UUID(party_id) in same_person(by.party) and not by.office):
        return
    if not (by.account or by.program):
        raise Forbidden("who reads personal data has to be known")
    where = scope or current().scope
    data = {"module": module, "what": what, "matter": matter, "roles": _roles_of(by, where)}
    with transaction.atomic():
        record(ACTION, obj=(PARTY, party_id), by=by, scope=where, at=at, purpose=purpose.strip(), data=data)


def _roles_of(by: Actor, scope: Scope) -> list[str]:
    """As they are while it is read (by the platform's clock): the person is told of the role, not of who has it."""
    if not by.account:
        return []
    grants = RoleGrant.objects.in_force(now()).filter(account=UUID(by.account), scope=str(scope))
    return sorted(set(grants.values_list("role", flat=True)))


@dataclass(frozen=True, slots=True)
class Read:
    """A read as the person is told of it: no name of who did it (GDPR, art. 15; the court's C-579/21)."""

    at: datetime
    scope: Scope
    office: str
    roles: tuple[str, ...]
    program: str
    on_behalf: bool
    channel: Channel
    module: str
    what: str
    purpose: str
    matter: str


def reads_of(party: UUID | str) -> QuerySet[AuditRecord]:
    """The records of reads of the person's data, the newest first; `as_read` tells of each."""
    ids = [str(each) for each in same_person(party)]
    return AuditRecord.objects.filter(object_type=PARTY, object_id__in=ids, action=ACTION).order_by("-at", "-pk")


def as_read(row: AuditRecord) -> Read:
    """What the person is told of a record."""
    by, said = Actor.from_dict(row.actor), orjson.loads(row.data)
    return Read(
        at=row.at,
        scope=Scope.parse(row.scope),
        office=_unit(by.office),
        roles=tuple(said["roles"]),
        program=by.program,
        on_behalf=bool(by.on_behalf_of),
        channel=by.channel,
        module=said["module"],
        what=said["what"],
        purpose=row.purpose,
        matter=said["matter"],
    )


def _unit(office: str) -> str:
    """The name of the organisation unit; '' where there is none."""
    try:
        return Party.objects.filter(pk=UUID(office), kind=Party.Kind.UNIT).values_list("name", flat=True).first() or ""
    except ValueError:
        return ""

"""Issuing and revoking API tokens, each audited. The secret leaves here once and is kept nowhere."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simos.hub.grants import digest
from simos.kernel.acting import Actor, Scope
from simos.kernel.errors import Conflict, Invalid, NotFound
from simos.kernel.ids import new_secret
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.people.models import Account
from simos.platform.tokens.models import ApiToken
from simos.platform.tokens.queries import PREFIX


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token with its secret, which cannot be had again."""

    token: ApiToken
    secret: str


def issue_token(
    scope: Scope,
    account: Account,
    *,
    name: str,
    may_write: bool = False,
    by: Actor,
    at: datetime,
    until: datetime | None = None,
) -> Issued:
    """A program that bears the secret may do in `scope` what `account` may do there, to `until` (None: for ever).

    Forbidden without `issue-token` there; Invalid without a name, or if `until` is not after `at`.
    """
    require(by, "issue-token", scope)
    if not name.strip():
        raise Invalid("say what the token is for, so that it is known later", field="name")
    if until is not None and until <= at:
        raise Invalid("a token ends after it begins", field="until")
    secret = PREFIX + new_secret()
    with transaction.atomic():
        token = ApiToken.objects.create(
            account=account,
            scope=str(scope),
            name=name.strip(),
            digest=digest(secret),
            may_write=may_write,
            issued_at=at,
            issued_by=by.as_dict(),
            until=until,
        )
        data = {"account": str(account.pk), "writes": may_write, "until": until.isoformat() if until else None}
        record("issue-token", obj=token, by=by, scope=scope, at=at, data=data)
    return Issued(token, secret)


def revoke_token(scope: Scope, token_id: UUID, *, by: Actor, at: datetime) -> ApiToken:
    """The token opens nothing any more. NotFound in this scope, Conflict if it was revoked before.

    Forbidden without `issue-token` there.
    """
    require(by, "issue-token", scope)
    with transaction.atomic():
        token = ApiToken.objects.select_for_update(of=("self",)).filter(pk=token_id, scope=str(scope)).first()
        if token is None:
            raise NotFound("there is no such token here")
        if token.revoked_at is not None:
            raise Conflict("this token is revoked already")
        token.revoked_at, token.revoked_by = at, by.as_dict()
        token.save(update_fields=("revoked_at", "revoked_by"))
        record("revoke-token", obj=token, by=by, scope=scope, at=at)
    return token

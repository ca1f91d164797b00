"""Which token a secret stands for. Changes nothing but the note of when a token was last used."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from simos.hub.grants import digest
from simos.kernel.acting import Scope
from simos.platform.tokens.models import ApiToken

PREFIX = "simos_"
"""Begins every secret, so that scanners of leaked secrets know one when they see it."""
NOTED_EVERY = timedelta(hours=1)


def token_of(secret: str, *, at: datetime) -> ApiToken | None:
    """The token in force that `secret` stands for; None where there is none. Its use is noted once an hour."""
    token = ApiToken.objects.in_force(at).filter(digest=digest(secret)).first()
    if token is not None and (token.used_at is None or at - token.used_at > NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(used_at=at)
    return token


def tokens_in(scope: Scope) -> Sequence[ApiToken]:
    """All tokens of the scope, revoked ones too, by name."""
    return list(ApiToken.objects.filter(scope=str(scope)).select_related("account"))

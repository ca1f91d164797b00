"""The table of API tokens. Only digests are kept: a secret is shown once, to the one who asked for it."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from simos.kernel.acting import Actor, Assurance, Channel, Scope


class ApiTokens(models.QuerySet["ApiToken"]):
    def in_force(self, at: datetime) -> "ApiTokens":
        """Those that open doors at `at`."""
        return self.filter(Q(until=None) | Q(until__gt=at), revoked_at=None, account__is_active=True)


class ApiToken(models.Model):
    """A program with this token may do in `scope` what `account` may do there; without `may_write` only look.

    A revoked token stays: who could do what in the past must be answerable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=80)
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    issued_by = models.JSONField()
    until = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.JSONField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokens.as_manager()

    class Meta:
        ordering = ("scope", "name")

    def __str__(self) -> str:
        return f"{self.name} in {self.scope}"

    @property
    def where(self) -> Scope:
        return Scope.parse(self.scope)

    @property
    def actor(self) -> Actor:
        """Who acts when a program bears this token."""
        return Actor(
            account=str(self.account_id),
            channel=Channel.API,
            assurance=Assurance.ACCOUNT,
            program=f"token:{self.id}",
        )

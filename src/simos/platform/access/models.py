"""The table of role grants. A withdrawn grant stays: who could do what in the past must be answerable."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


class RoleGrants(models.QuerySet["RoleGrant"]):
    def in_force(self, at: datetime) -> "RoleGrants":
        """Those that count at `at`."""
        begun = Q(granted_at__lte=at) & (Q(until=None) | Q(until__gt=at))
        return self.filter(begun & (Q(withdrawn_at=None) | Q(withdrawn_at__gt=at)))


class RoleGrant(models.Model):
    """`account` has `role` in `scope` (as text: `city:celje`) from `granted_at`, to `until` if that is set."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=100)
    scope = models.CharField(max_length=80)
    granted_at = models.DateTimeField()
    granted_by = models.JSONField()
    until = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.JSONField(null=True, blank=True)

    objects = RoleGrants.as_manager()

    class Meta:
        indexes = (models.Index(fields=("account", "scope", "role"), name="platform_access_grant"),)

    def __str__(self) -> str:
        return f"{self.role} in {self.scope}"

"""Who may do what, and for whom: role grants, units with their members, substitutes, mandates.

Nothing is deleted: who could do what in the past must be answerable. What ends bears when, and by whom.
"""

import uuid
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from simos.platform.people.models import Party


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


class Terms(models.QuerySet[Any]):
    """Of rows that hold from one time to another, unless they are withdrawn before."""

    def in_force(self, at: datetime) -> Self:
        """Those that count at `at`."""
        begun = Q(begins_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))
        return self.filter(begun & (Q(withdrawn_at=None) | Q(withdrawn_at__gt=at)))

    def standing(self, at: datetime) -> Self:
        """Those that count at `at` or will."""
        return self.filter((Q(ends_at=None) | Q(ends_at__gt=at)) & Q(withdrawn_at=None))


class Term(models.Model):
    """A row that holds from `begins_at` until `ends_at` (None: for ever), or until it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.JSONField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.JSONField(null=True, blank=True)

    objects = Terms.as_manager()

    class Meta:
        abstract = True


class Unit(models.Model):
    """An organisation unit of the office that is `scope`: the facts beside its party."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="unit", primary_key=True)
    scope = models.CharField(max_length=80)
    code = models.CharField(max_length=64)
    within = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scope", "code"), name="platform_access_unit_code"),)

    def __str__(self) -> str:
        return f"{self.code} in {self.scope}"


class Membership(Term):
    """`account` works in `unit`; `leads`: and heads it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    leads = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"a member of {self.unit_id}"


class Substitution(Term):
    """`substitute` stands in for `absent` in `scope`: may there what the other may."""

    scope = models.CharField(max_length=80)
    absent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="substitutes")
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stands_in")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="platform_access_substitute_another"),
        )

    def __str__(self) -> str:
        return f"a substitute in {self.scope}"


class Mandate(Term):
    """`holder` may act for `principal`. `proof`: what was seen or said that shows it."""

    class Kind(models.TextChoices):
        PARENT = "parent"
        REPRESENTATIVE = "representative"
        AUTHORISED = "authorised"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    principal = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates_given")
    holder = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates_held")
    proof = models.CharField(max_length=300)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(principal=F("holder")), name="platform_access_mandate_another"),
        )

    def __str__(self) -> str:
        return f"a mandate ({self.kind})"

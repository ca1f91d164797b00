"""Who people are to the platform (`Party`), how others know them (`Identifier`), and how they come in (`Account`).

Holds no rights and no sign-in.
"""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from simos.kernel.clock import now
from simos.kernel.text import LANGUAGES

_LANGUAGES = tuple((code, code) for code in LANGUAGES)


class Party(models.Model):
    """A natural or legal person or an organisation unit. A person is one party in all cities.

    `merged_into`: it has turned out to be the same person as that one; rows that name it are that one's too.
    """

    class Kind(models.TextChoices):
        NATURAL = "natural"
        LEGAL = "legal"
        UNIT = "unit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=_LANGUAGES, default=LANGUAGES[0])
    born_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    def __str__(self) -> str:
        return self.name


class Identifier(models.Model):
    """A number by which others know a party: found by its digest, readable only by `identifiers.reveal`."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, editable=False)
    sealed = models.TextField(editable=False)
    proof = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    added_by = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scheme", "digest"), name="platform_people_identifier_once"),)

    def __str__(self) -> str:
        return self.scheme


class AccountManager(BaseUserManager["Account"]):
    """Makes and finds accounts; the e-mail address is one whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """A saved account; without a password one cannot sign in by password. ValueError without an address."""
        if not email.strip():
            raise ValueError("an account needs an e-mail address")
        account = self.model(email=self.normalize_email(email.strip()), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """An account that Django's own permissions never refuse. It has no role in any city until one is granted."""
        return self.create_user(email, password, **fields, is_superuser=True)

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=(username or "").strip())


class Account(AbstractBaseUser, PermissionsMixin):
    """A way in: an e-mail address and what allauth adds to it. What it may do is said by role grants (`access`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    language = models.CharField(max_length=2, choices=_LANGUAGES, default=LANGUAGES[0])
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="platform_people_account_email"),)

    def __str__(self) -> str:
        return self.email

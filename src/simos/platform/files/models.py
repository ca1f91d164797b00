"""The tables of files. What a file says lies on disk, named by its hash; rows are written by `actions` only."""

from datetime import datetime
from uuid import uuid4

from django.db import models

from simos.kernel.acting import Scope


class Content(models.Model):
    """Bytes that are on disk, by their SHA-256 in hexadecimal. `scanned_at` null: no virus scanner has seen them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    scanned_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.sha256


class StoredFile(models.Model):
    """A file of an object: its name, type and purpose, and until when it is kept (null: as long as its owner says).

    `owner_type` and `owner_id` are a model's label and key, as in the audit log. Not behind the wall between cities,
    for the federation has files too: every query names its scope.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    scope = models.CharField(max_length=80)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    purpose = models.CharField(max_length=100)
    is_open = models.BooleanField(default=False)
    owner_type = models.CharField(max_length=120)
    owner_id = models.CharField(max_length=200)
    stored_at = models.DateTimeField()
    stored_by = models.JSONField()
    keep_until = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        indexes = (models.Index(fields=("owner_type", "owner_id"), name="platform_files_owner"),)

    def __str__(self) -> str:
        return f"{self.name} of {self.owner_type} {self.owner_id}"

    @property
    def where(self) -> Scope:
        return Scope.parse(self.scope)

    def is_past(self, at: datetime) -> bool:
        """Whether its time is over: it is not read any more, and removed by the next run of the job."""
        return self.keep_until is not None and self.keep_until <= at

"""Which part of the page tree, and which collection of pictures and documents, is whose. Holds no rights."""

from django.db import models
from wagtail.models import Collection, Page


class PageTree(models.Model):
    """The page `page`, its translations and all below them belong to `scope` (as text: `city:celje`)."""

    scope = models.CharField(max_length=80, unique=True)
    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.scope


class ScopeCollection(models.Model):
    """The pictures and documents in `collection` and below belong to `scope`."""

    scope = models.CharField(max_length=80, unique=True)
    collection = models.OneToOneField(Collection, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.scope

"""The tables of the index. They stand before the wall: queries show of them only what the asker may see.

Full text lies beside `Entry`, made in the first migration: on SQLite a table of FTS5 that triggers keep, on PostgreSQL
an index. A later migration that changes `Entry` on SQLite makes the table anew and loses the triggers: make them again.
"""

from django.db import models


class Entry(models.Model):
    """A document in one language. `serves`: the languages in which it is shown, as ` sl en `; one entry of a document
    serves each. `permission`: what one needs to see it, in its scope; empty: nothing."""

    kind = models.CharField(max_length=80)
    document = models.CharField(max_length=200)
    scope = models.CharField(max_length=80)
    city = models.CharField(max_length=64, blank=True)
    module = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    serves = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    folded_title = models.TextField()
    folded_body = models.TextField(blank=True)
    address = models.CharField(max_length=500)
    permission = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "scope", "document", "language"), name="platform_search_once"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class Build(models.Model):
    """When the entries of a kind in a scope were last made anew. Its row is locked while any of them is written."""

    kind = models.CharField(max_length=80)
    scope = models.CharField(max_length=80)
    built_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "scope"), name="platform_search_build_once"),)

    def __str__(self) -> str:
        return f"{self.kind} in {self.scope}"

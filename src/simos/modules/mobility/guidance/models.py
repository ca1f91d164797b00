"""The register of panels: what the office says of each, what was written on it by hand, and how it stands.

What a panel reports is the hub's. `PanelState` is what follows from all of it, kept so that a change is noticed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models

from simos.kernel.geo import Point
from simos.modules.mobility.guidance.rules.lines import lines_of, text_of
from simos.modules.mobility.guidance.rules.words import joined, languages_of
from simos.modules.mobility.guidance.values import Colour, Condition, Earlier, Kind, Override, Pages, PanelFacts, Wanted
from simos.platform.procedure.versions import Versioned
from simos.platform.scopes.wall import ScopedModel


class Panel(ScopedModel, Versioned):
    """A panel, by its code in the city. `lines` as `rules.lines` reads them. `is_demo`: made up."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Kind])
    longitude = models.FloatField(null=True, blank=True, help_text="Degrees, WGS 84.")
    latitude = models.FloatField(null=True, blank=True, help_text="Degrees, WGS 84.")
    street = models.CharField(max_length=200, blank=True)
    facing = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Degrees from north.")
    lines = models.TextField()
    characters = models.PositiveSmallIntegerField(default=6)
    colour = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Colour])
    languages = models.CharField(max_length=20, default="sl")
    limit = models.PositiveSmallIntegerField(default=15, help_text="Minutes.")
    is_demo = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta(ScopedModel.Meta):
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("city", "code"), name="mobility_guidance_panel_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def take(self, facts: PanelFacts, *, is_demo: bool, at: datetime) -> None:
        """The row, not yet saved, says the same as `facts`; its code stays."""
        self.name, self.kind, self.street, self.facing = facts.name, facts.kind, facts.street, facts.facing
        self.longitude = facts.place.longitude if facts.place else None
        self.latitude = facts.place.latitude if facts.place else None
        self.lines, self.characters, self.colour = text_of(facts.lines), facts.characters, facts.colour
        self.languages, self.limit = joined(facts.languages), facts.limit
        self.is_demo, self.changed_at = is_demo, at

    @property
    def facts(self) -> PanelFacts:
        place = None
        if self.longitude is not None and self.latitude is not None:
            place = Point(self.longitude, self.latitude)
        return PanelFacts(
            code=self.code,
            name=self.name,
            kind=Kind(self.kind),
            place=place,
            street=self.street,
            facing=self.facing,
            lines=lines_of(self.lines),
            characters=self.characters,
            colour=Colour(self.colour),
            languages=languages_of(self.languages),
            limit=self.limit,
        )


class HandText(ScopedModel, Versioned):
    """What an officer wrote on a panel, the last time. Who it was stands in the audit log."""

    panel = models.OneToOneField(Panel, on_delete=models.CASCADE, related_name="hand_text")
    texts = models.JSONField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=300)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.panel} until {self.until}"

    @property
    def override(self) -> Override:
        return Override(lines=tuple(self.texts), until=self.until, reason=self.reason)


class PanelState(ScopedModel):
    """What a panel is to show, what it confirms, and how it is. Follows from the rest: `look_after` writes it anew."""

    panel = models.OneToOneField(Panel, on_delete=models.CASCADE, related_name="state")
    wanted = models.JSONField(default=list)
    full = models.JSONField(default=list)
    by_hand = models.BooleanField(default=False)
    wanted_at = models.DateTimeField()
    earlier = models.JSONField(default=list, help_text="What was wanted shortly before, each with its end.")
    confirmed = models.JSONField(null=True)
    differs_since = models.DateTimeField(null=True)
    condition = models.CharField(max_length=16, default=Condition.UNSEEN)
    condition_since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.panel}: {self.condition}"

    TAKEN = (
        "wanted", "full", "by_hand", "wanted_at", "earlier", "confirmed", "differs_since", "condition",
        "condition_since",
    )  # fmt: skip
    """The fields that `take` sets."""

    def take(
        self,
        wanted: Wanted,
        *,
        wanted_at: datetime,
        earlier: Sequence[Earlier],
        confirmed: Pages | None,
        differs_since: datetime | None,
        condition: Condition,
        since: datetime,
    ) -> None:
        """The row, not yet saved, says what a look has found."""
        self.wanted, self.full = _stored(wanted.pages), sorted(wanted.full)
        self.by_hand, self.wanted_at = wanted.by_hand, wanted_at
        self.earlier = [[_stored(each.pages), each.until.isoformat()] for each in earlier]
        self.confirmed = None if confirmed is None else _stored(confirmed)
        self.differs_since, self.condition, self.condition_since = differs_since, str(condition), since

    @property
    def is_to_show(self) -> Wanted:
        return Wanted(pages=pages_in(self.wanted) or ((),), full=frozenset(self.full), by_hand=self.by_hand)

    @property
    def was_to_show(self) -> Sequence[Earlier]:
        """What it was to show shortly before, the last at the end."""
        told = ((pages_in(pages), until) for pages, until in self.earlier)
        return [Earlier(pages=pages, until=datetime.fromisoformat(until)) for pages, until in told if pages]

    @property
    def is_shown(self) -> Pages | None:
        """What the panel says that it shows; None where it never said."""
        return pages_in(self.confirmed)


def _stored(pages: Pages) -> list[list[str]]:
    return [list(page) for page in pages]


def pages_in(stored: Any) -> Pages | None:
    """Pages of lines in JSON as they were before; None for anything else, which a panel may well send."""
    if not isinstance(stored, list) or not all(isinstance(page, list) for page in stored):
        return None
    if not all(isinstance(line, str) for page in stored for line in page):
        return None
    return tuple(tuple(page) for page in stored)

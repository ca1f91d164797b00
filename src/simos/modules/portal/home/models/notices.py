"""What a city wants everybody to know who comes to any of its pages, from a time to a time."""

from django.db import models

from simos.kernel.text import Text
from simos.platform.scopes.wall import ScopedModel


class Notice(ScopedModel):
    """Words above every page of the city. `ends_at` None: until it is withdrawn."""

    gravity = models.CharField(max_length=8, choices=[(each, each) for each in ("info", "warning", "crisis")])
    title_sl = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    title_it = models.CharField(max_length=120, blank=True)
    text_sl = models.CharField(max_length=400, blank=True)
    text_en = models.CharField(max_length=400, blank=True)
    text_it = models.CharField(max_length=400, blank=True)
    address = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        ordering = ("-starts_at", "-pk")

    def __str__(self) -> str:
        return self.title_sl

    @property
    def title(self) -> Text:
        return Text(sl=self.title_sl, en=self.title_en, it=self.title_it)

    def text_in(self, language: str) -> str:
        """What it says in `language`, else in English, else in Slovenian; it may say nothing but its title."""
        words: str = getattr(self, f"text_{language}", "") or self.text_en or self.text_sl
        return words

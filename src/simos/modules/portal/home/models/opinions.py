"""What visitors say of a page: whether it was useful, and what was wrong. Holds nothing of who they are."""

from django.db import models

from simos.platform.scopes.wall import ScopedModel


class Opinion(ScopedModel):
    """Of the page at `address`, called `title` then. Of the time only the day is kept, so that it fits no other log."""

    address = models.CharField(max_length=300)
    title = models.CharField(max_length=255)
    is_useful = models.BooleanField()
    remark = models.TextField(blank=True)
    on = models.DateField()

    class Meta(ScopedModel.Meta):
        ordering = ("-pk",)
        indexes = (models.Index(fields=("city", "address"), name="portal_home_opinion_page"),)

    def __str__(self) -> str:
        return f"{'+' if self.is_useful else '-'} {self.address}"

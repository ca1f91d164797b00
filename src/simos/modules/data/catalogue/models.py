"""How often data sets were downloaded: a number for each day, and nothing of who did."""

from django.db import models

from simos.platform.scopes.wall import ScopedModel


class DownloadDay(ScopedModel):
    """Downloads of one data set in one form on one day of the city."""

    data_set = models.CharField(max_length=100)
    form = models.CharField(max_length=40)
    on = models.DateField()
    number = models.PositiveIntegerField(default=0)

    class Meta(ScopedModel.Meta):
        ordering = ("-on", "data_set", "form")
        constraints = (
            models.UniqueConstraint(fields=("city", "data_set", "form", "on"), name="data_catalogue_download_day"),
        )

    def __str__(self) -> str:
        return f"{self.data_set} {self.form} {self.on}: {self.number}"

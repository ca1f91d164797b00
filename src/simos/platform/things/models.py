"""How far each follower of the hub's change log has got."""

from django.db import models


class Cursor(models.Model):
    """`consumer` has dealt with every change up to `seq` of the log's `epoch`. Moved with each effect."""

    consumer = models.CharField(max_length=300, primary_key=True)
    epoch = models.CharField(max_length=100)
    seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.consumer} at {self.epoch}:{self.seq}"

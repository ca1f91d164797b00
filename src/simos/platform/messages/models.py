"""The tables of messages. Rows are written by `actions` and `delivering` only."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from simos.kernel.acting import Scope
from simos.platform.files.queries import files_of, owner_of
from simos.platform.messages.values import Channel
from simos.platform.people.models import Party

_CHANNELS = tuple((each.value, each.value) for each in Channel)


class Message(models.Model):
    """A message in a person's inbox, in the language in which it was sent. `scope`: who sent it (`city:celje`).

    Not behind the wall: an inbox holds what all cities send. `key` is unique for its receiver: sending again what was
    sent makes no second message.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scope = models.CharField(max_length=80)
    to = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="messages")
    template = models.CharField(max_length=200)
    key = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    action = models.CharField(max_length=100, blank=True)
    link = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.JSONField()
    read_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    keep_until = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (models.Index(fields=("to", "archived_at", "sent_at"), name="platform_messages_inbox"),)
        constraints = (
            models.UniqueConstraint(fields=("to", "key"), condition=~Q(key=""), name="platform_messages_once"),
        )

    def __str__(self) -> str:
        return f"{self.template} of {self.sent_at}"

    @property
    def where(self) -> Scope:
        return Scope.parse(self.scope)

    @property
    def has_files(self) -> bool:
        return files_of(self.where, owner_of(self)).exists()


class Subscription(models.Model):
    """A browser that shows push messages (W3C Push API): where to, and the keys that only it can read with."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=1000)
    endpoint_sha256 = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    browser = models.CharField(max_length=80)
    subscribed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.browser


class Delivery(models.Model):
    """How far the telling of a message has got, by one channel to one account (or its browser).

    `failed`: not tried again, for the reason given. Of mail `sent` says that the server took it: more is not known.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=_CHANNELS)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    subscription = models.ForeignKey(Subscription, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Preference(models.Model):
    """Whether a person wants to be told of a kind of message by a channel. No row: yes."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    template = models.CharField(max_length=200)
    channel = models.CharField(max_length=8, choices=_CHANNELS)
    wanted = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("party", "template", "channel"), name="platform_messages_choice"),
        )

    def __str__(self) -> str:
        return f"{self.template} by {self.channel}: {self.wanted}"

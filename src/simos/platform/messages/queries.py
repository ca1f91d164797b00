"""What is in an inbox, how it was told of, and by which channels a person wants to be told. Changes nothing."""

from uuid import UUID

from django.db.models import QuerySet

from simos.kernel.errors import NotFound
from simos.platform.messages.declared import Declared, templates
from simos.platform.messages.models import Message, Preference, Subscription
from simos.platform.messages.values import Channel, may_switch_off
from simos.platform.people.models import Account
from simos.platform.people.queries import same_person


def inbox_of(party: UUID, *, archived: bool = False) -> QuerySet[Message]:
    """The person's messages, the newest first."""
    theirs = Message.objects.filter(to__in=same_person(party), archived_at__isnull=not archived)
    return theirs.order_by("-sent_at", "pk")


def unread_count(party: UUID) -> int:
    """How many messages wait to be read."""
    return inbox_of(party).filter(read_at=None).count()


def message_of(party: UUID, message_id: UUID) -> Message:
    """The message; NotFound where it is nobody's or somebody else's."""
    found = Message.objects.filter(pk=message_id, to__in=same_person(party)).first()
    if found is None:
        raise NotFound("there is no such message")
    return found


def browsers_of(account: Account) -> list[Subscription]:
    """The browsers that show push messages to the account, the newest first."""
    return list(Subscription.objects.filter(account=account).order_by("-subscribed_at", "-pk"))


def choices_of(party: UUID) -> dict[tuple[str, Channel], bool]:
    """Whether the person is told of each kind of message by each channel."""
    chosen = {
        (name, Channel(channel)): wanted
        for name, channel, wanted in Preference.objects.filter(party=party).values_list("template", "channel", "wanted")
    }
    return {
        (each.name, channel): chosen.get((each.name, channel), True) or not may_switch_off(each.template, channel)
        for each in templates().values()
        for channel in Channel
    }


def wants(party: UUID, declared: Declared, channel: Channel) -> bool:
    """Whether the person is to be told of this kind by this channel: unless they have said no, and may."""
    if not may_switch_off(declared.template, channel):
        return True
    said_no = Preference.objects.filter(party=party, template=declared.name, channel=channel, wanted=False)
    return not said_no.exists()

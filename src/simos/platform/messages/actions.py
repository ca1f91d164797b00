"""Sending messages, and what people do with theirs. The telling by mail and push comes after the commit."""

from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from django.db import IntegrityError, transaction

from simos.hub.addresses import Reach
from simos.kernel.acting import Actor, Scope
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Invalid
from simos.platform.audit.log import record
from simos.platform.audit.transactions import require_transaction
from simos.platform.files.actions import attach
from simos.platform.files.queries import owner_of
from simos.platform.files.values import Received
from simos.platform.jobs.actions import enqueue
from simos.platform.messages.declared import template_named
from simos.platform.messages.models import Delivery, Message, Preference, Subscription
from simos.platform.messages.queries import message_of, wants
from simos.platform.messages.values import Channel, may_switch_off, words_of
from simos.platform.people.models import Account, Party
from simos.platform.people.queries import same_person

KIND = "message"
FOR_EVER = 0
MOST_BROWSERS = 20
"""Of one account; the one that subscribed first goes."""


def send(
    scope: Scope,
    *,
    to: Party,
    template: str,
    by: Actor,
    at: datetime,
    context: Mapping[str, object] | None = None,
    link: str = "",
    attachments: Iterable[Received] = (),
    key: str = "",
) -> Message:
    """The message is in the inbox of `to`, in their language, and they will be told by the channels that they want.

    In the action's transaction; OutsideTransaction where there is none. `template` is a full name:
    `mobility/parking:permit-granted`. `link`: the page that it is about, as an address on this platform (`/celje/...`).
    `key`: a message with the same key to the same person is sent once. LookupError for an unknown template; ValueError
    where `context` does not fill it in.
    """
    require_transaction("send")
    if link and (not link.startswith("/") or link.startswith("//")):
        raise ValueError(f"a message links to a page of this platform, as '/celje/...': not to {link!r}")
    declared = template_named(template)
    if key and (sent := Message.objects.filter(to=to, key=key).first()):
        return sent
    words = words_of(declared.template, to.language, context or {})
    message = Message(
        scope=str(scope),
        to=to,
        template=template,
        key=key,
        language=words.language,
        subject=words.subject[:300],
        body=words.body,
        action=words.action,
        link=link,
        sent_at=at,
        sent_by=by.as_dict(),
        keep_until=at + declared.template.keep,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(to=to, key=key)  # another transaction was faster
    for each in attachments:
        attach(scope, each, owner=owner_of(message), by=by, at=at, keep_until=message.keep_until)
    for channel, account, subscription in _ways_to(to):
        if wants(to.pk, declared, channel):
            _queue(message, channel, account, subscription, by=by)
    record("send-message", obj=message, by=by, scope=scope, at=at, data={"to": str(to.pk), "template": template})
    return message


def _ways_to(party: Party) -> Iterator[tuple[Channel, Account, Subscription | None]]:
    for account in party.accounts.filter(is_active=True).order_by("created_at", "pk"):
        yield Channel.MAIL, account, None
        for subscription in Subscription.objects.filter(account=account).order_by("pk"):
            yield Channel.PUSH, account, subscription


def _queue(
    message: Message, channel: Channel, account: Account, subscription: Subscription | None, *, by: Actor
) -> None:
    """The queue lives by the platform's clock, whatever a city's shows."""
    at = now()
    delivery = Delivery.objects.create(
        message=message, channel=channel, account=account, subscription=subscription, queued_at=at, changed_at=at
    )
    payload = {"delivery": str(delivery.pk)}
    enqueue(KIND, channel, scope=message.where, by=by, at=at, payload=payload, max_attempts=FOR_EVER)


def open_message(party: UUID, message_id: UUID, *, at: datetime) -> Message:
    """The message, read from now on; NotFound where it is not the person's."""
    message = message_of(party, message_id)
    if message.read_at is None:
        Message.objects.filter(pk=message.pk, read_at=None).update(read_at=at)
        message.refresh_from_db(fields=("read_at",))
    return message


def mark_read(party: UUID, messages: Sequence[UUID], *, read: bool, at: datetime) -> int:
    """Those of the person's messages are read, or unread again; how many changed."""
    theirs = Message.objects.filter(to__in=same_person(party), pk__in=messages, read_at__isnull=read)
    return theirs.update(read_at=at if read else None)


def archive(party: UUID, messages: Sequence[UUID], *, archived: bool, at: datetime) -> int:
    """Those of the person's messages are in the archive, or back in the inbox; how many moved."""
    theirs = Message.objects.filter(to__in=same_person(party), pk__in=messages, archived_at__isnull=archived)
    return theirs.update(archived_at=at if archived else None)


def choose(party: Party, template: str, channel: Channel, *, wanted: bool, at: datetime) -> None:
    """The person is told of this kind of message by this channel, or not; Conflict where the law asks for it."""
    declared = template_named(template)
    if not wanted and not may_switch_off(declared.template, channel):
        raise Conflict("this kind of message has to be sent by law; it cannot be switched off")
    Preference.objects.update_or_create(
        party=party, template=template, channel=channel, defaults={"wanted": wanted, "changed_at": at}
    )


def subscribe(
    account: Account, *, endpoint: str, p256dh: str, auth: str, browser: str, reach: Reach, at: datetime
) -> Subscription:
    """The browser shows push messages to the account from now on, whoever's it was before; again, nothing changes.

    Invalid unless a push service (https, or a private receiver that the operator allows) and the browser's keys are
    named as the Push API gives them.
    """
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    is_ours = parts.scheme == "http" and host in reach.hosts
    if not (parts.scheme == "https" or is_ours) or not host or not reach.may_name(host) or len(endpoint) > 1000:
        raise Invalid("a push service has an https address", field="endpoint")
    if not _is_point(p256dh) or len(_bytes_in(auth)) != 16:
        raise Invalid("a browser gives a key of P-256 and 16 secret bytes, both in base64url", field="p256dh")
    fresh = {"account": account, "p256dh": p256dh, "auth": auth, "browser": browser[:80], "endpoint": endpoint}
    with transaction.atomic():
        made, _ = Subscription.objects.update_or_create(
            endpoint_sha256=sha256(endpoint.encode()).hexdigest(),
            defaults=fresh,
            create_defaults={**fresh, "subscribed_at": at},
        )
        surplus = Subscription.objects.filter(account=account).order_by("-subscribed_at", "-pk")[MOST_BROWSERS:]
        Subscription.objects.filter(pk__in=[each.pk for each in surplus]).delete()
    return made


def unsubscribe(account: Account, subscriptions: Iterable[int] | None = None) -> int:
    """Those browsers of the account (None: all) show no push messages any more; how many did."""
    theirs = Subscription.objects.filter(account=account)
    if subscriptions is not None:
        theirs = theirs.filter(pk__in=subscriptions)
    return theirs.delete()[1].get(Subscription._meta.label, 0)


def _is_point(p256dh: str) -> bool:
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes_in(p256dh))
    except ValueError:
        return False
    return True


def _bytes_in(text: str) -> bytes:
    """What base64url without padding says; nothing where it is none."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""

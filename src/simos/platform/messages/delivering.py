"""Telling people of their messages: the runner of the queue's kind `message`. Knows no queue beyond that.

Mail and push come at least once: killed between sending and noting it, the same letter with the same Message-ID goes
again, and the same push with the same topic and tag, which takes the place of the first.
"""

import smtplib
from collections.abc import Callable, Mapping
from datetime import timedelta

import orjson
import urllib3
from django.core.mail import EmailMessage
from django.db import transaction

from simos.kernel.clock import now
from simos.platform.jobs.models import Work
from simos.platform.jobs.values import Runner
from simos.platform.messages.addresses import address_of
from simos.platform.messages.declared import template_named
from simos.platform.messages.mail import letter
from simos.platform.messages.models import Delivery, Subscription
from simos.platform.messages.push import pushed
from simos.platform.messages.values import Channel

PATIENCE = timedelta(days=2)
"""How long a channel that cannot be reached is tried. Mail servers hold back letters for hours at times."""
_LONGEST_REASON = 300
_KEPT_S = int(PATIENCE.total_seconds())
_GONE = frozenset((404, 410))
"""A push service says so for good: the browser must subscribe anew (RFC 8030, 7.3)."""
_LATER = frozenset((408, 425, 429))


class CannotReach(Exception):
    """The way is closed just now. Says no address: it is kept with the work."""


class Undeliverable(Exception):
    """Trying again cannot help. Says no address."""


def post(made: EmailMessage) -> None:
    """The mail server has taken the letter; Undeliverable or CannotReach otherwise."""
    try:
        made.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = {code for code, _ in refused.recipients.values()}
        raise _smtp_fault("the mail server refused the address", min(codes, default=0)) from None
    except smtplib.SMTPResponseException as refused:
        if isinstance(refused, smtplib.SMTPAuthenticationError):
            raise CannotReach("the mail server does not take our password") from None
        raise _smtp_fault("the mail server refused the letter", refused.smtp_code) from None
    except (smtplib.SMTPException, OSError) as error:
        raise CannotReach(f"the mail server cannot be reached ({error.__class__.__name__})") from None


def _by_mail(delivery: Delivery) -> None:
    if not delivery.account.is_active or not delivery.account.email:
        raise Undeliverable("the account was closed")
    post(letter(delivery))


def _smtp_fault(what: str, code: int) -> Exception:
    """Codes from 500 are for good (RFC 5321, 4.2.1)."""
    return (Undeliverable if code >= 500 else CannotReach)(f"{what} ({code})")


def _by_push(delivery: Delivery) -> None:
    subscription = delivery.subscription
    if subscription is None or not delivery.account.is_active:
        raise Undeliverable("the browser is subscribed no more")
    try:
        status = pushed(subscription, _told(delivery), topic=delivery.message_id.hex, seconds=_KEPT_S)
    except ValueError:
        raise Undeliverable("the browser's keys are none") from None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise CannotReach(f"the push service cannot be reached ({error.__class__.__name__})") from None
    if status in _GONE:
        Subscription.objects.filter(pk=subscription.pk).delete()
        raise Undeliverable(f"the browser has ended its subscription ({status})")
    if status >= 500 or status in _LATER:
        raise CannotReach(f"the push service answered {status}")
    if status >= 300:
        raise Undeliverable(f"the push service answered {status}")


def _told(delivery: Delivery) -> bytes:
    """What the portal's worker.js shows: the subject, who sends, and where to read the rest."""
    message = delivery.message
    said = {
        "title": message.subject,
        "body": template_named(message.template).sender.in_(message.language),
        "address": address_of(message),
        "lang": message.language,
        "tag": str(message.pk),
    }
    return orjson.dumps(said)


WAYS: Mapping[Channel, Callable[[Delivery], None]] = {Channel.MAIL: _by_mail, Channel.PUSH: _by_push}


def run(work: Work) -> None:
    """The delivery is sent, or has failed for good; else CannotReach, and it will be tried again."""
    delivery = _begun(work.payload["delivery"])
    if delivery is None:
        return  # done already, or the message is gone
    try:
        WAYS[Channel(delivery.channel)](delivery)
    except Undeliverable as reason:
        _note(delivery, Delivery.State.FAILED, str(reason))
    except CannotReach as reason:
        if now() - delivery.queued_at > PATIENCE:
            _note(delivery, Delivery.State.FAILED, str(reason))
            return
        _note(delivery, Delivery.State.QUEUED, str(reason))
        raise
    else:
        _note(delivery, Delivery.State.SENT, "")


def _begun(delivery_id: str) -> Delivery | None:
    with transaction.atomic():
        found = Delivery.objects.select_for_update().filter(pk=delivery_id, state=Delivery.State.QUEUED).first()
        if found is None:
            return None
        found.attempts += 1
        found.save(update_fields=("attempts",))
    return Delivery.objects.select_related("message", "account", "subscription").filter(pk=delivery_id).first()


def _note(delivery: Delivery, state: Delivery.State, reason: str) -> None:
    """An update: the message may be gone by now."""
    Delivery.objects.filter(pk=delivery.pk).update(state=state, reason=reason[:_LONGEST_REASON], changed_at=now())


runner = Runner(run, outside=True)

"""Telling people of their messages: the runner of the queue's kind `message`. Knows no queue beyond that.

Mail comes at least once: killed between sending and noting it, the same letter with the same Message-ID goes again.
"""

import smtplib
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import transaction

from simos.kernel.clock import now
from simos.platform.jobs.models import Work
from simos.platform.jobs.values import Runner
from simos.platform.messages.mail import letter
from simos.platform.messages.models import Delivery
from simos.platform.messages.values import Channel

PATIENCE = timedelta(days=2)
"""How long a channel that cannot be reached is tried. Mail servers hold back letters for hours at times."""
_LONGEST_REASON = 300


class CannotReach(Exception):
    """The way is closed just now. Says no address: it is kept with the work."""


class Undeliverable(Exception):
    """Trying again cannot help. Says no address."""


def _by_mail(delivery: Delivery) -> None:
    if not delivery.account.is_active or not delivery.account.email:
        raise Undeliverable("the account was closed")
    try:
        letter(delivery).send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = {code for code, _ in refused.recipients.values()}
        raise _smtp_fault("the mail server refused the address", min(codes, default=0)) from None
    except smtplib.SMTPResponseException as refused:
        if isinstance(refused, smtplib.SMTPAuthenticationError):
            raise CannotReach("the mail server does not take our password") from None
        raise _smtp_fault("the mail server refused the letter", refused.smtp_code) from None
    except (smtplib.SMTPException, OSError) as error:
        raise CannotReach(f"the mail server cannot be reached ({error.__class__.__name__})") from None


def _smtp_fault(what: str, code: int) -> Exception:
    """Codes from 500 are for good (RFC 5321, 4.2.1)."""
    return (Undeliverable if code >= 500 else CannotReach)(f"{what} ({code})")


WAYS: Mapping[Channel, Callable[[Delivery], None]] = {Channel.MAIL: _by_mail}


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

"""Turning push messages on and off: a browser's subscription and the person's consent go together."""

from datetime import datetime

from django.db import transaction

from simos.kernel.acting import FEDERATION, Actor
from simos.modules.portal.inbox.module import PUSH, module
from simos.platform.messages.actions import subscribe, unsubscribe
from simos.platform.messages.models import Subscription
from simos.platform.messages.push import reach
from simos.platform.people.models import Account, Party
from simos.platform.people.queries import same_person
from simos.platform.privacy.consents import give

CONSENT = f"{module.name}:{PUSH.name}"


def turn_on_push(
    account: Account,
    party: Party,
    *,
    endpoint: str,
    p256dh: str,
    auth: str,
    browser: str,
    language: str,
    by: Actor,
    at: datetime,
) -> Subscription:
    """The browser shows push messages from now on, and the person has agreed to the text shown in `language`.

    Invalid where the browser names no push service or no keys.
    """
    with transaction.atomic():
        give(FEDERATION, party=party, consent=CONSENT, language=language, by=by, at=at)
        return subscribe(account, endpoint=endpoint, p256dh=p256dh, auth=auth, browser=browser, reach=reach(), at=at)


def end_push_of(party: str) -> int:
    """No browser of the person's accounts shows push messages any more; how many did."""
    accounts = Account.objects.filter(party__in=same_person(party))
    return sum(unsubscribe(account) for account in accounts)

"""What the inbox does when a person agrees no more: no browser of theirs is pushed to."""

from datetime import datetime

from simos.kernel.acting import Actor, Scope
from simos.modules.portal.inbox.actions import CONSENT, end_push_of
from simos.platform.privacy.events import ConsentWithdrawn


def end_push(event: ConsentWithdrawn, *, scope: Scope, by: Actor, at: datetime) -> None:
    """The consent to push messages is withdrawn: the subscriptions are gone."""
    if event.consent == CONSENT:
        end_push_of(event.party)


reactions = {ConsentWithdrawn: (end_push,)}

"""Who asks: turns the one who has signed in, and as whom they chose to act, into an `Actor`. Grants nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from simos.kernel.acting import Actor, Assurance, Channel
from simos.kernel.clock import now
from simos.kernel.errors import Conflict
from simos.platform.access.standing import NoLonger, Standing, standing_as

ASSURANCE = "simos_assurance"
"""Session key: the level at which an e-identity has told who this is. Set at sign-in, gone with the session."""
STANDING = "simos_standing"
"""Session key: as whom one acts, as `Standing.as_dict`."""


class ActorMiddleware:
    """Sets `request.actor`, read when it is first asked for. Put it after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """The account that has signed in, acting as was chosen; or a visitor of whom nothing is known.

    Asks the database nothing more about a visitor, nor about who acts for themselves. Conflict, once, where what was
    chosen does not hold any more: nobody shall act as another than they think.
    """
    actor = signed_in(request)
    chosen = request.session.get(STANDING) if actor.account else None
    if not chosen:
        return actor
    try:
        return standing_as(actor, Standing.from_dict(chosen), at=now())
    except NoLonger:
        del request.session[STANDING]
        raise Conflict(
            _("You can no longer act for somebody else as you chose to. You act for yourself again.")
        ) from None


def signed_in(request: HttpRequest) -> Actor:
    """The account that has signed in, for itself, whatever was chosen; or a visitor."""
    user = request.user
    if not user.is_authenticated:
        return Actor.nobody()
    assurance = Assurance(request.session.get(ASSURANCE, Assurance.ACCOUNT))
    return Actor(account=str(user.pk), party=str(user.party_id or ""), channel=Channel.WEB, assurance=assurance)


def act_as(request: HttpRequest, chosen: Standing) -> None:
    """From now on the session's holder acts as chosen; an empty choice is oneself."""
    if chosen == Standing():
        request.session.pop(STANDING, None)
    else:
        request.session[STANDING] = chosen.as_dict()
    request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]

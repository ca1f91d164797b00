"""Who asks: turns the one who has signed in, and as whom they chose to act, into an `Actor`. Grants nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
CALLED = "simos_called"
"""Session key: the names that the header shows, so that no page has to look them up."""


@dataclass(frozen=True, slots=True)
class Called:
    """The name of who has signed in (or the address), and for whom they act ('' for oneself)."""

    name: str
    acts_for: str


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


def standing_of(request: HttpRequest) -> Standing:
    """What was chosen, whether it still holds or not."""
    return Standing.from_dict(request.session.get(STANDING) or {})


def act_as(request: HttpRequest, chosen: Standing, *, called: str = "") -> None:
    """From now on the session's holder acts as chosen, `called` so in the header; an empty choice is oneself."""
    if chosen == Standing():
        request.session.pop(STANDING, None)
    else:
        request.session[STANDING] = chosen.as_dict()
    request.session[CALLED] = {**_called(request), "for": called}
    request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]


def call_by(request: HttpRequest, name: str) -> None:
    """From now on the header calls the session's holder by this name."""
    request.session[CALLED] = {**_called(request), "name": name}


def called(request: HttpRequest) -> Called | None:
    """How the header calls the one who has signed in; None for a visitor. Asks the database nothing."""
    user = getattr(request, "user", None)  # none on pages of errors that come before sign-in is looked at
    if user is None or not user.is_authenticated:
        return None
    kept = _called(request)
    acts_for = kept.get("for", "") if request.session.get(STANDING) else ""
    return Called(kept.get("name") or user.get_username(), acts_for)


def _called(request: HttpRequest) -> Mapping[str, str]:
    return request.session.get(CALLED) or {}

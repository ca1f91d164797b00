"""Who asks: turns the one who has signed in into an `Actor`. Decides nothing about what they may do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from simos.kernel.acting import Actor, Assurance, Channel


class ActorMiddleware:
    """Sets `request.actor`, read when it is first asked for. Put it after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """The account that has signed in, or a visitor of whom nothing is known."""
    user = request.user
    if not user.is_authenticated:
        return Actor.nobody()
    return Actor(account=str(user.pk), party=str(user.party_id or ""), channel=Channel.WEB, assurance=Assurance.ACCOUNT)

"""Pages that show people what is theirs: behind sign-in, kept by nobody, and a look on somebody's behalf written down.

Decides nothing about what is shown. A view is called as `view(request, party, **parameters)`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache

from simos.kernel.acting import FEDERATION, Actor
from simos.kernel.clock import now
from simos.kernel.text import Text
from simos.platform.people.actions import party_for
from simos.platform.people.models import Account, Party
from simos.platform.people.queries import party_of
from simos.platform.privacy.parts import PLATFORM
from simos.platform.privacy.reading import note_read
from simos.web.actors import actor_of

ON_BEHALF = Text(
    sl="Ogled v vašem imenu: po pooblastilu ali pri okencu, na vašo željo",
    en="A look on your behalf: by a mandate, or at the counter at your wish",
    it="Consultazione per suo conto: per delega o allo sportello, su sua richiesta",
)


def own_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """`view` for those who have signed in, with the party whose matters they see; never kept in a cache."""

    @never_cache
    @login_required
    @wraps(view)
    def entered(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
        return view(request, principal_of(request), **parameters)

    return entered


def principal_of(request: HttpRequest) -> Party:
    """For whom the one who has signed in acts, or they themselves; a party is made for an account that has none."""
    acting = by_of(request)
    if acting.principal:
        return party_of(acting.principal)
    party = party_for(account_of(request), at=now())
    request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
    return party


def account_of(request: HttpRequest) -> Account:
    """The account that has signed in."""
    account = request.user
    assert isinstance(account, Account)
    return account


def by_of(request: HttpRequest) -> Actor:
    """Who acts, as an action takes it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def note_look(request: HttpRequest, party: Party, *, what: str) -> None:
    """Where one looks for somebody else, the person will read that; one's own look is not written down."""
    by = by_of(request)
    if by.on_behalf_of:
        purpose = ON_BEHALF.in_(party.language)
        note_read(party, module=PLATFORM, what=what, purpose=purpose, by=by, at=now(), scope=FEDERATION)

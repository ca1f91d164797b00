"""The account's own pages: who one is, as whom one acts, and mandates. Sign-in itself is allauth's."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from simos.kernel.acting import FEDERATION, Assurance
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Invalid, NotFound
from simos.platform.access.counter import ACT
from simos.platform.access.mandates import give_mandate, mandate_with, mandates_given, mandates_held, withdraw_mandate
from simos.platform.access.models import Mandate
from simos.platform.access.queries import permissions_of
from simos.platform.access.standing import Standing
from simos.platform.access.units import substitutions_of
from simos.platform.people.actions import describe_person, party_for
from simos.platform.people.models import Account
from simos.platform.people.queries import party_of
from simos.platform.scopes.queries import cities
from simos.web.accounts.forms import KINDS, As, Authorise, Person
from simos.web.actors import act_as, actor_of, call_by, signed_in
from simos.web.pages import Crumb, Page, render

LEVELS = {
    Assurance.ACCOUNT: gettext_lazy("By your account alone"),
    Assurance.LOW: gettext_lazy("By an e-identity, level low"),
    Assurance.SUBSTANTIAL: gettext_lazy("By an e-identity, level substantial"),
    Assurance.HIGH: gettext_lazy("By an e-identity, level high"),
}
MYSELF = "myself"
SLOVENIA = ZoneInfo("Europe/Ljubljana")


def page_of(title: str) -> Page:
    """A page below the account's home."""
    return Page(title=title, breadcrumbs=(Crumb(_("My account"), reverse("account_home")),))


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What there is to see and change about one's account."""
    actor, language = signed_in(request), get_language() or settings.LANGUAGE_CODE
    where = {scope for scope, permitted in permissions_of(actor_of(request)).items() if ACT in permitted}
    counters = [
        {"code": city.code, "name": city.name.in_(language)}
        for city in (cities() if where else ())
        if str(city.scope) in where
    ]
    context = {
        "level": LEVELS.get(actor.assurance, ""),
        "language_name": dict(settings.LANGUAGES).get(_account(request).language, ""),
        "e_identities": bool(settings.SIMOS.e_identities),
        "counters": counters,
    }
    return render(request, "accounts/home.html", Page(title=_("My account")), context)


@never_cache
@login_required
def person(request: HttpRequest) -> HttpResponse:
    """The name by which one is called, and the language in which one is written to."""
    account = _account(request)
    initial = {"name": account.party.name if account.party else "", "language": account.language}
    form = Person(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        party = describe_person(account, name=said["name"], language=said["language"], by=signed_in(request), at=now())
        call_by(request, party.name)
        messages.success(request, _("Saved."))
        return redirect("account_home")
    return render(request, "accounts/form.html", page_of(_("Name and language")), {"form": form})


@never_cache
@login_required
def acting(request: HttpRequest) -> HttpResponse:
    """As whom one acts from now on: for oneself, by a mandate, in place of an absent officer."""
    offered = {key: (label, chosen) for key, label, chosen in _offered(request)}
    form = As(request.POST or None, choices=[(key, label) for key, (label, _chosen) in offered.items()])
    form.fields["chosen"].initial = MYSELF
    if request.method == "POST" and form.is_valid():
        label, chosen = offered[form.cleaned_data["chosen"]]
        act_as(request, chosen, called=label if chosen != Standing() else "")
        return redirect("account_home")
    return render(request, "accounts/form.html", page_of(_("For whom you act")), {"form": form})


@never_cache
@login_required
def mandates(request: HttpRequest) -> HttpResponse:
    """Who may act for one (or for whom one acts), for whom one may act, and letting another act."""
    party_for(_account(request), at=now())
    actor, own = actor_of(request), signed_in(request)
    form = Authorise(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _authorise(form, principal=actor.principal, request=request)
        except (Invalid, NotFound, Conflict) as problem:
            form.add_error("code", str(_REFUSED.get(type(problem), _REFUSED[Invalid])))
        else:
            messages.success(request, _("The mandate is given."))
            return redirect("account_mandates")
    context = {
        "form": form,
        "code": own.party or str(_account(request).party_id),
        "given": mandates_given(actor.principal, at=now()),
        "held": mandates_held(own.party, at=now()),
    }
    return render(request, "accounts/mandates.html", page_of(_("Mandates")), context)


_REFUSED = {
    NotFound: gettext_lazy("Nobody has this code. Copy it whole."),
    Conflict: gettext_lazy("This person may act for you already."),
    Invalid: gettext_lazy("This mandate cannot be given: look at the code and at the date."),
}


def _authorise(form: Authorise, *, principal: str, request: HttpRequest) -> Mandate:
    holder = party_of(form.cleaned_data["code"])
    return give_mandate(
        FEDERATION,
        principal=party_of(principal),
        holder=holder,
        kind=Mandate.Kind.AUTHORISED,
        begins_at=now(),
        ends_at=end_of(form.cleaned_data["until"]),
        by=actor_of(request),
        at=now(),
    )


def end_of(day: date | None) -> datetime | None:
    """The moment after the last one of `day` in Slovenia."""
    return datetime.combine(day + timedelta(days=1), time(), SLOVENIA) if day else None


@never_cache
@require_POST
@login_required
def end_mandate(request: HttpRequest, mandate: UUID) -> HttpResponse:
    """A mandate is withdrawn, or given up. NotFound for one that is not one's own, as for none."""
    found, actor = mandate_with(mandate), actor_of(request)
    if not {str(found.principal_id), str(found.holder_id)} & {actor.principal, actor.party}:
        raise NotFound("there is no such mandate")
    withdraw_mandate(FEDERATION, found, by=actor, at=now())
    messages.success(request, _("The mandate holds no more."))
    return redirect("account_mandates")


def _offered(request: HttpRequest) -> Iterator[tuple[str, str, Standing]]:
    own = signed_in(request)
    yield MYSELF, _("For myself"), Standing()
    kinds = {str(kind): label for kind, label in KINDS}
    for mandate in mandates_held(own.party, at=now()):
        label = f"{mandate.principal.name} ({kinds[mandate.kind]})"
        yield f"mandate-{mandate.pk}", label, Standing(mandate=str(mandate.pk))
    for each in substitutions_of(own.account, at=now()):
        name = (each.absent.party.name if each.absent.party else "") or each.absent.email
        label = _("In place of %(name)s (%(scope)s)") % {"name": name, "scope": each.scope}
        yield f"absent-{each.pk}", label, Standing(absent=str(each.absent_id))


def _account(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)
    return account

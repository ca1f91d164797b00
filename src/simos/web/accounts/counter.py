"""The counter as pages: an officer finds or enters who stands there, acts for them, confirms who they are.

Only for who may act at a counter in that city: for everybody else there is no such page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from simos.kernel.acting import Channel
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.platform.access.claims import CONFIRM, confirm_identity
from simos.platform.access.counter import ACT, begin_at_counter, enter_at_counter, find_at_counter
from simos.platform.access.declared import COUNTER_PURPOSES
from simos.platform.access.mandates import ENTER, give_mandate
from simos.platform.access.queries import permitted
from simos.platform.access.standing import Standing
from simos.platform.access.units import units_of
from simos.platform.people.models import Account, Party
from simos.platform.people.queries import party_of
from simos.platform.privacy.reading import note_read
from simos.platform.scopes.models import City
from simos.platform.scopes.queries import city_of
from simos.web.accounts.forms import Confirm, Enter, Find, Record
from simos.web.accounts.pages import end_of, page_of
from simos.web.actors import act_as, actor_of, standing_of
from simos.web.pages import render

REFUSED = {
    Conflict: gettext_lazy("Somebody with this number, or such a mandate or account, is known here already."),
    Invalid: gettext_lazy("This cannot be: check what you have entered."),
    NotFound: gettext_lazy("There is no such account."),
    Forbidden: gettext_lazy("You may not do this, or not for yourself."),
}


def for_officers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`view` with the city, for who may act at a counter there; NotFound for others."""

    @wraps(view)
    def entered(request: HttpRequest, city: str, **parameters: Any) -> HttpResponse:
        found = city_of(city)
        if not permitted(actor_of(request), ACT, found.scope):
            raise NotFound("there is no such page")
        return view(request, found, **parameters)

    return never_cache(login_required(entered))


@for_officers
def counter(request: HttpRequest, city: City) -> HttpResponse:
    """Who is served just now, or the search for who stands there."""
    actor = actor_of(request)
    if actor.channel is Channel.COUNTER:
        return _serving(request, city, {})
    form, looked = Find(request.POST or None), False
    found: tuple[Party, ...] = ()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        number = (said["scheme"], said["number"]) if said["number"] else None
        try:
            found = tuple(
                find_at_counter(
                    city.scope,
                    purpose=_in_words(said["purpose"]),
                    number=number,
                    name=said["name"],
                    born_on=said["born_on"],
                    by=actor,
                    at=now(),
                )
            )
            looked = True
        except Invalid as problem:
            field = "number" if number else "name"
            words = {
                "number": _("This number cannot be right: check its digits."),
                "name": _("Enter a number, or the full name and the date of birth."),
            }
            form.add_error(field if problem.extra.get("field") != "purpose" else "purpose", words[field])
    context = {"form": form, "found": found, "looked": looked, "city": city}
    if looked and not found:
        initial = {key: form.cleaned_data.get(key) for key in ("purpose", "name", "born_on", "scheme", "number")}
        context["enter"] = Enter(initial=initial, prefix="enter")
    return render(request, "accounts/counter.html", _page(city), context)


@require_POST
@for_officers
def enter(request: HttpRequest, city: City) -> HttpResponse:
    """A person who was not known is entered and served."""
    form = Enter(request.POST, prefix="enter")
    if form.is_valid():
        said = form.cleaned_data
        try:
            party = enter_at_counter(
                city.scope,
                name=said["name"],
                purpose=_in_words(said["purpose"]),
                proof=said["proof"],
                kind=said["kind"],
                born_on=said["born_on"],
                numbers={said["scheme"]: said["number"]} if said["number"] else {},
                by=actor_of(request),
                at=now(),
            )
            return _begun(request, city, party, said["purpose"])
        except (Conflict, Invalid) as problem:
            form.add_error("number" if said["number"] else "name", str(REFUSED[type(problem)]))
    context = {"form": Find(), "enter": form, "looked": True, "city": city}
    return render(request, "accounts/counter.html", _page(city), context)


@require_POST
@for_officers
def begin(request: HttpRequest, city: City) -> HttpResponse:
    """The officer acts for the person who was found."""
    return _begun(request, city, party_of(request.POST.get("party", "")), request.POST.get("purpose", ""))


@require_POST
@for_officers
def end(request: HttpRequest, city: City) -> HttpResponse:
    """The officer acts for themselves again."""
    act_as(request, Standing(absent=standing_of(request).absent))
    return redirect("account_counter", city.code)


@require_POST
@for_officers
def confirm(request: HttpRequest, city: City) -> HttpResponse:
    """The account of the person who is served takes over what was done for them here."""
    form, actor = Confirm(request.POST, prefix="confirm"), actor_of(request)

    def act() -> None:
        account = Account.objects.filter(email__iexact=form.cleaned_data["email"], is_active=True).first()
        if account is None:
            raise NotFound("there is no such account")
        party = party_of(actor.on_behalf_of)
        confirm_identity(city.scope, account, party, proof=form.cleaned_data["proof"], by=actor, at=now())
        messages.success(request, _("The account now shows what was done here."))

    return _tried(request, city, form, "confirm", "email", act)


@require_POST
@for_officers
def record(request: HttpRequest, city: City) -> HttpResponse:
    """A mandate of the person who is served is entered; for whom, is found or entered too."""
    form, actor = Record(request.POST, prefix="record"), actor_of(request)

    def act() -> None:
        said = form.cleaned_data
        give_mandate(
            city.scope,
            principal=_principal(city, said, request),
            holder=party_of(actor.on_behalf_of),
            kind=said["kind"],
            begins_at=now(),
            ends_at=end_of(said["until"]),
            proof=said["proof"],
            by=actor,
            at=now(),
        )
        messages.success(request, _("The mandate is entered."))

    return _tried(request, city, form, "record", "name", act)


def _principal(city: City, said: dict[str, Any], request: HttpRequest) -> Party:
    actor, purpose = actor_of(request), _in_words("mandate")
    number = (said["scheme"], said["number"]) if said["number"] else None
    if number or said["born_on"]:
        found = find_at_counter(
            city.scope, purpose=purpose, number=number, name=said["name"], born_on=said["born_on"], by=actor, at=now()
        )
        if found:
            return found[0]
    of_company = said["kind"] == "representative"
    return enter_at_counter(
        city.scope,
        name=said["name"],
        purpose=purpose,
        proof=said["proof"],
        kind=Party.Kind.LEGAL if of_company else Party.Kind.NATURAL,
        born_on=None if of_company else said["born_on"],
        numbers=dict([number]) if number else {},
        by=actor,
        at=now(),
    )


def _tried(request: HttpRequest, city: City, form: Any, name: str, field: str, act: Callable[[], None]) -> HttpResponse:
    """`act` was done, or the page says why not."""
    if actor_of(request).channel is not Channel.COUNTER:
        return redirect("account_counter", city.code)
    if form.is_valid():
        try:
            act()
        except (Conflict, Invalid, NotFound, Forbidden) as problem:
            form.add_error(field, str(REFUSED[type(problem)]))
        else:
            return redirect("account_counter", city.code)
    return _serving(request, city, {name: form})


def _in_words(purpose: str, language: str = "sl") -> str:
    """The declared purpose as the officer has chosen it, or as the person reads it. Invalid for one that is not."""
    if purpose not in COUNTER_PURPOSES:
        raise Invalid("choose for what the person came", field="purpose")
    return COUNTER_PURPOSES[purpose].in_(language)


def _begun(request: HttpRequest, city: City, party: Party, purpose: str) -> HttpResponse:
    actor = actor_of(request)
    units = units_of(actor.account, at=now(), scope=city.scope)
    office = str(units[0].pk) if units else ""
    acting = begin_at_counter(city.scope, party, purpose=_in_words(purpose), office=office, by=actor, at=now())
    note_read(
        party,
        module="platform",
        what="account",
        purpose=_in_words(purpose, party.language),
        by=acting,
        at=now(),
        scope=city.scope,
    )
    chosen = Standing(
        party=str(party.pk),
        scope=str(city.scope),
        purpose=_in_words(purpose),
        since=now().isoformat(),
        office=office,
        absent=actor.in_place_of,
    )
    act_as(request, chosen, called=party.name)
    return redirect("account_counter", city.code)


def _serving(request: HttpRequest, city: City, forms: dict[str, Any]) -> HttpResponse:
    actor, chosen = actor_of(request), standing_of(request)
    context = {
        "city": city,
        "serving": party_of(actor.on_behalf_of),
        "purpose": chosen.purpose,
        "confirm": forms.get("confirm") or Confirm(prefix="confirm"),
        "record": forms.get("record") or Record(prefix="record"),
        "may_confirm": permitted(actor, CONFIRM, city.scope),
        "may_record": permitted(actor, ENTER, city.scope),
    }
    return render(request, "accounts/serving.html", _page(city), context)


def _page(city: City) -> Any:
    return page_of(_("Counter: %(city)s") % {"city": city.official_name})

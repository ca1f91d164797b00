"""The pages of My data: what is held, who read it, consents, a copy, and erasure with what stays and why."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.clock import now
from simos.kernel.errors import Conflict, NotFound
from simos.kernel.text import Text
from simos.modules.portal.mydata.forms import Understood
from simos.modules.portal.mydata.module import module
from simos.modules.portal.mydata.queries import (
    ReadShown,
    consents_shown,
    fates_of,
    file_of,
    how_long,
    is_late,
    may_erase,
    reads_shown,
    slug_of,
    tables_of,
)
from simos.platform.files.queries import owner_of, readable
from simos.platform.files.serving import download_of
from simos.platform.files.values import Owner
from simos.platform.people.models import Party
from simos.platform.privacy.actions import ask_erasure, ask_export, erasure_of, exports_of
from simos.platform.privacy.consents import withdraw as withdraw_consent
from simos.platform.privacy.queries import Section, held_of
from simos.platform.privacy.reading import reads_of
from simos.web.accounts.fresh import proof_needed
from simos.web.forms.answering import form_page
from simos.web.own_pages import ON_BEHALF, by_of, note_look, own_page
from simos.web.pages import Crumb, Page, render
from simos.web.parts import KeyFigure, Tab
from simos.web.routes import PageRoute
from simos.web.tables import DataColumn, DataTable, listing_of

DOWNLOADING = Text(sl="prevzem lastnih podatkov", en="taking one’s own data", it="ritiro dei propri dati")


def _language() -> str:
    return get_language() or "sl"


def _crumbs() -> tuple[Crumb, ...]:
    return (Crumb(module.title.in_(_language()), reverse("portal_mydata:front")),)


def _tabs(current: str) -> Sequence[Tab]:
    """The ways between the pages of My data."""
    titles = {
        "front": _("What is held"),
        "reads": _("Who read it"),
        "consents": _("Consents"),
        "export": _("Copy"),
        "erasure": _("Erasure"),
    }
    return [Tab(title, reverse(f"portal_mydata:{name}"), current=name == current) for name, title in titles.items()]


def _held(request: HttpRequest, party: Party) -> list[Section]:
    return held_of(party, by=by_of(request), at=now(), purpose=ON_BEHALF.in_(party.language))


@own_page
def front(request: HttpRequest, party: Party) -> HttpResponse:
    """What each part of the platform holds of the person, why and until when."""
    sections = _held(request, party)
    agreed = [each for each in consents_shown(party, _language()) if each.consent.withdrawn_at is None]
    records = sum(section.count for section in sections)
    figures = (
        KeyFigure(title=_("Records about you"), value=str(records)),
        KeyFigure(
            title=_("Reads by others"), value=str(reads_of(party.pk).count()), address=reverse("portal_mydata:reads")
        ),
        KeyFigure(title=_("Consents in force"), value=str(len(agreed)), address=reverse("portal_mydata:consents")),
    )
    context = {
        "tabs": _tabs("front"),
        "figures": figures,
        "held": [
            {"section": each, "slug": slug_of(each.part.name), "kept": how_long(each)}
            for each in sections
            if each.count
        ],
        "not_held": [each for each in sections if not each.count],
    }
    return render(request, "mydata/front.html", Page(title=module.title.in_(_language())), context)


@own_page
def section(request: HttpRequest, party: Party, part: str, data: str) -> HttpResponse:
    """All records of one kind of data. NotFound for a kind that nobody declares."""
    found = [each for each in _held(request, party) if (slug_of(each.part.name), each.data.name) == (part, data)]
    if not found:
        raise NotFound("no part of the platform holds such data")
    (one,) = found
    context = {"section": one, "kept": how_long(one), "tables": tables_of(one, _language())}
    page = Page(title=one.data.title.in_(_language()), breadcrumbs=_crumbs())
    return render(request, "mydata/section.html", page, context)


def _reads_table() -> DataTable:
    return DataTable(
        name="reads",
        caption=_("Who read my data"),
        columns=(
            DataColumn("at", _("When"), lambda read: read.at, sort=True),
            DataColumn("who", _("Who"), _who, sort=True),
            DataColumn("what", _("What"), lambda read: read.what, sort=True),
            DataColumn("purpose", _("What for"), lambda read: read.purpose),
            DataColumn("matter", _("Matter"), lambda read: read.matter),
        ),
        order="-at",
        empty=_("Nobody has read your data."),
    )


def _who(read: ReadShown) -> str:
    return f"{read.where}: {read.who}"


@own_page
def reads(request: HttpRequest, party: Party) -> HttpResponseBase:
    """Who read the person's data, when and what for; by office and role, not by name."""
    note_look(request, party, what="log")
    listing = listing_of(request, _reads_table(), reads_shown(party, _language()))
    if listing.file:
        return listing.file
    context = {"tabs": _tabs("reads"), "listing": listing}
    return render(request, "mydata/reads.html", Page(title=_("Who read my data"), breadcrumbs=_crumbs()), context)


@own_page
def consents(request: HttpRequest, party: Party) -> HttpResponse:
    """What the person agreed to, with its text; in force, or until when. By POST one is withdrawn."""
    if request.method == "POST":
        return _withdrawn(request, party)
    note_look(request, party, what="consents")
    shown = consents_shown(party, _language())
    context = {
        "tabs": _tabs("consents"),
        "agreed": [each for each in shown if each.consent.withdrawn_at is None],
        "ended": [each for each in shown if each.consent.withdrawn_at],
    }
    return render(request, "mydata/consents.html", Page(title=_("My consents"), breadcrumbs=_crumbs()), context)


def _withdrawn(request: HttpRequest, party: Party) -> HttpResponse:
    wanted = request.POST.get("consent", "")
    for each in consents_shown(party, _language()):
        if str(each.consent.pk) == wanted and each.consent.withdrawn_at is None:
            scope = Scope.parse(each.consent.scope)
            withdraw_consent(scope, party=party, consent=each.consent.consent, by=by_of(request), at=now())
            messages.success(request, _("You have withdrawn your consent: %(title)s.") % {"title": each.title})
    return redirect("portal_mydata:consents")


@own_page
def export(request: HttpRequest, party: Party) -> HttpResponse:
    """The person's copies: being made, ready to download, for how long. By POST one is asked for."""
    if request.method == "POST":
        ask_export(party, language=_language(), by=by_of(request), at=now())
        return redirect("portal_mydata:export")
    found = exports_of(party)
    waiting = [each for each in found if each.ended_at is None]
    context = {
        "tabs": _tabs("export"),
        "waiting": waiting,
        "late": any(is_late(each, now()) for each in waiting),
        "ready": [(each, file) for each in found if each.ended_at and (file := file_of(each, now()))],
    }
    return render(request, "mydata/export.html", Page(title=_("A copy of my data"), breadcrumbs=_crumbs()), context)


@own_page
def download(request: HttpRequest, party: Party, copy: UUID) -> HttpResponseBase:
    """The file of a copy, for its person, and who acts for them."""
    note_look(request, party, what="account")
    found = next((each for each in exports_of(party) if each.pk == copy), None)
    file = file_of(found, now()) if found else None
    if found is None or file is None:
        raise NotFound(_("This copy is not here any more. Ask for a new one."))

    def is_of_it(by: Actor, owner: Owner) -> bool:
        return owner == owner_of(found)

    purpose = DOWNLOADING.in_(party.language)
    return download_of(readable(FEDERATION, file.pk, may_read=is_of_it, by=by_of(request), at=now(), purpose=purpose))


@own_page
def erasure(request: HttpRequest, party: Party) -> HttpResponse:
    """Before anything happens: what would go, what would stay, and why."""
    context = {
        "tabs": _tabs("erasure"),
        "fates": fates_of(_held(request, party), _language()),
        "may": may_erase(party, by_of(request)),
    }
    return render(request, "mydata/erasure.html", Page(title=_("Erase my data"), breadcrumbs=_crumbs()), context)


@own_page
def confirm(request: HttpRequest, party: Party) -> HttpResponseBase:
    """The last question, for who has just proved who they are; then the erasing begins and the account is closed."""
    if not may_erase(party, by_of(request)):
        raise NotFound("only the person themselves can be erased")
    if (way := proof_needed(request)) is not None:
        return way
    form = Understood(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_erasure(party, by=by_of(request), at=now())
        except Conflict:
            messages.error(request, _("You have a role in an office. The office has to end it before you are erased."))
            return redirect("portal_mydata:erasure")
        if not by_of(request).on_behalf_of:
            logout(request)
        return redirect("portal_mydata:erased", asked.pk)
    crumbs = (*_crumbs(), Crumb(_("Erase my data"), reverse("portal_mydata:erasure")))
    page = Page(title=_("Erase my data for good"), breadcrumbs=crumbs)
    return form_page(request, page, form, button=_("Erase my data"), template="mydata/confirm.html")


@never_cache
def erased(request: HttpRequest, erasure: UUID) -> HttpResponse:
    """How far it has got, for whoever has its number: nobody can sign in any more. Says nothing of whom."""
    found = erasure_of(erasure)
    title = _("Your data are erased") if found.ended_at else _("Your data are being erased")
    answer = render(request, "mydata/erased.html", Page(title=title), {"task": found})
    answer["X-SiMOS-Keep"] = "no"
    answer["X-Robots-Tag"] = "noindex"
    return answer


pages = (
    PageRoute(view=front, name="front"),
    PageRoute(view=reads, name="reads", address=Text(sl="vpogledi", en="reads", it="consultazioni")),
    PageRoute(view=consents, name="consents", address=Text(sl="soglasja", en="consents", it="consensi")),
    PageRoute(view=export, name="export", address=Text(sl="izvoz", en="copy", it="copia")),
    PageRoute(
        view=download,
        name="download",
        address=Text(sl="izvoz/<uuid:copy>", en="copy/<uuid:copy>", it="copia/<uuid:copy>"),
    ),
    PageRoute(view=erasure, name="erasure", address=Text(sl="izbris", en="erasure", it="cancellazione")),
    PageRoute(
        view=confirm,
        name="confirm",
        address=Text(sl="izbris/potrditev", en="erasure/confirm", it="cancellazione/conferma"),
    ),
    PageRoute(
        view=erased,
        name="erased",
        address=Text(sl="izbris/<uuid:erasure>", en="erasure/<uuid:erasure>", it="cancellazione/<uuid:erasure>"),
    ),
    PageRoute(
        view=section,
        name="section",
        address=Text(
            sl="hramba/<slug:part>/<slug:data>", en="held/<slug:part>/<slug:data>", it="dati/<slug:part>/<slug:data>"
        ),
    ),
)

"""The inbox's pages: messages, one of them with its files, settings, and switching mail off without signing in."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from simos.kernel.acting import Actor
from simos.kernel.clock import now
from simos.kernel.errors import Invalid, NotFound
from simos.kernel.text import Text
from simos.modules.portal.inbox.actions import CONSENT, turn_on_push
from simos.modules.portal.inbox.module import PUSH, module
from simos.modules.portal.inbox.queries import files_with, kinds_for, lines_of
from simos.modules.portal.inbox.rules import browser_in
from simos.platform.files.queries import owner_of, readable
from simos.platform.files.serving import download_of
from simos.platform.files.values import Owner
from simos.platform.messages.actions import archive, choose, mark_read, open_message, unsubscribe
from simos.platform.messages.addresses import switched_off_by
from simos.platform.messages.declared import template_named
from simos.platform.messages.models import Message
from simos.platform.messages.queries import browsers_of, inbox_of, message_of, unread_count
from simos.platform.messages.values import Channel, blocks_of, may_switch_off
from simos.platform.messages.vapid import public_key
from simos.platform.people.models import Party
from simos.platform.people.queries import party_of
from simos.platform.privacy.consents import consent_of
from simos.web.own_pages import account_of, by_of, note_look, own_page
from simos.web.pages import Crumb, Page, render
from simos.web.parts import Empty, Tab
from simos.web.routes import PageRoute
from simos.web.tables import PageLink

A_PAGE = 20
READING = Text(
    sl="prejemnik bere svoje sporočilo", en="the receiver reads their message", it="il destinatario legge il messaggio"
)


def _language() -> str:
    return get_language() or "sl"


def _crumbs() -> tuple[Crumb, ...]:
    return (Crumb(module.title.in_(_language()), reverse("portal_inbox:inbox")),)


@own_page
def inbox(request: HttpRequest, party: Party) -> HttpResponse:
    """The person's messages, the newest first: all, those not read, or the archive. All are marked as read by POST."""
    note_look(request, party, what="messages")
    if request.method == "POST":
        unread = list(inbox_of(party.pk).filter(read_at=None).values_list("pk", flat=True))
        mark_read(party.pk, unread, read=True, at=now())
        return redirect("portal_inbox:inbox")
    shown = request.GET.get("show", "")
    rows = inbox_of(party.pk, archived=shown == "archive")
    if shown == "unread":
        rows = rows.filter(read_at=None)
    unread_now = unread_count(party.pk)
    found = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    here = reverse("portal_inbox:inbox")
    titles = {
        "": _("Received"),
        "unread": _("Not read (%(count)s)") % {"count": unread_now} if unread_now else _("Not read"),
        "archive": _("Archive"),
    }
    empty = {
        "": Empty(title=_("You have no messages."), text=_("What the cities write to you will be here.")),
        "unread": Empty(title=_("You have read everything.")),
        "archive": Empty(title=_("The archive is empty."), text=_("You put a message here when you are done with it.")),
    }
    context = {
        "lines": lines_of(list(found), _language()),
        "tabs": [
            Tab(title, f"{here}?show={name}" if name else here, current=name == shown) for name, title in titles.items()
        ],
        "empty_state": empty.get(shown, empty[""]),
        "unread": unread_now,
        "pages": list(_links(found, shown)),
        "before": _address(shown, found.number - 1) if found.has_previous() else "",
        "after": _address(shown, found.number + 1) if found.has_next() else "",
    }
    return render(request, "inbox/inbox.html", Page(title=module.title.in_(_language())), context)


def _address(shown: str, number: int) -> str:
    return f"?show={shown}&page={number}" if shown else f"?page={number}"


def _links(found: PageOfRows[Message], shown: str) -> Iterator[PageLink]:
    if found.paginator.num_pages == 1:
        return
    for number in found.paginator.get_elided_page_range(found.number, on_each_side=2, on_ends=1):
        if isinstance(number, int):
            yield PageLink(number=number, address=_address(shown, number), current=number == found.number)
        else:
            yield PageLink(number=0)


@own_page
def one_message(request: HttpRequest, party: Party, message: UUID) -> HttpResponse:
    """A message, read from now on. By POST it goes to the archive, back, or is marked as not read."""
    if request.method == "POST":
        return _sorted(request, party, message)
    note_look(request, party, what="messages")
    found = open_message(party.pk, message, at=now())
    (line,) = lines_of([found], _language())
    context = {
        "message": found,
        "sender": line.sender,
        "blocks": blocks_of(found.body),
        "files": files_with(found) if line.has_files else (),
    }
    return render(request, "inbox/message.html", Page(title=found.subject, breadcrumbs=_crumbs()), context)


def _sorted(request: HttpRequest, party: Party, message: UUID) -> HttpResponse:
    found = message_of(party.pk, message)
    wish = request.POST.get("do")
    if wish in ("archive", "restore"):
        archive(party.pk, [found.pk], archived=wish == "archive", at=now())
        messages.success(
            request, _("The message is in the archive.") if wish == "archive" else _("The message is in your inbox.")
        )
    elif wish == "unread":
        mark_read(party.pk, [found.pk], read=False, at=now())
    return redirect("portal_inbox:inbox")


@own_page
def file_of_message(request: HttpRequest, party: Party, message: UUID, file: UUID) -> HttpResponseBase:
    """A file that came with a message, for its receiver alone."""
    note_look(request, party, what="messages")
    found = message_of(party.pk, message)

    def is_with_it(by: Actor, owner: Owner) -> bool:
        return owner == owner_of(found)

    purpose = READING.in_(party.language)
    return download_of(readable(found.where, file, may_read=is_with_it, by=by_of(request), at=now(), purpose=purpose))


@own_page
def settings(request: HttpRequest, party: Party) -> HttpResponse:
    """Which kinds of message come by mail and push, and the browsers that show push."""
    note_look(request, party, what="messages")
    if request.method == "POST":
        return _set(request, party)
    on_behalf = bool(by_of(request).on_behalf_of)
    context = {
        "senders": kinds_for(party.pk, _language()),
        "on_behalf": on_behalf,
        "browsers": () if on_behalf else browsers_of(account_of(request)),
        "agreed": consent_of(party, CONSENT),
        "consent": PUSH,
        "key": public_key(),
        "mail": "" if on_behalf else account_of(request).email,
    }
    page = Page(title=_("How you are told of messages"), breadcrumbs=_crumbs())
    return render(request, "inbox/settings.html", page, context)


def _set(request: HttpRequest, party: Party) -> HttpResponse:
    """What the page's forms ask for. Push is for one's own browsers, never for those of whom one acts for."""
    wish, own = request.POST.get("do"), not by_of(request).on_behalf_of
    if wish == "choose":
        _choose(request, party)
        messages.success(request, _("Saved."))
    elif wish == "remove" and own and (number := request.POST.get("browser", "")).isdecimal():
        unsubscribe(account_of(request), [int(number)])
        messages.success(request, _("This browser shows no notifications any more."))
    elif wish == "subscribe" and own:
        try:
            turn_on_push(
                account_of(request),
                party,
                endpoint=request.POST.get("endpoint", ""),
                p256dh=request.POST.get("p256dh", ""),
                auth=request.POST.get("auth", ""),
                browser=browser_in(request.headers.get("User-Agent", "")),
                language=_language(),
                by=by_of(request),
                at=now(),
            )
        except Invalid:
            messages.error(request, _("Your browser did not say where notifications go. Try again, or use e-mail."))
        else:
            messages.success(request, _("This browser will show notifications."))
    return redirect("portal_inbox:settings")


def _choose(request: HttpRequest, party: Party) -> None:
    for sender in kinds_for(party.pk, _language()):
        for kind in sender.kinds:
            for channel, before in ((Channel.MAIL, kind.mail), (Channel.PUSH, kind.push)):
                wanted = f"{channel}:{kind.name}" in request.POST
                fixed = channel is Channel.MAIL and kind.by_law
                if wanted != before and not fixed:
                    choose(party, kind.name, channel, wanted=wanted, at=now())


@csrf_exempt  # programs of mail send it (RFC 8058); what it may do is signed in its address
@never_cache
def switch_off(request: HttpRequest, said: str) -> HttpResponse:
    """A kind of message comes no more by a channel, once it is asked for by POST. Needs no sign-in."""
    signed = switched_off_by(said)
    if signed is None:
        raise NotFound(_("This link is not whole. Copy it from the letter once more."))
    party_id, name, channel = signed
    try:
        declared = template_named(name)
    except LookupError:
        raise NotFound(_("There are no messages of this kind any more.")) from None
    if not may_switch_off(declared.template, channel):
        raise NotFound(_("Messages of this kind have to be sent by law."))
    if request.method == "POST":
        choose(party_of(party_id), name, channel, wanted=False, at=now())
    context = {
        "kind": declared.template.title.in_(_language()),
        "sender": declared.sender.in_(_language()),
        "by_mail": channel is Channel.MAIL,
        "done": request.method == "POST",
    }
    answer = render(request, "inbox/switch_off.html", Page(title=_("Unsubscribe from one kind of message")), context)
    answer["X-SiMOS-Keep"] = "no"
    answer["X-Robots-Tag"] = "noindex"
    return answer


pages = (
    PageRoute(view=inbox, name="inbox"),
    PageRoute(view=settings, name="settings", address=Text(sl="nastavitve", en="settings", it="impostazioni")),
    PageRoute(
        view=switch_off,
        name="switch-off",
        address=Text(sl="odjava/<str:said>", en="unsubscribe/<str:said>", it="disiscrizione/<str:said>"),
    ),
    PageRoute(view=one_message, name="message", address="<uuid:message>"),
    PageRoute(
        view=file_of_message,
        name="file",
        address=Text(
            sl="<uuid:message>/datoteke/<uuid:file>",
            en="<uuid:message>/files/<uuid:file>",
            it="<uuid:message>/file/<uuid:file>",
        ),
    ),
)

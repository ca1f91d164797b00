"""How allauth's flows end here: an account has a party, an e-identity has a level, secrets are sealed.

Kept small: what allauth does rightly is left to it.
"""

import logging
from dataclasses import replace
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from simos.kernel.acting import FEDERATION, Actor, Assurance, Channel
from simos.kernel.clock import now
from simos.kernel.errors import Unavailable
from simos.platform.access.claims import known_by_e_identity
from simos.platform.audit.log import record
from simos.platform.people.models import Account, Party
from simos.platform.people.sealing import seal, unseal
from simos.web.accounts.e_identity.told import Told
from simos.web.accounts.lockout import address_of
from simos.web.actors import ASSURANCE, call_by

log = logging.getLogger("simos.accounts")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts of people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIMOS.sign_up)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        """A new account's holder is a natural person, known by the name they gave, if they gave one."""
        name = " ".join((form.cleaned_data.get("name") or "").split())
        user.language = get_language() or settings.LANGUAGE_CODE
        with transaction.atomic():
            user.party = Party.objects.create(kind=Party.Kind.NATURAL, name=name, language=user.language)
            saved: Account = super().save_user(request, user, form, commit)
            if commit:
                record("make-account", obj=saved, by=holder_of(saved), scope=FEDERATION, at=now())
        return saved

    def post_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse:
        """Who came by an e-identity is known as surely as it says."""
        if (more.get("signal_kwargs") or {}).get("sociallogin") is not None:
            told_by_e_identity(request, user)
        call_by(request, user.party.name if user.party else "")
        answer: HttpResponse = super().post_login(request, user, **more)
        return answer

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the account's language, or the page's where there is none. Unavailable if no server takes the mail."""
        holder = context.get("user")
        language = getattr(holder, "language", "") or get_language() or settings.LANGUAGE_CODE
        try:
            with override(language):
                super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.error("a mail could not be sent: %s", error)
            raise Unavailable(_("The mail could not be sent. Try again in a few minutes.")) from None


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors and passkeys: what the table holds cannot be read by who has the table."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """E-identities."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An e-identity makes an account where people may make one themselves."""
        return bool(settings.SIMOS.sign_up)

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Account:
        """The account's holder is a natural person by the name that the e-identity told."""
        user, told = sociallogin.user, Told.of(request)
        user.language = get_language() or settings.LANGUAGE_CODE
        with transaction.atomic():
            if form is None:  # a form's account gets its party with the form's name
                user.party = Party.objects.create(kind=Party.Kind.NATURAL, name=told.name, language=user.language)
            saved: Account = super().save_user(request, sociallogin, form)
            if saved.party is not None and told.name:
                Party.objects.filter(pk=saved.party.pk).update(name=told.name)
        return saved

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """After an e-identity was connected: the same as signing in by it, for the level and the numbers."""
        told_by_e_identity(request, socialaccount.user)
        address: str = super().get_connect_redirect_url(request, socialaccount)
        return address


def told_by_e_identity(request: HttpRequest, account: Account) -> None:
    """The session has the level that the e-identity told, and the account the party whose numbers it told."""
    told = Told.of(request)
    if not told.provider:
        return
    request.session[ASSURANCE] = str(told.assurance)
    by = replace(holder_of(account), assurance=told.assurance)
    known_by_e_identity(account, told.numbers, provider=told.provider, assurance=told.assurance, by=by, at=now())
    if told.name and account.party is not None and told.assurance in (Assurance.SUBSTANTIAL, Assurance.HIGH):
        Party.objects.filter(pk=account.party.pk).update(name=told.name)
    Told.forget(request)


def holder_of(account: Account) -> Actor:
    """The account's holder, acting on a page."""
    return Actor(
        account=str(account.pk), party=str(account.party_id or ""), channel=Channel.WEB, assurance=Assurance.ACCOUNT
    )

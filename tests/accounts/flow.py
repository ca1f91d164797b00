"""Steps that tests of accounts share: codes out of mails, signing in."""

import re

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from simos.kernel.clock import now
from simos.platform.people.models import Account
from simos.testing.acting import SYSTEM
from simos.web.accounts.actions import add_account

PASSWORD = "correct horse battery staple"


def an_account(email: str = "ana@example.si", name: str = "Ana Novak", **more: str) -> Account:
    """An account with a password."""
    return add_account(email, name=name, password=PASSWORD, by=SYSTEM, at=now(), **more)


def code_in(message: str) -> str:
    """The code of a mail."""
    found = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", message, re.MULTILINE)
    assert found, message
    return found[1]


def last_mail() -> str:
    return str(mail.outbox[-1].body)


def signed_in(account: Account) -> Client:
    """A client that has signed in, without a password or a mail."""
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def verified(account: Account) -> bool:
    return EmailAddress.objects.filter(user=account, verified=True, primary=True).exists()


def text_of(answer: object) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())  # type: ignore[attr-defined]

"""Making accounts for others, and registering applications that sign people in here. Each is audited."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from simos.kernel.acting import FEDERATION, Actor
from simos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from simos.kernel.ids import new_secret
from simos.kernel.text import LANGUAGES
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.people.models import Account, Party

MANAGE_CLIENTS = "manage-clients"
SCOPES = ("openid", "profile", "email")


def add_account(
    email: str, *, name: str = "", language: str = LANGUAGES[0], password: str | None = None, by: Actor, at: datetime
) -> Account:
    """An account by which its holder signs in by a code to `email`, or by `password` if one is given.

    For the platform itself only: people make their own. Conflict if there is one with this address.
    """
    if by.account:
        raise Forbidden("accounts for others are made by the operator, with `simos account add`")
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(f"{email!r} is no e-mail address", field="email") from None
    if language not in LANGUAGES:
        raise Invalid(f"a language is one of {', '.join(LANGUAGES)}", field="language")
    with transaction.atomic():
        if Account.objects.filter(email__iexact=email).exists():
            raise Conflict(f"there is an account {email} already", field="email")
        party = Party.objects.create(kind=Party.Kind.NATURAL, name=name.strip()[:200], language=language, created_at=at)
        account = Account.objects.create_user(email, password, party=party, language=language)
        EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
        record("add-account", obj=account, by=by, scope=FEDERATION, at=at)
    return account


@dataclass(frozen=True, slots=True)
class NewClient:
    """A registered application, and its secret, which is shown this once ('' for one that cannot keep any)."""

    client: Client
    secret: str


def add_client(
    name: str, *, redirect_uris: tuple[str, ...], is_public: bool = False, by: Actor, at: datetime
) -> NewClient:
    """The application `name` may ask who a person is, and sends them back to one of `redirect_uris`.

    Forbidden without `manage-clients` in the federation. Invalid for an address that is not https (or on this machine).
    """
    require(by, MANAGE_CLIENTS, FEDERATION)
    if not name.strip():
        raise Invalid("an application has a name", field="name")
    if not redirect_uris:
        raise Invalid("an application has an address to which it sends people back", field="redirect_uris")
    for each in redirect_uris:
        parts = urlsplit(each)
        is_local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
        if not (parts.scheme == "https" or is_local) or not parts.hostname or parts.fragment:
            raise Invalid(f"{each} is no https address without a fragment", field="redirect_uris")
    secret = "" if is_public else new_secret()
    client = Client(
        name=name.strip()[:100], type=Client.Type.PUBLIC if is_public else Client.Type.CONFIDENTIAL, created_at=at
    )
    client.set_scopes(list(SCOPES))
    client.set_default_scopes(["openid"])
    client.set_redirect_uris(list(redirect_uris))
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN])
    client.set_secret(secret or new_secret())
    with transaction.atomic():
        client.save(force_insert=True)
        data = {"name": client.name, "redirect_uris": list(redirect_uris)}
        record("add-client", obj=client, by=by, scope=FEDERATION, at=at, data=data)
    return NewClient(client, secret)


def remove_client(client_id: str, *, by: Actor, at: datetime) -> None:
    """The application may ask no more, and what it was given counts no more. NotFound if there is none."""
    require(by, MANAGE_CLIENTS, FEDERATION)
    with transaction.atomic():
        client = Client.objects.filter(pk=client_id).first()
        if client is None:
            raise NotFound(f"there is no application {client_id}")
        record("remove-client", obj=client, by=by, scope=FEDERATION, at=at, data={"name": client.name})
        client.delete()

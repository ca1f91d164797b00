"""This platform as an OpenID Connect provider for modules and other platforms: whom it tells what.

Each client knows a person by a pseudonym of its own (pairwise subject, OpenID Connect Core 8.1).
"""

from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, PrivateKey
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from simos.platform.people.models import Account
from simos.platform.people.sealing import named_for, whose_name

SIGNING_KEY = "oidc.pem"


def _new_key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kind = serialization.PrivateFormat.PKCS8
    return made.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


class ProviderAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """What is told to a client: a pseudonym, and by consent the name, the language and the address."""

    scope_display = {
        "openid": _("A pseudonym by which only this application knows you"),
        "email": _("Your e-mail address"),
        "profile": _("Your name and language"),
    }

    def get_issuer(self) -> str:
        return str(settings.SIMOS.base_url)

    def list_private_keys(self, **_which: Any) -> list[PrivateKey]:
        """The one key with which this platform signs, made at first use and kept in `<home>/secrets`."""
        return [PrivateKey(pem=settings.SIMOS.secret(SIGNING_KEY, _new_key))]

    def get_user_sub(self, client: Client, user: Account) -> str:
        return named_for(user.pk, f"client:{client.pk}")

    def get_user_by_sub(self, client: Client, sub: str) -> Account | None:
        """Whom the client calls so; None for a name that it cannot have from here, or of a closed account."""
        account = whose_name(sub, f"client:{client.pk}")
        return Account.objects.filter(pk=account, is_active=True).first() if account else None

    def get_claims(
        self, purpose: Any, user: Account, client: Client, scopes: Iterable[str], email: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """As allauth's, with the name of the party and the language."""
        claims: dict[str, Any] = super().get_claims(purpose, user, client, set(scopes) - {"profile"}, email, **more)
        if "profile" in scopes:
            claims["locale"] = user.language
            if user.party is not None and user.party.name:
                claims["name"] = user.party.name
        return claims

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        data["subject_types_supported"] = ["pairwise"]
        data["ui_locales_supported"] = [code for code, _name in settings.LANGUAGES]

"""allauth's OpenID Connect provider, made strict and sparing: signatures are checked, and little is kept."""

from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import override

from simos.web.accounts.e_identity.told import numbers_needed, told_in


class EIdentityAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """How its addresses are found and its answers read."""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """One address for all languages: a provider knows only the addresses that it was told."""
        with override(settings.LANGUAGE_CODE):
            path = reverse("e_identity_callback", kwargs={"provider_id": self.provider_id})
        return f"{settings.SIMOS.base_url}{path}"

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """OAuth2Error where userinfo is another person's than the ID token (OpenID Connect Core 5.3.2)."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("the provider sent no ID token")
        claims = self._decode_id_token(app, id_token)
        userinfo = self._fetch_user_info(token.token) if self.openid_config.get("userinfo_endpoint") else {}
        if userinfo and userinfo.get("sub") != claims.get("sub"):
            raise OAuth2Error("userinfo is of another person than the ID token")
        # The level is that of this sign-in, which only the signed token tells.
        told = {**userinfo, **claims}
        provider = self.get_provider()
        needed = numbers_needed()
        told_in(told, provider=self.provider_id, settings=app.settings, needed=needed).keep(request)
        return provider.sociallogin_from_response(request, told)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The token's claims, its signature, issuer, audience and time checked."""
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        return claims


class EIdentityAccount(ProviderAccount):  # type: ignore[misc]
    """A connected e-identity, on the page of connections: by the provider's name alone."""

    def to_str(self) -> str:
        return str(self.get_brand()["name"])


class EIdentityProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """One e-identity of the settings."""

    id = "e_identity"
    name = "E-identity"
    account_class = EIdentityAccount
    oauth2_adapter_class = EIdentityAdapter

    def get_auth_params(self) -> dict[str, str]:
        acr = self.app.settings.get("acr_values")
        return {"acr_values": acr} if acr else {}

    def extract_uid(self, data: Mapping[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What stays in the table of connections: by which level it last came."""
        return {"acr": data.get("acr", "")}

    def extract_common_fields(self, data: Mapping[str, Any]) -> dict[str, Any]:
        claims = self.app.settings.get("claims") or {}
        return {"email": data.get(claims.get("email", ""))}

    def extract_email_addresses(self, data: Mapping[str, Any]) -> list[Any]:
        """None: an address that it tells is asked to be confirmed, as any other."""
        return []


provider_classes = [EIdentityProvider]

"""The way to an e-identity, and the one address to which it sends people back."""

from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import get_language, override

from simos.web.accounts.e_identity.provider import EIdentityAdapter

LANGUAGE = "simos_language"
"""Session key: in which language a person left for the e-identity, since it sends back to one address for all."""


@login_not_required  # type: ignore[untyped-decorator]
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Asks whether to go there, and goes."""
    request.session[LANGUAGE] = get_language()
    return _answered(OAuth2LoginView, request, provider_id)


@login_not_required  # type: ignore[untyped-decorator]
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Signs in who comes back, or connects the e-identity, in the language in which they left."""
    language = request.session.pop(LANGUAGE, None) or get_language()
    with override(language):
        request.LANGUAGE_CODE = language
        return _answered(OAuth2CallbackView, request, provider_id)


def _answered(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    try:
        answer: HttpResponseBase = view.adapter_view(EIdentityAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer

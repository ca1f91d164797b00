"""Whether an application may know who one is: allauth's page, from which a form may lead to that application."""

from typing import Any
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from allauth.idp.oidc.views import authorization
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt  # an application begins here; what a person answers is checked by allauth's own view
def consent(request: HttpRequest, **parameters: Any) -> HttpResponseBase:
    """The page, whose form may redirect to the asking application's registered addresses."""
    answer: HttpResponseBase = authorization(request, **parameters)
    client = Client.objects.filter(pk=request.GET.get("client_id", "")).first()
    if client is not None:
        origins = {f"{each.scheme}://{each.netloc}" for each in map(urlsplit, client.get_redirect_uris())}
        answer._csp_update = {"form-action": sorted(origins)}  # type: ignore[attr-defined]  # django-csp reads it
    return answer

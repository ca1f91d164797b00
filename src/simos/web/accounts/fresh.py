"""Proof that the account's holder still sits there, before what cannot be undone. Decides no rights."""

from urllib.parse import quote

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from simos.kernel.clock import now


def proof_needed(request: HttpRequest) -> HttpResponseRedirect | None:
    """Where to prove it, and to come back from by GET; None where that was done within the last five minutes.

    By password or second step for who has them (allauth's own way, ReauthenticationRequired); others sign in anew, by
    a code in a mail or an e-identity.
    """
    if get_reauthentication_flows(request.user):
        if did_recently_reauthenticate(request):
            return None
        if request.method != "GET":  # what was sent is not done afterwards unseen: the page asks once more
            return HttpResponseRedirect(request.path)
        raise ReauthenticationRequired
    signed_in_at = max((each["at"] for each in get_authentication_records(request, request.user)), default=0)
    if now().timestamp() - signed_in_at < app_settings.REAUTHENTICATION_TIMEOUT:
        return None
    logout(request)
    return HttpResponseRedirect(f"{reverse('account_login')}?next={quote(request.path)}")

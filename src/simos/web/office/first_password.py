"""Setting a password by the one-time link that `simos init` prints: for the first administrator, before mail works."""

from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from simos.platform.people.models import Account
from simos.web.pages import Page, shell_of


class FirstPasswordView(PasswordResetConfirmView):
    """The link counts until the password is set, for Django's PASSWORD_RESET_TIMEOUT at most."""

    template_name = "web_office/first_password.html"
    success_url = reverse_lazy("account_login")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Page(title=_("Set your password"), alternatives=())
        return {**super().get_context_data(**kwargs), "page": page, "shell": shell_of(self.request, page)}


def link_of(account: Account) -> str:
    """The path by which `account`'s holder sets a password, once."""
    key = urlsafe_base64_encode(force_bytes(account.pk))
    return reverse("first-password", kwargs={"uidb64": key, "token": default_token_generator.make_token(account)})

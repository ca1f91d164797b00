"""allauth's forms of sign-in: the password may be left empty, a link fills the code in. Imported by allauth late."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from allauth.core import context
from django.utils.translation import gettext_lazy as _


class SignIn(LoginForm):  # type: ignore[misc]
    """An address, and a password for who has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = False
        self.fields["password"].help_text = _("Leave this empty if you want a code by e-mail.")


class ConfirmCode(ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that came by mail. The link in the mail fills it in; a person sends it, not a scanner of mails."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("code", context.request.GET.get("code", "")[:20])

"""allauth's forms of passkeys, whose field for the key's name has no words of its own. Imported by allauth late."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, SignupWebAuthnForm
from django.utils.translation import gettext_lazy as _


class _Named:
    """The name is that of the key, not of the person."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class Add(_Named, AddWebAuthnForm):  # type: ignore[misc]
    """One more key of an account."""


class Rename(_Named, EditWebAuthnForm):  # type: ignore[misc]
    """A key under another name."""


class SignUpBy(_Named, SignupWebAuthnForm):  # type: ignore[misc]
    """The first key of a new account."""

"""Where people read a message and choose what they get: pages of the inbox module, by their names, if it is there."""

from django.conf import settings
from django.core import signing
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from simos.platform.messages.models import Message
from simos.platform.messages.values import Channel

_SALT = "simos.messages.unsubscribe"


def absolute(address: str) -> str:
    """The address with scheme and host, as mail needs it."""
    return f"{settings.SIMOS.base_url}{address}"


def address_of(message: Message) -> str:
    """Where the message is read, in its language; the platform's first page without the inbox module."""
    return _page("message", message.language, message=message.pk) or _home(message.language)


def settings_address(language: str) -> str:
    """Where one chooses by which channels one is told."""
    return _page("settings", language) or _home(language)


def switch_off_address(message: Message, channel: Channel) -> str:
    """Where whoever has this address may switch this kind off for this channel, without signing in; '' if nowhere."""
    said = signing.dumps([str(message.to_id), message.template, channel], salt=_SALT)
    return _page("switch-off", message.language, said=said)


def switched_off_by(said: str) -> tuple[str, str, Channel] | None:
    """Whose, which kind and which channel the signed part of such an address names; None where we did not sign it."""
    try:
        party, template, channel = signing.loads(said, salt=_SALT)
    except signing.BadSignature:
        return None
    return party, template, Channel(channel)


def _page(name: str, language: str, **parameters: object) -> str:
    with override(language):
        try:
            return reverse(f"portal_inbox:{name}", kwargs=parameters)
        except NoReverseMatch:
            return ""


def _home(language: str) -> str:
    with override(language):
        return reverse("home")

"""A message as a letter by e-mail: text and HTML from one source. Sends nothing."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override

from simos.platform.messages.addresses import absolute, address_of, settings_address, switch_off_address
from simos.platform.messages.declared import template_named
from simos.platform.messages.models import Delivery
from simos.platform.messages.values import Channel, blocks_of, may_switch_off


def letter(delivery: Delivery) -> EmailMultiAlternatives:
    """The letter of a delivery, with a Message-ID of its own: sent twice, it is the same letter (RFC 5322, 3.6.4).

    Where the kind may be switched off, its headers let mail programs do that in one click (RFC 8058).
    """
    message = delivery.message
    declared = template_named(message.template)
    headers = {"Message-ID": f"<{delivery.pk}@{host()}>", "Auto-Submitted": "auto-generated"}
    off = ""
    if may_switch_off(declared.template, Channel.MAIL) and (address := switch_off_address(message, Channel.MAIL)):
        off = absolute(address)
        headers |= {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    context = {
        "message": message,
        "blocks": blocks_of(message.body),
        "link": absolute(message.link) if message.link else "",
        "inbox": absolute(address_of(message)),
        "choose": absolute(settings_address(message.language)),
        "off": off,
        "has_files": message.has_files,
    }
    with override(message.language):
        text = render_to_string("platform_messages/mail.txt", context)
        html = render_to_string("platform_messages/mail.html", context)
    made = EmailMultiAlternatives(message.subject, text, to=[delivery.account.email], headers=headers)
    made.attach_alternative(html, "text/html")
    return made


def host() -> str:
    """What stands behind the @ of a Message-ID: the platform's own name."""
    return absolute("").partition("://")[2].partition(":")[0].partition("/")[0] or "localhost"

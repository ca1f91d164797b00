"""Telling whom we have erased, at the addresses that they had: the last letter, after which these are gone too.

At least once: killed between sending and noting it, the same letter with the same Message-ID goes again.
"""

from collections.abc import Sequence

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from simos.kernel.clock import now
from simos.platform.messages.delivering import PATIENCE, CannotReach, Undeliverable, post
from simos.platform.messages.mail import host
from simos.platform.privacy.models import Erasure
from simos.platform.privacy.queries import sections_of


def tell(task: str) -> None:
    """Every address was written to once, and none is kept any more. CannotReach: to be tried again, for two days."""
    asked = Erasure.objects.select_related("party").get(pk=task)
    waiting: list[str] = []
    for number, address in enumerate(asked.tell):
        try:
            post(_letter(asked, address, number))
        except Undeliverable:
            continue
        except CannotReach:
            waiting.append(address)
    if waiting and asked.ended_at and now() - asked.ended_at < PATIENCE:
        Erasure.objects.filter(pk=task).update(tell=waiting)
        raise CannotReach("the mail server cannot be reached")
    Erasure.objects.filter(pk=task).update(tell=[])


def _letter(asked: Erasure, address: str, number: int) -> EmailMultiAlternatives:
    language = asked.party.language
    with override(language):
        context = {"asked": asked, "rows": sum(asked.counts.values()), "kept": _kept(asked, language)}
        context["language"] = language
        text = render_to_string("platform_privacy/erased.txt", context)
        html = render_to_string("platform_privacy/erased.html", context)
        subject = gettext("Your data are erased")
    headers = {"Message-ID": f"<{asked.pk}-{number}@{host()}>", "Auto-Submitted": "auto-generated"}
    made = EmailMultiAlternatives(subject, text, to=[address], headers=headers)
    made.attach_alternative(html, "text/html")
    return made


def _kept(asked: Erasure, language: str) -> Sequence[str]:
    """What stays and why, a line for each reason."""
    reasons = {
        f"{section.data.title.in_(language)}: {why.in_(language)}": None
        for section in sections_of(asked.party, by=asked.by, at=now())
        for _, held in section.held
        for why in (held.why_kept, held.shell)
        if why
    }
    return list(reasons)

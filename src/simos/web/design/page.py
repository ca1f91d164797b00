"""The view of `/design/`: each example is run as it is shown, its template and the source of its values beside it."""

import inspect
from dataclasses import dataclass
from textwrap import dedent

from django.http import HttpRequest, HttpResponseBase
from django.template import engines
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from simos.kernel.errors import NotFound
from simos.web.design.examples import EXAMPLES, Example
from simos.web.maps import with_map
from simos.web.pages import Alternative, Page, render, shell_of
from simos.web.tables import Listing

LANGUAGES = {"sl": "Slovenščina", "en": "English"}
TAGS = "{% load web web_parts web_forms %}"


@dataclass(frozen=True, slots=True)
class ShownExample:
    """An example as the page has it."""

    name: str
    title: str
    when: str
    result: str
    code: str
    source: str


def design(request: HttpRequest) -> HttpResponseBase:
    """Every part of the design system, in Slovenian or English."""
    language = get_language() or "sl"
    if language not in LANGUAGES:
        raise NotFound("this page is in Slovenian and English")
    page = Page(
        title=_("Design system"),
        description=_("The parts of which all pages are made: when to use each, and how."),
        alternatives=tuple(_alternatives(language)),
    )
    shell = shell_of(request, page)
    given = [each.values(request) if inspect.signature(each.values).parameters else each.values() for each in EXAMPLES]
    if asked := next(
        (it.file for values in given for it in values.values() if isinstance(it, Listing) and it.file), None
    ):
        return asked
    shown = [
        _shown(each, {"shell": shell, **values}, request, language)
        for each, values in zip(EXAMPLES, given, strict=True)
    ]
    return with_map(render(request, "web/design.html", page, {"examples": shown}))


def _alternatives(current: str) -> list[Alternative]:
    found = []
    for language, name in LANGUAGES.items():
        with override(language):
            found.append(Alternative(language, name, reverse("design"), language == current))
    return found


def _shown(example: Example, context: dict[str, object], request: HttpRequest, language: str) -> ShownExample:
    template = engines["django"].from_string(TAGS + example.code)
    return ShownExample(
        name=example.name,
        title=example.title.in_(language),
        when=example.when.in_(language),
        result=template.render(context, request),
        code=example.code,
        source=dedent(inspect.getsource(example.values)),
    )

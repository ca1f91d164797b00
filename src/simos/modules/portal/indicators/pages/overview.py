"""All indicators of a city, module by module, each with its newest value beside its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from simos.kernel.text import Text
from simos.modules.portal.indicators.module import module
from simos.modules.portal.indicators.pages.showing import KINDS, address_of, amount_in, language_now, period_in
from simos.platform.indicators.declared import Declared, indicators_in
from simos.platform.indicators.models import Measurement
from simos.platform.indicators.queries import counting_in, standing_of
from simos.platform.scopes.models import City
from simos.web.comparisons import sparkline
from simos.web.pages import Page, render
from simos.web.parts import State

IN_A_LINE = 25
REACHED = {
    True: (State.GOOD, Text(sl="cilj dosežen", en="target reached", it="obiettivo raggiunto")),
    False: (State.LOW, Text(sl="cilj ni dosežen", en="target not reached", it="obiettivo non raggiunto")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An indicator in the list, in the page's language; '' and None for what it has not."""

    title: str
    about: str
    kind: str
    address: str
    value: str
    period: str
    target: str
    state: State | None
    word: str
    line: SafeString | None


def indicators(request: HttpRequest, city: City) -> HttpResponse:
    """What the city's services achieve."""
    language = language_now()
    declared = indicators_in(city.scope)
    values = counting_in(city.scope, declared)
    modules = [
        (title, [_shown(city, each, values[each.key]) for each in found])
        for title, found in groupby(declared, lambda each: each.module.title.in_(language))
    ]
    page = Page(title=module.title.in_(language), description=module.summary.in_(language), city=city)
    return render(request, "indicators/indicators.html", page, {"modules": modules})


def _shown(city: City, declared: Declared, rows: Sequence[Measurement]) -> Shown:
    language, it = language_now(), declared.indicator
    newest = rows[-1] if rows else None
    standing = standing_of(city.scope, declared, newest)
    state, word = REACHED[standing.reached] if standing.reached is not None else (None, None)
    title = it.title.in_(language)
    last = [row.value for row in rows[-IN_A_LINE:]]
    return Shown(
        title=title,
        about=it.about.in_(language),
        kind=KINDS[it.kind].in_(language),
        address=address_of(city, declared),
        value=amount_in(it, newest.value, language) if newest else "",
        period=period_in(it.every, newest.first, language) if newest else "",
        target=amount_in(it, standing.target.value, language) if standing.target else "",
        state=state,
        word=word.in_(language) if word else "",
        line=sparkline(last, title=title, language=language) if len(last) > 1 else None,
    )

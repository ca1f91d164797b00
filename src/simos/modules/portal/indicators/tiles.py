"""What a city's home says of its indicators: how many have reached their targets, or else how many are measured."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from simos.platform.indicators.declared import indicators_in
from simos.platform.indicators.queries import counting_in, standing_of
from simos.platform.scopes.models import City
from simos.web.tiles import Tile


def tiles(city: City) -> Iterable[Tile]:
    """One tile; none where nothing has been measured yet."""
    declared = indicators_in(city.scope)
    values = counting_in(city.scope, declared)
    measured = [each for each in declared if values[each.key]]
    if not measured:
        return
    judged = [standing_of(city.scope, each, values[each.key][-1]).reached for each in measured]
    reached, aimed = judged.count(True), len(judged) - judged.count(None)
    yield Tile(
        title=_("Indicators on target") if aimed else _("Indicators measured"),
        value=reached if aimed else len(measured),
        about=_("of %(number)s") % {"number": aimed or len(declared)},
        address=reverse("portal_indicators:indicators", kwargs={"city": city.code}),
    )

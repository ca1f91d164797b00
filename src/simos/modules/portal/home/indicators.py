"""What the portal measures of itself: news that it brought. Counts pages, never people."""

from simos.kernel.acting import Scope, ScopeKind
from simos.kernel.text import Text
from simos.modules.portal.home.queries.homes import news_counted
from simos.platform.indicators.values import Measured, Period
from simos.platform.scopes.queries import city_of

SOURCE = Text(sl="objavljene novice na portalu", en="news published on the portal", it="notizie pubblicate sul portale")


def news_published(scope: Scope, period: Period) -> Measured | None:
    """News that bear a date of the period and are published now; None before the place had any."""
    city = city_of(scope.code) if scope.kind is ScopeKind.CITY else None
    found = news_counted(city, period.first, period.last)
    return None if found is None else Measured(value=found, readings=found, source=SOURCE)


compute = {"news-published": news_published}

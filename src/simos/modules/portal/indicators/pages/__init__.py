"""The public pages: all indicators of a city, and each with its path, its values and where they come from."""

from simos.modules.portal.indicators.pages.one import indicator
from simos.modules.portal.indicators.pages.overview import indicators
from simos.web.routes import PageRoute

pages = (
    PageRoute(view=indicators, name="indicators"),
    PageRoute(view=indicator, name="indicator", address="<slug:domain>/<slug:module>/<slug:name>"),
)

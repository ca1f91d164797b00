"""The catalogue's public pages: of a city, of one data set, of the consortium. `words` is what they say."""

from simos.modules.data.catalogue.pages.data_set import data_set
from simos.modules.data.catalogue.pages.lists import consortium, data_sets
from simos.web.routes import PageRoute

pages = (
    PageRoute(view=consortium, name="consortium", kept_for=10.0, of_consortium=True),
    PageRoute(view=data_sets, name="data-sets", kept_for=10.0),
    PageRoute(view=data_set, name="data-set", address="<slug:name>", kept_for=10.0),
)

"""Which page an opinion is of, and what visitors say of the pages of the city in which one acts. Changes nothing."""

import re
from collections.abc import Sequence

from django.db.models import Count, Max, Q
from django.urls import reverse

from simos.kernel.errors import NotFound
from simos.modules.portal.home.models import Opinion
from simos.modules.portal.home.queries.homes import page_at
from simos.modules.portal.home.values.opinions import PageOpinions, Told
from simos.platform.scopes.models import City

_PATH = re.compile(r"/(?:[\w-]+/){1,10}")


def told_of(city: City, path: str, language: str) -> Told:
    """The published page of the city at `path`, as it stands in a browser; of any other path the city's home."""
    home = reverse("city-home", kwargs={"city": city.code})
    if path.startswith(home) and path != home and len(path) <= 300 and _PATH.fullmatch(path):
        below = path.removeprefix(home.removesuffix(f"{city.code}/"))
        try:
            return Told(path, page_at(below, language).title)
        except NotFound:
            pass
    return Told(home, city.name.in_(language))


def opinions_of_pages(most: int = 200) -> Sequence[PageOpinions]:
    """The pages of which something was said, those that most found of no use first."""
    found = Opinion.objects.order_by().values("address")
    counted = found.annotate(
        title=Max("title"),
        yes=Count("pk", filter=Q(is_useful=True)),
        no=Count("pk", filter=Q(is_useful=False)),
        newest=Max("on"),
    ).order_by("-no", "-yes", "address")
    return [
        PageOpinions(page=Told(row["address"], row["title"]), yes=row["yes"], no=row["no"], newest=row["newest"])
        for row in counted[:most]
    ]


def remarks_on(address: str = "", most: int = 50) -> Sequence[Opinion]:
    """The newest opinions with a remark: on the page at `address`, or on all."""
    found = Opinion.objects.exclude(remark="")
    return list((found.filter(address=address) if address else found)[:most])

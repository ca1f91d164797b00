"""What the platform's search finds of parking: the facilities, each at its page."""

from collections.abc import Collection, Iterator

from simos.kernel.text import Text
from simos.modules.mobility.parking.queries import facilities_of
from simos.platform.scopes.acting import current
from simos.platform.scopes.queries import city_of
from simos.platform.search.addresses import addresses_of
from simos.platform.search.values import Document, Searchable

KIND = "parking-facility"
WORDS = Text(sl="Parkirišče, parkiranje", en="Car park, parking", it="Parcheggio")
"""What people call them all, so that these words find each."""


def documents(ids: Collection[str] | None) -> Iterator[Document]:
    """The facilities of the city in force, by code."""
    city = city_of(current().scope.code)
    for facility in facilities_of():
        if ids is not None and facility.code not in ids:
            continue
        about = {language: f"{WORDS.in_(language)}. {facility.address}" for language in WORDS.languages()}
        yield Document(
            id=facility.code,
            title=Text(sl=facility.name, en=facility.name),
            body=Text(**about),
            addresses=addresses_of("mobility_parking:facility", city, code=facility.code),
            open=True,
            at=facility.changed_at,
        )


searchables = (Searchable(kind=KIND, title=Text(sl="Parkirišče", en="Car park", it="Parcheggio"), documents=documents),)

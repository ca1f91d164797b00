"""What the catalogue speaks of: a data set, and how it stands. No lookup."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from simos.kernel.geo import Box
from simos.kernel.module import EntityType, Module
from simos.kernel.text import Text

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A city as the catalogue names it."""

    code: str
    name: Text
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """All things of one open type in one city, now and over time."""

    place: Place
    module: Module
    type: EntityType

    @property
    def name(self) -> str:
        """As it stands in addresses: `off-street-parking`."""
        return _CAPITAL.sub("-", self.type.name).lower()

    @property
    def key(self) -> str:
        """Its name among those of all cities: `celje-off-street-parking`."""
        return f"{self.place.code}-{self.name}"

    @property
    def title(self) -> Text:
        """With the city's name behind it."""
        mine, where = self.type.title, self.place.name
        return Text(**{each: f"{mine.in_(each)} – {where.in_(each)}" for each in mine.languages()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a data set stands. `things`: how many there are; `looked_at`: of how many of them the rest is told.

    `newest`: when one of them was last observed; `observed`: how many ever were; `silent`: of how many of these nothing
    was heard for a day. `filled`: by attribute, how many things have it. `made_up`: how many are demo data.
    """

    things: int
    looked_at: int
    changed_at: datetime | None
    newest: datetime | None
    observed: int
    silent: int
    filled: Mapping[str, int]
    box: Box | None
    made_up: int = 0

    def share_filled(self, attribute: str) -> float | None:
        """In percent; None where there are no things."""
        return 100 * self.filled.get(attribute, 0) / self.looked_at if self.looked_at else None

    def completeness(self, of: EntityType) -> float | None:
        """The mean share of the type's attributes that things have, in percent."""
        shares = [self.share_filled(each.name) for each in of.attributes]
        known = [share for share in shares if share is not None]
        return sum(known) / len(known) if known else None

    @property
    def share_silent(self) -> float | None:
        return 100 * self.silent / self.observed if self.observed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloads:
    """How often a data set was downloaded: in the last 30 days, and in all."""

    month: int = 0
    ever: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A way in which a data set is downloaded. `file`: what its address ends with; `over_time`: of a period."""

    file: str
    media_type: str
    title: Text
    over_time: bool = False


FORMS = (
    Form(
        file="now.csv",
        media_type="text/csv",
        title=Text(sl="CSV, stanje zdaj", en="CSV, as it is now", it="CSV, stato attuale"),
    ),
    Form(
        file="now.geojson",
        media_type="application/geo+json",
        title=Text(sl="GeoJSON, stanje zdaj", en="GeoJSON, as it is now", it="GeoJSON, stato attuale"),
    ),
    Form(
        file="now.parquet",
        media_type="application/vnd.apache.parquet",
        title=Text(sl="Parquet, stanje zdaj", en="Parquet, as it is now", it="Parquet, stato attuale"),
    ),
    Form(
        file="history.csv",
        media_type="text/csv",
        title=Text(sl="CSV, zgodovina obdobja", en="CSV, history of a period", it="CSV, storico di un periodo"),
        over_time=True,
    ),
    Form(
        file="history.parquet",
        media_type="application/vnd.apache.parquet",
        title=Text(
            sl="Parquet, zgodovina obdobja", en="Parquet, history of a period", it="Parquet, storico di un periodo"
        ),
        over_time=True,
    ),
)
"""Everything that can be downloaded: the one table behind addresses, pages, DCAT and CKAN."""

BY_FILE: Mapping[str, Form] = {form.file: form for form in FORMS}

"""How records of another's making become entities: the value that a mapping's YAML says. Pure; maps nothing itself.

Each field's description is its documentation (docs/reference/mappings.md, held against this file by a test).
"""

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from simos.hub.contexts import CORE
from simos.hub.ingest import moments, units
from simos.hub.ingest.expressions import Expression, Template
from simos.hub.ingest.sheets import Part, read_sheet
from simos.hub.ngsild.parse import attribute_name
from simos.hub.ngsild.parse_value import is_uri
from simos.kernel.errors import Invalid, Problem

TABLES = frozenset({"csv", "parquet"})
"""Formats whose records are rows with named columns."""

Format = Literal["json", "jsonl", "csv", "parquet", "chirpstack", "ttn", "sensorthings"]


def _expression(raw: Any) -> Any:
    if isinstance(raw, Expression):
        return raw
    if not isinstance(raw, str | int) or isinstance(raw, bool):
        raise ValueError("an expression is a text: where in the record the value stands")
    return Expression(str(raw), column=True)


def _template(raw: Any) -> Any:
    if isinstance(raw, Template):
        return raw
    if not isinstance(raw, str) or not raw:
        raise ValueError("a template is a text such as 'urn:ngsi-ld:Device:{id}'")
    return Template.parse(raw, column=True)


def _name(raw: str) -> str:
    try:
        attribute_name(raw)
    except Problem as problem:
        raise ValueError(problem.detail) from None
    return raw


def _type(raw: str) -> str:
    try:
        CORE.name(raw)
    except Problem as problem:
        raise ValueError(problem.detail) from None
    return raw


Found = Annotated[Expression, BeforeValidator(_expression)]
Filled = Annotated[Template, BeforeValidator(_template)]
Name = Annotated[str, AfterValidator(_name)]
TypeName = Annotated[str, AfterValidator(_type)]


def _from_alone(raw: Any) -> Any:
    """`name: expression` is short for `name: {from: expression}`."""
    return raw if isinstance(raw, dict | Part) else {"from": raw}


class Moment(Part):
    """When it was observed. Short: the expression alone."""

    source: Found = Field(alias="from", description="Where the time stands.")
    format: str = Field(
        default=moments.ISO,
        description="`iso`; `seconds`, `milliseconds`, `microseconds` or `nanoseconds` since 1970; "
        "or as strptime has it, `%d.%m.%Y %H:%M`.",
    )
    zone: str | None = Field(default=None, description="Time zone of times that do not say theirs: `Europe/Ljubljana`.")

    @cached_property
    def read(self) -> moments.Read:
        """ValueError where format or zone are none."""
        return moments.reader(self.format, moments.zone_of(self.zone) if self.zone else None)

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        _ = self.read
        return self


class Location(Part):
    """Where the thing is, in WGS 84."""

    longitude: Found | None = Field(default=None, description="Degrees east.")
    latitude: Found | None = Field(default=None, description="Degrees north.")
    geojson: Found | None = Field(default=None, description="A GeoJSON geometry, in place of both.")
    fixed: bool = Field(
        default=False, description="It stands still: written only when it differs from what is known, without a time."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        pair = (self.longitude is not None, self.latitude is not None)
        if not (all(pair) and self.geojson is None) and not (self.geojson is not None and not any(pair)):
            raise ValueError("a location has longitude and latitude, or else geojson")
        return self


class AttributeRule(Part):
    """One attribute of the entity. Short: the expression alone."""

    source: Found | None = Field(default=None, alias="from", description="Where the value stands.")
    value: Any = Field(default=None, description="The same value always, in place of `from`; such are `fixed`.")
    kind: Literal["Property", "Relationship", "GeoProperty", "VocabProperty"] = Field(
        default="Property", description="`Property`, `Relationship`, `GeoProperty` or `VocabProperty`."
    )
    read_as: Literal["number", "text", "boolean", "any"] = Field(
        default="number",
        alias="as",
        description="`number`, `text`, `boolean`, or `any`: as it is. Other kinds than Property are as they are.",
    )
    words: dict[str, Any] | None = Field(
        default=None,
        description="What each text means: `{open: true, closed: false}`; others are refused.",
    )
    unit: str | None = Field(default=None, description="What the source measures in: a code, or °F, mph, hPa...")
    unit_code: str | None = Field(
        default=None, alias="unitCode", description="UN/CEFACT code that is stored; from `unit` it is converted."
    )
    factor: float | None = Field(default=None, description="The value is multiplied by this, before `unit` counts.")
    offset: float | None = Field(default=None, description="Then this is added.")
    allowed: tuple[float | None, float | None] = Field(
        default=(None, None),
        alias="range",
        description="Least and greatest value that is believed, in `unitCode`; null: no limit. Others are refused.",
    )
    dataset: Filled | None = Field(
        default=None, alias="datasetId", description="A template: tells apart sources of the same attribute."
    )
    fixed: bool = Field(
        default=False, description="No measurement: written only when it differs from what is known, without a time."
    )

    @property
    def needs_number(self) -> bool:
        return any(each is not None for each in (self.unit, self.factor, self.offset, *self.allowed))

    @cached_property
    def conversions(self) -> tuple[units.Conversion, ...]:
        """What is done to a number, in order. ValueError where nothing leads from `unit` to `unitCode`."""
        found: list[units.Conversion] = []
        if self.factor is not None or self.offset is not None:
            factor = 1.0 if self.factor is None else self.factor
            found.append(units.linear(factor, self.offset or 0.0))
        if self.unit is not None:
            between = units.conversion(self.unit, self.unit_code or units.code_of(self.unit))
            found += [between] if between else []
        return tuple(found)

    @property
    def stored_unit(self) -> str:
        """The unitCode that is stored; "" for none."""
        return self.unit_code or (units.code_of(self.unit) if self.unit else "")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.source is None) == (self.value is None):
            raise ValueError("an attribute has either from or value")
        if self.source is None and isinstance(self.value, str | int | float | bool | dict | list) is False:
            raise ValueError("value is a text, a number, true or false, a list or an object")
        if self.kind != "Property" and (self.needs_number or self.unit_code or self.words):
            raise ValueError(f"a {self.kind} has no unit, no range and no words")
        if self.needs_number and (self.read_as != "number" or self.words):
            raise ValueError("units, factor, offset and range are for numbers: leave out as and words")
        low, high = self.allowed
        if low is not None and high is not None and low > high:
            raise ValueError(f"range: {low:g} is more than {high:g}; the least comes first")
        if self.dataset is not None and not self.dataset.holes and not is_uri(self.dataset.texts[0]):
            raise ValueError("datasetId is a URI such as urn:ngsi-ld:Dataset:hourly")
        _ = self.conversions
        return self


class Csv(Part):
    """How a CSV file is written."""

    delimiter: str = Field(default=",", min_length=1, max_length=1, description="Between the columns.")
    decimal: Literal[".", ","] = Field(default=".", description="The decimal sign of its numbers.")
    encoding: str = Field(default="utf-8-sig", description="As Python calls it: `utf-8-sig` (UTF-8), `cp1250`.")


Rule = Annotated[AttributeRule, BeforeValidator(_from_alone)]


class Mapping(Part):
    """Records of another's making, as entities of one type."""

    format: Format = Field(description="`json`, `jsonl`, `csv`, `parquet`, `chirpstack`, `ttn` or `sensorthings`.")
    csv: Csv = Field(default=Csv(), description="How a CSV file is written.")
    records: Found | None = Field(
        default=None, description="JSON only: where the list of records stands; else the whole, or each of an array."
    )
    where: Found | None = Field(default=None, description="Only records for which this is true count.")
    id: Filled = Field(description="Template of the entity's id: `urn:ngsi-ld:AirQualityObserved:{station}`.")
    type: TypeName = Field(description="The entity's type.")
    observed_at: Annotated[Moment, BeforeValidator(_from_alone)] | None = Field(
        default=None, alias="observedAt", description="When it was observed; else it counts as when it came."
    )
    location: Location | None = Field(default=None, description="Where the thing is.")
    missing: tuple[str | int | float, ...] = Field(
        default=(),
        description='What sources write where there is no value: `["-", -999]`. Empty and null always mean that.',
    )
    attributes: dict[Name, Rule] = Field(min_length=1, description="By name; a rule each.")

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if not self.id.holes and not is_uri(self.id.texts[0]):
            raise ValueError(f"id: {self.id.texts[0]!r} is no URI such as urn:ngsi-ld:Sensor:1")
        if self.id.holes and not is_uri(self.id.texts[0] + "1"):
            raise ValueError(f"id: {self.id.texts[0]!r} does not begin a URI; begin with urn:ngsi-ld:{self.type}:")
        if self.records is not None and self.format != "json":
            raise ValueError(f"records is for json; in {self.format} each record is known")
        if self.location is not None and "location" in self.attributes:
            raise ValueError("location is said twice: once as an attribute")
        if self.format not in TABLES:
            for each in self._expressions():
                Expression(each.text)
        return self

    def _expressions(self) -> list[Expression]:
        place = self.location
        found = [self.records, self.where, *self.id.holes]
        found += [self.observed_at.source] if self.observed_at else []
        found += [place.longitude, place.latitude, place.geojson] if place else []
        for rule in self.attributes.values():
            found += [rule.source, *(rule.dataset.holes if rule.dataset else ())]
        return [each for each in found if each is not None]


def read_mapping(text: str, name: str) -> Mapping:
    """The mapping that a YAML text says; Invalid names lines, fields and what to do."""
    return read_sheet(Mapping, text, name)


def refuse_untimed(mapping: Mapping, name: str) -> None:
    """Invalid where the mapping gives no time: loaded twice, each value would be stored twice."""
    if mapping.observed_at is None:
        raise Invalid(
            f"{name}: observedAt is missing. A bulk load needs it: what has a time is stored once, however often."
        )

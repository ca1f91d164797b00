"""The contract of a module: what it is, as data. Read before Django starts; imports only the kernel.

What is *code* is not named here: it is found by file name and export (see `extension`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from string import Formatter

from simos.kernel.ids import CODE, KEBAB, MODULE_NAME, ModuleName
from simos.kernel.text import Text


class Level(StrEnum):
    """Where a module is switched on."""

    CITY = "city"
    FEDERATION = "federation"
    BOTH = "both"


class AttributeKind(StrEnum):
    """The attribute kinds of NGSI-LD (ETSI GS CIM 009, clause 4.5)."""

    PROPERTY = "Property"
    RELATIONSHIP = "Relationship"
    GEO = "GeoProperty"
    LANGUAGE = "LanguageProperty"
    VOCAB = "VocabProperty"
    JSON = "JsonProperty"
    LIST = "ListProperty"
    LIST_RELATIONSHIP = "ListRelationship"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of an entity type. `unit` is a UN/CEFACT common code (`C62` one, `CEL` degree Celsius)."""

    name: str
    title: Text
    kind: AttributeKind = AttributeKind.PROPERTY
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityType:
    """A kind of thing that the module keeps in the hub, named as in Smart Data Models.

    `open`: anyone may read it. `licence`: an SPDX name or address. `retention`: how long history is kept (None: for
    ever). `source`: where the data model is defined.
    """

    name: str
    title: Text
    attributes: tuple[Attribute, ...] = ()
    open: bool = False
    licence: str = ""
    retention: timedelta | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Something that one may be allowed to do; nobody may unless a role says so."""

    name: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A bundle of permissions that an office gives to people, by scope."""

    name: str
    title: Text
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEvent:
    """What happens in life and leads a person to this module: moving, a child, a trip."""

    name: str
    title: Text


class IndicatorKind(StrEnum):
    """What an indicator tells of: what is done, what comes of it at once, what changes for people."""

    ACTIVITY = "activity"
    OUTPUT = "output"
    OUTCOME = "outcome"


class Every(StrEnum):
    """How often an indicator has a value: one for each whole day, month or year of the place."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The value aimed at in a year, in the indicator's unit for one of its periods, and where that was decided.

    `city`: the code of the city that aims at it; '' for all.
    """

    year: int
    value: float
    source: Text
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Something measured, so that a measure can be judged. `about`: what is counted, and how. `unit`: as `Attribute`'s.

    `targets`: the path, year by year. `falling`: less is better. `manual`: an officer enters it; else the module's
    `indicators.py` computes it, and `version` is raised whenever that begins to mean something else.
    """

    name: str
    title: Text
    about: Text
    unit: str
    kind: IndicatorKind
    every: Every = Every.MONTH
    targets: tuple[Target, ...] = ()
    falling: bool = False
    manual: bool = False
    version: int = 1

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.name):
            raise ValueError(f"an indicator's name is lower-case letters, digits and dashes, not {self.name!r}")
        if len({(target.city, target.year) for target in self.targets}) != len(self.targets):
            raise ValueError(f"indicator {self.name}: a year has one target in a city")

    def target_in(self, city: str, year: int) -> Target | None:
        """What the city aims at in that year: its own target, or else that of all."""
        found = {target.city: target for target in self.targets if target.year == year}
        return found.get(city) or found.get("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that a city may set. `default` also tells its type."""

    name: str
    title: Text
    default: str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Personal data that the module holds: what, in which tables, why, on what basis, and how long.

    `retention` None: no term; until the person is erased, and what stays then is said to them.
    """

    name: str
    title: Text
    tables: tuple[str, ...]
    purpose: Text
    legal_basis: str
    retention: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRequest:
    """Something that the module does only for people who agree to it (GDPR, art. 6(1)(a), 7).

    `text` is what one agrees to; who changes its meaning raises `version`, and people are asked anew.
    """

    name: str
    title: Text
    text: Text
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """A kind of message that the module sends to people. `{name}` in subject and body is filled in by who sends it.

    `body`: paragraphs with an empty line between them; lines that begin with `- ` are points of a list. `action`: the
    words of the link that goes with it. `by_law`: people cannot switch it off. `keep`: how long it stays in the inbox.
    """

    name: str
    title: Text
    subject: Text
    body: Text
    action: Text | None = None
    by_law: bool = False
    keep: timedelta = timedelta(days=2 * 365)

    def __post_init__(self) -> None:
        for part in (self.subject, self.body):
            asked = {language: _blanks_in(part.in_(language)) for language in part.languages()}
            if any(each != asked["sl"] for each in asked.values()):
                raise ValueError(f"message {self.name!r} asks for different things in different languages: {asked}")

    def blanks(self) -> frozenset[str]:
        """The names that are to be filled in."""
        return _blanks_in(self.subject.sl) | _blanks_in(self.body.sl)


def _blanks_in(text: str) -> frozenset[str]:
    """The names in braces; ValueError for anything but plain names."""
    found = [(name, form, conversion) for _, name, form, conversion in Formatter().parse(text) if name is not None]
    for name, form, conversion in found:
        if not name.isidentifier() or form or conversion:
            raise ValueError(f"{{{name}}} is not a plain name in braces: {text!r}")
    return frozenset(name for name, _, _ in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module's manifest. ValueError from the constructor says what is wrong, and in which module."""

    name: ModuleName
    title: Text
    address: Text
    """Its part of a page's address in each language: `/celje/parkiranje/`, `/en/celje/parking/`."""
    summary: Text
    level: Level = Level.CITY
    always_on: bool = False
    """At work in every city without being switched on."""
    requires: tuple[ModuleName, ...] = ()
    offers: tuple[str, ...] = ()
    """Names in `public.py` that other modules may use."""
    entity_types: tuple[EntityType, ...] = ()
    permissions: tuple[Permission, ...] = ()
    roles: tuple[Role, ...] = ()
    life_events: tuple[LifeEvent, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    events: tuple[str, ...] = ()
    """Class names in `events.py` that others may react to."""
    settings: tuple[Setting, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()
    messages: tuple[MessageTemplate, ...] = ()
    consents: tuple[ConsentRequest, ...] = ()

    def __post_init__(self) -> None:
        if not MODULE_NAME.fullmatch(self.name):
            raise ValueError(f"a module is named domain/name, not {self.name!r}")
        for language in self.address.languages():
            if not CODE.fullmatch(self.address.in_(language)):
                raise self._wrong(
                    f"address {self.address.in_(language)!r} is not lower-case letters, digits and dashes"
                )
        for permission in self.permissions:
            if not KEBAB.fullmatch(permission.name):
                raise self._wrong(f"permission {permission.name!r} is not kebab verb-noun such as 'grant-permit'")
        self._check_unique()
        self._check_roles()
        for entity_type in self.entity_types:
            if entity_type.open and not entity_type.licence:
                raise self._wrong(f"open entity type {entity_type.name} names no licence")

    @property
    def domain(self) -> str:
        return self.name.split("/")[0]

    @property
    def label(self) -> str:
        """Its Django app label and table prefix: `mobility_parking`."""
        return self.name.replace("/", "_")

    def _wrong(self, what: str) -> ValueError:
        return ValueError(f"module {self.name}: {what}")

    def _check_unique(self) -> None:
        named: dict[str, Iterable[str]] = {
            "entity type": (item.name for item in self.entity_types),
            "permission": (item.name for item in self.permissions),
            "role": (item.name for item in self.roles),
            "indicator": (item.name for item in self.indicators),
            "setting": (item.name for item in self.settings),
            "personal data": (item.name for item in self.personal_data),
            "message": (item.name for item in self.messages),
            "consent": (item.name for item in self.consents),
        }
        for kind, names in named.items():
            seen: set[str] = set()
            for name in names:
                if name in seen:
                    raise self._wrong(f"{kind} {name!r} is declared twice")
                seen.add(name)

    def _check_roles(self) -> None:
        declared = {permission.name for permission in self.permissions}
        for role in self.roles:
            if unknown := set(role.permissions) - declared:
                raise self._wrong(f"role {role.name!r} gives undeclared permissions: {', '.join(sorted(unknown))}")

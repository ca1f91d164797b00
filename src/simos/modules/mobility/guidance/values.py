"""Guidance's values: what a panel is, what is known of what it serves, what it is to show and what it reports."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from simos.kernel.geo import Point
from simos.kernel.ids import EntityId, entity_id

SIGN = "VariableMessageSign"
"""What a panel is in the hub."""
WANTED = "wanted"
REPORT = "VariableMessageSignStatus"
"""What a panel writes there of itself."""
SHOWN, STATUS, HEARTBEAT = "shown", "workingStatus", "heartbeat"

ORDER = "panels"
"""All that the hub is told of a city's panels reaches it in order of commit."""

GROUP = "group:"
"""How a line names a group of facilities: `group:center`."""

Lines = tuple[str, ...]
Pages = tuple[Lines, ...]
"""What a panel shows: the texts of its lines; of several pages it shows each for some seconds."""


def sign_of(city: str, code: str) -> EntityId:
    """The panel's identifier in the hub."""
    return entity_id(SIGN, city, code)


def report_of(city: str, code: str) -> EntityId:
    """The identifier of what the panel reports."""
    return entity_id(REPORT, city, code)


def code_of(entity: str) -> str:
    """The inverse of both: the panel's code."""
    return entity.split(":", 4)[4]


class Kind(StrEnum):
    """What a panel is for."""

    DIRECTION = "direction"  # at a road, read while driving
    INFORMATION = "information"  # a screen to touch


class Colour(StrEnum):
    """The colour in which a panel's dots shine."""

    AMBER = "amber"
    WHITE = "white"
    GREEN = "green"
    RED = "red"


class Arrow(StrEnum):
    """Where a line of a panel points, as the driver sees it."""

    AHEAD = "ahead"
    LEFT = "left"
    RIGHT = "right"
    HALF_LEFT = "half-left"
    HALF_RIGHT = "half-right"
    BACK = "back"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a panel: where its arrow points, what is printed there, and the facilities or groups it serves.

    `advice`: it stands empty until another line is full, and then names the nearest of `serves` that has room.
    """

    arrow: Arrow
    label: str
    serves: tuple[str, ...]
    advice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelFacts:
    """What an office knows of a panel. `facing`: degrees from north in which the traffic drives that reads it.

    `characters`: of its display in each line. `limit`: minutes after which a count is too old for it.
    """

    code: str
    name: str
    kind: Kind = Kind.DIRECTION
    place: Point | None = None
    street: str = ""
    facing: int | None = None
    lines: tuple[Line, ...] = ()
    characters: int = 6
    colour: Colour = Colour.AMBER
    languages: tuple[str, ...] = ("sl",)
    limit: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a facility just now. `free` None: nothing was ever counted; `capacity` None: nobody knows."""

    code: str
    name: str
    place: Point | None = None
    capacity: int | None = None
    free: int | None = None
    observed_at: datetime | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What an officer has a panel show, whatever is counted, until `until`."""

    lines: Lines
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a panel is to show. `full`: the numbers of its lines that say so, from which hysteresis goes on."""

    pages: Pages
    full: frozenset[int] = frozenset()
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a panel was to show until `until`."""

    pages: Pages
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a panel said of itself: what it shows, when it was last heard of, and whether its connection broke off."""

    shown: Pages | None = None
    heard_at: datetime | None = None
    offline: bool = False


class Condition(StrEnum):
    """How a panel is."""

    WORKING = "working"
    UNSEEN = "unseen"  # never heard of: it is not connected yet
    SILENT = "silent"  # not heard of for too long
    OFFLINE = "offline"  # its connection broke off
    DIFFERS = "differs"  # it says that it shows something else

    @property
    def is_fault(self) -> bool:
        return self in (Condition.SILENT, Condition.OFFLINE, Condition.DIFFERS)

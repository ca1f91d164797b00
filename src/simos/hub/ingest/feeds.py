"""Feeds: where data of others comes from and what it means, one YAML file each in a folder; and how each does.

Nothing is fetched or stored here. A file that is wrong hurts only its own feed, and says why. A changed file counts
within seconds.
"""

import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

import orjson
from pydantic import BeforeValidator, Field, model_validator

from simos.hub.ingest.mapping import Filled, Found, Mapping
from simos.hub.ingest.rows import Known
from simos.hub.ingest.sheets import Part, read_sheet
from simos.hub.topic_filters import is_filter, matches
from simos.hub.values import TENANT_NAME
from simos.kernel.errors import Problem

log = logging.getLogger(__name__)

NAME_PATTERN = "*.yaml"
COUNTERS_REMEMBERED = 16
"""Of each device, its last frame counters: what comes again with one of them is the same message."""

TOPIC = "feed"
"""Under which the store notes how feeds do."""


class Mqtt(Part):
    """Topics of the embedded broker, or of another."""

    topics: tuple[str, ...] = Field(
        min_length=1, description="Topic filters, such as `application/+/device/+/event/up`."
    )
    broker: str = Field(
        default="", description="`mqtt://user@host:1883` or `mqtts://...` of another broker; else the embedded one."
    )
    secret: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9._-]*$",
        description="File in `secrets` in the home folder with the password for it.",
    )

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        for topic in self.topics:
            if not is_filter(topic) or topic in ("#", "+"):
                raise ValueError(
                    f"{topic!r} is no topic filter that says something: # stands at the end, + for a level"
                )
        if self.broker and (
            urlsplit(self.broker).scheme not in ("mqtt", "mqtts") or not urlsplit(self.broker).hostname
        ):
            raise ValueError("a broker's address is mqtt://user@host:1883, or mqtts:// for TLS")
        return self


class Poll(Part):
    """An address that is asked again and again."""

    url: str = Field(pattern=r"^https?://.+", description="`https://...` of the document.")
    every: float = Field(default=300, ge=5, le=86_400, description="Seconds between two looks.")
    headers: dict[str, str] = Field(default={}, description="Sent with each request.")
    secret: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9._-]*$",
        description="File in `secrets` in the home folder, sent as `Authorization: Bearer`.",
    )


class DeviceRule(Part):
    """Which device a record is from. Short: the template of its id alone."""

    id: Filled = Field(description="Template: `{device}`.")
    name: Found | None = Field(default=None, description="What people call it.")
    battery: Found | None = Field(default=None, description="Charge of its battery in percent.")
    every: float | None = Field(
        default=None, gt=0, description="Seconds after which it usually sends; else that is learnt."
    )


def _template_alone(raw: Any) -> Any:
    return raw if isinstance(raw, dict | Part) else {"id": raw}


class Feed(Part):
    """Where data comes from, and what it means. Exactly one of `mqtt`, `push` and `poll`."""

    tenant: str = Field(default="", description="City whose data it is; else the default tenant.")
    mqtt: Mqtt | None = Field(default=None, description="Messages of a broker.")
    push: bool = Field(
        default=False, description="`true`: sent to `POST /ingest/<feed>` with a token that may write it."
    )
    poll: Poll | None = Field(default=None, description="An address that is asked again and again.")
    device: Annotated[DeviceRule, BeforeValidator(_template_alone)] | None = Field(
        default=None, description="Which device a record is from: it is registered, and missed when it falls silent."
    )
    mapping: Mapping = Field(alias="map", description="What the records mean: a mapping.")

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if sum((self.mqtt is not None, self.push, self.poll is not None)) != 1:
            raise ValueError("a feed has exactly one of mqtt, push and poll")
        if self.tenant and not TENANT_NAME.fullmatch(self.tenant):
            raise ValueError(f"tenant: {self.tenant!r} is none; a city's code, such as celje")
        if self.mapping.format == "parquet":
            raise ValueError("Parquet comes in files, not in feeds: use simos hub load")
        return self

    @property
    def source(self) -> str:
        """For people: where it comes from."""
        if self.mqtt is not None:
            where = urlsplit(self.mqtt.broker).hostname if self.mqtt.broker else "embedded broker"
            return f"mqtt {', '.join(self.mqtt.topics)} ({where})"
        return f"poll {self.poll.url}" if self.poll is not None else "push"


def read_feed(text: str, name: str) -> Feed:
    """The feed that a YAML text says; Invalid names lines, fields and what to do."""
    return read_sheet(Feed, text, name)


@dataclass(slots=True)
class Health:
    """How a feed does, counted since it was first seen. Times in microseconds."""

    last_ok: int | None = None
    last_error_at: int | None = None
    last_error: str = ""
    messages: int = 0
    records: int = 0
    stored: int = 0
    rejected: int = 0
    duplicates: int = 0


@dataclass(slots=True)
class Running:
    """A feed at work. `known`: what stands still, so that it is not written again; `counters`: of each device."""

    name: str
    feed: Feed
    health: Health
    known: Known = field(default_factory=dict)
    counters: dict[str, deque[Any]] = field(default_factory=dict)

    def forget(self) -> None:
        """Takes back what was remembered of data that may not be there."""
        self.known.clear()
        self.counters.clear()

    def is_duplicate(self, record: Any) -> bool:
        """Whether an uplink with this frame counter, session and content has come from the device shortly before."""
        if not isinstance(record, dict) or record.get("counter") is None or not record.get("device"):
            return False
        key = (record["counter"], record.get("session"), record.get("data"), orjson.dumps(record.get("values")))
        seen = self.counters.setdefault(record["device"], deque(maxlen=COUNTERS_REMEMBERED))
        if key in seen:
            return True
        seen.append(key)
        return False


def _health(noted: str) -> Health:
    """As it was put down, by whichever release."""
    known = {each.name for each in fields(Health)}
    return Health(**{name: value for name, value in orjson.loads(noted).items() if name in known})


class Feeds:
    """The feeds of a folder, by name: that of the file. `broken`: files that are wrong, each with what is."""

    def __init__(self, folder: Path | None = None, noted: dict[str, str] | None = None) -> None:
        self.folder = folder
        self._noted = noted or {}
        self._stamps: dict[str, tuple[int, int]] = {}
        self.running: dict[str, Running] = {}
        self.broken: dict[str, str] = {}
        self.refresh()

    def refresh(self) -> bool:
        """Reads the files that are new or changed. Whether anything has changed."""
        paths = sorted(self.folder.glob(NAME_PATTERN)) if self.folder is not None and self.folder.is_dir() else []
        stamps = {path.stem: (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}
        if stamps == self._stamps:
            return False
        running, broken = dict[str, Running](), dict[str, str]()
        for path in paths:
            name = path.stem
            if stamps[name] == self._stamps.get(name) and name in self.running:
                running[name] = self.running[name]
                continue
            try:
                running[name] = self._read(path)
            except (Problem, OSError, UnicodeDecodeError) as error:
                broken[name] = str(error)
                log.error("the feed %s is not at work: %s", name, error)
        self.running, self.broken, self._stamps = running, broken, stamps  # at once: others look at them meanwhile
        return True

    def _read(self, path: Path) -> Running:
        feed = read_feed(path.read_text(encoding="utf-8"), path.name)
        before = self.running.get(path.stem)
        return Running(path.stem, feed, before.health if before else _health(self._noted.get(path.stem, "{}")))

    def of_topic(self, topic: str, broker: str = "") -> Running | None:
        """The feed to which a message of the embedded broker (or of `broker`) belongs."""
        for each in self.running.values():
            source = each.feed.mqtt
            if source is not None and source.broker == broker and any(matches(f, topic) for f in source.topics):
                return each
        return None

    def notes(self) -> Iterator[tuple[str, str]]:
        """How each does, to be put down."""
        for name, each in self.running.items():
            yield name, orjson.dumps(asdict(each.health)).decode()

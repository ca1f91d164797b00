"""Rows by the ten thousand into the store, in one transaction, with what would hold had each come as an upsert.

History takes every observation as a column; the present of each entity is moved once, by the same rules (`merge`), with
the observation that would have been left. Here stands only how that one is found; a property test holds both ways
beside each other.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from simos.hub.grouping import Group
from simos.hub.ingest.rows import Column, Rows, datasets_of
from simos.hub.merge_work import CLOCK_TOLERANCE
from simos.hub.ngsild.kinds import MEMBER
from simos.hub.ngsild.times import micros_of_text, text_of_micros
from simos.hub.store.base import Transaction
from simos.hub.values import Attributes, Change, Entity, Instance, Key, Mode, Series, Write
from simos.hub.writer import Bulk, Load

NEVER_SEEN = -(2**63)

_VALUE, _TIME = "\ue000value\ue000", "\ue000time\ue000"


TOPIC = "load"
"""Under which the store notes how far files are loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The next rows of a file. `key`: names file, mapping and tenant. `until`: how much of the file is loaded with it;
    `last`: it is the whole. `notify`: subscribers are told."""

    tenant: str
    key: str
    until: int
    last: bool
    notify: bool
    rows: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a load has done. `until`: no later instant was used for it."""

    observations: int
    corrected: int
    changes: list[Change]
    until: int


def loading(part: Part, keeps_former: Callable[[Change], bool]) -> Load:
    """For the writer: `part` is stored, and noted how far the file is loaded, in one transaction."""

    def act(transaction: Transaction, at: int) -> Bulk:
        done = load(transaction, part.tenant, part.rows, at=at, quiet=not part.notify, keeps_former=keeps_former)
        note = {"until": part.until, "finished": part.last, "at": text_of_micros(at)}
        transaction.put_note(TOPIC, part.key, orjson.dumps(note).decode())
        answer = {"observations": done.observations, "corrected": done.corrected}
        return Bulk(answer=answer, changes=done.changes, until=done.until)

    return act


def load(
    transaction: Transaction,
    tenant: str,
    rows: Rows,
    *,
    at: int,
    quiet: bool,
    keeps_former: Callable[[Change], bool],
) -> Loaded:
    """`rows`, each with a time, are stored at the instant `at`. `quiet`: subscribers are not told."""
    keys: list[Key] = [(tenant, each) for each in rows.ids]
    there = {
        key: entity
        for key, entity in transaction.entities(keys).items()
        if entity.expires_at is None or entity.expires_at > at
    }
    work = _Work(tenant=tenant, rows=rows, there=[there.get(key) for key in keys], at=at)
    for column in rows.columns:
        if column.fixed:
            work.stand(column)
        else:
            work.observe(column)
    group = Group(present=dict(there), before=frozenset(there))
    until = at
    for write in work.writes():
        group.apply(write, until)
        until += 1
    group.points = [point for point in group.points if point.got_at is None]  # the others are in the series
    corrections = transaction.record_series(work.series)
    group.correct(corrections, until)
    if quiet:
        group.changes = [replace(change, quiet=True) for change in group.changes]
    changes = group.store(transaction, until, keeps_former)
    return Loaded(observations=rows.observations, corrected=len(corrections), changes=changes, until=until)


@dataclass(slots=True)
class _Latest:
    """What the present of one attribute and dataset would be by now."""

    at: int = NEVER_SEEN
    text: str = ""


@dataclass(slots=True, kw_only=True)
class _Work:
    """One load under way. `there`: of each of the rows' entities its present. `chain`: upserts that end in the present
    that is wanted; where no clock was wrong, one of each entity."""

    tenant: str
    rows: Rows
    there: list[Entity | None]
    at: int
    series: Series = field(init=False)
    chain: list[list[Attributes]] = field(init=False)

    def __post_init__(self) -> None:
        self.series = Series(tenant=self.tenant, keys=[], which=[], at=[], instances=[], numbers=[], got_at=self.at)
        self.chain = [[{}] for _ in self.rows.ids]

    def observe(self, column: Column) -> None:
        """Takes in a column of measurements: all of them for history, the newest for the present."""
        series, rows, limit = self.series, self.rows, self.at + CLOCK_TOLERANCE
        numbers: dict[tuple[int, str], int] = {}
        latest: list[_Latest] = []
        first = len(series.keys)
        texts = _instances(column, rows.at)
        for place, dataset, at, text, value in zip(
            rows.which, datasets_of(column), rows.at, texts, column.values, strict=True
        ):
            if value is None or at is None:
                continue
            number = numbers.get((place, dataset))
            if number is None:
                number = numbers[place, dataset] = len(latest)
                latest.append(_stored(self.there[place], column.attribute, dataset))
                series.keys.append((rows.ids[place], column.attribute, dataset))
            known = latest[number]
            if at > known.at:
                known.at, known.text = at, text
            elif at == known.at:
                if text == known.text:
                    continue  # as it is already
                known.text = text
            elif known.at > limit:  # a clock was ahead: what claims to be from the future holds nothing up
                self._follow(place, column.attribute, known.text)
                known.at, known.text = at, text
            series.which.append(first + number)
            series.at.append(at)
            series.instances.append(text)
            series.numbers.append(float(value) if type(value) is int or type(value) is float else None)
        for (place, _), number in numbers.items():
            self._put(place, column.attribute, orjson.loads(latest[number].text))

    def stand(self, column: Column) -> None:
        """Takes in a column of what stands still: the last of each, where it is another than is known."""
        last: dict[tuple[int, str], Any] = {}
        for place, dataset, value in zip(self.rows.which, datasets_of(column), column.values, strict=True):
            if value is not None:
                last[place, dataset] = value
        member = MEMBER[column.kind]
        for (place, dataset), value in last.items():
            instance = {**column.frame, member: value, **({"datasetId": dataset} if dataset else {})}
            if not _says(_instance(self.there[place], column.attribute, dataset), instance):
                self._put(place, column.attribute, instance)

    def _put(self, place: int, attribute: str, instance: Instance) -> None:
        self.chain[place][-1].setdefault(attribute, []).append(instance)

    def _follow(self, place: int, attribute: str, text: str) -> None:
        """One more upsert, after which an older one may follow."""
        self.chain[place].insert(-1, {attribute: [orjson.loads(text)]})

    def writes(self) -> Iterator[Write]:
        for entity, steps in zip(self.rows.ids, self.chain, strict=True):
            for attributes in filter(None, steps):
                yield Write(
                    tenant=self.tenant, id=entity, mode=Mode.UPSERT, types=self.rows.types, attributes=attributes
                )


def _instance(entity: Entity | None, attribute: str, dataset: str) -> Instance | None:
    for instance in entity.attributes.get(attribute, ()) if entity else ():
        if instance.get("datasetId", "") == dataset:
            return instance
    return None


def _stored(entity: Entity | None, attribute: str, dataset: str) -> _Latest:
    found = _instance(entity, attribute, dataset)
    if found is None or "observedAt" not in found:
        return _Latest()
    own = {key: inner for key, inner in found.items() if key not in ("createdAt", "modifiedAt")}
    return _Latest(micros_of_text(found["observedAt"]), orjson.dumps(own, option=orjson.OPT_SORT_KEYS).decode())


def _says(stored: Instance | None, given: Instance) -> bool:
    """Whether what is stored says the same, whenever that was observed."""
    if stored is None:
        return False
    said = {key: inner for key, inner in stored.items() if key not in ("createdAt", "modifiedAt", "observedAt")}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS) == orjson.dumps(given, option=orjson.OPT_SORT_KEYS)


def _instances(column: Column, at: Sequence[int | None]) -> Iterator[str]:
    """The canonical JSON of each row's instance: that of `merge`, put together from pieces."""
    frames: dict[str, tuple[str, str, str]] = {}
    times: dict[int | None, str] = {None: ""}
    value_first = MEMBER[column.kind] < "observedAt"
    for dataset, when, value in zip(datasets_of(column), at, _json_texts(column.values), strict=True):
        frame = frames.get(dataset)
        if frame is None:
            frame = frames[dataset] = _frame(column, dataset)
        time = times.get(when)
        if time is None:
            time = times[when] = text_of_micros(when or 0)
        head, middle, tail = frame
        yield f"{head}{value}{middle}{time}{tail}" if value_first else f"{head}{time}{middle}{value}{tail}"


def _frame(column: Column, dataset: str) -> tuple[str, str, str]:
    """An instance's text around its time and its value, in the order of their names."""
    instance = {**column.frame, MEMBER[column.kind]: _VALUE, "observedAt": _TIME}
    if dataset:
        instance["datasetId"] = dataset
    text = orjson.dumps(instance, option=orjson.OPT_SORT_KEYS).decode()
    first, second = sorted((f'"{_VALUE}"', f"{_TIME}"), key=text.index)
    head, _, rest = text.partition(first)
    middle, _, tail = rest.partition(second)
    return head, middle, tail


def _json_texts(values: list[Any]) -> list[str]:
    if {*map(type, values)} <= {int, float, type(None)}:
        return orjson.dumps(values)[1:-1].decode().split(",") if values else []
    return [orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() for value in values]

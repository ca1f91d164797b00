"""The attributes of one entity while a write is put over them, with the points of history that come of it. Pure.

Instances are shared between the entity before and after: nobody may change one in place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import orjson

from simos.hub.ngsild.times import micros_of_text, text_of_micros
from simos.hub.values import Attributes, Entity, Instance, Point, Write

CLOCK_TOLERANCE = 5 * 60 * 1_000_000
"""Microseconds by which a source's clock may be ahead of ours and still be believed."""


def keeps_the_newer(stored: Instance, given: Instance, *, at: int) -> bool:
    """Whether the present, at `at`, stays with `stored`: it was observed later than `given`.

    Our deliberate rule, so that measurements that come late or twice never move the present backwards. The standard
    leaves it open. `given` still goes into history. What claims to be from the future holds nothing up: else one device
    with a wrong clock would silence a thing until that time comes.
    """
    observed, newer = given.get("observedAt"), stored.get("observedAt")
    if not (observed and newer and observed[:-1] < newer[:-1]):  # without Z, canonical times sort as text
        return False
    return micros_of_text(newer) <= at + CLOCK_TOLERANCE


def _canonical(instance: Instance) -> bytes:
    if "createdAt" in instance:
        instance = {key: inner for key, inner in instance.items() if key not in ("createdAt", "modifiedAt")}
    return orjson.dumps(instance, option=orjson.OPT_SORT_KEYS)


def _is_stored(stored: Instance, given: Instance) -> bool:
    """The same content with the same observedAt. Compared as JSON: to Python, 1 and True are equal."""
    observed = given.get("observedAt")
    if observed is None or observed != stored.get("observedAt"):
        return False
    if any(stored.get(key) != inner for key, inner in given.items()):
        return False
    return _canonical(stored) == _canonical(given)


def _place_of(instances: Sequence[Instance], dataset: str) -> int:
    for place, instance in enumerate(instances):
        if instance.get("datasetId", "") == dataset:
            return place
    return -1


@dataclass(slots=True)
class Work:
    """The attributes of one entity while a write is being applied to them."""

    write: Write
    at: int
    text: str
    attributes: Attributes
    touched: dict[str, None] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    not_updated: dict[str, str] = field(default_factory=dict)

    @classmethod
    def on(cls, current: Entity | None, write: Write, at: int) -> "Work":
        return cls(write, at, text_of_micros(at), dict(current.attributes) if current else {})

    def add_point(self, name: str, instance: Instance, observed: str | None) -> None:
        value = instance.get("value")
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        self.points.append(
            Point(
                tenant=self.write.tenant,
                entity=self.write.id,
                attribute=name,
                dataset=instance.get("datasetId", ""),
                at=self.at if observed is None else micros_of_text(observed),
                instance=_canonical(instance),
                number=number,
                got_at=None if observed is None else self.at,
            )
        )

    def set(self, name: str, given: Instance, stored: Instance | None = None, *, observed: str | None = None) -> None:
        """`given` becomes the instance of its dataset, unless the one `stored` is newer or the same."""
        if stored is not None:
            if _is_stored(stored, given):
                return
            if keeps_the_newer(stored, given, at=self.at):
                self.add_point(name, given, observed)
                return
        self.add_point(name, given, observed)
        created = stored.get("createdAt", self.text) if stored is not None else self.text
        self._put(name, given.get("datasetId", ""), {**given, "createdAt": created, "modifiedAt": self.text})

    def delete(self, name: str, dataset: str) -> None:
        self._put(name, dataset, None)

    def _put(self, name: str, dataset: str, instance: Instance | None) -> None:
        self.touched[name] = None
        instances = self.attributes.get(name, ())
        place = _place_of(instances, dataset)
        if instance is not None and place == len(instances) - 1 <= 0:
            self.attributes[name] = [instance]
            return
        put = [] if instance is None else [instance]
        left = [*instances, *put] if place < 0 else [*instances[:place], *put, *instances[place + 1 :]]
        if left:
            self.attributes[name] = left
        else:
            self.attributes.pop(name, None)

    def given(self) -> Iterator[tuple[str, Instance, Instance | None]]:
        """Each attribute instance of the write, with the stored one of its dataset."""
        for name, instances in self.write.attributes.items():
            stored = self.attributes.get(name, ())
            for instance in instances:
                place = _place_of(stored, instance.get("datasetId", "")) if stored else -1
                yield name, instance, stored[place] if place >= 0 else None

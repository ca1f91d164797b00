"""What one transaction of the hub's writer gathers before it is stored: the present, points of history, changes.

Knows the order in which the parts are stored, and nothing of threads and answers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from simos.hub.merge import apply
from simos.hub.ngsild import correction_change
from simos.hub.past import deletions, past_of, with_record
from simos.hub.store.base import Transaction
from simos.hub.values import Change, Correction, Entity, Key, Mode, Outcome, Point, Write


@dataclass(slots=True)
class Group:
    """What one transaction gathers before it is stored."""

    present: dict[Key, Entity | None]
    before: frozenset[Key]
    touched: dict[Key, None] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    buried: list[Point] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    recorded: list[tuple[Write, int]] = field(default_factory=list)

    def apply(self, write: Write, at: int) -> Outcome:
        key = (write.tenant, write.id)
        effect = apply(self.present.get(key), write, at=at)
        if effect.changed:
            self.present[key] = effect.entity
            self.touched[key] = None
        if write.mode is Mode.RECORD and effect.entity is None:
            self.recorded.append((write, at))
        self.points.extend(effect.points)
        self.buried.extend(effect.buried)
        if effect.change is not None:
            self.changes.append(effect.change)
        return effect.outcome

    def store(self, transaction: Transaction, at: int, keeps_former: Callable[[Change], bool]) -> list[Change]:
        """Puts all of it into the transaction; the changes come back with their numbers."""
        now_there = [entity for key in self.touched if (entity := self.present[key]) is not None]
        gone = [key for key in self.touched if self.present[key] is None and key in self.before]
        if now_there:
            transaction.put(now_there)
        if gone:
            transaction.delete(gone)
        for part in _each_key_once(self.points):
            self.correct(transaction.record(part), at)
        self._store_the_past(transaction)
        if not self.changes:
            return []
        last = transaction.append(
            [each if not each.former or keeps_former(each) else replace(each, former={}) for each in self.changes]
        )
        first = last - len(self.changes) + 1
        return [replace(change, seq=seq) for seq, change in enumerate(self.changes, start=first)]

    def _store_the_past(self, transaction: Transaction) -> None:
        """What was deleted, and the types of entities that have a history and no present."""
        if buried := [*self.buried, *(point for change in self.changes for point in deletions(change))]:
            transaction.bury(buried)
        pasts = {past.key: past for change in self.changes if (past := past_of(change))}
        if self.recorded:
            known = transaction.pasts((write.tenant, write.id) for write, _ in self.recorded)
            for write, at in self.recorded:
                past = with_record(
                    pasts.get((write.tenant, write.id)) or known.get((write.tenant, write.id)), write, at
                )
                pasts[past.key] = past
        if pasts:
            transaction.put_pasts(list(pasts.values()))

    def correct(self, corrections: Sequence[Correction], at: int) -> None:
        """Takes in what was corrected in history."""
        for correction in corrections:
            entity = self.present.get((correction.point.tenant, correction.point.entity))
            change = correction_change(correction, entity.types if entity else ())
            self.changes.append(replace(change, at=at))


def _each_key_once(points: list[Point]) -> Iterator[list[Point]]:
    """`points` in order, cut so that no part holds two of the same key: the second is a correction of the first."""
    part: list[Point] = []
    seen: set[tuple[str, str, str, str, int]] = set()
    for point in points:
        key = (point.tenant, point.entity, point.attribute, point.dataset, point.at)
        if key in seen:
            yield part
            part, seen = [], set()
        part.append(point)
        seen.add(key)
    if part:
        yield part

"""Regular expressions whose matching takes time in proportion to the text, whatever the expression: for `q` and ids.

The tree becomes states, and sets of states met become moves that are kept (Thompson 1968). Python's own `re` can be
made to run for hours by a short expression, and expressions come from strangers here.
"""

from dataclasses import dataclass
from functools import lru_cache

from simos.hub.problems import TooComplexQuery
from simos.hub.query.regex_text import Choice, Edge, Node, Repeat, Sequence, Test, tree_of

_STATES = 3000
_SETS_KEPT = 1000
_MOVES_KEPT = 20_000

Closed = frozenset[int]


@dataclass(slots=True)
class _State:
    """Go on to `ways`: after a sign that passes `test`; or at once (None), perhaps only at an `edge` of the text."""

    test: Test | None
    ways: list[int]
    edge: Edge | None = None


class Pattern:
    """A compiled expression. `is_in`: whether it matches at any place."""

    def __init__(self, text: str) -> None:
        self._states: list[_State] = []
        self._end = self._add(None, [])
        self._begin = self._lay(tree_of(text), self._end)
        self._first = self._closed([self._begin], at_start=True)
        self._sets: dict[Closed, Closed] = {self._first: self._first}
        self._moves: dict[tuple[Closed, str], Closed] = {}

    @staticmethod
    @lru_cache(maxsize=256)
    def of(text: str) -> "Pattern":
        """The pattern of an expression; BadRequestData or TooComplexQuery where it cannot be used."""
        return Pattern(text)

    def is_in(self, text: str) -> bool:
        """Whether the expression matches somewhere in `text`."""
        now, end = self._first, self._end
        for sign in text:
            if end in now:
                return True
            moved = self._moves.get((now, sign))
            now = moved if moved is not None else self._move(now, sign)
        return end in now or self._end in self._closed(now, at_start=not text, at_end=True)

    def _move(self, now: Closed, sign: str) -> Closed:
        reached = [self._begin]
        for place in now:
            state = self._states[place]
            if state.test is not None and state.test(sign):
                reached.extend(state.ways)
        closed = self._closed(reached)
        if len(self._moves) >= _MOVES_KEPT or len(self._sets) >= _SETS_KEPT:
            self._moves, self._sets = {}, {}
        closed = self._sets.setdefault(closed, closed)
        self._moves[now, sign] = closed
        return closed

    def _closed(self, places: "list[int] | Closed", *, at_start: bool = False, at_end: bool = False) -> Closed:
        """`places` and those that are reached from them without a sign."""
        found = set(places)
        waiting = list(found)
        while waiting:
            state = self._states[waiting.pop()]
            if state.test is not None or (state.edge and not (at_start if state.edge.start else at_end)):
                continue
            for way in state.ways:
                if way not in found:
                    found.add(way)
                    waiting.append(way)
        return frozenset(found)

    def _add(self, test: Test | None, ways: list[int], edge: Edge | None = None) -> int:
        if len(self._states) >= _STATES:
            raise TooComplexQuery("the regular expression is too large: its repetitions multiply")
        self._states.append(_State(test, ways, edge))
        return len(self._states) - 1

    def _lay(self, node: Node, then: int) -> int:
        """The first state of `node`, after which comes `then`."""
        if isinstance(node, Sequence):
            for part in reversed(node.nodes):
                then = self._lay(part, then)
            return then
        if isinstance(node, Choice):
            return self._add(None, [self._lay(part, then) for part in node.nodes])
        if isinstance(node, Repeat):
            return self._lay_repeat(node, then)
        if isinstance(node, Edge):
            return self._add(None, [then], node)
        return self._add(node.test, [then])

    def _lay_repeat(self, node: Repeat, then: int) -> int:
        if node.most is None:
            place = self._add(None, [then])
            self._states[place].ways.append(self._lay(node.node, place))
        else:
            place = then
            for _ in range(node.most - node.least):
                place = self._add(None, [self._lay(node.node, place), then])
        for _ in range(node.least):
            place = self._lay(node.node, place)
        return place

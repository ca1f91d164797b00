"""Entity queries in SQL, and in Python what only that can judge: what q means is `holds`'s to say."""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Iterator, Sequence
from itertools import chain

from simos.hub.query import Pattern, holds
from simos.hub.store.base import EntityQuery
from simos.hub.store.rows import ENTITY, LOCATION, Row, entity_of
from simos.hub.store.session import Session
from simos.hub.store.value_index import narrowed, sought_in
from simos.hub.values import Entity, Page
from simos.kernel.clock import micros_of, now

AT_ONCE = 500
"""Entities looked at in one go where each has to be judged in Python."""

WORTH_AN_INDEX = 2000
"""Entities that were looked at in Python: past that an index of the values that are asked for is wished."""

_ENTITY = ", ".join(f"e.{column}" for column in ENTITY)
_ALIVE = "(e.expires_at IS NULL OR e.expires_at > ?)"
_SOME_EXPIRE = "SELECT 1 FROM entity WHERE expires_at IS NOT NULL LIMIT 1"
_INDEXED = "SELECT attribute, single FROM value_index WHERE tenant = ? AND ready = 1"


class Selection:
    """An entity query as SQL, without what only Python can judge."""

    def __init__(self, query: EntityQuery, session: Session) -> None:
        self._session = session
        self.wished: tuple[str, ...] = ()
        self.looked_at = 0
        self._box = query.geo.box() if query.geo and query.geo.geoproperty == LOCATION else None
        entity = session.placed if self._box else "entity e"
        self._source, self._id = entity, "e.id"
        self._where: list[str] = ["e.tenant = ?"]
        self._parameters: list[object] = [query.tenant]
        if len(query.types) == 1:  # the index of types has them in order of id: a page needs nothing more
            self._id = "t.entity"
            self._source = f"entity_type t JOIN {entity} ON e.tenant = t.tenant AND e.id = t.entity"
            self._where = ["t.tenant = ?"]
            self._and("t.type = ?", query.types[0])
        elif query.types:
            self._named("type", query.types, narrowed=False)
        if query.ids:
            self._and(f"{self._id} {session.any_of}", session.listed(query.ids))
        if query.attributes:
            self._named("attribute", query.attributes, narrowed=bool(query.types or query.ids))
        self._by_value(query)
        self._in_types_alone = len(query.types) == 1 and not self._box
        if session.rows(_SOME_EXPIRE):
            self._in_types_alone = False
            self._and(_ALIVE, micros_of(now()))
        if self._box:
            self._and(session.overlapping, self._box.west, self._box.south, self._box.east, self._box.north)

    def _and(self, condition: str, *parameters: object) -> None:
        self._where.append(condition)
        self._parameters.extend(parameters)

    def _named(self, column: str, names: Sequence[str], *, narrowed: bool) -> None:
        """Bears one of `names`: tried on each where few are left, otherwise taken from the index."""
        inner = f"FROM entity_{column} n WHERE n.{column} {self._session.any_of} AND n.tenant = "
        listed = self._session.listed(names)
        if narrowed:
            self._and(f"EXISTS (SELECT 1 {inner} ? AND n.entity = {self._id})", listed, self._parameters[0])
        else:
            self._and(f"e.id IN (SELECT n.entity {inner} ?)", listed, self._parameters[0])

    def _by_value(self, query: EntityQuery) -> None:
        """Narrows by what `q` says of values that are in their index."""
        self._by_ids = bool(self._box)
        sought = sought_in(query.q)
        if not sought:
            return
        names = sorted({each.attribute for each in sought})
        sql = f"{_INDEXED} AND attribute {self._session.any_of}"
        single = {name: bool(one) for name, one in self._session.rows(sql, (query.tenant, self._session.listed(names)))}
        self.wished = tuple(name for name in names if name not in single)
        for each in narrowed([each for each in sought if each.attribute in single], single):
            self._by_ids = True
            spans = " OR ".join(["v.value BETWEEN ? AND ?"] * len(each.spans)) or "1 = 0"
            limits = [limit for span in each.spans for limit in span]
            inner = f"SELECT v.entity FROM entity_value v WHERE v.tenant = ? AND v.attribute = ? AND ({spans})"
            self._and(f"{self._id} IN ({inner})", query.tenant, each.attribute, *limits)

    def page(self, limit: int, *, offset: int = 0, after: str = "") -> list[Row]:
        """At most `limit` rows in order of id, from the one after the id `after`."""
        where = " AND ".join([*self._where, f"{self._id} > ?"])
        sql = f"SELECT {_ENTITY} FROM {self._source} WHERE {where} ORDER BY {self._id} LIMIT ? OFFSET ?"
        return self._session.rows(sql, (*self._parameters, after, limit, offset))

    def parts(self) -> Iterator[list[Row]]:
        """All rows in order of id, some at a time."""
        if self._by_ids:  # no index has those of one place, or value, in order of id: their ids first, and once
            sql = f"SELECT {self._id} FROM {self._source} WHERE {' AND '.join(self._where)}"
            ids = sorted(entity_id for (entity_id,) in self._session.rows(sql, self._parameters))
            some = f"SELECT {_ENTITY} FROM entity e WHERE e.tenant = ? AND e.id {self._session.any_of} ORDER BY e.id"
            for start in range(0, len(ids), AT_ONCE):
                listed = self._session.listed(ids[start : start + AT_ONCE])
                yield self._session.rows(some, (self._parameters[0], listed))
            return
        after, full = "", True
        while full:
            rows = self.page(AT_ONCE, after=after)
            yield rows
            if full := len(rows) == AT_ONCE:
                after = rows[-1][1]

    def wishes(self) -> tuple[str, ...]:
        """The attributes that are worth an index, after so much was looked at."""
        return self.wished if self.looked_at >= WORTH_AN_INDEX else ()

    def total(self) -> int:
        source = "entity_type t" if self._in_types_alone else self._source
        sql = f"SELECT count(*) FROM {source} WHERE {' AND '.join(self._where)}"
        total: int = self._session.rows(sql, self._parameters)[0][0]
        return total


def page_of(query: EntityQuery, session: Session) -> Page:
    """The entities that `query` asks for."""
    selection = Selection(query, session)
    if query.in_order is not None:
        return _ordered_page(query, selection)
    if query.q or query.geo or query.id_pattern or query.meets:
        return _judged_page(query, selection)
    return Page(
        entities=[entity_of(row) for row in selection.page(query.limit, offset=query.offset)],
        total=selection.total() if query.count else None,
    )


def _judged_page(query: EntityQuery, selection: Selection) -> Page:
    page, met, end = list[Entity](), 0, query.offset + query.limit
    for entity in _fitting(query, selection):
        if met >= end and not query.count:
            break
        if query.offset <= met < end:
            page.append(entity)
        met += 1
    return Page(entities=page, total=met if query.count else None, wished=selection.wishes())


def _ordered_page(query: EntityQuery, selection: Selection) -> Page:
    assert query.in_order is not None
    found = query.in_order(_fitting(query, selection))
    page = found[query.offset : query.offset + query.limit]
    return Page(entities=page, total=len(found) if query.count else None, wished=selection.wishes())


def _fitting(query: EntityQuery, selection: Selection) -> Iterator[Entity]:
    matches = Pattern.of(query.id_pattern).is_in
    for row in chain.from_iterable(selection.parts()):
        selection.looked_at += 1
        if matches(row[1]) and _holds(query, entity := entity_of(row)):
            yield entity


def _holds(query: EntityQuery, entity: Entity) -> bool:
    return (
        (query.meets is None or query.meets(entity))
        and (query.q is None or holds(query.q, entity, query.linked))
        and (query.geo is None or query.geo.holds(entity))
    )

"""A write transaction in SQL that both databases understand. Knows nothing of connections and of what writes mean."""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

from simos.hub.store.keeping import Keeping, overwriting
from simos.hub.store.rollups import RollingTransaction
from simos.hub.store.rows import (
    COLUMNS,
    ENTITY,
    Row,
    change_row,
    entity_of,
    entity_row,
    past_of,
    past_row,
    point_row,
)
from simos.hub.store.session import KEEP, Session
from simos.hub.store.shelves import Shelves
from simos.hub.store.value_index import keys_of
from simos.hub.values import (
    Change,
    Correction,
    Entity,
    Key,
    Past,
    Point,
    Series,
)

SeriesKey = tuple[str, str, str, str]
"""(tenant, entity, attribute, dataset)."""

SERIES_REMEMBERED = 200_000

INDEXED_AT_ONCE = 1000
"""Entities whose values go into the index in one transaction, when an attribute comes into it."""


class _Names(NamedTuple):
    """By which names an entity is found, as the database has them now."""

    types: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    values: frozenset[tuple[str, str]] = frozenset()
    """(attribute, key) of those that are in the index of values."""


_NOTHING = _Names()


_PUT_ENTITY = overwriting("entity", ("tenant", "id"))
_PUT_POINT = (
    "ON CONFLICT (tenant, series, at) DO UPDATE SET instance = excluded.instance, number = excluded.number, "
    "changed_at = excluded.got_at"
)
_PUT_PAST = overwriting("past", ("tenant", "id"))
_UNINDEX = "DELETE FROM entity_value WHERE tenant = ? AND attribute = ? AND value = ? AND entity = ?"
_NAMES_OF_SERIES = "SELECT entity, attribute, dataset FROM series WHERE tenant = ? AND id = ?"
_BEGIN_INDEX = f"INSERT INTO value_index (tenant, attribute, ready, single) VALUES (?, ?, 0, 1) {KEEP}"
_SEVERAL = "UPDATE value_index SET single = 0 WHERE tenant = ? AND attribute = ?"
_BEARING = (
    f"SELECT {', '.join(f'e.{c}' for c in ENTITY)} FROM entity_attribute a "
    "JOIN entity e ON e.tenant = a.tenant AND e.id = a.entity "
    "WHERE a.tenant = ? AND a.attribute = ? AND a.entity > ? ORDER BY a.entity LIMIT ?"
)
_ENTITIES = f"SELECT {', '.join(f'e.{c}' for c in ENTITY)} FROM"


class SqlTransaction(Keeping, RollingTransaction):
    """Implements `Transaction`. `series` is what the store remembers of ids; what this one learns is in `learnt`, to be
    remembered once it is committed."""

    def __init__(self, session: Session, series: dict[SeriesKey, int], shelves: Shelves) -> None:
        super().__init__(session)
        self._series = series
        self._shelves = shelves
        self._locked: set[Key] = set()
        self._names: dict[Key, _Names] = {}
        self._index: dict[str, dict[str, bool]] | None = None
        self.learnt: dict[SeriesKey, int] = {}

    def entities(self, keys: Iterable[Key]) -> dict[Key, Entity]:
        wanted = sorted(set(keys))
        if not wanted:
            return {}
        self._lock(wanted)
        source, parameters = self._session.keyed(("tenant", "id"), wanted)
        sql = f"{_ENTITIES} {source} JOIN entity e ON e.tenant = k.tenant AND e.id = k.id"
        found = {entity.key: entity for entity in map(entity_of, self._session.rows(sql, parameters))}
        for key in wanted:
            self._names[key] = self._names_of(found[key]) if key in found else _NOTHING
        return found

    def _names_of(self, entity: Entity) -> _Names:
        present = frozenset(name for name, there in entity.attributes.items() if there)
        indexed = self._indexed().get(entity.tenant)
        return _Names(frozenset(entity.types), present, self._values_of(entity, indexed) if indexed else frozenset())

    def _values_of(self, entity: Entity, indexed: dict[str, bool]) -> frozenset[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for attribute in indexed:
            if instances := entity.attributes.get(attribute):
                keys = keys_of(instances)
                found.update((attribute, key) for key in keys)
                if indexed[attribute] and len(keys) > 1:
                    indexed[attribute] = False
                    self._each(_SEVERAL, [(entity.tenant, attribute)])
        return frozenset(found)

    def _indexed(self) -> dict[str, dict[str, bool]]:
        """By tenant the attributes whose values are in the index, and whether every entity has one value at most."""
        if self._index is None:
            self._index = {}
            for tenant, attribute, single in self._session.rows("SELECT tenant, attribute, single FROM value_index"):
                self._index.setdefault(tenant, {})[attribute] = bool(single)
        return self._index

    def index_values(self, tenant: str, attribute: str, *, after: str = "") -> str | None:
        if attribute not in self._indexed().get(tenant, {}):
            self._each(_BEGIN_INDEX, [(tenant, attribute)])
            self._index = None
            self._names.clear()  # what was learnt of entities lacks these values
        rows = self._session.rows(_BEARING, (tenant, attribute, after, INDEXED_AT_ONCE))
        indexed = {attribute: self._indexed()[tenant][attribute]}
        entities = [entity_of(row) for row in rows]
        new = [(tenant, *pair, each.id) for each in entities for pair in sorted(self._values_of(each, indexed))]
        self._insert("entity_value", sorted((t, name, key, entity) for t, name, key, entity in new), KEEP)
        self._index = None
        if len(rows) == INDEXED_AT_ONCE:
            return entities[-1].id
        self._each("UPDATE value_index SET ready = 1 WHERE tenant = ? AND attribute = ?", [(tenant, attribute)])
        return None

    def _lock(self, keys: Iterable[Key]) -> None:
        if new := [key for key in keys if key not in self._locked]:
            self._session.lock(new)
            self._locked.update(new)

    def _learn_names(self, keys: Iterable[Key]) -> None:
        if unknown := [key for key in keys if key not in self._names]:
            self.entities(unknown)

    def put(self, entities: Sequence[Entity]) -> None:
        latest = {entity.key: entity for entity in entities}
        self._learn_names(latest)
        self._insert("entity", (entity_row(latest[key]) for key in sorted(latest)), _PUT_ENTITY)
        self._rename({key: self._names_of(entity) for key, entity in latest.items()})

    def delete(self, keys: Sequence[Key]) -> None:
        self._learn_names(keys)
        self._each("DELETE FROM entity WHERE tenant = ? AND id = ?", sorted(set(keys)))
        self._rename(dict.fromkeys(keys, _NOTHING))

    def _rename(self, names: dict[Key, _Names]) -> None:
        """Makes the two tables of names say what `names` says, touching only what differs."""
        for place, column in enumerate(("type", "attribute")):
            table = f"entity_{column}"
            gone, new = list[Row](), list[Row]()
            for key, wanted in names.items():
                before, after = self._names[key][place], wanted[place]
                gone.extend((key[0], name, key[1]) for name in before - after)
                new.extend((key[0], name, key[1]) for name in after - before)
            self._each(f"DELETE FROM {table} WHERE tenant = ? AND {column} = ? AND entity = ?", sorted(gone))
            self._insert(table, sorted(new), KEEP)
        self._reindex(names)
        self._names |= names

    def _reindex(self, names: dict[Key, _Names]) -> None:
        gone, new = list[Row](), list[Row]()
        for key, wanted in names.items():
            before, after = self._names[key].values, wanted.values
            if before != after:
                gone.extend((key[0], *pair, key[1]) for pair in before - after)
                new.extend((key[0], *pair, key[1]) for pair in after - before)
        self._each(_UNINDEX, sorted(gone))
        self._insert("entity_value", sorted(new), KEEP)

    def record(self, points: Sequence[Point]) -> Sequence[Correction]:
        self._lock({(point.tenant, point.entity) for point in points})
        ids = self._ids_of({_series_of(point) for point in points})
        rows = [point_row(point, ids[_series_of(point)]) for point in points]
        return [Correction(point=points[place], before=before) for place, before in self._record(rows)]

    def record_series(self, series: Series) -> Sequence[Correction]:
        tenant = series.tenant
        self._lock({(tenant, entity) for entity, _, _ in series.keys})
        ids = self._ids_of({(tenant, *key) for key in series.keys})
        numbers = [ids[(tenant, *key)] for key in series.keys]
        points = zip(
            repeat(tenant),
            map(numbers.__getitem__, series.which),
            series.at,
            series.instances,
            series.numbers,
            repeat(series.got_at),
        )
        return [
            Correction(point=_point_in(series, place), before=before) for place, before in self._record(list(points))
        ]

    def _record(self, rows: list[Row]) -> list[tuple[int, bytes]]:
        """Puts rows of history in; of those that were there with another instance, their place and that instance."""
        self._before(rows)
        self._blemish(rows)
        added = self._session.add("history", sorted(rows, key=_place)) if rows else 0
        return [] if added == len(rows) else self._correct(rows)

    def _correct(self, rows: list[Row]) -> list[tuple[int, bytes]]:
        """What is there already is compared one by one, in the order in which it came."""
        source, parameters = self._session.keyed(("tenant", "series", "at"), sorted({_place(row) for row in rows}))
        on = "h.tenant = k.tenant AND h.series = k.series AND h.at = k.at"
        sql = f"SELECT h.tenant, h.series, h.at, h.instance FROM {source} JOIN history h ON {on}"
        stored = {_place(row): row[3] for row in self._session.rows(sql, parameters)}
        corrections, changed = list[tuple[int, bytes]](), dict[Row, Row]()
        for number, row in enumerate(rows):
            place, instance = _place(row), row[3]
            if stored[place] != instance:
                corrections.append((number, stored[place].encode()))
                stored[place], changed[place] = instance, row
        self._insert("history", [changed[place] for place in sorted(changed)], _PUT_POINT)
        return corrections

    def bury(self, points: Sequence[Point]) -> None:
        self._lock({(point.tenant, point.entity) for point in points})
        ids = self._ids_of({_series_of(point) for point in points})
        rows = [(point.tenant, ids[_series_of(point)], point.at, point.instance.decode()) for point in points]
        self._insert("deletion", sorted(rows), KEEP)

    def pasts(self, keys: Iterable[Key]) -> dict[Key, Past]:
        if not (wanted := sorted(set(keys))):
            return {}
        source, parameters = self._session.keyed(("tenant", "id"), wanted)
        listed = ", ".join(f"p.{column}" for column in COLUMNS["past"])
        sql = f"SELECT {listed} FROM {source} JOIN past p ON p.tenant = k.tenant AND p.id = k.id"
        return {past.key: past for past in map(past_of, self._session.rows(sql, parameters))}

    def put_pasts(self, pasts: Sequence[Past]) -> None:
        latest = {past.key: past for past in pasts}
        self._insert("past", [past_row(latest[key]) for key in sorted(latest)], _PUT_PAST)

    def forget(self, tenant: str, entity: str, attribute: str = "", dataset: str | None = None) -> bool:
        self._lock({(tenant, entity)})
        where, parameters = "tenant = ? AND entity = ?", [tenant, entity]
        for column, wanted in (("attribute", attribute or None), ("dataset", dataset)):
            if wanted is not None:
                where += f" AND {column} = ?"
                parameters.append(wanted)
        ids = [series for (series,) in self._session.rows(f"SELECT id FROM series WHERE {where}", parameters)]
        gone = 0
        for table in ("history", "deletion"):
            delete = f"DELETE FROM {table} WHERE tenant = ? AND series = ?"
            gone += self._each(delete, [(tenant, series) for series in ids])
        gone += self._forget_in_lake(tenant, ids)
        self._unroll(tenant, ids)
        if not attribute:
            gone += self._each("DELETE FROM past WHERE tenant = ? AND id = ?", [(tenant, entity)])
        return gone > 0

    def forget_point(self, tenant: str, series: int, at: int) -> bool:
        here = self._each("DELETE FROM history WHERE tenant = ? AND series = ? AND at = ?", [(tenant, series, at)])
        self._blemish([(tenant, series, at)])
        return self._forget_in_lake(tenant, [series], at) or here == 1

    def point(self, tenant: str, series: int, at: int) -> Point | None:
        names = self._session.rows(_NAMES_OF_SERIES, (tenant, series))
        sql = (
            "SELECT series, at, instance, number, got_at, changed_at FROM history "
            "WHERE tenant = ? AND series = ? AND at = ?"
        )
        found = self._session.rows(sql, (tenant, series, at)) or self._lying(tenant, [(series, at)])
        if not names or not found:
            return None
        ((entity, attribute, dataset),), ((_, _, instance, number, got_at, changed_at),) = names, found
        return Point(
            tenant=tenant,
            entity=entity,
            attribute=attribute,
            dataset=dataset,
            at=at,
            instance=instance.encode(),
            number=number,
            got_at=got_at,
            changed_at=changed_at,
            series=series,
        )

    def _ids_of(self, wanted: set[SeriesKey]) -> dict[SeriesKey, int]:
        ids = {key: known for key in wanted if (known := self._series.get(key) or self.learnt.get(key))}
        if unknown := sorted(wanted - ids.keys()):
            found = self._read_series(unknown)
            if missing := [key for key in unknown if key not in found]:
                self._insert("series", missing, KEEP)
                found |= self._read_series(missing)
            self.learnt |= found
            ids |= found
        return ids

    def _read_series(self, keys: list[SeriesKey]) -> dict[SeriesKey, int]:
        columns = COLUMNS["series"]
        source, parameters = self._session.keyed(columns, keys)
        on = " AND ".join(f"s.{column} = k.{column}" for column in columns)
        sql = f"SELECT s.tenant, s.entity, s.attribute, s.dataset, s.id FROM {source} JOIN series s ON {on}"
        return {(row[0], row[1], row[2], row[3]): row[4] for row in self._session.rows(sql, parameters)}

    def head(self) -> int:
        seq: int = self._session.rows("SELECT seq FROM log_head")[0][0]
        return seq

    def append(self, changes: Sequence[Change]) -> int:
        taken = self._session.rows("UPDATE log_head SET seq = seq + ? RETURNING seq", (len(changes),))
        last: int = taken[0][0]
        first = last - len(changes) + 1
        self._insert("change", (change_row(change, seq) for seq, change in enumerate(changes, start=first)))
        return last

    def start_epoch(self, epoch: str) -> None:
        """From here on the log's numbers belong to `epoch`."""
        self._session.rows("UPDATE log_head SET epoch = ?, epoch_start = seq RETURNING seq", (epoch,))


def _series_of(point: Point) -> SeriesKey:
    return (point.tenant, point.entity, point.attribute, point.dataset)


def _point_in(series: Series, place: int) -> Point:
    entity, attribute, dataset = series.keys[series.which[place]]
    return Point(
        tenant=series.tenant,
        entity=entity,
        attribute=attribute,
        dataset=dataset,
        at=series.at[place],
        instance=series.instances[place].encode(),
        number=series.numbers[place],
        got_at=series.got_at,
    )


def _place(row: Row) -> Row:
    return row[:3]

"""What is to be known for moving days into the lake, in SQL that both databases understand. Part of the reader."""

# ruff: noqa: S608  (SQL is put together from our own words; what comes from outside is always a parameter)

from collections.abc import Sequence

from simos.hub.store.rows import Row
from simos.hub.store.session import Session, Sessions
from simos.hub.store.shelves import DAY, Gone, LakeFile, LakePoint, Oldest, files_of, gone_of

_OLDEST = (
    "SELECT id, entity, shelf, at FROM (SELECT s.id, s.entity, s.shelf, "
    "(SELECT min(h.at) FROM history h WHERE h.tenant = s.tenant AND h.series = s.id) AS at "
    "FROM series s WHERE s.tenant = ?) o WHERE at < ?"
)
_OF_DAY = "FROM series s JOIN history h ON h.tenant = s.tenant AND h.series = s.id WHERE s.tenant = ? AND s.shelf = ?"
_COUNTS = f"SELECT s.id, count(*) {_OF_DAY} AND h.at >= ? AND h.at < ? GROUP BY s.id ORDER BY s.id"
_TYPES = (
    "SELECT id, types FROM entity WHERE tenant = ? AND id {0} "
    "UNION ALL SELECT id, types FROM past WHERE tenant = ? AND id {0}"
)


class SqlShelfReader:
    """Implements what `Reader` says of the lake."""

    _sessions: Sessions

    def oldest(self, tenant: str, before: int) -> list[Oldest]:
        with self._sessions.lent() as session:
            return [Oldest(*row) for row in session.rows(_OLDEST, (tenant, before))]

    def types_of(self, tenant: str, ids: Sequence[str]) -> dict[str, str]:
        """The types, as JSON, of those that are, or were, there: of the present before the past."""
        with self._sessions.lent() as session:
            listed = session.listed(sorted(set(ids)))
            rows = session.rows(_TYPES.format(session.any_of), (tenant, listed, tenant, listed))
        return dict(reversed(rows))

    def counts(self, tenant: str, shelf: str, day: int) -> list[tuple[int, int]]:
        """The series of a type that have instances of a day in the database, in order, with how many."""
        with self._sessions.lent() as session:
            return [(series, count) for series, count in session.rows(_COUNTS, (tenant, shelf, day, day + DAY))]

    def lake_files(self, tenant: str | None = None) -> list[LakeFile]:
        with self._sessions.lent() as session:
            return files_of(session, tenant)

    def lake_gone(self, tenant: str) -> list[Gone]:
        with self._sessions.lent() as session:
            return gone_of(session, tenant)

    def shelved(self, tenant: str, shelf: str) -> list[int]:
        """The series that lie under this type."""
        with self._sessions.lent() as session:
            return [series for (series,) in session.rows(_SHELVED, (tenant, shelf))]

    def day_of(self, tenant: str, series: Sequence[int], day: int) -> tuple[list[LakePoint], dict[int, Row]]:
        """The database's instances of these series in a day, in order, and what the series are: entity, attribute,
        dataset."""
        with self._sessions.lent() as session:
            return _points(session, tenant, series, day), _names(session, tenant, series)


_SHELVED = "SELECT id FROM series WHERE tenant = ? AND shelf = ? ORDER BY id"


def _points(session: Session, tenant: str, series: Sequence[int], day: int) -> list[LakePoint]:
    sql = (
        "SELECT series, at, instance, number, got_at, changed_at FROM history "
        f"WHERE tenant = ? AND series {session.any_of} AND at >= ? AND at < ? ORDER BY series, at"
    )
    return session.rows(sql, (tenant, session.listed(series), day, day + DAY))


def _names(session: Session, tenant: str, series: Sequence[int]) -> dict[int, Row]:
    sql = f"SELECT id, entity, attribute, dataset FROM series WHERE tenant = ? AND id {session.any_of}"
    return {row[0]: row[1:] for row in session.rows(sql, (tenant, session.listed(series)))}

"""Importing places. All files of an import are stored together or not at all; what they do not name stays."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection, transaction

from simos.kernel.acting import FEDERATION, Actor, Scope
from simos.kernel.errors import Invalid, RowError
from simos.platform.access.queries import require
from simos.platform.audit.log import record
from simos.platform.places.deriving import derive
from simos.platform.places.models import Place
from simos.platform.places.reading import Table
from simos.platform.places.saving import Saving, Tally
from simos.platform.places.saving_addresses import SavingAddresses
from simos.platform.places.values import AddressFacts, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of one file: how many of each kind, and every row that was left out with the reason."""

    name: str
    tallies: Mapping[str, Tally]
    errors: tuple[RowError, ...]


def import_places(
    scope: Scope, tables: Iterable[Table], *, by: Actor, at: datetime, whole: bool = False, preview: bool = False
) -> tuple[Imported, ...]:
    """The good rows of the files are stored, the others left out and told; done again, nothing changes.

    `whole`: each file holds all that there is of its kinds, so that what it does not name is marked as gone; but
    nothing is where a row of the file was left out. Nothing is ever deleted. `preview`: the same is told and nothing
    stored. `scope` is the federation; Forbidden without `import-places`.
    """
    require(by, "import-places", scope)
    if scope != FEDERATION:
        raise Invalid("places are imported in the federation", field="scope")
    with transaction.atomic():
        _one_at_a_time()
        done = [_import(table, at, whole=whole) for table in sorted(tables, key=lambda table: table.turn)]
        derive()
        for each in done:
            data = {kind: asdict(tally) for kind, tally in each.tallies.items()} | {"left out": len(each.errors)}
            record("import-places", obj=("file", each.name[:200]), by=by, scope=scope, at=at, data=data)
        if preview:
            transaction.set_rollback(True)
    return tuple(done)


def _one_at_a_time() -> None:
    """Two imports at once would both add what neither has seen. SQLite has one writer anyway; readers go on."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Place._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _import(table: Table, at: datetime, *, whole: bool) -> Imported:
    errors: list[RowError] = []
    saving, addresses = Saving(at), SavingAddresses(at)
    for row in table.rows:
        errors += row.errors
        errors += _take(row, saving, addresses)
    errors += [*saving.finish(), *addresses.finish()]
    if whole and not errors:
        saving.mark_gone()
        addresses.mark_gone()
    tallies = saving.tallies | addresses.tallies
    if not tallies and not errors:
        raise Invalid(f"{table.name} has no rows")
    return Imported(name=table.name, tallies=tallies, errors=tuple(sorted(errors, key=lambda error: error.row)))


def _take(row: Row, saving: Saving, addresses: SavingAddresses) -> list[RowError]:
    errors: list[RowError] = []
    for facts in row.facts:
        if isinstance(facts, AddressFacts):
            errors += addresses.take(row.number, facts)
        else:
            errors += saving.take(row.number, facts)
    return errors

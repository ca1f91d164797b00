"""What a mapping makes of records, column by column: observations of things, ready to be stored. Pure.

One form for both ways in: as `Write`s for the hub's writer, or as it is for a bulk load.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from simos.hub.contexts import CORE
from simos.hub.ngsild.kinds import MEMBER
from simos.hub.ngsild.parse import attribute_name
from simos.hub.ngsild.parse_value import READ, is_null, is_uri
from simos.hub.ngsild.times import text_of_micros
from simos.hub.values import Attributes, Instance, Mode, Write
from simos.kernel.errors import Invalid

Known = dict[tuple[str, str, str], Any]
"""Last value of each (entity, attribute, dataset) that stands still."""

KNOWN_LIMIT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One attribute (full name) of all rows. `values`: None where a row has none. `datasets`: of each row; None: all
    without datasetId. `fixed`: no measurement, has no time and is written only where it differs from what is known."""

    attribute: str
    values: list[Any]
    kind: str = "Property"
    unit: str = ""
    datasets: list[str] | None = None
    fixed: bool = False

    @property
    def frame(self) -> Instance:
        """What is the same in all its instances."""
        return {"type": self.kind, **({"unitCode": self.unit} if self.unit else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Observations of entities of one type, in the order in which they came.

    `ids`: each entity once; `which`: of each row, its place there. `at`: of each row in microseconds, None where it is
    not said.
    """

    types: tuple[str, ...]
    ids: list[str]
    which: list[int]
    at: list[int | None]
    columns: list[Column]

    def __len__(self) -> int:
        return len(self.which)

    @property
    def observations(self) -> int:
        """Values that there are."""
        return sum(len(column.values) - column.values.count(None) for column in self.columns)


def writes_of(rows: Rows, tenant: str, known: Known | None = None) -> Iterator[Write]:
    """An upsert for each row. `known` is asked and told what stands still."""
    known = {} if known is None else known
    if len(known) > KNOWN_LIMIT:
        known.clear()
    for row, (place, at) in enumerate(zip(rows.which, rows.at, strict=True)):
        entity = rows.ids[place]
        attributes: Attributes = {}
        for column in rows.columns:
            value = column.values[row]
            if value is None:
                continue
            dataset = column.datasets[row] if column.datasets else ""
            if column.fixed:
                key = (entity, column.attribute, dataset)
                if known.get(key) == value:
                    continue
                known[key] = value
            instance = {**column.frame, MEMBER[column.kind]: value}
            if dataset:
                instance["datasetId"] = dataset
            if at is not None and not column.fixed:
                instance["observedAt"] = text_of_micros(at)
            attributes.setdefault(column.attribute, []).append(instance)
        if attributes:
            yield Write(tenant=tenant, id=entity, mode=Mode.UPSERT, types=rows.types, attributes=attributes)


def documents_of(rows: Rows) -> Iterator[dict[str, Any]]:
    """The rows as people read them: NGSI-LD with short names."""
    for write in writes_of(rows, ""):
        short = [CORE.compact(each) for each in write.types]
        document: dict[str, Any] = {"id": write.id, "type": short[0] if len(short) == 1 else short}
        for name, instances in write.attributes.items():
            document[CORE.compact(name)] = instances[0] if len(instances) == 1 else instances
        yield document


def as_json(rows: Rows) -> dict[str, Any]:
    """The rows as one JSON object, short enough to be sent by the ten thousand."""
    return {
        "types": list(rows.types),
        "ids": rows.ids,
        "which": rows.which,
        "at": rows.at,
        "columns": [
            {
                "attribute": each.attribute,
                "kind": each.kind,
                "unit": each.unit,
                "fixed": each.fixed,
                "datasets": each.datasets,
                "values": each.values,
            }
            for each in rows.columns
        ],
    }


def from_json(content: Any) -> Rows:
    """The inverse of `as_json`; Invalid where something else came."""
    try:
        columns = [_column_of(each) for each in content["columns"]]
        rows = Rows(
            types=tuple(sorted({CORE.name(each) for each in content["types"]})),
            ids=content["ids"],
            which=content["which"],
            at=content["at"],
            columns=columns,
        )
        lengths = {len(rows.at), *(len(each.values) for each in columns)}
        lengths |= {len(each.datasets) for each in columns if each.datasets is not None}
        sound = (
            bool(rows.types)
            and lengths == {len(rows)}
            and {*map(type, rows.which), *map(type, rows.at)} <= {int}
            and (not rows.which or 0 <= min(rows.which) <= max(rows.which) < len(rows.ids))
            and len(set(rows.ids)) == len(rows.ids)
            and all(map(is_uri, rows.ids))
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"These are no rows as simos hub load sends them: {type(error).__name__}: {error}") from None
    if not sound:
        raise Invalid("These are no rows as simos hub load sends them: lengths, times or ids do not fit together.")
    return rows


def _column_of(content: dict[str, Any]) -> Column:
    kind, values = content["kind"], content["values"]
    if not {*map(type, values)} <= {int, float, type(None)}:
        read = READ[kind]
        values = [None if value is None or is_null(value) else read(value, CORE) for value in values]
    return Column(
        attribute=attribute_name(content["attribute"]),
        values=values,
        kind=kind,
        unit=str(content["unit"]),
        datasets=content["datasets"],
        fixed=content["fixed"] is True,
    )


def datasets_of(column: Column) -> Iterator[str]:
    """The dataset of each row."""
    return iter(column.datasets) if column.datasets else repeat("", len(column.values))

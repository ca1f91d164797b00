"""The program that answers the hub's own questions of the lake's files, by DuckDB. It can write nothing.

Run as `python -m simos.hub.lake.engine` by `Files`, never by hand. Its questions are put together from our own words.
"""

# ruff: noqa: S608

import resource
from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from simos.hub.lake.child import serve

_WHOLE = (
    "epoch_us(time) AS moment, instance, number, epoch_us(got_at) AS got_at, epoch_us(changed_at) AS changed_at, "
    "time AS stamp"
)
_POINT = "series, moment, instance, number, got_at, changed_at"
_TIMES = {
    "": "moment",
    "observedAt": "moment",
    "createdAt": "coalesce(got_at, moment)",
    "modifiedAt": "coalesce(changed_at, got_at, moment)",
}

_SUMS = {
    "count": "count(*)",
    "numbers": "count(number)",
    "total": "fsum(number)",
    "least": "min(number)",
    "most": "max(number)",
    "sumsq": "fsum(CASE WHEN abs(number) BETWEEN 1e-150 AND 1e150 THEN number * number ELSE 0 END)",
    "squares": "coalesce(var_pop(CASE WHEN abs(number) < 1e150 THEN number END) * count(number), 0)",
    "first": "min(t)",
    "last": "max(t)",
}


def confined(folder: str, *, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """A database in memory, that reads the lake's folder and nothing else, and whose settings stay as they are."""
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": "",
            "max_temp_directory_size": "0KB",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute(f"SET allowed_directories = [{_quoted(folder.rstrip('/') + '/')}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def write_nothing() -> None:
    """From here on the system lets this program put no byte into any file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def start(given: dict[str, Any]) -> Callable[[dict[str, Any]], Any]:
    write_nothing()
    connection = confined(given["folder"], memory=given["memory"], threads=given["threads"])

    def answer(question: dict[str, Any]) -> Any:
        return _QUESTIONS[question["ask"]](connection, question)

    return answer


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _among(series: Sequence[int]) -> str:
    """Of a stretch without gaps the ends are enough: that is quicker for many."""
    first, last = min(series), max(series)
    if len(set(series)) == last - first + 1:
        return f"series BETWEEN {int(first)} AND {int(last)}"
    return f"series IN ({', '.join(str(int(each)) for each in series)})"


def _source(q: dict[str, Any], columns: str) -> str:
    """The instances that count, of these files and series."""
    files = ", ".join(map(_quoted, q["files"]))
    named = ", filename = true" if q["gone"] else ""
    where = [_among(q["series"])]
    for gone, since, until, up_to in q["gone"]:
        within = f"epoch_us(time) >= {int(since)} AND epoch_us(time) < {int(until)}"
        where.append(
            f"NOT (series = {int(gone)} AND {within} AND parse_filename(filename, true)::BIGINT <= {int(up_to)})"
        )
    if q["without"]:
        pairs = ", ".join(f"({int(series)}, {int(at)})" for series, at in q["without"])
        where.append(f"(series, epoch_us(time)) NOT IN (VALUES {pairs})")
    source = f"read_parquet([{files}], hive_partitioning = false{named})"
    return f"SELECT series, {columns} FROM {source} WHERE {' AND '.join(where)}"


def _spanning(q: dict[str, Any], columns: str) -> str:
    """Those within the span, with the time that is asked by as `t`."""
    inside, time = _source(q, _WHOLE), _TIMES[q["time"]]
    where = ["true"]
    for limit, sign in (("since", ">="), ("until", "<")):
        if abs(q[limit]) < 2**62:
            where.append(f"{time} {sign} {int(q[limit])}")
            if time == "moment":
                where.append(f"stamp {sign} make_timestamptz({int(q[limit])})")
    if q["time"] == "observedAt":
        where.append("got_at IS NOT NULL")
    return f"SELECT series, {time} AS t, {columns} FROM ({inside}) WHERE {' AND '.join(where)}"


def _points(connection: duckdb.DuckDBPyConnection, q: dict[str, Any]) -> Any:
    inside = _spanning(q, "moment, instance, number, got_at, changed_at")
    limit = ""
    for name, order in (("first", ""), ("last", " DESC")):
        if q[name] is not None:
            limit = (
                f"QUALIFY row_number() OVER (PARTITION BY series ORDER BY t{order}, moment{order}) <= {int(q[name])}"
            )
    sql = f"SELECT {_POINT} FROM ({inside}) {limit} ORDER BY series, t, moment"
    return connection.execute(sql).fetchall()


def _at(connection: duckdb.DuckDBPyConnection, q: dict[str, Any]) -> Any:
    pairs = ", ".join(f"({int(series)}, {int(at)})" for series, at in q["places"])
    times = [int(at) for _, at in q["places"]]
    within = f"stamp BETWEEN make_timestamptz({min(times)}) AND make_timestamptz({max(times)})"
    sql = f"SELECT {_POINT} FROM ({_source(q, _WHOLE)}) WHERE {within} AND (series, moment) IN (VALUES {pairs})"
    return connection.execute(sql).fetchall()


def _bearing(connection: duckdb.DuckDBPyConnection, q: dict[str, Any]) -> Any:
    return [series for (series,) in connection.execute(f"SELECT DISTINCT series FROM ({_spanning(q, '1')})").fetchall()]


def _newest(connection: duckdb.DuckDBPyConnection, q: dict[str, Any]) -> Any:
    inside = _spanning(q, "moment, instance, number")
    sql = (
        "SELECT series, newest.moment, newest.instance, newest.number, least FROM (SELECT series, arg_max("
        "struct_pack(moment := moment, instance := instance, number := number), moment) AS newest, min(t) AS least "
        f"FROM ({inside}) GROUP BY series)"
    )
    return connection.execute(sql).fetchall()


def _periods(q: dict[str, Any], inside: str) -> tuple[str, str]:
    """What to select from, and the number of the period."""
    if q["width"] is None:
        return f"({inside})", "0"
    origins = {origin for _, origin in q["origins"]}
    if len(origins) == 1:
        return f"({inside})", f"(t - {int(origins.pop())}) // {int(q['width'])}"
    pairs = ", ".join(f"({int(series)}, {int(origin)})" for series, origin in q["origins"])
    return f"({inside}) JOIN (VALUES {pairs}) o(series, origin) USING (series)", f"(t - origin) // {int(q['width'])}"


def _parcels(connection: duckdb.DuckDBPyConnection, q: dict[str, Any]) -> Any:
    source, period = _periods(q, _spanning(q, "number"))
    sums = "".join(f", {_SUMS[each]} AS {each}" for each in q["sums"])
    sql = f"SELECT series, {period} AS period{sums} FROM {source} GROUP BY 1, 2 ORDER BY 1, 2"
    found = connection.execute(sql).fetchnumpy()
    return {name: column.tolist() for name, column in found.items()}


def _texts(connection: duckdb.DuckDBPyConnection, q: dict[str, Any]) -> Any:
    rows: list[Any] = []
    for member in sorted({member for _, member in q["members"]}):
        some = {series for series, named in q["members"] if named == member}
        part = q | {"series": sorted(some), "origins": [each for each in q["origins"] if each[0] in some]}
        source, period = _periods(part, _spanning(part, "instance"))
        value = f"(instance -> '$.{member}')::VARCHAR"
        sql = f"SELECT DISTINCT series, {period} AS period, {value} AS text FROM {source} WHERE {value} IS NOT NULL"
        rows += connection.execute(sql).fetchall()
    return rows


_QUESTIONS: dict[str, Callable[[duckdb.DuckDBPyConnection, dict[str, Any]], Any]] = {
    "points": _points,
    "at": _at,
    "bearing": _bearing,
    "newest": _newest,
    "parcels": _parcels,
    "texts": _texts,
}

if __name__ == "__main__":
    serve(start)

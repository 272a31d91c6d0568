"""Results that are kept by content: taken from the parent snapshot or a committed file, else computed.

The key of a result is a hash of the figures it is made of and of the version of its computation, so that it says
nothing about whose figures they are: two areas with the same figures share one result.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from data import apart
from data.lineage import comparable
from data.pieces import quoted

DECIMALS = 6
"""Results are rounded to these, so that one computed anew equals the one kept."""

Results = Mapping[str, pd.DataFrame]
"""Rows by table, without the columns that say whose they are."""


@dataclass(frozen=True)
class Kind:
    """A computation whose results are kept: the columns that say whose a row is, and the other columns by table."""

    identity: tuple[str, ...]
    tables: dict[str, tuple[str, ...]]


_OF_SERIES = ("area_code", "measure")
KINDS: dict[str, Kind] = {
    "adjustment": Kind(
        _OF_SERIES,
        {
            "seasonal_adjustment": ("month", "adjusted", "seasonal", "trend", "provisional"),
            "level_break": ("month", "before", "after", "earliest", "latest"),
        },
    ),
    "track_record": Kind(
        _OF_SERIES,
        {
            "forecast_backtest": ("method", "origin", "step", "month", "actual", "point", "lower", "upper"),
            "forecast_score": ("method", "period_scored", "mae", "mape", "mase", "relative_mae", "coverage", "n"),
        },
    ),
    "forecast": Kind(_OF_SERIES, {"forecast_month": ("month", "method", "point", "lower", "upper")}),
    "mismatch": Kind(
        ("partition", "month"),
        {
            "mismatch_month": (
                *("mismatch_index", "lower", "upper", "chance_mean", "chance_lower", "chance_upper"),
                *("cells", "hidden_unemployed", "hidden_vacancies", "unassigned_lower", "unassigned_upper"),
            )
        },
    ),
}


@dataclass(frozen=True)
class Wanted:
    """A result a snapshot needs: of a kind, ``identity`` the values of its columns, and how to compute it.

    ``compute`` raises ValueError when the figures do not allow it. With ``apart`` it runs in a process of its own and
    can be pickled.
    """

    kind: str
    identity: tuple[str, str | date]
    key: str
    compute: Callable[[], Results]
    apart: bool


def key_of(version: str, kind: str, *parts: str | np.ndarray) -> str:
    """The key of a result of ``kind`` from texts and arrays of figures."""
    digest = hashlib.sha256(f"{version}\0{kind}\0".encode())
    for part in parts:
        digest.update(part.encode() + b"\0" if isinstance(part, str) else np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()[:24]


def obtain(
    connection: duckdb.DuckDBPyConnection, wanted: Sequence[Wanted], beside_parent: bool, kept_file: Path | None
) -> list[tuple[Wanted, str]]:
    """Put the results into their tables and their keys into ``computed_key``; gives those refused, and why.

    From the attached parent where it has the key, then from the file, else computed, once a key.
    """
    connection.register("wanted_rows", _as_table(wanted))
    connection.execute("CREATE OR REPLACE TEMP TABLE wanted AS FROM wanted_rows")
    connection.unregister("wanted_rows")
    if beside_parent and all(comparable(connection, table) for table in ("computed_key", *_every_table())):
        _take(connection, "SELECT kind, key FROM parent.computed_key", _rows_of_parent)
    if kept_file is not None and kept_file.exists():
        file = f"read_parquet({quoted(str(kept_file))})"
        _take(
            connection,
            f"SELECT kind, key FROM {file} WHERE table_name = 'computed_key'",
            lambda kind, table: f"(FROM {file} WHERE table_name = '{table}')",
        )
    left = {row[0] for row in connection.execute("SELECT DISTINCT key FROM wanted").fetchall()}
    return _compute(connection, [one for one in wanted if one.key in left])


def export(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write every kept result of a snapshot to a Parquet file: rows of all tables, each with its table and key."""
    parts = ["SELECT DISTINCT 'computed_key' AS table_name, kind, key FROM computed_key"]
    for name, kind in KINDS.items():
        for table, columns in kind.tables.items():
            parts.append(
                f"SELECT '{table}' AS table_name, '{name}' AS kind, key, {', '.join(columns)}"
                f" FROM {_rows_with_key('main', name, table)}"
            )
    everything = " UNION ALL BY NAME ".join(parts)
    connection.execute(
        f"COPY ({everything} ORDER BY table_name, key, method, period_scored, origin, step, month)"
        f" TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)"
    )


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    """Insert a frame with the columns of a table, NaN as NULL."""
    if rows.empty:
        return
    incoming = pa.Table.from_pandas(rows, preserve_index=False)
    connection.register("incoming", incoming)
    connection.execute(f"INSERT INTO {table} BY NAME FROM incoming")
    connection.unregister("incoming")


def _as_table(wanted: Iterable[Wanted]) -> pa.Table:
    rows = [
        {"kind": one.kind, "first": one.identity[0], "second": str(one.identity[1]), "key": one.key} for one in wanted
    ]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in ("kind", "first", "second", "key")]))


def _every_table() -> list[str]:
    return [table for kind in KINDS.values() for table in kind.tables]


def _rows_of_parent(kind: str, table: str) -> str:
    return _rows_with_key("parent", kind, table)


def _rows_with_key(database: str, kind: str, table: str) -> str:
    """The rows of a table with the key of their result, of one owner of each key."""
    first, second = KINDS[kind].identity
    return (
        f"(SELECT k.key, t.* FROM {database}.{table} t JOIN (SELECT key, min((first, second)) AS owner"
        f" FROM {database}.computed_key WHERE kind = '{kind}' GROUP BY key) k"
        f" ON k.owner = (t.{first}, t.{second}::VARCHAR))"
    )


def _take(connection: duckdb.DuckDBPyConnection, known: str, rows_of: Callable[[str, str], str]) -> None:
    """Move wanted results that a source knows into the tables."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE taken AS FROM wanted WHERE (kind, key) IN ({known})")
    present = [row[0] for row in connection.execute("SELECT DISTINCT kind FROM taken").fetchall()]
    for name in present:
        kind = KINDS[name]
        first, second = kind.identity
        for table, columns in kind.tables.items():
            connection.execute(
                f"INSERT INTO {table} BY NAME"
                f" SELECT w.first AS {first}, w.second AS {second}, {', '.join(f's.{column}' for column in columns)}"
                f" FROM taken w JOIN {rows_of(name, table)} s USING (key) WHERE w.kind = '{name}'"
                f" ORDER BY ALL"
            )
    connection.execute("INSERT INTO computed_key FROM taken")
    connection.execute("DELETE FROM wanted WHERE (kind, key) IN (SELECT (kind, key) FROM taken)")


def _compute(connection: duckdb.DuckDBPyConnection, wanted: Sequence[Wanted]) -> list[tuple[Wanted, str]]:
    """Compute what no source has, once a key; gives what was refused."""
    once = {one.key: one for one in wanted}
    beside = [one for one in once.values() if one.apart]
    tasks = apart.Tasks([one.compute for one in beside])
    results = {one.key: _here(one) for one in once.values() if not one.apart}
    results |= zip((one.key for one in beside), tasks.results(), strict=True)
    rows: dict[str, list[pd.DataFrame]] = {}
    done: list[Wanted] = []
    refused: list[tuple[Wanted, str]] = []
    for one in wanted:
        result = results[one.key]
        if isinstance(result, str):
            refused.append((one, result))
            continue
        done.append(one)
        owner = dict(zip(KINDS[one.kind].identity, one.identity, strict=True))
        for table, frame in result.items():
            if not frame.empty:
                rows.setdefault(table, []).append(frame.round(DECIMALS).assign(**owner))
    for table, frames in rows.items():
        insert(connection, table, pd.concat(frames, ignore_index=True))
    connection.register("done", _as_table(done))
    connection.execute("INSERT INTO computed_key FROM done")
    connection.unregister("done")
    return refused


def _here(one: Wanted) -> Results | str:
    try:
        return one.compute()
    except ValueError as error:
        return str(error)

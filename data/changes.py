"""The change report: what a snapshot changed against the one before it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from data.subjects import Subject, time_series

Kind = Literal["new_period", "revised", "lost_series", "new_series"]

REPORT_TYPES = pa.schema(
    [
        ("source_id", pa.string()),
        ("kind", pa.string()),
        ("key", pa.string()),
        ("old_value", pa.float64()),
        ("new_value", pa.float64()),
        ("old_status", pa.string()),
        ("new_status", pa.string()),
        ("cells", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Change:
    """One row of ``change_report``.

    ``key`` is the period of ``new_period`` (``employment_service|2026-08``), the series of ``new_series`` and
    ``lost_series``, and series, period and value column of ``revised`` (``MK19|2023-10|TYOTTOMATLOPUSSA|value``).
    ``cells`` counts the rows concerned; old and new values and statuses belong to ``revised`` only.
    """

    source_id: str
    kind: Kind
    key: str
    old_value: float | None
    new_value: float | None
    old_status: str | None
    new_status: str | None
    cells: int


def compare(connection: duckdb.DuckDBPyConnection, parent: Path) -> list[Change]:
    """Changes from the snapshot file ``parent`` to the database of an open connection that may attach files.

    A row added to a known series is part of ``new_period``; rows of an unknown one make it a ``new_series``. A series
    is lost when rows of it are gone, or when the service gave it until now and its newest edition goes on without it.
    """
    connection.execute(f"ATTACH {_quoted(str(parent))} AS parent (READ_ONLY)")
    try:
        return [change for subject in time_series() for change in _subject_changes(connection, subject)]
    finally:
        connection.execute("DETACH parent")


def store(connection: duckdb.DuckDBPyConnection, changes: list[Change]) -> None:
    """Insert changes into ``change_report`` of an open connection."""
    report = pa.Table.from_pylist([asdict(change) for change in changes], REPORT_TYPES)
    connection.register("report", report)
    connection.execute("INSERT INTO change_report FROM report")
    connection.unregister("report")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _subject_changes(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Change]:
    for query in (_new_periods, _new_series, _revised, _gone, _discontinued):
        for row in connection.execute(query(subject)).fetchall():
            yield Change(*row)


def _period_text(subject: Subject, prefix: str) -> str:
    period = f"{prefix}.{subject.period}"
    return f"CAST({period} AS VARCHAR)" if subject.period == "year" else f"strftime({period}, '%Y-%m')"


def _series_text(subject: Subject, prefix: str) -> str:
    return "concat_ws('|', " + ", ".join(f"{prefix}.{column}" for column in subject.series) + ")"


def _rows(subject: Subject, database: str) -> str:
    """Rows of the subject with their source and origin, in the new database or the parent."""
    return (
        f"(SELECT t.*, f.source_id, f.origin FROM {database}.{subject.table} t"
        f" JOIN {database}.source_fetch f USING (fetch_id))"
    )


def _here(subject: Subject) -> str:
    return _rows(subject, "main")


def _added(subject: Subject, known: str) -> str:
    key = ", ".join(subject.key)
    series = ", ".join(subject.series)
    return (
        f"{_here(subject)} n ANTI JOIN parent.{subject.table} o USING ({key})"
        f" {known} JOIN (SELECT DISTINCT {series} FROM parent.{subject.table}) s USING ({series})"
    )


def _new_periods(subject: Subject) -> str:
    return (
        f"SELECT n.source_id, 'new_period', '{subject.table}|' || {_period_text(subject, 'n')} AS key,"
        f" NULL, NULL, NULL, NULL, count(*) FROM {_added(subject, 'SEMI')} GROUP BY ALL ORDER BY 1, key"
    )


def _new_series(subject: Subject) -> str:
    return (
        f"SELECT n.source_id, 'new_series', '{subject.table}|' || {_series_text(subject, 'n')} AS key,"
        f" NULL, NULL, NULL, NULL, count(*) FROM {_added(subject, 'ANTI')} GROUP BY ALL ORDER BY 1, key"
    )


def _revised(subject: Subject) -> str:
    key = ", ".join(subject.key)
    sides = " UNION ALL ".join(
        f"SELECT n.source_id, 'revised' AS kind, concat_ws('|', '{subject.table}', {_series_text(subject, 'n')},"
        f" {_period_text(subject, 'n')}, '{value}') AS key, o.{value} AS old_value, n.{value} AS new_value,"
        f" o.{status} AS old_status, n.{status} AS new_status, 1 AS cells"
        f" FROM {_here(subject)} n JOIN parent.{subject.table} o USING ({key})"
        f" WHERE o.{value} IS DISTINCT FROM n.{value} OR o.{status} <> n.{status}"
        for value, status in subject.values
    )
    return f"FROM ({sides}) ORDER BY source_id, key"


def _gone(subject: Subject) -> str:
    key = ", ".join(subject.key)
    return (
        f"SELECT o.source_id, 'lost_series', '{subject.table}|' || {_series_text(subject, 'o')} AS key,"
        f" NULL, NULL, NULL, NULL, count(*) FROM {_rows(subject, 'parent')} o"
        f" ANTI JOIN main.{subject.table} n USING ({key}) GROUP BY ALL ORDER BY 1, key"
    )


def _discontinued(subject: Subject) -> str:
    series = ", ".join(subject.series)
    return f"""
        WITH before AS (SELECT * FROM {_rows(subject, "parent")} WHERE origin <> 'seed'),
        reach AS (SELECT source_id, max({subject.period}) AS latest FROM before GROUP BY ALL),
        ahead AS (
            SELECT a.* FROM {_here(subject)} a JOIN reach USING (source_id)
            WHERE origin <> 'seed' AND {subject.period} > latest
        ),
        periods AS (SELECT source_id, count(DISTINCT {subject.period}) AS cells FROM ahead GROUP BY ALL),
        last_seen AS (SELECT b.* FROM before b JOIN reach USING (source_id) WHERE {subject.period} = latest)
        SELECT o.source_id, 'lost_series', '{subject.table}|' || {_series_text(subject, "o")} AS key,
               NULL, NULL, NULL, NULL, cells
        FROM last_seen o JOIN periods USING (source_id) ANTI JOIN ahead USING ({series})
        ORDER BY 1, key
        """

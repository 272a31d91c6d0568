"""What was known when: revisions of figures, and a series as it was known on a day.

An edition is known since its fetch, else since its release, else always (the oldest of the seed).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from data.editions import period_sql
from data.queries.frames import frame
from data.subjects import SUBJECTS, Subject

HELSINKI = ZoneInfo("Europe/Helsinki")
KNOWN_AT = "coalesce(fetched_at, published_at)"


def revisions(
    connection: duckdb.DuckDBPyConnection,
    subject: str | None = None,
    source_id: str | None = None,
    limit: int = 1_000,
    with_added: bool = True,
) -> pd.DataFrame:
    """Cells that an edition changed, or added although their period and series were known, newest first.

    Columns ``source_id, subject, series, period, column, old_value, old_status, new_value, new_status, fetch_id,
    known_at``: ``series`` is the key without its period (``MK19|TYOTTOMATLOPUSSA``), ``known_at`` UTC and missing where
    it was always known. ``old_status`` is missing for a cell that was not known before; such are left out unless
    ``with_added``. At most ``limit`` rows.
    """
    return frame(
        connection,
        f"""
        WITH known AS (SELECT fetch_id, {KNOWN_AT} AS known_at FROM source_fetch),
        newest AS (
            SELECT * FROM revision JOIN known USING (fetch_id)
            WHERE ($subject IS NULL OR subject = $subject) AND ($source IS NULL OR source_id = $source)
              AND ($added OR old_status IS NOT NULL)
            ORDER BY known_at DESC NULLS LAST, fetch_id DESC, key LIMIT $limit
        )
        SELECT source_id, subject, array_to_string(part[2:-3], '|') AS series,
               part[-2] AS period, part[-1] AS "column",
               old_value, old_status, new_value, new_status, fetch_id, known_at
        FROM (SELECT *, string_split(key, '|') AS part FROM newest)
        ORDER BY known_at DESC NULLS LAST, fetch_id DESC, key
        """,
        {"subject": subject, "source": source_id, "limit": limit, "added": with_added},
    )


def revision_counts(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """How much each edition revised, newest first.

    Columns ``source_id, fetch_id, known_at, revised, added, first_period, last_period``: cells it changed, cells it
    added to a known period and series, and the periods of both. Editions that revised nothing have no row.
    """
    return frame(
        connection,
        f"""
        SELECT r.source_id, fetch_id, {KNOWN_AT} AS known_at, count(old_status) AS revised,
               count(*) - count(old_status) AS added, min(split_part(key, '|', -2)) AS first_period,
               max(split_part(key, '|', -2)) AS last_period
        FROM revision r JOIN source_fetch USING (fetch_id) GROUP BY ALL
        ORDER BY known_at DESC NULLS LAST, fetch_id DESC
        """,
    )


def known_on(
    connection: duckdb.DuckDBPyConnection,
    subject: str,
    series: Mapping[str, str],
    day: date,
    column: str = "value",
) -> pd.DataFrame:
    """A series exactly as it was known at the end of a day, Finnish time.

    ``series`` gives every column of the subject's key but the period (``area_code``, ``measure`` ...), ``column`` the
    value column. Columns ``period, value, status`` in ascending order of the period, which is a Timestamp or a year; a
    period that was not known yet is absent, a hidden value NaN with its status.
    Raises ValueError when the subject has no such series or column.
    """
    found = SUBJECTS.get(subject)
    if found is None or found.period is None:
        raise ValueError(f"{subject!r} is not a subject of time series")
    if set(series) != set(found.series):
        raise ValueError(f"a series of {subject} is named by {', '.join(found.series)}, not {', '.join(series)}")
    statuses = dict(found.values)
    if column not in statuses:
        raise ValueError(f"{subject} has no value column {column!r}: choose {', '.join(statuses)}")
    end = datetime.combine(day + timedelta(days=1), time(), HELSINKI).astimezone(UTC).replace(tzinfo=None)
    cells = _present(connection, found, series, column, statuses[column])
    for period, old_value, old_status in _undone(connection, found, series, column, end):
        if old_status is None:
            del cells[period]
        else:
            cells[period] = (old_value, old_status)
    known = _known(connection, found, series, end)
    rows = [(period, *cell) for period, cell in sorted(cells.items()) if period in known]
    result = pd.DataFrame(rows, columns=["period", "value", "status"])
    result = result.astype({"period": "str", "value": "float64", "status": "str"})
    if found.period == "year":
        return result.astype({"period": "int64"})
    return result.assign(period=pd.to_datetime(result["period"] + "-01"))


Cell = tuple[float | None, str]


def _present(
    connection: duckdb.DuckDBPyConnection, subject: Subject, series: Mapping[str, str], value: str, status: str
) -> dict[str, Cell]:
    """The series as it is now, by period."""
    where = " AND ".join(f"{name} = ${name}" for name in series)
    found = connection.execute(
        f"SELECT {period_sql(subject, 't')}, {value}, {status} FROM {subject.table} t WHERE {where}", dict(series)
    ).fetchall()
    return {period: (number, mark) for period, number, mark in found}


def _undone(
    connection: duckdb.DuckDBPyConnection, subject: Subject, series: Mapping[str, str], column: str, end: datetime
) -> list[tuple[str, float | None, str | None]]:
    """Period, old value and old status of each cell revised at or after a moment, newest revision first."""
    start = "|".join((subject.table, _text(subject, series)))
    return connection.execute(
        f"SELECT split_part(key, '|', -2), old_value, old_status FROM revision JOIN source_fetch USING (fetch_id)"
        f" WHERE starts_with(key, $start) AND ends_with(key, $column) AND {KNOWN_AT} >= $end"
        f" ORDER BY {KNOWN_AT} DESC, fetch_id DESC",
        {"start": f"{start}|", "column": f"|{column}", "end": end},
    ).fetchall()


def _known(
    connection: duckdb.DuckDBPyConnection, subject: Subject, series: Mapping[str, str], end: datetime
) -> set[str]:
    """Periods of the subject known before a moment; none when the series itself was not."""
    found = connection.execute(
        f"""
        SELECT DISTINCT period FROM edition_period JOIN source_fetch f USING (fetch_id)
        WHERE f.subject = $subject AND coalesce({KNOWN_AT} < $end, true) AND NOT EXISTS (
            SELECT 1 FROM series_start s JOIN source_fetch g USING (fetch_id)
            WHERE s.subject = $subject AND series = $series
              AND coalesce(g.fetched_at, g.published_at) >= $end
        )
        """,
        {"subject": subject.table, "series": _text(subject, series), "end": end},
    ).fetchall()
    return {period for (period,) in found}


def _text(subject: Subject, series: Mapping[str, str]) -> str:
    return "|".join(series[column] for column in subject.series)

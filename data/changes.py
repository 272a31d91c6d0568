"""The change report: what a snapshot changed against the one before it.

Only the rows of editions that one of the two snapshots does not have are compared, piece by piece.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import duckdb
import pyarrow as pa

from data import pieces
from data.editions import cell_text, period_sql, series_text
from data.lineage import Differing, comparable, differing
from data.subjects import Subject, time_series

Kind = Literal["new_period", "revised", "lost_series", "new_series", "classification", "membership", "sum"]

LISTED = 300
"""Rows of one source and kind that are told one by one."""

CODES = 5
"""Codes of a changed classification that are named, of each direction."""

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

    ``key`` and the other fields by kind; ``cells`` counts the rows concerned.

    - ``new_period``: the period (``employment_service|2026-08``).
    - ``revised``: series, period and value column (``employment_service|MK19|TYOTTOMATLOPUSSA|2023-10|value``) with
      old and new value and status. Beyond ``LISTED`` cells of a source one row a period
      (``employment_service|2023-10``) without them; every cell stands in the table ``revision``.
    - ``new_series``, ``lost_series``: the series (``employment_service|MK19|TYOTTOMATLOPUSSA``). Beyond ``LISTED`` of
      a source one row (``employment_service|412 series``).
    - ``classification``: codes of a column that appeared or vanished, one row a column
      (``employment_service|measure|+NEW -OLD``) with the first ``CODES`` of each. ``old_value`` counts the vanished
      codes, ``new_value`` those that appeared.
    - ``membership``: a municipality in a larger area (``area_membership|KU890|TA28``); the status that is missing says
      whether it was added or removed.
    - ``sum``: a total its parts no longer add up to (``employment_service|MK19|TYOTTOMATLOPUSSA|2023-10|value``);
      ``old_value`` is the sum of the visible parts, ``new_value`` the total.
    """

    source_id: str
    kind: Kind
    key: str
    old_value: float | None
    new_value: float | None
    old_status: str | None
    new_status: str | None
    cells: int


def compare(connection: duckdb.DuckDBPyConnection) -> list[Change]:
    """Changes from the attached parent (``data/lineage.py``) to the database of the connection.

    A row added to a known series is part of ``new_period``; rows of an unknown one make it a ``new_series``. A series
    is lost when rows of it are gone, or when the service gave it until now and its newest edition goes on without it;
    a code vanishes likewise. Nothing is said of a table that the parent has not, or with other columns.
    """
    found: list[Change] = []
    for subject in time_series():
        editions = differing(connection, subject)
        if editions.fresh or editions.gone:
            found += _subject_changes(connection, subject, editions)
    return [*found, *_memberships(connection)]


def store(connection: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> None:
    """Insert changes into ``change_report`` of an open connection."""
    report = pa.Table.from_pylist([asdict(change) for change in changes], REPORT_TYPES)
    connection.register("report", report)
    connection.execute("INSERT INTO change_report FROM report")
    connection.unregister("report")


def _subject_changes(connection: duckdb.DuckDBPyConnection, subject: Subject, editions: Differing) -> Iterator[Change]:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE found (source_id VARCHAR, kind VARCHAR, key VARCHAR, old_value DOUBLE,"
        " new_value DOUBLE, old_status VARCHAR, new_status VARCHAR, cells BIGINT)"
    )
    fresh, gone = _among(editions.fresh), _among(editions.gone)
    first = subject.key[0]
    touched = (
        f"(SELECT {first} FROM main.{subject.table} WHERE {fresh}"
        f" UNION ALL SELECT {first} FROM parent.{subject.table} WHERE {gone})"
    )
    for piece in pieces.split(connection, touched, first):
        _compare_piece(connection, subject, editions, piece)
        for query in (_new_periods, _new_series, _revised, _revised_periods):
            connection.execute(f"INSERT INTO found {query(subject, piece)}")
        if editions.gone:
            connection.execute(f"INSERT INTO found {_gone(subject, gone, piece)}")
    codes: Codes = {}
    for source_id, reach in _reaches(connection, subject, editions):
        _go_on_without(connection, subject, source_id, reach, codes)
    for column in subject.series:
        _new_and_gone_codes(connection, subject, column, editions, codes)
    yield from (Change(*row) for row in connection.execute(_told(subject)).fetchall())
    yield from (
        _classification(subject, source_id, column, *sides) for (source_id, column), sides in sorted(codes.items())
    )


def _among(fetch_ids: Sequence[int], column: str = "fetch_id") -> str:
    return f"{column} IN ({', '.join(map(str, fetch_ids))})" if fetch_ids else "FALSE"


def _within(connection: duckdb.DuckDBPyConnection, subject: Subject, database: str, fetch_ids: Sequence[int]) -> str:
    """Condition of the periods that some editions span."""
    ends = connection.execute(
        f"SELECT min(first_period), max(last_period) FROM {database}.source_fetch WHERE {_among(fetch_ids)}"
    ).fetchone()
    if ends is None or ends[0] is None:
        return "TRUE"
    return f"{subject.period} BETWEEN {_literal(subject, ends[0])} AND {_literal(subject, ends[1])}"


def _literal(subject: Subject, period: str) -> str:
    return period if subject.period == "year" else f"DATE '{period}-01'"


def _compare_piece(connection: duckdb.DuckDBPyConnection, subject: Subject, editions: Differing, piece: str) -> None:
    """Table ``compared``: rows of the new snapshot that the parent has not, or has with another value or status."""
    key = ", ".join(subject.key)
    columns = [column for pair in subject.values for column in pair]
    before = ", ".join(f"o.{column} AS old_{column}" for column in columns)
    differ = " OR ".join(f"o.{column} IS DISTINCT FROM n.{column}" for column in columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE compared AS SELECT n.*, o.fetch_id AS old_fetch, {before}"
        f" FROM (FROM main.{subject.table} WHERE {piece} AND {_among(editions.fresh)}) n"
        f" LEFT JOIN (FROM parent.{subject.table} WHERE {piece}"
        f" AND {_within(connection, subject, 'main', editions.fresh)}) o USING ({key})"
        f" WHERE o.fetch_id IS NULL OR {differ}"
    )
    if editions.gone:
        connection.execute(
            f"INSERT INTO compared SELECT n.*, o.fetch_id AS old_fetch, {before}"
            f" FROM (FROM main.{subject.table} WHERE {piece} AND NOT {_among(editions.fresh)}"
            f" AND {_within(connection, subject, 'parent', editions.gone)}) n"
            f" JOIN (FROM parent.{subject.table} WHERE {piece} AND {_among(editions.gone)}) o USING ({key})"
            f" WHERE {differ}"
        )


def _known_series(subject: Subject, piece: str) -> str:
    series = ", ".join(subject.series)
    return f"JOIN (SELECT DISTINCT {series} FROM parent.{subject.table} WHERE {piece}) USING ({series})"


def _new_periods(subject: Subject, piece: str) -> str:
    return (
        f"SELECT source_id, 'new_period', '{subject.table}|' || {period_sql(subject, 'c')}, NULL, NULL, NULL, NULL,"
        f" count(*) FROM compared c SEMI {_known_series(subject, piece)} JOIN main.source_fetch USING (fetch_id)"
        " WHERE old_fetch IS NULL GROUP BY ALL"
    )


def _new_series(subject: Subject, piece: str) -> str:
    return (
        f"SELECT source_id, 'new_series', '{subject.table}|' || {series_text(subject, 'c')}, NULL, NULL, NULL, NULL,"
        f" count(*) FROM compared c ANTI {_known_series(subject, piece)} JOIN main.source_fetch USING (fetch_id)"
        " WHERE old_fetch IS NULL GROUP BY ALL"
    )


def _revised_side(value: str, status: str) -> str:
    return f"old_fetch IS NOT NULL AND (old_{value} IS DISTINCT FROM {value} OR old_{status} <> {status})"


def _revised(subject: Subject, piece: str) -> str:
    """The first cells of each source, one more than are told, so that more of them show."""
    sides = " UNION ALL ".join(
        f"SELECT source_id, 'revised', {cell_text(subject, 'c', value)} AS key, old_{value}, {value}, old_{status},"
        f" {status}, 1 FROM compared c JOIN main.source_fetch USING (fetch_id) WHERE {_revised_side(value, status)}"
        for value, status in subject.values
    )
    return f"FROM ({sides}) QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY key) <= {LISTED + 1}"


def _revised_periods(subject: Subject, piece: str) -> str:
    sides = " UNION ALL ".join(
        f"SELECT source_id, '{subject.table}|' || {period_sql(subject, 'c')} AS key"
        f" FROM compared c JOIN main.source_fetch USING (fetch_id) WHERE {_revised_side(value, status)}"
        for value, status in subject.values
    )
    return f"SELECT source_id, 'revised_period', key, NULL, NULL, NULL, NULL, count(*) FROM ({sides}) GROUP BY ALL"


def _gone(subject: Subject, gone: str, piece: str) -> str:
    key = ", ".join(subject.key)
    return (
        f"SELECT source_id, 'lost_series', '{subject.table}|' || {series_text(subject, 'o')}, NULL, NULL, NULL, NULL,"
        f" count(*) FROM (FROM parent.{subject.table} WHERE {piece} AND {gone}) o"
        f" ANTI JOIN (FROM main.{subject.table} WHERE {piece}) USING ({key})"
        " JOIN parent.source_fetch USING (fetch_id) GROUP BY ALL"
    )


def _reaches(connection: duckdb.DuckDBPyConnection, subject: Subject, editions: Differing) -> list[tuple[str, str]]:
    """Sources with new editions and the latest period their service had given the parent."""
    return connection.execute(
        f"""
        SELECT source_id, max(last_period) FROM parent.source_fetch
        SEMI JOIN (SELECT source_id FROM main.source_fetch WHERE {_among(editions.fresh)}) USING (source_id)
        WHERE subject = ? AND origin <> 'seed' AND last_period IS NOT NULL GROUP BY ALL ORDER BY ALL
        """,
        [subject.table],
    ).fetchall()


Codes = dict[tuple[str, str], tuple[set[str], set[str]]]
"""Codes that vanished and that appeared, by source and column."""


def _go_on_without(
    connection: duckdb.DuckDBPyConnection, subject: Subject, source_id: str, reach: str, codes: Codes
) -> None:
    """Series and codes of the source's latest period that none of its later periods has."""
    series = ", ".join(subject.series)
    for name, database, comparison in (("last_seen", "parent", "="), ("ahead", "main", ">")):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {', '.join(f'o.{column}' for column in subject.key)}"
            f" FROM {database}.{subject.table} o JOIN {database}.source_fetch USING (fetch_id)"
            f" WHERE source_id = ? AND origin <> 'seed' AND {subject.period} {comparison} {_literal(subject, reach)}",
            [source_id],
        )
    (periods,) = _one(connection, f"SELECT count(DISTINCT {subject.period}) FROM ahead")
    if not periods:
        return
    connection.execute(
        f"INSERT INTO found SELECT ?, 'lost_series', '{subject.table}|' || {series_text(subject, 'o')},"
        f" NULL, NULL, NULL, NULL, ? FROM last_seen o ANTI JOIN ahead USING ({series})",
        [source_id, periods],
    )
    for column in subject.series:
        vanished = connection.execute(
            f"SELECT DISTINCT {column} FROM last_seen WHERE {column} NOT IN (SELECT {column} FROM ahead)"
        ).fetchall()
        for (code,) in vanished:
            codes.setdefault((source_id, column), (set(), set()))[0].add(code)


def _new_and_gone_codes(
    connection: duckdb.DuckDBPyConnection, subject: Subject, column: str, editions: Differing, codes: Codes
) -> None:
    """Codes that the other snapshot has nowhere, of sources that it has."""
    for position, (here, there, fetch_ids) in enumerate(
        (("parent", "main", editions.gone), ("main", "parent", editions.fresh))
    ):
        rows = connection.execute(
            f"""
            SELECT DISTINCT source_id, o.{column}
            FROM (SELECT DISTINCT fetch_id, {column} FROM {here}.{subject.table} WHERE {_among(fetch_ids)}) o
            JOIN {here}.source_fetch USING (fetch_id)
            WHERE o.{column} NOT IN (SELECT DISTINCT {column} FROM {there}.{subject.table})
              AND source_id IN (SELECT source_id FROM {there}.source_fetch WHERE subject = ?)
            """,
            [subject.table],
        ).fetchall()
        for source_id, code in rows:
            codes.setdefault((source_id, column), (set(), set()))[position].add(code)


def _classification(subject: Subject, source_id: str, column: str, vanished: set[str], appeared: set[str]) -> Change:
    named = [f"+{code}" for code in sorted(appeared)[:CODES]] + [f"-{code}" for code in sorted(vanished)[:CODES]]
    return Change(
        source_id,
        "classification",
        f"{subject.table}|{column}|{' '.join(named)}",
        float(len(vanished)),
        float(len(appeared)),
        None,
        None,
        len(vanished) + len(appeared),
    )


def _told(subject: Subject) -> str:
    """What was found, one by one where that is few and summed where it is many."""
    return f"""
        WITH merged AS (
            SELECT source_id, kind, key, any_value(old_value) AS old_value, any_value(new_value) AS new_value,
                   any_value(old_status) AS old_status, any_value(new_status) AS new_status, sum(cells) AS cells
            FROM found GROUP BY source_id, kind, key
        ),
        sized AS (
            SELECT *, kind <> 'new_period' AND count(*) OVER (PARTITION BY source_id, kind) > {LISTED} AS many
            FROM merged
        ),
        told AS (
            SELECT * EXCLUDE many FROM sized WHERE NOT many AND kind <> 'revised_period'
            UNION ALL
            SELECT source_id, 'revised', key, NULL, NULL, NULL, NULL, cells
            FROM sized WHERE kind = 'revised_period'
              AND source_id IN (SELECT source_id FROM sized WHERE many AND kind = 'revised')
            UNION ALL
            SELECT source_id, kind, '{subject.table}|' || count(*) || ' series', NULL, NULL, NULL, NULL, sum(cells)
            FROM sized WHERE many AND kind IN ('new_series', 'lost_series') GROUP BY ALL
        )
        SELECT source_id, kind, key, old_value, new_value, old_status, new_status, CAST(cells AS BIGINT)
        FROM told ORDER BY list_position(['new_period', 'new_series', 'revised', 'lost_series'], kind), source_id, key
        """


def _memberships(connection: duckdb.DuckDBPyConnection) -> list[Change]:
    """Municipalities that entered or left a larger area."""
    if not comparable(connection, "area_membership"):
        return []
    pair = "SELECT area_code, parent_code FROM {}.area_membership"
    new, old = pair.format("main"), pair.format("parent")
    source = connection.execute(
        "SELECT source_id FROM main.source_fetch WHERE subject = 'area_membership' ORDER BY fetch_id DESC LIMIT 1"
    ).fetchone()
    rows = connection.execute(
        f"SELECT *, NULL, 'member' FROM ({new} EXCEPT {old})"
        f" UNION ALL SELECT *, 'member', NULL FROM ({old} EXCEPT {new}) ORDER BY ALL"
    ).fetchall()
    if source is None or not rows:
        return []
    if len(rows) > LISTED:
        return [Change(source[0], "membership", "area_membership", None, None, None, None, len(rows))]
    return [
        Change(source[0], "membership", f"area_membership|{area}|{parent}", None, None, before, after, 1)
        for area, parent, before, after in rows
    ]


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row

"""Editions of the sources laid over each other into one subject table, and what each of them revised.

An edition is one seed file or one complete load. Editions are numbered in the order in which they win cells; of the
rows with one key the newest edition's is served. What an older one said is kept in ``revision``, so that the state of
any day can be told (see ``data/queries/revisions.py``).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise

import duckdb

from data import pieces
from data.subjects import Subject, sql_type

START = datetime.min.replace(tzinfo=UTC)


class EditionError(ValueError):
    """An edition cannot be laid over the others. The message names it and the row."""


@dataclass(frozen=True)
class Edition:
    """One edition on its way into a subject table; ``relation`` is SQL that selects its rows."""

    source_id: str
    table: str
    origin: str
    published_at: datetime | None
    fetched_at: datetime | None
    reliability: str
    sha256: str
    reading: str
    relation: str
    note: str | None = None
    note_fi: str | None = None
    note_sv: str | None = None

    @property
    def known_at(self) -> datetime:
        """Since when the product has known it: its fetch, else its release, else always."""
        return self.fetched_at or self.published_at or START


@dataclass(frozen=True)
class Numbered:
    """An edition with its number and its place in the order in which editions became known.

    Editions known since the same moment share a ``known_rank``; the first is 0. ``periods`` are dates or years, none
    where the subject has none. ``firsts`` counts the rows of each value of the first column of the key.
    """

    fetch_id: int
    known_rank: int
    edition: Edition
    periods: frozenset[date | int]
    firsts: dict[str, int]
    row_count: int


def number(connection: duckdb.DuckDBPyConnection, subject: Subject, editions: dict[int, Edition]) -> list[Numbered]:
    """The editions of one subject, by number, with the periods they hold."""
    moments = sorted({edition.known_at for edition in editions.values()})
    return [
        Numbered(fetch_id, moments.index(edition.known_at), edition, *_extent(connection, subject, edition))
        for fetch_id, edition in sorted(editions.items())
    ]


def period_text(period: date | int) -> str:
    """A period as it is written in the snapshot: ``2026-08`` or ``2026``."""
    return f"{period:%Y-%m}" if isinstance(period, date) else str(period)


def lay_over(connection: duckdb.DuckDBPyConnection, subject: Subject, editions: Sequence[Numbered]) -> None:
    """Fill the subject table, sorted by its key, and record what later editions revised.

    Periods and areas that one edition alone holds go straight in; the others are compared. Memory is bounded by the
    size of a piece (see ``data/pieces.py``), not by that of the table.

    Raises EditionError when one edition has two rows with one key in a period that others hold too; elsewhere the
    check of the keys finds them. Raises duckdb.ConstraintException or ConversionException for rows that do not fit.
    """
    shared = _shared(subject, editions)
    rows = f"({_union(subject, editions)})"
    firsts = sum((Counter(one.firsts) for one in editions), Counter())
    for condition in pieces.conditions(subject.key[0], firsts):
        piece = f"(SELECT * FROM {rows} WHERE {condition})"
        if subject.period is not None and len(editions) > 1:
            _record_series(connection, subject, editions, piece)
        if shared is None:
            _insert(connection, subject, piece)
            continue
        _compare(connection, subject, editions, f"(SELECT * FROM {piece} WHERE {shared})")
        winners = ", ".join((*subject.columns, "fetch_id"))
        alone = f"SELECT {winners} FROM {piece} WHERE ({shared}) IS NOT TRUE"
        _insert(connection, subject, f"(SELECT {winners} FROM overlapping WHERE newest UNION ALL {alone})")
        if subject.period is not None:
            _record_revisions(connection, subject, editions)
        connection.execute("DROP TABLE overlapping")


def misfit(connection: duckdb.DuckDBPyConnection, subject: Subject, editions: Sequence[Numbered]) -> str | None:
    """In words, the first negative figure of the editions; None when there is none."""
    rows = f"({_union(subject, editions)})"
    for value, _ in subject.values:
        found = connection.execute(
            f"SELECT {', '.join(subject.key)}, {value} FROM {rows} WHERE {value} < 0 ORDER BY ALL LIMIT 1"
        ).fetchone()
        if found is not None:
            return f"{' | '.join(str(part) for part in found[:-1])} has a negative {value}, {found[-1]:g}"
    return None


def series_text(subject: Subject, prefix: str) -> str:
    """SQL of a series as text: the key without its period, joined by ``|``."""
    return "concat_ws('|', " + ", ".join(f"{prefix}.{column}" for column in subject.series) + ")"


def period_sql(subject: Subject, prefix: str) -> str:
    """SQL of the period of a row as ``period_text`` writes it."""
    period = f"{prefix}.{subject.period}"
    return f"CAST({period} AS VARCHAR)" if subject.period == "year" else f"strftime({period}, '%Y-%m')"


def cell_text(subject: Subject, prefix: str, value: str) -> str:
    """SQL of the key of one cell: subject, series, period and value column, joined by ``|``."""
    return (
        f"concat_ws('|', '{subject.table}', {series_text(subject, prefix)}, {period_sql(subject, prefix)}, '{value}')"
    )


def _extent(
    connection: duckdb.DuckDBPyConnection, subject: Subject, edition: Edition
) -> tuple[frozenset[date | int], dict[str, int], int]:
    """Periods, rows of each first value of the key, and rows of an edition."""
    period = "NULL" if subject.period is None else f"CAST({subject.period} AS {sql_type(subject.period)})"
    counted = connection.execute(
        f"SELECT {period} AS period, CAST({subject.key[0]} AS VARCHAR) AS first, count(*) FROM {edition.relation}"
        " GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    periods = frozenset(period for period, _, _ in counted if period is not None)
    firsts: Counter[str] = Counter()
    for _, first, count in counted:
        if first is not None:
            firsts[first] += count
    return periods, dict(firsts), sum(count for _, _, count in counted)


def _union(subject: Subject, editions: Sequence[Numbered]) -> str:
    casts = ", ".join(f"CAST({column} AS {sql_type(column)}) AS {column}" for column in subject.columns)
    return " UNION ALL ".join(
        f"SELECT {casts}, CAST({one.fetch_id} AS SMALLINT) AS fetch_id FROM {one.edition.relation}" for one in editions
    )


def _shared(subject: Subject, editions: Sequence[Numbered]) -> str | None:
    """Condition of the rows that several editions may hold; None when none can."""
    if len(editions) == 1:
        return None
    firsts = Counter(first for one in editions for first in one.firsts)
    conditions = [_one_of(subject.key[0], [pieces.quoted(first) for first, held in firsts.items() if held > 1])]
    if subject.period is not None:
        periods = Counter(period for one in editions for period in one.periods)
        conditions.append(_one_of(subject.period, [_literal(period) for period, held in periods.items() if held > 1]))
    return " AND ".join(conditions) if all(conditions) else None


def _one_of(column: str, literals: list[str]) -> str:
    return f"{column} IN ({', '.join(literals)})" if literals else ""


def _literal(period: date | int) -> str:
    return f"DATE '{period}'" if isinstance(period, date) else str(period)


def _insert(connection: duckdb.DuckDBPyConnection, subject: Subject, rows: str) -> None:
    target = ", ".join((*subject.columns, "fetch_id") if subject.fetched else subject.columns)
    connection.execute(
        f"INSERT INTO {subject.table} ({target}) SELECT {target} FROM {rows} ORDER BY {', '.join(subject.key)}"
    )


def _compare(connection: duckdb.DuckDBPyConnection, subject: Subject, editions: Sequence[Numbered], rows: str) -> None:
    """Table ``overlapping``: every row with the one it replaced in the order in which editions became known.

    A row that never showed, because its edition became known together with or after one that wins over it, is left out.
    """
    key = ", ".join(subject.key)
    ranks = [one.known_rank for one in editions]
    if any(later <= earlier for earlier, later in pairwise(ranks)):
        rows = (
            f"(SELECT * FROM {rows} QUALIFY"
            f" fetch_id = max(fetch_id) OVER (PARTITION BY {key} ORDER BY {_rank(editions)}))"
        )
    before = "".join(f", lag({column}) OVER editions AS old_{column}" for pair in subject.values for column in pair)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE overlapping AS SELECT *, lag(fetch_id) OVER editions AS replaced,"
        f" lead(fetch_id) OVER editions IS NULL AS newest{before} FROM {rows}"
        f" WINDOW editions AS (PARTITION BY {key} ORDER BY fetch_id)"
    )
    twice = connection.execute(
        f"SELECT {key}, fetch_id FROM overlapping WHERE replaced = fetch_id ORDER BY ALL LIMIT 1"
    ).fetchone()
    if twice is not None:
        (source_id,) = (one.edition.source_id for one in editions if one.fetch_id == twice[-1])
        where = " | ".join(str(part) for part in twice[:-1])
        raise EditionError(f"{source_id}, {subject.table}: 2 rows with one key: {where}")


def _rank(editions: Sequence[Numbered]) -> str:
    branches = " ".join(f"WHEN {one.fetch_id} THEN {one.known_rank}" for one in editions)
    return f"CASE fetch_id {branches} END"


def _record_series(
    connection: duckdb.DuckDBPyConnection, subject: Subject, editions: Sequence[Numbered], rows: str
) -> None:
    """The edition that brought each series, where the subject was known before."""
    series = ", ".join(subject.series)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE series_first AS SELECT {series}, min({_rank(editions)}) AS series_rank,"
        f" arg_min(fetch_id, {_rank(editions)}) AS fetch_id FROM {rows} GROUP BY {series}"
    )
    connection.execute(
        f"INSERT INTO series_start SELECT '{subject.table}', {series_text(subject, 's')}, fetch_id"
        f" FROM series_first s WHERE series_rank > 0 ORDER BY {series}"
    )


def _record_revisions(connection: duckdb.DuckDBPyConnection, subject: Subject, editions: Sequence[Numbered]) -> None:
    """Cells whose value or status an edition changed, or that it added although period and series were known."""
    period_first: dict[str, int] = {}
    for one in sorted(editions, key=lambda one: one.known_rank):
        for period in one.periods:
            period_first.setdefault(str(period), one.known_rank)
    periods = ", ".join(f"('{period}', {rank})" for period, rank in period_first.items())
    ranks = ", ".join(f"({one.fetch_id}, {one.known_rank}, '{one.edition.source_id}')" for one in editions)
    series = ", ".join(subject.series)
    for value, status in subject.values:
        connection.execute(
            f"""
            WITH ranked (fetch_id, known_rank, source_id) AS (VALUES {ranks}),
            known_period (period, period_rank) AS (VALUES {periods}),
            changed AS (
                SELECT r.source_id, o.* FROM overlapping o JOIN ranked r USING (fetch_id)
                WHERE replaced IS NOT NULL
                  AND (old_{value} IS DISTINCT FROM {value} OR old_{status} IS DISTINCT FROM {status})
                UNION ALL
                SELECT r.source_id, o.* FROM overlapping o JOIN ranked r USING (fetch_id)
                JOIN (SELECT {series}, series_rank FROM series_first) USING ({series})
                JOIN known_period ON period = CAST(o.{subject.period} AS VARCHAR)
                WHERE replaced IS NULL AND known_rank > greatest(period_rank, series_rank)
            )
            INSERT INTO revision
            SELECT source_id, '{subject.table}', {cell_text(subject, "c", value)}, old_{value}, {value},
                   old_{status}, {status}, fetch_id
            FROM changed c ORDER BY ALL
            """
        )

"""Large tables are worked on piece by piece, so that memory stays bounded whatever their size."""

from collections.abc import Mapping
from itertools import pairwise

import duckdb

ROWS = 2_000_000
"""Rows of one piece: sorting and grouping this many takes a few hundred megabytes."""


def split(connection: duckdb.DuckDBPyConnection, relation: str, column: str) -> list[str]:
    """Conditions that cut a relation into pieces by a text column (see ``conditions``)."""
    counted = connection.execute(
        f"SELECT {column}, count(*) FROM {relation} WHERE {column} IS NOT NULL GROUP BY ALL"
    ).fetchall()
    return conditions(column, dict(counted))


def conditions(column: str, counts: Mapping[str, int]) -> list[str]:
    """SQL conditions that cover every row exactly once, each about ``ROWS`` rows, in ascending order of a text column.

    ``counts`` has the rows of each value. A value is never divided, so a piece is larger where one value is. Rows
    without a value belong to the first piece. What fits in one piece gives the single condition ``TRUE``.
    """
    ends: list[str] = []
    filled = 0
    # DuckDB compares text by its UTF-8 bytes.
    for value, count in sorted(counts.items(), key=lambda item: item[0].encode()):
        if filled and filled + count > ROWS:
            ends.append(quoted(value))
            filled = 0
        filled += count
    if not ends:
        return ["TRUE"]
    between = [f"{column} >= {low} AND {column} < {high}" for low, high in pairwise(ends)]
    return [f"({column} < {ends[0]} OR {column} IS NULL)", *between, f"{column} >= {ends[-1]}"]


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"

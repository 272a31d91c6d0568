"""Large tables are worked on piece by piece, so that memory stays bounded whatever their size."""

from itertools import pairwise

import duckdb

ROWS = 2_000_000
"""Rows of one piece: sorting and grouping this many takes a few hundred megabytes."""


def split(connection: duckdb.DuckDBPyConnection, relation: str, column: str, rows: int = ROWS) -> list[str]:
    """SQL conditions on a column that cover a relation exactly once, each about ``rows`` rows, in ascending order.

    A value of the column is never divided, so a piece is larger where one value is. Rows without a value belong to the
    first piece. A relation that fits in one piece gives the single condition ``TRUE``.
    """
    counted = connection.execute(
        f"SELECT {column}, count(*) FROM {relation} WHERE {column} IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    ends: list[str] = []
    filled = 0
    for value, count in counted:
        if filled and filled + count > rows:
            ends.append(quoted(str(value)))
            filled = 0
        filled += count
    if not ends:
        return ["TRUE"]
    between = [f"{column} >= {low} AND {column} < {high}" for low, high in pairwise(ends)]
    return [f"({column} < {ends[0]} OR {column} IS NULL)", *between, f"{column} >= {ends[-1]}"]


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"

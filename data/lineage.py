"""A snapshot beside its parent: the one in service when it was built, attached as ``parent``."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.pieces import quoted
from data.subjects import Subject


@dataclass(frozen=True)
class Differing:
    """Editions of one subject that only one of the two snapshots has: numbers of the new one's and of the parent's.

    The rows of every other edition are the same in both.
    """

    fresh: tuple[int, ...]
    gone: tuple[int, ...]


@contextlib.contextmanager
def attached(connection: duckdb.DuckDBPyConnection, parent: Path | None) -> Iterator[bool]:
    """Attach the parent's file for a while; gives whether there is one."""
    if parent is None:
        yield False
        return
    connection.execute(f"ATTACH {quoted(str(parent))} AS parent (READ_ONLY)")
    try:
        yield True
    finally:
        connection.execute("DETACH parent")


def comparable(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the attached parent has the table with the same columns; one of another release may not."""
    sides = [
        connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns()"
            " WHERE database_name = coalesce(?, current_database()) AND table_name = ? ORDER BY column_index",
            [database, table],
        ).fetchall()
        for database in (None, "parent")
    ]
    return sides[0] == sides[1]


def differing(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Differing:
    """The editions of a subject that tell a snapshot and its attached parent apart.

    Neither has any when they cannot be compared: the parent has not the table, or with other columns.
    """
    if not (comparable(connection, "source_fetch") and comparable(connection, subject.table)):
        return Differing((), ())
    only = (
        "SELECT fetch_id FROM {0}.source_fetch WHERE subject = ? AND (source_id, sha256, reading) NOT IN"
        " (SELECT (source_id, sha256, reading) FROM {1}.source_fetch WHERE subject = ?) ORDER BY fetch_id"
    )
    sides = [
        tuple(row[0] for row in connection.execute(only.format(*pair), [subject.table] * 2).fetchall())
        for pair in (("main", "parent"), ("parent", "main"))
    ]
    return Differing(*sides)

"""Where the figures come from: sources, their editions in this snapshot, and what the snapshot changed."""

from collections.abc import Sequence

import duckdb
import pandas as pd

from data.queries.frames import frame


def sources(connection: duckdb.DuckDBPyConnection, language: str = "en") -> pd.DataFrame:
    """One row a source, by id.

    Columns ``source_id, publisher, statistic, table_id, subject, cadence, licence, licence_url, attribution,
    verify_url, loadable, origin, published_at, fetched_at, reliability, note, first_period, last_period, row_count,
    editions``. Origin, stamps (UTC), reliability and note are those of the newest edition; the periods span all
    editions and ``row_count`` counts the rows served of any of them. ``note`` is missing for an edition without one in
    the language. A source that was declared but never loaded has 0 ``editions`` and nothing of an edition.
    Raises ValueError for a language but fi, sv, en.
    """
    if language not in ("fi", "sv", "en"):
        raise ValueError(f"no texts in {language!r}: choose fi, sv or en")
    suffix = "" if language == "en" else f"_{language}"
    return frame(
        connection,
        f"""
        WITH edition AS (
            SELECT source_id, arg_max(fetch_id, fetch_id) AS fetch_id, min(first_period) AS first_period,
                   max(last_period) AS last_period, sum(served_count)::BIGINT AS row_count, count(*) AS editions
            FROM source_fetch GROUP BY source_id
        )
        SELECT s.source_id, s.publisher{suffix} AS publisher, s.statistic{suffix} AS statistic, s.table_id, s.subject,
               s.cadence, s.licence, s.licence_url, s.attribution, s.verify_url, s.loadable,
               f.origin, f.published_at, f.fetched_at, f.reliability, f.note{suffix} AS note,
               e.first_period, e.last_period, coalesce(e.row_count, 0) AS row_count,
               coalesce(e.editions, 0) AS editions
        FROM source s LEFT JOIN edition e USING (source_id) LEFT JOIN source_fetch f USING (fetch_id)
        ORDER BY s.source_id
        """,
    )


def fetches(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every edition as it entered this snapshot, in order of precedence: the columns of ``source_fetch``."""
    return frame(connection, "FROM source_fetch ORDER BY fetch_id")


def fetch_source(connection: duckdb.DuckDBPyConnection, fetch_ids: Sequence[int]) -> pd.DataFrame:
    """The source of each edition a frame of figures came from.

    Columns ``fetch_id, source_id, publisher, statistic, statistic_fi, statistic_sv, table_id, licence, licence_url,
    attribution, verify_url, origin, published_at, fetched_at, reliability, first_period, last_period``, and
    ``publisher_fi``, ``publisher_sv``, ``note``, ``note_fi``, ``note_sv``.
    """
    return frame(
        connection,
        "SELECT f.fetch_id, s.source_id, s.publisher, s.publisher_fi, s.publisher_sv, s.statistic, s.statistic_fi,"
        " s.statistic_sv, s.table_id, s.licence, s.licence_url, s.attribution, s.verify_url, f.origin, f.published_at,"
        " f.fetched_at, f.reliability, f.first_period, f.last_period, f.note, f.note_fi, f.note_sv"
        " FROM source_fetch f JOIN source s USING (source_id) WHERE list_contains($ids, f.fetch_id)"
        " ORDER BY f.fetch_id",
        {"ids": [int(one) for one in fetch_ids]},
    )


def changes(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What this snapshot changed against the one before it: the columns of ``change_report``. Empty for a first one."""
    return frame(connection, "FROM change_report ORDER BY source_id, kind, key")

"""Which series a source holds: its areas, and what else names one series of an area."""

import duckdb
import pandas as pd

from data.queries.frames import frame
from data.subjects import SUBJECTS, Subject


def areas_of_source(connection: duckdb.DuckDBPyConnection, subject: str, source_id: str) -> list[str]:
    """Codes of the areas a source has figures of in a subject, in ascending order.

    Raises ValueError when the subject has no time series by area.
    """
    table = _by_area(subject).table
    found = connection.execute(
        f"SELECT DISTINCT area_code FROM {table} JOIN source_fetch USING (fetch_id) WHERE source_id = $source"
        " ORDER BY area_code",
        {"source": source_id},
    ).fetchall()
    return [code for (code,) in found]


def series_of_area(connection: duckdb.DuckDBPyConnection, subject: str, source_id: str, area_code: str) -> pd.DataFrame:
    """The series of an area that a source has figures of, in ascending order of their codes.

    One row a series; its columns are those of the subject's key but period and area, as in ``residence, measure``.
    Raises ValueError when the subject has no time series by area.
    """
    known = _by_area(subject)
    columns = [column for column in known.series if column != "area_code"]
    listed = ", ".join(f"o.{column}" for column in columns) or "TRUE AS whole"
    rows = frame(
        connection,
        f"SELECT DISTINCT {listed} FROM {known.table} o JOIN source_fetch USING (fetch_id)"
        " WHERE source_id = $source AND area_code = $area ORDER BY ALL",
        {"source": source_id, "area": area_code},
    )
    return rows[columns]


def _by_area(subject: str) -> Subject:
    found = SUBJECTS.get(subject)
    if found is None or found.period is None or "area_code" not in found.series:
        raise ValueError(f"{subject!r} is not a subject of time series by area")
    return found

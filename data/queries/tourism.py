"""Overnight stays (Statistics Finland, accommodation statistics): establishments with 20 or more beds or pitches."""

from collections.abc import Sequence

import duckdb
import pandas as pd

from data.queries.frames import Month, between, frame


def nights(
    connection: duckdb.DuckDBPyConnection,
    area: str,
    residence: Sequence[str] = ("total", "domestic", "foreign"),
    start: Month | None = None,
    end: Month | None = None,
) -> pd.DataFrame:
    """Nights in the month by residence of the guest.

    Columns ``month, residence, value, status, origin, fetch_id``; status ``first_release`` (later revised) or
    ``derived`` (see ``origin``). Months that were not published here are absent: the series has gaps.
    """
    within, parameters = between(start, end)
    return frame(
        connection,
        "SELECT month, residence, value, status, origin, fetch_id FROM accommodation"
        f" WHERE area_code = $area AND measure = 'nights' AND list_contains($residence, residence) AND {within}"
        " ORDER BY month, residence",
        {"area": area, "residence": list(residence), **parameters},
    )


def latest_month(connection: duckdb.DuckDBPyConnection, area: str) -> pd.Timestamp | None:
    """The latest month of nights; None when the area has none."""
    found = frame(
        connection,
        "SELECT max(month) AS month FROM accommodation WHERE area_code = $area AND measure = 'nights'",
        {"area": area},
    )["month"].iloc[0]
    return None if pd.isna(found) else found


def hotel_nights(
    connection: duckdb.DuckDBPyConnection,
    areas: Sequence[str],
    start: Month | None = None,
    end: Month | None = None,
) -> pd.DataFrame:
    """Nights of the month in hotels by municipality (StatFin matk 11lm): camping and cottages are not in them.

    Columns ``area_code, month, value, status, fetch_id``. A hidden figure is NaN with its status; areas and months
    that were not published are absent, and the frame is empty where the table was never loaded.
    """
    within, parameters = between(start, end)
    return frame(
        connection,
        "SELECT area_code, month, value, status, fetch_id FROM hotel_month"
        f" WHERE list_contains($areas, area_code) AND measure = 'nights' AND {within} ORDER BY area_code, month",
        {"areas": list(areas), **parameters},
    )

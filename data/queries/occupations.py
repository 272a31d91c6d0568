"""Jobseekers and vacancies by occupation (StatFin 12ti, month end; 12tu, during the month)."""

from collections.abc import Sequence
from typing import Literal

import duckdb
import pandas as pd

from data.queries.frames import Month, between, frame
from data.queries.frames import month as first_day

Level = Literal["total", "4", "other"]
TOTAL = "SSS"


def by_month(connection: duckdb.DuckDBPyConnection, area: str, month: Month, level: Level = "4") -> pd.DataFrame:
    """Both sides of the market by occupation in one area and month.

    ``level``: ``4`` for the four-digit occupations, ``other`` for the X classes that are not occupations, ``total``.
    The publisher gives no one- to three-digit sums. Columns ``occupation_code, unemployed, unemployed_status,
    vacancies, vacancies_status, fetch_id``; a count is NaN where its status is not ``published``.
    Raises ValueError for another level.
    """
    if level not in ("total", "4", "other"):
        raise ValueError(f"level {level!r} is not published: choose total, 4 or other")
    return frame(
        connection,
        "SELECT occupation_code, unemployed, unemployed_status, vacancies, vacancies_status, fetch_id"
        " FROM employment_service_occupation JOIN occupation USING (occupation_code)"
        " WHERE area_code = $area AND month = $month AND level = $level ORDER BY occupation_code",
        {"area": area, "month": first_day(month), "level": level},
    )


def series(
    connection: duckdb.DuckDBPyConnection,
    area: str,
    occupations: Sequence[str],
    start: Month | None = None,
    end: Month | None = None,
) -> pd.DataFrame:
    """Both sides of the market over time for chosen occupation codes (``SSS`` is the total).

    Columns ``occupation_code, month, unemployed, unemployed_status, vacancies, vacancies_status, fetch_id``.
    """
    within, parameters = between(start, end)
    return frame(
        connection,
        "SELECT occupation_code, month, unemployed, unemployed_status, vacancies, vacancies_status, fetch_id"
        " FROM employment_service_occupation"
        f" WHERE area_code = $area AND list_contains($occupations, occupation_code) AND {within}"
        " ORDER BY occupation_code, month",
        {"area": area, "occupations": list(occupations), **parameters},
    )


def latest_month(connection: duckdb.DuckDBPyConnection, area: str) -> pd.Timestamp | None:
    """The latest month of an area with a total, and so with all occupations; None when there is none."""
    found = frame(
        connection,
        "SELECT max(month) AS month FROM employment_service_occupation"
        " WHERE area_code = $area AND occupation_code = $total",
        {"area": area, "total": TOTAL},
    )["month"].iloc[0]
    return None if pd.isna(found) else found


def unclassified(connection: duckdb.DuckDBPyConnection, area: str, month: Month) -> pd.DataFrame:
    """Jobseekers and vacancies in the X classes, which are not occupations and stay out of matching.

    Columns as ``by_month``: one row a class.
    """
    return by_month(connection, area, month, "other")


def during_month(connection: duckdb.DuckDBPyConnection, area: str, month: Month) -> pd.DataFrame:
    """Vacancies open at some time during the month, all codes: larger than the month-end stock, never one series.

    Columns ``occupation_code, vacancies, status, fetch_id``.
    """
    return frame(
        connection,
        "SELECT occupation_code, value AS vacancies, status, fetch_id FROM occupation_during_month"
        " WHERE area_code = $area AND month = $month AND measure = 'AVPAIKATYHT' AND labour_market_status = 'SSS'"
        " ORDER BY occupation_code",
        {"area": area, "month": first_day(month)},
    )


def during_months(connection: duckdb.DuckDBPyConnection, area: str) -> pd.DatetimeIndex:
    """Months, ascending, that ``during_month`` has for an area."""
    found = frame(
        connection,
        "SELECT DISTINCT month FROM occupation_during_month WHERE area_code = $area AND measure = 'AVPAIKATYHT'"
        " ORDER BY month",
        {"area": area},
    )
    return pd.DatetimeIndex(found["month"], name="month")


def labels(connection: duckdb.DuckDBPyConnection, language: str) -> pd.DataFrame:
    """Labels of every occupation code and group, Finnish where the language has none.

    Columns ``occupation_code, level, label, label_language``. Raises ValueError for a language but fi, sv, en.
    """
    if language not in ("fi", "sv", "en"):
        raise ValueError(f"no labels in {language!r}: choose fi, sv or en")
    return frame(
        connection,
        f"SELECT occupation_code, level, coalesce(label_{language}, label_fi) AS label,"
        f" CASE WHEN label_{language} IS NULL THEN 'fi' ELSE '{language}' END AS label_language"
        " FROM occupation ORDER BY occupation_code",
    )

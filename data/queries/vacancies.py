"""Vacancies by industry (StatFin 12tw) and flows of vacancies (the discontinued StatFin 2310)."""

from collections.abc import Sequence
from typing import Literal

import duckdb
import pandas as pd

from data.queries.frames import Month, between, frame
from data.queries.frames import month as first_day

Level = Literal["total", "section", "division", "other"]
OPEN = "AVPAIKATLOPUSSA"


def by_industry(
    connection: duckdb.DuckDBPyConnection,
    area: str,
    industries: Sequence[str],
    start: Month | None = None,
    end: Month | None = None,
    measure: str = OPEN,
) -> pd.DataFrame:
    """Open vacancies at month end over time for chosen TOL 2008 codes (``SSS`` is the total).

    Columns ``industry_code, month, value, status, fetch_id``. ``measure`` ATPAVGJATKESTOT gives the mean days open,
    where it was loaded.
    """
    within, parameters = between(start, end)
    return frame(
        connection,
        "SELECT industry_code, month, value, status, fetch_id FROM vacancy_industry"
        " WHERE area_code = $area AND measure = $measure"
        f" AND list_contains($industries, industry_code) AND {within} ORDER BY industry_code, month",
        {"area": area, "measure": measure, "industries": list(industries), **parameters},
    )


def industry_month(
    connection: duckdb.DuckDBPyConnection, area: str, month: Month, level: Level = "section"
) -> pd.DataFrame:
    """Open vacancies of one month at one level of TOL 2008: columns ``industry_code, value, status, fetch_id``.

    ``other`` holds X (unknown) and its parts NO and Other.
    """
    return frame(
        connection,
        "SELECT industry_code, value, status, fetch_id FROM vacancy_industry JOIN industry USING (industry_code)"
        " WHERE area_code = $area AND month = $month AND level = $level AND measure = $measure ORDER BY industry_code",
        {"area": area, "month": first_day(month), "level": level, "measure": OPEN},
    )


def latest_month(connection: duckdb.DuckDBPyConnection, area: str) -> pd.Timestamp | None:
    """The latest month of vacancies by industry; None when the area has none."""
    found = frame(
        connection,
        "SELECT max(month) AS month FROM vacancy_industry WHERE area_code = $area AND measure = $measure",
        {"area": area, "measure": OPEN},
    )["month"].iloc[0]
    return None if pd.isna(found) else found


def industry_labels(connection: duckdb.DuckDBPyConnection, language: str) -> pd.DataFrame:
    """Labels of every industry code, in the first language that has one: the wanted, Finnish, Swedish, English.

    Columns ``industry_code, level, label, label_language``. Raises ValueError for a language but fi, sv, en.
    """
    if language not in ("fi", "sv", "en"):
        raise ValueError(f"no labels in {language!r}: choose fi, sv or en")
    return frame(
        connection,
        f"""
        SELECT industry_code, level, coalesce(label_{language}, label_fi, label_sv, label_en) AS label,
               CASE WHEN label_{language} IS NOT NULL THEN '{language}' WHEN label_fi IS NOT NULL THEN 'fi'
                    WHEN label_sv IS NOT NULL THEN 'sv' ELSE 'en' END AS label_language
        FROM industry ORDER BY industry_code
        """,
    )


def flows(
    connection: duckdb.DuckDBPyConnection,
    areas: Sequence[str],
    measures: Sequence[str],
    start: Month | None = None,
    end: Month | None = None,
) -> pd.DataFrame:
    """Flows of vacancies and vacancies open during the month, 2006 to 2020: never beside month-end stocks.

    Columns ``area_code, month, measure, value, status, fetch_id``; status ``not_defined`` marks a mean duration
    without a filled vacancy.
    """
    within, parameters = between(start, end)
    return frame(
        connection,
        "SELECT area_code, month, measure, value, status, fetch_id FROM vacancy_flow"
        f" WHERE list_contains($areas, area_code) AND list_contains($measures, measure) AND {within}"
        " ORDER BY area_code, month, measure",
        {"areas": list(areas), "measures": list(measures), **parameters},
    )

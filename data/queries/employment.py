"""Employment service figures by area and month: jobseekers, vacancies, labour force (StatFin 12r5)."""

from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd

from data.queries.frames import Month, between, frame

# Shares: a sum of them has no meaning.
NOT_SUMMABLE = frozenset({"TYOTOSUUS"})

# A hidden count is 1 to 4.
HIDDEN_LOW, HIDDEN_HIGH = 1, 4


def series(
    connection: duckdb.DuckDBPyConnection,
    areas: Sequence[str],
    measures: Sequence[str],
    start: Month | None = None,
    end: Month | None = None,
) -> pd.DataFrame:
    """Published figures as they are.

    Columns ``area_code, month, measure, value, status, fetch_id``, in that order of sorting; ``value`` is NaN where
    ``status`` is not ``published``. Counts at month end, UUDETAVP during the month, TYOTOSUUS per cent. Both ends of
    the period are included. An area, measure or month without a row is absent.
    """
    within, parameters = between(start, end)
    return frame(
        connection,
        "SELECT area_code, month, measure, value, status, fetch_id FROM employment_service"
        f" WHERE list_contains($areas, area_code) AND list_contains($measures, measure) AND {within}"
        " ORDER BY area_code, month, measure",
        {"areas": list(areas), "measures": list(measures), **parameters},
    )


def group_series(
    connection: duckdb.DuckDBPyConnection,
    groups: Mapping[str, Sequence[Sequence[str]]],
    measures: Sequence[str],
    start: Month | None = None,
    end: Month | None = None,
) -> pd.DataFrame:
    """Sums over groups of areas, with bounds where members are hidden.

    ``groups`` gives each group its compositions: lists of area codes whose sum is the group. For each month the
    composition without an absent member that hides fewest is used, the first of equals. A month in which every
    composition lacks a member has no row.
    Columns ``group, month, measure, value, lower, upper, hidden, bound, fetch_id``, sorted by the first three:
    ``value`` is the sum, NaN when a member is hidden; ``lower`` and ``upper`` add 1 and 4 for each of the ``hidden``
    members; ``bound`` is True when any is hidden; ``fetch_id`` is the newest member's.
    Raises ValueError for a share (TYOTOSUUS), which must not be summed.
    """
    if shares := sorted(NOT_SUMMABLE.intersection(measures)):
        raise ValueError(f"{', '.join(shares)} is a share: compute it from sums of its parts")
    members = [
        (group, position, area, len(composition))
        for group, compositions in groups.items()
        for position, composition in enumerate(compositions)
        for area in composition
    ]
    within, parameters = between(start, end)
    return frame(
        connection,
        f"""
        WITH member AS (
            SELECT unnest($groups::VARCHAR[]) AS grouping, unnest($positions::INTEGER[]) AS position,
                   unnest($areas::VARCHAR[]) AS area_code, unnest($sizes::INTEGER[]) AS size
        ),
        composed AS (
            SELECT grouping, position, size, month, measure, coalesce(sum(value), 0) AS visible,
                   count(*) FILTER (status = 'suppressed') AS hidden, count(*) AS present, max(fetch_id) AS fetch_id
            FROM member JOIN employment_service USING (area_code)
            WHERE list_contains($measures, measure) AND status IN ('published', 'suppressed') AND {within}
            GROUP BY ALL HAVING present = size
        )
        SELECT grouping AS "group", month, measure,
               CASE WHEN hidden = 0 THEN visible END AS value,
               visible + {HIDDEN_LOW} * hidden AS lower, visible + {HIDDEN_HIGH} * hidden AS upper,
               hidden, hidden > 0 AS bound, fetch_id
        FROM composed
        QUALIFY row_number() OVER (PARTITION BY grouping, month, measure ORDER BY hidden, position) = 1
        ORDER BY grouping, month, measure
        """,
        {
            "groups": [one[0] for one in members],
            "positions": [one[1] for one in members],
            "areas": [one[2] for one in members],
            "sizes": [one[3] for one in members],
            "measures": list(measures),
            **parameters,
        },
    )


def months(connection: duckdb.DuckDBPyConnection, areas: Sequence[str], measures: Sequence[str]) -> pd.DatetimeIndex:
    """Months, ascending, in which every one of ``areas`` has a row of every one of ``measures``.

    A hidden figure counts as a row. Empty when there is no such month.
    """
    found = frame(
        connection,
        "SELECT month FROM employment_service WHERE list_contains($areas, area_code)"
        " AND list_contains($measures, measure) GROUP BY month HAVING count(*) = $cells ORDER BY month",
        {
            "areas": list(areas),
            "measures": list(measures),
            "cells": len(set(areas)) * len(set(measures)),
        },
    )
    return pd.DatetimeIndex(found["month"], name="month")


def latest_month(
    connection: duckdb.DuckDBPyConnection, areas: Sequence[str], measures: Sequence[str]
) -> pd.Timestamp | None:
    """The latest month with a row, hidden or not, for every area and measure; None when there is none."""
    found = months(connection, areas, measures)
    return found[-1] if len(found) else None


def bulletin(connection: duckdb.DuckDBPyConnection, area: str, measures: Sequence[str]) -> pd.DataFrame:
    """Figures stated in monthly bulletins: rounded, with gaps; not to be joined to ``series`` unmarked.

    Columns ``area_code, month, measure, value, status, note, origin, fetch_id`` with status published, rounded or
    derived; ``origin`` is the address of the bulletin or missing.
    """
    return frame(
        connection,
        "SELECT area_code, month, measure, value, status, note, origin, fetch_id FROM employment_service_bulletin"
        " WHERE area_code = $area AND list_contains($measures, measure) ORDER BY month, measure",
        {"area": area, "measures": list(measures)},
    )

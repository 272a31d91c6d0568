"""What was computed when the snapshot was built: signals, adjusted series, level breaks, mismatch, forecasts.

``areas`` are published codes or ids of cases; measures are those of the employment service. What is absent was refused:
:func:`refused` says why.
"""

from collections.abc import Sequence
from typing import Literal

import duckdb
import pandas as pd

from data.queries.frames import Month, frame
from data.queries.frames import month as first_day

Family = Literal["municipality", "sub_region", "region", "country", "case"]
Partition = Literal["municipality", "occupation"]
Computation = Literal["signal", "adjustment", "track_record", "forecast", "mismatch"]


def signals(
    connection: duckdb.DuckDBPyConnection, family: Family, measure: str, month: Month | None = None
) -> pd.DataFrame:
    """Tests of a family's counts against their own past: of one month, or of every month tested.

    Columns ``area_code, month, observed, expected, detection_limit, p, p_adjusted, direction, watch, signal``, sorted
    by month and area. Counts are unadjusted; within ``expected`` plus or minus ``detection_limit`` a count cannot be
    told from noise. A month or area that was not tested has no row; a hidden count is never tested.
    """
    return frame(
        connection,
        "SELECT area_code, month, observed, expected, detection_limit, p, p_adjusted, direction, watch, signal"
        " FROM signal WHERE family = $family AND measure = $measure AND ($month IS NULL OR month = $month)"
        " ORDER BY month, area_code",
        {"family": family, "measure": measure, "month": first_day(month)},
    )


def latest_tested_month(connection: duckdb.DuckDBPyConnection, family: Family, measure: str) -> pd.Timestamp | None:
    """The latest month in which any area of a family was tested; None when none was."""
    found = frame(
        connection,
        "SELECT max(month) AS month FROM signal WHERE family = $family AND measure = $measure",
        {"family": family, "measure": measure},
    )["month"].iloc[0]
    return None if pd.isna(found) else found


def adjusted(connection: duckdb.DuckDBPyConnection, areas: Sequence[str], measure: str) -> pd.DataFrame:
    """Seasonally adjusted series of the longest run of months without a gap.

    Columns ``area_code, month, adjusted, seasonal, trend, provisional``, sorted by the first two. ``adjusted`` and
    ``trend`` are in the unit of the series; ``seasonal`` is a natural logarithm: 0.1 is a tenth above the trend.
    ``provisional`` values move when the next months come.
    """
    return frame(
        connection,
        "SELECT area_code, month, adjusted, seasonal, trend, provisional FROM seasonal_adjustment"
        " WHERE list_contains($areas, area_code) AND measure = $measure ORDER BY area_code, month",
        {"areas": list(areas), "measure": measure},
    )


def breaks_of_level(connection: duckdb.DuckDBPyConnection, areas: Sequence[str], measure: str) -> pd.DataFrame:
    """Months at which the level of an adjusted series moves, at most five a series.

    Columns ``area_code, month, before, after, earliest, latest``, sorted by the first two: ``month`` is the first of
    the new level, within ``earliest`` to ``latest`` at 95 %; ``before`` and ``after`` are geometric means in the unit
    of the series. Months resemble their neighbours, which makes breaks too many: read them beside the series.
    """
    return frame(
        connection,
        "SELECT area_code, month, before, after, earliest, latest FROM level_break"
        " WHERE list_contains($areas, area_code) AND measure = $measure ORDER BY area_code, month",
        {"areas": list(areas), "measure": measure},
    )


def mismatch_over_time(connection: duckdb.DuckDBPyConnection, partition: Partition) -> pd.DataFrame:
    """The mismatch index between Lapland's municipalities or four-digit occupations, by month.

    Columns ``month, mismatch_index, lower, upper, chance_mean, chance_lower, chance_upper, cells, hidden_unemployed,
    hidden_vacancies, unassigned_lower, unassigned_upper``. The index is a share, 0 to 1; ``lower`` and ``upper`` its
    least and greatest over what hidden cells can be; ``chance_*`` what counts this small give without any mismatch.
    ``unassigned_*`` are the unemployed persons in no occupation, who stand outside the index; missing for
    municipalities. Compare one partition over time, never two partitions. A month that lacks a cell has no row.
    """
    return frame(
        connection,
        "SELECT * EXCLUDE (partition) FROM mismatch_month WHERE partition = $partition ORDER BY month",
        {"partition": partition},
    )


def track_record(connection: duckdb.DuckDBPyConnection, area: str, measure: str) -> pd.DataFrame:
    """How far each method was off in the rolling back-test: a row a method and period scored.

    Columns ``method, period_scored, mae, mape, mase, relative_mae, coverage, n``. ``period_scored`` is ``all`` or
    ``without 2020-03..2021-12``; ``mae`` in the unit of the series, ``mape`` in per cent, ``relative_mae`` over the
    same month a year before (below 1 is better), ``coverage`` the share of outcomes in the 80 % interval, ``n``
    forecasts. Empty when the series has no track record.
    """
    return frame(
        connection,
        "SELECT method, period_scored, mae, mape, mase, relative_mae, coverage, n FROM forecast_score"
        " WHERE area_code = $area AND measure = $measure ORDER BY period_scored, relative_mae, method",
        {"area": area, "measure": measure},
    )


def backtest(connection: duckdb.DuckDBPyConnection, area: str, measure: str, method: str, step: int) -> pd.DataFrame:
    """What a method would have said ``step`` months ahead, and what came.

    Columns ``origin, month, actual, point, lower, upper``, sorted by month; the interval is 80 %, NaN while too few
    errors were known.
    """
    return frame(
        connection,
        "SELECT origin, month, actual, point, lower, upper FROM forecast_backtest"
        " WHERE area_code = $area AND measure = $measure AND method = $method AND step = $step ORDER BY month",
        {"area": area, "measure": measure, "method": method, "step": step},
    )


def decision(connection: duckdb.DuckDBPyConnection, area: str, measure: str) -> tuple[bool, str] | None:
    """Whether a forecast from the latest month may be shown, and if not the reason; None for a series never tried.

    Reasons: ``too_short``, ``hidden_months``, ``too_few``, ``no_better_than_seasonal_naive``, ``coverage``, in the
    words of :func:`indicators.forecast.publishable`; empty when it may.
    """
    row = connection.execute(
        "SELECT allowed, coalesce(reason, '') FROM forecast_decision WHERE area_code = $area AND measure = $measure",
        {"area": area, "measure": measure},
    ).fetchone()
    return None if row is None else (row[0], row[1])


def forecast(connection: duckdb.DuckDBPyConnection, area: str, measure: str) -> pd.DataFrame:
    """The forecast of the next months, empty where :func:`decision` is no.

    Columns ``month, method, point, lower, upper``: counts with their 80 % interval.
    """
    return frame(
        connection,
        "SELECT month, method, point, lower, upper FROM forecast_month"
        " WHERE area_code = $area AND measure = $measure ORDER BY month",
        {"area": area, "measure": measure},
    )


def refused(connection: duckdb.DuckDBPyConnection, computation: Computation | None = None) -> pd.DataFrame:
    """What was not computed and why: columns ``computation, area_code, measure, reason, detail``, sorted so.

    Reasons: ``no_figures``; ``no_month_tested`` (the past is too short or hidden); ``too_short`` (no five years of
    months without a gap); ``too_few`` (a mean count below 10); ``zeros``; ``failed``, with what was said in
    ``detail``. Of mismatch ``measure`` is the partition.
    """
    return frame(
        connection,
        "SELECT computation, area_code, measure, reason, detail FROM computation_refused"
        " WHERE $computation IS NULL OR computation = $computation ORDER BY ALL",
        {"computation": computation},
    )

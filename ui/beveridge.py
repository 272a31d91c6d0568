"""The Beveridge path of an area: the same month of each year, and the regimes of its months."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators import matching, seasonality
from ui.readings import LABOUR_FORCE, UNEMPLOYED, VACANCIES, monthly


@dataclass(frozen=True)
class Regime:
    """Months of one curve: ``first`` and ``last``, and for a later one the months its start may lie between (95 %)."""

    first: pd.Period
    last: pd.Period
    earliest: pd.Period | None
    latest: pd.Period | None


def rates(series: pd.DataFrame, group: str) -> pd.DataFrame:
    """Register share and vacancy rate of a group by month (monthly ``PeriodIndex``, fractions); hidden ones NaN.

    Columns unemployment_rate, vacancy_rate, unemployed, vacancies. Employed is the labour force less the unemployed.
    """
    rows = series[(series["group"] == group) & ~series["rounded"]]
    wide = rows.pivot(index="month", columns="measure", values="value").apply(monthly)
    unemployed, vacancies = wide[UNEMPLOYED], wide[VACANCIES]
    points = matching.beveridge_points(unemployed, vacancies, wide[LABOUR_FORCE] - unemployed)
    return points[["unemployment_rate", "vacancy_rate"]].assign(unemployed=unemployed, vacancies=vacancies)


def regimes(points: pd.DataFrame) -> list[Regime]:
    """Regimes of the longest run of months without a gap, seasonally adjusted; empty where it is too short to tell.

    Months outside the run belong to none.
    """
    run = longest_run(points[["unemployment_rate", "vacancy_rate"]])
    if len(run) < 10 * 12:
        return []
    u, v = (seasonality.adjust(run[column], min_mean=0)["adjusted"] for column in run.columns)
    found = matching.beveridge_breaks(u, v, min_size=max(24, int(np.ceil(0.15 * len(run)))))
    starts = [run.index[0], *found["period"]]
    ends = [*(start - 1 for start in starts[1:]), run.index[-1]]
    bounds: list[tuple[pd.Period | None, pd.Period | None]] = [(None, None), *found.attrs["intervals"]]
    return [Regime(*one, *bound) for one, bound in zip(zip(starts, ends, strict=True), bounds, strict=True)]


def longest_run(values: pd.DataFrame) -> pd.DataFrame:
    """The longest stretch of consecutive rows without a missing value, the latest of equals."""
    whole = values.notna().all(axis="columns")
    blocks = (~whole).cumsum()[whole]
    if blocks.empty:
        return values.iloc[:0]
    sizes = blocks.value_counts()
    longest = sizes[sizes == sizes.max()].index.max()
    return values.loc[blocks.index[blocks == longest]]

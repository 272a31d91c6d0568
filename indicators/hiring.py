"""From vacancies to hires: how well they meet for the numbers there are, and how long vacancies stay open."""

from typing import cast

import numpy as np
import pandas as pd

from indicators._checks import ByMonth, Cells, consecutive, counts, monthly, over_time, whole, within
from indicators.seasonality import rolling_mean

DAYS_PER_MONTH = 30.4375


def matching_efficiency(hires: Cells, vacancies: Cells, unemployed: Cells) -> pd.DataFrame:
    """Matching efficiency over time: what hires are beyond what vacancies, unemployed and season explain.

    Least squares of ln h = ln A + a ln v + b ln u + season for one cell, where the season has a level for each month or
    quarter of a ``PeriodIndex`` of those, and none otherwise. Columns ``efficiency`` exp(residual), 1 what the period's
    v, u and season lead to expect; ``fitted``, the hires expected so, in the unit of h; ``residual`` ln h - ln fitted.
    ``attrs`` holds the estimates ``vacancies`` a, ``unemployed`` b and ``r_squared``. A hidden period is left out of
    the fit and NaN. Say what the hires cover: filled vacancies are a small, selected part of them.

    ``ValueError`` for zeros (no logarithm), periods that are not consecutive, fewer observations than coefficients,
    and v and u that the season or each other explain in full.
    Source: Petrongolo and Pissarides (2001), Looking into the black box, Journal of Economic Literature 39(2).
    """
    inputs = {"hires": hires, "vacancies": vacancies, "unemployed": unemployed}
    series = over_time(**inputs)
    for name, values in zip(inputs, series, strict=True):
        if (values == 0).any():
            raise ValueError(f"{name} is zero in {values.index[values == 0][0]}: it has no logarithm")
    index = series[0].index
    h, v, u = (np.log(values.to_numpy()) for values in series)
    seen = ~np.isnan(h + v + u)
    season = _season(index)
    regressors = np.column_stack([v, u, season[:, season[seen].any(axis=0)]])
    n, k = int(seen.sum()), regressors.shape[1]
    if n <= k:
        raise ValueError(
            f"{k} coefficients need more than {k} visible periods, got {n} with hires, vacancies and unemployed"
        )
    if np.linalg.matrix_rank(regressors[seen]) < k:
        raise ValueError("vacancies and unemployed do not vary apart from each other and the season")
    coefficients = np.linalg.lstsq(regressors[seen], h[seen], rcond=None)[0]
    fitted = np.where(seen, regressors @ coefficients, np.nan)
    residual = np.where(seen, h, np.nan) - fitted
    frame = pd.DataFrame({"efficiency": np.exp(residual), "fitted": np.exp(fitted), "residual": residual}, index=index)
    spread = float(((h[seen] - h[seen].mean()) ** 2).sum())
    frame.attrs = {
        "vacancies": float(coefficients[0]),
        "unemployed": float(coefficients[1]),
        "r_squared": 1 - float((residual[seen] ** 2).sum()) / spread if spread > 0 else np.nan,
    }
    return frame


def vacancy_days(open_vacancies: ByMonth, new_vacancies: ByMonth, window: int = 12) -> ByMonth:
    """How many days a vacancy stays open, stock over flow: 30.4375 times mean stock over mean monthly new vacancies.

    Means over the month and the ``window`` - 1 before it, NaN unless every one of them is there with a value, and where
    no vacancy was new. By month, in the shape of the input; panels align on labels. Holds in a steady state: while
    stocks grow it runs ahead, while they shrink behind. Another thing than the mean duration of filled vacancies, which
    leaves out those still open.

    ``ValueError`` unless both are by month, in order and without gaps, with the same labels and none negative.
    """
    within("window", window, 0, np.inf)
    whole("window", window, 1)
    stock, flow = counts(
        open_vacancies=monthly("open_vacancies", open_vacancies), new_vacancies=monthly("new_vacancies", new_vacancies)
    )
    stock, flow = cast(ByMonth, stock), cast(ByMonth, flow)
    consecutive("open_vacancies", stock.index)
    new = rolling_mean(flow, window)
    return DAYS_PER_MONTH * rolling_mean(stock, window) / new.where(new > 0)


def _season(index: pd.Index) -> np.ndarray:
    """A column a season that is 1 in it; one column of ones where the index has no seasons."""
    frequency = index.freqstr if isinstance(index, pd.PeriodIndex) else ""
    if frequency == "M":
        return (pd.PeriodIndex(index).month.to_numpy()[:, None] == np.arange(1, 13)).astype(float)
    if frequency.startswith("Q"):
        return (pd.PeriodIndex(index).quarter.to_numpy()[:, None] == np.arange(1, 5)).astype(float)
    return np.ones((len(index), 1))

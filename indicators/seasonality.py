"""Season and comparison over months: profiles of the year, same-month change, twelve-month sums and means.

Inputs by month carry a monthly ``PeriodIndex``; a month may be absent or NaN, and neither is ever taken for zero.
The default comparison is the same month a year ago: month on month means nothing on unadjusted figures.
"""

from collections.abc import Callable, Collection
from typing import Any, overload

import numpy as np
import pandas as pd

from indicators._checks import ByMonth, Cells, Labelled, counts, monthly, within

MONTHS = pd.RangeIndex(1, 13, name="month")


def monthly_profile(series: pd.Series | pd.DataFrame, exclude: Collection[int] = ()) -> pd.DataFrame:
    """Mean of each calendar month, leaving out the years in ``exclude``: rows 1 to 12, a column a cell.

    A ``Series`` gives one column with its name (``mean`` when it has none). A hidden (NaN) month makes its calendar
    month NaN, as the mean of the others would overstate it: drop it first to leave it out knowingly. A calendar month
    never seen is NaN. ``attrs["excluded"]`` names the years left out that the series has.
    """
    if isinstance(series, pd.Series):
        series = series.to_frame("mean" if series.name is None else series.name)
    values = monthly("series", series)
    periods = pd.PeriodIndex(values.index)
    kept = ~periods.year.isin(list(exclude))
    if not kept.any():
        raise ValueError("exclude leaves no months")
    by_month = values[kept].groupby(periods[kept].month)
    profile = by_month.mean().where(by_month.count().eq(by_month.size(), axis=0)).reindex(MONTHS)
    profile.attrs["excluded"] = sorted({int(year) for year in periods.year[~kept]})
    return profile


@overload
def gini(profile: Cells) -> float: ...


@overload
def gini(profile: pd.DataFrame) -> float | pd.Series: ...


def gini(profile: Cells | pd.DataFrame) -> float | pd.Series:
    """Gini coefficient of a profile's twelve values: 0 even over the year, at most 11/12 with all in one month.

    2 sum i x_i/(12 sum x) - 13/12 over ascending x. A number for one profile; for a frame of several a ``Series`` by
    column, NaN where a month is missing. ``ValueError`` unless there are twelve values, none negative, not all zero.
    """
    months, finish = _twelve(profile)
    ordered = np.sort(months, axis=0)
    rank = np.arange(1, 13)[:, None]
    return finish(2 * (rank * ordered).sum(axis=0) / (12 * ordered.sum(axis=0)) - 13 / 12)


@overload
def seasonality_ratio(profile: Cells) -> float: ...


@overload
def seasonality_ratio(profile: pd.DataFrame) -> float | pd.Series: ...


def seasonality_ratio(profile: Cells | pd.DataFrame) -> float | pd.Series:
    """The highest month over the mean of the twelve, 1 to 12. Shapes and errors as for :func:`gini`."""
    months, finish = _twelve(profile)
    return finish(months.max(axis=0) / months.mean(axis=0))


@overload
def peak_to_trough(profile: Cells) -> pd.Series: ...


@overload
def peak_to_trough(profile: pd.DataFrame) -> pd.DataFrame | pd.Series: ...


def peak_to_trough(profile: Cells | pd.DataFrame) -> pd.Series | pd.DataFrame:
    """The highest month over the lowest: ``ratio``, and the calendar months ``peak`` and ``trough``, 1 to 12.

    The first such month counts when several are equal; the ratio is NaN when the lowest is zero. A ``Series`` for
    one profile; for a frame of several a row a column, NaN where a month is missing. Errors as for :func:`gini`.
    """
    months, finish = _twelve(profile)
    highest, lowest = months.max(axis=0), months.min(axis=0)
    missing = np.isnan(highest)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(lowest > 0, highest / lowest, np.nan)
    columns = {
        "ratio": ratio,
        "peak": np.where(missing, np.nan, months.argmax(axis=0) + 1.0),
        "trough": np.where(missing, np.nan, months.argmin(axis=0) + 1.0),
    }
    parts = {name: finish(values) for name, values in columns.items()}
    return pd.Series(parts) if np.isscalar(parts["ratio"]) else pd.DataFrame(parts)


def same_month_change(series: pd.Series) -> pd.DataFrame:
    """Change against the same month a year ago: columns ``difference``, ``ratio`` and ``base``, a row a month.

    ``base`` is the month compared with: twelve months earlier, or, where that is absent or hidden, the latest earlier
    same calendar month with a value. All three are missing (NaN, NaT) where there is none or the month itself is
    hidden; the ratio is NaN on a base of zero.
    """
    values = monthly("series", series)
    if not isinstance(values, pd.Series):
        raise ValueError("series must be one cell over time, not a panel")
    periods = pd.PeriodIndex(values.index)
    seen = values.dropna().sort_index()
    earlier = seen.groupby(pd.PeriodIndex(seen.index).month).shift(1)
    months = pd.Series(seen.index, index=seen.index)
    base = months.groupby(pd.PeriodIndex(seen.index).month).shift(1)
    change = pd.DataFrame(
        {"difference": seen - earlier, "ratio": (seen / earlier).where(earlier != 0), "base": base}
    ).reindex(periods)
    return change.astype({"base": periods.dtype})


def rolling_sum(series: ByMonth, months: int = 12) -> ByMonth:
    """Sum of the month and the ``months`` - 1 before it, in the shape of the input.

    NaN unless every month of the window is there with a value: a hidden month is not zero.
    """
    return _rolling(series, months, np.sum)


def rolling_mean(series: ByMonth, months: int = 12) -> ByMonth:
    """Mean of the month and the ``months`` - 1 before it; windows as in :func:`rolling_sum`."""
    return _rolling(series, months, np.mean)


def _rolling(series: ByMonth, months: int, aggregate: Callable[..., np.ndarray]) -> ByMonth:
    """``aggregate`` over windows of the full calendar, so that an absent month breaks its windows as NaN does."""
    within("months", months, 0, np.inf)
    values = monthly("series", series)
    calendar = pd.period_range(values.index.min(), values.index.max(), freq="M")
    full = values.reindex(calendar)
    result = full * np.nan
    if len(full) >= months:
        windows = np.lib.stride_tricks.sliding_window_view(full.to_numpy(), months, axis=0)
        result.iloc[months - 1 :] = aggregate(windows, axis=-1)
    return result.reindex(values.index)


def _twelve(profile: Cells | pd.DataFrame) -> tuple[np.ndarray, Callable[[np.ndarray], Any]]:
    """The profile as months by cells from January, and what turns a number a cell into a float or a ``Series``."""
    (values,) = counts(profile=profile)
    if not isinstance(values, Labelled) or len(values) != 12:
        raise ValueError("profile must hold twelve values, one a calendar month")
    if set(values.index) == set(MONTHS):
        values = values.reindex(MONTHS)
    months = values.to_numpy().reshape(12, -1)
    single = months.shape[1] == 1
    missing = int(np.isnan(months).sum())
    if single and missing:
        raise ValueError(f"{missing} of 12 months of the profile are missing: every month is needed")
    if (months.sum(axis=0) == 0).any():
        raise ValueError("the total of the profile is zero")
    if single:
        return months, lambda by_cell: float(by_cell[0])
    return months, lambda by_cell: pd.Series(by_cell, index=values.columns)

"""Season and comparison over months: profiles of the year, seasonal adjustment, same-month change, rolling windows.

Inputs by month carry a monthly ``PeriodIndex``; a month may be absent or NaN, and neither is ever taken for zero.
The default comparison is the same month a year ago: month on month means nothing on unadjusted figures.
statsmodels is imported where it is used, as it takes most of a second to load.
"""

from collections.abc import Callable, Collection
from typing import Any, overload

import numpy as np
import pandas as pd

from indicators._checks import ByMonth, Cells, Labelled, consecutive, counts, labelled, monthly, whole, within

MONTHS = pd.RangeIndex(1, 13, name="month")

FEWEST_YEARS = 5
"""A season that may change is not told from its remainder in fewer."""

PROVISIONAL = 3
"""How many of the latest adjusted values the next ones will move."""

NO_VARIATION = 1e-10
"""Standard deviation below which what is left beside the trend is rounding."""

FIT_OPTIONS = ("inner_iter", "outer_iter")


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
    if isinstance(exclude, str) or not isinstance(exclude, Collection):
        raise ValueError(f"exclude must be a collection of years, got {exclude!r}")
    kept = ~periods.year.isin([whole("exclude", year, 0) for year in exclude])
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

    2 sum i x_i/(12 sum x) - 13/12 over ascending x. Labelled 1 to 12 or by month, or else in order from January. A
    number for one profile; for a frame of several a ``Series`` by column, NaN where a month is missing. ``ValueError``
    unless there are twelve values of different months, none negative, not all zero.
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


def adjust(
    series: pd.Series,
    period: int = 12,
    log: bool = True,
    robust: bool = True,
    min_mean: float = 10,
    **stl: int | bool | None,
) -> pd.DataFrame:
    """Seasonal adjustment by STL: a row a month, in the order of the series.

    ``observed`` and ``adjusted`` are in the unit of the series. ``seasonal``, ``trend`` and ``remainder`` add up to
    ``observed``, or with ``log`` to its natural logarithm, where they are relative: a seasonal part of 0.1 is a tenth
    above the trend. ``adjusted`` is ``observed`` without the seasonal part. ``provisional`` marks the last three
    values: they move when the next months come.

    ``robust`` gives little weight to shocks, so that one odd spring does not bend the season. ``stl`` takes the other
    arguments of statsmodels' STL and of its fit (``seasonal``, ``trend``, ``low_pass``, their ``_deg`` and ``_jump``,
    ``inner_iter``, ``outer_iter``). ``period`` is observations a year, those of the index: 12 monthly, 4 quarterly.

    ``ValueError`` where there is nothing to adjust and twelve-month sums (:func:`rolling_sum`) are to be used instead:
    fewer than five full years, a mean below ``min_mean``, with ``log`` zeros or negative values; and for hidden or
    absent months, months out of order, a panel, and an option STL does not have.
    Source: Cleveland, Cleveland, McRae & Terpenning (1990), STL, Journal of Official Statistics.
    """
    from statsmodels.tsa.seasonal import STL

    within("min_mean", min_mean, -np.inf, np.inf)
    values = _adjustable(series, period)
    if values.mean() < min_mean:
        raise ValueError(f"series has a mean of {values.mean():.4g}, below {min_mean:g}: use twelve-month sums")
    if log and (values <= 0).any():
        raise ValueError("series holds zeros or negative values, which have no logarithm: use twelve-month sums")
    scaled = np.log(values) if log else values
    fit_options = {name: stl.pop(name) for name in FIT_OPTIONS if name in stl}
    try:
        fitted = STL(scaled.to_numpy(), period=period, robust=robust, **stl).fit(**fit_options)
    except TypeError as error:
        raise ValueError(f"options are those of STL: {error}") from error
    left = scaled - fitted.seasonal
    return pd.DataFrame(
        {
            "observed": values,
            "seasonal": fitted.seasonal,
            "trend": fitted.trend,
            "remainder": fitted.resid,
            "adjusted": np.exp(left) if log else left,
            "provisional": np.arange(len(values)) >= len(values) - PROVISIONAL,
        }
    )


def strength(series: pd.Series) -> float:
    """Strength of season, 0 none to 1 nothing but season: max(0, 1 - var(R)/var(S + R)) of :func:`adjust`'s parts.

    0 for a series that never leaves its trend. Errors as for :func:`adjust` with its defaults.
    Source: Wang, Smith & Hyndman (2006), Characteristic-based clustering for time series data.
    """
    parts = adjust(series)
    around_trend = parts["seasonal"] + parts["remainder"]
    if around_trend.std() < NO_VARIATION:
        return 0.0
    return max(0.0, float(1 - parts["remainder"].var() / around_trend.var()))


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
    months, observed = periods.asi8, values.to_numpy()
    # By calendar month, then time, so that the month compared with is the row before.
    order = np.lexsort([months, months % 12])
    order = order[~np.isnan(observed[order])]
    now, before = order[1:], order[:-1]
    same = months[now] % 12 == months[before] % 12
    now, before = now[same], before[same]
    difference, ratio = np.full((2, len(observed)), np.nan)
    base = np.full(len(observed), pd.NaT.value)
    difference[now] = observed[now] - observed[before]
    ratio[now] = np.divide(observed[now], observed[before], out=np.full(len(now), np.nan), where=observed[before] != 0)
    base[now] = months[before]
    compared = pd.PeriodIndex.from_ordinals(base, freq="M")  # type: ignore[attr-defined]  # unknown to pandas-stubs
    return pd.DataFrame({"difference": difference, "ratio": ratio, "base": compared}, index=periods)


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
    months = whole("months", months, 1)
    values = monthly("series", series)
    calendar = pd.period_range(values.index.min(), values.index.max(), freq="M")
    full = values.reindex(calendar)
    result = full * np.nan
    if len(full) >= months:
        windows = np.lib.stride_tricks.sliding_window_view(full.to_numpy(), months, axis=0)
        result.iloc[months - 1 :] = aggregate(windows, axis=-1)
    return result.reindex(values.index)


def _adjustable(series: pd.Series, period: int) -> pd.Series:
    """The series as floats: one cell, by period in order, without gaps or hidden values, five full years or more."""
    if not isinstance(series, pd.Series):
        raise ValueError("series must be one cell over time, not a panel")
    quarterly = isinstance(series.index, pd.PeriodIndex) and series.index.freqstr.startswith("Q")
    if period not in (12, 4) or (period == 4 and not quarterly):
        raise ValueError(f"period must be 12 for a monthly or 4 for a quarterly PeriodIndex, got {period}")
    values = monthly("series", series) if period == 12 else labelled("series", series)
    assert isinstance(values, pd.Series)
    hidden = int(values.isna().sum())
    if hidden:
        raise ValueError(f"{hidden} of {len(values)} values of series are hidden: every one is needed")
    consecutive("series", values.index)
    if len(values) < FEWEST_YEARS * period:
        raise ValueError(f"series has {len(values)} values, fewer than {FEWEST_YEARS} years: use twelve-month sums")
    return values


def _twelve(profile: Cells | pd.DataFrame) -> tuple[np.ndarray, Callable[[np.ndarray], Any]]:
    """The profile as months by cells from January, and what turns a number a cell into a float or a ``Series``.

    Ordered by labels 1 to 12 or by period; other labels count in their order, as the values of an array do.
    """
    (values,) = counts(profile=profile)
    if not isinstance(values, Labelled) or len(values) != 12:
        raise ValueError("profile must hold twelve values, one a calendar month")
    if isinstance(values.index, pd.PeriodIndex):
        if values.index.freqstr != "M" or set(values.index.month) != set(MONTHS):
            raise ValueError("profile must hold twelve values, one a calendar month")
        values = values.set_axis(values.index.month)
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

"""Tourism and the labour market: winters as years, overnight stays per inhabitant, which series moves first.

Overnight stays are those of the accommodation statistics, establishments of 20 beds or more: small cabins and peer
rentals are outside, and stays are not visitors. Input by month: StatFin 11lm (hotels by municipality), Rudolf 116n (all
establishments of the statistics by region and country of residence); unemployed and vacancies StatFin 12r5.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from indicators._checks import Cells, Shaped, counts, elementwise, monthly, over_time, sections, within
from indicators.seasonality import MONTHS, NO_VARIATION, peak_to_trough

WINTER = (11, 12, 1, 2, 3, 4)

NEAR_THRESHOLD = 0.1
"""How far from a threshold, as a fraction of it, an area may fall on the other side next year."""

LEVEL = 0.95

FEWEST_PAIRS = 36
"""Three years of changes: in fewer one rise and fall of both series is all there is to see."""


def season_by_winter(series: pd.Series, first_month: int = 11) -> pd.DataFrame:
    """Monthly values laid out as tourism years, so that no winter is cut in two: a row a season, a column a month.

    Rows are every season from the first to the last, named ``2018/19`` (``2018`` when ``first_month`` is 1); columns
    the calendar months 1 to 12 from ``first_month`` on. Values as given, NaN where a month is hidden or absent;
    ``attrs["incomplete"]`` names the seasons with such a month.

    ``ValueError`` for a panel, an index that is not by month, and a first month that is none.
    """
    values = monthly("series", series)
    if not isinstance(values, pd.Series):
        raise ValueError("series must be one cell over time, not a panel")
    if first_month not in MONTHS:
        raise ValueError(f"first_month must be a calendar month, 1 to 12, got {first_month}")
    periods = pd.PeriodIndex(values.index)
    start = periods.year - (periods.month < first_month)
    cells = pd.Series(values.to_numpy(), index=pd.MultiIndex.from_arrays([start, periods.month]))
    months = pd.Index([(first_month - 1 + i) % 12 + 1 for i in range(12)], name="month")
    years = pd.RangeIndex(start.min(), start.max() + 1)
    layout = cells.unstack().reindex(index=years, columns=months)
    layout.index = pd.Index(
        [f"{year}/{(year + 1) % 100:02d}" if first_month > 1 else f"{year}" for year in years], name="season"
    )
    layout.attrs["incomplete"] = layout.index[layout.isna().any(axis=1)].tolist()
    return layout


def winter_share(series: pd.Series, months: Sequence[int] = WINTER) -> pd.Series:
    """Share of the winter ``months`` in the total of their tourism year, a fraction, by season.

    The year starts with the first of ``months``, which follow each other; seasons are those of
    :func:`season_by_winter`. NaN where any of the twelve months is hidden or absent, and where the total is zero. Half
    a year has a share of about 0.5 when stays are even over the year.

    ``ValueError`` for negative values, months that do not follow each other and errors of :func:`season_by_winter`.
    """
    (values,) = counts(series=monthly("series", series))
    first, n = months[0] if len(months) else 0, len(months)
    if first not in MONTHS or n > 11 or [(month - first) % 12 for month in months] != list(range(n)):
        raise ValueError(f"months must be calendar months that follow each other, got {tuple(months)}")
    layout = season_by_winter(values, first)  # type: ignore[arg-type]  # a panel is refused there
    total = layout.sum(axis=1, skipna=False)
    return layout[list(months)].sum(axis=1, skipna=False) / total


def tourism_intensity(nights: Shaped, population: Shaped) -> Shaped:
    """Tourism intensity (matkailuintensiteetti): overnight stays per inhabitant, in the shape of the inputs.

    Stays of a year, or of twelve months (:func:`~indicators.seasonality.rolling_sum`), over the population at the end
    of that year; say which. NaN where either is hidden or nobody lives. Stays count where the establishment is, so that
    a small municipality with a large resort stands high.

    Input: StatFin 11lm over 11re. Definition: Eurostat, tourism intensity.
    """
    return elementwise(
        lambda stays, people: np.where(people > 0, stays / people, np.nan), nights=nights, population=population
    )


def tourism_municipalities(intensity: Cells, threshold: float) -> pd.DataFrame:
    """Which areas count as tourism municipalities: columns ``intensity``, ``tourism``, ``near``, a row an area.

    ``tourism``: ``intensity`` (stays per inhabitant, :func:`tourism_intensity`) reaches ``threshold``, a choice to be
    printed beside the list. ``near``: within a tenth of the threshold on either side, where a year's change or small
    cabins outside the statistics could turn the answer. Both are nullable booleans, missing where the intensity is
    hidden: such an area is neither in nor out.

    ``ValueError`` for a panel, negative intensities and a threshold that is not positive.
    """
    within("threshold", threshold, 0, np.inf)
    (values,) = sections(intensity=intensity)
    hidden = values.isna()
    reached = (values >= threshold).astype("boolean").mask(hidden)
    near = ((values - threshold).abs() <= NEAR_THRESHOLD * threshold).astype("boolean").mask(hidden)
    return pd.DataFrame({"intensity": values, "tourism": reached, "near": near})


def lead_lag(leader: pd.Series, follower: pd.Series, max_lag: int = 6) -> pd.DataFrame:
    """How many months ``leader`` runs ahead of ``follower``: their cross-correlation, a row a lag.

    Of the changes ln x_t - ln x_(t-12) of both, as series with a common season correlate at any lag in their levels.
    Rows ``lag`` from -``max_lag`` to ``max_lag``: at lag k the leader's change meets the follower's k months later, so
    that a negative lag means the follower is ahead. Columns ``correlation`` (Pearson) over ``n`` pairs of months;
    ``effective_n``, n over 1 + 2 sum_j (1 - j/T) r_j s_j of the autocorrelations r and s of the two over T months,
    j to the larger of 12 and T/4, and at most n; ``lower`` and ``upper``, an approximate 95 % band around 0 for all the
    lags together (t distribution of effective_n - 2 degrees, Sidak): of unrelated pairs at most one in twenty has any
    lag outside. ``attrs["lag"]`` is the lag whose correlation is largest against its band, the shortest of equals;
    ``attrs["significant"]`` whether it lies outside.

    A lead is no cause: both may answer to a third, at different speed. One shared shock, such as the spring of 2020,
    can make the whole correlation: hide its months (NaN) in one of the two, and look again. A hidden month takes the
    pairs it is part of, and those a year later.

    ``ValueError`` unless both are by month, the same months, in order and without gaps; for zeros (no logarithm),
    changes that do not vary, a ``max_lag`` over 12, and a lag with fewer than 36 pairs.
    Source: Bartlett (1946), On the theoretical specification and sampling properties of autocorrelated time-series;
    Pyper & Peterman (1998), Comparison of methods to account for autocorrelation in correlation analyses of fish data.
    """
    within("max_lag", max_lag, 0, 13)
    given = {"leader": monthly("leader", leader), "follower": monthly("follower", follower)}
    ahead, behind = (_yearly_change(name, s) for name, s in zip(given, over_time(**given), strict=True))
    lags = pd.RangeIndex(-max_lag, max_lag + 1, name="lag")
    pairs = [_pairs(ahead, behind, lag) for lag in lags]
    n = np.array([len(first) for first, _ in pairs])
    if n.min() < FEWEST_PAIRS:
        raise ValueError(f"lag {lags[int(n.argmin())]} has {n.min()} pairs of changes, fewer than {FEWEST_PAIRS}")
    for name, changes in zip(given, zip(*pairs, strict=True), strict=True):
        if min(change.std() for change in changes) < NO_VARIATION:
            raise ValueError(f"{name} changes alike in every month: there is nothing to correlate")
    correlation = np.array([_correlation(first, second) for first, second in pairs])
    depth = np.arange(1, max(12, len(ahead) // 4) + 1)
    product = _autocorrelations(ahead, depth) * _autocorrelations(behind, depth)
    effective = n / max(1.0, 1 + 2 * float(np.nansum((1 - depth / len(ahead)) * product)))
    limit = _correlation_limit(effective, LEVEL ** (1 / len(lags)))
    result = pd.DataFrame(
        {"correlation": correlation, "n": n, "effective_n": effective, "lower": -limit, "upper": limit}, index=lags
    )
    against = pd.Series(np.abs(correlation) / limit, index=lags).round(12)
    best = min(against.index[against == against.max()], key=abs)
    result.attrs = {"lag": int(best), "significant": bool(against[best] > 1)}
    return result


def season_shift(profile_a: Cells | pd.DataFrame, profile_b: Cells | pd.DataFrame) -> pd.Series:
    """How many months the year of ``profile_b`` lies after that of ``profile_a``, by the shape of both.

    Profiles are the means of the twelve calendar months (:func:`~indicators.seasonality.monthly_profile` of one cell).
    Circular cross-correlation: b is turned back by -5 to 6 months until it lies best on a, the shortest turn of equals.
    ``shift`` is that turn, in months, b later than a where positive, and ``correlation`` what it gives, -1 to 1;
    ``mirror_shift`` and ``mirror_correlation`` the turn at which b is most nearly a upside down, as the unemployed are
    of overnight stays. ``peak_a``, ``peak_b``, ``trough_a``, ``trough_b`` are calendar months, the first of equals.

    The shape of the average year, nothing of single years: it says that one season follows the other, not that it
    follows from it. ``ValueError`` unless both hold twelve values, none hidden or negative, that are not all equal.
    """
    a, b = _year("profile_a", profile_a), _year("profile_b", profile_b)
    turns = sorted(range(-5, 7), key=lambda turn: (abs(turn), -turn))
    correlations = np.array([_correlation(a, np.roll(b, -turn)) for turn in turns]).round(12)
    best, mirror = int(correlations.argmax()), int(correlations.argmin())
    shape_a, shape_b = peak_to_trough(a), peak_to_trough(b)
    return pd.Series(
        {
            "shift": turns[best],
            "correlation": correlations[best],
            "mirror_shift": turns[mirror],
            "mirror_correlation": correlations[mirror],
            "peak_a": shape_a["peak"],
            "peak_b": shape_b["peak"],
            "trough_a": shape_a["trough"],
            "trough_b": shape_b["trough"],
        }
    )


def _yearly_change(name: str, series: pd.Series) -> np.ndarray:
    """Log differences against the same month a year before, from the thirteenth month on."""
    if (series == 0).any():
        raise ValueError(f"{name} is zero in {series.index[series == 0][0]}: it has no logarithm")
    logs = np.log(series.to_numpy())
    return logs[12:] - logs[:-12]


def _pairs(ahead: np.ndarray, behind: np.ndarray, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """Visible pairs of a value of ``ahead`` and the value of ``behind`` ``lag`` places later."""
    first = ahead[max(0, -lag) : max(0, len(ahead) - max(0, lag))]
    second = behind[max(0, lag) : max(0, len(behind) + min(0, lag))]
    seen = ~np.isnan(first + second)
    return first[seen], second[seen]


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson correlation of two arrays that vary."""
    x, y = first - first.mean(), second - second.mean()
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


def _autocorrelations(values: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Autocorrelation at each lag of ``depth``: mean product of the visible pairs over the variance, NaN without."""
    centred = values - np.nanmean(values)
    variance = np.nanmean(centred**2)
    found = []
    for lag in depth:
        earlier, later = _pairs(centred, centred, int(lag))
        found.append(earlier @ later / len(earlier) / variance if len(earlier) else np.nan)
    return np.array(found)


def _correlation_limit(n: np.ndarray, level: float) -> np.ndarray:
    """How far from 0 a correlation of ``n`` unrelated pairs stays with probability ``level``; 1 for two or fewer."""
    from scipy.special import stdtrit

    freedom = np.maximum(n - 2, np.finfo(float).tiny)
    t = stdtrit(freedom, (1 + level) / 2)
    return np.where(n > 2, t / np.sqrt(freedom + t**2), 1.0)


def _year(name: str, profile: Cells | pd.DataFrame) -> np.ndarray:
    """The twelve values of one profile from January."""
    (values,) = counts(**{name: profile})
    if isinstance(values, pd.DataFrame) and values.shape[1] == 1:
        values = values.iloc[:, 0]
    if not isinstance(values, pd.Series) or len(values) != 12:
        raise ValueError(f"{name} must hold twelve values, one a calendar month")
    if set(values.index) == set(MONTHS):
        values = values.reindex(MONTHS)
    hidden = int(values.isna().sum())
    if hidden:
        raise ValueError(f"{hidden} of 12 months of {name} are missing: every month is needed")
    if values.std() <= NO_VARIATION * values.mean():
        raise ValueError(f"{name} is even over the year: it has no season to shift")
    return values.to_numpy()

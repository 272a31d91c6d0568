"""Changes worth a question: what a month should have been, which months are not, and when a level moved.

A signal says that a count lies outside what its own past and season make likely, in two of the latest three months.
It is a question to the region, never a cause. Counts go in unadjusted; level breaks and the CUSUM test are for an
adjusted series, on logs where the level matters in per cent.

scipy is imported where it is used, as it takes most of a second to load.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pandas as pd

from indicators._breaks import choose, piecewise
from indicators._checks import Cells, consecutive, counts, labelled, monthly, number, whole

BAND = NormalDist().inv_cdf(0.975)
"""The detection limit is the edge of the 95 % band around the expected count."""

LEVEL_WINDOW = range(3, 15)
"""The level of a month is the mean of the months 3 to 14 before it: a whole year, and not the change itself."""

FEWEST_LEVEL_MONTHS = 9
DISPERSION_MONTHS = 60
FEWEST_DISPERSION_MONTHS = 24
SMALLEST_EXPECTED = 0.5

NEARLY_POISSON = 1e-8
"""Excess dispersion below which the negative binomial has no digits left over the Poisson distribution."""

FEWEST_AT_ONCE, MOST_AT_ONCE = 256, 2048
"""How many cells of a panel one thread judges at once: enough to be worth a thread, not so many that memory waits."""

THREADS = 2
"""How many pieces of a large panel are judged at a time: as many as a small machine has processors."""

DIRECTIONS = ("even", "up", "down")
"""By the sign of the change modulo 3."""

TO_SIGMA = 1.4826
"""Median absolute deviation to standard deviation under a normal distribution."""


def expected(counts: pd.Series | pd.DataFrame, years: int = 5) -> pd.DataFrame:
    """What each month's count should be from its own past: ``period``, ``cell``, ``expected``, ``dispersion``.

    ``counts`` are unadjusted persons or vacancies by month, one cell or a panel of months by cells; a row a month and
    cell comes back, by month, then cell in the order of the columns (a ``Series`` is the cell of its name, else 0).

    With m_t the mean of the months t-14 to t-3 and r_t = (y_t + 0.5)/(m_t + 0.5), ``expected`` is
    mu_t = median(r_(t-12), ..., r_(t-12 years)) (m_t + 0.5) - 0.5, at least 0.5: the level of the last year with the
    usual season, so that one odd year does not become the yardstick of the next. ``dispersion``, variance over mean,
    is the square of 1.4826 times the median |y - mu|/sqrt(mu) of the 60 months before, at least 1.

    A hidden or absent month is never taken for zero: it is left out. A level of fewer than 9 of its 12 months, or a
    median of no more than half of its ratios, leaves ``expected`` NaN, as are the first 12 ``years`` + 14 months;
    ``dispersion`` is NaN there too and where fewer than 24 of its 60 months tell it. Hidden counts are small, so a
    level without them is somewhat high, in the ratios of the past as in the month itself.

    ``ValueError`` for negative, infinite or empty input, for anything but a monthly ``PeriodIndex``, and for ``years``
    below 1.
    """
    years = whole("years", years, 1)
    panel = _panel(counts)
    mu, phi = _in_pieces(lambda piece: _baseline(piece, years), _calendar(panel))
    kept = _kept(panel)
    return _long(panel, expected=mu[kept], dispersion=np.where(np.isnan(mu), np.nan, phi)[kept])


def detect(
    counts: pd.Series | pd.DataFrame, q: float = 0.05, persist: tuple[int, int] = (2, 3), years: int = 5
) -> pd.DataFrame:
    """Months whose counts their own past does not explain: a row a month and cell, ordered as in :func:`expected`.

    ``p`` is the two-sided mid-p of ``observed`` under a negative binomial with the mean and dispersion of
    :func:`expected` (Poisson at dispersion 1); ``p_adjusted`` is Benjamini-Hochberg's over all cells tested that month,
    the family being the columns given: put every measure of a screen in one panel. A month is rejected when
    ``p_adjusted`` is at most ``q``. ``signal``: rejected in the same direction in ``persist[0]`` of the latest
    ``persist[1]`` months; ``watch``: rejected this month, without a signal yet. ``direction`` is that of the signal,
    else ``up``, ``down`` or ``even`` against ``expected``. ``limit`` is the detection limit in persons, the edge of
    the 95 % band: a smaller change cannot be told from noise.

    Hidden months are not tested: their ``p``, ``p_adjusted`` and ``direction`` are missing and they are neither watch
    nor signal; nor are months without an expected value and a dispersion. Among a signal's latest months an untested
    one is not a rejected one.

    Without any change a month of the screen has a rejection with probability ``q`` and a signal more rarely, as far as
    the counts follow that distribution. With the committed months of Lapland in random order a screen of unemployed
    has a false signal in less than 2 of 100 months. Vacancies come in lots and have heavier tails, 7 to 11 of 100:
    ask three months of three of them, ``persist=(3, 3)``, which brings it below 1.

    ``ValueError`` as for :func:`expected`, for ``q`` outside 0 to 1 and for ``persist`` that is not 1 <= k <= n.
    Source: mid-p, Lancaster (1961); multiplicity, Benjamini & Hochberg (1995).
    """
    _fraction("q", q)
    years = whole("years", years, 1)
    needed, latest = _persistence(persist)
    panel = _panel(counts)
    values = _calendar(panel)

    def judge(piece: np.ndarray) -> tuple[np.ndarray, ...]:
        mu, phi = _baseline(piece, years)
        p = _mid_p(piece, mu, phi)
        side = np.where(np.isnan(p), 0, np.sign(piece - mu)).astype(np.int8)
        return mu, BAND * np.sqrt(phi * mu), p, side

    mu, limit, p, side = _in_pieces(judge, values)
    tested = ~np.isnan(p)
    adjusted = _adjusted(p)
    rejected = np.where(_rejected(adjusted, q), side, 0)
    up, down = (_in_latest(rejected == sign, latest) >= needed for sign in (1, -1))
    signal = tested & (up | down)
    # Both at once takes a loose rule (1 of 3): the month itself decides then.
    side = np.where(signal & (up != down), up.astype(np.int8) - down, side)
    code = np.where(tested, side % len(DIRECTIONS), -1)
    kept = _kept(panel)
    return _long(
        panel,
        observed=values[kept],
        expected=mu[kept],
        limit=limit[kept],
        p=p[kept],
        p_adjusted=adjusted[kept],
        direction=pd.array(DIRECTIONS, dtype="str").take(code[kept].ravel(), allow_fill=True),
        watch=((rejected != 0) & ~signal)[kept],
        signal=signal[kept],
    )


def benjamini_hochberg(pvalues: Cells, q: float = 0.05) -> pd.Series:
    """Which hypotheses are rejected with the expected share of false ones among them at most ``q``, by cell.

    The i-th smallest of the n p-values and all below it are rejected when it is at most i q/n. A missing p-value is
    not tested: it is False and does not count in n. Nothing is rejected at q = 0.

    ``ValueError`` for p-values or ``q`` outside 0 to 1, empty input and repeated labels.
    Source: Benjamini & Hochberg (1995), valid for independent or positively dependent tests.
    """
    _fraction("q", q)
    values = labelled("pvalues", pvalues)
    if not isinstance(values, pd.Series):
        raise ValueError("pvalues must be one family: one value a cell")
    p = values.to_numpy()
    if ((p < 0) | (p > 1)).any():
        raise ValueError("pvalues must lie between 0 and 1")
    return pd.Series(_rejected(_adjusted(p[None, :])[0], q), index=values.index)


def level_breaks(series: Cells, n_breaks: int | None = None, max_breaks: int = 5, min_size: int = 12) -> pd.DataFrame:
    """Dates at which the mean level of a series moves: a row a break, in order; no rows when there is none.

    ``position`` counts the observations up to the end of the old level, ``period`` is the label of the first one of
    the new; ``before`` and ``after`` are the mean levels, in the unit of the series. Levels hold at least ``min_size``
    observations. The breaks are those with the least sum of squares RSS of all partitions; their number is
    ``n_breaks``, or else the one of 0 to ``max_breaks`` with the least BIC = n ln(RSS/n) + n (1 + ln 2 pi) +
    2 (m + 1) ln n for m breaks. ``attrs["bic"]`` lists the BIC by number of breaks from 0, as far as the series is
    long enough.

    Give a seasonally adjusted series, usually of logs. Autocorrelation makes the BIC too generous with breaks.

    ``ValueError`` for missing or infinite values, fewer than ``min_size`` (with ``n_breaks``: ``min_size`` a level)
    observations, months that are absent or out of order, numbers of breaks below 0 and levels of a single observation.
    Source: Bai & Perron (2003), Computation and analysis of multiple structural change models.
    """
    values = _one_series(series)
    max_breaks, min_size = whole("max_breaks", max_breaks, 0), whole("min_size", min_size, 1)
    n_breaks = None if n_breaks is None else whole("n_breaks", n_breaks, 0)
    y, level, n = values.to_numpy(), np.ones((len(values), 1)), len(values)
    positions, bic = choose(y, level, max_breaks if n_breaks is None else max(max_breaks, n_breaks), min_size)
    if n_breaks is not None:
        positions, _ = piecewise(y, level, n_breaks, min_size)
    edges = [0, *positions, n]
    levels = [float(values.iloc[start:end].mean()) for start, end in pairwise(edges)]
    breaks = pd.DataFrame(
        {
            "position": np.array(positions, dtype=int),
            "period": values.index[positions],
            "before": np.array(levels[:-1], dtype=float),
            "after": np.array(levels[1:], dtype=float),
        }
    )
    breaks.attrs["bic"] = [bic[number] for number in range(len(bic))]
    return breaks


def cusum(series: Cells) -> pd.Series:
    """OLS-based CUSUM test of a constant level: ``statistic`` and its asymptotic ``p``.

    The statistic is the largest |cumulated deviation from the mean| over s sqrt(n), s^2 = RSS/(n - 1); a small p says
    that the level did not stay. p is that of the largest absolute value of a Brownian bridge. A constant series has
    statistic 0 and p 1. Autocorrelation makes p too small.

    ``ValueError`` for missing or infinite values, absent or unordered months and fewer than 2 observations.
    Source: Ploberger & Krämer (1992), The CUSUM test with OLS residuals.
    """
    from scipy.special import kolmogorov

    values = _one_series(series)
    n = len(values)
    if n < 2:
        raise ValueError("series must hold at least 2 observations")
    residuals = _centred(values.to_numpy())
    scale = np.sqrt((residuals**2).sum() / (n - 1))
    statistic = float(np.abs(residuals.cumsum()).max() / (scale * np.sqrt(n))) if scale > 0 else 0.0
    return pd.Series({"statistic": statistic, "p": float(kolmogorov(statistic))})


def _fraction(name: str, value: float) -> None:
    number(name, value)
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, got {value:g}")


def _persistence(persist: tuple[int, int]) -> tuple[int, int]:
    if not isinstance(persist, Sequence) or len(persist) != 2:
        raise ValueError(f"persist must be k of n months, two numbers, got {persist!r}")
    needed, latest = (whole("persist", months, 0) for months in persist)
    if not 1 <= needed <= latest:
        raise ValueError(f"persist must be k of n months with 1 <= k <= n, got {needed} of {latest}")
    return needed, latest


def _panel(values: pd.Series | pd.DataFrame) -> pd.DataFrame:
    """The counts as months by cells."""
    if isinstance(values, pd.Series):
        values = values.to_frame(0 if values.name is None else values.name)
    (panel,) = counts(counts=monthly("counts", values))
    assert isinstance(panel, pd.DataFrame)
    return panel


def _calendar(panel: pd.DataFrame) -> np.ndarray:
    """The panel over every month from its first to its last: an absent month is hidden."""
    months = pd.period_range(panel.index.min(), panel.index.max(), freq="M")
    return (panel if panel.index.equals(months) else panel.reindex(months)).to_numpy()


def _kept(panel: pd.DataFrame) -> np.ndarray | slice:
    """Where in the calendar the panel's own rows stand."""
    months = pd.period_range(panel.index.min(), panel.index.max(), freq="M")
    return slice(None) if panel.index.equals(months) else months.get_indexer(panel.index)


def _in_pieces(judge: Callable[[np.ndarray], tuple[np.ndarray, ...]], values: np.ndarray) -> tuple[np.ndarray, ...]:
    """``judge`` of months by cells, whose cells do not depend on each other: pieces of the columns, in threads."""
    cells = values.shape[1]
    at_once = min(max(-(-cells // THREADS), FEWEST_AT_ONCE), MOST_AT_ONCE)
    pieces = [np.ascontiguousarray(values[:, start : start + at_once]) for start in range(0, cells, at_once)]
    if len(pieces) == 1:
        return judge(pieces[0])
    with ThreadPoolExecutor(THREADS) as threads:
        judged = list(threads.map(judge, pieces))
    return tuple(np.concatenate(parts, axis=1) for parts in zip(*judged, strict=True))


def _baseline(values: np.ndarray, years: int) -> tuple[np.ndarray, np.ndarray]:
    """Expected count and dispersion of each month and cell, NaN where the past does not tell."""
    first = 12 * years + LEVEL_WINDOW[-1]
    level = _level(values)
    usual = _usual(values, level, years)
    # np.maximum keeps NaN: no expected value is not a small one.
    mu = np.maximum(usual * (level + 0.5) - 0.5, SMALLEST_EXPECTED)
    mu[:first] = np.nan
    miss = np.abs(values - mu)[first:] / np.sqrt(mu[first:])
    scale = np.full(values.shape, np.nan)
    scale[first:] = TO_SIGMA * _median_before(miss, DISPERSION_MONTHS, FEWEST_DISPERSION_MONTHS)
    return mu, np.maximum(scale**2, 1.0)


def _level(values: np.ndarray) -> np.ndarray:
    """Mean of the months of :data:`LEVEL_WINDOW` before each, NaN where too few of them are seen."""
    seen = ~np.isnan(values)
    total, n = _over_level_window(np.where(seen, values, 0.0)), _over_level_window(seen.astype(np.int8))
    return np.divide(total, n, out=np.full(values.shape, np.nan), where=n >= FEWEST_LEVEL_MONTHS)


def _over_level_window(values: np.ndarray) -> np.ndarray:
    """Sum over the twelve months of :data:`LEVEL_WINDOW` before each, of those there are, from sums of two and four."""
    months, nearest = len(values), LEVEL_WINDOW[0]
    total = np.zeros_like(values)
    if months > nearest:
        padded = np.zeros((len(LEVEL_WINDOW) - 1 + months - nearest, *values.shape[1:]), dtype=values.dtype)
        padded[len(LEVEL_WINDOW) - 1 :] = values[:-nearest]
        two = padded[1:] + padded[:-1]
        four = two[2:] + two[:-2]
        np.add(four[:-8], four[4:-4], out=total[nearest:])
        total[nearest:] += four[8:]
    return total


def _usual(values: np.ndarray, level: np.ndarray, years: int) -> np.ndarray:
    """Median ratio to the level in the same calendar month of the ``years`` before, of more than half of them."""
    months, cells = values.shape
    ratio = np.full((-(-months // 12) * 12, cells), np.nan)
    ratio[:months] = (values + 0.5) / (level + 0.5)
    # A row a year, so that the years before are the rows before.
    return _median_before(ratio.reshape(-1, 12 * cells), years, years // 2 + 1).reshape(-1, cells)[:months]


def _median_before(values: np.ndarray, window: int, fewest: int) -> np.ndarray:
    """Median of the ``window`` rows before each, by column; NaN where fewer than ``fewest`` are seen.

    The window is kept in order as it moves: the value that leaves closes its gap, the one that enters opens its own.
    """
    seen = ~np.isnan(values)
    shown = np.where(seen, values, np.inf)  # last in order, so the middle of the first n is the median
    columns, n = np.arange(values.shape[1]), np.zeros(values.shape[1], dtype=int)
    ordered = np.full((window, values.shape[1]), np.inf)
    medians = np.full(values.shape, np.nan)
    for row in range(1, len(values)):
        entering, left = row - 1, row - 1 - window
        if left >= 0:
            n -= seen[left]
            others = np.where(ordered[:-1] < shown[left], ordered[:-1], ordered[1:])
        else:
            others = ordered[:-1].copy()
        n += seen[entering]
        np.minimum(others, shown[entering], out=ordered[:-1])
        ordered[-1] = shown[entering]
        np.maximum(others, ordered[1:], out=ordered[1:])
        middle = (ordered[np.maximum(n - 1, 0) // 2, columns] + ordered[n // 2, columns]) / 2
        medians[row] = np.where(n >= fewest, middle, np.nan)
    return medians


def _mid_p(y: np.ndarray, mu: np.ndarray, phi: np.ndarray) -> np.ndarray:
    """Two-sided mid-p of counts under mean mu and variance phi mu; NaN where any of the three is."""
    p = np.full(y.shape, np.nan)
    known = ~np.isnan(y + mu + phi)
    for poisson in (False, True):
        for above in (False, True):
            # Twice the tail on the count's own side, where its digits are; with that of the other side it makes 2.
            here = known & ((phi < 1 + NEARLY_POISSON) == poisson) & ((y >= mu) == above)
            k, mean, dispersion = y[here], mu[here], phi[here]
            own = _tail(k, mean, dispersion, poisson, above)
            before = np.where(k < 1, float(above), _tail(np.maximum(k - 1, 0), mean, dispersion, poisson, above))
            p[here] = np.minimum(own + before, 2 - (own + before))
    return p


def _tail(k: np.ndarray, mu: np.ndarray, phi: np.ndarray, poisson: bool, above: bool) -> np.ndarray:
    """P(Y > k) where ``above``, else P(Y <= k), under mean mu and variance phi mu."""
    from scipy.special import betainc, gammainc, gammaincc

    if poisson:
        return gammainc(k + 1, mu) if above else gammaincc(k + 1, mu)
    size = mu / (phi - 1)
    return betainc(k + 1, size, 1 - 1 / phi) if above else betainc(size, k + 1, 1 / phi)


def _adjusted(p: np.ndarray) -> np.ndarray:
    """Benjamini-Hochberg adjusted p-values, a family a row; NaN stays NaN and counts in no family."""
    adjusted = np.full(p.shape, np.nan)
    for row, family in enumerate(p):
        tested = np.flatnonzero(~np.isnan(family))
        largest_first = tested[np.argsort(family[tested])[::-1]]
        n = len(tested)
        stepped = family[largest_first] * (n / np.arange(n, 0, -1))
        adjusted[row, largest_first] = np.minimum(np.minimum.accumulate(stepped), 1.0)
    return adjusted


def _rejected(adjusted: np.ndarray, q: float) -> np.ndarray:
    """A p-value of zero is still not rejected at q = 0."""
    return (adjusted <= q) & (q > 0)


def _in_latest(flags: np.ndarray, months: int) -> np.ndarray:
    """How many of the month and the ``months`` - 1 before it are flagged."""
    total = flags.astype(np.int32)
    for lag in range(1, min(months, len(flags))):
        total[lag:] += flags[:-lag]
    return total


def _long(panel: pd.DataFrame, **columns: np.ndarray | pd.api.extensions.ExtensionArray) -> pd.DataFrame:
    """A row a month and cell from arrays of months by cells."""
    periods, cells = panel.shape
    return pd.DataFrame(
        {
            "period": panel.index.repeat(cells),
            "cell": panel.columns.take(np.tile(np.arange(cells), periods)),
            **{
                name: np.asarray(values).ravel() if isinstance(values, np.ndarray) else values
                for name, values in columns.items()
            },
        },
        copy=False,
    )


def _one_series(series: Cells) -> pd.Series:
    """One series without missing values; by period it must be in order and without gaps."""
    values = labelled("series", series)
    if not isinstance(values, pd.Series):
        raise ValueError("series must be one cell over time, not a panel")
    missing = int(values.isna().sum())
    if missing:
        raise ValueError(f"{missing} of {len(values)} observations of series are missing: every one is needed")
    consecutive("series", values.index)
    return values


def _centred(values: np.ndarray) -> np.ndarray:
    """Deviations from the mean; exactly zero when they are only the rounding of a constant."""
    deviations = values - values.mean()
    return np.where(np.ptp(values) > 1e-12 * np.abs(values).max(), deviations, 0.0)

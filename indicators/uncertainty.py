"""Small counts and hidden cells: intervals, bounds, shrinkage and the smallest change one could see.

Register counts are complete: an interval here speaks of the process, of what another such month could have given,
and not of sampling. statsmodels and scipy are imported where they are used, as they take most of a second to load.
"""

from statistics import NormalDist

import numpy as np
import pandas as pd

from indicators._checks import (
    Cells,
    Shaped,
    column_frame,
    cross_section,
    elementwise,
    positive_total,
    within,
)

LOWEST_SHOWN = 5
LOWEST_RANKED = 20


def wilson_interval(successes: Cells | float, trials: Cells | float, level: float = 0.95) -> pd.DataFrame:
    """Wilson score interval of a share x/n: columns ``estimate``, ``lower``, ``upper``, fractions, a row a cell.

    NaN where either count is hidden or ``trials`` is zero. ``ValueError`` when successes exceed trials.
    Source: Wilson (1927); Newcombe (1998), method 3.
    """
    from statsmodels.stats.proportion import proportion_confint

    within("level", level, 0, 1)

    def interval(x: np.ndarray, n: np.ndarray) -> dict[str, np.ndarray]:
        if (x > n).any():
            raise ValueError("successes exceed trials")
        lower, upper = proportion_confint(x, n, alpha=1 - level, method="wilson")
        return {"estimate": x / n, "lower": lower, "upper": upper}

    return column_frame(interval, successes=successes, trials=trials)


def poisson_interval(counts: Cells | float, level: float = 0.95) -> pd.DataFrame:
    """Exact central interval of a Poisson mean given its count: columns ``count``, ``lower``, ``upper``, a row a cell.

    NaN where the count is hidden. Source: Garwood (1936).
    """
    from statsmodels.stats.rates import confint_poisson

    within("level", level, 0, 1)

    def interval(n: np.ndarray) -> dict[str, np.ndarray]:
        lower, upper = confint_poisson(n, 1, method="exact-c", alpha=1 - level)
        # statsmodels gives a lower limit of 0 for a count of NaN.
        return {"count": n, "lower": np.where(np.isnan(n), np.nan, lower), "upper": upper}

    return column_frame(interval, counts=counts)


def detection_limit(
    expected: Shaped, level: float = 0.95, power: float = 0.5, dispersion: float = 1.0, against: str = "count"
) -> Shaped:
    """The smallest change, in persons, that can be told from noise around ``expected``; same shape.

    (z_level + z_power) sqrt(2 dispersion expected) between two counts (``against="count"``), without the 2 between a
    count and the mean of a model (``against="model"``). ``level`` is two-sided. Power 0.5 is the edge of the noise
    band, 0.8 a change one may count on finding; ``dispersion`` is variance over mean, at least 1.
    """
    within("level", level, 0, 1)
    if not 0.5 <= power < 1:
        raise ValueError(f"power must be at least 0.5 and below 1, got {power:g}")
    if not dispersion >= 1:
        raise ValueError(f"dispersion must be at least 1, got {dispersion:g}")
    if against not in ("count", "model"):
        raise ValueError(f"against must be 'count' or 'model', got {against!r}")
    noisy_sides = 2 if against == "count" else 1
    z = NormalDist().inv_cdf((1 + level) / 2) + NormalDist().inv_cdf(power)
    return elementwise(lambda mu: z * np.sqrt(noisy_sides * dispersion * mu), expected=expected)


def suppression_bounds(values: Cells, parent_total: float | None = None, low: int = 1, high: int = 4) -> pd.DataFrame:
    """What hidden cells can be: columns ``lower``, ``upper``, ``fill``, ``hidden``, ``consistent``, a row a cell.

    A hidden cell is a whole number from ``low`` to ``high``, never 0. A known ``parent_total`` leaves R for the k
    hidden cells together: lower = max(low, R - high (k - 1)), upper = min(high, R - low (k - 1)), fill = R/k. Without
    one (None or NaN) the fill is the middle and ``consistent`` NaN. When no filling reaches the parent the two do not
    belong together: the bounds are as without a parent and ``consistent`` is False. Visible cells have lower = upper =
    fill = their value. With one hidden cell and a parent the fill is exact: use it in sums, never show it.
    """
    if not 0 <= low <= high:
        raise ValueError(f"low and high must be 0 <= low <= high, got {low} and {high}")
    frame = column_frame(lambda value: {"lower": value, "upper": value, "fill": value}, values=values)
    hidden = frame["fill"].isna()
    k = int(hidden.sum())
    lower, upper, fill = float(low), float(high), (low + high) / 2
    consistent: bool | float = np.nan
    if parent_total is not None and not pd.isna(parent_total):
        if parent_total < 0:
            raise ValueError("parent_total is negative")
        rest = round(float(parent_total) - float(frame["fill"].sum()), 6)
        consistent = low * k <= rest <= high * k
        if consistent and k:
            lower, upper, fill = max(low, rest - high * (k - 1)), min(high, rest - low * (k - 1)), rest / k
    frame.loc[hidden, ["lower", "upper", "fill"]] = [lower, upper, fill]
    return frame.assign(hidden=hidden, consistent=consistent)


def reliability(counts: Cells) -> pd.Series:
    """How far a count carries: ``hidden`` below 5 or NaN, ``uncertain`` from 5 to 19 (not ranked), ``ok`` from 20."""
    frame = column_frame(lambda n: {"count": n}, counts=counts)
    count = frame["count"]
    words = np.select([count >= LOWEST_RANKED, count >= LOWEST_SHOWN], ["ok", "uncertain"], "hidden")
    return pd.Series(words, index=frame.index)


def shrink_rates(counts: Cells, population: Cells) -> pd.DataFrame:
    """Empirical Bayes shrinkage of rates towards their mean: a row an area; about ten areas or more.

    Columns ``raw`` r = x/n; ``weight`` of the raw rate, A/(A + m/n); ``shrunk`` = weight r + (1 - weight) m; and, the
    same in every row, ``mean`` m = sum x/sum n and ``between_var`` A, the variance between areas beyond chance, at
    least 0. Rates are fractions per person. Show the raw rate beside the shrunk one.

    ``ValueError`` for hidden cells and for an area without population.
    Source: Marshall (1991), Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics.
    """
    x, n, mean, between = _moments(counts, population)
    raw = x / n
    # A and the mean are both 0 when all counts are: there is nothing to weigh, and the mean is every rate.
    weight = between / (between + mean / n) if mean > 0 else pd.Series(0.0, index=x.index)
    return pd.DataFrame(
        {
            "raw": raw,
            "weight": weight,
            "shrunk": weight * raw + (1 - weight) * mean,
            "mean": mean,
            "between_var": between,
        }
    )


def exceedance_probability(counts: Cells, population: Cells, reference_rate: float) -> pd.Series:
    """Probability that an area's rate lies above ``reference_rate`` (a fraction), by area.

    Under Gamma(shape m^2/A + x, rate m/A + n), with m and A of :func:`shrink_rates`. When the areas differ no more
    than chance makes them (A = 0) every area has the rate m: probability 1 or 0, and 0.5 when m is the reference.
    ``ValueError`` as for :func:`shrink_rates`, and for a negative reference rate.
    """
    from scipy.special import gammaincc

    if not reference_rate >= 0:
        raise ValueError(f"reference_rate must not be negative, got {reference_rate:g}")
    x, n, mean, between = _moments(counts, population)
    if between == 0:
        same = bool(np.isclose(mean, reference_rate, rtol=1e-9, atol=0))
        return pd.Series(0.5 if same else float(mean > reference_rate), index=x.index)
    probability = gammaincc(mean**2 / between + x, (mean / between + n) * reference_rate)
    return pd.Series(np.asarray(probability), index=x.index)


def _moments(counts: Cells, population: Cells) -> tuple[pd.Series, pd.Series, float, float]:
    """Aligned counts and population, the mean rate and the variance between areas beyond chance."""
    x, n = cross_section(counts=counts, population=population)
    positive_total("population", n)
    if (n == 0).any():
        raise ValueError("population is zero in an area: its rate is undefined")
    mean = float(x.sum() / n.sum())
    variance = float((n * (x / n - mean) ** 2).sum() / n.sum())
    return x, n, mean, max(0.0, variance - mean / float(n.mean()))

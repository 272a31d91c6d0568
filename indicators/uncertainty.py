"""Small counts and hidden cells: intervals, bounds, shrinkage and the smallest change one could see.

Register counts are complete: an interval here speaks of the process, of what another such month could have given,
and not of sampling. statsmodels and scipy are imported where they are used, as they take most of a second to load.
"""

from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
import pandas as pd

from indicators._checks import (
    Cells,
    Shaped,
    column_frame,
    counts,
    cross_section,
    elementwise,
    labelled,
    monthly,
    number,
    positive_total,
    whole,
    within,
)
from indicators.seasonality import rolling_sum

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
        # None and all of them have a limit of exactly 0 and 1, which statsmodels misses by rounding.
        bounded = {"lower": np.where((x == 0) & (n > 0), 0.0, lower), "upper": np.where((x == n) & (n > 0), 1.0, upper)}
        return {"estimate": x / n, **bounded}

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
    number("power", power)
    number("dispersion", dispersion)
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
    low, high = whole("low", low, 0), whole("high", high, 0)
    if low > high:
        raise ValueError(f"low and high must be low <= high, got {low} and {high}")
    frame = column_frame(lambda value: {"lower": value, "upper": value, "fill": value}, values=values)
    hidden = frame["fill"].isna()
    k = int(hidden.sum())
    lower, upper, fill = float(low), float(high), (low + high) / 2
    consistent: bool | float = np.nan
    total = labelled("parent_total", np.nan if parent_total is None else parent_total)
    if not isinstance(total, float):
        raise ValueError("parent_total must be one number")
    if not np.isnan(total):
        if total < 0:
            raise ValueError("parent_total is negative")
        rest = round(total - float(frame["fill"].sum()), 6)
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


def fallback(
    counts: pd.DataFrame | pd.Series,
    parents: pd.Series | Mapping[str, str | None],
    months: int = 12,
    floor: float = LOWEST_RANKED,
    aggregate: str = "mean",
) -> pd.DataFrame:
    """The finest figure of the latest month that carries, by area: its own, or one of more months or a larger area.

    ``counts``: persons by month (rows) and area, the published figures of the parents among the columns; or one month
    as a ``Series`` by area, which has no earlier months. ``parents``: the parent of each area to report, None or NaN
    where it has none. Name every area of a parent, as figures are kept from telling the hidden ones of these only.

    Columns ``level``, ``area``, ``months``, ``value``, a row an area in the order of ``parents``. Tried in turn are
    ``area``, the month itself; ``area_12_months`` (with 12 ``months``), the window that ends in it; ``parent`` and
    ``parent_12_months``, the same of the parent. The first that reaches ``floor`` stands: ``area`` is whose figure it
    is and ``months`` how many it covers. ``level`` is ``none`` and the rest missing when none does. ``aggregate`` is
    what a window holds: ``mean`` for a stock, where whoever stays is counted every month, ``sum`` for a flow.

    A window with a hidden or absent month is NaN and not tried. Nor is the figure of a parent that would tell a hidden
    count of its areas by subtraction: with one count hidden in its months, or where the total leaves each but one
    value. Every figure is a published one, or a sum of published months, never a difference.

    ``ValueError`` for areas or parents without counts, a parent that has a parent, no area, fewer than 2 ``months``, a
    floor that is not positive, another ``aggregate``, and as in all indicators.
    """
    months = whole("months", months, 2)
    within("floor", floor, 0, np.inf)
    if aggregate not in ("mean", "sum"):
        raise ValueError(f"aggregate must be 'mean' or 'sum', got {aggregate!r}")
    panel, parent_of = _panel(counts), _parents(parents)
    members = parent_of.groupby(parent_of).groups
    absent = [str(label) for label in [*parent_of.index, *members] if label not in panel.columns]
    if absent:
        raise ValueError(f"counts lack areas: {', '.join(absent)}")

    latest = panel.index.max()
    figures: dict[str, pd.Series] = {}
    covered: dict[str, int] = {}
    for length, suffix in ((1, ""), (months, f"_{months}_months")):
        window = panel[panel.index > latest - length]
        total = rolling_sum(window, length).loc[latest]
        value = total / length if aggregate == "mean" else total
        safe = [parent for parent, areas in members.items() if not _tells(total[parent], window[areas].to_numpy())]
        figures[f"area{suffix}"] = value.reindex(parent_of.index)
        figures[f"parent{suffix}"] = parent_of.map(value[safe]).astype(float)
        covered |= {f"area{suffix}": length, f"parent{suffix}": length}
    finest_first = ["area", f"area_{months}_months", "parent", f"parent_{months}_months"]
    values = pd.DataFrame(figures)[finest_first]
    carries = values >= floor
    level = carries.idxmax(axis=1).astype(str)
    own = pd.Series(parent_of.index, index=parent_of.index, dtype=object)
    result = pd.DataFrame(
        {
            "level": level,
            "area": own.where(level.str.startswith("area"), parent_of),
            "months": level.map(covered).astype(float),
            "value": values.where(carries).bfill(axis=1).iloc[:, 0],
        }
    )
    result.loc[~carries.any(axis=1), ["level", "area", "months"]] = ["none", None, np.nan]
    return result


def _panel(values: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """Persons by month and area; a cross-section becomes one month, whichever, with none before it."""
    if isinstance(values, pd.Series):
        values = pd.DataFrame([values.to_numpy()], pd.period_range("2000-01", periods=1, freq="M"), values.index)
    (panel,) = counts(counts=monthly("counts", values))
    assert isinstance(panel, pd.DataFrame)
    return panel


def _parents(parents: pd.Series | Mapping[str, str | None]) -> pd.Series:
    """The parent of each area, missing where it has none."""
    parent_of = pd.Series(parents, dtype=object)
    if parent_of.empty:
        raise ValueError("parents are empty")
    if not parent_of.index.is_unique:
        raise ValueError("parents have repeated areas")
    both = [str(parent) for parent in parent_of.dropna().unique() if parent_of.notna().get(parent, False)]
    if both:
        raise ValueError(f"parents have a parent themselves: {', '.join(both)}")
    return parent_of


def _tells(parent_total: float, cells: np.ndarray) -> bool:
    """Whether a parent's total, beside the cells that are shown, leaves a hidden cell only one value."""
    hidden = int(np.isnan(cells).sum())
    if hidden < 2:
        return hidden == 1
    bounds = suppression_bounds(cells.ravel(), parent_total)
    return bool((bounds["hidden"] & (bounds["lower"] == bounds["upper"])).any())


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

    number("reference_rate", reference_rate)
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

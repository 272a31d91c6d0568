"""Events: what would have been expected without them, and when the data cannot tell.

An event mark is an annotation, never an effect. What is computed here compares months after an event with what the
months before it, or areas it did not touch, lead one to expect. Many real events leave no trace in a register, and
in a small area or beside another shock an effect cannot be seen: then the verdict is ``cannot_tell``. A gap is a
difference, not a cause. ``start`` is the first period that the event can have touched, a Period or its text. scipy
and statsmodels are imported where they are used.
"""

import warnings
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd

from indicators._checks import (
    Cells,
    aligned,
    consecutive,
    labelled,
    monthly,
    number,
    positive_total,
    same_labels,
    whole,
)
from indicators._checks import counts as checked_counts
from indicators.uncertainty import detection_limit

YEAR = 12
YEARS = 5
LEVEL_GAP, LEVEL_MONTHS = 2, 12
"""The level before an event is the mean of twelve months, the latest two before it left out."""
DISPERSION_WINDOW, DISPERSION_MONTHS = 60, 24
SHORTEST_HISTORY = LEVEL_GAP + LEVEL_MONTHS + YEAR * YEARS + DISPERSION_MONTHS
SHORTEST_FIT = 24
SHORTEST_PRE = 10
FOLDS = 5
BAND = 0.95
Z_BAND = 1.959963984540054
POWER = 0.8
JUDGED, OUTSIDE = 3, 2
PLACEBO_P = 0.1

Month = pd.Period | str
Span = Month | tuple[Month, Month]


def counterfactual(
    series: pd.Series, start: Month, method: str = "seasonal", donors: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The months from ``start`` on beside what was to be expected without the event, from nothing after it.

    Columns ``observed``, ``expected``, ``lower``, ``upper`` (95 % band of one month), ``gap`` = observed - expected,
    in the unit of the series, a row a month. A hidden month has no gap.

    ``seasonal``: the level of the twelve months three to fourteen before the start, times the median ratio of the
    calendar month to such a level over the latest five years before the event, as in the early-warning rule with all
    frozen. Band: negative binomial (Poisson without overdispersion); the dispersion is that of the same forecast
    made that many months ahead in the five years before, and NaN where fewer than 24 such forecasts exist.
    98 months before the start are needed. A series that rises or falls steadily leaves the band of itself.
    ``interrupted``: trend and two pairs of harmonics, quasi-Poisson, fitted to all months before the start (24 at
    least) and carried on; the band adds the uncertainty of the fit to that of a count, and is at least as wide as
    what such fits have missed by, that many months ahead, in the five years before (24 forecasts at least).
    ``synthetic``: :func:`synthetic_control` from ``donors``, months by areas the event did not touch, of comparable
    size (rates or indices, if they differ). Band: +/- 1.96 root mean square of the gaps before the event, each from
    weights fitted without its fifth of the months, as a fit to few months is closer than it is good.

    ``ValueError`` when the history is too short, a month that sets the level or a fit is hidden, counts are negative
    (not for ``synthetic``), or ``start`` is not a month of the series with months before it.
    """
    if method not in ("seasonal", "interrupted", "synthetic"):
        raise ValueError(f"method must be 'seasonal', 'interrupted' or 'synthetic', got {method!r}")
    if (donors is not None) != (method == "synthetic"):
        raise ValueError("donors are needed for the synthetic method, and for that alone")
    values = _months(series)
    at = _position(values.index, start)
    if donors is not None:
        expected, lower, upper = _synthetic_band(values, donors, at)
    else:
        checked_counts(series=values)
        seasonal = method == "seasonal"
        expected, variance = _seasonal(values, at, len(values) - at) if seasonal else _extrapolated(values, at)
        lower, upper = _count_band(expected, variance)
    after = values.iloc[at:]
    return pd.DataFrame(
        {"observed": after, "expected": expected, "lower": lower, "upper": upper, "gap": after - expected},
        index=after.index,
    )


def interrupted_series(
    counts: Cells,
    step: Cells,
    trend: Cells | None = None,
    month: Cells | None = None,
    exposure: Cells | None = None,
    harmonics: int = 2,
    family: str = "quasipoisson",
) -> pd.Series:
    """Level change at an event: ``rate_ratio`` with its 95 % interval ``lower``, ``upper``, and ``dispersion``.

    ln E(y) = [ln exposure] + b0 + b1 trend + b2 step + sum_k sin, cos(2 pi k month/12), k = 1 .. ``harmonics``; rate
    ratio exp(b2), interval exp(b2 -/+ 1.96 se). ``step`` is 0 before and 1 after; ``trend`` by default periods since
    the first, so that an absent one counts, or 0, 1, 2, ... in the order of other labels, which must ascend; ``month``
    1 to 12, by default that of a monthly ``PeriodIndex`` and otherwise no season. Dispersion is Pearson's chi2 over
    degrees of freedom; ``quasipoisson`` multiplies the variance by it, ``poisson`` takes 1 and understates
    the interval where it is larger. Residuals that follow each other in time understate it too.

    ``ValueError`` for hidden or negative values, an exposure of zero, a step that never changes or cannot be told
    from trend and season, no count at all on one side of a step, or fewer values than coefficients.
    Source: Lopez Bernal, Cummins & Gasparrini (2017), Interrupted time series regression for the evaluation of
    public health interventions, International Journal of Epidemiology, as corrected.
    """
    if family not in ("quasipoisson", "poisson"):
        raise ValueError(f"family must be 'quasipoisson' or 'poisson', got {family!r}")
    harmonics = whole("harmonics", harmonics, 0)
    for name, needed in (("counts", counts), ("step", step)):
        if needed is None:
            raise ValueError(f"{name} must be one value a period")
    given = {"counts": counts, "step": step, "trend": trend, "month": month, "exposure": exposure}
    names = [name for name, value in given.items() if value is not None]
    series = dict(zip(names, aligned(**{name: given[name] for name in names}), strict=True))
    for name, value in series.items():
        if not isinstance(value, pd.Series):
            raise ValueError(f"{name} must be one value a period")
        _complete(name, value)
    y = cast(pd.Series, series["counts"])
    checked_counts(counts=y)
    positive_total("counts", y)
    if isinstance(y.index, pd.PeriodIndex) and y.index.freqstr == "M" and month is None:
        series["month"] = pd.Series(y.index.month, index=y.index, dtype=float)
    steps = np.asarray(series["step"])
    if np.ptp(steps) == 0:
        raise ValueError("step never changes: it needs periods before and after")
    for side in np.unique(steps) if len(np.unique(steps)) == 2 else ():
        if y[steps == side].sum() == 0:
            raise ValueError(f"all counts where step is {side:g} are zero: no ratio can be estimated")
    time = np.asarray(series["trend"]) if "trend" in series else _elapsed(y.index)
    months = np.asarray(series["month"]) if "month" in series else None
    at_risk = np.asarray(series["exposure"]) if "exposure" in series else None
    if at_risk is not None and (at_risk <= 0).any():
        raise ValueError("exposure must be positive")
    design = np.column_stack([steps, _design(time, months, harmonics)])
    fit = _log_linear(y.to_numpy(), design, at_risk)
    effect = fit.coefficients[0]
    error = np.sqrt(fit.covariance[0, 0] * (fit.dispersion if family == "quasipoisson" else 1))
    return pd.Series(
        {
            "rate_ratio": np.exp(effect),
            "lower": np.exp(effect - Z_BAND * error),
            "upper": np.exp(effect + Z_BAND * error),
            "dispersion": fit.dispersion,
        }
    )


def synthetic_control(
    outcomes: pd.DataFrame, treated: object, start: object, predictors: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The treated unit beside a weighted mean of the other units that followed it before ``start``.

    Columns ``observed``, ``synthetic``, ``gap``, a row a period of ``outcomes`` (periods, months or years, by units).
    Weights are non-negative and sum to one. Without ``predictors`` they minimise the squared gap over all periods
    before the start. With them (a row a predictor, a column a unit) they minimise the distance of predictors, each
    over its standard deviation across units and weighted so that the gap before the start is smallest; those
    weights come from a simplex search from two starting points, so that a better set may exist.

    ``attrs["weights"]`` is a ``Series`` by donor, ``attrs["pre_mspe"]`` the mean squared gap before the start, and
    with predictors ``attrs["predictor_weights"]`` a ``Series`` by predictor. Report all: without a close fit before
    the start the gap after it means nothing, and a treated unit outside the range of the donors has none.

    ``ValueError`` for hidden values, an unknown unit, no donor, fewer than 10 periods before the start, or none after.
    Source: Abadie, Diamond & Hainmueller (2010), Journal of the American Statistical Association.
    """
    panel, at, features = _panel(outcomes, treated, start, predictors)
    return _control(panel, treated, at, features)


def placebo_test(
    outcomes: pd.DataFrame, treated: object, start: object, predictors: pd.DataFrame | None = None
) -> pd.DataFrame:
    """How unusual the gap of the treated unit is: each unit takes its turn, with the others as donors.

    Column ``ratio``, the mean squared gap from ``start`` on over that before it, a row a unit, the treated one first;
    it is never a donor to the others. ``attrs["p"]`` is the share of units whose ratio reaches that of the treated
    one, itself included: with n units it cannot be below 1/n. A perfect fit before the start gives inf, and NaN when
    it holds after it too; ``p`` is NaN when the treated unit's ratio is. Errors as :func:`synthetic_control`, and
    fewer than two donors.
    """
    panel, at, features = _panel(outcomes, treated, start, predictors)
    donors = [unit for unit in panel.columns if unit != treated]
    if len(donors) < 2:
        raise ValueError("a placebo test needs at least two donors")
    ratios = {}
    for unit in [treated, *donors]:
        own = panel[donors if unit != treated else [treated, *donors]]
        gap = _control(own, unit, at, None if features is None else features[own.columns])["gap"].to_numpy()
        # A gap of rounding errors is a perfect fit, not a tiny one.
        nothing = (1e-9 * float(np.abs(panel.to_numpy()).max())) ** 2
        before, after = (mean if mean > nothing else 0.0 for mean in ((gap[:at] ** 2).mean(), (gap[at:] ** 2).mean()))
        ratios[unit] = after / before if before > 0 else (np.inf if after > 0 else np.nan)
    result = pd.DataFrame({"ratio": pd.Series(ratios, dtype=float)})
    own_ratio = result["ratio"].iloc[0]
    result.attrs["p"] = float((result["ratio"] >= own_ratio).mean()) if not np.isnan(own_ratio) else np.nan
    return result


def identifiable(
    series: pd.Series,
    start: Month,
    expected_effect: float,
    other_events: Iterable[Span] | Mapping[str, Span] = (),
) -> pd.Series:
    """Whether an effect written down beforehand could be seen at all: ``identifiable``, ``limit``, ``reason``.

    ``expected_effect`` in the unit of the series, its sign kept by the caller. ``limit`` is the smallest change that
    shows with probability 0.8 in one of the first three months against the seasonal counterfactual, the largest of
    the three. ``other_events`` are months or (first, last) pairs, with names if a mapping: those that cover a month
    from fourteen before the start, where the level is set, to eleven after it are in the way. Nothing from
    ``start`` on is looked at, and it may be the month after the last one.

    ``reason`` is empty when identifiable, else, joined by ``"; "``: ``too_short`` (fewer than 98 months before, or
    hidden ones where the level or dispersion is set; the limit is NaN), ``below_detection_limit``,
    ``overlapping_events: `` and their names or months. ``ValueError`` for an effect of zero or NaN, and for negative
    counts.
    """
    if not isinstance(expected_effect, Real) or not np.isfinite(expected_effect) or expected_effect == 0:
        raise ValueError("expected_effect must be a size with a sign, not zero or missing")
    values = _months(series)
    checked_counts(series=values)
    first = _period(start, cast(pd.PeriodIndex, values.index))
    at = _ordinal(first) - _ordinal(values.index[0])
    if not 0 < at <= len(values):
        raise ValueError(f"start {first} must be a month of the series, or the one after it, with months before")
    limit = np.nan
    if at >= SHORTEST_HISTORY and not values.iloc[at - LEVEL_GAP - LEVEL_MONTHS : at - LEVEL_GAP].isna().any():
        expected, variance = _seasonal(values.iloc[:at], at, JUDGED)
        limits = [
            detection_limit(float(mu), level=BAND, power=POWER, dispersion=float(v / mu), against="model")
            if np.isfinite(v)
            else np.nan
            for mu, v in zip(expected, np.maximum(variance, expected), strict=True)
        ]
        limit = float(np.max(limits))
    reasons = []
    if np.isnan(limit):
        reasons.append("too_short")
    elif abs(expected_effect) < limit:
        reasons.append("below_detection_limit")
    overlapping = _overlapping(other_events, first)
    if overlapping:
        reasons.append("overlapping_events: " + ", ".join(overlapping))
    return pd.Series({"identifiable": not reasons, "limit": limit, "reason": "; ".join(reasons)}, dtype=object)


def verdict(counterfactual: pd.DataFrame, identifiable: pd.Series, placebo_p: float | None = None) -> str:
    """``detected``, ``no_visible_change`` or ``cannot_tell``; give only the months that the claim is about.

    ``cannot_tell`` whenever the effect is not identifiable, and when fewer than three months have a value and a band
    without a detection. ``detected`` when two of three consecutive months lie outside the band on the same side and,
    where a placebo test was made, its p is below 0.1. The side stands in ``gap``: compare it with the sign written
    down before. Every further month is another chance of a false alarm. ``ValueError`` for a missing column or a p
    that is not a probability.
    """
    needed = ["observed", "lower", "upper"]
    if not isinstance(counterfactual, pd.DataFrame):
        raise ValueError(f"counterfactual must be a frame with the columns {', '.join(needed)}")
    absent = [name for name in needed if name not in counterfactual.columns]
    if absent:
        raise ValueError(f"counterfactual lacks the columns {', '.join(absent)}")
    if placebo_p is not None:
        number("placebo_p", placebo_p)
        if not 0 <= placebo_p <= 1:
            raise ValueError(f"placebo_p must be between 0 and 1, got {placebo_p}")
    answer = identifiable.get("identifiable") if isinstance(identifiable, (pd.Series, Mapping)) else None
    if not isinstance(answer, (bool, np.bool_)):
        raise ValueError("identifiable must say True or False under the label identifiable")
    if not answer or counterfactual.empty:
        return "cannot_tell"
    months = cast(pd.DataFrame, labelled("counterfactual", counterfactual[needed])).sort_index()
    if isinstance(months.index, pd.PeriodIndex):
        months = months.reindex(pd.period_range(months.index[0], months.index[-1], freq=months.index.freq))
    above, below = months["observed"] > months["upper"], months["observed"] < months["lower"]
    outside = any(side.astype(int).rolling(JUDGED, min_periods=1).sum().ge(OUTSIDE).any() for side in (above, below))
    if outside and (placebo_p is None or placebo_p < PLACEBO_P):
        return "detected"
    judged = int(months[["observed", "lower", "upper"]].notna().all(axis=1).sum())
    return "no_visible_change" if judged >= JUDGED else "cannot_tell"


def _seasonal(values: pd.Series, at: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of the ``length`` months from position ``at``, from the months before it alone."""
    if at < SHORTEST_HISTORY:
        raise ValueError(f"{at} months come before the start: {SHORTEST_HISTORY} are needed")
    end = at + length
    y = np.full(end, np.nan)
    y[:at] = values.to_numpy()[:at]
    level = np.full(end, np.nan)
    span = LEVEL_GAP + LEVEL_MONTHS
    windows = np.lib.stride_tricks.sliding_window_view(y, LEVEL_MONTHS).mean(axis=1)
    level[span:] = windows[: end - span]
    if np.isnan(level[at]):
        raise ValueError("series: a month that sets the level before the start is hidden, so nothing can be expected")
    ratio = (y + 0.5) / (level + 0.5)
    earlier: dict[int, np.ndarray] = {}
    expected, dispersion = np.full(length, np.nan), np.full(length, np.nan)
    for ahead in range(length):
        years_back = ahead // YEAR + 1
        if years_back not in earlier:
            earlier[years_back] = _typical_ratio(ratio, years_back)
        months = np.append(np.arange(max(at - DISPERSION_WINDOW, ahead), at), at + ahead)
        frozen = np.maximum(earlier[years_back][months] * (level[months - ahead] + 0.5) - 0.5, 0.5)
        expected[ahead] = frozen[-1]
        past = frozen[:-1]
        errors = np.abs(y[months[:-1]] - past) / np.sqrt(past)
        errors = errors[~np.isnan(errors)]
        if len(errors) >= DISPERSION_MONTHS:
            dispersion[ahead] = max(1.0, float(1.4826 * np.median(errors)) ** 2)
    # A month further ahead is never more certain.
    widening = np.where(np.isnan(dispersion), np.nan, np.fmax.accumulate(dispersion))
    return expected, widening * expected


def _typical_ratio(ratio: np.ndarray, years_back: int) -> np.ndarray:
    """By month the median ratio of its calendar month over five years, the latest ``years_back`` years before it."""
    stack = np.full((YEARS, len(ratio)), np.nan)
    for row, years in enumerate(range(years_back, years_back + YEARS)):
        shift = YEAR * years
        stack[row, shift:] = ratio[: len(ratio) - shift] if shift < len(ratio) else []
    few = np.isfinite(stack).sum(axis=0) < OUTSIDE + 1
    # Years before the series began leave it undefined; a hidden month may be missing from a full set.
    began = np.arange(len(ratio)) - YEAR * (years_back + YEARS - 1) < LEVEL_GAP + LEVEL_MONTHS
    stack[:, few | began] = 0
    return np.where(few | began, np.nan, np.nanmedian(stack, axis=0))


def _extrapolated(values: pd.Series, at: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of the months from position ``at`` by a log-linear trend and season of those before it."""
    if at < SHORTEST_FIT:
        raise ValueError(f"{at} months come before the start: {SHORTEST_FIT} are needed")
    before = values.iloc[:at]
    _complete("series before the start", before)
    positive_total("series before the start", before)
    y, length = before.to_numpy(), len(values) - at
    month = np.asarray(cast(pd.PeriodIndex, values.index).month, dtype=float)
    design = _design(np.arange(len(values), dtype=float), month, 2)
    fit = _log_linear(y, design[:at], None)
    after = design[at:]
    expected = np.exp(after @ fit.coefficients)
    dispersion = max(1.0, fit.dispersion)
    fitted = dispersion * np.einsum("ij,jk,ik->i", after, fit.covariance, after)
    # Residuals that follow each other in time make both terms too small: what the fit has missed by says how much.
    errors = np.full((DISPERSION_WINDOW, max(length, DISPERSION_WINDOW)), np.nan)
    for row, origin in enumerate(range(max(at - DISPERSION_WINDOW, SHORTEST_FIT), at)):
        if y[:origin].sum() > 0:
            past = np.exp(design[origin:at] @ _log_linear(y[:origin], design[:origin], None).coefficients)
            errors[row, : at - origin] = np.abs(y[origin:] - past) / np.sqrt(past)
    missed = np.zeros(length)
    for ahead in range(length):
        seen = errors[:, ahead][~np.isnan(errors[:, ahead])]
        if len(seen) >= DISPERSION_MONTHS:
            missed[ahead] = (1.4826 * np.median(seen)) ** 2
    return expected, np.maximum(dispersion * expected + expected**2 * fitted, np.maximum.accumulate(missed) * expected)


def _synthetic_band(values: pd.Series, donors: pd.DataFrame, at: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    others = monthly("donors", donors)
    same_labels("series", values.index, "donors", others.index)
    own = object()
    panel = others.reindex(values.index)
    panel.columns = pd.Index(list(others.columns), dtype=object)
    panel.insert(0, own, values, allow_duplicates=False)
    # Hidden months of the treated unit after the start leave the synthetic ones as they are.
    panel.iloc[at:, 0] = values.iloc[at:].fillna(0)
    checked, position, _ = _panel(panel, own, values.index[at], None)
    expected = _control(checked, own, position, None)["synthetic"].to_numpy()
    target, pool = checked[own].to_numpy()[:at], checked.drop(columns=[own]).to_numpy()[:at]
    gaps = []
    for fold in np.array_split(np.arange(at), FOLDS):
        kept = np.setdiff1d(np.arange(at), fold)
        gaps.append(target[fold] - pool[fold] @ _simplex(pool[kept], target[kept]))
    half = Z_BAND * float(np.sqrt((np.concatenate(gaps) ** 2).mean()))
    return expected[at:], expected[at:] - half, expected[at:] + half


def _count_band(mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Central 95 % range of counts: negative binomial with this mean and variance, Poisson where they are equal."""
    from scipy.stats import nbinom, poisson

    known = np.isfinite(mean) & np.isfinite(variance)
    mu = np.where(known, mean, 1.0)
    over = np.where(known, variance, 1.0) > mu * (1 + 1e-9)
    excess = np.where(over, variance - mu, 1.0)
    bounds = []
    for tail in ((1 - BAND) / 2, (1 + BAND) / 2):
        spread = nbinom.ppf(tail, mu**2 / excess, mu / (mu + excess))
        bounds.append(np.where(known, np.where(over, spread, poisson.ppf(tail, mu)), np.nan))
    return bounds[0], bounds[1]


class _Fit(NamedTuple):
    """A Poisson regression: coefficients, their covariance at dispersion 1, and the dispersion."""

    coefficients: np.ndarray
    covariance: np.ndarray
    dispersion: float


def _log_linear(y: np.ndarray, design: np.ndarray, exposure: np.ndarray | None) -> _Fit:
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    if len(y) <= design.shape[1]:
        raise ValueError(f"{len(y)} values cannot carry {design.shape[1]} coefficients")
    size = np.maximum(np.abs(design).max(axis=0), 1e-300)
    scaled = design / size
    if np.linalg.matrix_rank(scaled) < design.shape[1]:
        raise ValueError("step, trend and season cannot be told apart")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # counts that lie on the curve are no trouble here
        fit = sm.GLM(y, scaled, family=sm.families.Poisson(), exposure=exposure).fit()
    return _Fit(
        fit.params / size,
        fit.normalized_cov_params / np.outer(size, size),
        float(fit.pearson_chi2 / fit.df_resid),
    )


def _elapsed(index: pd.Index) -> np.ndarray:
    """Periods since the first; without periods the rows before."""
    if isinstance(index, pd.PeriodIndex):
        return np.array([_ordinal(period) for period in index], dtype=float) - _ordinal(index.min())
    consecutive("counts", index)
    return np.arange(len(index), dtype=float)


def _design(trend: np.ndarray, month: np.ndarray | None, harmonics: int) -> np.ndarray:
    """Columns of the level, the trend and, with months, the season."""
    columns = [np.ones(len(trend)), trend]
    if month is not None:
        if not np.isin(month, np.arange(1, YEAR + 1)).all():
            raise ValueError("month must be a whole number from 1 to 12")
        for k in range(1, harmonics + 1):
            angle = 2 * np.pi * k * month / YEAR
            columns += [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns)


def _control(panel: pd.DataFrame, treated: object, at: int, features: pd.DataFrame | None) -> pd.DataFrame:
    """:func:`synthetic_control` of checked input."""
    donors = [unit for unit in panel.columns if unit != treated]
    target, pool = panel[treated].to_numpy(), panel[donors].to_numpy()
    weighting: np.ndarray | None = None
    if features is None:
        weights = _simplex(pool[:at], target[:at])
    else:
        weights, weighting = _nested(pool[:at], target[:at], features[donors].to_numpy(), features[treated].to_numpy())
    synthetic = pool @ weights
    result = pd.DataFrame({"observed": target, "synthetic": synthetic, "gap": target - synthetic}, index=panel.index)
    result.attrs["weights"] = pd.Series(weights, index=pd.Index(donors))
    result.attrs["pre_mspe"] = float(((target - synthetic)[:at] ** 2).mean())
    if features is not None:
        result.attrs["predictor_weights"] = pd.Series(weighting, index=features.index)
    return result


def _simplex(columns: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Weights w >= 0 with sum 1 that minimise |columns w - target|.

    With D = columns - target, min over x >= 0 of |D x|^2 + (sum x - 1)^2 has x = s w for the same w: for any s the
    minimum over s grows with |D w|. So one non-negative least squares solves it exactly, without a penalty to tune.
    """
    from scipy.optimize import nnls

    difference = columns - target[:, None]
    size = np.abs(difference).max()
    if size > 0:
        difference = difference / size
    system = np.vstack([difference, np.ones(columns.shape[1])])
    goal = np.append(np.zeros(len(target)), 1.0)
    solution, _ = nnls(system, goal, maxiter=50 * columns.shape[1])
    return solution / solution.sum()


def _nested(
    pool: np.ndarray, target: np.ndarray, features: np.ndarray, own: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Donor weights matching the predictors, and the predictor weights that make the outcomes fit best."""
    from scipy.optimize import minimize

    both = np.column_stack([own, features])
    both = both / both.std(axis=1, ddof=1, keepdims=True)

    def donor_weights(importance: np.ndarray) -> np.ndarray:
        root = np.sqrt(np.abs(importance) / max(np.abs(importance).sum(), 1e-300))
        return _simplex(root[:, None] * both[:, 1:], root * both[:, 0])

    def loss(importance: np.ndarray) -> float:
        return float(((target - pool @ donor_weights(importance)) ** 2).mean())

    explain = np.linalg.lstsq(
        np.column_stack([np.ones(both.shape[1]), both.T]), np.column_stack([target, pool]).T, rcond=None
    )[0][1:]
    explained = (explain**2).sum(axis=1)
    starts = [np.full(len(own), 1 / len(own)), explained / max(explained.sum(), 1e-300)]
    options = {"maxiter": 1000, "xatol": 1e-6, "fatol": 1e-9 * max(loss(starts[0]), 1e-300)}
    best = min(
        (minimize(loss, begin, method="Nelder-Mead", options=options) for begin in starts),
        key=lambda result: result.fun,
    )
    # A fresh simplex around the better end leaves the flat places where the first one has shrunk.
    again = minimize(loss, np.abs(best.x) + 0.1 * np.abs(best.x).max(), method="Nelder-Mead", options=options)
    importance = np.abs(min(best, again, key=lambda result: result.fun).x)
    return donor_weights(importance), importance / importance.sum()


def _panel(
    outcomes: pd.DataFrame, treated: object, start: object, predictors: pd.DataFrame | None
) -> tuple[pd.DataFrame, int, pd.DataFrame | None]:
    """Outcomes in order of time, the position of the start, and the predictors by the same units; all checked."""
    if not isinstance(outcomes, pd.DataFrame):
        raise ValueError("outcomes must be a panel: periods by units")
    panel = cast(pd.DataFrame, labelled("outcomes", outcomes)).sort_index()
    consecutive("outcomes", panel.index)
    if treated not in panel.columns:
        raise ValueError(f"outcomes has no unit {treated!r}")
    if panel.shape[1] < 2:
        raise ValueError("outcomes has no donors: a second unit is needed")
    _complete("outcomes", panel)
    at = _position(panel.index, start)
    if at < SHORTEST_PRE:
        raise ValueError(f"{at} periods come before the start: {SHORTEST_PRE} are needed")
    if predictors is None:
        return panel, at, None
    if not isinstance(predictors, pd.DataFrame):
        raise ValueError("predictors must be a frame: predictors by units")
    features = cast(pd.DataFrame, labelled("predictors", predictors))
    same_labels("outcomes", panel.columns, "predictors", features.columns)
    _complete("predictors", features)
    features = features[panel.columns]
    flat = features.index[np.ptp(features.to_numpy(), axis=1) == 0]
    if len(flat):
        raise ValueError(f"the predictor {flat[0]!r} is the same for every unit")
    return panel, at, features


def _months(series: pd.Series) -> pd.Series:
    """One cell by month in order; an absent month raises."""
    values = monthly("series", series)
    if not isinstance(values, pd.Series):
        raise ValueError("series must be one cell over time, not a panel")
    values = values.sort_index()
    absent = len(pd.period_range(values.index[0], values.index[-1], freq="M")) - len(values)
    if absent:
        raise ValueError(f"{absent} months of series are absent: it must have no gaps")
    return values


def _complete(name: str, values: pd.Series | pd.DataFrame) -> None:
    hidden = int(values.isna().to_numpy().sum())
    if hidden:
        raise ValueError(f"{hidden} of {values.size} values of {name} are hidden: every value is needed")


def _period(value: object, like: pd.PeriodIndex) -> pd.Period:
    """``value`` as a period of the frequency of ``like``."""
    if isinstance(value, (int, np.integer)):
        if not like.freqstr.startswith("Y"):
            raise ValueError(f"{value} is no period such as {like[0]}")
        value = str(value)
    try:
        period = value if isinstance(value, pd.Period) else pd.Period(cast(Any, value), freq=like.freqstr)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{value!r} is no period such as {like[0]}") from error
    if period is pd.NaT:
        raise ValueError(f"a period such as {like[0]} is missing")
    if period.freqstr != like.freqstr:
        raise ValueError(f"{period} is by {period.freqstr}, the series by {like.freqstr}")
    return period


def _position(index: pd.Index, start: object) -> int:
    """Where ``start`` stands; there must be periods before it."""
    label = _period(start, index) if isinstance(index, pd.PeriodIndex) else start
    if isinstance(index, pd.DatetimeIndex):
        label = pd.Timestamp(cast(Any, start))
    if label not in index:
        raise ValueError(f"start {label} is not among the periods")
    at = int(cast(int, index.get_loc(label)))
    if at == 0:
        raise ValueError(f"start {label} is the first period: there is nothing before it")
    return at


def _ordinal(period: Any) -> int:  # pandas types an element of a PeriodIndex loosely
    return int(period.ordinal)


def _overlapping(other_events: Iterable[Span] | Mapping[str, Span], first: pd.Period) -> list[str]:
    """Names, or months, of the events in the way of one that starts at ``first``."""
    if isinstance(other_events, str):
        raise ValueError("other_events must be a collection of months, not a text")
    named = other_events.items() if isinstance(other_events, Mapping) else ((None, span) for span in other_events)
    window = (_ordinal(first) - LEVEL_GAP - LEVEL_MONTHS, _ordinal(first) + YEAR - 1)
    months = pd.PeriodIndex([first])
    found = []
    for name, span in named:
        begin, end = (_period(part, months) for part in (span if isinstance(span, tuple) else (span, span)))
        if begin > end:
            raise ValueError(f"an event ends before it begins: {begin} to {end}")
        if _ordinal(begin) <= window[1] and _ordinal(end) >= window[0]:
            found.append(name or (str(begin) if begin == end else f"{begin} to {end}"))
    return found

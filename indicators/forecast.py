"""Forecasts of a monthly count, shown only with a track record: rolling back-tests against the seasonal naive.

A series is one cell by month, a monthly ``PeriodIndex`` in order and without gaps; counts, none negative. The bar is
the seasonal naive, the same month a year before: a method that does not beat it is not shown. Every interval comes
from the errors a method has really made, and only from those already known at the origin it is given for. statsmodels
is imported where it is used, as it takes most of a second to load.
"""

import math
import warnings
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators._checks import Cells, consecutive, counts, floats, labelled, monthly, same_labels, whole, within

YEAR = 12
LONGEST_HORIZON = 12
SHORTEST_TRAINING = 24
SHORTEST_SHOWN = 60
LOWEST_MEAN = 10
DECISION_LEVEL = 0.8
DECISION_ORIGINS = 24
WARM_UP_ERRORS = 36
COVERAGE_BAND = (0.7, 0.9)
BAR = "seasonal_naive"
DEFAULT_METHODS = (BAR, "theta", "ets")
NUMBERS = ["actual", "point", "lower", "upper"]
BACKTEST_COLUMNS = ["origin", "step", "period", "method", "actual", "point", "lower", "upper"]


def seasonal_naive(history: Cells, horizon: int, period: int = YEAR) -> pd.Series:
    """The last full season repeated: y_(T+h) = y_(T+h - period ceil(h/period)) for h = 1 .. ``horizon``.

    By period after a ``PeriodIndex``, whatever its frequency; otherwise numbered 0, 1, 2, ... A step whose season was
    hidden is NaN. ``ValueError`` for a history shorter than one season, a gap in it, labels other than periods that do
    not ascend, or negative values.
    """
    values = _history("history", history)
    whole("horizon", horizon, 1)
    whole("period", period, 1)
    if len(values) < period:
        raise ValueError(f"history has {len(values)} values: one season of {period} is needed")
    points = _repeat(values.to_numpy(), horizon, period)
    if isinstance(values.index, pd.PeriodIndex):
        return pd.Series(points, index=_following(values.index, horizon))
    return pd.Series(points)


def accuracy(actual: Cells, point: Cells, history: Cells, period: int = YEAR) -> pd.Series:
    """How far a forecast was off: ``mae``, ``rmse`` in the unit of the series, ``mape`` in per cent, ``mase``.

    mape = 100 mean |e/y|, NaN when an actual is zero. mase = mae over the mean |y_t - y_(t-period)| of ``history``,
    the values before the forecast, NaN when the history repeats itself exactly; above 1 is normal at long horizons.
    ``actual`` and ``point`` align on labels; an array, or a ``Series`` numbered 0, 1, 2, ..., keeps its order.
    ``ValueError`` for hidden values, unequal lengths, or a history of one season or less.
    Source: Hyndman & Koehler (2006), Another look at measures of forecast accuracy.
    """
    seen, forecasted = _paired(actual, point)
    past = _history("history", history)
    for name, values in (("actual", seen), ("point", forecasted), ("history", past)):
        _complete(name, values)
    if isinstance(past.index, pd.PeriodIndex) and isinstance(seen.index, pd.PeriodIndex):
        _same_frequency(past.index, seen.index)
    whole("period", period, 1)
    scale = _scale(past.to_numpy(), period)
    error = seen.to_numpy() - forecasted.to_numpy()
    mae = float(np.abs(error).mean())
    return pd.Series(
        {
            "mae": mae,
            "rmse": float(np.sqrt((error**2).mean())),
            "mape": _mape(error, seen.to_numpy()),
            "mase": mae / scale if scale > 0 else np.nan,
        }
    )


def backtest(
    series: pd.Series,
    methods: Sequence[str] = DEFAULT_METHODS,
    horizon: int = 6,
    origins: int = 24,
    level: float = DECISION_LEVEL,
) -> pd.DataFrame:
    """What each method would have said at the latest ``origins`` months with ``horizon`` actual months after them.

    A row a method, origin and step, columns ``origin`` (the last month known), ``step`` 1 .. ``horizon`` (at most
    12), ``period`` (the month forecast), ``method``, ``actual``, ``point``, ``lower``, ``upper``. Methods:
    ``seasonal_naive``; ``drift``, the mean monthly change carried on; ``theta`` (Assimakopoulos & Nikolopoulos 2000);
    ``ets``, damped trend and additive season on ln(y + 0.5); ``arima``, (0,1,1)(0,1,1)12 on the same scale, the
    slowest. Every model is estimated anew at every origin, so that what happened later changes nothing earlier.

    The interval of ``level`` holds the point + 0.5 times the empirical quantiles, at positions p (n + 1), of
    (actual + 0.5)/(point + 0.5) for the same method and step at earlier origins, warm-up origins before the first
    included, as far as known at the origin: 36 at the first one, if the series is long enough. NaN while fewer are
    known than an interval can be made of, 9 at level 0.8.

    ``attrs["scale"]`` is the mean |y_t - y_(t-12)| up to each origin by its text, the denominator of MASE.
    ``ValueError`` for a hidden or absent month, an unknown method, or a series of fewer than 23 + ``origins`` +
    ``horizon`` months.
    """
    values = _whole(series)
    run = _rolling(values.to_numpy(), _known(methods), horizon, origins, level)
    months = pd.PeriodIndex(values.index)
    frames = []
    for method, points in run.points.items():
        ratios = (run.actual + 0.5) / (points + 0.5)
        for k in range(run.warm_up, len(run.known)):
            bounds = [_quantiles(ratios[: max(k - step, 0), step], level) for step in range(horizon)]
            lower, upper = (points[k] + 0.5) * np.array(bounds).T - 0.5
            frames.append(
                pd.DataFrame(
                    {
                        "origin": months[run.known[k] - 1],
                        "step": np.arange(1, horizon + 1),
                        "period": months[run.known[k] : run.known[k] + horizon],
                        "method": method,
                        "actual": run.actual[k],
                        "point": points[k],
                        "lower": np.maximum(lower, 0),
                        "upper": np.maximum(upper, 0),
                    }
                )
            )
    result = pd.concat(frames, ignore_index=True)[BACKTEST_COLUMNS]
    result.attrs["scale"] = {
        str(months[known - 1]): _scale(values.to_numpy()[:known], YEAR) for known in run.known[run.warm_up :]
    }
    return result


def score(backtest: pd.DataFrame, exclude: Collection[object] = ()) -> pd.DataFrame:
    """The track record of each method in a :func:`backtest`: a row a method, in the order they come.

    ``mae``; ``mape`` in per cent, NaN when an actual is zero; ``mase``, the mean of |e| over the scale at its origin,
    NaN when the frame does not carry scales or one is zero; ``relative_mae``, over that of the seasonal naive at the
    same origins and steps, NaN without it or at 0/0; ``coverage``, the share of actuals inside their interval
    (fraction, of those that have one; NaN when none has); ``n``, forecasts scored. Decide on ``relative_mae``.

    ``exclude`` leaves out forecasts *for* these months: Periods, texts such as ``"2020-03"``, or whole years as whole
    numbers. ``ValueError`` when a column is missing, a value hidden, or nothing is left.
    """
    _has_columns("backtest", backtest, BACKTEST_COLUMNS)
    try:
        targets = pd.PeriodIndex(backtest["period"], freq="M")
    except (TypeError, ValueError) as refused:
        raise ValueError("the column period of backtest must hold months") from refused
    rows = backtest[~_left_out(targets, exclude)]
    if rows.empty:
        raise ValueError("no forecast is left to score in backtest")
    rows = rows.assign(**{name: floats(f"{name} of backtest", rows[name]) for name in NUMBERS})
    for column in ("actual", "point"):
        _complete(column, rows[column])
        if np.isinf(rows[column]).any():
            raise ValueError(f"{column} of backtest holds infinite values")
    by_origin = backtest.attrs.get("scale", {})
    scale = rows["origin"].astype(str).map(by_origin).astype(float)
    error = rows["actual"] - rows["point"]
    judged = rows.assign(
        error=error,
        scaled=(error.abs() / scale).where(scale > 0),
        inside=((rows["lower"] <= rows["actual"]) & (rows["actual"] <= rows["upper"]))
        .astype(float)
        .where(rows[["lower", "upper"]].notna().all(axis=1)),
    )
    bar = judged[judged["method"] == BAR].set_index(["origin", "step"])["error"].abs()
    records = {}
    for method, own in judged.groupby("method", sort=False):
        mae = own["error"].abs().mean()
        at = pd.MultiIndex.from_frame(own[["origin", "step"]])
        naive = bar.reindex(at).mean() if at.isin(bar.index).all() else np.nan
        records[method] = {
            "mae": mae,
            "mape": _mape(own["error"].to_numpy(), own["actual"].to_numpy()),
            "mase": own["scaled"].mean(skipna=False),
            "relative_mae": _ratio(mae, naive),
            "coverage": own["inside"].mean(),
            "n": len(own),
        }
    result = pd.DataFrame.from_dict(records, orient="index").astype({"n": int})
    return result.rename_axis("method")


def publishable(scores: pd.DataFrame, series: pd.Series) -> pd.Series:
    """Whether a forecast may be shown: ``allowed`` and ``reason``, empty when it is.

    Reasons, the first that holds: ``too_short`` (under 60 months), ``hidden_months`` (one is hidden or absent),
    ``too_few`` (a mean count under 10), ``no_better_than_seasonal_naive`` (no method of ``scores`` has relative MAE
    below 1), ``coverage`` (none of those that have covers 70-90 % with its 80 % interval). ``scores`` as of
    :func:`score` at level 0.8.
    """
    needed = ["relative_mae", "coverage"]
    _has_columns("scores", scores, needed)
    scores = scores.assign(**{name: floats(f"{name} of scores", scores[name]) for name in needed})
    reason = _unfit(series) or _unproven(scores)
    return pd.Series({"allowed": not reason, "reason": reason}, dtype=object)


def forecast(
    series: pd.Series, horizon: int = 6, method: str | None = None, level: float = DECISION_LEVEL
) -> pd.DataFrame:
    """The next ``horizon`` months (at most 12): ``point``, ``lower``, ``upper``, a row a month; or empty.

    Without a ``method`` the one of ``theta`` and ``ets`` that passes :func:`publishable` with the smallest relative
    MAE over 24 origins; a named one must pass as well. When nothing passes the frame is empty and ``attrs["reason"]``
    says why, in the words of :func:`publishable`; otherwise it is empty text and ``attrs["method"]`` names the method.
    Intervals as of :func:`backtest`, from all its errors; NaN where ``level`` asks for more errors than the series
    has. Takes seconds: meant for when a snapshot is built.
    """
    _horizon(horizon)
    within("level", level, 0, 1)
    methods = DEFAULT_METHODS if method is None else tuple(dict.fromkeys((BAR, *_known([method]))))
    reason = _unfit(series)
    if not reason:
        values = _whole(series)
        scores = score(backtest(values, methods, horizon, DECISION_ORIGINS, DECISION_LEVEL))
        reason = _unproven(scores)
    if reason:
        empty = pd.DataFrame(columns=["point", "lower", "upper"], index=pd.PeriodIndex([], freq="M"), dtype=float)
        empty.attrs["reason"] = reason
        return empty
    best = str(_proven(scores)["relative_mae"].idxmin())
    past = values.to_numpy()
    run = _rolling(past, [best], horizon, DECISION_ORIGINS, level)
    ratios = (run.actual + 0.5) / (run.points[best] + 0.5)
    point = _points(best, past, horizon)
    lower, upper = (point + 0.5) * np.array([_quantiles(column, level) for column in ratios.T]).T - 0.5
    result = pd.DataFrame(
        {"point": point, "lower": np.maximum(lower, 0), "upper": np.maximum(upper, 0)},
        index=_following(pd.PeriodIndex(values.index), horizon),
    )
    result.attrs.update(reason="", method=best)
    return result


@dataclass(frozen=True)
class _Run:
    """Forecasts at consecutive origins: how many months each knew, the actuals and the points, origins by steps."""

    known: np.ndarray
    warm_up: int
    actual: np.ndarray
    points: dict[str, np.ndarray]


def _rolling(values: np.ndarray, methods: Sequence[str], horizon: int, origins: int, level: float) -> _Run:
    """Forecasts at ``origins`` origins and at as many before them as the first needs for its intervals."""
    _horizon(horizon)
    whole("origins", origins, 1)
    within("level", level, 0, 1)
    last = len(values) - horizon
    first = last - origins + 1
    if first < SHORTEST_TRAINING:
        raise ValueError(
            f"series has {len(values)} months: {SHORTEST_TRAINING + origins + horizon - 1} are needed for "
            f"{origins} origins and {horizon} steps"
        )
    earliest = max(SHORTEST_TRAINING, first - (max(WARM_UP_ERRORS, _errors_needed(level)) + horizon - 1))
    known = np.arange(earliest, last + 1)
    actual = values[known[:, None] + np.arange(horizon)]
    points = {method: np.array([_points(method, values[:n], horizon) for n in known]) for method in methods}
    return _Run(known, first - earliest, actual, points)


def _points(method: str, past: np.ndarray, horizon: int) -> np.ndarray:
    """The point forecasts of a method, never negative."""
    if (past == past[0]).all():
        # Nothing to estimate: the likelihoods of the models are flat and their optimum arbitrary.
        return np.full(horizon, past[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an optimiser that stops early shows in the track record
        points = METHODS[method](past, horizon)
    if not np.isfinite(points).all():
        raise ValueError(f"the method {method} finds no forecast for this series")
    return np.maximum(points, 0)


def _repeat(past: np.ndarray, horizon: int, period: int) -> np.ndarray:
    return past[len(past) - period + np.arange(horizon) % period]


def _drift(past: np.ndarray, horizon: int) -> np.ndarray:
    return past[-1] + np.arange(1, horizon + 1) * (past[-1] - past[0]) / (len(past) - 1)


def _theta(past: np.ndarray, horizon: int) -> np.ndarray:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    return np.asarray(ThetaModel(past, period=YEAR).fit().forecast(horizon), dtype=float)


def _ets(past: np.ndarray, horizon: int) -> np.ndarray:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    model = ETSModel(
        np.log(past + 0.5),
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=YEAR,
        initialization_method="heuristic",
    )
    return np.exp(np.asarray(model.fit(disp=False).forecast(horizon), dtype=float)) - 0.5


def _arima(past: np.ndarray, horizon: int) -> np.ndarray:
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    model = SARIMAX(np.log(past + 0.5), order=(0, 1, 1), seasonal_order=(0, 1, 1, YEAR))
    return np.exp(np.asarray(model.fit(disp=False).forecast(horizon), dtype=float)) - 0.5


METHODS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    BAR: lambda past, horizon: _repeat(past, horizon, YEAR),
    "drift": _drift,
    "theta": _theta,
    "ets": _ets,
    "arima": _arima,
}


def _errors_needed(level: float) -> int:
    """The fewest errors whose smallest and largest can bound an interval of ``level``: 2/(1 - level) - 1."""
    return math.ceil(round(2 / (1 - level), 9)) - 1


def _quantiles(ratios: np.ndarray, level: float) -> tuple[float, float]:
    """The two quantiles of an interval of ``level``, at positions p (n + 1); NaN with too few ratios."""
    if len(ratios) < _errors_needed(level):
        return np.nan, np.nan
    lower, upper = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2], method="weibull")
    return float(lower), float(upper)


def _unfit(series: pd.Series) -> str:
    """Why no forecast of this series is shown whatever the method, or empty text."""
    values = _one_cell("series", monthly("series", series))
    if bool((values < 0).any()):
        raise ValueError("series holds negative values")
    if len(values) < SHORTEST_SHOWN:
        return "too_short"
    if bool(values.isna().any()) or _gaps(pd.PeriodIndex(values.index)):
        return "hidden_months"
    return "too_few" if values.mean() < LOWEST_MEAN else ""


def _unproven(scores: pd.DataFrame) -> str:
    """Why no method of the track record may be shown, or empty text."""
    if not (scores["relative_mae"] < 1).any():
        return "no_better_than_seasonal_naive"
    return "coverage" if _proven(scores).empty else ""


def _proven(scores: pd.DataFrame) -> pd.DataFrame:
    low, high = COVERAGE_BAND
    return scores[(scores["relative_mae"] < 1) & scores["coverage"].between(low, high)]


def _left_out(targets: pd.PeriodIndex, exclude: Collection[object]) -> np.ndarray:
    """Which target months ``exclude`` names."""
    if isinstance(exclude, str):
        raise ValueError("exclude must be a collection of months, not a text")
    if not isinstance(exclude, Collection):
        raise ValueError(f"exclude must be a collection of months, got {exclude!r}")
    out = np.zeros(len(targets), dtype=bool)
    for item in exclude:
        if isinstance(item, (int, np.integer)):
            out |= targets.year == item
        elif isinstance(item, pd.Period) and item.freqstr == "M":
            out |= targets == item
        elif isinstance(item, str) and len(item) == len("2020-03"):
            out |= targets == pd.Period(item, "M")
        else:
            raise ValueError(f"exclude takes months such as '2020-03' and whole years, got {item!r}")
    return out


def _paired(actual: Cells, point: Cells) -> tuple[pd.Series, pd.Series]:
    """Both as ``Series`` in one order: by label where both have labels, else as they stand."""
    seen, forecasted = _one_cell("actual", labelled("actual", actual)), _one_cell("point", labelled("point", point))
    if len(seen) != len(forecasted):
        raise ValueError(f"actual has {len(seen)} values and point {len(forecasted)}")
    numbered = pd.RangeIndex(len(seen))
    if seen.index.equals(numbered) or forecasted.index.equals(numbered):
        return seen, forecasted
    same_labels("actual", seen.index, "point", forecasted.index)
    return seen, forecasted.reindex(seen.index)


def _history(name: str, values: Cells) -> pd.Series:
    """Counts in order of time; periods must follow each other without a gap."""
    (checked,) = counts(**{name: values})
    series = _one_cell(name, checked)
    if isinstance(series.index, pd.PeriodIndex):
        series = series.sort_index()
        absent = _gaps(pd.PeriodIndex(series.index))
        if absent:
            raise ValueError(f"{absent} periods of {name} are absent: it must have no gaps")
    else:
        consecutive(name, series.index)
    return series


def _whole(series: pd.Series) -> pd.Series:
    """A monthly series of counts in order, every month there."""
    values = _history("series", _one_cell("series", monthly("series", series)))
    _complete("series", values)
    return values


def _one_cell(name: str, values: object) -> pd.Series:
    if not isinstance(values, pd.Series):
        raise ValueError(f"{name} must be one cell over time")
    return values


def _complete(name: str, values: pd.Series) -> None:
    hidden = int(values.isna().sum())
    if hidden:
        raise ValueError(f"{hidden} of {len(values)} values of {name} are hidden: every value is needed")


def _gaps(periods: pd.PeriodIndex) -> int:
    """How many periods are absent between the first and the last."""
    return len(pd.period_range(periods.min(), periods.max(), freq=periods.freq)) - len(periods)


def _following(periods: pd.PeriodIndex, horizon: int) -> pd.PeriodIndex:
    return pd.period_range(periods[-1] + 1, periods=horizon, freq=periods.freq)


def _same_frequency(first: pd.PeriodIndex, second: pd.PeriodIndex) -> None:
    if first.freqstr != second.freqstr:
        raise ValueError(f"history is by {first.freqstr} and actual by {second.freqstr}")


def _scale(past: np.ndarray, period: int) -> float:
    """Mean absolute seasonal difference."""
    if len(past) <= period:
        raise ValueError(f"history has {len(past)} values: more than one season of {period} is needed")
    return float(np.abs(past[period:] - past[:-period]).mean())


def _mape(error: np.ndarray, actual: np.ndarray) -> float:
    return float(100 * np.abs(error / actual).mean()) if (actual != 0).all() else np.nan


def _ratio(mae: float, bar: float) -> float:
    if bar == 0:
        return np.nan if mae == 0 else np.inf
    return mae / bar


def _known(methods: Sequence[str]) -> list[str]:
    if isinstance(methods, str) or not len(methods):
        raise ValueError("methods must be a list of at least one method")
    for method in methods:
        if method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    return list(dict.fromkeys(methods))


def _horizon(horizon: int) -> None:
    if not 1 <= whole("horizon", horizon, -1) <= LONGEST_HORIZON:
        raise ValueError(f"horizon must be from 1 to {LONGEST_HORIZON}, got {horizon}")


def _has_columns(name: str, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"{name} must be a frame with the columns {', '.join(columns)}")
    absent = [column for column in columns if column not in frame]
    if absent:
        raise ValueError(f"{name} lacks the columns {', '.join(absent)}")

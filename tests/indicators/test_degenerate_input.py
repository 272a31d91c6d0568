"""What every public indicator does with input that is empty, hidden, zero, disordered or no number at all.

Three tables say it: what is refused, what comes out of zeros and hidden cells, and what comes out of periods that are
not the months expected. Nothing here may warn: a warning is an error, unless the table says that it is meant.
"""

import warnings
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from test_worked_examples import PUBLIC

from indicators import (
    commuting,
    demography,
    events,
    forecast,
    matching,
    seasonality,
    signals,
    structure,
    uncertainty,
)

MODULES: dict[str, ModuleType] = {
    module.__name__.removeprefix("indicators."): module
    for module in (
        matching,
        structure,
        seasonality,
        uncertainty,
        signals,
        forecast,
        events,
        demography,
        commuting,
    )
}

Data = pd.Series | pd.DataFrame


def cells(*values: object) -> pd.Series:
    return pd.Series(list(values), index=["a", "b", "c"][: len(values)])


def season(level: float, months: int = 120, shift: int = 0) -> pd.Series:
    """Whole numbers with one wave a year and a little that does not repeat."""
    steps = np.arange(months)
    wave = 1 + 0.3 * np.cos(2 * np.pi * (steps + shift) / 12)
    return pd.Series(
        np.round(level * wave + (steps * 7 + shift) % 5), index=pd.period_range("2008-01", periods=months, freq="M")
    )


UNEMPLOYED, VACANCIES, EMPLOYED = cells(30.0, 50.0, 20.0), cells(4.0, 2.0, 6.0), cells(300.0, 400.0, 200.0)
MONTHS = season(300)
PROFILE = pd.Series([6.0, 5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 6], index=range(1, 13))
PANEL = pd.DataFrame({"a": MONTHS, "b": season(200, shift=2), "c": season(150, shift=4)})
YEARS = pd.DataFrame({"a": [10.0, 12, 11], "b": [20.0, 21, 25]}, index=pd.period_range("2018", periods=3, freq="Y"))
POINTS = matching.beveridge_points(UNEMPLOYED, VACANCIES, EMPLOYED)
CUTOFFS = {"surplus_slope": 0.1, "shortage_slope": 0.2, "mismatch_scale": 6.7, "grade_scales": (7,)}
HIDDEN_BOUNDS = uncertainty.suppression_bounds(cells(30, np.nan, 20))
TRACK = forecast.backtest(MONTHS[:60], ("seasonal_naive", "drift"), 3)
SCORES = forecast.score(TRACK)
GAPS = events.counterfactual(MONTHS, "2017-06")
STEP = pd.Series((np.arange(120) > 60).astype(float), index=MONTHS.index)

SUBJECTS: dict[str, tuple[dict[str, Data], dict[str, object]]] = {
    "matching.tightness": ({"vacancies": VACANCIES, "unemployed": UNEMPLOYED}, {}),
    "matching.log_tightness": ({"vacancies": VACANCIES, "unemployed": UNEMPLOYED}, {}),
    "matching.unemployment_rate": ({"unemployed": UNEMPLOYED, "labour_force": EMPLOYED}, {}),
    "matching.vacancy_rate": ({"vacancies": VACANCIES, "employed": EMPLOYED}, {}),
    "matching.mismatch_index": ({"unemployed": UNEMPLOYED, "vacancies": VACANCIES, "efficiency": cells(1, 1.5, 2)}, {}),
    "matching.mismatch_contributions": ({"unemployed": UNEMPLOYED, "vacancies": VACANCIES}, {}),
    "matching.mismatch_baseline": ({"unemployed": UNEMPLOYED, "vacancies": VACANCIES}, {}),
    "matching.mismatch_interval": (
        {"unemployed_bounds": HIDDEN_BOUNDS, "vacancy_bounds": uncertainty.suppression_bounds(VACANCIES)},
        {},
    ),
    "matching.planner_allocation": ({"vacancies": VACANCIES}, {"total_unemployed": 120.0}),
    "matching.dissimilarity_index": ({"unemployed": UNEMPLOYED, "vacancies": VACANCIES}, {}),
    "matching.rate_dispersion": ({"unemployed": UNEMPLOYED, "labour_force": EMPLOYED}, {}),
    "matching.beveridge_points": ({"unemployed": UNEMPLOYED, "vacancies": VACANCIES, "employed": EMPLOYED}, {}),
    "matching.beveridge_elasticity": (
        {"unemployment_rate": MONTHS / 10000, "vacancy_rate": season(60, shift=2) / 10000},
        {},
    ),
    "matching.beveridge_breaks": (
        {"unemployment_rate": MONTHS / 10000, "vacancy_rate": season(60, shift=2) / 10000},
        {"max_breaks": 1},
    ),
    "matching.occupation_class": ({"points": POINTS, "counts": UNEMPLOYED + VACANCIES}, {"cutoffs": CUTOFFS}),
    "matching.calibrate_cutoffs": ({"points": POINTS, "published_class": cells(2, 1, 3)}, {}),
    "matching.confusion_matrix": (
        {"ours": cells("balance", "surplus", "shortage"), "published": cells(0, 1, 1)},
        {},
    ),
    "matching.matching_efficiency": (
        {"hires": season(40, shift=1), "vacancies": season(60, shift=2), "unemployed": MONTHS},
        {},
    ),
    "matching.vacancy_days": ({"open_vacancies": season(60), "new_vacancies": season(40)}, {}),
    "structure.location_quotient": ({"region": VACANCIES, "nation": EMPLOYED}, {}),
    "structure.shift_share": (
        {
            "region_0": cells(4.0, 2, 6),
            "region_1": cells(5.0, 3, 7),
            "nation_0": cells(300.0, 400, 200),
            "nation_1": cells(330.0, 400, 260),
        },
        {},
    ),
    "structure.shift_share_dynamic": ({"region": YEARS, "nation": YEARS * 10}, {}),
    "structure.herfindahl": ({"values": VACANCIES}, {}),
    "structure.equivalent_number": ({"values": VACANCIES}, {}),
    "structure.largest_share": ({"values": VACANCIES}, {}),
    "structure.krugman_specialisation": ({"region": VACANCIES, "reference": EMPLOYED}, {}),
    "structure.gini": ({"values": VACANCIES, "weights": EMPLOYED}, {}),
    "structure.gini_specialisation": ({"region": VACANCIES, "nation": EMPLOYED}, {}),
    "structure.gini_concentration": ({"industry_by_area": VACANCIES, "total_by_area": EMPLOYED}, {}),
    "structure.hoover": ({"values": VACANCIES, "reference": EMPLOYED}, {}),
    "structure.theil_l": ({"values": VACANCIES}, {}),
    "structure.theil_t": ({"values": VACANCIES}, {}),
    "structure.lilien": ({"employment_0": cells(4.0, 2, 6), "employment_1": cells(5.0, 3, 7)}, {}),
    "seasonality.monthly_profile": ({"series": MONTHS}, {}),
    "seasonality.gini": ({"profile": PROFILE}, {}),
    "seasonality.seasonality_ratio": ({"profile": PROFILE}, {}),
    "seasonality.peak_to_trough": ({"profile": PROFILE}, {}),
    "seasonality.adjust": ({"series": MONTHS}, {}),
    "seasonality.strength": ({"series": MONTHS}, {}),
    "seasonality.same_month_change": ({"series": MONTHS}, {}),
    "seasonality.rolling_sum": ({"series": MONTHS}, {}),
    "uncertainty.wilson_interval": ({"successes": VACANCIES, "trials": UNEMPLOYED}, {}),
    "uncertainty.poisson_interval": ({"counts": VACANCIES}, {}),
    "uncertainty.shrink_rates": ({"counts": VACANCIES, "population": EMPLOYED}, {}),
    "uncertainty.exceedance_probability": (
        {"counts": VACANCIES, "population": EMPLOYED},
        {"reference_rate": 0.01},
    ),
    "uncertainty.detection_limit": ({"expected": VACANCIES}, {}),
    "uncertainty.suppression_bounds": ({"values": VACANCIES}, {}),
    "uncertainty.reliability": ({"counts": UNEMPLOYED - 16}, {}),
    "signals.expected": ({"counts": PANEL}, {}),
    "signals.detect": ({"counts": PANEL}, {}),
    "signals.benjamini_hochberg": ({"pvalues": cells(0.01, 0.2, 0.9)}, {}),
    "signals.level_breaks": ({"series": MONTHS}, {"max_breaks": 1}),
    "signals.cusum": ({"series": MONTHS}, {}),
    "forecast.seasonal_naive": ({"history": MONTHS}, {"horizon": 2}),
    "forecast.accuracy": ({"actual": cells(1.0, 2, 3), "point": cells(1.0, 1, 1), "history": MONTHS}, {}),
    "forecast.backtest": ({"series": MONTHS[:60]}, {"methods": ("seasonal_naive",), "horizon": 1}),
    "forecast.score": ({"backtest": TRACK}, {}),
    "forecast.publishable": ({"scores": SCORES, "series": MONTHS}, {}),
    "forecast.forecast": ({"series": MONTHS[:70]}, {"horizon": 1, "method": "drift"}),
    "events.counterfactual": ({"series": MONTHS}, {"start": "2017-06"}),
    "events.interrupted_series": ({"counts": MONTHS, "step": STEP}, {}),
    "events.synthetic_control": ({"outcomes": PANEL}, {"treated": "a", "start": "2017-01"}),
    "events.placebo_test": ({"outcomes": PANEL}, {"treated": "a", "start": "2017-01"}),
    "events.identifiable": ({"series": MONTHS}, {"start": "2017-06", "expected_effect": 500.0}),
    "events.verdict": (
        {"counterfactual": GAPS},
        {"identifiable": pd.Series({"identifiable": True, "limit": 3.0, "reason": ""}, dtype=object)},
    ),
    "demography.demographic_dependency": (
        {"population_by_age": pd.Series([150.0, 650, 200], index=["0-14", "15-64", "65-"])},
        {},
    ),
    "demography.economic_dependency": ({"population": EMPLOYED, "employed": UNEMPLOYED}, {}),
    "demography.replacement_ratio": (
        {"population_by_age": pd.Series([100.0, 400, 125], index=["20-29", "30-54", "55-64"])},
        {},
    ),
    "demography.net_migration_rate": (
        {"moved_in": cells(4.0, 2, 6), "moved_out": cells(1.0, 2, 8), "population": EMPLOYED},
        {},
    ),
    "commuting.self_containment": (
        {"live_and_work": VACANCIES, "employed_residents": UNEMPLOYED, "jobs": cells(10.0, 10, 10)},
        {},
    ),
    "commuting.from_flows": (
        {"flows": pd.DataFrame([[5.0, 1, 2], [2, 7, 1], [0, 3, 9]], index=list("abc"), columns=list("abc"))},
        {"groups": {"x": ["a", "b"]}},
    ),
}
"""Every public function with input it takes: the data, and the other arguments."""

INPUTS = [(name, argument) for name, (data, _) in SUBJECTS.items() for argument in data]


def call(name: str, **changed: object) -> object:
    module, function = name.split(".")
    data, options = SUBJECTS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return getattr(MODULES[module], function)(**{**data, **options, **changed})


def outcome(name: str, **changed: object) -> str:
    """What comes back, or what is said, on one line."""
    try:
        return shown(call(name, **changed))
    except ValueError as error:
        return f"error: {error}"
    except UserWarning as warning:
        return f"warning: {warning}"


def shown(result: object) -> str:
    """Numbers to four digits; of a frame each column, of a long result its last row."""
    if isinstance(result, (float, int, str)):
        return result if isinstance(result, str) else f"{round(result, 12) + 0.0:.4g}"
    if isinstance(result, dict):
        return ", ".join(f"{key} {shown(value)}" for key, value in result.items())
    if isinstance(result, pd.DataFrame):
        if result.empty:
            return " ".join(filter(None, ["no rows", str(result.attrs.get("reason", ""))]))
        rows = result if len(result) <= 3 else result[-1:]
        return ", ".join(f"{column} {shown(rows[column])}" for column in rows)
    assert isinstance(result, (pd.Series, np.ndarray, tuple))
    values = list(result)
    return " ".join(shown(value) if isinstance(value, (float, int)) else str(value) for value in values[-5:])


def numeric(data: pd.DataFrame) -> list[str]:
    return [column for column in data if data[column].dtype.kind in "if"]


def filled(data: Data, value: object, rows: slice = slice(None)) -> Data:
    """The data with ``value`` in these rows: of a frame, in its columns of numbers."""
    if isinstance(data, pd.Series):
        result = data.astype(object if data.dtype.kind not in "if" else float)
        result.iloc[rows] = value
        return result
    changed = data.astype(dict.fromkeys(numeric(data), float))
    for column in numeric(data):
        changed.iloc[rows, changed.columns.get_loc(column)] = value
    return changed


def one_cell(data: Data) -> Data:
    square = isinstance(data, pd.DataFrame) and data.index.equals(data.columns)
    return data.iloc[:1, :1] if square else data.iloc[:1]


def every(name: str, change: Callable[[Data], object]) -> dict[str, object]:
    return {argument: change(data) for argument, data in SUBJECTS[name][0].items()}


def values_changed(name: str, case: str) -> dict[str, object]:
    """The arguments of ``name`` as the case words it."""
    data = SUBJECTS[name][0]
    if case == "everything zero":
        return every(name, lambda values: filled(values, 0))
    if case == "everything hidden":
        return every(name, lambda values: filled(values, np.nan))
    if case == "one cell":
        return every(name, one_cell)
    if case.endswith(" zero"):
        argument = case.removesuffix(" zero")
        return {argument: filled(data[argument], 0)}
    argument = case.removeprefix("one of ").removesuffix(" hidden")
    return {argument: filled(data[argument], np.nan, slice(1, 2))}


def periods_changed(data: Data, case: str) -> Data:
    """The data with its rows by something other than the months it should have; without a change when not by period."""
    if not isinstance(data.index, pd.PeriodIndex):
        return data
    rows = len(data)
    match case:
        case "gap":
            return data.drop(data.index[rows // 2])
        case "reversed":
            return data[::-1]
        case "by quarter":
            return data.set_axis(pd.period_range("2008Q1", periods=rows, freq="Q"))
        case "by year":
            return data.set_axis(pd.period_range("1900", periods=rows, freq="Y"))
        case "numbered":
            return data.set_axis(range(2001, 2001 + rows))
        case "by date":
            return data.set_axis(data.index.to_timestamp())
        case "a month missing":
            return data.set_axis(pd.PeriodIndex([*data.index[:-1], pd.NaT], freq=data.index.freq))
        case _:
            raise AssertionError(case)


def same(ours: object, theirs: object) -> bool:
    try:
        if isinstance(ours, pd.DataFrame):
            pd.testing.assert_frame_equal(ours.sort_index(), theirs.sort_index())
        elif isinstance(ours, pd.Series):
            pd.testing.assert_series_equal(ours.sort_index(), theirs.sort_index())
        else:
            return ours == theirs
    except AssertionError:
        return False
    return True


def spoiled(data: Data, kind: str) -> Data:
    """The data with one thing wrong in it, most often in the second row."""
    labels: pd.Index = data.index if isinstance(data.index, pd.PeriodIndex) else data.index.astype(object)
    match kind:
        case "negative":
            return filled(data, -3.0, slice(1, 2))
        case "infinite":
            return filled(data, np.inf, slice(1, 2))
        case "text":
            return data.map(lambda _: "many")
        case "digits as text":
            return data.map(str)
        case "repeated labels":
            return data.set_axis(labels[:1].append([labels[:1], labels[2:]]))
        case "a label missing":
            return data.set_axis(labels.where(np.arange(len(labels)) != 1))
        case "empty":
            return data[:0]
        case _:
            raise AssertionError(kind)


def blocks(text: str) -> list[tuple[str, str, str]]:
    """(function, case, outcome) from lines of ``function``, then indented ``case | outcome``, which may run on."""
    found: list[tuple[str, str, str]] = []
    name = ""
    for line in text.strip().splitlines():
        indent = len(line) - len(line.lstrip())
        if indent == 0:
            name = line
        elif indent == 4:
            case, result = (part.strip() for part in line.split("|"))
            found.append((name, case, result))
        else:
            function, case, begun = found[-1]
            found[-1] = (function, case, f"{begun} {line.strip()}")
    return found


def agrees(found: str, expected: str) -> bool:
    """The same result, or an error that says as much."""
    return expected in found if expected.startswith(("error: ", "warning: ")) else found.strip() == expected


REFUSED = {
    "negative": "error: {} holds negative values",
    "infinite": "error: {} holds infinite values",
    "text": "error: {} must hold numbers, not text",
    "digits as text": "error: {} must hold numbers, not text",
    "repeated labels": "error: {} has repeated labels",
    "a label missing": "error: {} has a value without a label",
    "empty": "error: {} is empty",
}
"""What is said of each kind of input that no function takes, with the name of the argument."""

OTHERWISE = """
matching.occupation_class
    points, negative        | error: slope and scale of points must not be negative
    points, infinite        | error: scale of points holds infinite values
    points, text            | error: slope of points must hold numbers, not text
    points, digits as text  | error: slope of points must hold numbers, not text
    points, repeated labels | error: points have repeated labels
    points, a label missing | error: labels do not match: only in points:
    points, empty           | error: points are empty
matching.calibrate_cutoffs
    points, negative                 | error: slope and scale of points must not be negative
    points, infinite                 | error: scale of points holds infinite values
    points, text                     | error: slope of points must hold numbers, not text
    points, digits as text           | error: slope of points must hold numbers, not text
    points, repeated labels          | error: points have repeated labels
    points, a label missing          | error: labels do not match: only in points:
    points, empty                    | error: points are empty
    published_class, negative        | error: published_class has unknown classes: -3.0
    published_class, infinite        | error: published_class has unknown classes: inf
    published_class, text            | error: published_class has unknown classes: many
    published_class, digits as text  | error: published_class has unknown classes: 1, 2, 3
    published_class, a label missing | error: labels do not match: only in points:
matching.confusion_matrix
    ours, negative             | error: ours has unknown classes: -3.0
    ours, infinite             | error: ours has unknown classes: inf
    ours, text                 | error: ours has unknown classes: many
    ours, digits as text       | balance 0, surplus 0, mismatch 0, shortage 0, not_rated 0
    ours, a label missing      | error: labels do not match: only in ours:
    published, negative        | error: published has unknown classes: -3.0
    published, infinite        | error: published has unknown classes: inf
    published, text            | error: published has unknown classes: many
    published, digits as text  | error: published has unknown classes: 0, 1
    published, a label missing | error: labels do not match: only in ours:
matching.vacancy_days
    open_vacancies, a label missing | error: open_vacancies has a value without a month
    new_vacancies, a label missing  | error: new_vacancies has a value without a month
seasonality.monthly_profile
    series, negative        | mean 380
    series, a label missing | error: series has a value without a month
seasonality.adjust
    series, negative        | error: series holds zeros or negative values, which have no logarithm: use
            twelve-month sums
    series, a label missing | error: series has a value without a month
seasonality.strength
    series, negative        | error: series holds zeros or negative values, which have no logarithm: use
            twelve-month sums
    series, a label missing | error: series has a value without a month
seasonality.same_month_change
    series, negative        | difference -1, ratio 0.9974, base 2016-12
    series, a label missing | error: series has a value without a month
seasonality.rolling_sum
    series, negative        | 3623 3622 3626 3625 3624
    series, a label missing | error: series has a value without a month
signals.expected
    counts, a label missing | error: counts has a value without a month
signals.detect
    counts, a label missing | error: counts has a value without a month
signals.benjamini_hochberg
    pvalues, negative | error: pvalues must lie between 0 and 1
signals.level_breaks
    series, negative | no rows
signals.cusum
    series, negative | 0.6296 0.8229
forecast.accuracy
    actual, negative | 2 2.582 66.67 1.241
    point, negative  | 2.333 3.109 105.6 1.448
forecast.backtest
    series, a label missing | error: series has a value without a month
forecast.score
    backtest, negative        | mae 1.611 57.7, mape 0.5564 19.72, mase 0.9891 35.26, relative_mae 1 nan, coverage
            0.7746 0.831, n 72 72
    backtest, infinite        | error: actual of backtest holds infinite values
    backtest, text            | error: the column period of backtest must hold months
    backtest, digits as text  | error: actual of backtest must hold numbers, not text
    backtest, repeated labels | mae 1.625 57.7, mape 0.5601 19.72, mase 0.9974 35.26, relative_mae 1 35.51, coverage
            0.7746 0.831, n 72 72
    backtest, a label missing | mae 1.625 57.7, mape 0.5601 19.72, mase 0.9974 35.26, relative_mae 1 35.51, coverage
            0.7746 0.831, n 72 72
    backtest, empty           | error: no forecast is left to score in backtest
forecast.publishable
    scores, negative        | 0 coverage
    scores, infinite        | 0 no_better_than_seasonal_naive
    scores, text            | error: relative_mae of scores must hold numbers, not text
    scores, digits as text  | error: relative_mae of scores must hold numbers, not text
    scores, repeated labels | 0 no_better_than_seasonal_naive
    scores, a label missing | 0 no_better_than_seasonal_naive
    scores, empty           | 0 no_better_than_seasonal_naive
    series, a label missing | error: series has a value without a month
forecast.forecast
    series, a label missing | error: series has a value without a month
events.counterfactual
    series, a label missing | error: series has a value without a month
events.interrupted_series
    step, negative | 1 0.9975 1.003 0.008225
events.synthetic_control
    outcomes, negative | observed 381, synthetic 252, gap 129
events.placebo_test
    outcomes, negative | ratio 1.024 1.023 1.023
events.identifiable
    series, a label missing | error: series has a value without a month
events.verdict
    counterfactual, negative | no_visible_change
    counterfactual, empty    | cannot_tell
"""
"""Where it is not that: figures that may be negative, classes that are words, frames that other functions made."""

OTHERWISE_BY_INPUT = {(*case.split(", "), name): result for name, case, result in blocks(OTHERWISE)}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize(("name", "argument"), INPUTS)
def test_what_is_no_usable_number_is_refused_by_name(name: str, argument: str, kind: str) -> None:
    found = outcome(name, **{argument: spoiled(SUBJECTS[name][0][argument], kind)})
    expected = OTHERWISE_BY_INPUT.get((argument, kind, name), REFUSED[kind].format(argument))
    assert agrees(found, expected), found


def test_every_exception_is_of_an_input_there_is() -> None:
    assert {(name, argument) for argument, _, name in OTHERWISE_BY_INPUT} <= set(INPUTS)
    assert {kind for _, kind, _ in OTHERWISE_BY_INPUT} <= set(REFUSED)


VALUES = """
matching.tightness
    everything zero          | nan nan nan
    everything hidden        | nan nan nan
    one cell                 | 0.1333
    vacancies zero           | 0 0 0
    unemployed zero          | inf inf inf
    one of vacancies hidden  | 0.1333 nan 0.3
    one of unemployed hidden | 0.1333 nan 0.3
matching.log_tightness
    everything zero          | 0 0 0
    everything hidden        | nan nan nan
    one cell                 | -1.914
    vacancies zero           | -4.111 -4.615 -3.714
    unemployed zero          | 2.197 1.609 2.565
    one of vacancies hidden  | -1.914 nan -1.149
    one of unemployed hidden | -1.914 nan -1.149
matching.unemployment_rate
    everything zero            | nan nan nan
    everything hidden          | nan nan nan
    one cell                   | 0.1
    unemployed zero            | 0 0 0
    labour_force zero          | nan nan nan
    one of unemployed hidden   | 0.1 nan 0.1
    one of labour_force hidden | 0.1 nan 0.1
matching.vacancy_rate
    everything zero         | nan nan nan
    everything hidden       | nan nan nan
    one cell                | 0.01316
    vacancies zero          | 0 0 0
    employed zero           | 1 1 1
    one of vacancies hidden | 0.01316 nan 0.02913
    one of employed hidden  | 0.01316 nan 0.02913
matching.mismatch_index
    everything zero          | error: the total of unemployed is zero
    everything hidden        | error: 3 of 3 cells of unemployed are hidden
    one cell                 | 0
    unemployed zero          | error: the total of unemployed is zero
    vacancies zero           | error: the total of vacancies is zero
    efficiency zero          | error: the total of efficiency is zero
    one of unemployed hidden | error: 1 of 3 cells of unemployed are hidden
    one of vacancies hidden  | error: 1 of 3 cells of vacancies are hidden
    one of efficiency hidden | error: 1 of 3 cells of efficiency are hidden
matching.mismatch_contributions
    everything zero          | error: the total of unemployed is zero
    everything hidden        | error: 3 of 3 cells of unemployed are hidden
    one cell                 | contribution 0, share nan, side even
    unemployed zero          | error: the total of unemployed is zero
    vacancies zero           | error: the total of vacancies is zero
    one of unemployed hidden | error: 1 of 3 cells of unemployed are hidden
    one of vacancies hidden  | error: 1 of 3 cells of vacancies are hidden
matching.mismatch_baseline
    everything zero          | error: the total of unemployed is zero
    everything hidden        | error: 3 of 3 cells of unemployed are hidden
    one cell                 | 0 0 0
    unemployed zero          | error: the total of unemployed is zero
    vacancies zero           | error: the total of vacancies is zero
    one of unemployed hidden | error: 1 of 3 cells of unemployed are hidden
    one of vacancies hidden  | error: 1 of 3 cells of vacancies are hidden
matching.mismatch_interval
    everything zero                 | error: unemployed_bounds lets every cell be zero: there may be no total
    everything hidden               | error: 3 of 3 cells of unemployed_bounds have no bounds
    one cell                        | 0 0 0 0 0
    unemployed_bounds zero          | error: unemployed_bounds lets every cell be zero: there may be no total
    vacancy_bounds zero             | error: vacancy_bounds lets every cell be zero: there may be no total
    one of unemployed_bounds hidden | error: 1 of 3 cells of unemployed_bounds have no bounds
    one of vacancy_bounds hidden    | error: 1 of 3 cells of vacancy_bounds have no bounds
matching.planner_allocation
    everything zero         | error: the total of vacancies is zero
    everything hidden       | error: 3 of 3 cells of vacancies are hidden
    one cell                | 120
    one of vacancies hidden | error: 1 of 3 cells of vacancies are hidden
matching.dissimilarity_index
    everything zero          | error: the total of unemployed is zero
    everything hidden        | error: 3 of 3 cells of unemployed are hidden
    one cell                 | 0
    unemployed zero          | error: the total of unemployed is zero
    vacancies zero           | error: the total of vacancies is zero
    one of unemployed hidden | error: 1 of 3 cells of unemployed are hidden
    one of vacancies hidden  | error: 1 of 3 cells of vacancies are hidden
matching.rate_dispersion
    everything zero            | error: the total of unemployed is zero
    everything hidden          | error: 3 of 3 cells of unemployed are hidden
    one cell                   | 0
    unemployed zero            | error: the total of unemployed is zero
    labour_force zero          | error: the total of labour_force is zero
    one of unemployed hidden   | error: 1 of 3 cells of unemployed are hidden
    one of labour_force hidden | error: 1 of 3 cells of labour_force are hidden
matching.beveridge_points
    everything zero          | unemployment_rate nan nan nan, vacancy_rate nan nan nan, slope nan nan nan, scale nan
            nan nan, angle nan nan nan
    everything hidden        | unemployment_rate nan nan nan, vacancy_rate nan nan nan, slope nan nan nan, scale nan
            nan nan, angle nan nan nan
    one cell                 | unemployment_rate 0.09091, vacancy_rate 0.01316, slope 0.1447, scale 6.495, angle
            0.1437
    unemployed zero          | unemployment_rate 0 0 0, vacancy_rate 0.01316 0.004975 0.02913, slope inf inf inf,
            scale 0.9304 0.3518 2.06, angle 1.571 1.571 1.571
    vacancies zero           | unemployment_rate 0.09091 0.1111 0.09091, vacancy_rate 0 0 0, slope 0 0 0, scale
            6.428 7.857 6.428, angle 0 0 0
    employed zero            | unemployment_rate 1 1 1, vacancy_rate 1 1 1, slope 1 1 1, scale 100 100 100, angle
            0.7854 0.7854 0.7854
    one of unemployed hidden | unemployment_rate 0.09091 nan 0.09091, vacancy_rate 0.01316 0.004975 0.02913, slope
            0.1447 nan 0.3204, scale 6.495 nan 6.75, angle 0.1437 nan 0.3101
    one of vacancies hidden  | unemployment_rate 0.09091 0.1111 0.09091, vacancy_rate 0.01316 nan 0.02913, slope
            0.1447 nan 0.3204, scale 6.495 nan 6.75, angle 0.1437 nan 0.3101
    one of employed hidden   | unemployment_rate 0.09091 nan 0.09091, vacancy_rate 0.01316 nan 0.02913, slope 0.1447
            nan 0.3204, scale 6.495 nan 6.75, angle 0.1437 nan 0.3101
matching.beveridge_elasticity
    everything zero                 | error: unemployment_rate is zero in 2008-01: it has no logarithm
    everything hidden               | error: 120 of 120 periods of unemployment_rate are hidden
    one cell                        | error: a regime needs at least three observations
    unemployment_rate zero          | error: unemployment_rate is zero in 2008-01: it has no logarithm
    vacancy_rate zero               | error: vacancy_rate is zero in 2008-01: it has no logarithm
    one of unemployment_rate hidden | error: 1 of 120 periods of unemployment_rate are hidden
    one of vacancy_rate hidden      | error: 1 of 120 periods of vacancy_rate are hidden
matching.beveridge_breaks
    everything zero                 | error: unemployment_rate is zero in 2008-01: it has no logarithm
    everything hidden               | error: 120 of 120 periods of unemployment_rate are hidden
    one cell                        | error: min_size 24: a regime needs as many observations, got 1
    unemployment_rate zero          | error: unemployment_rate is zero in 2008-01: it has no logarithm
    vacancy_rate zero               | error: vacancy_rate is zero in 2008-01: it has no logarithm
    one of unemployment_rate hidden | error: 1 of 120 periods of unemployment_rate are hidden
    one of vacancy_rate hidden      | error: 1 of 120 periods of vacancy_rate are hidden
matching.occupation_class
    everything zero      | class not_rated not_rated not_rated, grade nan nan nan
    everything hidden    | class not_rated not_rated not_rated, grade nan nan nan
    one cell             | class balance, grade 1
    points zero          | class surplus surplus surplus, grade 1 1 1
    counts zero          | class not_rated not_rated not_rated, grade nan nan nan
    one of points hidden | class balance not_rated shortage, grade 1 nan 1
    one of counts hidden | class balance not_rated shortage, grade 1 nan 1
matching.calibrate_cutoffs
    everything zero               | surplus_slope -inf, shortage_slope inf, mismatch_scale inf, grade_scales
    everything hidden             | error: points and published_class: no occupation has both a point and a
            published class
    one cell                      | surplus_slope -inf, shortage_slope inf, mismatch_scale 6.495, grade_scales
    points zero                   | surplus_slope -inf, shortage_slope 0, mismatch_scale 0, grade_scales
    published_class zero          | surplus_slope -inf, shortage_slope inf, mismatch_scale inf, grade_scales
    one of points hidden          | surplus_slope -inf, shortage_slope 0.2309, mismatch_scale 6.495, grade_scales
    one of published_class hidden | surplus_slope -inf, shortage_slope 0.2309, mismatch_scale 6.495, grade_scales
matching.confusion_matrix
    everything hidden       | balance 0, surplus 0, mismatch 0, shortage 0, not_rated 3
    one cell                | balance 0, surplus 0, mismatch 0, shortage 0, not_rated 0
    published zero          | balance 0, surplus 0, mismatch 0, shortage 0, not_rated 0
    one of ours hidden      | balance 0, surplus 1, mismatch 0, shortage 0, not_rated 0
    one of published hidden | balance 0, surplus 0, mismatch 0, shortage 0, not_rated 0
matching.matching_efficiency
    everything zero          | error: hires is zero in 2008-01: it has no logarithm
    everything hidden        | error: 2 coefficients need more than 2 visible periods, got 0 with hires, vacancies
            and unemployed
    one cell                 | error: 3 coefficients need more than 3 visible periods, got 1 with hires, vacancies
            and unemployed
    hires zero               | error: hires is zero in 2008-01: it has no logarithm
    vacancies zero           | error: vacancies is zero in 2008-01: it has no logarithm
    unemployed zero          | error: unemployed is zero in 2008-01: it has no logarithm
    one of hires hidden      | efficiency 1.037, fitted 53.99, residual 0.03659
    one of vacancies hidden  | efficiency 1.037, fitted 53.99, residual 0.03659
    one of unemployed hidden | efficiency 1.037, fitted 53.99, residual 0.03659
matching.vacancy_days
    everything zero              | nan nan nan nan nan
    everything hidden            | nan nan nan nan nan
    one cell                     | nan
    open_vacancies zero          | 0 0 0 0 0
    new_vacancies zero           | nan nan nan nan nan
    one of open_vacancies hidden | 44.96 44.99 44.87 44.9 44.93
    one of new_vacancies hidden  | 44.96 44.99 44.87 44.9 44.93
structure.location_quotient
    everything zero      | error: the total of region must be positive, got 0
    everything hidden    | error: 3 of 3 cells of region are hidden
    one cell             | 1
    region zero          | error: the total of region must be positive, got 0
    nation zero          | error: the total of nation must be positive, got 0
    one of region hidden | error: 1 of 3 cells of region are hidden
    one of nation hidden | error: 1 of 3 cells of nation are hidden
structure.shift_share
    everything zero        | error: the total of nation_0 over its visible industries is zero
    everything hidden      | error: nation_0 and nation_1 have no industry that is visible in both
    one cell               | growth 1, national 0.4, mix 0, regional 0.6, unallocated 0
    region_0 zero          | growth 5 3 7, national 0 0 0, mix 0 0 0, regional 0 0 0, unallocated 5 3 7
    region_1 zero          | growth -4 -2 -6, national 0.4 0.2 0.6, mix 0 -0.2 1.2, regional -4.4 -2 -7.8,
            unallocated 0 0 0
    nation_0 zero          | error: the total of nation_0 over its visible industries is zero
    nation_1 zero          | growth 1 1 1, national -4 -2 -6, mix 0 0 0, regional 5 3 7, unallocated 0 0 0
    one of region_0 hidden | growth 1 nan 1, national 0.4 nan 0.6, mix 0 nan 1.2, regional 0.6 nan -0.8, unallocated
            0 nan 0
    one of region_1 hidden | growth 1 nan 1, national 0.4 nan 0.6, mix 0 nan 1.2, regional 0.6 nan -0.8, unallocated
            0 nan 0
    one of nation_0 hidden | growth 1 nan 1, national 0.72 nan 1.08, mix -0.32 nan 0.72, regional 0.6 nan -0.8,
            unallocated 0 nan 0
    one of nation_1 hidden | growth 1 nan 1, national 0.72 nan 1.08, mix -0.32 nan 0.72, regional 0.6 nan -0.8,
            unallocated 0 nan 0
structure.shift_share_dynamic
    everything zero      | error: the total of nation is zero in 2018
    everything hidden    | growth nan nan, national nan nan, mix nan nan, regional nan nan, unallocated nan nan
    one cell             | error: growth needs at least two periods
    region zero          | growth 0 0, national 0 0, mix 0 0, regional 0 0, unallocated 0 0
    nation zero          | error: the total of nation is zero in 2018
    one of region hidden | growth nan nan, national nan nan, mix nan nan, regional nan nan, unallocated nan nan
    one of nation hidden | growth nan nan, national nan nan, mix nan nan, regional nan nan, unallocated nan nan
structure.herfindahl
    everything zero      | error: the total of values is zero
    everything hidden    | error: 3 of 3 cells of values are hidden
    one cell             | 1
    one of values hidden | error: 1 of 3 cells of values are hidden
structure.equivalent_number
    everything zero      | error: the total of values is zero
    everything hidden    | error: 3 of 3 cells of values are hidden
    one cell             | 1
    one of values hidden | error: 1 of 3 cells of values are hidden
structure.largest_share
    everything zero      | error: the total of values is zero
    everything hidden    | error: 3 of 3 cells of values are hidden
    one cell             | a 1
    one of values hidden | error: 1 of 3 cells of values are hidden
structure.krugman_specialisation
    everything zero         | error: the total of region is zero
    everything hidden       | error: 3 of 3 cells of region are hidden
    one cell                | 0
    region zero             | error: the total of region is zero
    reference zero          | error: the total of reference is zero
    one of region hidden    | error: 1 of 3 cells of region are hidden
    one of reference hidden | error: 1 of 3 cells of reference are hidden
structure.gini
    everything zero       | error: the total of weights is zero
    everything hidden     | error: 3 of 3 cells of values are hidden
    one cell              | 0
    values zero           | error: the total of values over the weights is zero
    weights zero          | error: the total of weights is zero
    one of values hidden  | error: 1 of 3 cells of values are hidden
    one of weights hidden | error: 1 of 3 cells of weights are hidden
structure.gini_specialisation
    everything zero      | error: the total of region is zero
    everything hidden    | error: 3 of 3 cells of region are hidden
    one cell             | 0
    region zero          | error: the total of region is zero
    nation zero          | error: the total of nation is zero
    one of region hidden | error: 1 of 3 cells of region are hidden
    one of nation hidden | error: 1 of 3 cells of nation are hidden
structure.gini_concentration
    everything zero                | error: the total of industry_by_area is zero
    everything hidden              | error: 3 of 3 cells of industry_by_area are hidden
    one cell                       | 0
    industry_by_area zero          | error: the total of industry_by_area is zero
    total_by_area zero             | error: the total of total_by_area is zero
    one of industry_by_area hidden | error: 1 of 3 cells of industry_by_area are hidden
    one of total_by_area hidden    | error: 1 of 3 cells of total_by_area are hidden
structure.hoover
    everything zero         | error: the total of values is zero
    everything hidden       | error: 3 of 3 cells of values are hidden
    one cell                | 0
    values zero             | error: the total of values is zero
    reference zero          | error: the total of reference is zero
    one of values hidden    | error: 1 of 3 cells of values are hidden
    one of reference hidden | error: 1 of 3 cells of reference are hidden
structure.theil_l
    everything zero      | error: values: 3 of 3 cells are zero: Theil's L is infinite
    everything hidden    | error: 3 of 3 cells of values are hidden
    one cell             | 0
    one of values hidden | error: 1 of 3 cells of values are hidden
structure.theil_t
    everything zero      | error: the total of values is zero
    everything hidden    | error: 3 of 3 cells of values are hidden
    one cell             | 0
    one of values hidden | error: 1 of 3 cells of values are hidden
structure.lilien
    everything zero            | error: employment_0 and employment_1: no industry has employment in both periods
    everything hidden          | error: 3 of 3 cells of employment_0 are hidden
    one cell                   | 0
    employment_0 zero          | error: employment_0 and employment_1: no industry has employment in both periods
    employment_1 zero          | error: employment_0 and employment_1: no industry has employment in both periods
    one of employment_0 hidden | error: 1 of 3 cells of employment_0 are hidden
    one of employment_1 hidden | error: 1 of 3 cells of employment_1 are hidden
seasonality.monthly_profile
    everything zero      | mean 0
    everything hidden    | mean nan
    one cell             | mean nan
    one of series hidden | mean 380
seasonality.gini
    everything zero       | error: the total of the profile is zero
    everything hidden     | error: 12 of 12 months of the profile are missing
    one cell              | error: profile must hold twelve values, one a calendar month
    one of profile hidden | error: 1 of 12 months of the profile are missing
seasonality.seasonality_ratio
    everything zero       | error: the total of the profile is zero
    everything hidden     | error: 12 of 12 months of the profile are missing
    one cell              | error: profile must hold twelve values, one a calendar month
    one of profile hidden | error: 1 of 12 months of the profile are missing
seasonality.peak_to_trough
    everything zero       | error: the total of the profile is zero
    everything hidden     | error: 12 of 12 months of the profile are missing
    one cell              | error: profile must hold twelve values, one a calendar month
    one of profile hidden | error: 1 of 12 months of the profile are missing
seasonality.adjust
    everything zero      | error: series has a mean of 0, below 10: use twelve-month sums
    everything hidden    | error: 120 of 120 values of series are hidden
    one cell             | error: series has 1 values, fewer than 5 years: use twelve-month sums
    one of series hidden | error: 1 of 120 values of series are hidden
seasonality.strength
    everything zero      | error: series has a mean of 0, below 10: use twelve-month sums
    everything hidden    | error: 120 of 120 values of series are hidden
    one cell             | error: series has 1 values, fewer than 5 years: use twelve-month sums
    one of series hidden | error: 1 of 120 values of series are hidden
seasonality.same_month_change
    everything zero      | difference 0, ratio nan, base 2016-12
    everything hidden    | difference nan, ratio nan, base NaT
    one cell             | difference nan, ratio nan, base NaT
    one of series hidden | difference -1, ratio 0.9974, base 2016-12
seasonality.rolling_sum
    everything zero      | 0 0 0 0 0
    everything hidden    | nan nan nan nan nan
    one cell             | nan
    one of series hidden | 3623 3622 3626 3625 3624
uncertainty.wilson_interval
    everything zero         | estimate nan nan nan, lower nan nan nan, upper nan nan nan
    everything hidden       | estimate nan nan nan, lower nan nan nan, upper nan nan nan
    one cell                | estimate 0.1333, lower 0.0531, upper 0.2968
    successes zero          | estimate 0 0 0, lower 0 0 0, upper 0.1135 0.07135 0.1611
    trials zero             | error: successes exceed trials
    one of successes hidden | estimate 0.1333 nan 0.3, lower 0.0531 nan 0.1455, upper 0.2968 nan 0.519
    one of trials hidden    | estimate 0.1333 nan 0.3, lower 0.0531 nan 0.1455, upper 0.2968 nan 0.519
uncertainty.poisson_interval
    everything zero      | count 0 0 0, lower 0 0 0, upper 3.689 3.689 3.689
    everything hidden    | count nan nan nan, lower nan nan nan, upper nan nan nan
    one cell             | count 4, lower 1.09, upper 10.24
    one of counts hidden | count 4 nan 6, lower 1.09 nan 2.202, upper 10.24 nan 13.06
uncertainty.shrink_rates
    everything zero          | error: the total of population is zero
    everything hidden        | error: 3 of 3 cells of counts are hidden
    one cell                 | raw 0.01333, weight 0, shrunk 0.01333, mean 0.01333, between_var 0
    counts zero              | raw 0 0 0, weight 0 0 0, shrunk 0 0 0, mean 0 0 0, between_var 0 0 0
    population zero          | error: the total of population is zero
    one of counts hidden     | error: 1 of 3 cells of counts are hidden
    one of population hidden | error: 1 of 3 cells of population are hidden
uncertainty.exceedance_probability
    everything zero          | error: the total of population is zero
    everything hidden        | error: 3 of 3 cells of counts are hidden
    one cell                 | 1
    counts zero              | 0 0 0
    population zero          | error: the total of population is zero
    one of counts hidden     | error: 1 of 3 cells of counts are hidden
    one of population hidden | error: 1 of 3 cells of population are hidden
uncertainty.detection_limit
    everything zero        | 0 0 0
    everything hidden      | nan nan nan
    one cell               | 5.544
    one of expected hidden | 5.544 nan 6.79
uncertainty.suppression_bounds
    everything zero      | lower 0 0 0, upper 0 0 0, fill 0 0 0, hidden 0 0 0, consistent nan nan nan
    everything hidden    | lower 1 1 1, upper 4 4 4, fill 2.5 2.5 2.5, hidden 1 1 1, consistent nan nan nan
    one cell             | lower 4, upper 4, fill 4, hidden 0, consistent nan
    one of values hidden | lower 4 1 6, upper 4 4 6, fill 4 2.5 6, hidden 0 1 0, consistent nan nan nan
uncertainty.reliability
    everything zero      | hidden hidden hidden
    everything hidden    | hidden hidden hidden
    one cell             | uncertain
    one of counts hidden | uncertain hidden hidden
signals.expected
    everything zero      | period 2017-12, cell c, expected 0.5, dispersion 1.099
    everything hidden    | period 2017-12, cell c, expected nan, dispersion nan
    one cell             | period 2008-01 2008-01 2008-01, cell a b c, expected nan nan nan, dispersion nan nan nan
    one of counts hidden | period 2017-12, cell c, expected 152, dispersion 1
signals.detect
    everything zero      | period 2017-12, cell c, observed 0, expected 0.5, limit 1.453, p 0.6208, p_adjusted
            0.6208, direction down, watch 0, signal 0
    everything hidden    | period 2017-12, cell c, observed nan, expected nan, limit nan, p nan, p_adjusted nan,
            direction nan, watch 0, signal 0
    one cell             | period 2008-01 2008-01 2008-01, cell a b c, observed 390 232 132, expected nan nan nan,
            limit nan nan nan, p nan nan nan, p_adjusted nan nan nan, direction nan nan nan, watch 0 0 0, signal 0 0
            0
    one of counts hidden | period 2017-12, cell c, observed 152, expected 152, limit 24.16, p 0.9892, p_adjusted
            0.9892, direction even, watch 0, signal 0
signals.benjamini_hochberg
    everything zero       | 1 1 1
    everything hidden     | 0 0 0
    one cell              | 1
    one of pvalues hidden | 1 0 0
signals.level_breaks
    everything zero      | no rows
    everything hidden    | error: 120 of 120 observations of series are missing
    one cell             | error: min_size 12: a regime needs as many observations, got 1
    one of series hidden | error: 1 of 120 observations of series are missing
signals.cusum
    everything zero      | 0 1
    everything hidden    | error: 120 of 120 observations of series are missing
    one cell             | error: series must hold at least 2 observations
    one of series hidden | error: 1 of 120 observations of series are missing
forecast.seasonal_naive
    everything zero       | 0 0
    everything hidden     | nan nan
    one cell              | error: history has 1 values: one season of 12 is needed
    one of history hidden | 391 381
forecast.accuracy
    everything zero       | 0 0 nan nan
    everything hidden     | error: 3 of 3 values of actual are hidden
    one cell              | error: history has 1 values: more than one season of 12 is needed
    actual zero           | 1 1 nan 0.6207
    point zero            | 2 2.16 100 1.241
    history zero          | 1 1.291 38.89 nan
    one of actual hidden  | error: 1 of 3 values of actual are hidden
    one of point hidden   | error: 1 of 3 values of point are hidden
    one of history hidden | error: 1 of 120 values of history are hidden
forecast.backtest
    everything zero      | origin 2012-11, step 1, period 2012-12, method seasonal_naive, actual 0, point 0, lower
            0, upper 0
    everything hidden    | error: 60 of 60 values of series are hidden
    one cell             | error: series has 1 months: 48 are needed for 24 origins and 1 steps
    one of series hidden | error: 1 of 60 values of series are hidden
forecast.score
    everything zero        | mae 0 0, mape nan nan, mase 0 0, relative_mae nan nan, coverage 1 1, n 72 72
    everything hidden      | error: 144 of 144 values of actual are hidden
    one cell               | mae 1, mape 0.2874, mase 0.5946, relative_mae 1, coverage 1, n 1
    one of backtest hidden | error: 1 of 144 values of actual are hidden
forecast.publishable
    everything zero      | 0 too_few
    everything hidden    | 0 hidden_months
    one cell             | 0 too_short
    scores zero          | 0 coverage
    series zero          | 0 too_few
    one of scores hidden | 0 no_better_than_seasonal_naive
    one of series hidden | 0 hidden_months
forecast.forecast
    everything zero      | no rows too_few
    everything hidden    | no rows hidden_months
    one cell             | no rows too_short
    one of series hidden | no rows hidden_months
events.counterfactual
    everything zero      | observed 0, expected 0.5, lower 0, upper 2, gap -0.5
    everything hidden    | error: series: a month that sets the level before the start is hidden, so nothing can be
            expected
    one cell             | error: start 2017-06 is not among the periods
    one of series hidden | observed 381, expected 379.8, lower 342, upper 418, gap 1.21
events.interrupted_series
    everything zero      | error: the total of counts is zero
    everything hidden    | error: 120 of 120 values of counts are hidden
    one cell             | error: step never changes: it needs periods before and after
    counts zero          | error: the total of counts is zero
    step zero            | error: step never changes: it needs periods before and after
    one of counts hidden | error: 1 of 120 values of counts are hidden
    one of step hidden   | error: 1 of 120 values of step are hidden
events.synthetic_control
    everything zero        | observed 0, synthetic 0, gap 0
    everything hidden      | error: 360 of 360 values of outcomes are hidden
    one cell               | error: start 2017-01 is not among the periods
    one of outcomes hidden | error: 3 of 360 values of outcomes are hidden
events.placebo_test
    everything zero        | ratio nan nan nan
    everything hidden      | error: 360 of 360 values of outcomes are hidden
    one cell               | error: start 2017-01 is not among the periods
    one of outcomes hidden | error: 3 of 360 values of outcomes are hidden
events.identifiable
    everything zero      | 1 2.077
    everything hidden    | 0 nan too_short
    one cell             | error: start 2017-06 must be a month of the series, or the one after it, with months before
    one of series hidden | 1 41.92
events.verdict
    everything zero              | no_visible_change
    everything hidden            | cannot_tell
    one cell                     | cannot_tell
    one of counterfactual hidden | no_visible_change
demography.demographic_dependency
    everything zero                 | error: population_by_age: nobody is aged 15 to 64
    everything hidden               | error: population_by_age: 3 of 3 ages are hidden
    one cell                        | error: population_by_age ends before the ages over 64
    one of population_by_age hidden | error: population_by_age: 1 of 3 ages are hidden
demography.economic_dependency
    everything zero          | nan nan nan
    everything hidden        | nan nan nan
    one cell                 | 900
    population zero          | error: employed exceed the population
    employed zero            | nan nan nan
    one of population hidden | 900 nan 900
    one of employed hidden   | 900 nan 900
demography.replacement_ratio
    everything zero                 | error: population_by_age: nobody is aged 55 to 64
    everything hidden               | error: population_by_age: 2 of 2 ages are hidden
    one cell                        | error: population_by_age lacks the ages from 55 to 64
    one of population_by_age hidden | 0.8
demography.net_migration_rate
    everything zero          | nan nan nan
    everything hidden        | nan nan nan
    one cell                 | 10
    moved_in zero            | -3.333 -5 -40
    moved_out zero           | 13.33 5 30
    population zero          | nan nan nan
    one of moved_in hidden   | 10 nan -10
    one of moved_out hidden  | 10 nan -10
    one of population hidden | 10 nan -10
commuting.self_containment
    everything zero                  | supply_side nan nan nan, demand_side nan nan nan, self_sufficiency nan nan nan
    everything hidden                | supply_side nan nan nan, demand_side nan nan nan, self_sufficiency nan nan nan
    one cell                         | supply_side 0.1333, demand_side 0.4, self_sufficiency 33.33
    live_and_work zero               | supply_side 0 0 0, demand_side 0 0 0, self_sufficiency 33.33 20 50
    employed_residents zero          | error: live_and_work exceeds employed_residents in 3 areas
    jobs zero                        | error: live_and_work exceeds jobs in 3 areas
    one of live_and_work hidden      | supply_side 0.1333 nan 0.3, demand_side 0.4 nan 0.6, self_sufficiency 33.33
            20 50
    one of employed_residents hidden | supply_side 0.1333 nan 0.3, demand_side 0.4 0.2 0.6, self_sufficiency 33.33
            nan 50
    one of jobs hidden               | supply_side 0.1333 0.04 0.3, demand_side 0.4 nan 0.6, self_sufficiency 33.33
            nan 50
commuting.from_flows
    everything zero     | live_and_work 0, employed_residents 0, jobs 0
    everything hidden   | live_and_work nan, employed_residents nan, jobs nan
    one cell            | error: group x has areas without flows: b
    one of flows hidden | live_and_work nan, employed_residents nan, jobs nan
"""
"""Zeros, hidden cells and a single cell. Results to four digits; of a frame each column, of a long one its last row."""


@pytest.mark.parametrize(("name", "case", "expected"), blocks(VALUES))
def test_zeros_and_hidden_cells(name: str, case: str, expected: str) -> None:
    found = outcome(name, **values_changed(name, case))
    assert agrees(found, expected), found


PERIODS = """
matching.beveridge_elasticity
    gap              | error: unemployment_rate must be by period, in order and without gaps
    reversed         | error: unemployment_rate must be by period, in order and without gaps
    by quarter       | start 2008Q1, end 2037Q4, n 120, elasticity -0.486, se 0.0797
    by year          | start 1900, end 2019, n 120, elasticity -0.486, se 0.0797
    numbered         | start 2001, end 2120, n 120, elasticity -0.486, se 0.0797
    by date          | start 2008-01-01 00:00:00, end 2017-12-01 00:00:00, n 120, elasticity -0.486, se 0.0797
    a month missing  | error: unemployment_rate has a value without a label
    first by quarter | error: labels do not match: only in unemployment_rate:
matching.beveridge_breaks
    gap              | error: unemployment_rate must be by period, in order and without gaps
    reversed         | error: unemployment_rate must be by period, in order and without gaps
    by quarter       | no rows
    by year          | no rows
    numbered         | no rows
    by date          | no rows
    a month missing  | error: unemployment_rate has a value without a label
    first by quarter | error: labels do not match: only in unemployment_rate:
matching.matching_efficiency
    gap              | error: hires must be by period, in order and without gaps
    reversed         | error: hires must be by period, in order and without gaps
    by quarter       | efficiency 1.046, fitted 53.55, residual 0.04466
    by year          | efficiency 1.047, fitted 53.47, residual 0.04627
    numbered         | efficiency 1.047, fitted 53.47, residual 0.04627
    by date          | efficiency 1.047, fitted 53.47, residual 0.04627
    a month missing  | error: hires has a value without a label
    first by quarter | error: labels do not match: only in hires:
matching.vacancy_days
    gap              | error: open_vacancies must be by period, in order and without gaps
    reversed         | error: open_vacancies must be by period, in order and without gaps
    by quarter       | error: open_vacancies must have a monthly PeriodIndex
    by year          | error: open_vacancies must have a monthly PeriodIndex
    numbered         | error: open_vacancies must have a monthly PeriodIndex
    by date          | error: open_vacancies must have a monthly PeriodIndex
    a month missing  | error: open_vacancies has a value without a month
    first by quarter | error: open_vacancies must have a monthly PeriodIndex
structure.shift_share_dynamic
    gap              | error: region and nation must be by period, in order and without gaps
    reversed         | error: region and nation must be by period, in order and without gaps
    by quarter       | growth 3 3, national 3 3, mix 0 0, regional 0 0, unallocated 0 0
    by year          | growth 3 3, national 3 3, mix 0 0, regional 0 0, unallocated 0 0
    numbered         | growth 3 3, national 3 3, mix 0 0, regional 0 0, unallocated 0 0
    by date          | growth 3 3, national 3 3, mix 0 0, regional 0 0, unallocated 0 0
    a month missing  | error: region has a value without a label
    first by quarter | error: labels do not match: only in region:
seasonality.monthly_profile
    gap              | mean 380
    reversed         | same
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
seasonality.adjust
    gap              | error: series must be by period, in order and without gaps
    reversed         | error: series must be by period, in order and without gaps
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
seasonality.strength
    gap              | error: series must be by period, in order and without gaps
    reversed         | error: series must be by period, in order and without gaps
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
seasonality.same_month_change
    gap              | difference -1, ratio 0.9974, base 2016-12
    reversed         | same
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
seasonality.rolling_sum
    gap              | 3623 3622 3626 3625 3624
    reversed         | same
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
signals.expected
    gap              | period 2017-12, cell c, expected 152, dispersion 1
    reversed         | period 2008-01, cell c, expected nan, dispersion nan
    by quarter       | error: counts must have a monthly PeriodIndex
    by year          | error: counts must have a monthly PeriodIndex
    numbered         | error: counts must have a monthly PeriodIndex
    by date          | error: counts must have a monthly PeriodIndex
    a month missing  | error: counts has a value without a month
signals.detect
    gap              | period 2017-12, cell c, observed 152, expected 152, limit 24.16, p 0.9892, p_adjusted 0.9932,
            direction even, watch 0, signal 0
    reversed         | period 2008-01, cell c, observed 132, expected nan, limit nan, p nan, p_adjusted nan,
            direction nan, watch 0, signal 0
    by quarter       | error: counts must have a monthly PeriodIndex
    by year          | error: counts must have a monthly PeriodIndex
    numbered         | error: counts must have a monthly PeriodIndex
    by date          | error: counts must have a monthly PeriodIndex
    a month missing  | error: counts has a value without a month
signals.level_breaks
    gap              | error: series must be by period, in order and without gaps
    reversed         | error: series must be by period, in order and without gaps
    by quarter       | no rows
    by year          | no rows
    numbered         | no rows
    by date          | no rows
    a month missing  | error: series has a value without a label
signals.cusum
    gap              | error: series must be by period, in order and without gaps
    reversed         | error: series must be by period, in order and without gaps
    by quarter       | same
    by year          | same
    numbered         | same
    by date          | same
    a month missing  | error: series has a value without a label
forecast.seasonal_naive
    gap              | error: 1 periods of history are absent: it must have no gaps
    reversed         | same
    by quarter       | 391 381
    by year          | 391 381
    numbered         | 391 381
    by date          | 391 381
    a month missing  | error: history has a value without a label
forecast.accuracy
    gap              | error: 1 periods of history are absent: it must have no gaps
    reversed         | same
    by quarter       | same
    by year          | same
    numbered         | same
    by date          | same
    a month missing  | error: history has a value without a label
forecast.backtest
    gap              | error: 1 periods of series are absent: it must have no gaps
    reversed         | same
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
forecast.publishable
    gap              | 0 hidden_months
    reversed         | same
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
forecast.forecast
    gap              | no rows hidden_months
    reversed         | same
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
events.counterfactual
    gap              | error: 1 months of series are absent: it must have no gaps
    reversed         | same
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
events.interrupted_series
    gap              | 0.9998 0.996 1.004 0.008256
    reversed         | same
    by quarter       | 0.9903 0.85 1.154 13.76
    by year          | 0.9903 0.85 1.154 13.76
    numbered         | 0.9903 0.85 1.154 13.76
    by date          | 0.9903 0.85 1.154 13.76
    a month missing  | error: counts has a value without a label
    first by quarter | error: labels do not match: only in counts:
events.synthetic_control
    gap              | error: outcomes must be by period, in order and without gaps
    reversed         | same
    by quarter       | observed 381, synthetic 252, gap 129
    by year          | observed 381, synthetic 252, gap 129
    numbered         | error: start 2017-01 is not among the periods
    by date          | observed 381, synthetic 252, gap 129
    a month missing  | error: outcomes has a value without a label
events.placebo_test
    gap              | error: outcomes must be by period, in order and without gaps
    reversed         | same
    by quarter       | ratio 1.002 1.006 1.006
    by year          | ratio 0.6563 1.877 1.877
    numbered         | error: start 2017-01 is not among the periods
    by date          | same
    a month missing  | error: outcomes has a value without a label
events.identifiable
    gap              | error: 1 months of series are absent: it must have no gaps
    reversed         | same
    by quarter       | error: series must have a monthly PeriodIndex
    by year          | error: series must have a monthly PeriodIndex
    numbered         | error: series must have a monthly PeriodIndex
    by date          | error: series must have a monthly PeriodIndex
    a month missing  | error: series has a value without a month
events.verdict
    gap              | same
    reversed         | same
    by quarter       | same
    by year          | same
    numbered         | same
    by date          | same
    a month missing  | error: counterfactual has a value without a label
"""
"""Rows that are not consecutive months in order; ``same``: as if they were."""


@pytest.mark.parametrize(("name", "case", "expected"), blocks(PERIODS))
def test_periods_out_of_order_or_of_another_length(name: str, case: str, expected: str) -> None:
    data = SUBJECTS[name][0]
    first = next(argument for argument in data if isinstance(data[argument].index, pd.PeriodIndex))
    changed = (
        {first: periods_changed(data[first], "by quarter")}
        if case == "first by quarter"
        else every(name, lambda values: periods_changed(values, case))
    )
    if expected == "same":
        assert same(call(name, **changed), call(name))
    else:
        found = outcome(name, **changed)
        assert agrees(found, expected), found


def test_the_tables_leave_no_public_function_out() -> None:
    assert set(SUBJECTS) == set(PUBLIC)
    assert {name for name, _, _ in blocks(VALUES)} == set(PUBLIC)
    by_period = {
        name for name, (data, _) in SUBJECTS.items() if any(isinstance(x.index, pd.PeriodIndex) for x in data.values())
    }
    assert {name for name, _, _ in blocks(PERIODS)} == by_period


BY_MONTH = {name for name, case, result in blocks(PERIODS) if case == "by date" and "monthly PeriodIndex" in result}
"""The functions whose rows must be months."""

FRAMES = {
    "matching.mismatch_interval": "must be a frame of suppression_bounds",
    "matching.occupation_class": "points must be a frame of beveridge_points",
    "matching.calibrate_cutoffs": "points must be a frame of beveridge_points",
    "structure.shift_share_dynamic": "same",
    "forecast.score": "backtest must be a frame with the columns origin, step, period",
    "forecast.publishable": "scores must be a frame with the columns relative_mae, coverage",
    "events.synthetic_control": "outcomes must be a panel: periods by units",
    "events.placebo_test": "outcomes must be a panel: periods by units",
    "events.verdict": "counterfactual must be a frame with the columns observed, lower, upper",
    "demography.demographic_dependency": "population_by_age ends before the ages over 64",
    "demography.replacement_ratio": "population_by_age lacks the ages from 20 to 29",
    "commuting.from_flows": "group x has areas without flows: a, b",
    "events.interrupted_series": "month by position",
}
"""What a function says of arrays that needs more than values: frames of another function, ages, areas."""


@pytest.mark.parametrize("kind", [np.array, list])
@pytest.mark.parametrize("name", SUBJECTS)
def test_arrays_and_lists_keep_their_order_or_are_refused_by_name(name: str, kind: Callable[[object], object]) -> None:
    changed = every(name, lambda data: kind(data.to_numpy().tolist()))
    if name in BY_MONTH and name not in FRAMES:
        first = next(iter(changed))
        with pytest.raises(ValueError, match=f"{first} must be (a Series or DataFrame by month|one cell over time)"):
            call(name, **changed)
    elif name == "events.interrupted_series":
        month = pd.PeriodIndex(MONTHS.index).month.tolist()
        assert shown(call(name, **changed, month=kind(month))) == shown(call(name))
    elif FRAMES.get(name, "same") == "same":
        ours = call(name, **changed)
        theirs = call(name, **every(name, lambda data: periods_changed(data, "numbered")))
        if name == "structure.largest_share":
            assert ours["cell"] == 2
            ours, theirs = ours["share"], theirs["share"]
        for part in ("start", "end"):
            if name == "matching.beveridge_elasticity":
                ours, theirs = ours.drop(columns=part), theirs.drop(columns=part)
        assert shown(ours) == shown(theirs)
    else:
        with pytest.raises(ValueError, match=FRAMES[name]):
            call(name, **changed)


@pytest.mark.parametrize("name", SUBJECTS)
def test_whole_numbers_with_na_and_objects_with_none_are_read_as_floats_with_nan(name: str) -> None:
    data = SUBJECTS[name][0]
    for argument, values in data.items():
        plain = filled(values, 3.0)
        plain = filled(plain, np.nan, slice(1, 2))
        if isinstance(values, pd.Series) and values.dtype.kind in "if":
            whole: Data = plain.astype("Int64")
        elif isinstance(values, pd.DataFrame) and numeric(values) == list(values):
            whole = plain.astype("Int64")
        else:
            continue
        expected = outcome(name, **{argument: plain})
        assert outcome(name, **{argument: whole}) == expected
        assert outcome(name, **{argument: plain.astype(object).where(plain.notna(), None)}) == expected


@pytest.mark.parametrize("name", SUBJECTS)
def test_inputs_are_not_changed(name: str) -> None:
    before = every(name, lambda data: data.copy(deep=True))
    given = every(name, lambda data: data.copy(deep=True))
    call(name, **given)
    for argument, data in before.items():
        assert type(given[argument]) is type(data)
        assert same(given[argument], data)
        assert given[argument].index.equals(data.index)  # type: ignore[attr-defined]


@pytest.mark.parametrize("scalar", [float("nan"), None, pd.NA])
def test_a_number_that_is_missing_gives_a_missing_number(scalar: object) -> None:
    for name in (
        "matching.tightness",
        "matching.log_tightness",
        "matching.unemployment_rate",
        "matching.vacancy_rate",
        "demography.economic_dependency",
        "demography.net_migration_rate",
        "uncertainty.detection_limit",
    ):
        result = call(name, **every(name, lambda _: scalar))
        assert np.isnan(result)
    assert np.isnan(call("structure.location_quotient", region=scalar, nation=4, region_total=9, nation_total=9))
    for name in ("uncertainty.wilson_interval", "uncertainty.poisson_interval", "matching.beveridge_points"):
        assert call(name, **every(name, lambda _: scalar)).isna().all(axis=None)


OPTIONS = """
matching.log_tightness
    offset            | nan inf -1 0
matching.mismatch_index
    alpha             | nan inf -1 0 1
matching.mismatch_contributions
    alpha             | nan inf -1 0 1
matching.mismatch_baseline
    alpha             | nan inf -1 0 1
    draws             | nan inf -1 0 1.5
matching.mismatch_interval
    alpha             | nan inf -1 0 1
    draws             | nan inf -1 0 1.5
matching.planner_allocation
    alpha             | nan inf -1 0 1
    total_unemployed  | nan inf -1 0
matching.beveridge_elasticity
    breaks            | nan inf -1 1.5 6
matching.beveridge_breaks
    max_breaks        | nan inf -1 1.5
    min_size          | nan inf -1 0 1.5
matching.vacancy_days
    window            | nan inf -1 0 1.5
seasonality.adjust
    period            | nan inf -1 0 1.5
    min_mean          | nan inf
seasonality.rolling_sum
    months            | nan inf -1 0 1.5
uncertainty.wilson_interval
    level             | nan inf -1 0 1
uncertainty.poisson_interval
    level             | nan inf -1 0 1
uncertainty.detection_limit
    level             | nan inf -1 0 1
    power             | nan inf -1 0 1
    dispersion        | nan -1 0
uncertainty.suppression_bounds
    parent_total      | inf -1
    low               | nan inf -1 1.5 5
    high              | nan inf -1 1.5 0
uncertainty.exceedance_probability
    reference_rate    | nan -1
signals.expected
    years             | nan inf -1 0 1.5
signals.detect
    q                 | nan inf -1
    years             | nan inf -1 0 1.5
    persist           | nan inf -1 2
signals.level_breaks
    n_breaks          | nan inf -1 1.5 10
    max_breaks        | nan inf -1 1.5
    min_size          | nan inf -1 0 1 1.5 121
signals.benjamini_hochberg
    q                 | nan inf -1
forecast.seasonal_naive
    horizon           | nan inf -1 0 1.5
    period            | nan inf -1 0 1.5
forecast.accuracy
    period            | nan inf -1 0 1.5
forecast.backtest
    horizon           | nan inf -1 0 1.5 13
    origins           | nan inf -1 0 1.5
    level             | nan inf -1 0 1
forecast.forecast
    horizon           | nan inf -1 0 1.5 13
    level             | nan inf -1 0 1
events.interrupted_series
    harmonics         | nan inf -1 1.5
events.identifiable
    expected_effect   | nan inf 0
events.verdict
    placebo_p         | nan inf -1
demography.net_migration_rate
    per               | nan inf -1 0
"""
"""Other arguments and the values they refuse."""


@pytest.mark.parametrize(("name", "option", "values"), blocks(OPTIONS))
def test_other_arguments_are_refused_by_name(name: str, option: str, values: str) -> None:
    for value in values.split():
        with pytest.raises(ValueError, match=option):
            call(name, **{option: float(value)})


@pytest.mark.parametrize(("name", "option"), [(name, option) for name, option, _ in blocks(OPTIONS)])
@pytest.mark.parametrize("wrong", ["many", (), [2.5], {}])
def test_other_arguments_of_another_type_are_refused_by_name(name: str, option: str, wrong: object) -> None:
    if (option, wrong) != ("breaks", ()):  # which is what it is by default
        with pytest.raises(ValueError, match=option):
            call(name, **{option: wrong})


COLUMNS = {
    "matching.mismatch_contributions": "contribution share side",
    "matching.mismatch_baseline": "mean lower upper",
    "matching.mismatch_interval": "point lower upper min max",
    "matching.beveridge_points": "unemployment_rate vacancy_rate slope scale angle",
    "matching.beveridge_elasticity": "start end n elasticity se",
    "matching.beveridge_breaks": "position period",
    "matching.occupation_class": "class grade",
    "matching.matching_efficiency": "efficiency fitted residual",
    "structure.shift_share": "growth national mix regional unallocated",
    "structure.shift_share_dynamic": "growth national mix regional unallocated",
    "structure.largest_share": "cell share",
    "seasonality.peak_to_trough": "ratio peak trough",
    "seasonality.adjust": "observed seasonal trend remainder adjusted provisional",
    "seasonality.same_month_change": "difference ratio base",
    "uncertainty.wilson_interval": "estimate lower upper",
    "uncertainty.poisson_interval": "count lower upper",
    "uncertainty.shrink_rates": "raw weight shrunk mean between_var",
    "uncertainty.suppression_bounds": "lower upper fill hidden consistent",
    "signals.expected": "period cell expected dispersion",
    "signals.detect": "period cell observed expected limit p p_adjusted direction watch signal",
    "signals.level_breaks": "position period before after",
    "signals.cusum": "statistic p",
    "forecast.accuracy": "mae rmse mape mase",
    "forecast.backtest": "origin step period method actual point lower upper",
    "forecast.score": "mae mape mase relative_mae coverage n",
    "forecast.publishable": "allowed reason",
    "forecast.forecast": "point lower upper",
    "events.counterfactual": "observed expected lower upper gap",
    "events.interrupted_series": "rate_ratio lower upper dispersion",
    "events.synthetic_control": "observed synthetic gap",
    "events.placebo_test": "ratio",
    "events.identifiable": "identifiable limit reason",
    "commuting.self_containment": "supply_side demand_side self_sufficiency",
    "commuting.from_flows": "live_and_work employed_residents jobs",
}


@pytest.mark.parametrize("name", COLUMNS)
def test_results_have_the_columns_they_are_documented_with(name: str) -> None:
    result = call(name)
    labels = result.columns if isinstance(result, pd.DataFrame) else result.index  # type: ignore[attr-defined]
    assert " ".join(labels) == COLUMNS[name]


def test_lilien_says_how_many_industries_it_left_out() -> None:
    """The one warning that is meant: an index has no other place for it."""
    with pytest.warns(UserWarning, match="1 of 3 industries left out: zero in a period"):
        assert structure.lilien([4, 0, 6], [5, 3, 7]) == pytest.approx(0.0340, abs=1e-4)


def test_an_interval_of_counts_ends_at_zero_on_both_sides() -> None:
    """Two years of 100 and then nothing: every forecast was far too high, which would put the next range below zero."""
    series = pd.Series([100.0] * 24 + [0.0] * 14, index=pd.period_range("2019-01", periods=38, freq="M"))
    last = forecast.backtest(series, ("seasonal_naive",), horizon=1, origins=2).iloc[-1]
    assert last[["actual", "point", "lower", "upper"]].tolist() == [0, 0, 0, 0]


def test_absent_months_count_in_the_trend_of_an_interrupted_series() -> None:
    """Growth of 1 % a month and no step: years taken out before it must not turn into one."""
    steps = np.arange(96)
    counts = pd.Series(1000 * 1.01**steps, index=pd.period_range("2010-01", periods=96, freq="M"))
    counts = counts.drop(counts.index[30:54])
    step = pd.Series((counts.index >= pd.Period("2015-01", "M")).astype(float), index=counts.index)
    assert events.interrupted_series(counts, step)["rate_ratio"] == pytest.approx(1, abs=1e-6)
    assert events.interrupted_series(counts.to_numpy(), step.to_numpy())["rate_ratio"] > 1.05

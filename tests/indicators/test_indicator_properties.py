"""What holds for the indicators whatever the numbers are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators import events, forecast, matching, seasonality, signals, structure, uncertainty

examples = settings(max_examples=60, deadline=None)
few = settings(max_examples=15, deadline=None)

count = st.integers(0, 5000)
alphas = st.floats(0.1, 0.9)


@st.composite
def pairs(draw: st.DrawFn, smallest: int = 2, largest: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Two cross-sections of the same cells, neither all zero."""
    size = draw(st.integers(smallest, largest))
    first, second = (np.array(draw(st.lists(count, min_size=size, max_size=size))) for _ in range(2))
    assume(first.sum() > 0 and second.sum() > 0)
    return first, second


@examples
@given(pairs(), alphas)
def test_index_lies_between_0_and_1_and_is_the_sum_of_its_contributions(
    pair: tuple[np.ndarray, np.ndarray], alpha: float
) -> None:
    u, v = pair
    index, parts = matching.mismatch_index(u, v, alpha), matching.mismatch_contributions(u, v, alpha)
    assert 0 <= index <= 1
    assert (parts["contribution"] >= 0).all()
    assert parts["contribution"].sum() == pytest.approx(index, abs=1e-12)
    p, q = v / v.sum(), u / u.sum()
    assert index == pytest.approx(1 - (p**alpha * q ** (1 - alpha)).sum(), abs=1e-12)
    if index > 0:
        assert parts["share"].sum() == pytest.approx(1)
    more = parts["side"] == "shortage"
    assert (p[more] > q[more]).all()
    assert (p[parts["side"] == "surplus"] < q[parts["side"] == "surplus"]).all()


@examples
@given(pairs(), alphas, st.randoms(use_true_random=False))
def test_order_of_cells_and_kind_of_input_do_not_matter(
    pair: tuple[np.ndarray, np.ndarray], alpha: float, random: object
) -> None:
    u, v = pair
    order = list(range(len(u)))
    random.shuffle(order)  # type: ignore[attr-defined]
    labelled_u, labelled_v = pd.Series(u).iloc[order], pd.Series(v)
    for index in (matching.dissimilarity_index, lambda a, b: matching.mismatch_index(a, b, alpha)):
        assert index(u[order], v[order]) == pytest.approx(index(u, v), abs=1e-12)
        assert index(labelled_u, labelled_v) == pytest.approx(index(u, v), abs=1e-12)


@examples
@given(pairs(), alphas, st.integers(2, 1000), st.integers(2, 1000))
def test_index_ignores_the_scale_of_either_side(
    pair: tuple[np.ndarray, np.ndarray], alpha: float, a: int, b: int
) -> None:
    u, v = pair
    assert matching.mismatch_index(a * u, b * v, alpha) == pytest.approx(
        matching.mismatch_index(u, v, alpha), abs=1e-12
    )


@examples
@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.integers(1, 9), st.integers(1, 9), alphas)
def test_equal_tightness_means_no_mismatch(u: list[int], a: int, b: int, alpha: float) -> None:
    assert matching.mismatch_index(a * np.array(u), b * np.array(u), alpha) == 0


@examples
@given(pairs(), alphas)
def test_no_mismatch_means_equal_tightness(pair: tuple[np.ndarray, np.ndarray], alpha: float) -> None:
    u, v = pair
    assume((u * v.sum() != v * u.sum()).any())
    assert matching.mismatch_index(u, v, alpha) > 0


@examples
@given(pairs(), alphas)
def test_swapping_the_sides_with_their_weights_changes_nothing(
    pair: tuple[np.ndarray, np.ndarray], alpha: float
) -> None:
    u, v = pair
    assert matching.mismatch_index(u, v, alpha) == pytest.approx(matching.mismatch_index(v, u, 1 - alpha), abs=1e-12)


@examples
@given(pairs(smallest=3), alphas)
def test_merging_cells_never_raises_the_index(pair: tuple[np.ndarray, np.ndarray], alpha: float) -> None:
    u, v = pair
    merged_u, merged_v = np.append(u[2:], u[0] + u[1]), np.append(v[2:], v[0] + v[1])
    assert matching.mismatch_index(merged_u, merged_v, alpha) <= matching.mismatch_index(u, v, alpha) + 1e-12


@examples
@given(pairs(), st.integers(1, 5), alphas)
def test_splitting_a_cell_at_its_own_tightness_leaves_the_index(
    pair: tuple[np.ndarray, np.ndarray], parts: int, alpha: float
) -> None:
    u, v = pair
    split_u, split_v = np.append(u * (parts + 1.0), u[0]), np.append(v * (parts + 1.0), v[0])
    split_u[0], split_v[0] = parts * u[0], parts * v[0]
    assert matching.mismatch_index(split_u, split_v, alpha) == pytest.approx(
        matching.mismatch_index(u, v, alpha), abs=1e-12
    )


@examples
@given(pairs())
def test_dissimilarity_bounds_the_index(pair: tuple[np.ndarray, np.ndarray]) -> None:
    u, v = pair
    index, dissimilarity = matching.mismatch_index(u, v), matching.dissimilarity_index(u, v)
    assert index - 1e-12 <= dissimilarity <= np.sqrt(index * (2 - index)) + 1e-9
    assert 0 <= dissimilarity <= 1 + 1e-12


@examples
@given(pairs(), alphas, st.data())
def test_index_with_efficiency(pair: tuple[np.ndarray, np.ndarray], alpha: float, data: st.DataObject) -> None:
    u, v = pair
    efficiency = np.array(data.draw(st.lists(st.floats(0.1, 5), min_size=len(u), max_size=len(u))))
    assert 0 <= matching.mismatch_index(u, v, alpha, efficiency) <= 1
    same = matching.mismatch_index(u, v, alpha, np.full(len(u), efficiency[0]))
    assert same == pytest.approx(matching.mismatch_index(u, v, alpha), abs=1e-12)
    planned = matching.planner_allocation(v, float(u.sum()), alpha, efficiency)
    assert planned.sum() == pytest.approx(u.sum())
    assert matching.mismatch_index(planned.to_numpy(), v, alpha, efficiency) == pytest.approx(0, abs=1e-9)


@examples
@given(pairs(), st.integers(0, 11))
def test_a_hidden_cell_never_gives_a_finite_index(pair: tuple[np.ndarray, np.ndarray], where: int) -> None:
    u, v = (array.astype(float) for array in pair)
    u[where % len(u)] = np.nan
    months = pd.period_range("2022-09", periods=2, freq="M")
    panel_u, panel_v = pd.DataFrame([u, pair[0]], index=months), pd.DataFrame([v, v], index=months)
    for index in (matching.mismatch_index, matching.dissimilarity_index):
        with pytest.raises(ValueError, match=r"1 of \d+ cells of unemployed are hidden"):
            index(u, v)
        by_month = index(panel_u, panel_v)
        assert np.isnan(by_month.iloc[0])
        assert by_month.iloc[1] == pytest.approx(index(pair[0], pair[1]), abs=1e-12)


@examples
@given(st.lists(st.one_of(st.just(np.nan), st.integers(5, 60)), min_size=2, max_size=8), st.data())
def test_bounds_hold_the_truth_and_fills_sum_to_the_parent(values: list[float], data: st.DataObject) -> None:
    shown = np.array(values, dtype=float)
    hidden = np.isnan(shown)
    truth = shown.copy()
    k = int(hidden.sum())
    truth[hidden] = data.draw(st.lists(st.integers(1, 4), min_size=k, max_size=k))
    bounds = uncertainty.suppression_bounds(shown, truth.sum())
    assert bounds["consistent"].all()
    assert (bounds["lower"] <= truth).all()
    assert (bounds["upper"] >= truth).all()
    assert ((bounds["lower"] <= bounds["fill"] + 1e-9) & (bounds["fill"] <= bounds["upper"] + 1e-9)).all()
    assert bounds["fill"].sum() == pytest.approx(truth.sum())
    assert (bounds.loc[hidden, "lower"] >= 1).all()
    free = uncertainty.suppression_bounds(shown)
    assert ((free["lower"] <= bounds["lower"]) & (bounds["upper"] <= free["upper"])).all()
    drawn = matching._fillings("bounds", bounds, float(truth.sum()), 20, np.random.default_rng(1))
    assert (drawn.sum(axis=1) == truth.sum()).all()
    assert ((drawn >= bounds["lower"].to_numpy() - 1e-9) & (drawn <= bounds["upper"].to_numpy() + 1e-9)).all()


@examples
@given(st.integers(0, 500), st.integers(1, 500), st.floats(0.5, 0.99))
def test_wilson_holds_the_estimate_and_narrows_with_trials(successes: int, trials: int, level: float) -> None:
    assume(successes <= trials)
    row, more = (uncertainty.wilson_interval(k * successes, k * trials, level).loc[0] for k in (1, 4))
    assert 0 <= row["lower"] <= row["estimate"] + 1e-12
    assert row["estimate"] - 1e-12 <= row["upper"] <= 1
    assert more["upper"] - more["lower"] < row["upper"] - row["lower"]


@examples
@given(st.integers(0, 3000))
def test_poisson_interval_holds_the_count_and_rises_with_it(n: int) -> None:
    low, high = uncertainty.poisson_interval([n, n + 1]).itertuples(index=False)
    assert low.lower <= n <= low.upper
    assert low.lower < high.lower
    assert low.upper < high.upper


@examples
@given(pairs(smallest=3))
def test_shrunk_rates_lie_between_raw_and_mean_and_large_areas_move_less(pair: tuple[np.ndarray, np.ndarray]) -> None:
    counts, population = pair[0], pair[1] + 50
    result = uncertainty.shrink_rates(counts, population)
    low, high = result[["raw", "mean"]].min(axis=1), result[["raw", "mean"]].max(axis=1)
    assert ((low - 1e-12 <= result["shrunk"]) & (result["shrunk"] <= high + 1e-12)).all()
    by_size = result["weight"].iloc[np.argsort(population)]
    assert (by_size.diff().dropna() >= -1e-12).all()
    above = uncertainty.exceedance_probability(counts, population, float(result["mean"][0]))
    assert above.between(0, 1).all()
    higher = uncertainty.exceedance_probability(counts, population, 1.5 * float(result["mean"][0]))
    assert (higher <= above + 1e-12).all()


@examples
@given(pairs())
def test_structure_measures_keep_their_limits(pair: tuple[np.ndarray, np.ndarray]) -> None:
    region, nation = pair
    n = len(region)
    assert 1 / n - 1e-12 <= structure.herfindahl(region) <= 1
    assert 1 - 1e-9 <= structure.equivalent_number(region) <= n + 1e-9
    assert -1e-12 <= structure.herfindahl(region, normalised=True) <= 1
    assert 0 <= structure.krugman_specialisation(region, nation) <= 2 + 1e-12
    assert structure.krugman_specialisation(region, 3 * region) == pytest.approx(0, abs=1e-12)
    assert structure.location_quotient(nation, nation).dropna().tolist() == pytest.approx(
        [1.0] * int((nation > 0).sum())
    )


@examples
@given(st.integers(2, 6), st.data())
def test_shift_share_adds_up_in_each_region_and_over_the_regions_of_a_nation(size: int, data: st.DataObject) -> None:
    jobs = st.lists(st.integers(1, 900), min_size=size, max_size=size)
    start = [np.array(data.draw(jobs)) for _ in range(3)]
    end = [np.array(data.draw(jobs)) for _ in range(3)]
    for method in ("dunn", "esteban"):
        parts = [structure.shift_share(a, b, sum(start), sum(end), method) for a, b in zip(start, end, strict=True)]  # type: ignore[arg-type]
        for part, a, b in zip(parts, start, end, strict=True):
            assert part["growth"].tolist() == (b - a).tolist()
            assert part.drop(columns="growth").sum(axis=1).tolist() == pytest.approx((b - a).tolist(), abs=1e-6)
        total = sum(part.sum() for part in parts)
        assert total["mix"] == pytest.approx(0, abs=1e-6)
        leftover = total["regional"] + (total["allocation"] if method == "esteban" else 0)
        assert leftover == pytest.approx(0, abs=1e-6)


@examples
@given(st.lists(st.integers(0, 9000), min_size=12, max_size=12), st.integers(2, 50))
def test_shape_of_the_year_ignores_its_level(profile: list[int], factor: int) -> None:
    assume(sum(profile) > 0)
    scaled = [factor * value for value in profile]
    gini, ratio = seasonality.gini(profile), seasonality.seasonality_ratio(profile)
    assert -1e-12 <= gini <= 11 / 12 + 1e-12
    assert 1 <= ratio <= 12 + 1e-12
    assert seasonality.gini(scaled) == pytest.approx(gini, abs=1e-12)
    assert seasonality.seasonality_ratio(scaled) == pytest.approx(ratio)
    assert seasonality.gini(sorted(profile)) == pytest.approx(gini, abs=1e-12)


@examples
@given(st.lists(st.one_of(st.none(), st.just(np.nan), st.integers(0, 900)), min_size=13, max_size=60))
def test_windows_and_comparisons_use_only_months_that_are_there(values: list[float | None]) -> None:
    months = pd.period_range("2020-01", periods=len(values), freq="M")
    there = {month: value for month, value in zip(months, values, strict=True) if value is not None}
    assume(there)
    series = pd.Series(list(there.values()), index=pd.PeriodIndex(list(there), freq="M"), dtype=float)
    total, change = seasonality.rolling_sum(series), seasonality.same_month_change(series)
    assert total.index.equals(series.index)
    for month, value in series.items():
        window = [series.get(month - back, np.nan) for back in range(12)]
        assert total[month] == pytest.approx(sum(window), nan_ok=True)
        earlier = [month - back for back in range(12, 72, 12) if not np.isnan(series.get(month - back, np.nan))]
        base = change.loc[month, "base"]
        if np.isnan(value) or not earlier:
            assert base is pd.NaT
        else:
            assert base == earlier[0]
            assert change.loc[month, "difference"] == value - series[earlier[0]]


@few
@given(pairs(), st.randoms(use_true_random=False), st.integers(0, 9))
def test_order_of_cells_moves_no_draw(pair: tuple[np.ndarray, np.ndarray], random: object, seed: int) -> None:
    u, v = pair
    order = list(range(len(u)))
    random.shuffle(order)  # type: ignore[attr-defined]
    chance = matching.mismatch_baseline(u, v, draws=50, seed=seed)
    assert matching.mismatch_baseline(u[order], v[order], draws=50, seed=seed).tolist() == pytest.approx(
        chance.tolist(), abs=1e-12
    )
    assert 0 <= chance["lower"] <= chance["mean"] <= 1
    shown = np.where(u < 5, np.nan, u)
    bounds, others = uncertainty.suppression_bounds(shown), uncertainty.suppression_bounds(v + 1)
    reach = matching.mismatch_interval(bounds, others, draws=50, seed=seed)
    assert reach["min"] <= reach["lower"] <= reach["upper"] <= reach["max"]
    moved = matching.mismatch_interval(bounds.iloc[order], others, draws=50, seed=seed)
    assert moved.tolist() == pytest.approx(reach.tolist(), abs=1e-12)


@examples
@given(pairs(), st.data())
def test_splitting_a_cell_with_its_efficiency_leaves_the_index(
    pair: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    u, v = pair
    efficiency = np.array(data.draw(st.lists(st.floats(0.1, 5), min_size=len(u), max_size=len(u))))
    whole = matching.mismatch_index(3 * u, 7 * v, 0.4, efficiency)
    assert matching.mismatch_index(u, v, 0.4, efficiency) == pytest.approx(whole, abs=1e-12)
    halves = [np.concatenate([array[:1] / 2, array[:1] / 2, array[1:]]) for array in (u, v)]
    split = matching.mismatch_index(*halves, 0.4, np.append(efficiency[0], efficiency))
    assert split == pytest.approx(whole, abs=1e-12)


@examples
@given(pairs(smallest=3), st.integers(2, 50))
def test_dissimilarity_ignores_scale_and_never_rises_when_cells_merge(
    pair: tuple[np.ndarray, np.ndarray], factor: int
) -> None:
    u, v = pair
    index = matching.dissimilarity_index(u, v)
    assert matching.dissimilarity_index(factor * u, v) == pytest.approx(index, abs=1e-12)
    assert matching.dissimilarity_index(u, factor * v) == pytest.approx(index, abs=1e-12)
    merged = (np.append(u[2:], u[0] + u[1]), np.append(v[2:], v[0] + v[1]))
    assert matching.dissimilarity_index(*merged) <= index + 1e-12


@examples
@given(pairs(), st.integers(2, 20))
def test_dispersion_of_rates_is_nothing_for_equal_rates_and_ignores_their_level(
    pair: tuple[np.ndarray, np.ndarray], factor: int
) -> None:
    u, force = pair[0], pair[1] + 10
    for weighted in (True, False):
        spread = matching.rate_dispersion(u, force, weighted)
        assert spread >= 0
        assert matching.rate_dispersion(factor * u, force, weighted) == pytest.approx(spread, rel=1e-9, abs=1e-12)
        assert matching.rate_dispersion(u[::-1], force[::-1], weighted) == pytest.approx(spread, rel=1e-9, abs=1e-12)
        assert matching.rate_dispersion(force, factor * force, weighted) == pytest.approx(0, abs=1e-12)


@few
@given(st.integers(0, 10_000), st.integers(6, 9), st.booleans())
def test_parts_of_an_adjusted_series_add_up_to_it(seed: int, years: int, log: bool) -> None:
    draws = np.random.default_rng(seed)
    season = 1 + 0.4 * np.sin(2 * np.pi * np.arange(12 * years) / 12)
    months = pd.period_range("2010-01", periods=12 * years, freq="M")
    series = pd.Series(draws.poisson(150 * season).astype(float) + 1, index=months)
    parts = seasonality.adjust(series, log=log)
    total = parts[["seasonal", "trend", "remainder"]].sum(axis=1)
    assert (np.exp(total) if log else total).tolist() == pytest.approx(series.tolist(), rel=1e-9)
    rest = parts[["trend", "remainder"]].sum(axis=1)
    assert parts["adjusted"].tolist() == pytest.approx((np.exp(rest) if log else rest).tolist(), rel=1e-9)
    assert 0 <= seasonality.strength(series) <= 1


@few
@given(st.integers(0, 3000), st.integers(1, 140), st.integers(1, 3))
def test_a_constant_series_gives_no_signal_and_no_break(level: int, length: int, cells: int) -> None:
    months = pd.period_range("2006-01", periods=length, freq="M")
    panel = pd.DataFrame(float(level), index=months, columns=[f"KU{cell}" for cell in range(cells)])
    tests = signals.detect(panel)
    assert not tests[["watch", "signal"]].any(axis=None)
    if length >= 24:
        assert signals.level_breaks(panel["KU0"]).empty
        assert signals.cusum(panel["KU0"]).tolist() == [0, 1]


def steady_counts(seed: int, length: int) -> pd.Series:
    season = 1 + 0.3 * np.cos(2 * np.pi * np.arange(length) / 12)
    months = pd.period_range("2008-01", periods=length, freq="M")
    return pd.Series(np.random.default_rng(seed).poisson(120 * season).astype(float), index=months)


@few
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_shifting_all_dates_by_years_changes_no_forecast_and_no_counterfactual(seed: int, years: int) -> None:
    series = steady_counts(seed, 112)
    later = series.set_axis(series.index + 12 * years)  # type: ignore[operator]
    columns = ["expected", "lower", "upper", "gap"]
    for method in ("seasonal", "interrupted"):
        here = events.counterfactual(series, "2017-01", method)[columns]
        there = events.counterfactual(later, f"{2017 + years}-01", method)[columns]
        assert there.to_numpy() == pytest.approx(here.to_numpy(), rel=1e-9)
    records = [forecast.backtest(each, ("seasonal_naive", "drift"), 2) for each in (series, later)]
    for column in ("actual", "point", "lower", "upper"):
        assert records[1][column].tolist() == records[0][column].tolist()


@few
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_rate_ratio_ignores_the_size_of_the_population_and_the_order_of_rows(seed: int, factor: int) -> None:
    counts = steady_counts(seed, 60)
    step = (counts.index >= pd.Period("2011-01", "M")).astype(float)
    step = pd.Series(step, index=counts.index)
    people = pd.Series(1000.0 + np.arange(60), index=counts.index)
    result = events.interrupted_series(counts, step, exposure=people)
    assert result["lower"] <= result["rate_ratio"] <= result["upper"]
    larger = events.interrupted_series(counts, step, exposure=factor * people)
    assert larger.tolist() == pytest.approx(result.tolist(), rel=1e-6)
    order = np.random.default_rng(seed).permutation(60)
    shuffled = events.interrupted_series(counts.iloc[order], step, exposure=people)
    assert shuffled.tolist() == pytest.approx(result.tolist(), rel=1e-6)
    mirrored = events.interrupted_series(counts, 1 - step, exposure=people)
    assert mirrored["rate_ratio"] == pytest.approx(1 / result["rate_ratio"], rel=1e-6)


@examples
@given(st.lists(st.integers(0, 500), min_size=12, max_size=12), st.integers(1, 4), st.integers(1, 24))
def test_seasonal_naive_makes_no_error_on_what_repeats(year: list[int], years: int, horizon: int) -> None:
    history, following = year * years, (year * 3)[:horizon]
    point = forecast.seasonal_naive(history, horizon)
    assert point.tolist() == following
    assert forecast.accuracy(following, point, history + year)["mae"] == 0


@examples
@given(st.floats(0.5, 4000), st.floats(1.01, 5))
def test_detection_limit_grows_with_the_count_but_shrinks_beside_it(expected: float, factor: float) -> None:
    limit, larger = (uncertainty.detection_limit(each) for each in (expected, factor * expected))
    assert larger > limit
    assert larger / (factor * expected) < limit / expected
    assert uncertainty.detection_limit(expected, against="model") == pytest.approx(limit / np.sqrt(2))
    assert uncertainty.detection_limit(expected, power=0.8) > limit

"""What small counts and hidden cells can and cannot say."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from spec_tables import table

from indicators import uncertainty


class TestWilsonInterval:
    @pytest.mark.parametrize(
        ("successes", "trials", "lower", "upper"),
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
    )
    def test_published_limits(self, successes: int, trials: int, lower: float, upper: float) -> None:
        """Newcombe (1998), score interval without continuity correction."""
        row = uncertainty.wilson_interval(successes, trials).loc[0]
        assert row["estimate"] == successes / trials
        assert [round(row["lower"], 4), round(row["upper"], 4)] == [lower, upper]

    def test_a_row_a_cell_on_labels(self) -> None:
        result = uncertainty.wilson_interval(
            pd.Series({"KU890": 50, "KU240": 1}), pd.Series({"KU240": 29, "KU890": 500})
        )
        assert result.columns.tolist() == ["estimate", "lower", "upper"]
        assert result.index.tolist() == ["KU890", "KU240"]
        assert result["estimate"].tolist() == [0.1, 1 / 29]
        assert round(result.loc["KU240", "upper"], 4) == 0.1718

    def test_a_lower_level_is_narrower(self) -> None:
        """z = 1.2816 for 80 %: 15.8212/149.6424 -/+ 0.0085642 sqrt(13.4797 + 0.4106)."""
        row = uncertainty.wilson_interval(15, 148, level=0.8).loc[0]
        assert [row["lower"], row["upper"]] == pytest.approx([0.07381, 0.13765], abs=1e-5)

    @pytest.mark.parametrize("trials", [1, 3, 30, 50, 129])
    def test_none_and_all_of_the_trials_end_at_exactly_none_and_all(self, trials: int) -> None:
        """z = 1.96: 0 of n and n of n leave z^2/(n + z^2) on the other side."""
        result = uncertainty.wilson_interval([0, trials], [trials, trials])
        assert result["lower"].iloc[0] == 0
        assert result["upper"].iloc[1] == 1
        width = 3.841459 / (trials + 3.841459)
        assert result["upper"].iloc[0] == pytest.approx(width)
        assert result["lower"].iloc[1] == pytest.approx(1 - width)

    def test_hidden_or_no_trials_has_no_interval(self) -> None:
        result = uncertainty.wilson_interval([np.nan, 3, 0], [20, np.nan, 0])
        assert result.isna().all(axis=None)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="successes exceed trials"):
            uncertainty.wilson_interval([5, 9], [10, 8])
        with pytest.raises(ValueError, match="trials holds negative"):
            uncertainty.wilson_interval([5], [-10])
        with pytest.raises(ValueError, match="level"):
            uncertainty.wilson_interval(5, 10, level=95)


class TestPoissonInterval:
    @pytest.mark.parametrize(
        ("count", "lower", "upper"),
        [
            (0, 0, 3.6888795),
            (1, 0.025317808, 5.5716434),
            (3, 0.61867212, 8.7672731),
            (5, 1.6234864, 11.668332),
            (10, 4.7953887, 18.390356),
        ],
    )
    def test_published_limits(self, count: int, lower: float, upper: float) -> None:
        """Garwood (1936), exact central interval."""
        row = uncertainty.poisson_interval(count).loc[0]
        assert row["count"] == count
        assert [row["lower"], row["upper"]] == pytest.approx([lower, upper], abs=1e-6)

    def test_a_hidden_count_has_no_limit_at_all(self) -> None:
        result = uncertainty.poisson_interval(pd.Series({"KU583": np.nan, "KU890": 10.0}))
        assert result.columns.tolist() == ["count", "lower", "upper"]
        assert result.loc["KU583"].isna().all()
        assert result.loc["KU890", "upper"] == pytest.approx(18.390356, abs=1e-6)

    def test_level_sets_both_tails(self) -> None:
        """P(0 | 2.302585) = 0.1, so that is the upper limit of a count of 0 at level 0.8."""
        assert uncertainty.poisson_interval(0, level=0.8).loc[0, "upper"] == pytest.approx(2.302585, abs=1e-6)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            uncertainty.poisson_interval(-1)
        with pytest.raises(ValueError, match="level"):
            uncertainty.poisson_interval(1, level=0)


class TestDetectionLimit:
    def test_two_counts_near_fifty(self) -> None:
        assert uncertainty.detection_limit(50) == pytest.approx(19.6, abs=0.001)

    def test_a_count_against_a_model(self) -> None:
        assert uncertainty.detection_limit(50, against="model") == pytest.approx(1.959964 * math.sqrt(50), abs=1e-4)

    def test_power_level_and_dispersion_raise_it(self) -> None:
        assert uncertainty.detection_limit(50, power=0.8) == pytest.approx(10 * (1.959964 + 0.841621), abs=1e-4)
        assert uncertainty.detection_limit(50, level=0.8) == pytest.approx(10 * 1.281552, abs=1e-4)
        assert uncertainty.detection_limit(50, dispersion=4) == pytest.approx(2 * 19.6, abs=0.001)

    def test_keeps_the_shape_of_the_input(self) -> None:
        result = uncertainty.detection_limit(pd.Series({"KU890": 50.0, "KU583": np.nan, "KU742": 0.0}))
        assert result.index.tolist() == ["KU890", "KU583", "KU742"]
        assert result["KU890"] == pytest.approx(19.6, abs=0.001)
        assert math.isnan(result["KU583"])
        assert result["KU742"] == 0
        assert isinstance(uncertainty.detection_limit(np.array([50.0])), np.ndarray)

    @pytest.mark.parametrize(
        "wrong", [{"power": 0.4}, {"power": 1.0}, {"dispersion": 0.9}, {"level": 1.0}, {"against": "year"}]
    )
    def test_invalid_options(self, wrong: dict[str, float | str]) -> None:
        with pytest.raises(ValueError, match=next(iter(wrong))):
            uncertainty.detection_limit(50, **wrong)  # type: ignore[arg-type]


class TestSuppressionBounds:
    def test_two_hidden_cells_share_what_the_parent_leaves(self) -> None:
        """14 less the visible 10 leaves 4 for two cells: each is 1, 2 or 3."""
        result = uncertainty.suppression_bounds(pd.Series({"a": 10, "b": np.nan, "c": np.nan, "d": 0}), 14)
        expected = table("""
            cell | lower | upper | fill
            a    | 10    | 10    | 10
            b    | 1     | 3     | 2
            c    | 1     | 3     | 2
            d    | 0     | 0     | 0
        """)
        pd.testing.assert_frame_equal(result[["lower", "upper", "fill"]], expected)
        assert result["hidden"].tolist() == [False, True, True, False]
        assert result["consistent"].all()
        assert result.columns.tolist() == ["lower", "upper", "fill", "hidden", "consistent"]

    def test_a_large_remainder_lifts_the_lower_bound(self) -> None:
        """11 for three cells: none can be below 3."""
        result = uncertainty.suppression_bounds([np.nan, np.nan, np.nan, 20], 31)
        assert result.loc[0, ["lower", "upper", "fill"]].tolist() == pytest.approx([3, 4, 11 / 3])

    def test_one_hidden_cell_is_known_exactly(self) -> None:
        result = uncertainty.suppression_bounds([10, np.nan], 13)
        assert result.loc[1, ["lower", "upper", "fill"]].tolist() == [3, 3, 3]

    @pytest.mark.parametrize("parent", [None, np.nan])
    def test_without_a_parent_a_hidden_cell_is_one_to_four(self, parent: float | None) -> None:
        result = uncertainty.suppression_bounds([10, np.nan], parent)
        assert result.loc[1, ["lower", "upper", "fill"]].tolist() == [1, 4, 2.5]
        assert result["consistent"].isna().all()

    @pytest.mark.parametrize("parent", [11, 19, 10, 4])
    def test_a_parent_that_does_not_belong_is_marked(self, parent: int) -> None:
        """Two hidden cells hold 2 to 8, so the parent of a visible 10 lies between 12 and 18."""
        result = uncertainty.suppression_bounds([10, np.nan, np.nan], parent)
        assert not result["consistent"].any()
        assert result.loc[2, ["lower", "upper", "fill"]].tolist() == [1, 4, 2.5]

    @pytest.mark.parametrize(("parent", "bound"), [(12, 1), (18, 4)])
    def test_the_edges_of_what_a_parent_can_be(self, parent: int, bound: int) -> None:
        result = uncertainty.suppression_bounds([10, np.nan, np.nan], parent)
        assert result["consistent"].all()
        assert result.loc[1, ["lower", "upper", "fill"]].tolist() == [bound, bound, bound]

    def test_all_visible_cells_are_checked_against_the_parent(self) -> None:
        assert uncertainty.suppression_bounds([10, 5], 15)["consistent"].all()
        assert not uncertainty.suppression_bounds([10, 5], 16)["consistent"].any()
        assert not uncertainty.suppression_bounds([10, 5], 15)["hidden"].any()

    def test_a_parent_of_zero_is_a_parent(self) -> None:
        assert uncertainty.suppression_bounds([0, 0], 0)["consistent"].all()
        assert not uncertainty.suppression_bounds([0, np.nan], 0)["consistent"].any()

    def test_another_rule_of_suppression(self) -> None:
        result = uncertainty.suppression_bounds([10, np.nan, np.nan], 16, low=0, high=9)
        assert result.loc[1, ["lower", "upper", "fill"]].tolist() == [0, 6, 3]

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="parent_total is negative"):
            uncertainty.suppression_bounds([1], -1)
        with pytest.raises(ValueError, match="low and high"):
            uncertainty.suppression_bounds([1], low=5, high=4)
        with pytest.raises(ValueError, match="negative"):
            uncertainty.suppression_bounds([-1])
        with pytest.raises(ValueError, match="empty"):
            uncertainty.suppression_bounds([])

    def test_the_input_is_left_alone(self) -> None:
        values = pd.Series([10.0, np.nan])
        uncertainty.suppression_bounds(values, 13)
        assert values.isna().tolist() == [False, True]


class TestReliability:
    def test_classes_and_their_limits(self) -> None:
        counts = pd.Series({"a": np.nan, "b": 0, "c": 4, "d": 5, "e": 19, "f": 20, "g": 8820})
        assert uncertainty.reliability(counts).to_dict() == {
            "a": "hidden",
            "b": "hidden",
            "c": "hidden",
            "d": "uncertain",
            "e": "uncertain",
            "f": "ok",
            "g": "ok",
        }

    def test_negative_counts_are_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            uncertainty.reliability([5, -5])


# Invented: two places and a village in one sub-region, a place in another. b and d are small, c is hidden at the end.
STOCKS = """
month   | a  | b  | c   | d  | west | east
2023-01 | 50 | 30 | 5   | 6  | 85   | 6
2023-02 | 50 | 25 | 5   | 6  | 80   | 6
2023-03 | 50 | 11 | ... | 9  | 64   | 9
"""
HOMES = {"a": "west", "b": "west", "c": "west", "d": "east"}


def stocks(**changes: float) -> pd.DataFrame:
    """The table with the last month's figures replaced."""
    panel = table(STOCKS)
    panel.loc["2023-03", list(changes)] = list(changes.values())
    return panel


class TestFallback:
    def test_the_month_itself_then_its_mean_over_more_months(self) -> None:
        """b: 11 is below 20, and (30 + 25 + 11)/3 is 22."""
        result = uncertainty.fallback(stocks(), HOMES, months=3)
        assert result.columns.tolist() == ["level", "area", "months", "value"]
        assert result.loc["a"].tolist() == ["area", "a", 1, 50]
        assert result.loc["b"].tolist() == ["area_3_months", "b", 3, 22]

    def test_a_figure_on_the_floor_carries_and_one_below_does_not(self) -> None:
        assert uncertainty.fallback(stocks(b=20), HOMES, months=3).loc["b", "level"] == "area"
        assert uncertainty.fallback(stocks(b=19), HOMES, months=3).loc["b", "level"] == "area_3_months"
        assert uncertainty.fallback(stocks(), HOMES, months=3, floor=6).loc["b", "level"] == "area"

    def test_a_small_area_takes_the_figure_of_its_parent(self) -> None:
        result = uncertainty.fallback(stocks(c=5, west=66), HOMES, months=3)
        assert result.loc["c"].tolist() == ["parent", "west", 1, 66]

    def test_the_parent_over_more_months_comes_last(self) -> None:
        """18 is below 20, and (85 + 80 + 18)/3 is 61."""
        panel = stocks(a=8, b=5, c=5, west=18)
        assert uncertainty.fallback(panel, HOMES, months=3).loc["c"].tolist() == ["parent_3_months", "west", 3, 61]

    def test_nothing_carries(self) -> None:
        row = uncertainty.fallback(stocks(), HOMES, months=3).loc["d"]
        assert row["level"] == "none"
        assert row[["area", "months", "value"]].isna().all()

    def test_a_window_of_a_flow_is_a_sum(self) -> None:
        """d: 6 + 6 + 9 moves in three months reach 20, their mean does not."""
        result = uncertainty.fallback(stocks(), HOMES, months=3, aggregate="sum")
        assert result.loc["d"].tolist() == ["area_3_months", "d", 3, 21]

    def test_a_hidden_month_is_not_zero_in_a_window(self) -> None:
        """(50 + 50 + 0)/3 would be 33."""
        result = uncertainty.fallback(stocks(a=np.nan, b=40, west=44), HOMES, months=3)
        assert result.loc["a"].tolist() == ["parent", "west", 1, 44]

    def test_an_absent_month_breaks_the_window(self) -> None:
        result = uncertainty.fallback(stocks().drop(pd.Period("2023-02")), HOMES, months=3)
        assert result.loc["b", "level"] == "none"

    def test_a_lone_hidden_area_is_not_told_by_its_parent(self) -> None:
        """64 - 50 - 11 = 3 would be c, in the month as over three."""
        assert uncertainty.fallback(stocks(), HOMES, months=3).loc["c", "level"] == "none"

    def test_siblings_do_not_get_the_figure_that_tells_either(self) -> None:
        result = uncertainty.fallback(stocks(), HOMES, months=3, floor=25)
        assert result.loc["b", "level"] == "none"

    def test_two_hidden_counts_leave_room_for_the_parent(self) -> None:
        """66 - 50 = 16 and 66 - 60 = 6: 2 and 4, 3 and 3, or 4 and 2."""
        panel = stocks(b=np.nan, a=60, west=66)
        assert uncertainty.fallback(panel, HOMES, months=3).loc["c"].tolist() == ["parent", "west", 1, 66]

    def test_a_parent_that_leaves_two_hidden_counts_one_value_each_stays_away(self) -> None:
        """62 - 60 = 2: both are 1, in the month as over three."""
        panel = stocks(b=np.nan, a=60, west=62)
        assert uncertainty.fallback(panel, HOMES, months=3).loc["c", "level"] == "none"

    def test_areas_without_a_parent_have_their_own_figures_only(self) -> None:
        result = uncertainty.fallback(stocks(), {"d": None, "b": None}, months=3)
        assert result.index.tolist() == ["d", "b"]
        assert result["level"].tolist() == ["none", "area_3_months"]

    def test_one_month_has_no_window(self) -> None:
        month = pd.Series({"a": 50, "b": 11, "c": 5, "d": 6, "west": 66, "east": 6})
        result = uncertainty.fallback(month, pd.Series(HOMES))
        assert result["level"].tolist() == ["area", "parent", "parent", "none"]

    def test_the_latest_month_counts_whatever_the_order_of_rows(self) -> None:
        panel = stocks()
        pd.testing.assert_frame_equal(
            uncertainty.fallback(panel[::-1], HOMES, months=3), uncertainty.fallback(panel, HOMES, months=3)
        )

    @pytest.mark.parametrize(
        ("parents", "options", "message"),
        [
            ({"a": "north", "e": None}, {}, "counts lack areas: e, north"),
            ({"a": "west", "west": "east"}, {}, "parents have a parent themselves: west"),
            ({}, {}, "parents are empty"),
            (pd.Series(["west", "east"], index=["a", "a"]), {}, "parents have repeated areas"),
            (HOMES, {"months": 1}, "months"),
            (HOMES, {"months": 1.5}, "months"),
            (HOMES, {"months": "many"}, "months"),
            (HOMES, {"floor": 0}, "floor"),
            (HOMES, {"floor": "many"}, "floor"),
            (HOMES, {"aggregate": "median"}, "aggregate must be 'mean' or 'sum'"),
        ],
    )
    def test_invalid_input(self, parents: dict[str, str], options: dict[str, float], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            uncertainty.fallback(stocks(), parents, **options)  # type: ignore[arg-type]

    def test_invalid_counts(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            uncertainty.fallback(-stocks(), HOMES)
        with pytest.raises(ValueError, match="monthly PeriodIndex"):
            uncertainty.fallback(stocks().reset_index(drop=True), HOMES)

    @settings(max_examples=40, deadline=None)
    @given(arrays(int, (3, 3), elements=st.integers(0, 45)), st.sampled_from(["mean", "sum"]))
    def test_the_figures_reported_never_tell_a_hidden_count(self, persons: np.ndarray, aggregate: str) -> None:
        """Where a parent's figure is given, its hidden counts are neither alone, nor all 1, nor all 4."""
        panel = pd.DataFrame(persons, pd.period_range("2023-01", periods=3, freq="M"), ["a", "b", "c"])
        hidden = (panel > 0) & (panel < 5)
        panel = panel.mask(hidden).assign(west=panel.sum(axis=1))
        result = uncertainty.fallback(panel, dict.fromkeys("abc", "west"), months=3, aggregate=aggregate)
        shown = result[result["level"] != "none"]
        assert (shown["value"] >= 20).all()
        for months, cells in ((1, persons[-1:]), (3, persons)):
            given_out = shown[(shown["area"] == "west") & (shown["months"] == months)]
            unknown = (cells > 0) & (cells < 5)
            if len(given_out) and unknown.any():
                assert unknown.sum() >= 2
                assert unknown.sum() < cells[unknown].sum() < 4 * unknown.sum()


class TestShrinkRates:
    def test_two_areas_by_hand(self) -> None:
        """x = 2, 30 of n = 100, 100: m = 0.16, s2 = 0.0196, A = 0.0196 - 0.0016 = 0.018, w = 0.018/0.0196."""
        result = uncertainty.shrink_rates(pd.Series({"a": 2, "b": 30}), pd.Series({"b": 100, "a": 100}))
        assert result.columns.tolist() == ["raw", "weight", "shrunk", "mean", "between_var"]
        assert result.loc["a"].tolist() == pytest.approx(
            [0.02, 0.918367, 0.918367 * 0.02 + 0.081633 * 0.16, 0.16, 0.018], abs=1e-6
        )
        assert result.loc["b", "shrunk"] == pytest.approx(0.918367 * 0.3 + 0.081633 * 0.16, abs=1e-6)

    def test_unequal_populations_by_hand(self) -> None:
        """n = 50, 150, x = 20, 20: m = 0.2, s2 = (50 0.04 + 150 0.004444)/200, nbar = 100, A = s2 - 0.002."""
        result = uncertainty.shrink_rates([20, 20], [50, 150])
        between = (50 * 0.04 + 150 * (0.2 - 20 / 150) ** 2) / 200 - 0.002
        assert result["between_var"].tolist() == pytest.approx([between] * 2)
        assert result["weight"].tolist() == pytest.approx(
            [between / (between + 0.2 / 50), between / (between + 0.2 / 150)]
        )

    def test_differences_no_larger_than_chance_shrink_away(self) -> None:
        result = uncertainty.shrink_rates([9, 11], [100, 100])
        assert result["between_var"].tolist() == [0, 0]
        assert result["shrunk"].tolist() == pytest.approx([0.1, 0.1])

    def test_no_events_anywhere(self) -> None:
        result = uncertainty.shrink_rates([0, 0], [100, 50])
        assert result["shrunk"].tolist() == [0, 0]
        assert result["weight"].tolist() == [0, 0]

    @pytest.mark.parametrize(
        ("counts", "population", "message"),
        [
            ([1, np.nan], [10, 10], "1 of 2 cells of counts are hidden"),
            ([1, 2], [10, 0], "population is zero in an area"),
            ([0, 0], [0, 0], "total of population is zero"),
            ([1, -2], [10, 10], "negative"),
        ],
    )
    def test_invalid_input(self, counts: list[float], population: list[float], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            uncertainty.shrink_rates(counts, population)


class TestExceedanceProbability:
    def test_posterior_by_hand(self) -> None:
        """m = 0.16, A = 0.018 as above; x = 2, n = 100: Gamma(3.4222, 108.889), mean 0.0314, sd 0.0170."""
        result = uncertainty.exceedance_probability(pd.Series({"a": 2, "b": 30}), pd.Series({"a": 100, "b": 100}), 0.16)
        draws = np.random.default_rng(0).gamma(
            [0.0256 / 0.018 + 2, 0.0256 / 0.018 + 30], 1 / (0.16 / 0.018 + 100), (400_000, 2)
        )
        assert result.to_dict() == pytest.approx(
            {"a": (draws[:, 0] > 0.16).mean(), "b": (draws[:, 1] > 0.16).mean()}, abs=2e-3
        )
        assert result["a"] < 0.001 < 0.99 < result["b"]

    def test_a_middling_area_by_the_same_posterior(self) -> None:
        result = uncertainty.exceedance_probability([2, 30, 16], [100, 100, 100], 0.16)
        assert 0.4 < result[2] < 0.6

    def test_certain_above_zero(self) -> None:
        assert uncertainty.exceedance_probability([2, 30], [100, 100], 0).tolist() == [1, 1]

    @pytest.mark.parametrize(("reference", "probability"), [(0.05, 1.0), (0.1, 0.5), (0.2, 0.0)])
    def test_areas_that_differ_by_chance_only_all_have_the_mean(self, reference: float, probability: float) -> None:
        result = uncertainty.exceedance_probability(
            pd.Series({"a": 9, "b": 11}), pd.Series({"a": 100, "b": 100}), reference
        )
        assert result.to_dict() == {"a": probability, "b": probability}

    def test_a_negative_reference_is_refused(self) -> None:
        with pytest.raises(ValueError, match="reference_rate"):
            uncertainty.exceedance_probability([1], [10], -0.1)


def test_pages_that_need_no_interval_do_not_pay_for_statsmodels() -> None:
    code = (
        "import sys; from indicators import matching, seasonality, structure, uncertainty; "
        "print([name for name in ('statsmodels', 'scipy', 'streamlit', 'duckdb') if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

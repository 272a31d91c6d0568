"""What the matching-gap indicators say, on tables small enough to check by hand."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from spec_tables import table

from indicators import matching
from indicators.uncertainty import suppression_bounds

# Three invented cells of the formula of Sahin, Song, Topa and Violante (2014).
THREE_CELLS = """
cell | unemployed | vacancies | efficiency
a    | 300        | 100       | 1
b    | 100        | 50        | 1.5
c    | 600        | 150       | 0.7
"""

TWO_MONTHS = """
month   | north | south
2022-09 | 60    | 40
2022-10 | ...   | 40
"""


def three_cells() -> tuple[pd.Series, pd.Series, pd.Series]:
    cells = table(THREE_CELLS)
    return cells["unemployed"], cells["vacancies"], cells["efficiency"]


class TestTightness:
    def test_is_vacancies_per_unemployed_and_hidden_stays_hidden(self) -> None:
        cells = table("""
            cell    | vacancies | unemployed
            ordinary| 100       | 300
            nobody  | 5         | 0
            neither | 0         | 0
            hidden  | ...       | 20
            none    | 0         | 20
        """)
        result = matching.tightness(cells["vacancies"], cells["unemployed"])
        assert result["ordinary"] == pytest.approx(1 / 3)
        assert result["nobody"] == math.inf
        assert math.isnan(result["neither"])
        assert math.isnan(result["hidden"])
        assert result["none"] == 0

    def test_aligns_on_labels_in_the_order_of_vacancies(self) -> None:
        vacancies = pd.Series({"KU240": 10.0, "KU261": 90.0})
        unemployed = pd.Series({"KU261": 30.0, "KU240": 100.0})
        pd.testing.assert_series_equal(
            matching.tightness(vacancies, unemployed), pd.Series({"KU240": 0.1, "KU261": 3.0})
        )

    def test_keeps_the_shape_of_the_input(self) -> None:
        assert matching.tightness(100, 400) == 0.25
        assert isinstance(matching.tightness(100, 400), float)
        array = matching.tightness(np.array([1, 6]), np.array([2, 3]))
        assert isinstance(array, np.ndarray)
        assert array.tolist() == [0.5, 2.0]
        panel = matching.tightness(table(TWO_MONTHS), table(TWO_MONTHS)[["south", "north"]].iloc[::-1])
        assert panel.index.equals(pd.period_range("2022-09", periods=2, freq="M"))
        assert panel.columns.tolist() == ["north", "south"]
        assert panel.loc["2022-09"].tolist() == [1.0, 1.0]
        assert math.isnan(panel.loc["2022-10", "north"])

    def test_whole_number_columns_with_missing_values_are_read(self) -> None:
        vacancies = pd.Series([3, None], dtype="Int64")
        result = matching.tightness(vacancies, pd.Series([2, 2]))
        assert result[0] == 1.5
        assert math.isnan(result[1])


class TestLogTightness:
    def test_is_finite_without_unemployed_and_ranks_by_evidence(self) -> None:
        result = matching.log_tightness(pd.Series([5, 0, 8]), pd.Series([0, 0, 2]))
        assert result.tolist() == pytest.approx([math.log(11), 0.0, math.log(3.4)])

    def test_offset_is_added_to_both_sides(self) -> None:
        assert matching.log_tightness(4, 1, offset=2) == pytest.approx(math.log(2))

    def test_offset_must_be_positive(self) -> None:
        with pytest.raises(ValueError, match="offset"):
            matching.log_tightness(4, 1, offset=0)


class TestRates:
    def test_register_share_of_the_labour_force(self) -> None:
        """Lapland, September 2021: 8 820 unemployed of a labour force of 80 787, 10.9 % in the bulletin."""
        assert round(matching.unemployment_rate(8820, 80787), 3) == 0.109

    def test_no_labour_force_has_no_rate(self) -> None:
        result = matching.unemployment_rate(pd.Series([5, 0, np.nan]), pd.Series([0, 50, 50]))
        assert math.isnan(result[0])
        assert result[1] == 0
        assert math.isnan(result[2])

    def test_vacancy_rate_counts_vacancies_among_the_posts(self) -> None:
        result = matching.vacancy_rate(np.array([20, 0, 3]), np.array([80, 0, 0]))
        assert result[0] == 0.2
        assert math.isnan(result[1])
        assert result[2] == 1


class TestBeveridgePoints:
    def test_coordinates_slope_scale_and_angle(self) -> None:
        cells = table("""
            cell | unemployed | vacancies | employed
            a    | 10         | 60        | 90
            b    | 50         | 50        | 50
        """)
        points = matching.beveridge_points(cells["unemployed"], cells["vacancies"], cells["employed"])
        assert points.columns.tolist() == ["unemployment_rate", "vacancy_rate", "slope", "scale", "angle"]
        assert points.loc["a"].tolist() == pytest.approx(
            [0.1, 0.4, 4.0, 100 * math.sqrt((0.01 + 0.16) / 2), math.atan(4)]
        )
        assert points.loc["b"].tolist() == pytest.approx([0.5, 0.5, 1.0, 50.0, math.pi / 4])

    def test_no_direction_without_unemployed_and_vacancies(self) -> None:
        points = matching.beveridge_points([0, 0], [0, 10], [50, 90])
        assert math.isnan(points.loc[0, "angle"])
        assert points.loc[0, "scale"] == 0
        assert points.loc[1, "angle"] == pytest.approx(math.pi / 2)
        assert points.loc[1, "slope"] == math.inf

    def test_one_cell_over_time_and_hidden_months(self) -> None:
        months = table("""
            month   | unemployed | vacancies | employed
            2020-02 | 20         | 5         | 80
            2020-03 | 25         | ...       | 75
        """)
        points = matching.beveridge_points(months["unemployed"], months["vacancies"], months["employed"])
        assert points.index.equals(months.index)
        assert points["unemployment_rate"].tolist() == [0.2, 0.25]
        assert points.loc["2020-03", ["vacancy_rate", "slope", "scale", "angle"]].isna().all()

    def test_a_single_cell_gives_one_row_and_a_panel_is_refused(self) -> None:
        assert matching.beveridge_points(10, 60, 90).loc[0, "slope"] == pytest.approx(4)
        with pytest.raises(ValueError, match="panel"):
            matching.beveridge_points(table(TWO_MONTHS), table(TWO_MONTHS), table(TWO_MONTHS))


class TestMismatchIndex:
    def test_worked_example(self) -> None:
        unemployed, vacancies, _ = three_cells()
        assert matching.mismatch_index(unemployed, vacancies) == pytest.approx(0.0069502316044153245, abs=1e-12)

    def test_worked_example_with_efficiency(self) -> None:
        unemployed, vacancies, efficiency = three_cells()
        result = matching.mismatch_index(unemployed, vacancies, efficiency=efficiency)
        assert result == pytest.approx(0.0851149193753209, abs=1e-12)
        assert isinstance(result, float)

    def test_efficiency_aligns_on_labels_and_only_its_ratios_matter(self) -> None:
        unemployed, vacancies, efficiency = three_cells()
        result = matching.mismatch_index(unemployed, vacancies[::-1], efficiency=1e6 * efficiency.loc[["c", "a", "b"]])
        assert result == pytest.approx(0.0851149193753209, abs=1e-12)

    def test_the_unit_of_efficiency_does_not_overflow(self) -> None:
        small = matching.mismatch_index([3, 1], [1, 2], alpha=0.1, efficiency=[1, 2])
        large = matching.mismatch_index([3, 1], [1, 2], alpha=0.1, efficiency=[1e60, 2e60])
        assert large == pytest.approx(small, abs=1e-12)

    def test_alpha_is_the_weight_of_vacancies(self) -> None:
        """p = (1/3, 1/6, 1/2), q = (0.3, 0.1, 0.6); the sum of p^0.3 q^0.7 by hand."""
        unemployed, vacancies, _ = three_cells()
        by_hand = 1 - sum(p**0.3 * q**0.7 for p, q in [(1 / 3, 0.3), (1 / 6, 0.1), (1 / 2, 0.6)])
        assert matching.mismatch_index(unemployed, vacancies, alpha=0.3) == pytest.approx(by_hand, abs=1e-12)

    def test_alpha_with_efficiency(self) -> None:
        """Two cells, u = v = (1, 1), phi = (1, 2), alpha = 0.25: phibar = (1/2 + 16/2)^(1/4)."""
        result = matching.mismatch_index([1, 1], [1, 1], alpha=0.25, efficiency=[1, 2])
        assert result == pytest.approx(1 - 1.5 / 8.5**0.25, abs=1e-12)

    def test_zero_when_tightness_is_equal_and_one_when_nobody_meets(self) -> None:
        assert matching.mismatch_index([10, 20, 70], [1, 2, 7]) == 0
        assert matching.mismatch_index([10, 0], [0, 7]) == 1

    def test_totals_are_those_of_the_cells_given(self) -> None:
        """The same cells within a larger country give the same index: no published total enters."""
        assert matching.mismatch_index([90, 10], [50, 50]) == pytest.approx(
            1 - (math.sqrt(0.45) + math.sqrt(0.05)), abs=1e-12
        )

    def test_a_panel_gives_one_number_a_month_and_none_where_a_cell_is_hidden(self) -> None:
        unemployed = table("""
            month   | north | south
            2022-09 | 90    | 10
            2022-10 | 90    | 10
            2022-11 | 50    | 50
        """)
        vacancies = table("""
            month   | south | north
            2022-11 | 7     | 7
            2022-10 | ...   | 5
            2022-09 | 5     | 5
        """)
        result = matching.mismatch_index(unemployed, vacancies)
        assert result.index.equals(unemployed.index)
        assert result["2022-09"] == pytest.approx(1 - (math.sqrt(0.45) + math.sqrt(0.05)), abs=1e-12)
        assert math.isnan(result["2022-10"])
        assert result["2022-11"] == 0
        weighted = matching.mismatch_index(unemployed, vacancies, efficiency=pd.Series({"south": 1, "north": 1}))
        assert weighted.tolist() == pytest.approx(result.tolist(), abs=1e-12, nan_ok=True)

    def test_hidden_cells_of_a_cross_section_are_counted_in_the_error(self) -> None:
        with pytest.raises(ValueError, match="2 of 3 cells of vacancies are hidden"):
            matching.mismatch_index([5, 6, 7], [1, np.nan, np.nan])

    @pytest.mark.parametrize("alpha", [0, 1, -0.2, 1.5, math.nan])
    def test_alpha_must_lie_between_0_and_1(self, alpha: float) -> None:
        with pytest.raises(ValueError, match="alpha"):
            matching.mismatch_index([1, 2], [2, 1], alpha=alpha)

    @pytest.mark.parametrize(
        ("unemployed", "vacancies", "message"),
        [
            ([0, 0], [1, 2], "total of unemployed is zero"),
            ([1, 2], [0, 0], "total of vacancies is zero"),
            ([1, -2], [1, 2], "unemployed holds negative"),
            ([1, 2], [1, 2, 3], "labels do not match"),
            ([], [], "empty"),
            (3, 4, "one cross-section"),
        ],
    )
    def test_invalid_input(self, unemployed: object, vacancies: object, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            matching.mismatch_index(unemployed, vacancies)  # type: ignore[call-overload]

    def test_a_month_without_vacancies_is_named(self) -> None:
        vacancies = table("""
            month   | north | south
            2022-09 | 60    | 40
            2022-10 | 0     | 0
        """)
        with pytest.raises(ValueError, match="vacancies is zero in 2022-10"):
            matching.mismatch_index(vacancies + 1, vacancies)

    def test_a_hidden_month_is_missing_whatever_the_other_side_holds(self) -> None:
        unemployed = table(TWO_MONTHS)
        vacancies = unemployed.fillna(5)
        vacancies.loc["2022-10"] = 0
        assert math.isnan(matching.mismatch_index(unemployed, vacancies)["2022-10"])

    def test_a_panel_needs_a_panel(self) -> None:
        panel = table(TWO_MONTHS)
        with pytest.raises(ValueError, match="both be panels"):
            matching.mismatch_index(panel, panel.loc["2022-09"])  # type: ignore[call-overload]
        with pytest.raises(ValueError, match="panel like the others"):
            matching.mismatch_index(panel, 3)  # type: ignore[call-overload]

    def test_efficiency_must_suit_the_cells(self) -> None:
        with pytest.raises(ValueError, match="labels do not match"):
            matching.mismatch_index([1, 2], [2, 1], efficiency=[1, 1, 1])
        with pytest.raises(ValueError, match="1 of 2 cells of efficiency are hidden"):
            matching.mismatch_index([1, 2], [2, 1], efficiency=[1, np.nan])
        with pytest.raises(ValueError, match="every cell that has vacancies"):
            matching.mismatch_index([1, 2], [2, 0], efficiency=[0, 1])


class TestMismatchContributions:
    def test_worked_example(self) -> None:
        unemployed, vacancies, _ = three_cells()
        result = matching.mismatch_contributions(unemployed, vacancies)
        assert result.columns.tolist() == ["contribution", "share", "side"]
        assert result.index.tolist() == ["a", "b", "c"]
        assert result["contribution"].tolist() == pytest.approx(
            [0.0004389006498287336, 0.00423388845975277, 0.002277442494833885], abs=1e-12
        )
        assert result["share"].tolist() == pytest.approx([0.063149, 0.609172, 0.327679], abs=1e-6)
        assert result["side"].tolist() == ["shortage", "shortage", "surplus"]

    def test_alpha_weighs_the_two_shares(self) -> None:
        result = matching.mismatch_contributions([80, 20], [50, 50], alpha=0.3)
        assert result["contribution"].tolist() == pytest.approx(
            [0.3 * 0.5 + 0.7 * 0.8 - 0.5**0.3 * 0.8**0.7, 0.3 * 0.5 + 0.7 * 0.2 - 0.5**0.3 * 0.2**0.7], abs=1e-12
        )

    def test_without_mismatch_every_cell_is_even_and_has_no_share(self) -> None:
        """7 of 49 and 3 of 21 divide to different last digits; they are the same share all the same."""
        result = matching.mismatch_contributions([3, 18], [7, 42])
        assert result["contribution"].tolist() == [0, 0]
        assert result["side"].tolist() == ["even", "even"]
        assert result["share"].isna().all()

    def test_one_cell_even_among_uneven_ones(self) -> None:
        result = matching.mismatch_contributions([10, 20, 30], [10, 30, 20])
        assert result["side"].tolist() == ["even", "shortage", "surplus"]
        assert result["contribution"][0] == 0

    def test_a_cell_without_both_is_even(self) -> None:
        result = matching.mismatch_contributions([10, 0, 30], [20, 0, 20])
        assert result["side"].tolist() == ["shortage", "even", "surplus"]
        assert result["contribution"][1] == 0

    def test_fractions_that_differ_by_rounding_only_are_even(self) -> None:
        result = matching.mismatch_contributions([70000.7, 40000.4, 10000.1], [210002.1, 120001.2, 30000.3])
        assert result["side"].tolist() == ["even", "even", "even"]

    def test_one_vacancy_in_a_country_is_not_even(self) -> None:
        result = matching.mismatch_contributions([300_000, 300_000], [40_000, 40_001])
        assert result["side"].tolist() == ["surplus", "shortage"]

    def test_a_panel_is_refused(self) -> None:
        panel = table(TWO_MONTHS)
        with pytest.raises(ValueError, match="not a panel"):
            matching.mismatch_contributions(panel, panel)  # type: ignore[arg-type]


class TestMismatchBaseline:
    def test_small_counts_show_mismatch_by_chance(self) -> None:
        """Even tightness in ten cells: the index is 0, but draws of 50 and 20 persons give 0.12."""
        small = matching.mismatch_baseline([5] * 10, [2] * 10)
        large = matching.mismatch_baseline([5000] * 10, [2000] * 10)
        assert small.index.tolist() == ["mean", "lower", "upper"]
        assert 0.11 < small["mean"] < 0.13
        assert small["lower"] < small["mean"] < small["upper"]
        assert large["mean"] < 0.001

    def test_mean_follows_the_chi_square_approximation(self) -> None:
        """For large counts 8 M/(1/U + 1/V) is chi-square with n - 1 = 4 degrees of freedom, also its tails."""
        result = matching.mismatch_baseline([4000, 1000, 2000, 2000, 1000], [400, 100, 200, 200, 100], draws=20_000)
        unit = (1 / 10_000 + 1 / 1000) / 8
        assert result["mean"] / unit == pytest.approx(4, rel=0.03)
        assert result["lower"] / unit == pytest.approx(0.4844, rel=0.08)
        assert result["upper"] / unit == pytest.approx(11.1433, rel=0.04)

    def test_depends_on_sums_of_both_sides_only_through_common_shares(self) -> None:
        """Both pairs have u + v = (60, 40) and the same totals, so the same draws."""
        one = matching.mismatch_baseline([50, 20], [10, 20], seed=3)
        other = matching.mismatch_baseline([40, 30], [20, 10], seed=3)
        assert one.tolist() == other.tolist()

    def test_seed_and_alpha_count(self) -> None:
        draw = matching.mismatch_baseline([30, 20], [5, 9], seed=1)
        assert draw.tolist() == matching.mismatch_baseline([30, 20], [5, 9], seed=1).tolist()
        assert draw.tolist() != matching.mismatch_baseline([30, 20], [5, 9], seed=2).tolist()
        assert draw["mean"] > matching.mismatch_baseline([30, 20], [5, 9], seed=1, alpha=0.1)["mean"]

    def test_needs_persons_and_draws(self) -> None:
        with pytest.raises(ValueError, match="at least one person"):
            matching.mismatch_baseline([0.1, 0.2], [5, 5])
        with pytest.raises(ValueError, match="at least one person"):
            matching.mismatch_baseline([5, 5], [0.1, 0.2])
        with pytest.raises(ValueError, match="draws"):
            matching.mismatch_baseline([5, 5], [5, 5], draws=0)


class TestMismatchInterval:
    UNEMPLOYED = pd.Series({"a": 30.0, "b": 20.0, "c": np.nan, "d": np.nan})
    VACANCIES = pd.Series({"d": 10.0, "c": 9.0, "b": np.nan, "a": 6.0})

    def enumerated(self, unemployed_sum: float | None) -> list[float]:
        """The index of every whole-number filling, one by one."""
        found = []
        for c, d, b in itertools.product(range(1, 5), repeat=3):
            if unemployed_sum is None or c + d == unemployed_sum:
                u, v = np.array([30, 20, c, d]), np.array([6, b, 9, 10])
                found.append(1 - np.sqrt(u / u.sum() * v / v.sum()).sum())
        return found

    def test_without_totals_every_filling_within_the_bounds_is_drawn(self) -> None:
        result = matching.mismatch_interval(suppression_bounds(self.UNEMPLOYED), suppression_bounds(self.VACANCIES))
        possible = self.enumerated(None)
        assert result.index.tolist() == ["point", "lower", "upper", "min", "max"]
        assert result["point"] == pytest.approx(matching.mismatch_index([30, 20, 2.5, 2.5], [6, 2.5, 9, 10]))
        assert result["min"] == pytest.approx(min(possible))
        assert result["max"] == pytest.approx(max(possible))
        assert result["min"] <= result["lower"] < result["upper"] <= result["max"]

    def test_totals_are_respected_and_narrow_the_range(self) -> None:
        result = matching.mismatch_interval(
            suppression_bounds(self.UNEMPLOYED, 55), suppression_bounds(self.VACANCIES), unemployed_total=55
        )
        possible = self.enumerated(5)
        assert result["min"] == pytest.approx(min(possible))
        assert result["max"] == pytest.approx(max(possible))
        assert result["max"] - result["min"] < max(self.enumerated(None)) - min(self.enumerated(None))

    def test_one_hidden_cell_on_each_side_with_totals_is_exact(self) -> None:
        unemployed = self.UNEMPLOYED.fillna({"c": 8})
        result = matching.mismatch_interval(
            suppression_bounds(unemployed, 61),
            suppression_bounds(self.VACANCIES, 29),
            unemployed_total=61,
            vacancy_total=29,
            alpha=0.3,
        )
        exact = matching.mismatch_index([30, 20, 8, 3], [6, 4, 9, 10], alpha=0.3)
        assert result.tolist() == pytest.approx([exact] * 5)

    def test_nothing_hidden_gives_the_index_itself(self) -> None:
        bounds = suppression_bounds([30, 20]), suppression_bounds([6, 8])
        result = matching.mismatch_interval(*bounds, unemployed_total=50)
        assert result.tolist() == pytest.approx([matching.mismatch_index([30, 20], [6, 8])] * 5)

    def test_every_filling_that_sums_to_the_total_is_equally_likely(self) -> None:
        """Three hidden cells of 1 to 4 that sum to 5: (1,1,3) and (1,2,2) in their six orders."""
        bounds = suppression_bounds([np.nan, np.nan, np.nan, 40.0])
        drawn = matching._fillings("bounds", bounds, 45, 6000, np.random.default_rng(0))
        rows, times = np.unique(drawn[:, :3], axis=0, return_counts=True)
        assert rows.tolist() == [[1, 1, 3], [1, 2, 2], [1, 3, 1], [2, 1, 2], [2, 2, 1], [3, 1, 1]]
        assert (drawn[:, 3] == 40).all()
        assert times.min() > 900
        assert times.max() < 1100

    def test_hundreds_of_hidden_cells(self) -> None:
        """Half of 800 occupations hidden, their sum at the edge of what is possible: all but one must be 1."""
        values = pd.Series([np.nan] * 400 + [9.0] * 400)
        bounds = suppression_bounds(values, 4001)
        drawn = matching._fillings("bounds", bounds, 4001, 50, np.random.default_rng(0))
        assert (drawn.sum(axis=1) == 4001).all()
        assert (np.sort(drawn[:, :400], axis=1)[:, -2:] == [1, 2]).all()

    def test_a_thousand_hidden_cells_around_their_mean(self) -> None:
        """So many fillings that their number is beyond floating point; each cell still averages 2.5."""
        bounds = suppression_bounds([np.nan] * 1000)
        drawn = matching._fillings("bounds", bounds, 2500, 200, np.random.default_rng(0))
        assert (drawn.sum(axis=1) == 2500).all()
        assert drawn.min() == 1
        assert drawn.max() == 4
        assert drawn[:, :500].mean() == pytest.approx(2.5, abs=0.02)

    def test_a_total_marked_as_inconsistent_is_not_forced(self) -> None:
        bounds = suppression_bounds(self.UNEMPLOYED, 500)
        known = suppression_bounds(self.VACANCIES)
        result = matching.mismatch_interval(bounds, known, unemployed_total=500)
        assert result.tolist() == matching.mismatch_interval(bounds, known).tolist()

    def test_impossible_bounds(self) -> None:
        bounds = suppression_bounds(self.UNEMPLOYED)
        with pytest.raises(ValueError, match="cannot make up the 450"):
            matching.mismatch_interval(bounds, suppression_bounds(self.VACANCIES), unemployed_total=500)
        with pytest.raises(ValueError, match=r"cannot make up the 4\.5"):
            matching.mismatch_interval(bounds, suppression_bounds(self.VACANCIES), unemployed_total=54.5)
        with pytest.raises(ValueError, match="without a whole number"):
            matching.mismatch_interval(
                bounds.replace({"lower": 1.0}, 2.2).replace({"upper": 4.0}, 2.8), suppression_bounds(self.VACANCIES)
            )
        with pytest.raises(ValueError, match="labels do not match"):
            matching.mismatch_interval(bounds, suppression_bounds(self.VACANCIES.drop("d")))
        with pytest.raises(ValueError, match="draws"):
            matching.mismatch_interval(bounds, suppression_bounds(self.VACANCIES), draws=0)


class TestPlannerAllocation:
    def test_without_efficiency_tightness_is_equal(self) -> None:
        result = matching.planner_allocation(pd.Series({"a": 100, "b": 50, "c": 150}), 1000)
        assert result.to_dict() == pytest.approx({"a": 1000 / 3, "b": 500 / 3, "c": 500})
        assert result.sum() == pytest.approx(1000)

    def test_efficiency_draws_jobseekers_by_its_power(self) -> None:
        """alpha = 0.5: weights phi^2 v = 100, 200; alpha = 1/3: phi^3 v = 100, 400."""
        vacancies, efficiency = pd.Series({"a": 100, "b": 50}), pd.Series({"b": 2, "a": 1})
        assert matching.planner_allocation(vacancies, 300, efficiency=efficiency).tolist() == pytest.approx([100, 200])
        third = matching.planner_allocation(vacancies, 300, alpha=1 / 3, efficiency=efficiency)
        assert third.tolist() == pytest.approx([60, 240])

    def test_nobody_hires_more_than_the_planner(self) -> None:
        _, vacancies, efficiency = three_cells()
        planned = matching.planner_allocation(vacancies, 1000, efficiency=efficiency)
        assert matching.mismatch_index(planned, vacancies, efficiency=efficiency) == pytest.approx(0, abs=1e-12)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="total of vacancies is zero"):
            matching.planner_allocation([0, 0], 100)
        with pytest.raises(ValueError, match="weighted by efficiency is zero"):
            matching.planner_allocation([3, 0], 100, efficiency=[0, 1])
        with pytest.raises(ValueError, match="total_unemployed"):
            matching.planner_allocation([3, 1], -5)


class TestDissimilarityIndex:
    def test_worked_example(self) -> None:
        unemployed, vacancies, _ = three_cells()
        assert matching.dissimilarity_index(unemployed, vacancies) == pytest.approx(0.1, abs=1e-12)

    def test_is_the_share_who_would_have_to_move(self) -> None:
        assert matching.dissimilarity_index([90, 10], [5, 5]) == pytest.approx(0.4)
        assert matching.dissimilarity_index([90, 0], [0, 5]) == 1
        assert matching.dissimilarity_index([90, 10], [9, 1]) == 0

    def test_a_panel_gives_one_number_a_month(self) -> None:
        panel = table(TWO_MONTHS)
        result = matching.dissimilarity_index(panel, panel.fillna(5)[["south", "north"]] * 0 + 1)
        assert result["2022-09"] == pytest.approx(0.1)
        assert math.isnan(result["2022-10"])


class TestRateDispersion:
    """Rates 0.1 and 0.2, labour forces 300 and 100: r = 0.125, relative rates 0.8 and 1.6."""

    UNEMPLOYED = pd.Series({"a": 30, "b": 20})
    LABOUR_FORCE = pd.Series({"b": 100, "a": 300})

    def test_weighted_by_labour_force(self) -> None:
        expected = 0.5 * (0.75 * 0.2**2 + 0.25 * 0.6**2)
        assert matching.rate_dispersion(self.UNEMPLOYED, self.LABOUR_FORCE) == pytest.approx(expected)

    def test_unweighted_around_the_mean_of_the_cells(self) -> None:
        result = matching.rate_dispersion(self.UNEMPLOYED, self.LABOUR_FORCE, weighted=False)
        assert result == pytest.approx(0.5 * 0.4**2)

    def test_equal_rates_have_none(self) -> None:
        assert matching.rate_dispersion([10, 20], [100, 200]) == pytest.approx(0, abs=1e-15)

    def test_a_panel_gives_one_number_a_month(self) -> None:
        panel = table(TWO_MONTHS)
        result = matching.rate_dispersion(panel, panel.fillna(100) * 0 + 200)
        assert result["2022-09"] == pytest.approx(0.5 * 0.2**2)
        assert math.isnan(result["2022-10"])

    def test_a_cell_without_labour_force_is_refused(self) -> None:
        with pytest.raises(ValueError, match="labour_force is zero in a cell"):
            matching.rate_dispersion([1, 2], [0, 50])


def test_lapland_in_september_2022() -> None:
    """21 municipalities, employment service statistics 12r5: the tourism municipalities lack jobseekers, Kittilä most,
    and the index is more than chance gives."""
    cells = table("""
        cell  | unemployed | vacancies
        KU047 | 104  | 73
        KU148 | 370  | 420
        KU240 | 1106 | 618
        KU241 | 267  | 93
        KU261 | 339  | 739
        KU273 | 180  | 378
        KU320 | 387  | 148
        KU498 | 146  | 51
        KU583 | 44   | 139
        KU614 | 167  | 11
        KU683 | 140  | 31
        KU698 | 2739 | 2438
        KU732 | 177  | 52
        KU742 | 70   | 9
        KU751 | 98   | 20
        KU758 | 249  | 246
        KU845 | 118  | 50
        KU851 | 732  | 467
        KU854 | 126  | 32
        KU890 | 40   | 19
        KU976 | 168  | 36
    """)
    parts = matching.mismatch_contributions(cells["unemployed"], cells["vacancies"])
    assert cells["vacancies"].sum() == 6070
    assert parts["share"].idxmax() == "KU261"
    assert parts.loc[["KU261", "KU273", "KU583"], "side"].tolist() == ["shortage"] * 3
    assert parts.loc[["KU240", "KU851"], "side"].tolist() == ["surplus"] * 2
    by_hand = 1 - sum(
        math.sqrt(u / 7767 * v / 6070) for u, v in zip(cells["unemployed"], cells["vacancies"], strict=True)
    )
    assert parts["contribution"].sum() == pytest.approx(by_hand, abs=1e-12)
    assert matching.mismatch_baseline(cells["unemployed"], cells["vacancies"])["upper"] < by_hand

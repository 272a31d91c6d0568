"""Regimes of the Beveridge curve, classes of occupations, matching efficiency and the duration of vacancies."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_tables import table, years_by_month

from indicators import matching

CUTOFFS = {"surplus_slope": 0.2, "shortage_slope": 1.0, "mismatch_scale": 8.0, "grade_scales": (2, 4, 8, 16)}


def months(number: int, start: str = "2006-01") -> pd.PeriodIndex:
    return pd.period_range(start, periods=number, freq="M")


def curve(regimes: list[tuple[int, float, float]], noise: float = 0.0) -> tuple[pd.Series, pd.Series]:
    """Rates on ln v = level - elasticity ln u, one stretch of months a regime."""
    n = sum(length for length, _, _ in regimes)
    generator = np.random.default_rng(5)
    u = np.exp(np.log(0.1) + 0.3 * np.sin(np.arange(n) / 5))
    level, elasticity = (np.repeat([r[i] for r in regimes], [r[0] for r in regimes]) for i in (1, 2))
    v = np.exp(level - elasticity * np.log(u) + noise * generator.normal(size=n))
    return pd.Series(u, index=months(n)), pd.Series(v, index=months(n))


class TestBeveridgeElasticity:
    def test_one_regime_by_hand(self) -> None:
        """ln u = 0, 1, 2 and ln v = 2, 0, 1: slope -0.5, residuals 0.5, -1, 0.5, se = sqrt(1.5/1/2)."""
        result = matching.beveridge_elasticity(np.exp([0.0, 1, 2]), np.exp([2.0, 0, 1]))
        assert result.columns.tolist() == ["start", "end", "n", "elasticity", "se"]
        assert result.loc[0].tolist() == pytest.approx([0, 2, 3, 0.5, math.sqrt(0.75)])

    def test_each_regime_has_its_own(self) -> None:
        u, v = curve([(30, -5, 0.8), (40, -4, 1.1)])
        result = matching.beveridge_elasticity(u, v[::-1], breaks=[30])
        assert result["start"].astype(str).tolist() == ["2006-01", "2008-07"]
        assert result["end"].astype(str).tolist() == ["2008-06", "2011-10"]
        assert result["n"].tolist() == [30, 40]
        assert result["elasticity"].tolist() == pytest.approx([0.8, 1.1])
        assert result["se"].tolist() == pytest.approx([0, 0], abs=1e-9)

    def test_found_breaks_fit_in(self) -> None:
        u, v = curve([(40, -5, 0.8), (50, -4, 1.1)], noise=0.05)
        breaks = matching.beveridge_breaks(u, v)
        result = matching.beveridge_elasticity(u, v, breaks["position"])
        assert (abs(result["elasticity"] - [0.8, 1.1]) < 3 * result["se"]).all()
        assert result["n"].tolist() == [40, 50]
        pd.testing.assert_frame_equal(matching.beveridge_elasticity(u, v, breaks), result)

    @pytest.mark.parametrize(
        "breaks",
        [30, None, "30", ["2008-07"], pd.DataFrame({"period": [30]}), {30: 1}, [[15], [20]], [15.5]],
    )
    def test_breaks_that_are_no_positions_are_refused_by_name(self, breaks: object) -> None:
        u, v = curve([(30, -5, 0.8), (40, -4, 1.1)])
        with pytest.raises(ValueError, match="breaks"):
            matching.beveridge_elasticity(u, v, breaks)  # type: ignore[arg-type]

    def test_without_variation_there_is_none(self) -> None:
        result = matching.beveridge_elasticity([0.1, 0.1, 0.1], [0.01, 0.02, 0.03])
        assert result[["elasticity", "se"]].isna().all(axis=None)

    def test_invalid_input(self) -> None:
        u, v = curve([(30, -5, 0.8)])
        with pytest.raises(ValueError, match="ascend between 0 and the 30"):
            matching.beveridge_elasticity(u, v, breaks=(20, 10))
        with pytest.raises(ValueError, match="ascend between 0 and the 30"):
            matching.beveridge_elasticity(u, v, breaks=(30,))
        with pytest.raises(ValueError, match="at least three"):
            matching.beveridge_elasticity(u, v, breaks=(28,))
        with pytest.raises(ValueError, match=r"1 of 30 periods of vacancy_rate are hidden"):
            matching.beveridge_elasticity(u, v.where(v.index != v.index[4]))
        with pytest.raises(ValueError, match="vacancy_rate is zero in 2006-05"):
            matching.beveridge_elasticity(u, v.where(v.index != v.index[4], 0))
        with pytest.raises(ValueError, match="negative"):
            matching.beveridge_elasticity(u, -v)
        with pytest.raises(ValueError, match="in order and without gaps"):
            matching.beveridge_elasticity(u.drop(u.index[4]), v.drop(u.index[4]))
        with pytest.raises(ValueError, match="in order and without gaps"):
            matching.beveridge_elasticity(u[::-1], v)
        with pytest.raises(ValueError, match="labels do not match"):
            matching.beveridge_elasticity(u, v.set_axis(pd.period_range("2006Q1", periods=30, freq="Q")))
        with pytest.raises(ValueError, match="one cell over time"):
            matching.beveridge_elasticity(u.to_frame(), v.to_frame())  # type: ignore[arg-type]


class TestBeveridgeBreaks:
    def test_a_shift_and_a_turn_are_dated_by_the_first_month_of_the_new_regime(self) -> None:
        u, v = curve([(50, -5, 0.8), (60, -4.5, 0.8), (50, -6.5, 1.6)], noise=0.02)
        result = matching.beveridge_breaks(u, v)
        assert result["position"].tolist() == [50, 110]
        assert result["period"].astype(str).tolist() == ["2010-03", "2015-03"]
        (early, late), (earlier, later) = result.attrs["intervals"]
        assert early <= pd.Period("2010-03") <= late < earlier <= pd.Period("2015-03") <= later
        bic = result.attrs["bic"]
        assert list(bic) == [0, 1, 2, 3, 4, 5]
        assert min(bic, key=bic.get) == 2

    @pytest.mark.parametrize("noise", [0, 0.1])
    def test_a_stable_curve_has_none(self, noise: float) -> None:
        result = matching.beveridge_breaks(*curve([(120, -5, 0.9)], noise))
        assert result.columns.tolist() == ["position", "period"]
        assert result.empty

    def test_regimes_keep_their_least_length(self) -> None:
        """Ten odd months are too short for a regime of 24."""
        u, v = curve([(60, -5, 0.8), (10, -4, 0.8), (60, -5, 0.8)], noise=0.02)
        found = [0, *matching.beveridge_breaks(u, v)["position"], 130]
        assert min(np.diff(found)) >= 24
        assert matching.beveridge_breaks(u, v, min_size=10)["position"].tolist() == [60, 70]

    def test_arrays_count_from_zero(self) -> None:
        u, v = curve([(30, -5, 0.8), (30, -4, 0.8)])
        result = matching.beveridge_breaks(u.to_numpy(), v.to_numpy())
        assert result[["position", "period"]].to_numpy().tolist() == [[30, 30]]

    def test_invalid_input(self) -> None:
        u, v = curve([(30, -5, 0.8)])
        with pytest.raises(ValueError, match="min_size 31: a regime needs as many observations, got 30"):
            matching.beveridge_breaks(u, v, min_size=31)
        with pytest.raises(ValueError, match="must exceed the 2 coefficients"):
            matching.beveridge_breaks(u, v, min_size=2)
        with pytest.raises(ValueError, match="hidden"):
            matching.beveridge_breaks(u * np.nan, v)


class TestOccupationClass:
    POINTS = """
        occupation  | slope | scale
        surplus     | 0.2   | 9
        balance     | 0.5   | 7.9
        mismatch    | 0.5   | 8
        shortage    | 1     | 3
        few         | 1     | 3
        unseen      | ...   | 3
    """

    def test_class_and_grade_follow_the_cutoffs(self) -> None:
        points = table(self.POINTS)
        counts = pd.Series(100, index=points.index[::-1])
        result = matching.occupation_class(points, CUTOFFS, counts.where(counts.index != "few", 4))
        expected = table("""
            occupation  | class     | grade
            surplus     | surplus   | 4
            balance     | balance   | 3
            mismatch    | mismatch  | 4
            shortage    | shortage  | 2
            few         | not_rated | ...
            unseen      | not_rated | ...
        """)
        assert result.columns.tolist() == ["class", "grade"]
        assert result["class"].tolist() == expected["class"].tolist()
        assert result["grade"].tolist() == pytest.approx(expected["grade"].tolist(), nan_ok=True)

    def test_from_counts_to_class(self) -> None:
        cells = table("""
            occupation | unemployed | vacancies | employed
            cooks      | 100        | 100       | 900
            teachers   | 10         | 40        | 950
            clerks     | 100        | 5         | 900
            idle       | 0          | 0         | 40
            sought     | 0          | 9         | 40
            hidden     | ...        | 9         | 40
        """)
        points = matching.beveridge_points(*(cells[column] for column in cells))
        cutoffs = CUTOFFS | {"shortage_slope": 2.0}
        result = matching.occupation_class(points, cutoffs, cells["unemployed"] + cells["vacancies"])
        assert result["class"].to_dict() == {
            "cooks": "mismatch",
            "teachers": "shortage",
            "clerks": "surplus",
            "idle": "not_rated",
            "sought": "shortage",
            "hidden": "not_rated",
        }

    def test_hidden_counts_are_not_rated_and_without_counts_all_points_are(self) -> None:
        points = table(self.POINTS)
        assert (matching.occupation_class(points, CUTOFFS)["class"] == "not_rated").sum() == 1
        nothing = matching.occupation_class(points, CUTOFFS, pd.Series(np.nan, index=points.index))
        assert (nothing["class"] == "not_rated").all()

    def test_invalid_input(self) -> None:
        points = table(self.POINTS)
        with pytest.raises(ValueError, match="cutoffs lack mismatch_scale, grade_scales"):
            matching.occupation_class(points, {"surplus_slope": 0.2, "shortage_slope": 1})
        with pytest.raises(ValueError, match="surplus_slope 2 lies above"):
            matching.occupation_class(points, CUTOFFS | {"surplus_slope": 2})
        with pytest.raises(ValueError, match="grade_scales must ascend"):
            matching.occupation_class(points, CUTOFFS | {"grade_scales": (4, 2)})
        with pytest.raises(ValueError, match="NaN"):
            matching.occupation_class(points, CUTOFFS | {"mismatch_scale": np.nan})
        with pytest.raises(ValueError, match="points lack scale"):
            matching.occupation_class(points[["slope"]], CUTOFFS)
        with pytest.raises(ValueError, match="labels do not match"):
            matching.occupation_class(points, CUTOFFS, pd.Series({"other": 9}))
        with pytest.raises(ValueError, match="negative"):
            matching.occupation_class(-points, CUTOFFS)
        with pytest.raises(ValueError, match="empty"):
            matching.occupation_class(points[:0], CUTOFFS)


class TestCalibration:
    def test_cutoffs_lie_halfway_and_reproduce_the_classes(self) -> None:
        points = table("""
            occupation | slope | scale
            a          | 0.1   | 9
            b          | 0.3   | 2
            c          | 0.5   | 6
            d          | 0.9   | 10
            e          | 3.0   | 1
        """)
        published = pd.Series({"e": 3, "d": 2, "c": 2, "b": 0, "a": 1})
        cutoffs = matching.calibrate_cutoffs(points, published)
        assert cutoffs == {
            "surplus_slope": pytest.approx(math.tan((math.atan(0.1) + math.atan(0.3)) / 2)),
            "shortage_slope": pytest.approx(math.tan((math.atan(0.9) + math.atan(3)) / 2)),
            "mismatch_scale": 4,
            "grade_scales": (),
        }
        ours = matching.occupation_class(points, cutoffs)["class"]
        assert ours.tolist() == ["surplus", "balance", "mismatch", "mismatch", "shortage"]

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from([0.0, 0.1, 0.4, 1.0, 2.5, math.inf]),
                st.sampled_from([1.0, 4.0, 9.0]),
                st.sampled_from(["balance", "surplus", "mismatch", "shortage", "not_rated"]),
            ),
            min_size=1,
            max_size=9,
        )
    )
    def test_no_other_cutoffs_agree_with_more(self, cells: list[tuple[float, float, str]]) -> None:
        points = pd.DataFrame(cells, columns=["slope", "scale", "class"])
        published = points["class"]
        if (published == "not_rated").all():
            return
        slope, scale = points["slope"].to_numpy(), points["scale"].to_numpy()

        def agreement(surplus: float, shortage: float, mismatch: float) -> int:
            middle = np.where(scale >= mismatch, "mismatch", "balance")
            ours = np.where(slope >= shortage, "shortage", np.where(slope <= surplus, "surplus", middle))
            return int((ours == published).sum())

        slopes, scales = [-1.0, 0.05, 0.2, 0.7, 2.0, 1e9], [0.0, 2.0, 6.0, 10.0]
        best = max(agreement(a, b, c) for a, b, c in itertools.product(slopes, slopes, scales) if a <= b)
        found = matching.occupation_class(points, matching.calibrate_cutoffs(points, published))["class"]
        assert (found == published).sum() == best

    def test_thousands_of_occupations_with_noise_come_near_the_truth(self) -> None:
        generator = np.random.default_rng(2)
        points = pd.DataFrame({"slope": generator.exponential(0.6, 3000), "scale": generator.exponential(8, 3000)})
        published = matching.occupation_class(points, CUTOFFS)["class"]
        published = published.where(generator.random(3000) > 0.1, "balance")
        found = matching.calibrate_cutoffs(points, published)
        assert found["surplus_slope"] == pytest.approx(0.2, abs=0.01)
        assert found["shortage_slope"] == pytest.approx(1, abs=0.02)
        assert found["mismatch_scale"] == pytest.approx(8, abs=0.1)

    def test_invalid_input(self) -> None:
        points = pd.DataFrame({"slope": [0.1, np.nan], "scale": [1.0, 2.0]})
        with pytest.raises(ValueError, match="no occupation has both"):
            matching.calibrate_cutoffs(points, pd.Series([99, 3]))
        with pytest.raises(ValueError, match="unknown classes: 7"):
            matching.calibrate_cutoffs(points, pd.Series([7, 3]))
        with pytest.raises(ValueError, match="labels do not match"):
            matching.calibrate_cutoffs(points, pd.Series([1, 2, 3]))


class TestConfusionMatrix:
    def test_rows_are_ours_and_columns_published(self) -> None:
        ours = pd.Series(["shortage", "shortage", "balance", "not_rated"], index=list("abcd"))
        result = matching.confusion_matrix(ours, pd.Series([99, np.nan, 0, 3], index=list("dcba")))
        words = ["balance", "surplus", "mismatch", "shortage", "not_rated"]
        assert result.index.tolist() == words
        assert result.columns.tolist() == words
        assert (result.index.name, result.columns.name) == ("ours", "published")
        assert result.loc["shortage", "shortage"] == 1
        assert result.loc["shortage", "balance"] == 1
        assert result.loc["balance", "not_rated"] == 1
        assert result.loc["not_rated", "not_rated"] == 1
        assert result.to_numpy().sum() == 4

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="ours has unknown classes: scarce"):
            matching.confusion_matrix(pd.Series(["scarce"]), pd.Series(["balance"]))
        with pytest.raises(ValueError, match="empty"):
            matching.confusion_matrix(pd.Series([], dtype=object), pd.Series(["balance"]))
        with pytest.raises(ValueError, match="labels do not match"):
            matching.confusion_matrix(pd.Series(["balance"]), pd.Series(["balance"], index=["a"]))


class TestMatchingEfficiency:
    def hiring(self, n: int = 72) -> tuple[pd.Series, pd.Series, pd.Series]:
        """ln h = 0.3 ln v + 0.5 ln u + a season, exactly."""
        generator = np.random.default_rng(4)
        v, u = (pd.Series(np.exp(generator.normal(7, 0.3, n)), index=months(n)) for _ in range(2))
        season = np.tile(np.sin(np.arange(12)), n // 12 + 1)[:n]
        return np.exp(0.3 * np.log(v) + 0.5 * np.log(u) + season), v, u

    def test_an_exact_matching_function_has_efficiency_one(self) -> None:
        hires, v, u = self.hiring()
        result = matching.matching_efficiency(hires, v[::-1], u)
        assert result.columns.tolist() == ["efficiency", "fitted", "residual"]
        assert result["efficiency"].tolist() == pytest.approx([1] * 72)
        assert result["fitted"].tolist() == pytest.approx(hires.tolist())
        assert result.attrs["vacancies"] == pytest.approx(0.3)
        assert result.attrs["unemployed"] == pytest.approx(0.5)
        assert result.attrs["r_squared"] == pytest.approx(1)

    def test_a_fall_of_efficiency_shows_and_parts_multiply_to_hires(self) -> None:
        hires, v, u = self.hiring()
        hires.iloc[60:] *= 0.8
        result = matching.matching_efficiency(hires, v, u)
        assert result["efficiency"].iloc[60:].mean() < 0.9 < result["efficiency"].iloc[:60].mean()
        assert (result["efficiency"] * result["fitted"]).tolist() == pytest.approx(hires.tolist())
        assert result["residual"].sum() == pytest.approx(0, abs=1e-9)

    def test_hidden_periods_stay_hidden(self) -> None:
        hires, v, u = self.hiring()
        result = matching.matching_efficiency(hires.where(hires.index != hires.index[3]), v, u)
        assert result.isna().all(axis=1).tolist() == [i == 3 for i in range(72)]
        assert result["efficiency"].dropna().tolist() == pytest.approx([1] * 71)

    def test_quarters_have_their_seasons_and_years_and_arrays_none(self) -> None:
        generator = np.random.default_rng(6)
        v, u = np.exp(generator.normal(7, 0.3, (2, 16)))
        plain = np.exp(1 + 0.3 * np.log(v) + 0.5 * np.log(u))
        seasonal = plain * np.tile([1, 2, 3, 4], 4)
        quarters = pd.period_range("2006Q1", periods=16, freq="Q")
        by_quarter = matching.matching_efficiency(*(pd.Series(x, index=quarters) for x in (seasonal, v, u)))
        assert by_quarter["efficiency"].tolist() == pytest.approx([1] * 16)
        assert matching.matching_efficiency(plain, v, u)["efficiency"].tolist() == pytest.approx([1] * 16)
        assert matching.matching_efficiency(seasonal, v, u)["efficiency"].std() > 0.3

    def test_invalid_input(self) -> None:
        hires, v, u = self.hiring()
        with pytest.raises(ValueError, match="hires is zero in 2006-01"):
            matching.matching_efficiency(hires * 0, v, u)
        with pytest.raises(ValueError, match="do not vary apart"):
            matching.matching_efficiency(hires, v, v)
        with pytest.raises(ValueError, match="14 coefficients need more than 14 visible periods, got 13"):
            matching.matching_efficiency(hires[:13], v[:13], u[:13])
        with pytest.raises(ValueError, match="visible periods, got 0"):
            matching.matching_efficiency(hires * np.nan, v, u)
        with pytest.raises(ValueError, match="without gaps"):
            matching.matching_efficiency(hires.drop(v.index[5]), v.drop(v.index[5]), u.drop(v.index[5]))


class TestVacancyDays:
    # Vacancies open and new during the month in Lapland (StatFin, discontinued table 2310).
    OPEN = """
        year | 1    | 2    | 3    | 4    | 5    | 6    | 7    | 8    | 9    | 10   | 11   | 12
        2006 | 2431 | 3125 | 4378 | 3071 | 2109 | 1870 | 1429 | 1961 | 2071 | 2131 | 1963 | 2546
        2007 | 3388 |
    """
    NEW = """
        year | 1    | 2    | 3    | 4    | 5    | 6    | 7    | 8    | 9    | 10   | 11   | 12
        2006 | 1823 | 1378 | 2324 | 929  | 1330 | 1205 | 783  | 1264 | 1121 | 1110 | 926  | 1658
        2007 | 2372 |
    """

    def flows(self) -> tuple[pd.Series, pd.Series]:
        opened, new = (years_by_month(text.split("\n", 2)[2]) for text in (self.OPEN, self.NEW))
        return opened, new

    def test_twelve_months_of_stock_over_flow(self) -> None:
        """2006: 29 085 open and 15 851 new in all, 30.4375 x 29085/15851."""
        result = matching.vacancy_days(*self.flows())
        assert result[:11].isna().all()
        assert result["2006-12"] == pytest.approx(55.849, abs=0.001)
        assert result["2007-01"] == pytest.approx(30.4375 * 30042 / 16400)

    def test_a_steady_state_gives_the_duration(self) -> None:
        """100 new a month that stay two months: 200 open, 60.875 days."""
        panel = pd.DataFrame({"a": 200.0, "b": 0.0}, index=months(14))
        new = pd.DataFrame({"b": 0.0, "a": 100.0}, index=months(14))
        result = matching.vacancy_days(panel, new)
        assert result["a"].iloc[11:].tolist() == [60.875] * 3
        assert result["b"].isna().all()
        assert matching.vacancy_days(panel["a"], new["a"], window=3).notna().sum() == 12

    def test_a_hidden_month_hides_its_windows(self) -> None:
        opened, new = self.flows()
        assert matching.vacancy_days(opened, new.where(new.index != new.index[0])).isna().tolist() == [True] * 12 + [
            False
        ]

    def test_invalid_input(self) -> None:
        opened, new = self.flows()
        with pytest.raises(ValueError, match="monthly PeriodIndex"):
            matching.vacancy_days(opened.set_axis(pd.period_range("2006Q1", periods=13, freq="Q")), new)
        with pytest.raises(ValueError, match="monthly PeriodIndex"):
            matching.vacancy_days(opened.reset_index(drop=True), new.reset_index(drop=True))
        with pytest.raises(ValueError, match="labels do not match"):
            matching.vacancy_days(opened, new[:-1])
        with pytest.raises(ValueError, match="negative"):
            matching.vacancy_days(opened, -new)
        with pytest.raises(ValueError, match="without gaps"):
            matching.vacancy_days(opened.drop(opened.index[3]), new.drop(opened.index[3]))
        with pytest.raises(ValueError, match="window must lie"):
            matching.vacancy_days(opened, new, window=0)

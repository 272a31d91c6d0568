"""Events: what was to be expected, what is outside it, and when the answer is that the data cannot tell."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_tables import years_by_month

from indicators import events

quick = settings(max_examples=40, deadline=None)

SICILY_EVENTS = years_by_month("""
2002 | 728 | 659 | 791 | 734 | 757 | 726 | 760 | 740 | 720 | 814 | 795 | 858
2003 | 887 | 766 | 851 | 769 | 781 | 756 | 766 | 752 | 765 | 831 | 879 | 928
2004 | 914 | 808 | 937 | 840 | 916 | 828 | 845 | 818 | 860 | 839 | 887 | 886
2005 | 831 | 796 | 833 | 820 | 877 | 758 | 767 | 738 | 781 | 843 | 850 | 908
2006 | 1021 | 859 | 976 | 888 | 962 | 838 | 810 | 876 | 843 | 936 | 912 |
""")
"""Hospital admissions for acute coronary events in Sicily; smoking was banned indoors in January 2005."""

SICILY_POPULATION = years_by_month("""
2002 | 379875.3 | 376495.5 | 377040.8 | 377116.4 | 377383.4 | 374113.1 | 379513.3 | 376295.5 | 374653.2 | 378485.6 | 375955.5 | 378349.7
2003 | 376762.4 | 379032.3 | 379360.4 | 376162.0 | 377972.4 | 381830.7 | 379888.6 | 380872.2 | 380966.9 | 381240.4 | 382104.9 | 381802.7
2004 | 381656.3 | 383680.0 | 383504.2 | 386462.9 | 383783.1 | 380836.8 | 383483.0 | 380906.2 | 382926.8 | 384052.4 | 384449.6 | 383428.4
2005 | 388153.2 | 388373.2 | 386470.1 | 386033.2 | 383686.4 | 385509.3 | 385901.9 | 386516.6 | 388436.5 | 383255.2 | 390148.7 | 385874.9
2006 | 391613.6 | 391750.4 | 394005.6 | 391364.9 | 391664.6 | 389022.3 | 391878.5 | 388575.3 | 392989.0 | 390018.8 | 390712.3 |
""")  # fmt: skip  # noqa: E501
"""Age-standardised population, in ten person-years."""

BAN = pd.Series((SICILY_EVENTS.index >= pd.Period("2005-01", "M")).astype(int), index=SICILY_EVENTS.index)


def monthly(values: object, first: str = "2006-01") -> pd.Series:
    numbers = np.asarray(values, dtype=float)
    return pd.Series(numbers, index=pd.period_range(first, periods=len(numbers), freq="M"))


def seasonal_counts(months: int = 180, mean: float = 300, seed: int = 5) -> pd.Series:
    """Poisson counts around a level with one season a year; no event."""
    season = 1 + 0.3 * np.cos(2 * np.pi * np.arange(months) / 12)
    return monthly(np.random.default_rng(seed).poisson(mean * season))


def with_step(series: pd.Series, start: str, size: float) -> pd.Series:
    return series + size * (series.index >= pd.Period(start, "M"))


class TestInterruptedSeries:
    """Published: Lopez Bernal, Cummins & Gasparrini (2017) with their data and code; rates to three decimals."""

    def test_poisson_without_season(self) -> None:
        """Rate ratio 0.894, interval 0.864 to 0.925."""
        result = events.interrupted_series(
            SICILY_EVENTS.to_numpy(), BAN.to_numpy(), exposure=SICILY_POPULATION.to_numpy(), family="poisson"
        )
        assert result.index.tolist() == ["rate_ratio", "lower", "upper", "dispersion"]
        assert result[["rate_ratio", "upper"]].round(3).tolist() == [0.894, 0.925]
        assert result["lower"] == pytest.approx(0.8647, abs=1e-4)

    def test_quasi_poisson_with_season(self) -> None:
        """Rate ratio 0.885, interval 0.839 to 0.933."""
        result = events.interrupted_series(SICILY_EVENTS, BAN, exposure=SICILY_POPULATION)
        assert result[["rate_ratio", "lower", "upper"]].round(3).tolist() == [0.885, 0.839, 0.933]
        assert result["dispersion"] == pytest.approx(2.262, abs=0.001)

    def test_months_and_trend_may_be_given(self) -> None:
        given_both = events.interrupted_series(
            SICILY_EVENTS.tolist(),
            BAN.tolist(),
            trend=list(range(1, 60)),
            month=SICILY_EVENTS.index.month.to_numpy(),
            exposure=SICILY_POPULATION.tolist(),
        )
        by_index = events.interrupted_series(SICILY_EVENTS, BAN, exposure=SICILY_POPULATION)
        pd.testing.assert_series_equal(given_both, by_index)

    def test_no_harmonics_is_no_season(self) -> None:
        none = events.interrupted_series(SICILY_EVENTS, BAN, exposure=SICILY_POPULATION, harmonics=0)
        arrays = events.interrupted_series(
            SICILY_EVENTS.to_numpy(), BAN.to_numpy(), exposure=SICILY_POPULATION.to_numpy()
        )
        pd.testing.assert_series_equal(none, arrays)

    def test_the_families_differ_by_the_dispersion_alone(self) -> None:
        poisson, quasi = (
            events.interrupted_series(SICILY_EVENTS, BAN, exposure=SICILY_POPULATION, family=family)
            for family in ("poisson", "quasipoisson")
        )
        assert poisson["rate_ratio"] == quasi["rate_ratio"]
        widths = [np.log(each["upper"] / each["lower"]) for each in (poisson, quasi)]
        assert widths[1] / widths[0] == pytest.approx(poisson["dispersion"] ** 0.5)

    def test_labels_meet(self) -> None:
        shuffled = BAN.sample(frac=1, random_state=1)
        assert events.interrupted_series(SICILY_EVENTS, shuffled, exposure=SICILY_POPULATION)["rate_ratio"] == (
            pytest.approx(0.885, abs=0.0005)
        )

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"counts": SICILY_EVENTS * 0}, "the total of counts is zero"),
            ({"counts": SICILY_EVENTS * BAN}, "all counts where step is 0 are zero"),
            ({"counts": -SICILY_EVENTS}, "counts holds negative values"),
            ({"counts": SICILY_EVENTS.where(BAN == 1)}, "36 of 59 values of counts are hidden"),
            ({"counts": SICILY_EVENTS * np.nan}, "59 of 59 values of counts are hidden"),
            ({"step": BAN * 0}, "step never changes"),
            ({"step": BAN.set_axis(BAN.index.shift(1))}, "labels do not match"),
            ({"trend": BAN}, "cannot be told apart"),
            ({"exposure": SICILY_POPULATION * 0}, "exposure must be positive"),
            ({"month": BAN}, "whole number from 1 to 12"),
            ({"harmonics": -1}, "harmonics must be at least 0"),
            ({"family": "gaussian"}, "family must be"),
            ({"step": SICILY_EVENTS.to_frame("a")}, "must both be cross-sections"),
            ({"counts": BAN.to_frame("a"), "step": BAN.to_frame("a")}, "counts must be one value a period"),
        ],
    )
    def test_invalid_input(self, changed: dict, message: str) -> None:
        arguments = {"counts": SICILY_EVENTS, "step": BAN, **changed}
        with pytest.raises(ValueError, match=message):
            events.interrupted_series(**arguments)

    def test_as_many_coefficients_as_values(self) -> None:
        with pytest.raises(ValueError, match="3 values cannot carry 3 coefficients"):
            events.interrupted_series([5, 6, 7], [0, 0, 1])


class TestSeasonalCounterfactual:
    def test_an_undisturbed_season_is_expected_to_go_on(self) -> None:
        """12 even years: level 100 + 1/2, ratios exact, so the month itself; Poisson band of 80 is 63 to 98."""
        year = [80, 90, 100, 110, 120, 130, 120, 110, 100, 90, 80, 70]
        result = events.counterfactual(monthly(year * 12), "2016-01")
        assert result.columns.tolist() == ["observed", "expected", "lower", "upper", "gap"]
        assert len(result) == 24
        assert str(result.index[0]) == "2016-01"
        assert result["expected"].tolist() == pytest.approx(year * 2)
        assert result["gap"].tolist() == pytest.approx([0] * 24, abs=1e-9)
        assert result.loc["2016-01", ["lower", "upper"]].tolist() == [63, 98]

    def test_everything_is_frozen_before_the_event(self) -> None:
        series = seasonal_counts()
        noisy = series.where(series.index < pd.Period("2018-01", "M"), 7.0)
        kept = ["expected", "lower", "upper"]
        before, after = (events.counterfactual(each, "2018-01")[kept] for each in (series, noisy))
        pd.testing.assert_frame_equal(before, after)

    def test_a_step_shows_as_a_gap_of_its_size(self) -> None:
        series = with_step(seasonal_counts(), "2018-01", 200)
        result = events.counterfactual(series, "2018-01").loc[:"2018-12"]
        assert result["gap"].mean() == pytest.approx(200, abs=15)
        assert (result["observed"] > result["upper"]).all()

    def test_by_the_rule(self) -> None:
        """Level of the months 14 to 3 before, ratio the median of five Junes before the start, band by the misses."""
        series = seasonal_counts()
        start = pd.Period("2018-06", "M")

        def expected(month: pd.Period, ahead: int = 0) -> float:
            def level(at: pd.Period) -> float:
                return series[at - 14 : at - 3].mean()

            back = 12 * (ahead // 12 + 1)
            years = [month - back - 12 * k for k in range(5)]
            ratio = np.median([(series[year] + 0.5) / (level(year) + 0.5) for year in years])
            return ratio * (level(month - ahead) + 0.5) - 0.5

        result = events.counterfactual(series, start)
        assert result.loc[start, "expected"] == pytest.approx(expected(start))
        assert result["expected"].iloc[13] == pytest.approx(expected(start + 13, 13))
        misses = [abs(series[m] - expected(m)) / expected(m) ** 0.5 for m in pd.period_range(start - 60, start - 1)]
        dispersion = max(1, (1.4826 * np.median(misses)) ** 2)
        half = 1.96 * np.sqrt(dispersion * expected(start))
        assert result["upper"].iloc[0] - expected(start) == pytest.approx(half, abs=3)
        assert expected(start) - result["lower"].iloc[0] == pytest.approx(half, abs=3)

    def test_a_quiet_series_stays_inside_its_band(self) -> None:
        """36 months of twelve areas where nothing happened: 95 % expected, the tail of few misses included."""
        inside = [
            result["observed"].between(result["lower"], result["upper"]).mean()
            for result in (events.counterfactual(seasonal_counts(seed=seed), "2018-01") for seed in range(12))
        ]
        assert 0.9 < np.mean(inside) <= 1

    def test_too_little_past_for_a_band_far_ahead_leaves_it_open(self) -> None:
        """With exactly 98 months 24 misses tell how far a first year is off; a second year has twelve."""
        result = events.counterfactual(seasonal_counts(112), monthly([0] * 99).index[-1])
        assert result["expected"].notna().all()
        assert result["lower"].notna().tolist() == [True] * 12 + [False] * 2

    def test_a_hidden_month_has_no_gap(self) -> None:
        series = seasonal_counts()
        series["2018-03"] = np.nan
        result = events.counterfactual(series, "2018-01")
        assert result["gap"].isna().sum() == 1
        assert result["expected"].notna().all()

    def test_all_zero_is_expected_at_the_floor(self) -> None:
        result = events.counterfactual(monthly([0] * 120), "2015-01")
        assert result["expected"].tolist() == [0.5] * 12
        assert result["lower"].tolist() == [0] * 12

    @pytest.mark.parametrize(
        ("series", "start", "message"),
        [
            (seasonal_counts(120), "2014-02", "97 months come before the start: 98 are needed"),
            (seasonal_counts(120).where(lambda s: s.index != pd.Period("2014-06", "M")), "2015-01", "sets the level"),
            (monthly([np.nan] * 120), "2015-01", "sets the level"),
            (-seasonal_counts(120), "2015-01", "series holds negative values"),
            (seasonal_counts(120), "2016-01", "start 2016-01 is not among the periods"),
            (seasonal_counts(120), "2006-01", "nothing before it"),
            (seasonal_counts(120), pd.Period("2015Q1", "Q"), "2015Q1 is by Q"),
            (seasonal_counts(120).drop(pd.Period("2010-01", "M")), "2015-01", "1 months of series are absent"),
            (seasonal_counts(120).to_timestamp(), "2015-01", "monthly PeriodIndex"),
            (seasonal_counts(120).to_frame("a"), "2015-01", "one cell over time"),
        ],
    )
    def test_invalid_input(self, series: pd.Series, start: object, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            events.counterfactual(series, start)  # type: ignore[arg-type]


class TestOtherCounterfactuals:
    def test_interrupted_carries_trend_and_season_on(self) -> None:
        months = np.arange(120)
        exact = monthly(100 * np.exp(0.005 * months + 0.2 * np.sin(2 * np.pi * (months + 1) / 12)))
        result = events.counterfactual(with_step(exact, "2014-01", 50), "2014-01", "interrupted")
        assert len(result) == 24
        assert result["gap"].tolist() == pytest.approx([50] * 24, rel=1e-6)
        assert ((result["lower"] < result["expected"]) & (result["expected"] < result["upper"])).all()

    def test_interrupted_is_as_uncertain_as_it_has_been_wrong(self) -> None:
        """A wave of six years bends a fitted trend: the band must know that."""
        wave = 1 + 0.3 * np.sin(2 * np.pi * np.arange(180) / 72)
        calm, bent = seasonal_counts(), (seasonal_counts() * wave).round()
        widths = [
            (result["upper"] - result["lower"]).iloc[:12].mean()
            for result in (events.counterfactual(each, "2018-01", "interrupted") for each in (calm, bent))
        ]
        assert widths[1] > 2 * widths[0]

    def test_synthetic_follows_the_donors(self) -> None:
        donors, weights = random_walks(8), np.array([0.7, 0.3, 0, 0, 0, 0, 0, 0])
        rng = np.random.default_rng(2)
        series = pd.Series(donors.to_numpy() @ weights + rng.normal(0, 0.5, len(donors)), index=donors.index)
        start = donors.index[40]
        result = events.counterfactual(with_step(series, str(start), 10), start, "synthetic", donors)
        assert len(result) == 20
        assert result["gap"].mean() == pytest.approx(10, abs=0.5)
        half = (result["upper"] - result["expected"]).unique()
        assert half[0] == pytest.approx(1.96 * 0.5, rel=0.4)

    def test_a_hidden_month_after_the_start_does_not_move_the_others(self) -> None:
        donors = random_walks(4)
        series, start = donors["a"] * 0.5 + donors["b"] * 0.5, donors.index[40]
        hidden = series.copy()
        hidden.iloc[50] = np.nan
        whole, partly = (events.counterfactual(each, start, "synthetic", donors) for each in (series, hidden))
        pd.testing.assert_series_equal(whole["expected"], partly["expected"])
        assert partly["gap"].isna().sum() == 1

    def test_invalid_input(self) -> None:
        donors = random_walks(3)
        series = donors["a"]
        with pytest.raises(ValueError, match="method must be"):
            events.counterfactual(series, "2008-01", "causal")
        with pytest.raises(ValueError, match="donors are needed for the synthetic"):
            events.counterfactual(series, "2008-01", "synthetic")
        with pytest.raises(ValueError, match="donors are needed for the synthetic"):
            events.counterfactual(seasonal_counts(), "2018-01", "seasonal", donors)
        with pytest.raises(ValueError, match="labels do not match"):
            events.counterfactual(series, "2008-01", "synthetic", donors.iloc[1:])
        with pytest.raises(ValueError, match="values of outcomes are hidden"):
            events.counterfactual(series, "2008-01", "synthetic", donors.where(donors > donors.min()))
        with pytest.raises(ValueError, match="23 months come before the start: 24 are needed"):
            events.counterfactual(seasonal_counts(60), "2007-12", "interrupted")
        with pytest.raises(ValueError, match="1 of 24 values of series before the start are hidden"):
            events.counterfactual(monthly([np.nan, *range(59)]), "2008-01", "interrupted")
        with pytest.raises(ValueError, match="total of series before the start is zero"):
            events.counterfactual(monthly([0] * 30), "2008-01", "interrupted")


def random_walks(units: int, periods: int = 60, seed: int = 4) -> pd.DataFrame:
    steps = np.random.default_rng(seed).normal(0, 1, (periods, units))
    return pd.DataFrame(
        100 + steps.cumsum(axis=0),
        index=pd.period_range("2006-01", periods=periods, freq="M"),
        columns=list("abcdefghijkl")[:units],
    )


def treated_panel(effect: float = 8.0) -> pd.DataFrame:
    """``t`` is 0.6 a + 0.4 b up to period 40, and ``effect`` above it from there on."""
    panel = random_walks(9)
    panel["t"] = 0.6 * panel["a"] + 0.4 * panel["b"]
    panel.loc[panel.index[40] :, "t"] += effect
    return panel


class TestSyntheticControl:
    def test_known_weights_are_found(self) -> None:
        panel = treated_panel()
        result = events.synthetic_control(panel, "t", panel.index[40])
        weights = result.attrs["weights"]
        assert result.columns.tolist() == ["observed", "synthetic", "gap"]
        assert len(result) == 60
        assert weights.index.tolist() == list("abcdefghi")
        assert weights[["a", "b"]].tolist() == pytest.approx([0.6, 0.4])
        assert weights.sum() == pytest.approx(1)
        assert result["gap"].tolist() == pytest.approx([0] * 40 + [8] * 20, abs=1e-9)
        assert result.attrs["pre_mspe"] == pytest.approx(0, abs=1e-18)

    def test_by_hand(self) -> None:
        """Donors 0 and 10, treated 4 and 6 by turns: weights 0.5 and 0.5, gap 1 either way."""
        panel = pd.DataFrame({"t": [4, 6] * 6, "low": [0] * 12, "high": [10] * 12}, index=range(2000, 2012))
        result = events.synthetic_control(panel, "t", 2010)
        assert result.attrs["weights"].to_dict() == pytest.approx({"low": 0.5, "high": 0.5})
        assert result.attrs["pre_mspe"] == pytest.approx(1)
        assert result["gap"].tolist() == pytest.approx([-1, 1] * 6)

    def test_outside_the_range_of_the_donors_the_nearest_is_all(self) -> None:
        panel = pd.DataFrame({"t": [50] * 12, "low": range(12), "high": range(10, 22)}, index=range(12))
        result = events.synthetic_control(panel, "t", 10)
        assert result.attrs["weights"].to_dict() == {"low": 0, "high": 1}
        assert result.attrs["pre_mspe"] > 1000

    def test_predictors_choose_the_donors(self) -> None:
        """The sector share tells a and b from the rest; noise is a predictor that helps nothing."""
        panel = treated_panel()
        shares = {unit: 0.02 * k for k, unit in enumerate("cdefghi", 5)} | {"a": 0.8, "b": 0.3, "t": 0.6}
        means = panel.iloc[:40].mean()
        predictors = pd.DataFrame([pd.Series(shares), means, panel.iloc[39]], index=["share", "mean", "last"])
        result = events.synthetic_control(panel, "t", panel.index[40], predictors)
        assert result.attrs["weights"].sum() == pytest.approx(1)
        assert result.attrs["weights"][["a", "b"]].tolist() == pytest.approx([0.6, 0.4], abs=0.01)
        assert result.attrs["predictor_weights"].index.tolist() == ["share", "mean", "last"]
        assert result.attrs["predictor_weights"].sum() == pytest.approx(1)

    @pytest.mark.parametrize(
        ("change", "arguments", "message"),
        [
            (lambda p: p, ("x", "2009-05"), "outcomes has no unit 'x'"),
            (lambda p: p[["t"]], ("t", "2009-05"), "no donors"),
            (lambda p: p, ("t", "2006-10"), "9 periods come before the start: 10 are needed"),
            (lambda p: p, ("t", "2006-01"), "nothing before it"),
            (lambda p: p, ("t", "2011-01"), "start 2011-01 is not among the periods"),
            (lambda p: p.where(p > p.min()), ("t", "2009-05"), "10 of 600 values of outcomes are hidden"),
            (lambda p: p["t"], ("t", "2009-05"), "outcomes must be a panel"),
            (lambda p: p, ("t", "2009-05", pd.DataFrame({"a": [1]})), "labels do not match"),
            (lambda p: p, ("t", "2009-05", pd.DataFrame(1, index=["x"], columns=[*"abcdefghit"])), "same for every"),
            (lambda p: p, ("t", "2009-05", pd.Series([1])), "predictors must be a frame"),
        ],
    )
    def test_invalid_input(self, change: object, arguments: tuple, message: str) -> None:
        for function in (events.synthetic_control, events.placebo_test):
            with pytest.raises(ValueError, match=message):
                function(change(treated_panel()), *arguments)  # type: ignore[operator]


class TestPlacebo:
    def test_a_large_effect_is_the_rarest_of_ten(self) -> None:
        panel = treated_panel(effect=30)
        panel["t"] += np.random.default_rng(6).normal(0, 0.3, len(panel))
        result = events.placebo_test(panel, "t", panel.index[40])
        assert result.columns.tolist() == ["ratio"]
        assert result.index.tolist() == ["t", *"abcdefghi"]
        assert result["ratio"].idxmax() == "t"
        assert result.attrs["p"] == pytest.approx(0.1)

    def test_no_effect_is_nothing_unusual(self) -> None:
        panel = random_walks(10)
        result = events.placebo_test(panel, "j", panel.index[40])
        assert result.attrs["p"] > 0.1
        assert result.attrs["p"] == (result["ratio"] >= result.loc["j", "ratio"]).mean()

    def test_the_treated_unit_is_no_donor(self) -> None:
        """Whatever happens in it after the start leaves the ratios of the others."""
        small, large = (
            events.placebo_test(treated_panel(effect), "t", treated_panel().index[40])["ratio"][1:]
            for effect in (1.0, 99.0)
        )
        pd.testing.assert_series_equal(small, large)

    def test_a_perfect_fit(self) -> None:
        panel = treated_panel()
        assert events.placebo_test(panel, "t", panel.index[40]).loc["t", "ratio"] == np.inf
        same = events.placebo_test(treated_panel(effect=0), "t", panel.index[40])
        assert np.isnan(same.loc["t", "ratio"])
        assert np.isnan(same.attrs["p"])

    def test_one_donor_is_no_test(self) -> None:
        panel = random_walks(2)
        with pytest.raises(ValueError, match="at least two donors"):
            events.placebo_test(panel, "a", panel.index[40])


class TestIdentifiable:
    def test_size_against_the_detection_limit(self) -> None:
        """A constant 50 under Poisson: (1.96 + 0.8416) sqrt 50 = 19.81."""
        flat = monthly([50] * 120)
        small, large = (events.identifiable(flat, "2015-01", effect) for effect in (19.8, -19.9))
        assert small.index.tolist() == ["identifiable", "limit", "reason"]
        assert small["limit"] == large["limit"] == pytest.approx(19.81, abs=0.01)
        assert small[["identifiable", "reason"]].tolist() == [False, "below_detection_limit"]
        assert large[["identifiable", "reason"]].tolist() == [True, ""]

    def test_nothing_from_the_start_on_is_looked_at(self) -> None:
        series = seasonal_counts(140)
        noisy = series.where(series.index < pd.Period("2015-06", "M"), np.nan)
        short = series[: pd.Period("2015-05", "M")]
        limits = {events.identifiable(each, "2015-06", 500)["limit"] for each in (series, noisy, short)}
        assert len(limits) == 1

    @pytest.mark.parametrize(
        ("other_events", "reason"),
        [
            (["2013-10", "2016-01"], ""),
            (["2013-11"], "overlapping_events: 2013-11"),
            (["2015-12", pd.Period("2014-06", "M")], "overlapping_events: 2015-12, 2014-06"),
            ([("2010-01", "2013-10")], ""),
            ([("2010-01", "2020-12")], "overlapping_events: 2010-01 to 2020-12"),
            ({"pandemic": ("2014-03", "2015-12"), "old": "2001-01"}, "overlapping_events: pandemic"),
        ],
    )
    def test_other_events_in_the_way(self, other_events: object, reason: str) -> None:
        result = events.identifiable(monthly([50] * 120), "2015-01", 100, other_events)  # type: ignore[arg-type]
        assert result[["identifiable", "reason"]].tolist() == [reason == "", reason]

    def test_both_reasons_are_given(self) -> None:
        result = events.identifiable(monthly([50] * 120), "2015-01", 5, ["2015-02"])
        assert result["reason"] == "below_detection_limit; overlapping_events: 2015-02"

    @pytest.mark.parametrize("series", [monthly([50] * 97), monthly([np.nan] * 120), seasonal_counts(30)])
    def test_no_history_no_limit(self, series: pd.Series) -> None:
        result = events.identifiable(series, series.index[-1], 1000)
        assert result[["identifiable", "reason"]].tolist() == [False, "too_short"]
        assert np.isnan(result["limit"])

    def test_invalid_input(self) -> None:
        flat = monthly([50] * 120)
        for effect in (0, np.nan, np.inf):
            with pytest.raises(ValueError, match="a size with a sign"):
                events.identifiable(flat, "2015-01", effect)
        for start in ("2016-02", "2006-01", "1999-01"):
            with pytest.raises(ValueError, match="must be a month of the series, or the one after it"):
                events.identifiable(flat, start, 10)
        with pytest.raises(ValueError, match="ends before it begins"):
            events.identifiable(flat, "2015-01", 10, [("2015-03", "2015-02")])
        with pytest.raises(ValueError, match="a collection of months"):
            events.identifiable(flat, "2015-01", 10, "2015-02")
        with pytest.raises(ValueError, match="negative"):
            events.identifiable(-flat, "2015-01", 10)


YES = pd.Series({"identifiable": True, "limit": 20.0, "reason": ""})
NO = pd.Series({"identifiable": False, "limit": 20.0, "reason": "below_detection_limit"})


def gaps(*observed: float) -> pd.DataFrame:
    """Months with a band from 40 to 60."""
    seen = monthly(observed, "2020-01")
    return pd.DataFrame({"observed": seen, "expected": 50.0, "lower": 40.0, "upper": 60.0, "gap": seen - 50})


class TestVerdict:
    @pytest.mark.parametrize(
        ("observed", "expected"),
        [
            ((70, 50, 70), "detected"),
            ((50, 50, 30, 30), "detected"),
            ((70, 50, 50, 70), "no_visible_change"),
            ((70, 50, 30), "no_visible_change"),
            ((60, 60, 40), "no_visible_change"),
            ((70, 70), "detected"),
            ((70, 50), "cannot_tell"),
            ((np.nan, np.nan, np.nan, np.nan), "cannot_tell"),
            ((70, np.nan, 70), "detected"),
            ((50, np.nan, 50), "cannot_tell"),
            ((), "cannot_tell"),
        ],
    )
    def test_two_of_three_months_on_one_side(self, observed: tuple, expected: str) -> None:
        assert events.verdict(gaps(*observed), YES) == expected

    def test_absent_months_count_as_months(self) -> None:
        apart = gaps(70, 50, 50, 70).drop(pd.PeriodIndex(["2020-02", "2020-03"], freq="M"))
        assert events.verdict(apart, YES) == "cannot_tell"

    def test_what_is_not_identifiable_is_never_detected(self) -> None:
        assert events.verdict(gaps(900, 900, 900), NO) == "cannot_tell"
        assert events.verdict(gaps(900, 900, 900), NO, placebo_p=0.01) == "cannot_tell"

    @pytest.mark.parametrize(("p", "expected"), [(0.09, "detected"), (0.1, "no_visible_change")])
    def test_placebos_must_agree(self, p: float, expected: str) -> None:
        assert events.verdict(gaps(70, 70, 70), YES, p) == expected

    def test_without_a_band_there_is_nothing_to_say(self) -> None:
        assert events.verdict(gaps(900, 900, 900).assign(lower=np.nan, upper=np.nan), YES) == "cannot_tell"

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="lacks the columns upper"):
            events.verdict(gaps(50).drop(columns="upper"), YES)
        for p in (np.nan, 1.5):
            with pytest.raises(ValueError, match="placebo_p must be between 0 and 1"):
                events.verdict(gaps(50), YES, p)


def test_quiet_areas_are_left_alone_and_a_large_step_is_found() -> None:
    """Forty areas over a year in which nothing happened: hardly a false alarm; with half as much again, all found."""
    quiet = [seasonal_counts(seed=seed) for seed in range(40)]
    answers = {
        size: [
            events.verdict(
                events.counterfactual(with_step(series, "2018-01", size), "2018-01").loc[:"2018-12"],
                events.identifiable(series, "2018-01", 150),
            )
            for series in quiet
        ]
        for size in (0, 150)
    }
    assert answers[0].count("detected") <= 4
    assert answers[0].count("no_visible_change") >= 36
    assert answers[150] == ["detected"] * 40


@quick
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(10, 20))
def test_weights_are_a_mixture_that_no_single_donor_beats(seed: int, donors: int, before: int) -> None:
    panel = pd.DataFrame(np.random.default_rng(seed).normal(0, 10, (before + 3, donors + 1)))
    kept = panel.copy()
    result = events.synthetic_control(panel, 0, before)
    weights = result.attrs["weights"]
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)
    errors = panel.iloc[:before].drop(columns=0).sub(panel.iloc[:before][0], axis=0)
    assert result.attrs["pre_mspe"] <= (errors**2).mean().min() + 1e-9
    # At the minimum every donor in use pulls equally, and no other would pull more.
    pull = errors.T.to_numpy() @ (errors.to_numpy() @ weights.to_numpy())
    assert (pull >= pull[weights.to_numpy() > 1e-9].max() - 1e-6 * np.abs(pull).max()).all()
    pd.testing.assert_frame_equal(panel, kept)


@quick
@given(st.integers(0, 10_000), st.permutations(range(5)))
def test_the_order_of_units_does_not_matter(seed: int, order: list[int]) -> None:
    panel = pd.DataFrame(np.random.default_rng(seed).normal(0, 10, (20, 5)), columns=list("tabcd"))
    result, other = (events.synthetic_control(each, "t", 12) for each in (panel, panel.iloc[:, order]))
    pd.testing.assert_frame_equal(result, other, rtol=1e-6, atol=1e-6)


def test_the_module_does_not_load_the_heavy_libraries() -> None:
    code = "import indicators.events, sys; print([m for m in ('statsmodels', 'scipy') if m in sys.modules])"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True).stdout == "[]\n"

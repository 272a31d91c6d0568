"""What a month should have been, which months are not, and when a level moved."""

import itertools
import math
import statistics
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.datasets import nile

from indicators import signals, uncertainty

examples = settings(max_examples=40, deadline=None)


def months(values: object, start: str = "2006-01", name: str | None = None) -> pd.Series:
    values = np.asarray(values, dtype=float)
    return pd.Series(values, index=pd.period_range(start, periods=len(values), freq="M"), name=name)


def steady(level: float, count: int = 110, **latest: float) -> pd.Series:
    """The same count every month, but for the last ones: ``m1`` the last, ``m2`` the one before it ..."""
    values = np.full(count, float(level))
    for name, value in latest.items():
        values[-int(name.removeprefix("m"))] = value
    return months(values, name="KU261")


def noisy_panel(cells: int = 4, count: int = 130, level: float = 80, seed: int = 0) -> pd.DataFrame:
    """Seasonal counts with more than Poisson noise."""
    draws = np.random.default_rng(seed)
    season = 1 + 0.4 * np.sin(2 * np.pi * np.arange(count) / 12)
    means = level * season[:, None] * draws.gamma(40, 1 / 40, (count, cells))
    return pd.DataFrame(
        draws.poisson(means).astype(float),
        index=pd.period_range("2006-01", periods=count, freq="M"),
        columns=[f"KU{number}" for number in range(cells)],
    )


def nile_flow() -> pd.Series:
    """Annual flow of the Nile at Aswan, 1871 to 1970, 10^8 m^3: the series of many papers on breaks."""
    data = nile.load_pandas().data
    years = pd.PeriodIndex(data["year"].astype(int).astype(str), freq="Y")
    return pd.Series(data["volume"].to_numpy(), index=years)


def by_the_formulas(y: list[float], t: int) -> tuple[float, float] | None:
    """Expected count and dispersion of month t, straight from their definition, one month at a time."""

    def level(s: int) -> float:
        return statistics.fmean(y[s - 14 : s - 2])

    def mean(s: int) -> float:
        ratios = [(y[s - 12 * k] + 0.5) / (level(s - 12 * k) + 0.5) for k in range(1, 6)]
        return max(0.5, statistics.median(ratios) * (level(s) + 0.5) - 0.5)

    misses = [abs(y[s] - mean(s)) / math.sqrt(mean(s)) for s in range(max(t - 60, 74), t)]
    return (mean(t), max(1.0, (1.4826 * statistics.median(misses)) ** 2)) if len(misses) >= 24 else None


class TestExpected:
    def test_a_row_a_month_and_cell(self) -> None:
        result = signals.expected(noisy_panel(cells=2))
        assert result.columns.tolist() == ["period", "cell", "expected", "dispersion"]
        assert result["cell"].tolist()[:4] == ["KU0", "KU1", "KU0", "KU1"]
        assert result["period"].astype(str).tolist()[-3:] == ["2016-09", "2016-10", "2016-10"]
        assert signals.expected(months(np.ones(3), name="KU261"))["cell"].unique().tolist() == ["KU261"]

    def test_a_new_level_is_learnt_month_by_month_with_three_months_delay(self) -> None:
        """From 12 to 24: the level of the month s + 3 holds one new month, (11 x 12 + 24)/12 = 13."""
        series = months([12.0] * 80 + [24.0] * 20)
        result = signals.expected(series)["expected"].tolist()
        assert result[80:95] == pytest.approx([12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24])

    def test_the_usual_season_is_the_median_of_five_years(self) -> None:
        """50 a month, 101 every December but one of 5: the odd one counts for nothing."""
        values = np.full(110, 50.0)
        values[11::12] = 101
        usual = signals.expected(months(values))["expected"]
        values[71] = 5
        after_an_odd_one = signals.expected(months(values))["expected"]
        assert usual[107] == pytest.approx(101)
        assert after_an_odd_one[107] == pytest.approx(101)

    def test_begins_after_five_years_and_fourteen_months_and_dispersion_two_years_later(self) -> None:
        result = signals.expected(noisy_panel(cells=1)).set_index("period")
        assert str(result["expected"].first_valid_index()) == "2012-03"
        assert str(result["dispersion"].first_valid_index()) == "2014-03"
        one_year = signals.expected(noisy_panel(cells=1), years=1).set_index("period")
        assert str(one_year["expected"].first_valid_index()) == "2008-03"

    @pytest.mark.parametrize("level", [3, 80, 5000])
    def test_follows_the_formulas_month_by_month(self, level: float) -> None:
        panel = noisy_panel(cells=2, level=level)
        result = signals.expected(panel).set_index(["cell", "period"])
        for cell, t in itertools.product(panel.columns, range(98, 130)):
            ours = result.loc[(cell, panel.index[t]), ["expected", "dispersion"]].tolist()
            assert ours == pytest.approx(by_the_formulas(panel[cell].tolist(), t))

    def test_never_below_one_half_nor_dispersion_below_one(self) -> None:
        assert signals.expected(steady(0))["expected"].dropna().unique().tolist() == [0.5]
        assert signals.expected(steady(7))["dispersion"].dropna().unique().tolist() == [1.0]

    def test_hidden_months_are_left_out_up_to_a_quarter_of_the_level(self) -> None:
        """Three hidden of twelve leave the mean of the nine seen; the fourth leaves none."""
        series = steady(20)
        series.iloc[-14:-11] = np.nan
        assert signals.expected(series)["expected"].iloc[-1] == pytest.approx(20)
        series.iloc[-11] = np.nan
        assert math.isnan(signals.expected(series)["expected"].iloc[-1])

    def test_the_season_needs_three_of_five_years(self) -> None:
        """Each hidden December takes one ratio away; the twelve months of a level may miss one."""
        series = steady(20, count=120)
        series.iloc[[59, 71]] = np.nan
        assert signals.expected(series)["expected"].iloc[-1] == pytest.approx(20)
        series.iloc[83] = np.nan
        assert math.isnan(signals.expected(series)["expected"].iloc[-1])

    def test_an_absent_month_is_a_hidden_one(self) -> None:
        panel = noisy_panel()
        hidden = panel.copy()
        hidden.iloc[90] = np.nan
        expected = signals.expected(hidden)
        absent = signals.expected(panel.drop(panel.index[90]))
        kept = expected[expected["period"] != panel.index[90]].reset_index(drop=True)
        pd.testing.assert_frame_equal(absent, kept)


class TestDetect:
    def test_mid_p_of_a_poisson_count(self) -> None:
        """Mean 10: P(Y > 20) = 0.001588, P(Y = 20) = 0.001866, so p = 2 (0.001588 + 0.000933)."""
        up = signals.detect(steady(10, m1=20)).iloc[-1]
        assert up[["observed", "expected"]].tolist() == [20, 10]
        assert up["p"] == pytest.approx(0.005043, abs=1e-6)
        down = signals.detect(steady(10, m1=0)).iloc[-1]
        assert down["p"] == pytest.approx(math.exp(-10))
        assert [up["direction"], down["direction"]] == ["up", "down"]

    @pytest.mark.parametrize("count", [0, 1, 55, 79, 80, 81, 140, 400])
    def test_mid_p_of_an_overdispersed_count(self, count: int) -> None:
        """Summed term by term from the probabilities of the negative binomial with that mean and variance."""
        panel = noisy_panel(cells=1)
        panel.iloc[-1] = count
        row = signals.detect(panel).iloc[-1]
        mu, phi = signals.expected(panel).iloc[-1][["expected", "dispersion"]]
        assert phi > 1.5
        size = mu / (phi - 1)
        terms = [
            math.exp(
                math.lgamma(k + size)
                - math.lgamma(size)
                - math.lgamma(k + 1)
                + size * math.log(1 / phi)
                + k * math.log(1 - 1 / phi)
            )
            for k in range(3000)
        ]
        below, above = sum(terms[:count]), sum(terms[count + 1 :])
        assert row["p"] == pytest.approx(2 * min(below + terms[count] / 2, above + terms[count] / 2), rel=1e-6)

    def test_limit_is_the_edge_of_the_noise_band_around_a_model(self) -> None:
        panel = noisy_panel()
        row = signals.detect(panel).iloc[-1]
        model = signals.expected(panel).iloc[-1]
        limit = uncertainty.detection_limit(model["expected"], dispersion=model["dispersion"], against="model")
        assert row["limit"] == pytest.approx(limit)

    def test_one_month_alone_is_watched_and_the_second_is_a_signal(self) -> None:
        result = signals.detect(steady(100, m2=190, m1=190)).tail(2)
        assert result["watch"].tolist() == [True, False]
        assert result["signal"].tolist() == [False, True]

    def test_two_of_three_months_need_not_follow_each_other(self) -> None:
        result = signals.detect(steady(100, m5=190, m3=190)).tail(5)
        assert result["signal"].tolist() == [False, False, True, False, False]
        lasting = signals.detect(steady(100, m3=190, m2=190)).tail(3)
        assert lasting["signal"].tolist() == [False, True, True]
        assert lasting["direction"].tolist() == ["up", "up", "up"]

    def test_opposite_directions_do_not_add_up(self) -> None:
        result = signals.detect(steady(100, m2=190, m1=30)).tail(2)
        assert result["watch"].tolist() == [True, True]
        assert not result["signal"].any()

    def test_how_long_it_must_last_can_be_set(self) -> None:
        series = steady(100, m1=190)
        assert signals.detect(series, persist=(1, 1))["signal"].iloc[-1]
        assert not signals.detect(steady(100, m2=190, m1=190), persist=(3, 3))["signal"].any()

    def test_hidden_months_are_not_tested(self) -> None:
        series = steady(100, m4=190, m3=np.nan, m2=190, m1=np.nan)
        result = signals.detect(series).tail(4)
        assert result["p"].isna().tolist() == [False, True, False, True]
        assert result["direction"].isna().tolist() == [False, True, False, True]
        assert result["watch"].tolist() == [True, False, False, False]
        assert result["signal"].tolist() == [False, False, True, False]

    def test_a_hidden_month_after_two_rejected_ones_says_nothing_itself(self) -> None:
        result = signals.detect(steady(100, m3=190, m2=190, m1=np.nan)).tail(2)
        assert result["signal"].tolist() == [True, False]

    def test_the_family_is_all_cells_tested_that_month(self) -> None:
        """Mean 10: 17 has p = 0.0426, rejected alone; among three cells without change it is not."""
        alone = steady(10, m1=17)
        assert signals.detect(alone)["watch"].iloc[-1]
        calm = pd.concat([alone, *[steady(10)] * 3], axis=1, keys=["a", "b", "c", "d"])
        row = signals.detect(calm).iloc[-4]
        assert row["p"] == pytest.approx(0.0415, abs=5e-4)
        assert row["p_adjusted"] == pytest.approx(4 * row["p"])
        assert not row["watch"]
        calm.iloc[-1, 1:] = np.nan
        assert signals.detect(calm).iloc[-4]["p_adjusted"] == pytest.approx(row["p"])

    def test_measures_of_one_screen_are_one_panel(self) -> None:
        panel = pd.concat({"unemployed": noisy_panel(cells=2), "vacancies": noisy_panel(cells=2, seed=1)}, axis=1)
        result = signals.detect(panel)
        assert result["cell"].tolist()[:3] == [("unemployed", "KU0"), ("unemployed", "KU1"), ("vacancies", "KU0")]

    def test_columns_and_types(self) -> None:
        result = signals.detect(noisy_panel())
        assert result.dtypes.astype(str).to_dict() == {
            "period": "period[M]",
            "cell": "str",
            "observed": "float64",
            "expected": "float64",
            "limit": "float64",
            "p": "float64",
            "p_adjusted": "float64",
            "direction": "str",
            "watch": "bool",
            "signal": "bool",
        }

    def test_no_change_gives_no_signal(self) -> None:
        for level in (0, 1, 7, 8820):
            result = signals.detect(steady(level, count=214))
            assert not (result["signal"] | result["watch"]).any()

    def test_hidden_everywhere_and_too_short_a_past_test_nothing(self) -> None:
        for series in (steady(np.nan), steady(10, count=98), steady(10, count=1)):
            result = signals.detect(series)
            assert result["p"].isna().all()
            assert not (result["signal"] | result["watch"]).any()

    def test_a_screen_of_three_measures_is_quick(self) -> None:
        """21 municipalities, 3 measures, 214 months: measured at 0.03 s."""
        panel = noisy_panel(cells=63, count=214)
        signals.detect(panel)
        started = time.perf_counter()
        signals.detect(panel)
        assert time.perf_counter() - started < 0.5

    @pytest.mark.parametrize("judge", [signals.expected, signals.detect])
    @pytest.mark.parametrize(
        ("counts", "message"),
        [
            (pd.Series([1.0, 2.0]), "monthly PeriodIndex"),
            ([1.0, 2.0], "must be a Series or DataFrame by month"),
            (pd.Series([1.0], index=pd.PeriodIndex(["2020"], freq="Y")), "monthly PeriodIndex"),
            (
                pd.Series([1.0, 2.0], index=pd.Index([pd.Period("2020-01", "M"), pd.Period("2020", "Y")])),
                "monthly PeriodIndex",
            ),
            (pd.Series([1.0, 2.0], index=pd.PeriodIndex(["2020-01", "NaT"], freq="M")), "without a month"),
            (months([1, -2]), "negative"),
            (months([1, np.inf]), "infinite"),
            (months([]), "empty"),
            (pd.concat([months([1]), months([2])]), "repeated labels: 2006-01"),
        ],
    )
    def test_unusable_input_is_refused(self, judge: object, counts: object, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            judge(counts)  # type: ignore[operator]

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"q": 5}, "q must lie between 0 and 1, got 5"),
            ({"q": -0.1}, "q must"),
            ({"persist": (3, 2)}, "k of n"),
            ({"persist": (0, 3)}, "k of n"),
            ({"years": 0}, "years must be at least 1"),
        ],
    )
    def test_invalid_options(self, wrong: dict[str, object], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            signals.detect(steady(10), **wrong)  # type: ignore[arg-type]


class TestWhateverTheNumbers:
    """Properties of detection that hold for any counts."""

    panels = st.integers(0, 10_000).flatmap(
        lambda seed: st.sampled_from([2, 30, 900]).map(lambda level: noisy_panel(level=level, seed=seed))
    )

    @examples
    @given(panels, st.integers(1, 30))
    def test_shifting_all_dates_changes_nothing_but_the_dates(self, panel: pd.DataFrame, by: int) -> None:
        later = panel.set_axis(panel.index + 12 * by)
        moved = signals.detect(later)
        pd.testing.assert_frame_equal(
            moved.drop(columns="period"), signals.detect(panel).drop(columns="period"), check_exact=True
        )

    @examples
    @given(panels, st.integers(100, 129), st.integers(0, 10_000))
    def test_the_future_changes_nothing_before_it(self, panel: pd.DataFrame, now: int, seed: int) -> None:
        changed = panel.copy()
        changed.iloc[now:] = np.random.default_rng(seed).integers(0, 5000, changed.iloc[now:].shape)
        before = [signals.detect(frame).head(now * panel.shape[1]) for frame in (panel, changed)]
        pd.testing.assert_frame_equal(*before)

    @examples
    @given(panels, st.permutations(range(4)))
    def test_order_of_cells_does_not_matter(self, panel: pd.DataFrame, order: list[int]) -> None:
        kept = panel.copy()
        ours = signals.detect(panel).set_index(["period", "cell"]).sort_index()
        shuffled = signals.detect(panel.iloc[:, order]).set_index(["period", "cell"]).sort_index()
        pd.testing.assert_frame_equal(ours, shuffled)
        pd.testing.assert_frame_equal(panel, kept)

    @examples
    @given(panels, st.lists(st.tuples(st.integers(0, 129), st.integers(0, 3)), max_size=60))
    def test_a_hidden_month_is_never_judged(self, panel: pd.DataFrame, hidden: list[tuple[int, int]]) -> None:
        for month, cell in hidden:
            panel.iloc[month, cell] = np.nan
        result = signals.detect(panel)
        judged = result[result["observed"].isna()]
        assert judged[["p", "p_adjusted", "direction"]].isna().all(axis=None)
        assert not judged[["watch", "signal"]].any(axis=None)
        tested = result.dropna(subset="p")
        assert tested["p"].between(0, 1).all()
        assert (tested["p_adjusted"] >= tested["p"]).all()
        assert not (result["watch"] & result["signal"]).any()


class TestBenjaminiHochberg:
    PUBLISHED = (
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    )

    def test_the_example_of_the_paper(self) -> None:
        """Benjamini & Hochberg (1995), section 3.2: the four smallest of fifteen, 0.0095 <= 4/15 x 0.05 = 0.0133."""
        rejected = signals.benjamini_hochberg(list(self.PUBLISHED))
        assert rejected.tolist() == [True] * 4 + [False] * 11

    def test_a_smaller_one_is_carried_by_a_larger_one(self) -> None:
        """0.03 > 1/2 x 0.05 but 0.05 <= 2/2 x 0.05, so both."""
        assert signals.benjamini_hochberg([0.05, 0.03]).tolist() == [True, True]

    def test_labels_stay_and_a_missing_one_is_not_tested(self) -> None:
        """0.02 is rejected among two, not among three: 0.02 > 1/3 x 0.05."""
        p = pd.Series({"KU261": 0.02, "KU148": np.nan, "KU890": 0.9})
        assert signals.benjamini_hochberg(p).to_dict() == {"KU261": True, "KU148": False, "KU890": False}
        assert not signals.benjamini_hochberg(p.fillna(0.9))["KU261"]
        assert signals.benjamini_hochberg([np.nan, np.nan]).tolist() == [False, False]

    def test_nothing_is_rejected_at_zero(self) -> None:
        assert signals.benjamini_hochberg([0.0, 0.5], q=0).tolist() == [False, False]

    @examples
    @given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0, 1), st.floats(0, 1), st.randoms())
    def test_monotone_in_q_and_the_step_up_rule(self, p: list[float], one: float, other: float, random: object) -> None:
        low, high = sorted((one, other))
        strict, loose = signals.benjamini_hochberg(p, low), signals.benjamini_hochberg(p, high)
        assert not (strict & ~loose).any()
        ranked = sorted(p)
        margin = 1e-12
        passing = [value for i, value in enumerate(ranked, 1) if value <= high * i / len(p) * (1 - margin)]
        assert all(loose[i] for i, value in enumerate(p) if passing and value <= max(passing) and high > 0)
        failing = [value for i, value in enumerate(ranked, 1) if value <= high * i / len(p) * (1 + margin) + 1e-300]
        assert loose.sum() <= sum(value <= max(failing, default=-1) for value in p)

    @pytest.mark.parametrize(
        ("p", "q", "message"),
        [
            ([0.5, 1.2], 0.05, "pvalues must lie"),
            ([-0.1], 0.05, "pvalues must lie"),
            ([0.5], 5, "q must lie"),
            ([], 0.05, "empty"),
            (np.full((2, 2), 0.5), 0.05, "one family"),
        ],
    )
    def test_invalid_input(self, p: object, q: float, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            signals.benjamini_hochberg(p, q)  # type: ignore[arg-type]


class TestLevelBreaks:
    def test_the_nile_drops_in_1899(self) -> None:
        """Zeileis, Kleiber, Krämer & Hornik (2003): one break after 28 years, 1898, by the least BIC of 0 to 5."""
        result = signals.level_breaks(nile_flow(), min_size=15)
        assert result["position"].tolist() == [28]
        assert result["period"].astype(str).tolist() == ["1899"]
        assert result[["before", "after"]].round(2).to_numpy().tolist() == [[1097.75, 849.97]]
        assert [round(bic) for bic in result.attrs["bic"]] == [1318, 1270, 1276, 1285, 1292, 1311]

    def test_their_number_can_be_given(self) -> None:
        result = signals.level_breaks(nile_flow(), n_breaks=2, min_size=15)
        assert result["position"].tolist() == [28, 83]
        assert result["after"].iloc[0] == result["before"].iloc[1]
        assert signals.level_breaks(nile_flow(), n_breaks=0).empty

    def test_a_clean_step_is_found_to_the_month(self) -> None:
        result = signals.level_breaks(months([4.0] * 30 + [5.0] * 20))
        assert result.astype({"period": str}).to_numpy().tolist() == [[30, "2008-07", 4.0, 5.0]]

    def test_no_change_no_break(self) -> None:
        result = signals.level_breaks(months([0.1] * 50))
        assert result.empty
        assert result.columns.tolist() == ["position", "period", "before", "after"]

    def test_levels_last_as_long_as_asked(self) -> None:
        """Five high months are too short for a level of their own at 12, but not at 5."""
        series = months([1.0, 1.1] * 15 + [3.0] * 5 + [1.0, 1.1] * 15)
        assert signals.level_breaks(series, n_breaks=2, min_size=5)["position"].tolist() == [30, 35]
        wide = signals.level_breaks(series, n_breaks=2, min_size=12)
        assert wide["position"].diff().iloc[1] == 12

    def test_a_short_series_has_as_many_as_fit(self) -> None:
        assert len(signals.level_breaks(months(np.arange(30.0))).attrs["bic"]) == 2

    def test_an_array_is_labelled_by_position(self) -> None:
        assert signals.level_breaks(np.repeat([0.0, 1.0], 15))["period"].tolist() == [15]

    @examples
    @given(st.lists(st.integers(-9, 9), min_size=9, max_size=14), st.integers(0, 3), st.integers(2, 3))
    def test_no_partition_fits_better(self, values: list[int], count: int, size: int) -> None:
        """Against every partition there is."""
        if (count + 1) * size > len(values):
            return

        def misfit(cuts: tuple[int, ...]) -> float:
            edges = [0, *cuts, len(values)]
            parts = [values[a:b] for a, b in itertools.pairwise(edges)]
            if min(map(len, parts)) < size:
                return math.inf
            return sum((value - statistics.fmean(part)) ** 2 for part in parts for value in part)

        best = min(misfit(cuts) for cuts in itertools.combinations(range(1, len(values)), count))
        found = signals.level_breaks(values, n_breaks=count, min_size=size)
        assert misfit(tuple(found["position"])) == pytest.approx(best, abs=1e-9)

    @examples
    @given(st.integers(0, 10_000), st.floats(-1e4, 1e4), st.floats(0.01, 1e4))
    def test_level_and_unit_do_not_move_the_dates(self, seed: int, shift: float, scale: float) -> None:
        draws = np.random.default_rng(seed)
        series = np.repeat(draws.normal(0, 3, 4), 20) + draws.normal(0, 1, 80)
        dates = signals.level_breaks(series)["position"].tolist()
        assert signals.level_breaks(shift + scale * series)["position"].tolist() == dates

    @pytest.mark.parametrize(
        ("series", "options", "message"),
        [
            (months([1.0, np.nan] * 15), {}, "15 of 30 observations of series are missing"),
            (months([1.0] * 11), {}, "min_size 12: a regime needs as many observations, got 11"),
            (months([1.0] * 30), {"n_breaks": 2}, "n_breaks 2 and min_size 12 need 36 observations, got 30"),
            (months([1.0] * 30), {"n_breaks": -1}, "n_breaks must be at least 0"),
            (months([1.0] * 30), {"max_breaks": -1}, "max_breaks must be at least 0"),
            (months([1.0] * 30), {"min_size": 1}, "min_size must exceed"),
            (months([1.0] * 30).drop(pd.Period("2007-01", "M")), {}, "in order and without gaps"),
            (months([1.0] * 30)[::-1], {}, "in order and without gaps"),
            (months([1.0] * 30).to_frame(), {}, "not a panel"),
            (months([1.0, np.inf]), {}, "infinite"),
            ([], {}, "empty"),
        ],
    )
    def test_unusable_input_is_refused(self, series: pd.Series, options: dict[str, int], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            signals.level_breaks(series, **options)


class TestCusum:
    def test_the_nile_did_not_keep_its_level(self) -> None:
        """Zeileis et al. (2003), OLS-based CUSUM test: S0 = 2.9518, p = 5.409e-08."""
        result = signals.cusum(nile_flow())
        assert round(result["statistic"], 4) == 2.9518
        assert result["p"] == pytest.approx(5.409e-08, rel=1e-4)

    def test_by_hand(self) -> None:
        """1, 1, 3, 3: deviations -1, -1, 1, 1 cumulate to -2; s^2 = 4/3, so 2/(sqrt(4/3) 2)."""
        assert signals.cusum([1, 1, 3, 3])["statistic"] == pytest.approx(math.sqrt(3) / 2)

    def test_a_constant_series_keeps_its_level(self) -> None:
        assert signals.cusum(months([0.1] * 50)).to_dict() == {"statistic": 0.0, "p": 1.0}

    def test_noise_is_rejected_at_the_stated_rate(self) -> None:
        draws = np.random.default_rng(1)
        rejected = [signals.cusum(draws.normal(size=200))["p"] <= 0.05 for _ in range(1000)]
        assert 0.02 < np.mean(rejected) < 0.06

    @pytest.mark.parametrize(
        ("series", "message"),
        [([1.0], "at least 2"), ([1.0, np.nan], "missing"), ([], "empty"), (months([1, 2, 3])[::-1], "in order")],
    )
    def test_unusable_input_is_refused(self, series: object, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            signals.cusum(series)  # type: ignore[arg-type]

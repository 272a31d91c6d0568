"""Forecasts are shown when, and only when, a rolling track record says that they are worth it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_tables import table

from indicators import forecast

quick = settings(max_examples=25, deadline=None)


def monthly(values: object, first: str = "2010-01") -> pd.Series:
    numbers = np.asarray(values, dtype=float)
    return pd.Series(numbers, index=pd.period_range(first, periods=len(numbers), freq="M"))


def moving_level(months: int, seed: int = 1) -> pd.Series:
    """A level that wanders, with a winter peak: what smoothing follows and last year's value does not."""
    rng = np.random.default_rng(seed)
    level = 200 * np.exp(np.cumsum(rng.normal(0, 0.05, months)))
    return monthly(np.round(level * (1 + 0.3 * np.cos(2 * np.pi * np.arange(months) / 12))))


class TestSeasonalNaive:
    def test_the_last_year_is_repeated(self) -> None:
        history = monthly(range(100, 118))
        result = forecast.seasonal_naive(history, 14)
        assert result.tolist() == [*range(106, 118), 106, 107]
        assert str(result.index[0]) == "2011-07"
        assert str(result.index[-1]) == "2012-08"

    def test_other_seasons_and_arrays(self) -> None:
        quarters = pd.Series([7, 1, 2, 3, 4], index=pd.period_range("2020Q1", periods=5, freq="Q"))
        result = forecast.seasonal_naive(quarters, 5, period=4)
        assert result.tolist() == [1, 2, 3, 4, 1]
        assert str(result.index[0]) == "2021Q2"
        assert forecast.seasonal_naive([5, 8], 3, period=1).tolist() == [8, 8, 8]
        assert forecast.seasonal_naive(np.array([5, 8]), 3, period=2).to_dict() == {0: 5, 1: 8, 2: 5}

    def test_a_hidden_month_is_not_forecast(self) -> None:
        history = monthly([*range(11), np.nan])
        assert forecast.seasonal_naive(history, 12).isna().tolist() == [False] * 11 + [True]

    @pytest.mark.parametrize(
        ("history", "horizon", "message"),
        [
            (monthly(range(11)), 3, "one season of 12 is needed"),
            (monthly(range(24)), 0, "horizon must be at least 1"),
            (monthly(range(24)).drop(pd.Period("2010-05", "M")), 3, "1 periods of history are absent"),
            (monthly([-1, *range(23)]), 3, "history holds negative values"),
            ([], 3, "history is empty"),
            (pd.DataFrame({"a": range(24)}), 3, "one cell over time"),
        ],
    )
    def test_invalid_input(self, history: object, horizon: int, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            forecast.seasonal_naive(history, horizon)  # type: ignore[arg-type]


class TestAccuracy:
    def test_by_hand(self) -> None:
        """Errors 2, -4, 0; in-sample |y_t - y_(t-2)| of 1 2 4 8 is 3, 6: scale 4.5."""
        result = forecast.accuracy([10, 20, 40], [8, 24, 40], [1, 2, 4, 8], period=2)
        assert result.index.tolist() == ["mae", "rmse", "mape", "mase"]
        assert result["mae"] == 2
        assert result["rmse"] == pytest.approx((20 / 3) ** 0.5)
        assert result["mape"] == pytest.approx(40 / 3)
        assert result["mase"] == pytest.approx(2 / 4.5)

    def test_published_beer_production(self) -> None:
        """Hyndman & Athanasopoulos, Forecasting: Principles and Practice: RMSE 14.31, MAE 13.40, MAPE 3.17, MASE 0.94.

        Australian quarterly beer production in megalitres, 1992 to 2007 and the ten quarters after.
        """
        history = [
            *[443, 410, 420, 532, 433, 421, 410, 512, 449, 381, 423, 531, 426, 408, 416, 520],
            *[409, 398, 398, 507, 432, 398, 406, 526, 428, 397, 403, 517, 435, 383, 424, 521],
            *[421, 402, 414, 500, 451, 380, 416, 492, 428, 408, 406, 506, 435, 380, 421, 490],
            *[435, 390, 412, 454, 416, 403, 408, 482, 438, 386, 405, 491, 427, 383, 394, 473],
        ]
        actual = [420, 390, 410, 488, 415, 398, 419, 488, 414, 374]
        result = forecast.accuracy(actual, forecast.seasonal_naive(history, 10, period=4), history, period=4)
        assert result.round(2).to_dict() == {"mae": 13.4, "rmse": 14.31, "mape": 3.17, "mase": 0.94}

    def test_periodic_series_has_no_error_and_no_scale(self) -> None:
        year = [5, 9, 2, 7, 5, 5, 1, 3, 8, 6, 4, 2]
        history = monthly(year * 3)
        result = forecast.accuracy(monthly(year, "2013-01"), forecast.seasonal_naive(history, 12), history)
        assert result[["mae", "rmse", "mape"]].tolist() == [0, 0, 0]
        assert np.isnan(result["mase"])

    def test_months_meet_by_label_and_arrays_by_order(self) -> None:
        history = monthly(range(24))
        actual = monthly([30, 50], "2012-01")
        point = monthly([31, 53], "2012-01")
        assert forecast.accuracy(actual, point[::-1], history)["mae"] == 2
        assert forecast.accuracy(actual, point.to_numpy(), history)["mae"] == 2
        assert forecast.accuracy([30, 50], forecast.seasonal_naive(list(range(24)), 2), history)["mae"] == (18 + 37) / 2

    def test_no_percentage_of_zero(self) -> None:
        result = forecast.accuracy([0, 4], [1, 4], monthly(range(24)))
        assert np.isnan(result["mape"])
        assert result["mae"] == 0.5

    @pytest.mark.parametrize(
        ("actual", "point", "history", "message"),
        [
            ([1, np.nan], [1, 2], range(24), "1 of 2 values of actual are hidden"),
            ([1, 2], [1, np.nan], range(24), "1 of 2 values of point are hidden"),
            ([1, 2], [1, 2], [np.nan, *range(23)], "1 of 24 values of history are hidden"),
            ([1, 2], [1, 2, 3], range(24), "actual has 2 values and point 3"),
            ([1, 2], [1, 2], range(12), "more than one season"),
            (monthly([1, 2], "2020-01"), monthly([1, 2], "2020-02"), range(24), "labels do not match"),
        ],
    )
    def test_invalid_input(self, actual: object, point: object, history: object, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            forecast.accuracy(actual, point, history)  # type: ignore[arg-type]

    def test_mixed_frequencies(self) -> None:
        quarters = pd.Series([1.0, 2.0], index=pd.period_range("2012Q1", periods=2, freq="Q"))
        with pytest.raises(ValueError, match="history is by M and actual by Q"):
            forecast.accuracy(quarters, quarters, monthly(range(24)))


class TestBacktest:
    def test_a_row_a_method_origin_and_step(self) -> None:
        series = moving_level(72)
        result = forecast.backtest(series, ("seasonal_naive", "drift"), horizon=3, origins=4)
        assert result.columns.tolist() == forecast.BACKTEST_COLUMNS
        assert len(result) == 24
        assert result["origin"].astype(str).unique().tolist() == ["2015-06", "2015-07", "2015-08", "2015-09"]
        assert result["period"].max() == series.index[-1]
        assert ((result["period"].dt.year - result["origin"].dt.year) * 12 >= 0).all()
        one = result[(result["origin"] == pd.Period("2015-09", "M")) & (result["step"] == 2)].set_index("method")
        assert one["period"].astype(str).tolist() == ["2015-11", "2015-11"]
        assert one["actual"].tolist() == [series["2015-11"]] * 2
        assert one.loc["seasonal_naive", "point"] == series["2014-11"]
        slope = (series["2015-09"] - series["2010-01"]) / 68
        assert one.loc["drift", "point"] == pytest.approx(series["2015-09"] + 2 * slope)

    def test_the_interval_is_the_errors_known_before(self) -> None:
        """At the first of 24 origins 36 errors six months ahead are known: positions 3.7 and 33.3 of the ratios."""
        series = moving_level(120)
        result = forecast.backtest(series, ("seasonal_naive",))
        first = result[(result["step"] == 6)].iloc[0]
        known = series.index[series.index <= first["origin"]][-36:]
        ratios = np.sort([(series[month] + 0.5) / (series[month - 12] + 0.5) for month in known])
        low, high = ratios[2] + 0.7 * (ratios[3] - ratios[2]), ratios[32] + 0.3 * (ratios[33] - ratios[32])
        assert first["lower"] == pytest.approx((first["point"] + 0.5) * low - 0.5)
        assert first["upper"] == pytest.approx((first["point"] + 0.5) * high - 0.5)

    def test_no_interval_of_too_few_errors(self) -> None:
        """53 months leave origins from the 24th on: at the tenth eight errors one month ahead are known, then nine."""
        one = forecast.backtest(moving_level(53), ("seasonal_naive",)).query("step == 1")
        assert one["lower"].isna().tolist() == [True] * 9 + [False] * 15
        assert one["upper"].isna().tolist() == one["lower"].isna().tolist()

    def test_replacing_the_future_by_noise_leaves_earlier_forecasts(self) -> None:
        series = moving_level(60)
        noisy = series.copy()
        noisy.iloc[-8:] = np.random.default_rng(3).integers(1, 5000, 8)
        before, after = (forecast.backtest(each, horizon=2, origins=12) for each in (series, noisy))
        unseen = before["origin"] < series.index[-8]
        assert unseen.sum() == 3 * 2 * 6
        kept = ["origin", "step", "method", "point", "lower", "upper"]
        pd.testing.assert_frame_equal(before.loc[unseen, kept], after.loc[unseen, kept])

    @pytest.mark.parametrize("level", [0, 50])
    def test_a_constant_series_is_forecast_as_itself_by_every_method(self, level: int) -> None:
        result = forecast.backtest(monthly([level] * 60), tuple(forecast.METHODS), horizon=2, origins=3)
        assert len(result) == 5 * 2 * 3
        assert (result["point"] == level).all()

    def test_every_method_follows_a_steady_season(self) -> None:
        year = np.array([90, 70, 60, 50, 40, 30, 40, 50, 60, 70, 80, 100])
        series = monthly(np.concatenate([year * (1 + 0.01 * k) for k in range(4)]))
        result = forecast.backtest(series, ("theta", "ets", "arima"), horizon=1, origins=1)
        assert ((result["point"] / result["actual"] - 1).abs() < 0.05).all()

    @pytest.mark.parametrize(
        ("series", "options", "message"),
        [
            (moving_level(52), {}, "52 months: 53 are needed"),
            (monthly([np.nan, *range(59)]), {}, "1 of 60 values of series are hidden"),
            (monthly([np.nan] * 60), {}, "60 of 60 values of series are hidden"),
            (moving_level(60).drop(pd.Period("2012-02", "M")), {}, "1 periods of series are absent"),
            (-moving_level(60), {}, "negative"),
            (moving_level(60).to_timestamp(), {}, "monthly PeriodIndex"),
            (moving_level(60).to_frame("a"), {}, "one cell over time"),
            (moving_level(60), {"methods": ("prophet",)}, "method must be one of seasonal_naive, drift"),
            (moving_level(60), {"methods": ()}, "at least one method"),
            (moving_level(60), {"methods": "theta"}, "methods must be a list"),
            (moving_level(60), {"horizon": 13}, "horizon must be from 1 to 12"),
            (moving_level(60), {"origins": 0}, "origins must be at least 1"),
            (moving_level(60), {"level": 80}, "level must lie between 0 and 1"),
        ],
    )
    def test_invalid_input(self, series: pd.Series, options: dict, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            forecast.backtest(series, **options)


def record(text: str) -> pd.DataFrame:
    """A back-test written as a table; origin and period as months."""
    frame = table(text)
    for column in ("origin", "period"):
        frame[column] = pd.PeriodIndex(frame[column].astype(str), freq="M")
    return frame


TWO_METHODS = """
row | origin  | step | period  | method         | actual | point | lower | upper
1   | 2019-12 | 1    | 2020-01 | seasonal_naive | 100    | 90    | 80    | 105
2   | 2019-12 | 2    | 2020-02 | seasonal_naive | 50     | 60    | 52    | 66
3   | 2020-02 | 1    | 2020-03 | seasonal_naive | 200    | 100   | 90    | 110
4   | 2019-12 | 1    | 2020-01 | theta          | 100    | 95    | 90    | 105
5   | 2019-12 | 2    | 2020-02 | theta          | 50     | 50    | ...   | ...
6   | 2020-02 | 1    | 2020-03 | theta          | 200    | 125   | 110   | 140
"""


class TestScore:
    def test_by_hand(self) -> None:
        """MAE 120/3 and 80/3; naive per cent 10 + 20 + 50, theta 5 + 0 + 37.5."""
        scores = forecast.score(record(TWO_METHODS))
        assert scores.columns.tolist() == ["mae", "mape", "mase", "relative_mae", "coverage", "n"]
        assert scores.index.tolist() == ["seasonal_naive", "theta"]
        assert scores["mae"].tolist() == pytest.approx([40, 80 / 3])
        assert scores["mape"].tolist() == pytest.approx([80 / 3, 42.5 / 3])
        assert scores["relative_mae"].tolist() == pytest.approx([1, 2 / 3])
        assert scores["coverage"].tolist() == pytest.approx([1 / 3, 1 / 2])
        assert scores["n"].tolist() == [3, 3]
        assert scores["mase"].isna().all()

    @pytest.mark.parametrize("exclude", [["2020-03"], pd.period_range("2020-03", "2021-12", freq="M")])
    def test_shock_months_are_scored_apart(self, exclude: object) -> None:
        scores = forecast.score(record(TWO_METHODS), exclude)  # type: ignore[arg-type]
        assert scores["mae"].tolist() == [10, 2.5]
        assert scores["relative_mae"].tolist() == [1, 0.25]
        assert scores["coverage"].tolist() == [0.5, 1]
        assert scores["n"].tolist() == [2, 2]

    def test_mase_is_scaled_at_each_origin(self) -> None:
        series = moving_level(72)
        tested = forecast.backtest(series, ("seasonal_naive",), horizon=2, origins=3)
        scaled = [
            abs(row.actual - row.point) / series[: row.origin].diff(12).abs().mean() for row in tested.itertuples()
        ]
        assert forecast.score(tested).loc["seasonal_naive", "mase"] == pytest.approx(np.mean(scaled))

    def test_a_periodic_series_leaves_the_bar_at_zero(self) -> None:
        tested = forecast.backtest(
            monthly([30, 20, 15, 12, 11, 10, 12, 15, 20, 25, 28, 31] * 6), ("seasonal_naive", "drift")
        )
        scores = forecast.score(tested)
        assert scores.loc["seasonal_naive", "mae"] == 0
        assert np.isnan(scores.loc["seasonal_naive", "relative_mae"])
        assert scores.loc["drift", "relative_mae"] == np.inf
        assert scores.loc["seasonal_naive", "coverage"] == 1

    def test_without_the_bar_at_the_same_origins_nothing_is_relative(self) -> None:
        frame = record(TWO_METHODS)
        assert forecast.score(frame[frame["method"] == "theta"])["relative_mae"].isna().all()
        assert np.isnan(forecast.score(frame.drop(index="1")).loc["theta", "relative_mae"])

    def test_invalid_input(self) -> None:
        frame = record(TWO_METHODS)
        with pytest.raises(ValueError, match="lacks the columns lower, upper"):
            forecast.score(frame.drop(columns=["lower", "upper"]))
        with pytest.raises(ValueError, match="no forecast is left"):
            forecast.score(frame, [2020])
        with pytest.raises(ValueError, match="exclude takes months"):
            forecast.score(frame, ["2020"])
        with pytest.raises(ValueError, match="a collection of months"):
            forecast.score(frame, "2020-03")
        with pytest.raises(ValueError, match="1 of 6 values of actual are hidden"):
            forecast.score(frame.assign(actual=[np.nan, *frame["actual"][1:]]))


def scores(relative_mae: float, coverage: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"relative_mae": [1.0, relative_mae], "coverage": [0.8, coverage]}, index=["seasonal_naive", "theta"]
    )


class TestPublishable:
    @pytest.mark.parametrize(
        ("series", "relative_mae", "coverage", "reason"),
        [
            (moving_level(60), 0.99, 0.7, ""),
            (moving_level(60), 0.99, 0.9, ""),
            (moving_level(59), 0.5, 0.8, "too_short"),
            (monthly([np.nan, *[50] * 70]), 0.5, 0.8, "hidden_months"),
            (monthly([50] * 71).drop(pd.Period("2012-02", "M")), 0.5, 0.8, "hidden_months"),
            (monthly([np.nan] * 60), 0.5, 0.8, "hidden_months"),
            (monthly([9.9] * 60), 0.5, 0.8, "too_few"),
            (monthly([0] * 60), 0.5, 0.8, "too_few"),
            (moving_level(60), 1.0, 0.8, "no_better_than_seasonal_naive"),
            (moving_level(60), np.nan, 0.8, "no_better_than_seasonal_naive"),
            (moving_level(60), 0.5, 0.69, "coverage"),
            (moving_level(60), 0.5, 0.91, "coverage"),
            (moving_level(60), 0.5, np.nan, "coverage"),
        ],
    )
    def test_the_rule(self, series: pd.Series, relative_mae: float, coverage: float, reason: str) -> None:
        result = forecast.publishable(scores(relative_mae, coverage), series)
        assert result.to_dict() == {"allowed": reason == "", "reason": reason}

    def test_one_method_must_pass_both(self) -> None:
        split = pd.DataFrame({"relative_mae": [1, 0.5, 1.2], "coverage": [0.8, 0.5, 0.8]}, index=["n", "t", "e"])
        assert forecast.publishable(split, moving_level(60))["reason"] == "coverage"

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="lacks the columns coverage"):
            forecast.publishable(scores(0.5, 0.8)[["relative_mae"]], moving_level(60))
        with pytest.raises(ValueError, match="negative"):
            forecast.publishable(scores(0.5, 0.8), -moving_level(60))


class TestForecast:
    def test_what_passes_is_shown_with_the_intervals_of_its_errors(self) -> None:
        series = moving_level(96)
        result = forecast.forecast(series, horizon=3)
        tested = forecast.score(forecast.backtest(series, horizon=3))
        assert forecast.publishable(tested, series)["allowed"]
        assert result.columns.tolist() == ["point", "lower", "upper"]
        assert result.index.astype(str).tolist() == ["2018-01", "2018-02", "2018-03"]
        assert result.attrs["reason"] == ""
        assert result.attrs["method"] == tested["relative_mae"].idxmin()
        assert (result["lower"] < result["point"]).all()
        assert (result["point"] < result["upper"]).all()

    def test_a_wider_level_is_wider_and_one_beyond_the_errors_is_not_invented(self) -> None:
        series = moving_level(96)
        narrow, wide, beyond = (forecast.forecast(series, 2, "ets", level) for level in (0.5, 0.8, 0.999))
        assert (narrow["upper"] < wide["upper"]).all()
        assert (narrow["lower"] > wide["lower"]).all()
        assert beyond["point"].tolist() == narrow["point"].tolist()
        assert beyond[["lower", "upper"]].isna().all(axis=None)

    @pytest.mark.parametrize(
        ("series", "method", "reason"),
        [
            (moving_level(40), None, "too_short"),
            (monthly([np.nan] * 70), None, "hidden_months"),
            (monthly([3] * 70), None, "too_few"),
            (monthly([30] * 70), "drift", "no_better_than_seasonal_naive"),
            (moving_level(90), "seasonal_naive", "no_better_than_seasonal_naive"),
        ],
    )
    def test_what_does_not_is_empty_and_says_why(self, series: pd.Series, method: str | None, reason: str) -> None:
        result = forecast.forecast(series, method=method)
        assert result.empty
        assert result.columns.tolist() == ["point", "lower", "upper"]
        assert result.attrs["reason"] == reason

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="method must be one of"):
            forecast.forecast(moving_level(60), method="lstm")
        with pytest.raises(ValueError, match="horizon must be from 1 to 12"):
            forecast.forecast(moving_level(60), horizon=0)


@quick
@given(st.lists(st.integers(0, 3000), min_size=12, max_size=12), st.integers(2, 5), st.integers(1, 30))
def test_seasonal_naive_of_a_periodic_series_makes_no_error(year: list[int], years: int, horizon: int) -> None:
    history = monthly(year * years)
    actual = [year[step % 12] for step in range(horizon)]
    assert forecast.accuracy(actual, forecast.seasonal_naive(history, horizon), history)["mae"] == 0


@quick
@given(st.lists(st.integers(0, 3000), min_size=53, max_size=70), st.integers(1, 12))
def test_forecasts_are_counts_inside_their_interval_of_ratios(values: list[int], horizon: int) -> None:
    series = monthly(values)
    before = series.copy()
    tested = forecast.backtest(series, ("seasonal_naive", "drift"), horizon, origins=53 - 24 - 12 + 1)
    assert (tested["point"] >= 0).all()
    bounded = tested.dropna(subset=["lower"])
    assert (bounded["lower"] >= 0).all()
    assert (bounded["lower"] <= bounded["upper"]).all()
    pd.testing.assert_series_equal(series, before)


def test_the_module_does_not_load_the_heavy_libraries() -> None:
    code = "import indicators.forecast, sys; print([m for m in ('statsmodels', 'scipy') if m in sys.modules])"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True).stdout == "[]\n"

"""The season taken out of a series, and how strong it was."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_tables import years_by_month
from test_seasonality_spec import KITTILA_UNEMPLOYED, KITTILA_VACANCIES

from indicators import seasonality

PUBLISHED = Path(__file__).parent / "published"

# Degrees and jumps of R's stl(log(co2), s.window = 21) in statsmodels' words.
AS_IN_R = {
    "seasonal": 21,
    "trend": 21,
    "low_pass": 13,
    "seasonal_deg": 0,
    "trend_deg": 1,
    "low_pass_deg": 1,
    "seasonal_jump": 3,
    "trend_jump": 3,
    "low_pass_jump": 2,
    "inner_iter": 2,
    "outer_iter": 0,
}

JANUARY_TO_DECEMBER = [0.9, 0.8, 0.7, 0.8, 1.0, 1.3, 1.5, 1.3, 1.1, 1.0, 0.8, 0.8]


def months(values: object, start: str = "2010-01") -> pd.Series:
    values = np.asarray(values, dtype=float)
    return pd.Series(values, index=pd.period_range(start, periods=len(values), freq="M"))


def seasonal(years: int = 8, level: float = 200, growth: float = 0.0, noise: float = 0.0, seed: int = 0) -> pd.Series:
    steps = np.arange(12 * years)
    draws = np.random.default_rng(seed).normal(0, noise, len(steps))
    return months(level * np.tile(JANUARY_TO_DECEMBER, years) * np.exp(growth * steps + draws))


class TestAdjust:
    def test_published_decomposition_of_carbon_dioxide(self) -> None:
        """R 4.2.2, stats::stl(log(co2), s.window = 21); the data set co2: Mauna Loa, ppm, 1959 to 1997."""
        co2 = pd.read_csv(PUBLISHED / "co2_monthly.csv")
        expected = pd.read_csv(PUBLISHED / "co2_stl_expected.csv")
        series = pd.Series(co2["co2_ppm"].to_numpy(), index=pd.PeriodIndex(co2["month"], freq="M"))
        result = seasonality.adjust(series, log=True, robust=False, **AS_IN_R)
        assert result.index.astype(str).tolist() == expected["month"].tolist()
        for part in ("seasonal", "trend", "remainder"):
            assert result[part].tolist() == pytest.approx(expected[part].tolist(), rel=0, abs=1e-12)
        assert np.abs(result["seasonal"].to_numpy() - expected["seasonal"].to_numpy()).max() < 1e-14

    def test_other_settings_give_other_numbers(self) -> None:
        """statsmodels' defaults at the same width differ by 0.00048: the settings are part of a published figure."""
        co2 = pd.read_csv(PUBLISHED / "co2_monthly.csv")
        expected = pd.read_csv(PUBLISHED / "co2_stl_expected.csv")
        series = pd.Series(co2["co2_ppm"].to_numpy(), index=pd.PeriodIndex(co2["month"], freq="M"))
        result = seasonality.adjust(series, robust=False, seasonal=21)
        assert round(np.abs(result["seasonal"].to_numpy() - expected["seasonal"].to_numpy()).max(), 5) == 0.00048

    def test_columns_and_what_they_add_up_to(self) -> None:
        series = years_by_month(KITTILA_UNEMPLOYED)
        logs = seasonality.adjust(series)
        assert logs.columns.tolist() == ["observed", "seasonal", "trend", "remainder", "adjusted", "provisional"]
        assert logs["observed"].tolist() == series.tolist()
        total = logs["seasonal"] + logs["trend"] + logs["remainder"]
        assert total.tolist() == pytest.approx(np.log(series).tolist())
        assert logs["adjusted"].tolist() == pytest.approx((series * np.exp(-logs["seasonal"])).tolist())
        plain = seasonality.adjust(series, log=False)
        assert (plain["seasonal"] + plain["trend"] + plain["remainder"]).tolist() == pytest.approx(series.tolist())
        assert plain["adjusted"].tolist() == pytest.approx((series - plain["seasonal"]).tolist())

    def test_the_last_three_months_are_provisional(self) -> None:
        result = seasonality.adjust(years_by_month(KITTILA_UNEMPLOYED))
        assert result.index[result["provisional"]].astype(str).tolist() == ["2022-10", "2022-11", "2022-12"]

    def test_a_regular_season_is_taken_out_whole(self) -> None:
        adjusted = seasonality.adjust(seasonal(growth=0.01))["adjusted"]
        assert np.log(adjusted).diff().dropna().tolist() == pytest.approx([0.01] * 95, abs=1e-6)

    def test_a_shock_does_not_bend_the_season(self) -> None:
        """April at four times its usual in one year: robust weights keep it out of the next years' season."""
        series = seasonal(noise=0.02)
        calm = seasonality.adjust(series)["seasonal"]
        series.iloc[63] *= 4
        april = pd.Period("2016-04", "M")
        robust = abs(seasonality.adjust(series)["seasonal"][april] - calm[april])
        bent = abs(seasonality.adjust(series, robust=False)["seasonal"][april] - calm[april])
        assert robust < 0.05 < 0.2 < bent

    def test_quarters_have_a_period_of_four(self) -> None:
        index = pd.period_range("2010Q1", periods=24, freq="Q")
        series = pd.Series(np.tile([80.0, 100, 140, 80], 6), index=index)
        result = seasonality.adjust(series, period=4, log=False)
        assert result["adjusted"].tolist() == pytest.approx([100] * 24)
        assert result.index[result["provisional"]].astype(str).tolist() == ["2015Q2", "2015Q3", "2015Q4"]

    def test_the_input_is_left_alone(self) -> None:
        series = seasonal()
        kept = series.copy()
        seasonality.adjust(series)
        pd.testing.assert_series_equal(series, kept)

    @settings(max_examples=25, deadline=None)
    @given(st.integers(0, 10_000), st.floats(0.2, 50))
    def test_on_logs_the_unit_does_not_matter(self, seed: int, unit: float) -> None:
        series = seasonal(noise=0.1, seed=seed)
        ours, scaled = seasonality.adjust(series), seasonality.adjust(series * unit)
        assert scaled["seasonal"].tolist() == pytest.approx(ours["seasonal"].tolist(), abs=1e-8)
        assert scaled["adjusted"].tolist() == pytest.approx((unit * ours["adjusted"]).tolist())

    @pytest.mark.parametrize(
        ("series", "options", "message"),
        [
            (seasonal(level=9), {}, "mean of 9, below 10: use twelve-month sums"),
            (seasonal(level=90), {"min_mean": 100}, "mean of 90, below 100"),
            (months([0.0] + [50.0] * 95), {}, "zeros or negative values"),
            (months([0.0] * 96), {}, "mean of 0"),
            (seasonal(years=5)[:-1], {}, "59 values, fewer than 5 years"),
            (months([np.nan] * 96), {}, "96 of 96 values of series are hidden"),
            (months([np.nan] + [50.0] * 95), {}, "1 of 96 values of series are hidden"),
            (seasonal().drop(pd.Period("2012-05", "M")), {}, "in order and without gaps"),
            (seasonal()[::-1], {}, "in order and without gaps"),
            (seasonal().to_frame(), {}, "one cell over time, not a panel"),
            (seasonal().to_numpy(), {}, "one cell over time"),
            (seasonal().reset_index(drop=True), {}, "monthly PeriodIndex"),
            (seasonal(), {"period": 4}, "period must be 12 for a monthly or 4 for a quarterly"),
            (seasonal(), {"period": 7}, "period must be 12"),
            (seasonal().set_axis(pd.period_range("2010Q1", periods=96, freq="Q")), {}, "monthly PeriodIndex"),
            (seasonal(), {"window": 21}, "options are those of STL"),
            (seasonal(), {"seasonal": 4}, "seasonal must be an odd"),
            (seasonal() * np.inf, {}, "infinite"),
            (months([]), {}, "empty"),
        ],
    )
    def test_what_cannot_be_adjusted_is_refused(self, series: pd.Series, options: dict[str, int], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            seasonality.adjust(series, **options)


class TestStrength:
    def test_of_nothing_but_season_is_one(self) -> None:
        assert seasonality.strength(seasonal(growth=0.01)) == pytest.approx(1)

    def test_by_its_definition(self) -> None:
        series = years_by_month(KITTILA_VACANCIES)
        parts = seasonality.adjust(series)
        share = parts["remainder"].var() / (parts["seasonal"] + parts["remainder"]).var()
        assert seasonality.strength(series) == pytest.approx(1 - share)

    def test_of_a_constant_or_a_bare_trend_is_none(self) -> None:
        assert seasonality.strength(months([37.0] * 96)) == 0
        assert seasonality.strength(months(100 * np.exp(0.01 * np.arange(96)))) == 0

    def test_falls_with_noise(self) -> None:
        strengths = [seasonality.strength(seasonal(noise=noise)) for noise in (0.01, 0.1, 0.3, 1.0)]
        assert strengths == sorted(strengths, reverse=True)
        assert strengths[0] > 0.99

    def test_does_not_depend_on_the_unit(self) -> None:
        series = seasonal(noise=0.2)
        assert seasonality.strength(series * 7) == pytest.approx(seasonality.strength(series))

    def test_refuses_what_cannot_be_adjusted(self) -> None:
        with pytest.raises(ValueError, match="fewer than 5 years"):
            seasonality.strength(seasonal(years=4))
        with pytest.raises(ValueError, match="below 10"):
            seasonality.strength(seasonal(level=4))

"""The year's shape, the same-month comparison and twelve-month windows."""

import math

import numpy as np
import pandas as pd
import pytest
from spec_tables import table, years_by_month

from indicators import seasonality

# Kittilä, January to December: employment service statistics 12r5, edition of November 2023.
KITTILA_UNEMPLOYED = """
2013 | 330 | 319 | 309 | 381 | 512 | 521 | 515 | 461 | 435 | 437 | 381 | 409
2014 | 409 | 393 | 379 | 433 | 558 | 576 | 570 | 511 | 500 | 493 | 407 | 401
2015 | 413 | 373 | 372 | 465 | 602 | 627 | 615 | 554 | 501 | 478 | 387 | 377
2016 | 376 | 362 | 333 | 402 | 551 | 562 | 564 | 518 | 492 | 485 | 383 | 359
2017 | 375 | 321 | 308 | 394 | 517 | 517 | 507 | 444 | 421 | 405 | 324 | 309
2018 | 301 | 269 | 272 | 351 | 456 | 457 | 448 | 387 | 357 | 348 | 261 | 232
2019 | 231 | 224 | 212 | 280 | 447 | 434 | 425 | 385 | 365 | 358 | 283 | 271
2020 | 264 | 227 | 573 | 915 | 934 | 771 | 703 | 590 | 554 | 558 | 504 | 503
2021 | 505 | 443 | 489 | 532 | 594 | 517 | 482 | 404 | 377 | 364 | 283 | 288
2022 | 269 | 249 | 238 | 296 | 401 | 412 | 421 | 373 | 339 | 371 | 291 | 279
"""
KITTILA_VACANCIES = """
2013 | 191 | 152 | 176 | 188 |  77 |  83 | 139 | 166 | 156 |  95 |  84 |  65
2014 | 100 |  74 | 149 |  80 |  94 | 113 | 190 | 148 | 189 | 111 |  92 |  84
2015 |  90 |  49 | 153 | 176 | 112 | 134 | 212 | 200 | 227 | 149 |  99 |  61
2016 | 153 |  58 | 159 | 175 |  82 | 132 | 193 | 255 | 248 | 230 | 115 | 103
2017 | 186 | 194 | 191 | 157 | 110 | 112 | 189 | 270 | 291 | 221 | 221 | 149
2018 | 231 | 144 | 182 |  79 |  98 | 110 | 236 | 281 | 306 | 193 | 156 | 117
2019 | 190 | 189 | 126 | 111 |  93 | 160 | 401 | 575 | 635 | 379 | 198 | 156
2020 | 237 | 162 |  60 |  62 |  69 |  42 | 127 | 192 | 152 | 127 |  88 |  62
2021 | 121 | 125 | 111 | 128 | 151 | 161 | 266 | 387 | 516 | 456 | 452 | 281
2022 | 335 | 288 | 339 | 283 | 311 | 480 | 568 | 664 | 739 | 464 | 219 | 175
"""


def kittila() -> pd.DataFrame:
    return pd.DataFrame(
        {"unemployed": years_by_month(KITTILA_UNEMPLOYED), "vacancies": years_by_month(KITTILA_VACANCIES)}
    )


class TestMonthlyProfile:
    def test_mean_of_each_calendar_month(self) -> None:
        profile = seasonality.monthly_profile(kittila())
        assert profile.index.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        assert profile.columns.tolist() == ["unemployed", "vacancies"]
        assert profile.loc[5].tolist() == pytest.approx([557.2, 119.7])
        assert profile.loc[9].tolist() == pytest.approx([434.1, 345.9])
        assert profile.attrs["excluded"] == []

    def test_years_left_out_are_named(self) -> None:
        series = years_by_month(KITTILA_UNEMPLOYED, "unemployed")
        profile = seasonality.monthly_profile(series, exclude=(2020, 2021, 2099))
        assert profile.columns.tolist() == ["unemployed"]
        assert profile.loc[4, "unemployed"] == pytest.approx((381 + 433 + 465 + 402 + 394 + 351 + 280 + 296) / 8)
        assert profile.attrs["excluded"] == [2020, 2021]

    def test_absent_months_are_not_zero_and_hidden_ones_are_not_left_out(self) -> None:
        series = years_by_month("""
            2021 | 10 | 20  | 30 | | | | | | | | |
            2022 | 12 | ... |    | | | | | | | | |
        """)
        profile = seasonality.monthly_profile(series)["mean"]
        assert profile[1] == 11
        assert math.isnan(profile[2])
        assert profile[3] == 30
        assert profile[4:].isna().all()
        assert len(profile) == 12

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="monthly PeriodIndex"):
            seasonality.monthly_profile(pd.Series([1.0, 2.0]))
        with pytest.raises(ValueError, match="monthly PeriodIndex"):
            seasonality.monthly_profile(pd.Series([1.0], index=pd.PeriodIndex(["2020"], freq="Y")))
        with pytest.raises(ValueError, match="Series or DataFrame"):
            seasonality.monthly_profile([1.0, 2.0])  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="leaves no months"):
            seasonality.monthly_profile(years_by_month("2020 | 1 | 2 | | | | | | | | | |"), exclude=[2020])
        with pytest.raises(ValueError, match="repeated labels: 2020-01"):
            seasonality.monthly_profile(pd.Series([1.0, 2.0], index=pd.PeriodIndex(["2020-01"] * 2, freq="M")))


class TestShapeOfTheYear:
    def test_the_mirror_of_kittila(self) -> None:
        """Unemployment peaks in May at 1.75 times its lowest month, vacancies in September at 2.89 times."""
        result = seasonality.peak_to_trough(seasonality.monthly_profile(kittila()))
        assert isinstance(result, pd.DataFrame)
        assert result.columns.tolist() == ["ratio", "peak", "trough"]
        assert result["ratio"].round(2).to_dict() == {"unemployed": 1.75, "vacancies": 2.89}
        assert result["peak"].to_dict() == {"unemployed": 5, "vacancies": 9}
        assert result["trough"].to_dict() == {"unemployed": 2, "vacancies": 5}

    def test_one_profile_gives_one_result(self) -> None:
        profile = seasonality.monthly_profile(years_by_month(KITTILA_UNEMPLOYED))
        result = seasonality.peak_to_trough(profile)
        assert result.index.tolist() == ["ratio", "peak", "trough"]
        assert result["ratio"] == pytest.approx(557.2 / 318)
        assert isinstance(seasonality.gini(profile), float)
        assert seasonality.seasonality_ratio(profile) == pytest.approx(557.2 / 425)

    def test_an_even_year(self) -> None:
        assert seasonality.gini([7] * 12) == pytest.approx(0, abs=1e-15)
        assert seasonality.seasonality_ratio([7] * 12) == 1
        assert seasonality.peak_to_trough([7] * 12).tolist() == [1, 1, 1]

    def test_everything_in_one_month(self) -> None:
        profile = [0] * 7 + [50] + [0] * 4
        assert seasonality.gini(profile) == pytest.approx(11 / 12)
        assert seasonality.seasonality_ratio(profile) == 12
        result = seasonality.peak_to_trough(profile)
        assert math.isnan(result["ratio"])
        assert result["peak"] == 8
        assert result["trough"] == 1

    def test_gini_by_hand(self) -> None:
        """1 to 12: sum of i x_i = 650, sum x = 78, so 1300/936 - 13/12."""
        assert seasonality.gini(list(range(12, 0, -1))) == pytest.approx(1300 / 936 - 13 / 12)

    def test_months_are_found_by_label(self) -> None:
        profile = pd.Series(range(1, 13), index=range(1, 13))[::-1]
        result = seasonality.peak_to_trough(profile)
        assert result.to_dict() == {"ratio": 12, "peak": 12, "trough": 1}

    def test_of_several_profiles_the_incomplete_one_is_missing(self) -> None:
        profiles = pd.DataFrame({"whole": [1.0] * 11 + [3.0], "hidden": [1.0] * 11 + [np.nan]})
        ratio, gini = seasonality.seasonality_ratio(profiles), seasonality.gini(profiles)
        assert isinstance(ratio, pd.Series)
        assert isinstance(gini, pd.Series)
        assert ratio["whole"] == pytest.approx(3 / (14 / 12))
        assert gini["whole"] == pytest.approx(2 * (66 + 36) / (12 * 14) - 13 / 12)
        assert ratio.isna().tolist() == gini.isna().tolist() == [False, True]
        assert seasonality.peak_to_trough(profiles).loc["hidden"].isna().all()

    @pytest.mark.parametrize(
        ("profile", "message"),
        [
            ([1.0] * 11, "twelve values"),
            ([1.0] * 11 + [np.nan], "1 of 12 months of the profile are missing"),
            ([0.0] * 12, "total of the profile is zero"),
            ([1.0] * 11 + [-1.0], "negative"),
            (5.0, "twelve values"),
        ],
    )
    def test_invalid_profiles(self, profile: object, message: str) -> None:
        for function in (seasonality.gini, seasonality.seasonality_ratio, seasonality.peak_to_trough):
            with pytest.raises(ValueError, match=message):
                function(profile)  # type: ignore[operator]


class TestSameMonthChange:
    def test_against_the_same_month_a_year_ago(self) -> None:
        """Kittilä went from 280 unemployed in April 2019 to 915 in April 2020."""
        result = seasonality.same_month_change(years_by_month(KITTILA_UNEMPLOYED))
        assert result.columns.tolist() == ["difference", "ratio", "base"]
        assert result.loc["2020-04", "difference"] == 635
        assert result.loc["2020-04", "ratio"] == pytest.approx(915 / 280)
        assert result.loc["2020-04", "base"] == pd.Period("2019-04", "M")
        assert len(result) == 120
        assert result.loc["2013-01":"2013-12"].isna().all(axis=None)
        assert result.loc["2014-01":].notna().all(axis=None)

    def test_over_a_gap_the_latest_same_month_is_the_base(self) -> None:
        series = years_by_month(
            """
            2022 | | | | | | 70 | 71 | 72 | | | |
            2023 | | | | | | 80 | 81 |    | | | |
            2026 | | | | | | 50 | ... | 90 | | | |
            """
        )
        result = seasonality.same_month_change(series)
        assert result.loc["2026-06", "difference"] == -30
        assert result.loc["2026-06", "ratio"] == 0.625
        assert result.loc["2026-06", "base"] == pd.Period("2023-06", "M")
        assert result.loc["2026-07"].isna().all()
        assert result.loc["2026-08", "base"] == pd.Period("2022-08", "M")
        assert result.index.equals(series.index)

    def test_a_hidden_month_is_no_base(self) -> None:
        series = years_by_month("""
            2021 | 6   | 4 | | | | | | | | | |
            2022 | ... | 0 | | | | | | | | | |
            2023 | 9   | 5 | | | | | | | | | |
            2024 | 9   | 0 | | | | | | | | | |
        """)
        result = seasonality.same_month_change(series)
        assert result.loc["2023-01", ["difference", "ratio"]].tolist() == [3, 1.5]
        assert result.loc["2023-01", "base"] == pd.Period("2021-01", "M")
        assert result.loc["2022-01"].isna().all()

    def test_from_zero_there_is_a_difference_but_no_ratio(self) -> None:
        series = years_by_month("""
            2022 | 0 | 5 | | | | | | | | | |
            2023 | 7 | 0 | | | | | | | | | |
        """)
        result = seasonality.same_month_change(series)
        assert result.loc["2023-01", "difference"] == 7
        assert math.isnan(result.loc["2023-01", "ratio"])
        assert result.loc["2023-02", "ratio"] == 0

    def test_differences_of_negative_figures_are_allowed(self) -> None:
        series = years_by_month("""
            2022 | -4 | | | | | | | | | | |
            2023 | -6 | | | | | | | | | | |
        """)
        assert seasonality.same_month_change(series).loc["2023-01"].tolist() == [-2, 1.5, pd.Period("2022-01", "M")]

    def test_the_order_of_rows_does_not_matter(self) -> None:
        series = years_by_month(KITTILA_UNEMPLOYED)
        result = seasonality.same_month_change(series[::-1])
        pd.testing.assert_frame_equal(result, seasonality.same_month_change(series)[::-1])

    def test_a_series_that_is_all_hidden(self) -> None:
        series = years_by_month("2022 | ... | ... | | | | | | | | | |")
        result = seasonality.same_month_change(series)
        assert result.isna().all(axis=None)
        assert result["base"].dtype == "period[M]"

    def test_a_panel_is_refused(self) -> None:
        with pytest.raises(ValueError, match="not a panel"):
            seasonality.same_month_change(kittila())  # type: ignore[arg-type]


class TestRollingWindows:
    def test_twelve_months_by_default(self) -> None:
        panel = kittila()
        total, mean = seasonality.rolling_sum(panel), seasonality.rolling_mean(panel)
        assert total.loc["2022-12"].to_dict() == {"unemployed": 3939, "vacancies": 4865}
        assert mean.loc["2022-12"].to_dict() == {"unemployed": 328.25, "vacancies": pytest.approx(4865 / 12)}
        assert total.loc["2014-01", "unemployed"] == 5010 - 330 + 409
        assert total["unemployed"].first_valid_index() == pd.Period("2013-12", "M")
        assert total.index.equals(panel.index)

    def test_a_window_with_an_absent_or_hidden_month_has_no_sum(self) -> None:
        series = years_by_month(
            """
            2022 | 1 | 2 | 3 | | 5 | 6 | ... | 8 | 9 | | |
        """,
            "u",
        )
        result = seasonality.rolling_sum(series, months=2)
        expected = table("""
            month   | u
            2022-01 | ...
            2022-02 | 3
            2022-03 | 5
            2022-05 | ...
            2022-06 | 11
            2022-07 | ...
            2022-08 | ...
            2022-09 | 17
        """)["u"]
        pd.testing.assert_series_equal(result, expected)
        assert seasonality.rolling_mean(series, months=2)["2022-09"] == 8.5

    def test_exactly_one_window(self) -> None:
        series = years_by_month("2022 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12")
        assert seasonality.rolling_sum(series)["2022-12"] == 78
        assert seasonality.rolling_mean(series)["2022-12"] == 6.5

    def test_one_month_is_the_month_itself_and_a_short_series_has_no_window(self) -> None:
        series = years_by_month("2022 | 4 | 6 | | | | | | | | | |")
        assert seasonality.rolling_sum(series, months=1).tolist() == [4, 6]
        assert seasonality.rolling_sum(series).isna().all()

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="months"):
            seasonality.rolling_sum(kittila(), months=0)
        with pytest.raises(ValueError, match="monthly PeriodIndex"):
            seasonality.rolling_mean(pd.Series([1.0]))

"""Winters as years, stays per inhabitant, which series moves first and how two seasons lie to each other."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_tables import table, years_by_month
from test_seasonality_spec import kittila

from indicators import tourism
from indicators.seasonality import monthly_profile

# Invented: 90 of the 100 stays of 2018/19 fall on the winter, a half of the next season's; the last has not ended.
STAYS = """
2018 |    |    |    |    |    |    |    |    |    |    | 10 | 10
2019 | 20 | 20 | 20 | 10 | 0  | 2  | 2  | 2  | 2  | 2  | 5  | 10
2020 | 10 | 10 | 10 | 5  | 10 | 10 | 10 | 10 | 5  | 5  | 7  | 7
2021 | 7  |    |    |    |    |    |    |    |    |    |    |
"""


class TestSeasonByWinter:
    def test_a_row_holds_one_winter_whole(self) -> None:
        result = tourism.season_by_winter(years_by_month(STAYS))
        assert result.columns.tolist() == [11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
        assert result.index.tolist() == ["2018/19", "2019/20", "2020/21"]
        assert result.loc["2018/19"].tolist() == [10, 10, 20, 20, 20, 10, 0, 2, 2, 2, 2, 2]
        assert result.loc["2020/21"].tolist() == pytest.approx([7, 7, 7] + [math.nan] * 9, nan_ok=True)

    def test_unfinished_seasons_are_named(self) -> None:
        assert tourism.season_by_winter(years_by_month(STAYS)).attrs["incomplete"] == ["2020/21"]

    def test_hidden_and_absent_months_are_not_zero(self) -> None:
        series = years_by_month("""
            1999 |    |   |     | | | | | | | 4 |   | 6
            2000 | 7  | 8 | ... | | | | | | | 5 | 0 |
            2001 |    |   |     | | | | | | | 3 |   |
        """)
        result = tourism.season_by_winter(series)
        assert result.index.tolist() == ["1998/99", "1999/00", "2000/01"]
        assert result.loc["1999/00", [12, 1, 2, 10]].tolist() == [6, 7, 8, 5]
        assert result.loc["1999/00", [11, 3, 4, 5]].isna().all()
        assert result.loc["2000/01", 11] == 0
        assert result.attrs["incomplete"] == ["1998/99", "1999/00", "2000/01"]

    def test_a_season_without_any_month_has_its_row(self) -> None:
        series = pd.Series([1.0, 2.0], index=pd.PeriodIndex(["2021-01", "2018-12"], freq="M"))
        result = tourism.season_by_winter(series)
        assert result.index.tolist() == ["2018/19", "2019/20", "2020/21"]
        assert result.loc["2018/19", 12] == 2
        assert result.loc["2019/20"].isna().all()

    def test_other_first_months(self) -> None:
        calendar = tourism.season_by_winter(years_by_month(STAYS), first_month=1)
        assert calendar.index.tolist() == ["2018", "2019", "2020", "2021"]
        assert calendar.columns.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        assert calendar.loc["2019"].sum() == 95
        december = tourism.season_by_winter(years_by_month(STAYS), first_month=12)
        assert december.loc["2017/18", 11] == 10
        assert december.loc["2018/19", [12, 11]].tolist() == [10, 5]

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="monthly PeriodIndex"):
            tourism.season_by_winter(pd.Series([1.0], index=pd.PeriodIndex(["2020Q1"], freq="Q")))
        with pytest.raises(ValueError, match="one cell over time, not a panel"):
            tourism.season_by_winter(years_by_month(STAYS).to_frame())  # type: ignore[arg-type]
        for month in (0, 13):
            with pytest.raises(ValueError, match=f"1 to 12, got {month}"):
                tourism.season_by_winter(years_by_month(STAYS), first_month=month)


class TestWinterShare:
    def test_winter_stays_over_those_of_the_tourism_year(self) -> None:
        result = tourism.winter_share(years_by_month(STAYS))
        assert result.to_dict() == pytest.approx({"2018/19": 0.9, "2019/20": 0.5, "2020/21": math.nan}, nan_ok=True)

    def test_a_missing_summer_month_leaves_no_total(self) -> None:
        stays = years_by_month(STAYS)
        stays["2019-07"] = np.nan
        assert math.isnan(tourism.winter_share(stays)["2018/19"])
        assert math.isnan(tourism.winter_share(stays.dropna())["2018/19"])

    def test_other_months(self) -> None:
        assert tourism.winter_share(years_by_month(STAYS), months=(12, 1, 2))["2018/19"] == pytest.approx(50 / 95)
        assert tourism.winter_share(years_by_month(STAYS), months=(6, 7, 8))["2019/20"] == pytest.approx(6 / 70)

    def test_no_stays_at_all(self) -> None:
        nothing = pd.Series(0.0, index=pd.period_range("2018-11", periods=12, freq="M"))
        assert math.isnan(tourism.winter_share(nothing)["2018/19"])

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.integers(1, 9000), min_size=12, max_size=12), st.integers(1, 12), st.integers(1, 11))
    def test_a_season_and_the_rest_of_its_year_share_it(self, stays: list[int], first: int, length: int) -> None:
        series = pd.Series(stays, index=pd.period_range(f"2018-{first:02d}", periods=12, freq="M"))
        months = [(first - 1 + i) % 12 + 1 for i in range(12)]
        share = tourism.winter_share(series, months[:length]).iloc[0]
        assert 0 < share < 1
        assert share == pytest.approx(sum(stays[:length]) / sum(stays))

    @pytest.mark.parametrize("months", [(), (11, 1, 2), (1, 2, 3, 4, 11, 12), (12, 11), (0, 1), tuple(range(1, 13))])
    def test_months_must_follow_each_other(self, months: tuple[int, ...]) -> None:
        with pytest.raises(ValueError, match="calendar months that follow each other"):
            tourism.winter_share(years_by_month(STAYS), months)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="series holds negative values"):
            tourism.winter_share(-years_by_month(STAYS))
        with pytest.raises(ValueError, match="not a panel"):
            tourism.winter_share(years_by_month(STAYS).to_frame())  # type: ignore[arg-type]


AREAS = """
area    | nights | population
resort  | 500000 | 6250
edge    | 22000  | 1000
edge2   | 18000  | 1000
town    | 700000 | 64000
hidden  | ...    | 1000
empty   | 500    | 0
quiet   | 0      | 900
"""


class TestTourismIntensity:
    def test_stays_per_inhabitant(self) -> None:
        areas = table(AREAS)
        result = tourism.tourism_intensity(areas["nights"], areas["population"])
        assert result.to_dict() == pytest.approx(
            {
                "resort": 80,
                "edge": 22,
                "edge2": 18,
                "town": 10.9375,
                "hidden": math.nan,
                "empty": math.nan,
                "quiet": 0,
            },
            nan_ok=True,
        )
        assert tourism.tourism_intensity(500000, 6250) == 80

    def test_years_by_area(self) -> None:
        years = pd.period_range("2020", periods=2, freq="Y")
        nights = pd.DataFrame({"a": [100.0, 300.0], "b": [10.0, np.nan]}, index=years)
        result = tourism.tourism_intensity(nights, nights[["b", "a"]] * 0 + 10)
        assert result["a"].tolist() == [10, 30]
        assert result["b"].tolist() == pytest.approx([1, math.nan], nan_ok=True)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="nights holds negative values"):
            tourism.tourism_intensity(-1, 5)
        with pytest.raises(ValueError, match="labels do not match"):
            tourism.tourism_intensity(pd.Series({"a": 1}), pd.Series({"b": 1}))


class TestTourismMunicipalities:
    def test_areas_that_reach_the_threshold_and_those_near_it(self) -> None:
        areas = table(AREAS)
        result = tourism.tourism_municipalities(
            tourism.tourism_intensity(areas["nights"], areas["population"]), threshold=20
        )
        assert result.index[result["tourism"].fillna(False)].tolist() == ["resort", "edge"]
        assert result.index[result["near"].fillna(False)].tolist() == ["edge", "edge2"]
        assert result.loc["resort", "intensity"] == 80

    def test_a_hidden_area_is_neither_in_nor_out(self) -> None:
        result = tourism.tourism_municipalities(pd.Series({"hidden": np.nan, "seen": 3.0}), threshold=2)
        assert result.loc["hidden", ["tourism", "near"]].isna().all()
        assert result["tourism"].tolist()[1] is True
        assert result["near"].tolist()[1] is False

    def test_exactly_at_the_threshold(self) -> None:
        result = tourism.tourism_municipalities([20, 19.99], threshold=20)
        assert result["tourism"].tolist() == [True, False]
        assert result["near"].tolist() == [True, True]

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="threshold must lie"):
            tourism.tourism_municipalities([5.0], threshold=0)
        with pytest.raises(ValueError, match="intensity holds negative values"):
            tourism.tourism_municipalities([-5.0], threshold=5)
        with pytest.raises(ValueError, match="one cross-section"):
            tourism.tourism_municipalities(pd.DataFrame({"a": [5.0]}), threshold=5)  # type: ignore[arg-type]


MONTHS_IN_EIGHT_YEARS = pd.period_range("2012-01", periods=96, freq="M")
SEASON = np.array([9, 8, 7, 5, 1, 3, 4, 6, 3, 2, 4, 10.0])


def wandering(seed: int, months: int = 110) -> np.ndarray:
    """A positive series that wanders without a season: the exponential of a random walk, persistent as stocks are."""
    return np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.1, months)))


def over_eight_years(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=MONTHS_IN_EIGHT_YEARS)


def of_changes(changes: np.ndarray) -> pd.Series:
    """A series with these log changes against the same month a year before; 1 in each month of the first year."""
    logs = np.concatenate([np.zeros(12), changes])
    for month in range(12, len(logs)):
        logs[month] += logs[month - 12]
    return pd.Series(np.exp(logs), index=pd.period_range("1970-01", periods=len(logs), freq="M"))


class TestLeadLag:
    def test_a_follower_three_months_later_with_a_season_of_its_own(self) -> None:
        driver = wandering(1)
        leader = over_eight_years(50 * driver[3:99] * np.tile(SEASON, 8))
        follower = over_eight_years(200 * driver[:96] ** 2 * np.tile(SEASON[::-1], 8))
        result = tourism.lead_lag(leader, follower)
        assert result.index.tolist() == [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6]
        assert result.columns.tolist() == ["correlation", "n", "effective_n", "lower", "upper"]
        assert result.attrs == {"lag": 3, "significant": True}
        assert result.loc[3, "correlation"] == pytest.approx(1)
        assert result["n"].tolist() == [78, 79, 80, 81, 82, 83, 84, 83, 82, 81, 80, 79, 78]

    def test_a_mirror_two_months_later_is_negative(self) -> None:
        driver = wandering(2)
        result = tourism.lead_lag(over_eight_years(driver[2:98]), over_eight_years(1 / driver[:96]), max_lag=4)
        assert len(result) == 9
        assert result.attrs == {"lag": 2, "significant": True}
        assert result.loc[2, "correlation"] == pytest.approx(-1)

    def test_the_other_one_ahead_gives_a_negative_lag(self) -> None:
        driver = wandering(3)
        result = tourism.lead_lag(over_eight_years(driver[:96]), over_eight_years(driver[5:101]))
        assert result.attrs == {"lag": -5, "significant": True}

    def test_a_common_season_is_no_lead(self) -> None:
        """The levels correlate at 0.9 and more, as both have the same season; the changes of each are its own."""
        noise = np.random.default_rng(4).normal(0, 0.1, (2, 96))
        first, second = (over_eight_years(100 * np.tile(SEASON, 8) * np.exp(own)) for own in noise)
        assert first.corr(second) > 0.9
        result = tourism.lead_lag(first, second)
        assert result["correlation"].abs().max() < 0.4
        assert result.attrs["significant"] is False

    def test_unrelated_series_seldom_stand_out_although_they_wander(self) -> None:
        """At most one in twenty pairs has a lag outside its band; bands of independent months would miss in most."""
        adjusted, independent = [], []
        for seed in range(60):
            pair = [over_eight_years(wandering(1000 + 2 * seed + one, 96)) for one in (0, 1)]
            result = tourism.lead_lag(*pair)
            adjusted.append(result.attrs["significant"])
            independent.append((result["correlation"].abs() > 1.96 / np.sqrt(result["n"])).any())
        assert sum(adjusted) <= 3
        assert sum(independent) >= 30

    def test_months_that_carry_over_are_worth_fewer_and_others_no_more_than_one_each(self) -> None:
        carried = tourism.lead_lag(over_eight_years(wandering(5, 96)), over_eight_years(wandering(6, 96)))
        assert carried.loc[0, "effective_n"] < 30
        noise = np.exp(np.random.default_rng(7).normal(0, 0.1, (2, 96)))
        own = tourism.lead_lag(over_eight_years(noise[0]), over_eight_years(noise[1]))
        assert 40 < own.loc[0, "effective_n"] <= 84
        assert (own["effective_n"] <= own["n"]).all()

    def test_changes_that_carry_half_over_are_worth_three_fifths(self) -> None:
        """Bartlett's case of two autoregressions of 0.5: n (1 - 0.25)/(1 + 0.25)."""
        changes = np.random.default_rng(2).normal(0, 0.02, (2, 600))
        for month in range(1, 600):
            changes[:, month] += 0.5 * changes[:, month - 1]
        result = tourism.lead_lag(of_changes(changes[0]), of_changes(changes[1]))
        assert result.loc[0, "effective_n"] / 600 == pytest.approx(0.6, abs=0.08)

    def test_the_band_is_that_of_all_lags_together(self) -> None:
        """84 months worth one each, a level of 0.95^(1/13) for each lag: t = 2.9671, 2.9671/sqrt(82 + 2.9671^2)."""
        changes = np.random.default_rng(2).normal(0, 0.1, (2, 84))
        result = tourism.lead_lag(of_changes(changes[0]), of_changes(changes[1]))
        assert result.loc[0, "effective_n"] == 84
        assert result.loc[0, "upper"] == pytest.approx(0.3114, abs=5e-5)
        assert (result["lower"] == -result["upper"]).all()

    def test_one_shared_shock_makes_a_correlation_that_goes_when_it_is_hidden(self) -> None:
        noise = np.exp(np.random.default_rng(10).normal(0, 0.1, (2, 96)))
        noise[:, 60:63] = [[0.1], [10.0]]
        shocked = tourism.lead_lag(over_eight_years(noise[0]), over_eight_years(noise[1]))
        assert shocked.loc[0, "correlation"] < -0.9
        hidden = over_eight_years(noise[0])
        hidden.iloc[60:63] = np.nan
        result = tourism.lead_lag(hidden, over_eight_years(noise[1]))
        assert abs(result.loc[0, "correlation"]) < 0.3
        assert result.attrs["significant"] is False

    def test_the_spring_of_2020_is_all_that_kittila_has(self) -> None:
        """Vacancies and unemployed move against each other, but hardly any more with the two odd years hidden."""
        series = kittila()
        assert tourism.lead_lag(series["vacancies"], series["unemployed"]).loc[0, "correlation"] < -0.6
        series.loc["2020-03":"2021-12", "unemployed"] = np.nan  # type: ignore[misc]
        without = tourism.lead_lag(series["vacancies"], series["unemployed"])
        assert without["correlation"].abs().max() < 0.3
        assert without.attrs["significant"] is False

    def test_a_hidden_month_takes_its_pairs_and_those_a_year_later(self) -> None:
        leader, follower = over_eight_years(wandering(10, 96)), over_eight_years(wandering(11, 96))
        leader["2015-05"] = np.nan
        assert tourism.lead_lag(leader, follower, max_lag=1)["n"].tolist() == [81, 82, 81]
        follower["2015-06"] = np.nan
        assert tourism.lead_lag(leader, follower, max_lag=1)["n"].tolist() == [79, 80, 81]

    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 10**6), st.floats(0.01, 100), st.lists(st.floats(0.1, 10), min_size=12, max_size=12))
    def test_scale_and_season_do_not_matter_and_turning_the_pair_turns_the_lags(
        self, seed: int, scale: float, season: list[float]
    ) -> None:
        first, second = over_eight_years(wandering(seed, 96)), over_eight_years(wandering(seed + 1, 96))
        result = tourism.lead_lag(first, second)
        assert (result["correlation"].abs() <= 1 + 1e-12).all()
        dressed = tourism.lead_lag(scale * first * np.tile(season, 8), second)
        turned = tourism.lead_lag(second, first)
        for column in ("correlation", "effective_n", "upper"):
            assert dressed[column].tolist() == pytest.approx(result[column].tolist(), abs=1e-9)
            assert turned[column].tolist() == pytest.approx(result[column].tolist()[::-1], abs=1e-9)
        assert turned.attrs["significant"] == result.attrs["significant"]

    def test_short_series_are_refused(self) -> None:
        """Twelve months to compare with, 36 pairs and 6 lags: 54 months are enough, 53 are not."""
        first, second = over_eight_years(wandering(12, 96)), over_eight_years(wandering(13, 96))
        assert tourism.lead_lag(first[:54], second[:54])["n"].min() == 36
        with pytest.raises(ValueError, match="lag -6 has 35 pairs of changes, fewer than 36"):
            tourism.lead_lag(first[:53], second[:53])
        with pytest.raises(ValueError, match="has 0 pairs"):
            tourism.lead_lag(first[:5], second[:5])
        with pytest.raises(ValueError, match="has 0 pairs"):
            tourism.lead_lag(first * np.nan, second)

    def test_invalid_input(self) -> None:
        first, second = over_eight_years(wandering(14, 96)), over_eight_years(wandering(15, 96))
        quarters = pd.Series(1.0, index=pd.period_range("2012Q1", periods=96, freq="Q"))
        with pytest.raises(ValueError, match="follower must have a monthly PeriodIndex"):
            tourism.lead_lag(first, quarters)
        with pytest.raises(ValueError, match="labels do not match"):
            tourism.lead_lag(first, second[:90])
        with pytest.raises(ValueError, match="leader must be by period, in order and without gaps"):
            tourism.lead_lag(first.drop(first.index[50]), second.drop(first.index[50]))
        with pytest.raises(ValueError, match="leader must be one cell over time"):
            tourism.lead_lag(first.to_frame(), second.to_frame())  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="follower is zero in 2012-03: it has no logarithm"):
            tourism.lead_lag(first, second.where(second.index != pd.Period("2012-03", freq="M"), 0))
        with pytest.raises(ValueError, match="leader holds negative values"):
            tourism.lead_lag(-first, second)
        with pytest.raises(ValueError, match="leader changes alike in every month"):
            tourism.lead_lag(over_eight_years(np.tile(SEASON, 8)), second)
        for max_lag in (0, 13):
            with pytest.raises(ValueError, match="max_lag must lie"):
                tourism.lead_lag(first, second, max_lag=max_lag)


class TestSeasonShift:
    def test_the_two_seasons_of_kittila(self) -> None:
        """Unemployment peaks in May, vacancies in September; the year of vacancies lies three months later."""
        profiles = monthly_profile(kittila())
        result = tourism.season_shift(profiles["unemployed"], profiles["vacancies"])
        assert result[["peak_a", "peak_b", "trough_a", "trough_b"]].tolist() == [5, 9, 2, 5]
        assert result["shift"] == 3

    @pytest.mark.parametrize("turn", [-5, -4, -1, 0, 1, 3, 6])
    def test_the_same_year_some_months_later(self, turn: int) -> None:
        result = tourism.season_shift(SEASON, 7 * np.roll(SEASON, turn) + 3)
        assert result["shift"] == turn
        assert result["correlation"] == pytest.approx(1)
        assert (result["peak_b"] - result["peak_a"] - turn) % 12 == 0
        assert (result["trough_b"] - result["trough_a"] - turn) % 12 == 0

    def test_a_mirror_two_months_later(self) -> None:
        result = tourism.season_shift(SEASON, 20 - np.roll(SEASON, 2))
        assert result["mirror_shift"] == 2
        assert result["mirror_correlation"] == pytest.approx(-1)
        assert result["peak_a"] == 12
        assert result["trough_b"] == 2

    def test_a_wave_and_its_mirror_are_half_a_year_apart(self) -> None:
        wave = 5 + np.cos(2 * np.pi * np.arange(12) / 12)
        result = tourism.season_shift(wave, 10 - wave)
        assert result[["shift", "mirror_shift"]].tolist() == [6, 0]
        assert result[["correlation", "mirror_correlation"]].tolist() == pytest.approx([1, -1])

    def test_of_equal_turns_the_shortest(self) -> None:
        """Two winters a year: a turn by nothing and one by six months do equally well."""
        twice = np.tile([1.0, 2, 3, 4, 3, 2], 2)
        assert tourism.season_shift(twice, twice)["shift"] == 0
        assert tourism.season_shift(twice, np.roll(twice, 4))["shift"] == -2
        assert tourism.season_shift(twice, np.roll(twice, 2))["shift"] == 2

    def test_months_decide_and_not_their_order(self) -> None:
        winter_first = pd.Series(SEASON, index=range(1, 13)).loc[[11, 12, *range(1, 11)]]
        result = tourism.season_shift(winter_first, pd.DataFrame({"mean": SEASON}, index=range(1, 13)))
        assert result[["shift", "peak_a", "peak_b"]].tolist() == [0, 12, 12]

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="profile_b must hold twelve values"):
            tourism.season_shift(SEASON, SEASON[:11])
        with pytest.raises(ValueError, match="profile_a must hold twelve values"):
            tourism.season_shift(pd.DataFrame({"a": SEASON, "b": SEASON}), SEASON)
        with pytest.raises(ValueError, match="1 of 12 months of profile_a are missing"):
            tourism.season_shift([math.nan, *SEASON[1:]], SEASON)
        with pytest.raises(ValueError, match="profile_b holds negative values"):
            tourism.season_shift(SEASON, -SEASON)
        for even in ([7] * 12, [0] * 12, [0.1 + 0.2] * 6 + [0.3] * 6):
            with pytest.raises(ValueError, match="profile_b is even over the year"):
                tourism.season_shift(SEASON, even)

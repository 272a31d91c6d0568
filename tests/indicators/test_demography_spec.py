"""Dependency, replacement and migration on populations small enough to check by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_tables import table

from indicators import demography

BANDS = """
area  | 0-14 | 15-19 | 20-29 | 30-54 | 55-64 | 65-
KU890 | 100  | 50    | 90    | 240   | 120   | 400
KU261 | 900  | 300   | 900   | 2100  | 700   | 1100
KU614 | ...  | 100   | 200   | 600   | 400   | 1200
"""


class TestDemographicDependency:
    def test_young_and_old_per_hundred_of_working_age(self) -> None:
        """500 under 15 or over 64 to 500 between."""
        areas = table(BANDS)
        result = demography.demographic_dependency(areas)
        assert result.to_dict() == pytest.approx({"KU890": 100, "KU261": 50, "KU614": math.nan}, nan_ok=True)
        assert demography.demographic_dependency(areas.loc["KU890"]) == pytest.approx(100)

    def test_single_years_as_numbers_texts_or_an_array(self) -> None:
        years = np.ones(101)
        for labels in (range(101), [*map(str, range(100)), "100-"], [f"{age:03d}" for age in range(101)]):
            series = pd.Series(years, index=list(labels))
            assert demography.demographic_dependency(series[::-1]) == pytest.approx(100 * 51 / 50)
        assert demography.demographic_dependency(years) == pytest.approx(100 * 51 / 50)

    @pytest.mark.parametrize(
        ("ages", "words"),
        [
            (["0-14", "15-64"], "ends before the ages over 64"),
            (["0-14", "15-59", "65-"], "lacks the ages from 60 to 64"),
            (["15-64", "65-"], "lacks the ages from 0 to 14"),
            (["0-14", "15-64", "70-"], "lacks the ages from 65 to 69"),
            (["0-17", "18-64", "65-"], "band 0-17, which reaches over 15 to 64"),
            (["0-14", "15-69", "70-"], "band 15-69"),
            (["0-14", "15-64", "60-64", "65-"], "overlap at 60"),
            (["0-14", "15-64", "65-", "SSS"], "no age: SSS"),
        ],
    )
    def test_ages_must_cover_everybody_once(self, ages: list[str], words: str) -> None:
        with pytest.raises(ValueError, match=words):
            demography.demographic_dependency(pd.Series(10.0, index=ages))

    def test_invalid_input(self) -> None:
        ages = ["0-14", "15-64", "65+"]
        with pytest.raises(ValueError, match="nobody is aged 15 to 64"):
            demography.demographic_dependency(pd.Series([5, 0, 5], index=ages))
        with pytest.raises(ValueError, match="nobody is aged 15 to 64 in 2021"):
            demography.demographic_dependency(pd.DataFrame([[5, 1, 5], [5, 0, 5]], index=[2020, 2021], columns=ages))
        with pytest.raises(ValueError, match="1 of 3 ages are hidden"):
            demography.demographic_dependency(pd.Series([5, np.nan, 5], index=ages))
        with pytest.raises(ValueError, match="negative"):
            demography.demographic_dependency(pd.Series([5, -1, 5], index=ages))
        with pytest.raises(ValueError, match="one value an age"):
            demography.demographic_dependency(5)  # type: ignore[call-overload]


class TestReplacementRatio:
    def test_entrants_per_leaver(self) -> None:
        """Hidden children do not matter to it."""
        result = demography.replacement_ratio(table(BANDS))
        assert result.to_dict() == pytest.approx({"KU890": 0.75, "KU261": 9 / 7, "KU614": 0.5})
        assert demography.replacement_ratio(table(BANDS).loc["KU614"]) == pytest.approx(0.5)

    def test_other_ages(self) -> None:
        result = demography.replacement_ratio(table(BANDS), entrants=(15, 29), leavers=(55, 64))
        assert result["KU890"] == pytest.approx(140 / 120)
        assert demography.replacement_ratio(np.arange(80.0), (15, 24), (55, 64)) == pytest.approx(195 / 595)

    def test_nobody_enters(self) -> None:
        assert demography.replacement_ratio(pd.Series({"20-29": 0, "55-64": 9})) == 0

    def test_invalid_input(self) -> None:
        areas = table(BANDS)
        with pytest.raises(ValueError, match="band 20-29, which reaches over 20 to 24"):
            demography.replacement_ratio(areas, entrants=(20, 24))
        with pytest.raises(ValueError, match="band 65-, which reaches over 65 to 74"):
            demography.replacement_ratio(areas, leavers=(65, 74))
        with pytest.raises(ValueError, match="lacks the ages from 20 to 29"):
            demography.replacement_ratio(areas.drop(columns="20-29"))
        with pytest.raises(ValueError, match="entrants and leavers overlap"):
            demography.replacement_ratio(areas, entrants=(20, 55))
        with pytest.raises(ValueError, match="first and a last age"):
            demography.replacement_ratio(areas, entrants=(29, 20))
        with pytest.raises(ValueError, match="nobody is aged 55 to 64"):
            demography.replacement_ratio(pd.Series({"20-29": 9, "55-64": 0}))
        with pytest.raises(ValueError, match="hidden"):
            demography.replacement_ratio(pd.Series({"20-29": np.nan, "55-64": 5}))


class TestEconomicDependency:
    def test_persons_without_work_per_hundred_with(self) -> None:
        population = pd.Series({"KU261": 6500, "KU614": 3000, "hidden": np.nan, "empty": 10})
        employed = pd.Series({"empty": 0, "hidden": 5, "KU614": 1000, "KU261": 3250})
        result = demography.economic_dependency(population, employed)
        assert result.to_dict() == pytest.approx(
            {"KU261": 100, "KU614": 200, "hidden": math.nan, "empty": math.nan}, nan_ok=True
        )
        assert demography.economic_dependency(2500, 1000) == pytest.approx(150)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="employed exceed"):
            demography.economic_dependency(10, 11)
        with pytest.raises(ValueError, match="negative"):
            demography.economic_dependency(10, -1)


class TestNetMigrationRate:
    def test_net_moves_per_thousand(self) -> None:
        moved = table("""
            area  | moved_in | moved_out | population
            KU261 | 500      | 435       | 6500
            KU614 | 90       | 120       | 3000
            KU742 | ...      | 40        | 900
            empty | 0        | 0         | 0
        """)
        result = demography.net_migration_rate(*(moved[column] for column in moved))
        assert result.tolist() == pytest.approx([10, -10, math.nan, math.nan], nan_ok=True)
        assert demography.net_migration_rate(5, 4, 200, per=100) == pytest.approx(0.5)

    def test_panels_align_on_labels(self) -> None:
        panel = pd.DataFrame({"a": [30.0, 10.0], "b": [5.0, 6.0]}, index=pd.period_range("2020", periods=2, freq="Y"))
        result = demography.net_migration_rate(panel[["b", "a"]], panel * 0, panel * 0 + 1000)
        assert result.columns.tolist() == ["b", "a"]
        assert result["a"].tolist() == [30, 10]

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="per must lie"):
            demography.net_migration_rate(5, 4, 200, per=0)
        with pytest.raises(ValueError, match="labels do not match"):
            demography.net_migration_rate(pd.Series({"a": 1}), pd.Series({"b": 1}), pd.Series({"a": 100}))


class TestMigrationEfficiency:
    def test_net_over_gross_moves(self) -> None:
        """Of 935 moves 65 more were in, of 210 moves 30 more were out."""
        moved = table("""
            area   | moved_in | moved_out
            KU261  | 500      | 435
            KU732  | 90       | 120
            KU742  | ...      | 40
            nobody | 0        | 0
        """)
        result = demography.migration_efficiency(moved["moved_in"], moved["moved_out"])
        assert result.to_dict() == pytest.approx(
            {"KU261": 65 / 935, "KU732": -1 / 7, "KU742": math.nan, "nobody": math.nan}, nan_ok=True
        )

    def test_moves_one_way_only(self) -> None:
        assert demography.migration_efficiency(7, 0) == 1
        assert demography.migration_efficiency(0, 7) == -1
        assert demography.migration_efficiency(7, 7) == 0

    def test_panels_keep_their_shape(self) -> None:
        panel = pd.DataFrame({"a": [30.0, 10.0], "b": [5.0, 6.0]}, index=pd.period_range("2020", periods=2, freq="Y"))
        result = demography.migration_efficiency(panel, panel[["b", "a"]] * 3)
        assert result.to_dict("list") == {"a": [-0.5, -0.5], "b": [-0.5, -0.5]}

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 9000), st.integers(1, 9000), st.integers(2, 9))
    def test_turning_the_moves_turns_the_sign_and_their_number_does_not_matter(
        self, came: int, left: int, times: int
    ) -> None:
        result = demography.migration_efficiency(came, left)
        assert -1 <= result <= 1
        assert demography.migration_efficiency(left, came) == -result
        assert demography.migration_efficiency(times * came, times * left) == pytest.approx(result)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="moved_out holds negative values"):
            demography.migration_efficiency(5, -1)
        with pytest.raises(ValueError, match="labels do not match"):
            demography.migration_efficiency(pd.Series({"a": 1}), pd.Series({"b": 1}))


class TestRetentionRate:
    START = """
        area   | 15-19 | 20-24 | 25-29 | 30-34
        KU614  | 100   | 60    | ...   | 70
        KU261  | 200   | 200   | 300   | 350
        hidden | 50    | ...   | 40    | 40
        empty  | 0     | 0     | 5     | 5
    """
    TEN_YEARS_LATER = """
        area   | 15-19 | 20-24 | 25-29 | 30-34
        KU614  | 70    | 40    | 30    | 50
        KU261  | 250   | 230   | 260   | 240
        hidden | 40    | 40    | 30    | 20
        empty  | 5     | 0     | 3     | 0
    """

    def test_a_cohort_ten_years_older(self) -> None:
        """160 aged 15 to 24 are 80 aged 25 to 34 ten years later; where people move in it lies above 1."""
        start = demography.persons_aged(table(self.START), (15, 24))
        end = demography.persons_aged(table(self.TEN_YEARS_LATER), (25, 34))
        result = demography.retention_rate(start, end)
        assert result.to_dict() == pytest.approx(
            {"KU614": 0.5, "KU261": 1.25, "hidden": math.nan, "empty": math.nan}, nan_ok=True
        )

    def test_one_cohort(self) -> None:
        assert demography.retention_rate(160, 80) == 0.5
        assert demography.retention_rate(160, 0) == 0

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="labels do not match"):
            demography.retention_rate(pd.Series({"15-19": 5}), pd.Series({"25-29": 5}))
        with pytest.raises(ValueError, match="cohort_end holds negative values"):
            demography.retention_rate(5, -1)


class TestPersonsAged:
    def test_ages_are_added_and_others_do_not_matter(self) -> None:
        result = demography.persons_aged(table(BANDS), (15, 29))
        assert result.to_dict() == {"KU890": 140, "KU261": 1200, "KU614": 300}
        assert demography.persons_aged(table(BANDS).loc["KU614"], (15, 29)) == 300
        assert demography.persons_aged(np.arange(100.0), (15, 24)) == 195

    def test_a_hidden_age_hides_the_row(self) -> None:
        result = demography.persons_aged(table(BANDS), (0, 19))
        assert result.to_dict() == pytest.approx({"KU890": 150, "KU261": 1200, "KU614": math.nan}, nan_ok=True)

    def test_invalid_input(self) -> None:
        areas = table(BANDS)
        with pytest.raises(ValueError, match="band 20-29, which reaches over 15 to 24"):
            demography.persons_aged(areas, (15, 24))
        with pytest.raises(ValueError, match="lacks the ages from 15 to 19"):
            demography.persons_aged(areas.drop(columns="15-19"), (15, 29))
        with pytest.raises(ValueError, match="first and a last age, got 24 and 15"):
            demography.persons_aged(areas, (24, 15))
        with pytest.raises(ValueError, match="1 of 2 ages are hidden"):
            demography.persons_aged(areas.loc["KU614"], (0, 19))

"""Groups among the unemployed, on counts small enough to check by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_tables import table

from indicators import people


class TestTargetGroupShare:
    def test_share_with_the_published_wilson_intervals(self) -> None:
        """The four pairs of Newcombe (1998), table I, printed to four digits."""
        counts = table("""
            area | group | all
            a    | 81    | 263
            b    | 15    | 148
            c    | 0     | 20
            d    | 1     | 29
        """)
        result = people.target_group_share(counts["group"], counts["all"])
        expected = table("""
            area | share  | lower  | upper
            a    | 0.3080 | 0.2553 | 0.3662
            b    | 0.1014 | 0.0624 | 0.1605
            c    | 0.0000 | 0.0000 | 0.1611
            d    | 0.0345 | 0.0061 | 0.1718
        """)
        pd.testing.assert_frame_equal(result.round(4), expected, check_names=False)

    def test_a_hidden_group_stays_hidden(self) -> None:
        result = people.target_group_share(
            pd.Series({"hidden": np.nan, "all hidden": 7.0, "nobody": 0.0}),
            pd.Series({"nobody": 0.0, "all hidden": np.nan, "hidden": 50.0}),
        )
        assert result.index.tolist() == ["hidden", "all hidden", "nobody"]
        assert result.isna().all(axis=None)

    def test_one_area_at_another_level(self) -> None:
        result = people.target_group_share(81, 263, level=0.9)
        assert result.loc[0, "share"] == pytest.approx(0.30798, abs=1e-5)
        assert 0.2553 < result.loc[0, "lower"] < 0.30798 < result.loc[0, "upper"] < 0.3662

    def test_one_area_over_time(self) -> None:
        months = pd.period_range("2020-01", periods=2, freq="M")
        result = people.target_group_share(pd.Series([10, 30], months), pd.Series([40, 40], months))
        assert result["share"].tolist() == [0.25, 0.75]
        assert result.index.equals(months)

    @settings(max_examples=40, deadline=None)
    @given(st.integers(1, 3000), st.integers(1, 3000), st.integers(2, 20))
    def test_more_people_of_the_same_share_narrow_it(self, group: int, rest: int, times: int) -> None:
        one = people.target_group_share(group, group + rest).loc[0]
        more = people.target_group_share(times * group, times * (group + rest)).loc[0]
        assert 0 <= one["lower"] < one["share"] < one["upper"] <= 1
        assert more["share"] == pytest.approx(one["share"])
        assert more["upper"] - more["lower"] < one["upper"] - one["lower"]

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="group exceeds all_unemployed in 1 cells"):
            people.target_group_share([5, 9], [9, 5])
        with pytest.raises(ValueError, match="group holds negative values"):
            people.target_group_share(-1, 5)
        with pytest.raises(ValueError, match="not a panel"):
            people.target_group_share(pd.DataFrame({"a": [1.0]}), pd.DataFrame({"a": [2.0]}))  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="level must lie"):
            people.target_group_share(1, 5, level=95)


class TestRepresentation:
    def test_share_among_the_unemployed_over_share_of_the_population(self) -> None:
        """A quarter of the unemployed and a tenth of the population: 2.5 times as common."""
        counts = table("""
            group   | unemployed | all | persons | everyone
            over    | 50         | 200 | 100     | 1000
            even    | 20         | 200 | 100     | 1000
            under   | 10         | 200 | 100     | 1000
            nobody  | 0          | 200 | 100     | 1000
            none of | 5          | 200 | 0       | 1000
            hidden  | ...        | 200 | 100     | 1000
            unknown | 50         | 200 | ...     | 1000
        """)
        result = people.representation(*(counts[column] for column in counts))
        assert result.columns.tolist() == ["unemployed_share", "population_share", "ratio", "lower", "upper"]
        assert result["ratio"].to_dict() == pytest.approx(
            {
                "over": 2.5,
                "even": 1,
                "under": 0.5,
                "nobody": 0,
                "none of": math.nan,
                "hidden": math.nan,
                "unknown": math.nan,
            },
            nan_ok=True,
        )
        assert result.loc["hidden", "population_share"] == 0.1
        assert result.loc["unknown", "unemployed_share"] == 0.25
        assert result.loc["none of", "population_share"] == 0

    def test_interval_tells_even_from_over_represented(self) -> None:
        """15 of 148 is 0.0624 to 0.1605 by Wilson; over a share of a fifth five times that."""
        result = people.representation(15, 148, 2000, 10000).loc[0]
        assert result[["ratio", "lower", "upper"]].tolist() == pytest.approx([0.5068, 0.3120, 0.8025], abs=3e-4)

    def test_labels_decide_and_not_positions(self) -> None:
        result = people.representation(
            pd.Series({"a": 10, "b": 30}),
            pd.Series({"b": 100, "a": 100}),
            pd.Series({"b": 300, "a": 50}),
            pd.Series({"a": 1000, "b": 1000}),
        )
        assert result["ratio"].to_dict() == pytest.approx({"a": 2, "b": 1})

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="group_unemployed exceeds all_unemployed"):
            people.representation(9, 5, 1, 10)
        with pytest.raises(ValueError, match="group_population exceeds population"):
            people.representation(1, 5, 11, 10)
        with pytest.raises(ValueError, match="labels do not match"):
            people.representation(pd.Series({"a": 1}), pd.Series({"a": 5}), pd.Series({"b": 1}), pd.Series({"a": 9}))


class TestStructuralUnemployment:
    def test_four_parts_and_their_total(self) -> None:
        counts = table("""
            area     | long_term | repeated | back | onwards
            whole    | 910       | 300      | 120  | 70
            one gone | 910       | ...      | 120  | 70
            only one | 910       | ...      | ...  | ...
            none     | ...       | ...      | ...  | ...
            nobody   | 0         | 0        | 0    | 0
        """)
        result = people.structural_unemployment(*(counts[column] for column in counts))
        assert result.columns.tolist() == [
            "long_term",
            "repeated",
            "from_services_to_unemployment",
            "from_service_to_service",
            "total",
            "lower_bound",
        ]
        expected = table("""
            area     | long_term | repeated | back | onwards | total | lower_bound
            whole    | 910       | 300      | 120  | 70      | 1400  | 1400
            one gone | 910       | ...      | 120  | 70      | ...   | 1100
            only one | 910       | ...      | ...  | ...     | ...   | 910
            none     | ...       | ...      | ...  | ...     | ...   | ...
            nobody   | 0         | 0        | 0    | 0       | 0     | 0
        """)
        assert result.to_numpy() == pytest.approx(expected.to_numpy(), nan_ok=True)

    def test_a_part_no_table_has(self) -> None:
        months = pd.period_range("2020-01", periods=2, freq="M")
        result = people.structural_unemployment(pd.Series([910, 950], months), np.nan, np.nan, np.nan)
        assert result["lower_bound"].tolist() == [910, 950]
        assert result["total"].isna().all()
        assert result["repeated"].isna().all()

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.integers(0, 500), min_size=4, max_size=4), st.sets(st.integers(0, 3), min_size=1, max_size=3))
    def test_the_bound_never_exceeds_the_total_it_bounds(self, parts: list[int], hidden: set[int]) -> None:
        seen = [math.nan if place in hidden else float(part) for place, part in enumerate(parts)]
        result = people.structural_unemployment(*seen).loc[0]
        assert result["lower_bound"] <= sum(parts)
        assert math.isnan(result["total"])

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="repeated holds negative values"):
            people.structural_unemployment(5, -1, 0, 0)
        with pytest.raises(ValueError, match="labels do not match"):
            people.structural_unemployment(pd.Series({"a": 5}), pd.Series({"b": 5}), 0, 0)


class TestLongTermShare:
    def test_lapland_in_june_2026(self) -> None:
        """Lapland 2 502 of 9 137 and Finland 144 461 of 352 001 unemployed jobseekers; 12r5."""
        result = people.long_term_share(
            pd.Series({"MK19": 2502, "SSS": 144461, "hidden": np.nan, "nobody": 0}),
            pd.Series({"SSS": 352001, "MK19": 9137, "hidden": 60, "nobody": 0}),
        )
        assert result.round(4).to_dict() == pytest.approx(
            {"MK19": 0.2738, "SSS": 0.4104, "hidden": math.nan, "nobody": math.nan}, nan_ok=True
        )

    def test_panels_keep_their_shape(self) -> None:
        months = pd.period_range("2020-01", periods=2, freq="M")
        long_term = pd.DataFrame({"a": [1.0, 2.0], "b": [np.nan, 3.0]}, index=months)
        result = people.long_term_share(long_term, long_term[["b", "a"]] * 0 + 4)
        assert result["a"].tolist() == [0.25, 0.5]
        assert result["b"].tolist() == pytest.approx([math.nan, 0.75], nan_ok=True)

    def test_many_newly_unemployed_lower_it(self) -> None:
        assert people.long_term_share(20, 200) < people.long_term_share(20, 80)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="long_term exceeds unemployed in 1 cells"):
            people.long_term_share(5, 4)

"""Who could supply a gap: near occupations, near areas, and how far they could reach."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_tables import table

from indicators import supply

# StatFin tyonv 12ti, Lapland, October 2023: unemployed jobseekers and open vacancies at the end of the month.
LAPLAND = """
occupation | unemployed | vacancies
5113       | 120        | 196
5120       | 221        | 308
5131       | 103        | 331
5132       | 11         | ...
5141       | 30         | 15
5142       | 13         | ...
5151       | 5          | 5
5152       | ...        | 0
5153       | 118        | 71
5164       | 25         | 9
5311       | 89         | 20
5321       | 171        | 175
5322       | 62         | 59
9112       | 150        | 230
9412       | 119        | 193
X211       | 670        | 0
X212       | 453        | 6
X121       | ...        | 0
"""

# Invented: four places along a road and one across an unmapped lake.
PLACES = """
area   | unemployed | vacancies | km
home   | 10         | 60        | 0
next   | 40         | 20        | 30
twin   | 45         | 15        | 30
far    | 200        | 10        | 120
short  | 5          | 50        | 20
secret | ...        | 2         | 40
lake   | 90         | 0         | ...
"""


class TestGap:
    def test_persons_short_or_to_spare(self) -> None:
        counts = table(LAPLAND).loc[["5131", "5311", "5151", "5132"]]
        result = supply.gap(counts["unemployed"], counts["vacancies"])
        expected = table("""
            occupation | gap | reserve
            5131       | 228 | 0
            5311       | 0   | 69
            5151       | 0   | 0
            5132       | ... | ...
        """)
        pd.testing.assert_frame_equal(result, expected)

    def test_one_cell(self) -> None:
        assert supply.gap(4, 10).loc[0].tolist() == [6, 0]

    def test_a_panel_is_refused(self) -> None:
        with pytest.raises(ValueError, match="not a panel"):
            supply.gap(pd.DataFrame([[1]]), pd.DataFrame([[1]]))  # type: ignore[arg-type]


class TestAdjacentOccupations:
    def waiters(self) -> pd.DataFrame:
        counts = table(LAPLAND)
        return supply.adjacent_occupations("5131", counts["unemployed"], counts["vacancies"])

    def test_the_same_sub_major_group_before_the_same_major_group_and_larger_reserves_first(self) -> None:
        expected = table("""
            occupation | proximity | unemployed | vacancies | reserve
            5153       | 2         | 118        | 71        | 47
            5164       | 2         | 25         | 9         | 16
            5141       | 2         | 30         | 15        | 15
            5311       | 1         | 89         | 20        | 69
            5322       | 1         | 62         | 59        | 3
        """)
        pd.testing.assert_frame_equal(self.waiters(), expected)

    def test_the_same_minor_group_shares_three_digits(self) -> None:
        result = supply.adjacent_occupations(
            "5131", pd.Series({"5131": 0, "5132": 9, "5230": 9}), pd.Series({"5131": 9, "5132": 0, "5230": 0})
        )
        assert result["proximity"].to_dict() == {"5132": 3, "5230": 1}

    def test_hidden_neighbours_are_counted_with_the_most_they_could_add(self) -> None:
        """5132: 11 less at least 1; 5142: 13 less at least 1; 5152: at most 4 less 0."""
        assert self.waiters().attrs["hidden"] == 3
        assert self.waiters().attrs["hidden_reserve_at_most"] == 10 + 12 + 4

    def test_a_hidden_neighbour_that_cannot_be_in_surplus_adds_nobody(self) -> None:
        """5132 has at least 1 vacancy for nobody; 5141 at most 4 unemployed and at least 1 vacancy."""
        counts = table("""
            occupation | unemployed | vacancies
            5131       | 0          | 9
            5132       | 0          | ...
            5141       | ...        | ...
        """)
        result = supply.adjacent_occupations("5131", counts["unemployed"], counts["vacancies"])
        assert result.attrs["hidden"] == 2
        assert result.attrs["hidden_reserve_at_most"] == 3

    def test_the_hidden_count_as_far_as_the_list_reaches(self) -> None:
        counts = table(LAPLAND.replace("89 ", "..."))
        u, v = counts["unemployed"], counts["vacancies"]
        near = supply.adjacent_occupations("5131", u, v, least_proximity=2)
        assert near.index.tolist() == ["5153", "5164", "5141"]
        assert near.attrs["hidden"] == 3
        assert supply.adjacent_occupations("5131", u, v).attrs["hidden"] == 4

    def test_jobseekers_without_an_occupation_are_never_supply_but_are_counted(self) -> None:
        result = self.waiters()
        assert not result.index.str.startswith("X").any()
        assert result.attrs["without_occupation"] == 670 + 453
        assert result.attrs["without_occupation_hidden"] == 1

    def test_how_many_lack_an_occupation_is_unknown_when_no_such_group_is_given(self) -> None:
        result = supply.adjacent_occupations("5131", pd.Series({"5131": 1.0}), pd.Series({"5131": 1.0}))
        assert result.empty
        assert result.columns.tolist() == ["proximity", "unemployed", "vacancies", "reserve"]
        assert math.isnan(result.attrs["without_occupation"])
        assert result.attrs["hidden_reserve_at_most"] == 0

    def test_another_measure_of_proximity_replaces_the_classification(self) -> None:
        counts = table(LAPLAND)
        occupations = [code for code in counts.index if code.isdigit()]
        nearness = pd.DataFrame(0.0, index=occupations, columns=occupations)
        nearness.loc["5311", "5131"], nearness.loc["5153", "5131"], nearness.loc["5164", "5131"] = 0.9, 0.4, np.nan
        nearness.loc["5131", "5141"] = 1.0
        expected = {"5311": 0.9, "5153": 0.4}
        for given_as in (nearness, nearness["5131"].drop("5131")):
            result = supply.adjacent_occupations("5131", counts["unemployed"], counts["vacancies"], given_as)
            assert result["proximity"].to_dict() == expected
            assert result.attrs["hidden"] == 0

    @pytest.mark.parametrize(
        ("occupation", "labels", "message"),
        [
            ("5131", ["5131", "51", "SSS"], "four digits: 51, SSS"),
            ("5132", ["5131", "5141", "5153"], "the counts lack the occupation 5132"),
            ("X211", ["5131", "5141", "X211"], "the counts lack the occupation X211"),
        ],
    )
    def test_invalid_codes(self, occupation: str, labels: list[str], message: str) -> None:
        counts = pd.Series([1.0, 2.0, 3.0], index=labels)
        with pytest.raises(ValueError, match=message):
            supply.adjacent_occupations(occupation, counts, counts)

    def test_a_table_without_the_occupation_is_refused(self) -> None:
        counts = pd.Series({"5131": 1.0, "5141": 2.0})
        with pytest.raises(ValueError, match="proximity lack 1 of the cells: 5141"):
            supply.adjacent_occupations("5131", counts, counts, pd.Series({"5131": 1.0}))
        with pytest.raises(ValueError, match="proximity lack the occupation 5131"):
            supply.adjacent_occupations("5131", counts, counts, pd.DataFrame({"5141": counts}))


class TestAdjacentAreas:
    def within(self, reach: float) -> pd.DataFrame:
        places = table(PLACES)
        return supply.adjacent_areas("home", places["unemployed"], places["vacancies"], places["km"], reach)

    def test_the_nearest_first_then_the_larger_reserve(self) -> None:
        expected = table("""
            area | distance | unemployed | vacancies | reserve
            twin | 30       | 45         | 15        | 30
            next | 30       | 40         | 20        | 20
            far  | 120      | 200        | 10        | 190
        """)
        pd.testing.assert_frame_equal(self.within(120), expected)

    def test_reach_bounds_the_list(self) -> None:
        assert self.within(119).index.tolist() == ["twin", "next"]
        assert self.within(29).empty

    def test_hidden_areas_count_within_reach_only(self) -> None:
        """At most 4 unemployed less 2 vacancies."""
        assert [self.within(km).attrs["hidden"] for km in (39, 40)] == [0, 1]
        assert self.within(40).attrs["hidden_reserve_at_most"] == 2

    def test_an_unknown_distance_is_out_of_reach_and_counted(self) -> None:
        assert "lake" not in self.within(1e6).index
        assert self.within(1e6).attrs["without_distance"] == 1

    def test_a_frame_is_read_from_residence_to_work(self) -> None:
        counts = pd.Series({"a": 0.0, "b": 9.0})
        minutes = pd.DataFrame({"a": [0, 50], "b": [20, 0]}, index=["a", "b"])
        result = supply.adjacent_areas("a", counts, counts * 0, minutes, 60)
        assert result["distance"].to_dict() == {"b": 50}

    def test_invalid_input(self) -> None:
        counts = pd.Series({"a": 0.0, "b": 9.0})
        with pytest.raises(ValueError, match="reach must not be negative"):
            supply.adjacent_areas("a", counts, counts, counts, -1)
        with pytest.raises(ValueError, match="reach must not be negative"):
            supply.adjacent_areas("a", counts, counts, counts, math.nan)
        with pytest.raises(ValueError, match="the counts lack the area c"):
            supply.adjacent_areas("c", counts, counts, counts, 1)
        with pytest.raises(ValueError, match="distances lack 1 of the cells: b"):
            supply.adjacent_areas("a", counts, counts, pd.Series({"a": 0.0}), 1)
        with pytest.raises(ValueError, match="distances holds negative"):
            supply.adjacent_areas("a", counts, counts, -counts, 1)


# Four municipalities of Lapland as they lie, each border named once, and an island.
NEIGHBOURS = {"Utsjoki": ["Inari"], "Inari": ["Sodankylä"], "Savukoski": {"Sodankylä"}, "island": ()}


class TestBordersCrossed:
    def test_rings_of_neighbours(self) -> None:
        result = supply.borders_crossed("Utsjoki", NEIGHBOURS)
        assert result.drop("island").to_dict() == {"Utsjoki": 0, "Inari": 1, "Sodankylä": 2, "Savukoski": 3}
        assert math.isnan(result["island"])

    def test_a_border_counts_on_both_sides(self) -> None:
        assert supply.borders_crossed("Savukoski", NEIGHBOURS)["Utsjoki"] == 3

    def test_they_are_distances(self) -> None:
        counts = pd.Series({"Inari": 20.0, "Sodankylä": 30.0, "Utsjoki": 1.0})
        borders = supply.borders_crossed("Utsjoki", NEIGHBOURS)
        assert supply.adjacent_areas("Utsjoki", counts, counts * 0, borders, 1)["reserve"].to_dict() == {"Inari": 20}

    def test_an_unknown_area_is_refused(self) -> None:
        with pytest.raises(ValueError, match="neighbours lack the area Kuusamo"):
            supply.borders_crossed("Kuusamo", NEIGHBOURS)


class TestCoverage:
    def test_waiters_in_lapland(self) -> None:
        """228 persons short: 78 could come from the sub-major group, 72 more from the rest of the major group."""
        counts = table(LAPLAND)
        adjacent = supply.adjacent_occupations("5131", counts["unemployed"], counts["vacancies"])
        result = supply.coverage(228, adjacent)
        assert result.index.name == "proximity"
        assert result.columns.tolist() == ["cells", "reserve", "cumulative_reserve", "covered", "uncovered", "share"]
        assert result.loc[2.0].tolist() == pytest.approx([3, 78, 78, 78, 150, 78 / 228])
        assert result.loc[1.0].tolist() == pytest.approx([2, 72, 150, 150, 78, 150 / 228])
        assert result.attrs["hidden_reserve_at_most"] == 26

    def test_no_ring_covers_more_than_the_gap(self) -> None:
        places = table(PLACES)
        adjacent = supply.adjacent_areas("home", places["unemployed"], places["vacancies"], places["km"], 150)
        result = supply.coverage(60, adjacent)
        assert result.index.tolist() == [30, 120]
        assert result["cumulative_reserve"].tolist() == [50, 240]
        assert result["covered"].tolist() == [50, 60]
        assert result["uncovered"].tolist() == [10, 0]
        assert result["share"].tolist() == pytest.approx([5 / 6, 1])

    def test_no_gap_has_no_share_and_a_hidden_gap_no_cover(self) -> None:
        adjacent = pd.DataFrame({"distance": [1.0], "reserve": [5.0]})
        none = supply.coverage(0, adjacent)
        assert none["covered"].tolist() == [0]
        assert none["share"].isna().all()
        hidden = supply.coverage(math.nan, adjacent)
        assert hidden["reserve"].tolist() == [5]
        assert hidden[["covered", "uncovered", "share"]].isna().all(axis=None)

    def test_nobody_near(self) -> None:
        adjacent = pd.DataFrame({"distance": [], "reserve": []}, dtype=float)
        assert supply.coverage(5, adjacent).empty

    def test_invalid_input(self) -> None:
        adjacent = pd.DataFrame({"distance": [1.0], "reserve": [5.0]})
        with pytest.raises(ValueError, match="gap holds negative"):
            supply.coverage(-1, adjacent)
        with pytest.raises(ValueError, match="one number of persons"):
            supply.coverage(pd.Series([1.0]), adjacent)  # type: ignore[arg-type]
        for column in adjacent.columns:
            with pytest.raises(ValueError, match="frame of adjacent_occupations or adjacent_areas"):
                supply.coverage(1, adjacent.drop(columns=column))


counted = st.one_of(st.integers(0, 60), st.just(math.nan))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.from_regex(r"[0-2]{4}", fullmatch=True), st.tuples(counted, counted), min_size=1))
def test_supply_is_in_surplus_shown_and_elsewhere_and_order_does_not_matter(
    cells: dict[str, tuple[float, float]],
) -> None:
    frame = pd.DataFrame.from_dict(cells, orient="index", columns=["u", "v"])
    home = frame.index[0]
    result = supply.adjacent_occupations(home, frame["u"], frame["v"])
    assert home not in result.index
    assert (result["unemployed"] > result["vacancies"]).all()
    near = [code for code in cells if code != home and code[0] == home[0]]
    shown = [code for code in near if not math.isnan(sum(cells[code]))]
    assert set(result.index) == {code for code in shown if cells[code][0] > cells[code][1]}
    assert result.attrs["hidden"] == len(near) - len(shown)
    cover = supply.coverage(40, result)
    assert cover["covered"].between(0, 40).all()
    assert cover["covered"].is_monotonic_increasing
    assert (cover["covered"] + cover["uncovered"] == 40).all()
    turned = supply.adjacent_occupations(home, frame["u"][::-1], frame["v"])
    pd.testing.assert_frame_equal(turned.sort_index(), result.sort_index())

"""Specialisation, concentration and the components of growth."""

import math

import numpy as np
import pandas as pd
import pytest
from spec_tables import table

from indicators import structure

# Persons employed in 15 industries, Göttingen and Germany 2017 (R package REAT 3.0.3, data set Goettingen).
GOETTINGEN = """
industry | region | nation
1  | 45    | 248052
2  | 466   | 538768
3  | 7874  | 6797172
4  | 1334  | 1798954
5  | 7051  | 4380223
6  | 2481  | 1713157
7  | 2251  | 1062982
8  | 2032  | 1027486
9  | 1739  | 975126
10 | 7915  | 2397099
11 | 4875  | 2357313
12 | 3936  | 1762308
13 | 7488  | 1249260
14 | 16896 | 4676036
15 | 900   | 1181037
"""

# Farhauer and Kröll (2013), as printed by REAT's manual.
FOUR_INDUSTRIES = """
industry | nation_0 | nation_1 | a_0 | a_1 | b_0 | b_1
1        | 400      | 440      | 90  | 100 | 60  | 85
2        | 150      | 210      | 20  | 40  | 30  | 55
3        | 150      | 135      | 10  | 10  | 30  | 40
4        | 400      | 480      | 60  | 55  | 40  | 35
"""


class TestLocationQuotient:
    def test_published_value_of_one_industry(self) -> None:
        result = structure.location_quotient(1714, 879213, 79006, 15593224)
        assert result == pytest.approx(0.3847623423, abs=1e-10)
        assert isinstance(result, float)

    def test_published_values_with_published_totals(self) -> None:
        """The published total of the region, 69 403, is larger than the sum of its 15 industries."""
        cells = table(GOETTINGEN)
        result = structure.location_quotient(cells["region"], cells["nation"][::-1], 69403, 32164973)
        assert result.index.tolist() == cells.index.tolist()
        assert result.tolist() == pytest.approx(
            [
                0.08407652015,
                0.40085663023,
                0.53687366138,
                0.34366928454,
                0.74603540927,
                0.67117310725,
                0.98141915951,
                0.91654277463,
                0.82650178016,
                1.53027645451,
                0.95843423102,
                1.03509026636,
                2.7779085776,
                1.67459967423,
                0.35317012043,
            ],
            abs=1e-10,
        )

    def test_without_totals_the_cells_are_summed(self) -> None:
        assert structure.location_quotient([30, 10], [500, 500]).tolist() == [1.5, 0.5]

    def test_hidden_cells_and_absent_industries(self) -> None:
        result = structure.location_quotient([30, np.nan, 0, 5], [500, 400, 0, 0], region_total=40, nation_total=1000)
        assert result[0] == 1.5
        assert result[1:].isna().all()
        assert math.isnan(structure.location_quotient(5, 0, 40, 1000))

    def test_a_total_cannot_be_made_of_hidden_cells(self) -> None:
        with pytest.raises(ValueError, match="1 of 2 cells of region are hidden"):
            structure.location_quotient([30, np.nan], [500, 500])

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="nation_total is needed"):
            structure.location_quotient(1, 2, 3)  # type: ignore[call-overload]
        with pytest.raises(ValueError, match="total of region must be positive"):
            structure.location_quotient([0, 0], [1, 2])
        with pytest.raises(ValueError, match="total of nation must be positive"):
            structure.location_quotient([1, 0], [1, 2], nation_total=0)
        panel = pd.DataFrame({"a": [1.0]})
        with pytest.raises(ValueError, match="not a panel"):
            structure.location_quotient(panel, panel, 1, 1)  # type: ignore[call-overload]


class TestConcentration:
    def test_published_herfindahl_of_four_companies(self) -> None:
        values = [20, 50, 20, 10]
        assert structure.herfindahl(values) == pytest.approx(0.34, abs=1e-9)
        assert structure.herfindahl(values, normalised=True) == pytest.approx(0.12, abs=1e-9)
        assert structure.equivalent_number(values) == pytest.approx(2.941176471, abs=1e-9)

    def test_published_herfindahl_of_sixteen_regions(self) -> None:
        product = [460.69, 549.19, 124.16, 65.29, 31.59, 109.27, 263.44, 39.87]
        product += [258.53, 645.59, 131.95, 35.03, 112.66, 56.22, 85.61, 56.81]
        assert structure.herfindahl(product) == pytest.approx(0.1251762991, abs=1e-9)

    def test_limits(self) -> None:
        assert structure.herfindahl([5, 5, 5, 5]) == 0.25
        assert structure.herfindahl([5, 5, 5, 5], normalised=True) == 0
        assert structure.herfindahl([0, 9, 0], normalised=True) == 1
        assert structure.equivalent_number([5, 5, 5, 5]) == 4

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="at least two cells"):
            structure.herfindahl([5], normalised=True)
        with pytest.raises(ValueError, match="total of values is zero"):
            structure.herfindahl([0, 0])
        with pytest.raises(ValueError, match="1 of 2 cells of values are hidden"):
            structure.equivalent_number([np.nan, 4])


class TestKrugmanSpecialisation:
    def test_disjoint_structures(self) -> None:
        assert structure.krugman_specialisation([20, 10, 70, 0, 0], [0, 0, 0, 60, 40]) == pytest.approx(2, abs=1e-12)

    def test_published_value_from_the_sums_of_the_cells(self) -> None:
        cells = table(GOETTINGEN)
        result = structure.krugman_specialisation(cells["region"], cells["nation"][::-1])
        assert result == pytest.approx(0.4508468784, abs=1e-9)

    def test_published_value_against_the_mean_of_four_countries(self) -> None:
        cells = table("""
            industry | sweden | norway | denmark | finland | iceland
            1        | 45000  | 35000  | 40000   | 30000   | 40000
            2        | 15000  | 12000  | 10000   | 11000   | 6000
            3        | 32000  | 30000  | 25000   | 18000   | 11000
            4        | 10000  | 8000   | 9000    | 3000    | 2000
            5        | 30000  | 22000  | 18000   | 13000   | 12000
        """)
        others = cells.drop(columns="sweden")
        assert structure.krugman_specialisation(cells["sweden"], others[::-1]) == pytest.approx(0.1595017923, abs=1e-9)
        pairwise = [structure.krugman_specialisation(cells["sweden"], others[country]) for country in others]
        assert np.mean(pairwise) == pytest.approx(0.2094706396, abs=1e-9)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="labels do not match: only in region: 1; only in reference: none"):
            structure.krugman_specialisation([1, 2], [1])
        with pytest.raises(ValueError, match="reference finland are hidden"):
            structure.krugman_specialisation([1, 2], pd.DataFrame({"finland": [1, np.nan]}))
        with pytest.raises(ValueError, match="one cross-section"):
            structure.krugman_specialisation(3, 4)  # type: ignore[arg-type]


class TestShiftShare:
    @pytest.mark.parametrize(
        ("region", "growth", "national", "mix", "regional"), [("a", 25, 27, 1, -3), ("b", 55, 24, -1, 32)]
    )
    def test_published_components(self, region: str, growth: int, national: int, mix: int, regional: int) -> None:
        cells = table(FOUR_INDUSTRIES)
        result = structure.shift_share(cells[f"{region}_0"], cells[f"{region}_1"], cells["nation_0"], cells["nation_1"])
        assert result.columns.tolist() == ["growth", "national", "mix", "regional", "unallocated"]
        assert result.sum().tolist() == pytest.approx([growth, national, mix, regional, 0], abs=1e-9)

    def test_components_by_industry(self) -> None:
        """National is the base times the growth of the whole nation, not of the industry."""
        cells = table(FOUR_INDUSTRIES)
        result = structure.shift_share(cells["a_0"], cells["a_1"], cells["nation_0"][::-1], cells["nation_1"])
        expected = table("""
            industry | growth | national | mix  | regional | unallocated
            1        | 10     | 13.5     | -4.5 | 1        | 0
            2        | 20     | 3        | 5    | 12       | 0
            3        | 0      | 1.5      | -2.5 | 1        | 0
            4        | -5     | 9        | 3    | -17      | 0
        """)
        pd.testing.assert_frame_equal(result, expected, rtol=0, atol=1e-9)

    def test_esteban_by_hand(self) -> None:
        """h = 180 (400, 150, 150, 400)/1100; gaps of growth 1/90, 0.6, 0.1, -1/12 - 0.2."""
        cells = table(FOUR_INDUSTRIES)
        result = structure.shift_share(cells["a_0"], cells["a_1"], cells["nation_0"], cells["nation_1"], "esteban")
        gaps = [1 / 90, 0.6, 0.1, -1 / 12 - 0.2]
        expected = [180 * n / 1100 for n in (400, 150, 150, 400)]
        assert result.columns.tolist() == ["growth", "national", "mix", "regional", "allocation", "unallocated"]
        assert result["regional"].tolist() == pytest.approx([h * gap for h, gap in zip(expected, gaps, strict=True)])
        assert result["allocation"].tolist() == pytest.approx(
            [(base - h) * gap for base, h, gap in zip((90, 20, 10, 60), expected, gaps, strict=True)]
        )
        assert result["mix"].tolist() == pytest.approx([-4.5, 5, -2.5, 3])

    @pytest.mark.parametrize("method", ["dunn", "esteban"])
    def test_a_start_from_zero_is_unallocated(self, method: str) -> None:
        cells = table("""
            industry | region_0 | region_1 | nation_0 | nation_1
            old      | 50       | 60       | 900      | 900
            new here | 0        | 8        | 100      | 200
            new      | 3        | 5        | 0        | 50
        """)
        result = structure.shift_share(*(cells[column] for column in cells), method=method)  # type: ignore[arg-type]
        assert result["unallocated"].to_dict() == {"old": 0, "new here": 8, "new": 2}
        assert (result.loc[["new here", "new"], result.columns.difference(["growth", "unallocated"])] == 0).all(
            axis=None
        )
        assert result.loc["old", "national"] == pytest.approx(50 * 0.15)
        assert result.sum().drop("growth").sum() == pytest.approx(result["growth"].sum())

    @pytest.mark.parametrize("method", ["dunn", "esteban"])
    def test_a_hidden_industry_is_missing_and_the_nation_still_counts_it(self, method: str) -> None:
        cells = table("""
            industry | region_0 | region_1 | nation_0 | nation_1
            shown    | 50       | 60       | 800      | 800
            hidden   | ...      | 8        | 200      | 300
        """)
        result = structure.shift_share(*(cells[column] for column in cells), method=method)  # type: ignore[arg-type]
        assert result.loc["hidden"].isna().all()
        assert result.loc["shown", "national"] == pytest.approx(5)
        assert result.loc["shown", "mix"] == pytest.approx(-5)
        assert result.loc["shown", "regional"] == pytest.approx(10)
        assert result.drop(columns="growth").sum().sum() == pytest.approx(10)

    def test_an_industry_hidden_in_the_nation_leaves_its_growth_rate(self) -> None:
        result = structure.shift_share([50, 10], [60, 10], [800, 200], [880, np.nan])
        assert result.loc[0, "national"] == pytest.approx(5)
        assert result.loc[1].isna().all()

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="method"):
            structure.shift_share([1], [1], [1], [1], method="classic")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="nation_0 over its visible industries is zero"):
            structure.shift_share([1, 2], [1, 2], [0, np.nan], [1, 3])
        with pytest.raises(ValueError, match="labels do not match"):
            structure.shift_share([1, 2], [1, 2], [5, 5], [5, 5, 5])
        with pytest.raises(ValueError, match="negative"):
            structure.shift_share([1, 2], [1, -2], [5, 5], [5, 5])
        with pytest.raises(ValueError, match="region_0 must be one cross-section"):
            structure.shift_share(1, 2, 5, 5)  # type: ignore[arg-type]


class TestShiftShareDynamic:
    # Invented: the region's second industry doubles at once and then stands still; the nation grows evenly.
    REGION = """
        month   | old | new
        2020-01 | 100 | 20
        2020-02 | 100 | 40
        2020-03 | 120 | 40
    """
    NATION = """
        month   | new | old
        2020-01 | 500 | 500
        2020-02 | 550 | 550
        2020-03 | 660 | 660
    """

    def test_each_year_starts_from_its_own_base(self) -> None:
        """Growth of the nation 0.1 of 120 jobs, then 0.2 of 140; the two bases make 12 + 28, not 0.32 of 120."""
        result = structure.shift_share_dynamic(table(self.REGION), table(self.NATION))
        assert result.index.astype(str).tolist() == ["2020-02", "2020-03"]
        expected = table("""
            month   | growth | national | mix | regional | unallocated
            2020-02 | 20     | 12       | 0   | 8        | 0
            2020-03 | 20     | 28       | 0   | -8       | 0
        """)
        pd.testing.assert_frame_equal(result, expected, check_index_type=False, rtol=0, atol=1e-9)
        assert result.sum()["growth"] == 40

    @pytest.mark.parametrize("method", ["dunn", "esteban"])
    def test_one_step_is_the_plain_shift_share(self, method: str) -> None:
        cells = table(FOUR_INDUSTRIES)
        years = pd.period_range("2010", periods=2, freq="Y")
        region, nation = (
            pd.DataFrame([cells[f"{name}_0"], cells[f"{name}_1"]]).set_axis(years) for name in ("a", "nation")
        )
        result = structure.shift_share_dynamic(region, nation, method)  # type: ignore[arg-type]
        plain = structure.shift_share(cells["a_0"], cells["a_1"], cells["nation_0"], cells["nation_1"], method)  # type: ignore[arg-type]
        assert result.sum().to_dict() == pytest.approx(plain.sum().to_dict())
        assert result.columns.tolist() == plain.columns.tolist()

    def test_a_hidden_cell_hides_both_steps_it_belongs_to(self) -> None:
        region, nation = table(self.REGION), table(self.NATION)
        for panel in (region, nation):
            hidden = panel.mask((panel.index == pd.Period("2020-03"))[:, None] & (panel.columns == "new"))
            pair = (hidden, nation) if panel is region else (region, hidden)
            result = structure.shift_share_dynamic(*pair)
            assert result.isna().all(axis=1).tolist() == [False, True]
        assert structure.shift_share_dynamic(region * np.nan, nation).isna().all(axis=None)
        assert structure.shift_share_dynamic(region, nation * np.nan, "esteban").shape == (2, 6)

    def test_invalid_input(self) -> None:
        region, nation = table(self.REGION), table(self.NATION)
        with pytest.raises(ValueError, match="method"):
            structure.shift_share_dynamic(region, nation, "classic")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="must be panels"):
            structure.shift_share_dynamic(region["old"], nation["old"])  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="at least two periods"):
            structure.shift_share_dynamic(region[:1], nation[:1])
        with pytest.raises(ValueError, match="without gaps"):
            structure.shift_share_dynamic(region.iloc[[0, 2]], nation.iloc[[0, 2]])
        with pytest.raises(ValueError, match="labels do not match"):
            structure.shift_share_dynamic(region, nation[:2])
        with pytest.raises(ValueError, match="total of nation is zero in 2020-01"):
            structure.shift_share_dynamic(region, nation * 0)
        with pytest.raises(ValueError, match="negative"):
            structure.shift_share_dynamic(-region, nation)


class TestLargestShare:
    def test_names_the_cell_and_its_share(self) -> None:
        result = structure.largest_share(pd.Series({"mining": 30, "care": 50, "trade": 20}))
        assert result.to_dict() == {"cell": "care", "share": 0.5}

    def test_the_first_of_equal_ones(self) -> None:
        assert structure.largest_share([4, 4]).to_dict() == {"cell": 0, "share": 0.5}
        assert structure.largest_share([7]).to_dict() == {"cell": 0, "share": 1}

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="total of values is zero"):
            structure.largest_share([0, 0])
        with pytest.raises(ValueError, match="1 of 2 cells of values are hidden"):
            structure.largest_share([np.nan, 4])


class TestInequality:
    def test_gini_by_hand(self) -> None:
        """1, 2, 3, 4: 2 (1 + 4 + 9 + 16)/(4 x 10) - 5/4."""
        assert structure.gini([3, 1, 4, 2]) == pytest.approx(0.25, abs=1e-12)
        assert structure.gini([3, 1, 4, 2], normalised=True) == pytest.approx(1 / 3, abs=1e-12)

    def test_gini_limits(self) -> None:
        assert structure.gini([5, 5, 5]) == pytest.approx(0, abs=1e-12)
        assert structure.gini([0, 0, 9]) == pytest.approx(2 / 3)
        assert structure.gini([0, 0, 9], normalised=True) == pytest.approx(1)
        assert structure.gini([9]) == 0

    def test_gini_of_groups(self) -> None:
        """Shares of persons 0.8 and 0.2, of income 0.5 and 0.5: 1 - 0.8 x 0.5 - 0.2 x 1.5."""
        weights = pd.Series({"rich": 20, "poor": 80})
        assert structure.gini(pd.Series({"poor": 10, "rich": 40}), weights) == pytest.approx(0.3, abs=1e-12)
        assert structure.gini([10, 40], [80, 20], normalised=True) == pytest.approx(0.6, abs=1e-12)

    def test_gini_weighs_as_it_counts(self) -> None:
        assert structure.gini([1, 5], [3, 2]) == pytest.approx(structure.gini([1, 1, 1, 5, 5]), abs=1e-12)

    def test_hoover_is_the_share_that_would_have_to_move(self) -> None:
        values, reference = pd.Series({"a": 90, "b": 10}), pd.Series({"b": 5, "a": 5})
        assert structure.hoover(values, reference) == pytest.approx(0.4)
        assert structure.hoover([1, 0], [0, 3]) == 1
        assert structure.hoover([1, 2], [10, 20]) == pytest.approx(0, abs=1e-12)

    def test_theil_by_hand(self) -> None:
        """1 and 3 around 2: L = (ln 2 + ln 2/3)/2, T = (0.5 ln 0.5 + 1.5 ln 1.5)/2."""
        assert structure.theil_l([1, 3]) == pytest.approx(0.1438410362, abs=1e-10)
        assert structure.theil_t([1, 3]) == pytest.approx(0.1308120359, abs=1e-10)

    def test_theil_limits(self) -> None:
        assert structure.theil_l([4, 4]) == 0
        assert structure.theil_t([4, 4]) == 0
        assert structure.theil_t([0, 0, 7]) == pytest.approx(math.log(3))
        with pytest.raises(ValueError, match="1 of 2 cells are zero: Theil's L is infinite"):
            structure.theil_l([0, 7])

    def test_specialisation_is_the_gini_of_location_quotients(self) -> None:
        """Quotients 2, 1, 0 of three industries: 2 (1 x 0 + 2 x 1 + 3 x 2)/(3 x 3) - 4/3 = 4/9."""
        region, nation = pd.Series({"a": 50, "b": 50, "c": 0}), pd.Series({"c": 250, "b": 500, "a": 250})
        assert structure.gini_specialisation(region, nation) == pytest.approx(4 / 9, abs=1e-12)
        assert structure.gini_concentration(region, nation) == pytest.approx(4 / 9, abs=1e-12)
        assert structure.gini_specialisation(nation / 50, nation) == pytest.approx(0, abs=1e-12)

    def test_an_industry_that_neither_has_is_left_out(self) -> None:
        assert structure.gini_specialisation([5, 5, 0, 0], [25, 50, 25, 0]) == pytest.approx(
            structure.gini_specialisation([5, 5, 0], [25, 50, 25])
        )
        with pytest.raises(ValueError, match="1 cells of region have nothing in nation"):
            structure.gini_specialisation([5, 5], [9, 0])

    def test_invalid_input(self) -> None:
        one_argument = (structure.gini, structure.theil_l, structure.theil_t)
        for index in one_argument:
            with pytest.raises(ValueError, match="hidden"):
                index([1, np.nan])
            with pytest.raises(ValueError, match="negative"):
                index([1, -1])
            with pytest.raises(ValueError, match="zero"):
                index([0, 0])
            with pytest.raises(ValueError, match="empty"):
                index([])
        for index in (structure.gini_specialisation, structure.gini_concentration, structure.hoover):
            with pytest.raises(ValueError, match="labels do not match"):
                index([1, 2], [1])
            with pytest.raises(ValueError, match="is zero"):
                index([1, 2], [0, 0])
            with pytest.raises(ValueError, match="hidden"):
                index([1, 2], [1, np.nan])
        with pytest.raises(ValueError, match="at least two cells"):
            structure.gini([4], normalised=True)
        with pytest.raises(ValueError, match="total of weights is zero"):
            structure.gini([4, 5], [0, 0])
        with pytest.raises(ValueError, match="values over the weights is zero"):
            structure.gini([0, 5], [3, 0])


class TestLilien:
    BEFORE = pd.Series([90, 20, 10, 60], index=["a", "b", "c", "d"])
    AFTER = pd.Series([55, 10, 40, 100], index=["d", "c", "b", "a"])

    def test_worked_example(self) -> None:
        assert structure.lilien(self.BEFORE, self.AFTER) == pytest.approx(0.27501256833503573, abs=1e-12)
        base = structure.lilien(self.BEFORE, self.AFTER, weights="base")
        assert base == pytest.approx(0.22843102074788513, abs=1e-12)

    def test_zero_when_all_grow_alike(self) -> None:
        assert structure.lilien([10, 20], [11, 22]) == pytest.approx(0, abs=1e-12)

    def test_industries_with_a_zero_are_left_out_and_counted(self) -> None:
        with pytest.warns(UserWarning, match="2 of 6 industries left out"):
            result = structure.lilien([90, 20, 10, 60, 0, 7], [100, 40, 10, 55, 5, 0])
        assert result == pytest.approx(0.27501256833503573, abs=1e-12)

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="weights"):
            structure.lilien([1], [1], weights="mean")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="no industry"):
            structure.lilien([1, 0], [0, 1])
        with pytest.raises(ValueError, match="hidden"):
            structure.lilien([1, np.nan], [1, 1])

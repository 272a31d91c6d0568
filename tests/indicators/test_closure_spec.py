"""What a closure could mean by home municipality, from stated assumptions."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_tables import table

from indicators.closure import closure_impact, closure_range

# Veitsiluoto as planned in April 2021: 670 jobs and about 120 at subcontractors. Where the workers live is an estimate
# of the city (kemi.fi 9.6.2021), not a statistic. Labour force and unemployed: StatFin tyonv 12r5, April 2021.
KEMI = """
area     | residence | labour_force | unemployed
Kemi     | 0.60      | 8634         | 1311
Keminmaa | 0.18      | 3619         | 341
Simo     | 0.07      | 1128         | 103
"""


def veitsiluoto(**assumptions: Any) -> dict[str, Any]:
    areas = table(KEMI)
    return {
        "jobs_lost": 670,
        "subcontractor_jobs": 120,
        "residence_shares": areas["residence"],
        "labour_force": areas["labour_force"],
        "unemployed": areas["unemployed"],
        **assumptions,
    }


class TestVeitsiluotoAsEstimatedByTheCity:
    def test_jobs_by_home_municipality(self) -> None:
        result = closure_impact(**veitsiluoto())
        expected = table("""
            area      | direct | subcontractor | all_jobs
            Kemi      | 402    | 72            | 474
            Keminmaa  | 120.6  | 21.6          | 142.2
            Simo      | 46.9   | 8.4           | 55.3
            elsewhere | 100.5  | 18            | 118.5
        """)
        pd.testing.assert_frame_equal(result[["direct", "subcontractor", "all_jobs"]], expected)
        assert result[["direct", "subcontractor", "all_jobs"]].sum().tolist() == pytest.approx([670, 120, 790])

    def test_about_1500_jobs_are_a_multiplier_of_1_9(self) -> None:
        result = closure_impact(**veitsiluoto(multiplier=1.9))
        assert result["all_jobs"].sum() == pytest.approx(1501)
        assert result["indirect"].sum() == pytest.approx(711)
        assert result.loc["Kemi", "all_jobs"] == pytest.approx(900.6)

    def test_the_decision_of_550_with_28_per_cent_pensions_leaves_396_persons(self) -> None:
        result = closure_impact(**veitsiluoto(jobs_lost=550, subcontractor_jobs=0, retirement_share=0.28))
        assert result["retired"].sum() == pytest.approx(154)
        assert result["newly_unemployed"].sum() == pytest.approx(396)
        assert result.loc["Kemi", "newly_unemployed"] == pytest.approx(237.6)

    def test_the_tax_losses_of_5_and_1_5_and_0_6_million_euros_follow_the_residence_shares(self) -> None:
        """The product of earnings and rate is chosen to give Kemi its 5 million; the others must then follow."""
        result = closure_impact(**veitsiluoto(earnings=52_742, municipal_tax_rate=0.2))
        assert (result["tax_loss"].drop("elsewhere") / 1e6).round(1).tolist() == [5.0, 1.5, 0.6]
        assert result["tax_loss"].sum() == pytest.approx(7.083e6, rel=1e-3)

    def test_the_register_share_before_and_after(self) -> None:
        """Kemi: 1 311 of 8 634 before, and 474 more after if nobody retires or finds work."""
        kemi = closure_impact(**veitsiluoto()).loc["Kemi"]
        assert kemi["share_before"] == pytest.approx(0.15184, abs=1e-5)
        assert kemi["share_after"] == pytest.approx(0.20674, abs=1e-5)
        assert kemi["change"] == pytest.approx(5.490, abs=1e-3)


class TestClosureImpact:
    def test_all_columns_by_hand(self) -> None:
        """100 and 20 jobs, times 1.5; half live in a; 30 % of the site retire; of the rest a quarter find work."""
        result = closure_impact(
            100,
            pd.Series({"a": 0.5}),
            pd.Series({"a": 1000}),
            pd.Series({"a": 50}),
            subcontractor_jobs=20,
            multiplier=1.5,
            retirement_share=0.3,
            reemployed_share=0.25,
            earnings=40_000,
            municipal_tax_rate=0.1,
        )
        assert result.loc["a"].to_dict() == pytest.approx(
            {
                "direct": 50,
                "subcontractor": 10,
                "indirect": 30,
                "all_jobs": 90,
                "retired": 15,
                "reemployed": 18.75,
                "newly_unemployed": 56.25,
                "share_before": 0.05,
                "share_after": 0.10625,
                "change": 5.625,
                "tax_loss": 285_000,
            }
        )
        elsewhere = result.loc["elsewhere"]
        assert elsewhere["newly_unemployed"] == pytest.approx(56.25)
        assert elsewhere[["share_before", "share_after", "change", "tax_loss"]].isna().all()

    def test_nobody_lives_elsewhere_when_the_shares_sum_to_one(self) -> None:
        shares = pd.Series({"a": 0.6, "b": 0.18, "c": 0.22})
        people = pd.Series({"c": 900, "b": 900, "a": 900})
        assert closure_impact(100, shares, people, people / 10).loc["elsewhere", "all_jobs"] == 0

    def test_without_earnings_there_is_no_tax_loss_and_not_a_loss_of_zero(self) -> None:
        assert closure_impact(**veitsiluoto())["tax_loss"].isna().all()

    def test_earnings_and_rates_by_municipality(self) -> None:
        rates = pd.Series({"Simo": 0.2, "Kemi": 0.1, "Keminmaa": np.nan})
        result = closure_impact(**veitsiluoto(earnings=10_000, municipal_tax_rate=rates))
        assert result["tax_loss"].tolist() == pytest.approx([474_000, math.nan, 110_600, math.nan], nan_ok=True)

    def test_hidden_unemployed_hide_the_shares_of_that_municipality_only(self) -> None:
        areas = table(KEMI.replace("103", "..."))
        result = closure_impact(**veitsiluoto(unemployed=areas["unemployed"]))
        assert result.loc["Simo", ["share_before", "share_after", "change"]].isna().all()
        assert result.loc["Simo", "newly_unemployed"] == pytest.approx(55.3)
        assert result.loc["Kemi", "change"] == pytest.approx(5.490, abs=1e-3)

    def test_an_unknown_share_of_residence_leaves_elsewhere_unknown(self) -> None:
        result = closure_impact(**veitsiluoto(residence_shares=table(KEMI.replace("0.07", "..."))["residence"]))
        assert result["all_jobs"].isna().tolist() == [False, False, True, True]

    def test_unknown_jobs_are_unknown_everywhere(self) -> None:
        assert closure_impact(**veitsiluoto(subcontractor_jobs=math.nan))["newly_unemployed"].isna().all()

    def test_inputs_are_left_alone(self) -> None:
        given = veitsiluoto()
        closure_impact(**given)
        assert given["residence_shares"].to_dict() == {"Kemi": 0.6, "Keminmaa": 0.18, "Simo": 0.07}

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"jobs_lost": -1}, "jobs_lost holds negative"),
            ({"jobs_lost": pd.Series([1.0])}, "jobs_lost must be one number"),
            ({"subcontractor_jobs": -1}, "subcontractor_jobs holds negative"),
            ({"multiplier": 0.9}, "multiplier must be at least 1, got 0.9"),
            ({"retirement_share": 28}, "retirement_share must be fractions from 0 to 1"),
            ({"reemployed_share": -0.1}, "reemployed_share holds negative"),
            ({"residence_shares": pd.Series({"Kemi": 60, "Keminmaa": 18, "Simo": 7})}, "residence_shares must be frac"),
            ({"residence_shares": pd.Series({"Kemi": 0.6, "Keminmaa": 0.4, "Simo": 0.1})}, "sum to 1.1, more than 1"),
            ({"residence_shares": pd.Series({"Kemi": 0.6, "Keminmaa": 0.4})}, "labels do not match"),
            ({"earnings": 30_000}, "both earnings and municipal_tax_rate"),
            ({"municipal_tax_rate": 0.2}, "both earnings and municipal_tax_rate"),
            ({"earnings": 30_000, "municipal_tax_rate": 20}, "municipal_tax_rate must be fractions"),
            ({"earnings": -1, "municipal_tax_rate": 0.2}, "earnings holds negative"),
            ({"jobs_lost": 20_000}, "more unemployed than labour force after the closure: Kemi, Keminmaa, Simo"),
        ],
    )
    def test_invalid_input(self, wrong: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            closure_impact(**veitsiluoto(**wrong))

    def test_elsewhere_is_no_municipality(self) -> None:
        people = pd.Series({"elsewhere": 1000.0})
        with pytest.raises(ValueError, match="give municipalities only"):
            closure_impact(10, people / 2000, people, people / 10)


class TestClosureRange:
    def test_three_columns_a_figure(self) -> None:
        result = closure_range(
            {"multiplier": 1.0, "reemployed_share": 0.5},
            {"multiplier": 1.9},
            **veitsiluoto(multiplier=1.5),
        )
        assert result["all_jobs"].columns.tolist() == ["low", "central", "high"]
        assert result["all_jobs"].sum().tolist() == pytest.approx([790, 1185, 1501])
        assert result["newly_unemployed"].sum().tolist() == pytest.approx([395, 1185, 1501])
        assert result.loc["Kemi", ("newly_unemployed", "low")] == pytest.approx(237)
        assert result.columns.get_level_values(0).unique().tolist()[:3] == ["direct", "subcontractor", "indirect"]

    @pytest.mark.parametrize(
        ("low", "high", "message"),
        [
            ({"multiplier": 2}, {}, "low leaves more newly unemployed"),
            ({}, {"reemployed_share": 0.9}, "high leaves fewer newly unemployed"),
            ({"pensions": 0.5}, {}, "pensions"),
            ({}, {"multiplier": 0.5}, "multiplier must be at least 1"),
        ],
    )
    def test_invalid_ranges(self, low: dict[str, Any], high: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            closure_range(low, high, **veitsiluoto())

    def test_a_missing_assumption_is_named(self) -> None:
        given = veitsiluoto()
        del given["labour_force"]
        with pytest.raises(ValueError, match="labour_force"):
            closure_range({}, {}, **given)

    def test_other_municipalities_are_refused(self) -> None:
        people = pd.Series({"Kemi": 8634.0})
        low = {"residence_shares": people / 10_000, "labour_force": people, "unemployed": people / 10}
        with pytest.raises(ValueError, match="low is of other municipalities"):
            closure_range(low, {}, **veitsiluoto())


fractions = st.floats(0, 1)


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 500), st.floats(0, 200), st.floats(1, 3), fractions, fractions, fractions)
def test_everyone_is_accounted_for_once(
    site: float, chain: float, multiplier: float, retired: float, reemployed: float, at_home: float
) -> None:
    people = pd.Series({"a": 10_000.0, "b": 10_000.0})
    shares = pd.Series({"a": at_home, "b": (1 - at_home) / 2})
    result = closure_impact(site, shares, people, people / 10, chain, multiplier, retired, reemployed)
    assert (result["newly_unemployed"] >= -1e-9).all()
    assert result["all_jobs"].sum() == pytest.approx(multiplier * (site + chain))
    assert (result["retired"] + result["reemployed"] + result["newly_unemployed"]).tolist() == pytest.approx(
        result["all_jobs"].tolist()
    )
    milder = closure_impact(site, shares, people, people / 10, chain, multiplier, retired, (1 + reemployed) / 2)
    assert milder["newly_unemployed"].sum() <= result["newly_unemployed"].sum() + 1e-9

"""Self-containment of areas and of groups of areas."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from spec_tables import table

from indicators.commuting import from_flows, self_containment

# Residence by workplace, invented: two towns that live off each other, a village and the rest of the country.
FLOWS = """
residence | kemi | tornio | village | elsewhere
kemi      | 600  | 200    | 0       | 100
tornio    | 150  | 700    | 10      | 140
village   | 5    | 30     | 50      | 15
elsewhere | 45   | 70     | 0       | 9000
"""


class TestSelfContainment:
    def test_both_sides_and_self_sufficiency(self) -> None:
        """1000 of 1250 employed residents stay, and hold 1000 of 1500 jobs."""
        areas = table("""
            area   | live_and_work | employed | jobs
            town   | 1000          | 1250     | 1500
            hidden | ...           | 100      | 80
            empty  | 0             | 0        | 0
        """)
        result = self_containment(*(areas[column] for column in areas))
        assert result.columns.tolist() == ["supply_side", "demand_side", "self_sufficiency"]
        assert result.loc["town"].tolist() == pytest.approx([0.8, 2 / 3, 120])
        assert result.loc["hidden"].tolist() == pytest.approx([math.nan, math.nan, 80], nan_ok=True)
        assert result.loc["empty"].isna().all()

    def test_one_area(self) -> None:
        assert self_containment(5, 10, 20).loc[0].tolist() == pytest.approx([0.5, 0.25, 200])

    def test_invalid_input(self) -> None:
        with pytest.raises(ValueError, match="live_and_work exceeds jobs in 1 areas"):
            self_containment([5, 5], [9, 9], [4, 9])
        with pytest.raises(ValueError, match="live_and_work exceeds employed_residents"):
            self_containment(5, 4, 9)
        with pytest.raises(ValueError, match="negative"):
            self_containment(-1, 4, 9)


class TestFromFlows:
    EXPECTED = """
        group     | live_and_work | employed_residents | jobs
        meri-lappi| 1650          | 1900               | 1800
        village   | 50            | 100                | 60
    """

    @pytest.mark.parametrize(
        "groups",
        [
            pd.Series({"tornio": "meri-lappi", "kemi": "meri-lappi", "village": "village"}),
            {"kemi": "meri-lappi", "tornio": "meri-lappi", "village": "village"},
            {"meri-lappi": ["kemi", "tornio"], "village": ("village",)},
        ],
    )
    def test_moves_inside_a_group_count_as_staying(self, groups: object) -> None:
        result = from_flows(table(FLOWS)[["tornio", "elsewhere", "kemi", "village"]], groups)  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(result, table(self.EXPECTED), check_names=False)

    def test_the_group_is_more_self_contained_than_its_parts(self) -> None:
        flows = table(FLOWS)
        parts = self_containment(*from_flows(flows, {"kemi": ["kemi"], "tornio": ["tornio"]}).T.to_numpy())
        whole = self_containment(*from_flows(flows, {"both": {"kemi", "tornio"}}).T.to_numpy())
        assert whole["supply_side"][0] > parts["supply_side"].max()

    def test_groups_may_overlap_and_areas_stay_outside(self) -> None:
        result = from_flows(table(FLOWS), {"five": ["kemi"], "six": ["kemi", "village"]})
        assert result["live_and_work"].to_dict() == {"five": 600, "six": 655}
        outside = from_flows(table(FLOWS), pd.Series({"kemi": "five", "village": None}))
        assert outside.index.tolist() == ["five"]

    def test_a_hidden_flow_hides_only_what_it_is_part_of(self) -> None:
        flows = table(FLOWS)
        flows.loc["village", "kemi"] = np.nan
        result = from_flows(flows, {"meri-lappi": ["kemi", "tornio"], "village": ["village"]})
        assert result.loc["meri-lappi"].tolist() == pytest.approx([1650, 1900, math.nan], nan_ok=True)
        assert result.loc["village"].tolist() == pytest.approx([50, math.nan, 60], nan_ok=True)

    @settings(max_examples=40, deadline=None)
    @given(arrays(int, (4, 4), elements=st.integers(1, 900)))
    def test_groups_that_share_the_country_have_all_its_jobs(self, flows: np.ndarray) -> None:
        groups = pd.Series(["a", "b", "a", "b"])
        result = from_flows(pd.DataFrame(flows), groups)
        assert result["jobs"].sum() == result["employed_residents"].sum() == flows.sum()
        measures = self_containment(*(result[column] for column in result))
        assert measures[["supply_side", "demand_side"]].stack().between(0, 1).all()
        everything = from_flows(pd.DataFrame(flows), pd.Series(["all"] * 4))
        assert everything.nunique(axis=1).tolist() == [1]

    def test_invalid_input(self) -> None:
        flows = table(FLOWS)
        with pytest.raises(ValueError, match="labels do not match"):
            from_flows(flows.drop(columns="village"), {"a": ["kemi"]})
        with pytest.raises(ValueError, match="group a has areas without flows: simo"):
            from_flows(flows, {"a": ["kemi", "simo"]})
        with pytest.raises(ValueError, match="group a is empty"):
            from_flows(flows, {"a": []})
        with pytest.raises(ValueError, match="groups are empty"):
            from_flows(flows, {})
        with pytest.raises(ValueError, match="repeated areas"):
            from_flows(flows, pd.Series(["a", "b"], index=["kemi", "kemi"]))
        with pytest.raises(ValueError, match="negative"):
            from_flows(-flows, {"a": ["kemi"]})
        with pytest.raises(ValueError, match="residence by workplace"):
            from_flows(flows["kemi"], {"a": ["kemi"]})  # type: ignore[arg-type]

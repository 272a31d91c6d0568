"""Where the municipal mismatch comes from: exact where all is visible, a pooled range where something is hidden."""

import math

import numpy as np
import pandas as pd
import pytest

from data import snapshots
from data.queries import employment, reference
from ui.mismatch import POOLED, Mismatch, between_municipalities
from ui.readings import UNEMPLOYED, VACANCIES


def rows(text: str) -> pd.DataFrame:
    """Published figures from lines of ``area | unemployed | vacancies``; ``...`` is hidden, ``-`` is not there."""
    out = []
    for line in text.strip().splitlines():
        area, *sides = (part.strip() for part in line.split("|"))
        for measure, figure in zip((UNEMPLOYED, VACANCIES), sides, strict=True):
            if figure != "-":
                hidden = figure == "..."
                out.append(
                    [area, measure, np.nan if hidden else float(figure), "suppressed" if hidden else "published"]
                )
    return pd.DataFrame(out, columns=["area_code", "measure", "value", "status"])


def decomposed(text: str) -> Mismatch:
    found = between_municipalities(rows(text), "MK19")
    assert found is not None
    return found


def part(found: Mismatch, area: str) -> pd.Series:
    (row,) = (row for _i, row in found.parts.iterrows() if row["cell"] == area)
    return row


def test_two_mirrored_municipalities_lose_a_fifth_of_the_matches_half_each() -> None:
    found = decomposed(
        """
        KU1  |  80 |  20
        KU2  |  20 |  80
        MK19 | 100 | 100
        """
    )
    assert found.index == pytest.approx(0.2)
    assert (found.lower, found.upper) == (found.index, found.index)
    assert part(found, "KU1")["signed"] == pytest.approx(-0.5)
    assert part(found, "KU2")["signed"] == pytest.approx(+0.5)
    assert (found.hidden, found.cells) == ((), 2)


def test_shares_of_all_parts_make_the_whole() -> None:
    found = decomposed(
        """
        KU1  | 500 |  20
        KU2  |  40 | 180
        KU3  |  60 | ...
        KU4  |  50 | ...
        MK19 | 650 | 205
        """
    )
    assert found.parts["share"].sum() == pytest.approx(1)


HIDDEN = """
    KU1  | 500 |  20
    KU2  |  40 | 180
    KU3  |  60 | ...
    KU4  |  50 | ...
    MK19 | 650 | 205
"""


def test_hidden_municipalities_appear_only_together_and_as_a_range() -> None:
    found = decomposed(HIDDEN)
    assert set(found.parts["cell"]) == {"KU1", "KU2", POOLED}
    pool = part(found, POOLED)
    assert (found.hidden, int(pool["members"]), found.cells) == (("KU3", "KU4"), 2, 4)
    assert pool["lower"] < pool["share"] < pool["upper"]
    assert math.isnan(pool["vacancies"])
    assert pool["unemployed"] == 110


def test_the_index_ranges_over_whole_vacancies_that_make_up_the_region() -> None:
    """The region leaves five vacancies for KU3 and KU4: 1 and 4 to 4 and 1, never 1 and 1 or 4 and 4.

    The fill, 2.5 each, gives a little less than 3 and 2, the best of them.
    """
    found = decomposed(HIDDEN)

    def index(ku3: float, ku4: float) -> float:
        pairs = [(500, 20), (40, 180), (60, ku3), (50, ku4)]
        return 1 - sum(math.sqrt(u * v) for u, v in pairs) / math.sqrt(650 * 205)

    assert found.index == pytest.approx(index(2.5, 2.5))
    assert found.lower == found.index < index(3, 2)
    assert found.upper == pytest.approx(index(1, 4))


def test_a_municipality_hidden_on_one_side_is_pooled_on_both() -> None:
    found = decomposed(
        """
        KU1  | 500 |  20
        KU2  | ... | 180
        KU3  |  60 | ...
        MK19 | 563 | 203
        """
    )
    assert set(found.parts["cell"]) == {"KU1", POOLED}
    assert math.isnan(part(found, POOLED)["unemployed"])


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        (["..."], 201),  # one hidden cell: what the region leaves is its very count
        (["..."], 204),
        (["...", "..."], 202),  # two that can only be 1 and 1
        (["...", "..."], 208),  # or 4 and 4
    ],
)
def test_hidden_counts_do_not_follow_from_the_region(cells: list[str], total: int) -> None:
    """Whatever the region leaves for them, the pool spans every count from 1 to 4, and is the same."""
    hidden = "\n".join(f"KU{i} | 60 | {cell}" for i, cell in enumerate(cells, start=3))
    unemployed = 540 + 60 * len(cells)
    found = decomposed(f"KU1 | 500 | 20\nKU2 | 40 | 180\n{hidden}\nMK19 | {unemployed} | {total}")
    unknown = decomposed(f"KU1 | 500 | 20\nKU2 | 40 | 180\n{hidden}\nMK19 | {unemployed} | ...")
    pool = part(found, POOLED)
    assert pool["lower"] < pool["share"] < pool["upper"]
    assert pool["share"] == part(unknown, POOLED)["share"]
    assert found.index == unknown.index


@pytest.mark.parametrize(
    "text",
    [
        "KU1 | 80 | 20\nKU2 | 20 | 80",  # the region is not there
        "KU1 | 80 | -\nKU2 | 20 | -\nMK19 | 100 | -",  # one side is not there
        "KU1 | 80 | 0\nKU2 | 20 | 0\nMK19 | 100 | 0",  # nothing is open anywhere
    ],
)
def test_without_both_sides_there_is_no_mismatch(text: str) -> None:
    assert between_municipalities(rows(text), "MK19") is None


@pytest.fixture(scope="module")
def lapland(seed_snapshot: snapshots.Snapshot) -> pd.DataFrame:
    with snapshots.connect(seed_snapshot) as connection:
        members = reference.memberships(connection)
        areas = [*members.loc[members["parent_code"] == "MK19", "area_code"], "MK19"]
        return employment.series(connection, areas, [UNEMPLOYED, VACANCIES])


def test_june_2026_pools_pello_posio_and_savukoski(lapland: pd.DataFrame) -> None:
    found = between_municipalities(lapland[lapland["month"] == "2026-06-01"], "MK19")
    assert found is not None
    assert set(found.hidden) == {"KU614", "KU742", "KU854"}
    assert not set(found.hidden) & set(found.parts["cell"])
    assert (found.cells, len(found.parts)) == (21, 19)


def test_no_month_of_the_seed_gives_a_hidden_municipality_away(lapland: pd.DataFrame) -> None:
    both = lapland[lapland.groupby("month")["value"].transform("size") == 44]
    months = both.loc[(both["status"] == "suppressed") & (both["month"] >= "2018-01-01"), "month"].unique()
    assert len(months) == 17
    for month in months:
        found = between_municipalities(lapland[lapland["month"] == month], "MK19")
        assert found is not None
        pool = part(found, POOLED)
        assert pool["lower"] < pool["upper"], month
        assert not set(found.hidden) & set(found.parts["cell"]), month

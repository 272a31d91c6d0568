"""Target groups' shares: intervals, hidden counts as ranges, and differences from Lapland told from chance."""

import numpy as np
import pandas as pd
import pytest

from ui import target_groups
from ui.readings import LONG_TERM, UNEMPLOYED


def published(text: str) -> pd.DataFrame:
    """Rows from lines of ``area all group``; ``-`` is a hidden count."""
    out = []
    for line in text.split("\n"):
        area, everyone, group = line.split()
        for measure, value in ((UNEMPLOYED, everyone), (LONG_TERM, group)):
            hidden = value == "-"
            out.append((area, measure, np.nan if hidden else float(value), "suppressed" if hidden else "published"))
    return pd.DataFrame(out, columns=["area_code", "measure", "value", "status"])


def shares(text: str) -> pd.DataFrame:
    return target_groups.shares(target_groups.published(published(text)), LONG_TERM)


def test_a_share_comes_with_its_wilson_interval() -> None:
    """15 of 148: the interval of Newcombe (1998), table I."""
    row = shares("KU1 148 15").loc["KU1"]
    assert row["share"] == pytest.approx(15 / 148)
    assert [round(row[end], 4) for end in ("lower", "upper")] == [0.0624, 0.1605]


def test_a_hidden_count_has_no_share_but_the_range_of_one_to_four_persons() -> None:
    row = shares("KU1 50 -").loc["KU1"]
    assert np.isnan(row["share"])
    assert (row["lower"], row["upper"]) == (0.02, 0.08)
    assert np.isnan(row["count"])


def test_without_the_unemployed_there_is_nothing_to_say() -> None:
    row = shares("KU1 - 5\nKU2 0 0")
    assert row[["share", "lower", "upper"]].isna().all(axis=None)


def test_a_group_cannot_exceed_all() -> None:
    assert shares("KU1 3 -").loc["KU1", "upper"] == 1.0


def test_only_a_difference_beyond_chance_among_all_areas_is_one() -> None:
    """Of 20 areas at Lapland's 30 % one at 39 of 100 would stand out alone; 60 of 100 does among them too."""
    calm = "\n".join(f"KU{n} 100 30" for n in range(100, 119))
    table = shares(f"{calm}\nKU200 100 39\nKU300 100 60\nKU400 100 5\nKU500 100 -")
    sign = target_groups.apart(table, 0.3)
    assert sign["KU200"] == 0
    assert sign["KU300"] == 1
    assert sign["KU400"] == -1
    assert sign["KU500"] == 0
    assert (sign[[f"KU{n}" for n in range(100, 119)]] == 0).all()
    assert target_groups.apart(shares("KU200 100 39"), 0.3)["KU200"] == 1

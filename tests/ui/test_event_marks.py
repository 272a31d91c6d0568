"""Events in a chart: each has its line, and those close together share one label that does not overlap another."""

import itertools
from types import SimpleNamespace

import pandas as pd
import pytest
from market_tables import month

from ui.case_view import event_marks


def marks(*dates: str, first: str = "2018-01", last: str = "2026-06") -> pd.DataFrame:
    """The marks of events numbered in the order they are given."""
    events = pd.DataFrame({"event_id": [f"e{i}" for i in range(1, len(dates) + 1)], "start_date": dates})
    figures = SimpleNamespace(marks={f"e{i}": str(i) for i in range(1, len(dates) + 1)})
    return event_marks(figures, events, month(first), month(last))


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2021-04-20"], ["1"]),
        (["2020-01-15", "2021-04-20", "2022-09"], ["1", "2", "3"]),  # further apart than ten months
        (["2021-04-20", "2021-06-17", "2021-12"], ["1–3", "", ""]),
        (["2020-01-15", "2021-04-20", "2021-06-17", "2022-09"], ["1", "2–3", "", "4"]),
        (["2021-01-01", "2021-10-31", "2021-11-01"], ["1–2", "", "3"]),  # counted from the first of a label
    ],
)
def test_events_within_ten_months_share_a_label(dates: list[str], expected: list[str]) -> None:
    assert list(marks(*dates)["mark"]) == expected


def test_every_event_keeps_its_own_day() -> None:
    assert list(marks("2021-04-20", "2021-06-17")["month"]) == [pd.Timestamp("2021-04-20"), pd.Timestamp("2021-06-17")]


def test_events_outside_the_chart_are_not_drawn() -> None:
    assert list(marks("2017-12-31", "2018-01-01", "2026-06-01", "2026-06-02")["mark"]) == ["2", "3"]
    assert marks().empty


def test_labels_after_each_other_stand_in_different_rows() -> None:
    found = marks("2019-01", "2020-01", "2020-02", "2021-01", "2022-01")
    levels = list(found.loc[found["mark"] != "", "level"])
    assert all(one != other for one, other in itertools.pairwise(levels))
    assert set(levels) == {0, 1}

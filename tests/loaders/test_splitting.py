"""A selection is cut into disjoint parts that cover it exactly, under the ceiling, in as few calls as a grid allows."""

from itertools import product
from math import ceil, prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.errors import TooLargeError
from loaders.pxweb import cells, split

MONTH, MEASURE = "timeperiod_m", "contentscode"


def selection(**sizes: int) -> dict[str, list[str]]:
    return {code: [f"{code}{place}" for place in range(size)] for code, size in sizes.items()}


@settings(deadline=None, max_examples=50)
@given(
    areas=st.integers(1, 25),
    occupations=st.integers(1, 12),
    months=st.integers(1, 30),
    measures=st.integers(1, 5),
    ceiling=st.integers(5, 400),
)
def test_parts_are_disjoint_cover_the_selection_and_fit(
    areas: int, occupations: int, months: int, measures: int, ceiling: int
) -> None:
    whole = selection(area=areas, occupation=occupations, timeperiod_m=months, contentscode=measures)
    parts = split(whole, ceiling, MONTH, MEASURE)
    assert all(list(part) == list(whole) for part in parts)
    assert all(cells(part) <= ceiling for part in parts)
    assert all(part[MEASURE] == whole[MEASURE] for part in parts)
    seen = [cell for part in parts for cell in product(*part.values())]
    assert len(seen) == len(set(seen))
    assert set(seen) == set(product(*whole.values()))


@settings(deadline=None, max_examples=100)
@given(sizes=st.lists(st.integers(1, 7), min_size=1, max_size=5), ceiling=st.integers(1, 60), data=st.data())
def test_any_number_of_variables_is_covered_once_or_refused(
    sizes: list[int], ceiling: int, data: st.DataObject
) -> None:
    """Also a table of time and measures alone, and whatever the order of the variables."""
    codes = data.draw(st.permutations([MEASURE, MONTH, "area", "occupation", "status"][: max(2, len(sizes))]))
    whole = selection(**dict(zip(codes, [*sizes, 1], strict=False)))
    if len(whole[MEASURE]) > ceiling:
        with pytest.raises(TooLargeError):
            split(whole, ceiling, MONTH, MEASURE)
        return
    parts = split(whole, ceiling, MONTH, MEASURE)
    seen = [cell for part in parts for cell in product(*part.values())]
    assert sorted(seen) == sorted(product(*whole.values()))
    assert max(map(cells, parts)) <= ceiling
    assert len(parts) >= ceil(cells(whole) / ceiling)


@settings(deadline=None)
@given(areas=st.integers(1, 12), months=st.integers(1, 20), ceiling=st.integers(1, 60))
def test_no_grid_needs_fewer_calls(areas: int, months: int, ceiling: int) -> None:
    parts = split(selection(area=areas, timeperiod_m=months, contentscode=1), ceiling, MONTH, MEASURE)
    fewest = min(
        ceil(areas / wide) * ceil(months / long)
        for wide in range(1, areas + 1)
        for long in range(1, months + 1)
        if wide * long <= ceiling
    )
    assert len(parts) == fewest


@pytest.mark.parametrize(
    ("sizes", "calls"),
    [
        ({"Alue": 30, "timeperiod_m": 212, "contentscode": 23}, 2),
        ({"Alue": 2, "occupation": 434, "timeperiod_m": 212, "contentscode": 2}, 4),
        ({"Alue": 1, "occupation": 434, "timeperiod_m": 212, "contentscode": 2}, 2),
        ({"Alue": 2, "industry": 113, "sector": 1, "duration": 1, "timeperiod_m": 212, "contentscode": 2}, 1),
        ({"Alue": 1, "occupation": 434, "status": 6, "timeperiod_m": 212, "contentscode": 2}, 10),
    ],
)
def test_calls_of_the_full_histories(sizes: dict[str, int], calls: int) -> None:
    assert len(split(selection(**sizes), 120_000, MONTH, MEASURE)) == calls


def test_time_is_cut_before_areas() -> None:
    parts = split(selection(Alue=4, timeperiod_m=4, contentscode=1), 8, MONTH, MEASURE)
    assert [len(part["Alue"]) for part in parts] == [4, 4]
    assert [part[MONTH] for part in parts] == [["timeperiod_m0", "timeperiod_m1"], ["timeperiod_m2", "timeperiod_m3"]]


def test_measures_that_do_not_fit_cannot_be_cut() -> None:
    with pytest.raises(TooLargeError, match="One value of each variable is 23 cells, the ceiling is 22"):
        split(selection(Alue=3, timeperiod_m=3, contentscode=23), 22, MONTH, MEASURE)


def test_cells_are_the_product() -> None:
    assert cells(selection(Alue=30, timeperiod_m=13, contentscode=23)) == 8970 == prod((30, 13, 23))

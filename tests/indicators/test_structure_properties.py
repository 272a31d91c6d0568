"""What holds for inequality, shift-share over years and occupation classes whatever the numbers are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import matching, structure

examples = settings(max_examples=60, deadline=None)

some = st.lists(st.integers(1, 5000), min_size=2, max_size=12)


@examples
@given(some, st.integers(2, 50), st.randoms(use_true_random=False))
def test_inequality_ignores_scale_order_and_kind_of_input(values: list[int], factor: int, random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for index in (structure.gini, structure.theil_l, structure.theil_t):
        expected = index(values)
        assert expected >= 0
        assert index([factor * value for value in values]) == pytest.approx(expected, abs=1e-12)
        assert index(shuffled) == pytest.approx(expected, abs=1e-12)
        assert index(pd.Series(values)) == expected
        assert index([*values, *values]) == pytest.approx(expected, abs=1e-12)
        assert index(np.full(len(values), values[0])) == pytest.approx(0, abs=1e-12)


@examples
@given(st.lists(st.integers(0, 5000), min_size=2, max_size=12).filter(any))
def test_gini_is_half_the_relative_mean_difference(values: list[int]) -> None:
    x = np.array(values, dtype=float)
    n = len(x)
    assert structure.gini(x) == pytest.approx(np.abs(x[:, None] - x).mean() / (2 * x.mean()), abs=1e-12)
    assert structure.gini(x) <= 1 - 1 / n + 1e-12
    assert structure.gini(x, normalised=True) <= 1 + 1e-12
    assert structure.theil_t(x) <= np.log(n) + 1e-12
    largest = structure.largest_share(x)["share"]
    assert largest**2 - 1e-12 <= structure.herfindahl(x) <= largest + 1e-12


@examples
@given(some, st.data())
def test_groups_of_equals_keep_the_gini(values: list[int], data: st.DataObject) -> None:
    size = len(values)
    weights = data.draw(st.lists(st.integers(1, 6), min_size=size, max_size=size))
    assert structure.gini(values, weights) == pytest.approx(structure.gini(np.repeat(values, weights)), abs=1e-9)


@examples
@given(some, st.data())
def test_hoover_is_half_of_krugman_and_the_dissimilarity_index(values: list[int], data: st.DataObject) -> None:
    size = len(values)
    reference = data.draw(st.lists(st.integers(1, 5000), min_size=size, max_size=size))
    hoover = structure.hoover(values, reference)
    assert 0 <= hoover <= 1
    assert hoover == pytest.approx(matching.dissimilarity_index(values, reference), abs=1e-12)
    assert 2 * hoover == pytest.approx(structure.krugman_specialisation(values, reference), abs=1e-12)
    assert structure.gini_specialisation(reference, reference) == pytest.approx(0, abs=1e-12)


@examples
@given(st.integers(2, 4), st.integers(2, 5), st.data())
def test_yearly_components_add_up_to_growth_and_over_regions_to_nothing(
    size: int, years: int, data: st.DataObject
) -> None:
    jobs = st.lists(st.lists(st.integers(1, 900), min_size=size, max_size=size), min_size=years, max_size=years)
    index = pd.period_range("2015", periods=years, freq="Y")
    regions = [pd.DataFrame(data.draw(jobs), index=index) for _ in range(3)]
    nation = regions[0] + regions[1] + regions[2]
    for method in ("dunn", "esteban"):
        parts = [structure.shift_share_dynamic(region, nation, method) for region in regions]  # type: ignore[arg-type]
        for part, region in zip(parts, regions, strict=True):
            growth = region.sum(axis=1).diff().iloc[1:]
            assert part["growth"].tolist() == growth.tolist()
            assert part.drop(columns="growth").sum(axis=1).tolist() == pytest.approx(growth.tolist(), abs=1e-6)
        total = parts[0] + parts[1] + parts[2]
        assert total["mix"].tolist() == pytest.approx([0] * (years - 1), abs=1e-6)
        leftover = total["regional"] + (total["allocation"] if method == "esteban" else 0)
        assert leftover.tolist() == pytest.approx([0] * (years - 1), abs=1e-6)


@examples
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(1, 900)), min_size=2, max_size=20),
    st.floats(0, 0.9),
    st.floats(1, 5),
    st.floats(0, 40),
)
def test_every_occupation_has_one_class_that_its_inputs_explain(
    cells: list[tuple[int, int, int]], surplus: float, shortage: float, mismatch: float
) -> None:
    u, v, employed = np.array(cells).T
    points = matching.beveridge_points(u, v, employed)
    cutoffs = {"surplus_slope": surplus, "shortage_slope": shortage, "mismatch_scale": mismatch, "grade_scales": (5,)}
    result = matching.occupation_class(points, cutoffs, u + v)
    assert ((u + v < 5) <= (result["class"] == "not_rated").to_numpy()).all()
    rated = points.join(result)[result["class"] != "not_rated"]
    assert (rated.loc[rated["class"] == "shortage", "slope"] >= shortage).all()
    assert (rated.loc[rated["class"] == "surplus", "slope"] <= surplus).all()
    middle = rated[rated["class"].isin(["balance", "mismatch"])]
    assert middle["slope"].between(surplus, shortage, inclusive="neither").all()
    assert ((middle["class"] == "mismatch") == (middle["scale"] >= mismatch)).all()
    assert (rated["grade"] == 1 + (rated["scale"] >= 5)).all()
    published = matching.confusion_matrix(result["class"], result["class"])
    assert published.to_numpy().sum() == np.trace(published.to_numpy()) == len(cells)

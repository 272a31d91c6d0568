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


@examples
@given(some, st.data())
def test_order_of_cells_and_labels_do_not_matter(values: list[int], data: st.DataObject) -> None:
    size = len(values)
    others = data.draw(st.lists(st.integers(1, 5000), min_size=size, max_size=size))
    order = data.draw(st.permutations(range(size)))
    ours, theirs = pd.Series(values, dtype=float), pd.Series(others, dtype=float)
    moved = ours.iloc[order]
    for index in (structure.krugman_specialisation, structure.hoover, structure.gini_specialisation, structure.lilien):
        expected = index(values, others)
        assert index(moved, theirs) == pytest.approx(expected, abs=1e-12)
        assert index(moved.to_numpy(), theirs.iloc[order].to_numpy()) == pytest.approx(expected, abs=1e-12)
    for index in (structure.herfindahl, structure.equivalent_number):
        assert index(moved) == pytest.approx(index(values), abs=1e-9)
    quotient = structure.location_quotient(moved, theirs)
    assert quotient.sort_index().tolist() == pytest.approx(structure.location_quotient(ours, theirs).tolist())
    assert structure.largest_share(moved)["share"] == structure.largest_share(values)["share"]


@examples
@given(some, st.integers(0, 11))
def test_a_hidden_cell_never_gives_a_finite_measure(values: list[int], where: int) -> None:
    hidden = np.array(values, dtype=float)
    hidden[where % len(values)] = np.nan
    for measure in (
        structure.herfindahl,
        structure.equivalent_number,
        structure.largest_share,
        structure.gini,
        structure.theil_l,
        structure.theil_t,
        lambda x: structure.gini(values, x),
        lambda x: structure.hoover(x, values),
        lambda x: structure.hoover(values, x),
        lambda x: structure.krugman_specialisation(x, values),
        lambda x: structure.krugman_specialisation(values, np.column_stack([values, x])),
        lambda x: structure.gini_concentration(values, x),
        lambda x: structure.lilien(x, values),
        lambda x: structure.lilien(values, x),
        lambda x: matching.rate_dispersion(x, values),
        lambda x: matching.planner_allocation(x, 10),
    ):
        with pytest.raises(ValueError, match=r"1 of \d+ cells of [a-z_0-9 ]+ are hidden"):
            measure(hidden)


@examples
@given(some, st.integers(1, 9), st.integers(1, 9), st.data())
def test_lilien_is_nothing_when_all_grow_alike_and_ignores_units(
    values: list[int], a: int, b: int, data: st.DataObject
) -> None:
    before = np.array(values)
    after = np.array(data.draw(st.lists(st.integers(1, 5000), min_size=len(values), max_size=len(values))))
    for weights in ("current", "base"):
        assert structure.lilien(a * before, b * before, weights) == pytest.approx(0, abs=1e-7)  # type: ignore[arg-type]
        index = structure.lilien(before, after, weights)  # type: ignore[arg-type]
        assert index >= 0
        assert structure.lilien(a * before, b * after, weights) == pytest.approx(index, abs=1e-7)  # type: ignore[arg-type]
    # Time turned round turns every growth rate, and the shares of the first period become those of the last.
    assert structure.lilien(after, before, "base") == pytest.approx(structure.lilien(before, after, "current"))


@examples
@given(st.integers(2, 6), st.data())
def test_shift_share_adds_up_where_industries_begin_or_end(size: int, data: st.DataObject) -> None:
    jobs = st.lists(st.integers(0, 40), min_size=size, max_size=size)
    region = [np.array(data.draw(jobs)) for _ in range(2)]
    rest = [np.array(data.draw(jobs)) + 1 for _ in range(2)]
    nation = [a + b for a, b in zip(region, rest, strict=True)]
    for method in ("dunn", "esteban"):
        parts = structure.shift_share(*region, *nation, method)  # type: ignore[arg-type]
        growth = region[1] - region[0]
        assert parts.drop(columns="growth").sum(axis=1).tolist() == pytest.approx(growth.tolist(), abs=1e-9)
        begun = region[0] == 0
        assert parts.loc[begun, "unallocated"].tolist() == growth[begun].tolist()
        assert (parts.loc[~begun, "unallocated"] == 0).all()
        assert (parts.loc[begun, ["national", "mix", "regional"]] == 0).all(axis=None)


@examples
@given(some, st.data())
def test_mix_of_the_nation_itself_is_its_own_and_nothing_is_regional(values: list[int], data: st.DataObject) -> None:
    after = data.draw(st.lists(st.integers(0, 5000), min_size=len(values), max_size=len(values)))
    for method in ("dunn", "esteban"):
        total = structure.shift_share(values, after, values, after, method).sum()  # type: ignore[arg-type]
        assert total["regional"] == pytest.approx(0, abs=1e-6)
        assert total["mix"] == pytest.approx(0, abs=1e-6)
        assert total["national"] == pytest.approx(sum(after) - sum(values), abs=1e-6)

"""What every indicator does with input it cannot use, and with input it must not change."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from indicators import matching, structure, uncertainty

TWO_SIDED: list[Callable[..., object]] = [
    matching.tightness,
    matching.log_tightness,
    matching.unemployment_rate,
    matching.vacancy_rate,
    matching.mismatch_index,
    matching.mismatch_contributions,
    matching.mismatch_baseline,
    matching.dissimilarity_index,
    matching.rate_dispersion,
    lambda u, v: matching.beveridge_points(u, v, v),
    uncertainty.wilson_interval,
    uncertainty.shrink_rates,
    lambda x, n: uncertainty.exceedance_probability(x, n, 0.1),
    structure.location_quotient,
    structure.krugman_specialisation,
    structure.lilien,
    lambda a, b: structure.shift_share(a, a, b, b),
]


@pytest.mark.parametrize("indicator", TWO_SIDED)
@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (pd.Series({"a": 1.0, "b": 2.0}), pd.Series({"a": 5.0, "c": 5.0}), "labels do not match"),
        (np.array([1.0, 2.0]), np.array([5.0, 5.0, 5.0]), "labels do not match"),
        (pd.Series({"a": 1.0, "b": 2.0}), np.array([5.0, 5.0]), "labels do not match"),
        (pd.Series([1.0, 2.0], index=["a", "a"]), pd.Series([5.0, 5.0], index=["a", "a"]), "repeated labels: a"),
        (np.array([1.0, -2.0]), np.array([5.0, 5.0]), "negative"),
        (np.array([1.0, 2.0]), np.array([5.0, -5.0]), "negative"),
        (np.array([1.0, np.inf]), np.array([5.0, 5.0]), "infinite"),
        (np.array([]), np.array([]), "empty"),
        (pd.Series(dtype=float), pd.Series(dtype=float), "empty"),
    ],
)
def test_unusable_input_is_refused(
    indicator: Callable[..., object], first: object, second: object, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        indicator(first, second)


@pytest.mark.parametrize("indicator", TWO_SIDED)
def test_inputs_are_left_alone(indicator: Callable[..., object]) -> None:
    first, second = pd.Series({"a": 4, "b": 12}, name="u"), pd.Series({"b": 50, "a": 70}, name="v")
    indicator(first, second)
    pd.testing.assert_series_equal(first, pd.Series({"a": 4, "b": 12}, name="u"))
    pd.testing.assert_series_equal(second, pd.Series({"b": 50, "a": 70}, name="v"))
    array = np.array([4.0, 12.0])
    indicator(array, np.array([50.0, 70.0]))
    assert array.tolist() == [4.0, 12.0]


def test_messages_name_the_labels_that_do_not_match_but_not_all_of_them() -> None:
    twelve = pd.Series(1.0, index=[f"KU{code}" for code in range(100, 112)])
    with pytest.raises(ValueError, match="only in vacancies: KU100, KU101, KU102, KU103, KU104 and 6 more; only in un"):
        matching.tightness(twelve, twelve[-1:])
    with pytest.raises(
        ValueError, match="only in vacancies: KU100, KU101, KU102, KU103, KU104; only in unemployed: none"
    ):
        matching.tightness(twelve[:6], twelve[5:6])


def test_numbers_too_are_checked() -> None:
    with pytest.raises(ValueError, match="vacancies is infinite"):
        matching.tightness(float("inf"), 3)
    with pytest.raises(ValueError, match="unemployed holds negative"):
        matching.tightness(3, -3)


def test_a_number_applies_to_every_cell() -> None:
    assert matching.unemployment_rate(np.array([10, 20]), 200).tolist() == [0.05, 0.1]  # type: ignore[type-var]


def test_an_array_of_periods_by_cells_keeps_its_shape() -> None:
    result = matching.tightness(np.array([[1, 2], [3, 4]]), np.array([[2, 2], [2, 2]]))
    assert result.tolist() == [[0.5, 1.0], [1.5, 2.0]]
    with pytest.raises(ValueError, match="3 dimensions"):
        matching.tightness(np.ones((2, 2, 2)), np.ones((2, 2, 2)))

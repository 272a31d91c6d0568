"""The search for breaks: published numbers, and every pair of positions tried one by one."""

import itertools

import numpy as np
import pytest

from indicators._breaks import choose, piecewise, position_intervals

# Annual flow of the Nile at Aswan 1871-1970 in 10^8 cubic metres (R data set Nile).
NILE = """
1120 1160  963 1210 1160 1160  813 1230 1370 1140  995  935 1110  994 1020  960 1180  799  958 1140
1100 1210 1150 1250 1260 1220 1030 1100  774  840  874  694  940  833  701  916  692 1020 1050  969
 831  726  456  824  702 1120 1100  832  764  821  768  845  864  862  698  845  744  796 1040  759
 781  865  845  944  984  897  822 1010  771  676  649  846  812  742  801 1040  860  874  848  890
 744  749  838 1050  918  986  797  923  975  815 1020  906  901 1170  912  746  919  718  714  740
"""


def level(values: np.ndarray) -> np.ndarray:
    return np.ones((len(values), 1))


def test_published_breaks_of_the_nile() -> None:
    """R package strucchange, breakpoints(Nile ~ 1): the dam of 1898 after 28 years; its printed RSS and BIC."""
    flow = np.array(NILE.split(), dtype=float)
    positions, bic = choose(flow, level(flow), 5, 15)
    assert positions == [28]
    assert [round(value) for value in bic.values()] == [1318, 1270, 1276, 1285, 1292, 1311]
    fits = [piecewise(flow, level(flow), number, 15) for number in range(6)]
    assert [positions for positions, _ in fits] == [
        [],
        [28],
        [28, 83],
        [28, 68, 83],
        [28, 45, 68, 83],
        [15, 30, 45, 68, 83],
    ]
    assert [round(rss) for _, rss in fits] == [2835157, 1597457, 1552924, 1538097, 1507888, 1659994]


def test_best_of_all_positions_with_regressors_that_stand_still_at_times() -> None:
    generator = np.random.default_rng(0)
    y, x = generator.normal(size=24), np.repeat(generator.normal(size=8), 3)
    regressors = np.column_stack([np.ones(24), x])

    def residuals(start: int, end: int) -> float:
        fit = np.linalg.lstsq(regressors[start:end], y[start:end], rcond=None)[0]
        return float(((y[start:end] - regressors[start:end] @ fit) ** 2).sum())

    tried = {
        (i, j): residuals(0, i) + residuals(i, j) + residuals(j, 24)
        for i, j in itertools.combinations(range(3, 22), 2)
        if j - i >= 3
    }
    best = min(tried, key=tried.__getitem__)
    positions, rss = piecewise(y, regressors, 2, 3)
    assert tuple(positions) == best
    assert rss == pytest.approx(tried[best])


def test_a_change_of_slope_alone_is_found() -> None:
    x = np.tile([0.0, 1.0, 2.0, 3.0], 10)
    y = np.where(np.arange(40) < 16, 2 * x, 6 - 2 * x)
    positions, rss = piecewise(y, np.column_stack([np.ones(40), x]), 1, 8)
    assert positions == [16]
    assert rss == pytest.approx(0, abs=1e-20)


@pytest.mark.parametrize("height", [0.0, 5.0, 1e6])
def test_exact_series_are_split_no_further_than_they_break(height: float) -> None:
    constant = np.full(60, height)
    assert choose(constant, level(constant), 4, 5)[0] == []
    step = np.where(np.arange(60) < 25, height, height + 1)
    assert choose(step, level(step), 4, 5)[0] == [25]


def test_numbers_that_do_not_fit_are_left_out() -> None:
    values = np.random.default_rng(1).normal(size=50)
    assert list(choose(values, level(values), 9, 20)[1]) == [0, 1]


class TestPositionIntervals:
    def steps(self, height: float, memory: float, generator: np.random.Generator) -> np.ndarray:
        """120 months that rise by ``height`` after 50, around noise of variance 1 that remembers itself."""
        noise = generator.normal(size=120)
        for month in range(1, 120):
            noise[month] = memory * noise[month - 1] + np.sqrt(1 - memory**2) * noise[month]
        return noise + height * (np.arange(120) >= 50)

    @pytest.mark.parametrize("memory", [0, 0.7])
    @pytest.mark.parametrize("height", [1, 2])
    def test_hold_the_true_break_about_as_often_as_they_say(self, height: float, memory: float) -> None:
        generator = np.random.default_rng(11)
        held = 0
        for _ in range(200):
            y = self.steps(height, memory, generator)
            positions, _ = piecewise(y, level(y), 1, 24)
            ((low, high),) = position_intervals(y, level(y), positions, 24)
            assert low <= positions[0] <= high
            held += low <= 50 <= high
        assert 180 <= held <= 200

    def test_narrow_for_a_clear_break_and_wider_with_the_level(self) -> None:
        y = self.steps(8, 0, np.random.default_rng(3))
        assert position_intervals(y, level(y), [50], 24) == [(50, 50)]
        y = self.steps(1.5, 0, np.random.default_rng(3))
        ((low, high),) = position_intervals(y, level(y), piecewise(y, level(y), 1, 24)[0], 24, level=0.8)
        ((lowest, highest),) = position_intervals(y, level(y), piecewise(y, level(y), 1, 24)[0], 24, level=0.99)
        assert lowest < low < high < highest

    def test_exact_series_are_exactly_dated_and_each_break_has_its_own(self) -> None:
        y = np.repeat([1.0, 2.0, 5.0], 20)
        assert position_intervals(y, level(y), [20, 40], 10) == [(20, 20), (40, 40)]
        assert position_intervals(y, level(y), [], 10) == []

    def test_invalid_level(self) -> None:
        with pytest.raises(ValueError, match="level must lie"):
            position_intervals(np.arange(9.0), np.ones((9, 1)), [4], 3, level=1)


def test_invalid_input() -> None:
    values = np.arange(10.0)
    with pytest.raises(ValueError, match="n_breaks 3 and min_size 3 need 12 observations, got 10"):
        piecewise(values, level(values), 3, 3)
    with pytest.raises(ValueError, match="min_size 12: a regime needs as many observations, got 10"):
        choose(values, level(values), 3, 12)
    with pytest.raises(ValueError, match="exceed the 1 coefficients"):
        piecewise(values, level(values), 1, 1)
    with pytest.raises(ValueError, match="missing or infinite"):
        piecewise(np.where(values == 3, np.nan, values), level(values), 1, 3)
    with pytest.raises(ValueError, match="n_breaks must be at least 0"):
        piecewise(values, level(values), -1, 3)
    with pytest.raises(ValueError, match="max_breaks must be at least 0"):
        choose(values, level(values), -1, 3)
    with pytest.raises(ValueError, match="one row an observation"):
        piecewise(values, level(values[:9]), 1, 3)

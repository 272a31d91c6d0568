"""Piecewise regression: where the coefficients of a least-squares fit change, found exactly.

Dynamic programming over the residual sums of all segments (Bai and Perron 2003, Computation and analysis of multiple
structural change models, Journal of Applied Econometrics 18). Written in numpy: a few hundred observations take some
tens of milliseconds, regimes may have any regressors, and the sums for every number of breaks come from one search.

A position counts the observations before the break, so that it is also the row at which the new regime starts.
"""

from itertools import pairwise

import numpy as np

from indicators._checks import whole, within

# Eigenvalues of a segment's moments below this fraction of its largest are rounding: its regressors are collinear.
COLLINEAR = 1e-10

# Residual sums below this fraction of those without breaks are rounding, and no better than each other.
EXACT = 1e-12


def piecewise(y: np.ndarray, regressors: np.ndarray, n_breaks: int, min_size: int) -> tuple[list[int], float]:
    """The ``n_breaks`` positions with the smallest residual sum of squares of ``y`` on ``regressors``, and that sum.

    ``y`` n values in order of time, ``regressors`` n rows of k columns (a column of ones for an intercept), every
    coefficient free in every regime, at least ``min_size`` observations each. The first such positions when several
    are equally good. ``ValueError`` when values are missing, ``min_size`` does not exceed k, or so many regimes do not
    fit into n.
    """
    y, regressors = _checked(y, regressors, min_size)
    n_breaks = whole("n_breaks", n_breaks, 0)
    if (n_breaks + 1) * min_size > len(y):
        raise ValueError(
            f"n_breaks {n_breaks} and min_size {min_size} need {(n_breaks + 1) * min_size} observations, got {len(y)}"
        )
    positions = _search(y, regressors, n_breaks, min_size)[n_breaks]
    return positions, _residual_sum(y, regressors, positions)


def choose(y: np.ndarray, regressors: np.ndarray, max_breaks: int, min_size: int) -> tuple[list[int], dict[int, float]]:
    """The positions of the number of breaks, from 0 to ``max_breaks``, with the lowest BIC; and the BIC by number.

    BIC = n ln(RSS/n) + n (1 + ln 2 pi) + (m + 1)(k + 1) ln n with m breaks and k regressors; the fewest breaks when
    equal. Numbers whose regimes do not fit into n are left out. Fits without any residual count as equally good, so
    that an exact series is not split further. Arguments and errors as for :func:`piecewise`.
    """
    y, regressors = _checked(y, regressors, min_size)
    max_breaks = whole("max_breaks", max_breaks, 0)
    n, k = regressors.shape
    if n < min_size:
        raise ValueError(f"min_size {min_size}: a regime needs as many observations, got {n}")
    by_number = _search(y, regressors, min(max_breaks, n // min_size - 1), min_size)
    sums = [_residual_sum(y, regressors, positions) for positions in by_number]
    floor = EXACT * sums[0] + EXACT**2 * float(y @ y) + np.finfo(float).tiny
    bic = {
        m: float(n * np.log(max(rss, floor) / n) + n * (1 + np.log(2 * np.pi)) + (m + 1) * (k + 1) * np.log(n))
        for m, rss in enumerate(sums)
    }
    return by_number[min(bic, key=bic.__getitem__)], bic


def position_intervals(
    y: np.ndarray, regressors: np.ndarray, positions: list[int], min_size: int, level: float = 0.95
) -> list[tuple[int, int]]:
    """For each of the found ``positions`` the lowest and the highest that the data allow at ``level``.

    All splits of the two regimes beside the break whose likelihood ratio n ln(RSS/least RSS) stays below
    -2 ln(1 - sqrt(level)), 7.35 at 0.95. The ratio is divided by (1 + r)/(1 - r), where r is the correlation of
    neighbouring residuals, at least 0, since such residuals carry less than n months of information. Neighbouring
    breaks stay where they are, and the interval lies between them: one that fills that space says that the break is
    hardly dated. Arguments and errors as for :func:`piecewise`.
    Source: Eo and Morley (2015), Likelihood-ratio-based confidence sets for the timing of structural breaks,
    Quantitative Economics 6(2).
    """
    y, regressors = _checked(y, regressors, min_size)
    within("level", level, 0, 1)
    # Half a regime, so that a break beside a regime of least length can move towards it too.
    margin = max(regressors.shape[1] + 1, min_size // 2)
    edges = [0, *positions, len(y)]
    intervals = []
    for start, position, end in zip(edges, edges[1:], edges[2:], strict=False):
        n = end - start
        cost = _segment_sums(y[start:end], regressors[start:end], margin)
        rss = cost[0] + cost[:, n]
        rss = np.maximum(rss, EXACT * rss[np.isfinite(rss)].max() + np.finfo(float).tiny)
        residuals = np.concatenate(
            [_residuals(y[a:b], regressors[a:b]) for a, b in ((start, position), (position, end))]
        )
        ratio = n * np.log(rss / rss[position - start]) / _variance_inflation(residuals)
        allowed = np.flatnonzero(ratio <= -2 * np.log(1 - np.sqrt(level)))
        intervals.append((start + int(allowed[0]), start + int(allowed[-1])))
    return intervals


def _variance_inflation(residuals: np.ndarray) -> float:
    """(1 + r)/(1 - r) of the first autocorrelation r, which is corrected for its bias in a series this short."""
    squares = float(residuals @ residuals)
    if squares == 0:
        return 1.0
    r = float(residuals[1:] @ residuals[:-1]) / squares
    r = float(np.clip(r + (1 + 3 * r) / len(residuals), 0, 0.97))
    return (1 + r) / (1 - r)


def _checked(y: np.ndarray, regressors: np.ndarray, min_size: int) -> tuple[np.ndarray, np.ndarray]:
    y, regressors = np.asarray(y, dtype=float), np.asarray(regressors, dtype=float)
    if y.ndim != 1 or regressors.ndim != 2 or len(y) != len(regressors):
        raise ValueError(
            f"y must hold one value and regressors one row an observation, got {y.shape} and {regressors.shape}"
        )
    if not (np.isfinite(y).all() and np.isfinite(regressors).all()):
        raise ValueError("breaks need every observation: some are missing or infinite")
    if whole("min_size", min_size, 1) <= regressors.shape[1]:
        raise ValueError(f"min_size must exceed the {regressors.shape[1]} coefficients of a regime, got {min_size}")
    return y, regressors


def _search(y: np.ndarray, regressors: np.ndarray, max_breaks: int, min_size: int) -> list[list[int]]:
    """The best positions for 0, 1, ..., ``max_breaks`` breaks."""
    n = len(y)
    cost = _segment_sums(y, regressors, min_size)
    best = cost[0]  # best[j]: smallest sum over the first j observations with the breaks so far
    last: list[np.ndarray] = []  # last[m][j]: where the last of m + 1 breaks stands for it
    found: list[list[int]] = [[]]
    for _ in range(max_breaks):
        total = best[:, None] + cost
        last.append(total.argmin(axis=0))
        best = total.min(axis=0)
        positions, end = [], n
        for before in reversed(last):
            end = int(before[end])
            positions.append(end)
        found.append(positions[::-1])
    return found


def _segment_sums(y: np.ndarray, regressors: np.ndarray, min_size: int) -> np.ndarray:
    """Residual sum of squares of rows i to j - 1 at [i, j]; inf where the segment is shorter than ``min_size``.

    From running sums of moments. An orthonormal basis of the regressors and the residuals of the whole series have the
    same sums in every segment, and keep those moments small.
    """
    basis, _, _ = np.linalg.svd(regressors, full_matrices=False)
    basis = basis[:, : np.linalg.matrix_rank(regressors)]
    residual = y - basis @ (basis.T @ y)
    running = [
        np.concatenate([np.zeros((1, *values.shape[1:])), values.cumsum(axis=0)])
        for values in (basis[:, :, None] * basis[:, None, :], basis * residual[:, None], residual**2)
    ]
    start, end = np.triu_indices(len(y) + 1, min_size)
    squares, products, total = (sums[end] - sums[start] for sums in running)
    eigenvalues, vectors = np.linalg.eigh(squares)
    explained = np.einsum("sij,si->sj", vectors, products) ** 2
    used = eigenvalues > COLLINEAR * eigenvalues[:, -1:]
    explained = np.where(used, explained / np.where(used, eigenvalues, 1), 0).sum(axis=1)
    cost = np.full((len(y) + 1, len(y) + 1), np.inf)
    cost[start, end] = np.maximum(total - explained, 0)
    return cost


def _residual_sum(y: np.ndarray, regressors: np.ndarray, positions: list[int]) -> float:
    edges = [0, *positions, len(y)]
    parts = [_residuals(y[start:end], regressors[start:end]) for start, end in pairwise(edges)]
    return float(sum(part @ part for part in parts))


def _residuals(y: np.ndarray, regressors: np.ndarray) -> np.ndarray:
    return y - regressors @ np.linalg.lstsq(regressors, y, rcond=None)[0]

"""The matching gap (kohtaanto): do the unemployed and the open vacancies stand in the same cells?

Throughout, u and v are stocks of unemployed jobseekers and open vacancies by cell, U and V their sums over the cells
given, q = u/U and p = v/V the shares. Totals are always computed here: dividing by a separately published total
biases every index of mismatch. Persons without an occupation stand outside the cells; say how many they are.
"""

from typing import overload

import numpy as np
import pandas as pd

from indicators._checks import (
    Cells,
    Shaped,
    counts,
    cross_section,
    elementwise,
    floats,
    positive_total,
    rows,
    same_labels,
    whole,
    within,
)
from indicators.beveridge import (
    beveridge_breaks,
    beveridge_elasticity,
    beveridge_points,
    calibrate_cutoffs,
    confusion_matrix,
    occupation_class,
)
from indicators.hiring import matching_efficiency, vacancy_days

__all__ = [
    "beveridge_breaks",
    "beveridge_elasticity",
    "beveridge_points",
    "calibrate_cutoffs",
    "confusion_matrix",
    "dissimilarity_index",
    "log_tightness",
    "matching_efficiency",
    "mismatch_baseline",
    "mismatch_contributions",
    "mismatch_index",
    "mismatch_interval",
    "occupation_class",
    "planner_allocation",
    "rate_dispersion",
    "tightness",
    "unemployment_rate",
    "vacancy_days",
    "vacancy_rate",
]

BOUNDS = ("lower", "upper", "fill")

CENTRAL_95 = (0.025, 0.975)

# Relative difference below which v/u of a cell counts as that of all cells: above rounding, below any real count.
EVEN = 1e-12


def tightness(vacancies: Shaped, unemployed: Shaped) -> Shaped:
    """Labour market tightness (kireys), open vacancies per unemployed jobseeker, v/u.

    Same shape as the inputs. No unemployed gives inf, or NaN if there are no vacancies either. The mean of a period
    is the tightness of the sums, not the mean of this. Vacancies are those notified to the employment services, about
    half of all (Labore, Talous ja yhteiskunta 2/2023).
    """
    return elementwise(np.divide, vacancies=vacancies, unemployed=unemployed)


def log_tightness(vacancies: Shaped, unemployed: Shaped, offset: float = 0.5) -> Shaped:
    """ln((v + offset)/(u + offset)): the tightness to rank small cells by. Same shape as the inputs.

    ``ValueError`` unless ``offset`` is positive.
    """
    within("offset", offset, 0, np.inf)
    return elementwise(lambda v, u: np.log((v + offset) / (u + offset)), vacancies=vacancies, unemployed=unemployed)


def unemployment_rate(unemployed: Shaped, labour_force: Shaped) -> Shaped:
    """Unemployed as a fraction of the labour force, same shape; NaN where the labour force is zero.

    The sources of the two decide which rate it is: with registered jobseekers it is the register share, with survey
    figures the survey's rate, with u + employed of an occupation the occupation's. Never on one unlabelled axis.
    """
    return elementwise(
        lambda u, force: np.where(force > 0, u / force, np.nan), unemployed=unemployed, labour_force=labour_force
    )


def vacancy_rate(vacancies: Shaped, employed: Shaped) -> Shaped:
    """Open vacancies as a fraction of vacancies and employed, v/(v + employed), same shape; NaN where both are zero.

    Employed is the labour force less the unemployed for areas, the jobs of the occupation for occupations.
    """
    return elementwise(lambda v, employed: v / (v + employed), vacancies=vacancies, employed=employed)


@overload
def mismatch_index(
    unemployed: Cells, vacancies: Cells, alpha: float = 0.5, efficiency: Cells | None = None
) -> float: ...


@overload
def mismatch_index(
    unemployed: pd.DataFrame, vacancies: pd.DataFrame, alpha: float = 0.5, efficiency: Cells | None = None
) -> pd.Series: ...


def mismatch_index(
    unemployed: Cells | pd.DataFrame,
    vacancies: Cells | pd.DataFrame,
    alpha: float = 0.5,
    efficiency: Cells | None = None,
) -> float | pd.Series:
    """Mismatch index: the share of hires lost because jobseekers stand in other cells than vacancies, 0 to 1.

    M = 1 - sum p^alpha q^(1 - alpha), where ``alpha`` is the vacancy share of the matching function, between 0 and 1.
    ``efficiency`` is the matching efficiency phi of each cell: M = 1 - sum (phi/phibar) p^alpha q^(1 - alpha) with
    phibar = (sum phi^(1/alpha) p)^alpha. Assumes that nobody crosses cells. Refining the cells never lowers M and
    sparse counts raise it: compare one partition over time, beside :func:`mismatch_baseline`.

    A number for a cross-section; a ``Series`` by period for a panel, NaN where a cell is hidden. ``ValueError`` for
    hidden cells of a cross-section or of ``efficiency``, and for zero totals.
    Source: Sahin, Song, Topa and Violante (2014), Mismatch Unemployment, American Economic Review 104(11).
    """
    within("alpha", alpha, 0, 1)
    data = rows(unemployed=unemployed, vacancies=vacancies)
    u, v = data.arrays
    if efficiency is None:
        return data.result(_mismatch(u, v, alpha))
    p, q = _shares(v), _shares(u)
    phi = _efficiency(efficiency, data.cells)
    mean_efficiency = ((phi ** (1 / alpha) * p).sum(axis=1)) ** alpha
    if (mean_efficiency == 0).any():
        raise ValueError("efficiency is zero in every cell that has vacancies")
    hires = (phi * p**alpha * q ** (1 - alpha)).sum(axis=1) / mean_efficiency
    return data.result(np.clip(1 - hires, 0, 1))


def mismatch_contributions(unemployed: Cells, vacancies: Cells, alpha: float = 0.5) -> pd.DataFrame:
    """Where the mismatch comes from: what each cell adds to :func:`mismatch_index`.

    Columns ``contribution`` m = alpha p + (1 - alpha) q - p^alpha q^(1 - alpha), never negative, with sum M; ``share``
    m/M, NaN when M is zero; ``side``: ``shortage`` where the cell has more of the vacancies than of the unemployed,
    ``surplus`` where less, ``even`` where equal. ``ValueError`` as for the index.
    """
    within("alpha", alpha, 0, 1)
    data = rows(unemployed=unemployed, vacancies=vacancies)
    if data.periods is not None:
        raise ValueError("contributions need one cross-section, not a panel")
    u, v = data.arrays
    contribution = _losses(u, v, alpha)[0]
    total = contribution.sum()
    side = np.where(_even(u, v), "even", np.where(_shares(v) > _shares(u), "shortage", "surplus"))[0]
    return pd.DataFrame(
        {"contribution": contribution, "share": contribution / total if total > 0 else np.nan, "side": side},
        index=data.cells,
    )


def mismatch_baseline(
    unemployed: Cells, vacancies: Cells, alpha: float = 0.5, draws: int = 1000, seed: int = 0
) -> pd.Series:
    """The mismatch index that chance alone would give with counts this small: ``mean``, ``lower``, ``upper``.

    ``draws`` pairs of multinomial draws of U and V persons over the common shares (u + v)/(U + V); the interval is
    their central 95 %. An index inside it shows no mismatch. Totals are rounded to whole persons. The same ``seed``
    gives the same numbers.
    """
    within("alpha", alpha, 0, 1)
    whole("draws", draws, 1)
    u, v = (array[0] for array in rows(unemployed=unemployed, vacancies=vacancies).arrays)
    total_u, total_v = round(u.sum()), round(v.sum())
    if total_u == 0 or total_v == 0:
        raise ValueError("unemployed and vacancies must both be at least one person in all")
    common = np.sort(u + v) / (u + v).sum()  # sorted, so that the order of the cells moves no draw
    generator = np.random.default_rng(seed)
    index = _mismatch(
        generator.multinomial(total_u, common, size=draws), generator.multinomial(total_v, common, size=draws), alpha
    )
    lower, upper = np.quantile(index, CENTRAL_95)
    return pd.Series({"mean": index.mean(), "lower": lower, "upper": upper})


def mismatch_interval(
    unemployed_bounds: pd.DataFrame,
    vacancy_bounds: pd.DataFrame,
    alpha: float = 0.5,
    unemployed_total: float | None = None,
    vacancy_total: float | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> pd.Series:
    """The mismatch index over hidden cells: ``point``, ``lower``, ``upper``, ``min``, ``max``.

    The bounds are frames of :func:`indicators.uncertainty.suppression_bounds`. ``point`` takes every hidden cell at
    its ``fill``; the rest describe ``draws`` whole-number fillings, each filling within the bounds equally likely:
    their central 95 % and their range. With a published total of the cells only fillings that sum to it are drawn,
    unless the bounds are marked as inconsistent with it. As fills are means and the index is convex, ``point`` may lie
    a little below the range when many cells are hidden.

    ``ValueError`` for frames of other columns or with values missing, labels that do not match, bounds under which
    every cell may be zero, and a total that no filling can reach.
    """
    within("alpha", alpha, 0, 1)
    whole("draws", draws, 1)
    unemployed_bounds = _bounds("unemployed_bounds", unemployed_bounds)
    vacancy_bounds = _bounds("vacancy_bounds", vacancy_bounds)
    same_labels("unemployed_bounds", unemployed_bounds.index, "vacancy_bounds", vacancy_bounds.index)
    vacancy_bounds = vacancy_bounds.loc[unemployed_bounds.index]
    # One order whatever that of the cells, so that it moves no draw.
    order = np.lexsort([frame[column] for frame in (vacancy_bounds, unemployed_bounds) for column in BOUNDS])
    unemployed_bounds, vacancy_bounds = unemployed_bounds.iloc[order], vacancy_bounds.iloc[order]
    point = mismatch_index(unemployed_bounds["fill"], vacancy_bounds["fill"], alpha)
    generator = np.random.default_rng(seed)
    index = _mismatch(
        _fillings("unemployed_bounds", unemployed_bounds, unemployed_total, draws, generator),
        _fillings("vacancy_bounds", vacancy_bounds, vacancy_total, draws, generator),
        alpha,
    )
    lower, upper = np.quantile(index, CENTRAL_95)
    return pd.Series({"point": point, "lower": lower, "upper": upper, "min": index.min(), "max": index.max()})


def planner_allocation(
    vacancies: Cells, total_unemployed: float, alpha: float = 0.5, efficiency: Cells | None = None
) -> pd.Series:
    """The unemployed by cell that would make hires greatest, ``total_unemployed`` persons in all.

    Proportional to phi^(1/alpha) v: without ``efficiency`` the same tightness everywhere. ``ValueError`` as for
    :func:`mismatch_index`. Source: Sahin, Song, Topa and Violante (2014).
    """
    within("alpha", alpha, 0, 1)
    within("total_unemployed", total_unemployed, 0, np.inf)
    (v,) = cross_section(vacancies=vacancies)
    phi = 1.0 if efficiency is None else _efficiency(efficiency, v.index)
    weight = v * phi ** (1 / alpha)
    positive_total("vacancies" if efficiency is None else "vacancies weighted by efficiency", weight)
    return (total_unemployed * weight / weight.sum()).rename(None)


@overload
def dissimilarity_index(unemployed: Cells, vacancies: Cells) -> float: ...


@overload
def dissimilarity_index(unemployed: pd.DataFrame, vacancies: pd.DataFrame) -> pd.Series: ...


def dissimilarity_index(unemployed: Cells | pd.DataFrame, vacancies: Cells | pd.DataFrame) -> float | pd.Series:
    """Dissimilarity index (kohtaamattomuusindeksi) 0.5 sum |q - p|, 0 to 1.

    The share of the unemployed who would have to change cell for both to be spread alike. A number for a
    cross-section, a ``Series`` by period for a panel, NaN where a cell is hidden; errors as for
    :func:`mismatch_index`. Source: Jackman and Roper (1987).
    """
    data = rows(unemployed=unemployed, vacancies=vacancies)
    u, v = data.arrays
    return data.result(0.5 * np.abs(_shares(u) - _shares(v)).sum(axis=1))


@overload
def rate_dispersion(unemployed: Cells, labour_force: Cells, weighted: bool = True) -> float: ...


@overload
def rate_dispersion(unemployed: pd.DataFrame, labour_force: pd.DataFrame, weighted: bool = True) -> pd.Series: ...


def rate_dispersion(
    unemployed: Cells | pd.DataFrame, labour_force: Cells | pd.DataFrame, weighted: bool = True
) -> float | pd.Series:
    """Dispersion of relative unemployment rates, half the variance of r_i/r, where r is the rate of all cells.

    Weighted by labour force around 1, or unweighted around the mean of the cells with divisor n: say which. Knows
    nothing of vacancies. A number for a cross-section, a ``Series`` by period for a panel, NaN where a cell is hidden.
    ``ValueError`` when a cell has no labour force. Source: Layard, Nickell and Jackman (1991).
    """
    data = rows(unemployed=unemployed, labour_force=labour_force)
    u, force = data.arrays
    if (force == 0).any():
        raise ValueError("labour_force is zero in a cell: its rate is undefined")
    relative = (u / force) / (u.sum(axis=1, keepdims=True) / force.sum(axis=1, keepdims=True))
    if weighted:
        return data.result(0.5 * (_shares(force) * (relative - 1) ** 2).sum(axis=1))
    return data.result(0.5 * relative.var(axis=1))


def _shares(values: np.ndarray) -> np.ndarray:
    return values / values.sum(axis=1, keepdims=True)


def _even(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Where the cell has the same share of both; cross products spare the rounding of two divisions."""
    ours, all_cells = v * u.sum(axis=1, keepdims=True), u * v.sum(axis=1, keepdims=True)
    return np.abs(ours - all_cells) <= EVEN * np.maximum(ours, all_cells)


def _losses(u: np.ndarray, v: np.ndarray, alpha: float) -> np.ndarray:
    """Contributions of each cell (columns) to the index of each row; exactly 0 where shares are even."""
    p, q = _shares(v), _shares(u)
    losses = alpha * p + (1 - alpha) * q - p**alpha * q ** (1 - alpha)
    return np.where(_even(u, v), 0.0, np.maximum(losses, 0.0))


def _mismatch(u: np.ndarray, v: np.ndarray, alpha: float) -> np.ndarray:
    """The index of each row, without efficiency: the sum of its contributions."""
    return np.minimum(_losses(u, v, alpha).sum(axis=1), 1.0)


def _efficiency(efficiency: Cells, cells: pd.Index) -> np.ndarray:
    """Efficiency in the order of the cells and relative to its maximum: only ratios matter, and powers stay finite."""
    (phi,) = cross_section(efficiency=efficiency)
    same_labels("the cells", cells, "efficiency", phi.index)
    positive_total("efficiency", phi)
    return (phi.reindex(cells) / phi.max()).to_numpy()


def _bounds(name: str, bounds: pd.DataFrame) -> pd.DataFrame:
    """Bounds as of ``suppression_bounds`` with every number there."""
    needed = [*BOUNDS, "hidden", "consistent"]
    absent = [column for column in needed if column not in bounds] if isinstance(bounds, pd.DataFrame) else needed
    if absent:
        raise ValueError(f"{name} must be a frame of suppression_bounds: it lacks {', '.join(absent)}")
    (numbers,) = counts(**{name: bounds[list(BOUNDS)]})
    assert isinstance(numbers, pd.DataFrame)
    missing = int((numbers.isna().any(axis=1) | bounds["hidden"].isna()).sum())
    if missing:
        raise ValueError(f"{missing} of {len(bounds)} cells of {name} have no bounds")
    if (numbers["lower"] == 0).all():
        raise ValueError(f"{name} lets every cell be zero: there may be no total")
    return numbers.assign(hidden=bounds["hidden"].astype(bool), consistent=bounds["consistent"])


def _fillings(
    name: str, bounds: pd.DataFrame, total: float | None, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """``draws`` rows of cells: visible values, and whole numbers within the bounds where hidden.

    With a total, every filling that sums to it is equally likely: cells are drawn one after another, each value
    weighted by the number of ways in which the cells after it can make up the remainder.
    """
    hidden = bounds["hidden"].to_numpy(dtype=bool)
    filled = np.repeat(bounds["fill"].to_numpy(dtype=float)[None, :], draws, axis=0)
    low = np.ceil(bounds["lower"].to_numpy(dtype=float)[hidden]).astype(int)
    high = np.floor(bounds["upper"].to_numpy(dtype=float)[hidden]).astype(int)
    if (low > high).any():
        raise ValueError(f"{name} leaves a hidden cell without a whole number between lower and upper")
    inconsistent = bool(bounds["consistent"].eq(False).any())  # NaN, no total known, is neither
    total = np.nan if total is None else float(floats(f"the total of {name}", total))
    if np.isinf(total):
        raise ValueError(f"the total of {name} is infinite")
    if np.isnan(total) or inconsistent:
        filled[:, hidden] = generator.integers(low, high, size=(draws, low.size), endpoint=True)
        return filled
    remainder = total - bounds["fill"].to_numpy(dtype=float)[~hidden].sum()
    left = round(remainder)
    if abs(remainder - left) > 1e-6 or not low.sum() <= left <= high.sum():
        raise ValueError(f"{name}: hidden cells cannot make up the {remainder:g} that the total leaves for them")
    filled[:, hidden] = _compositions(left, low, high, draws, generator)
    return filled


def _compositions(
    total: int, low: np.ndarray, high: np.ndarray, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Draws, uniform over all whole-number rows between ``low`` and ``high`` that sum to ``total``."""
    spare, room = total - int(low.sum()), high - low
    # log_ways[j, r]: log of the number of ways in which cells j, j + 1, ... can take r above their lower bounds.
    log_ways = np.full((room.size + 1, spare + 1), -np.inf)
    log_ways[-1, 0] = 0.0
    for cell in range(room.size - 1, -1, -1):
        for extra in range(min(int(room[cell]), spare) + 1):
            shifted = log_ways[cell + 1, : spare + 1 - extra]
            log_ways[cell, extra:] = np.logaddexp(log_ways[cell, extra:], shifted)
    left = np.full(draws, spare)
    drawn = np.empty((draws, room.size))
    for cell in range(room.size):
        steps = np.arange(min(int(room[cell]), spare) + 1)
        rest = left[:, None] - steps
        weight = np.where(rest >= 0, np.exp(log_ways[cell + 1, np.maximum(rest, 0)] - log_ways[cell, left][:, None]), 0)
        reached = weight.cumsum(axis=1)
        step = (generator.random(draws)[:, None] * reached[:, -1:] >= reached).sum(axis=1)
        drawn[:, cell] = low[cell] + step
        left = left - step
    return drawn

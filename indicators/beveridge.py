"""The Beveridge plane: unemployment against vacancies, its regimes over time and the classes of occupations in it.

Along one curve moves the business cycle. A curve shifted outwards means weaker matching, or more turnover, or a change
in what is notified as a vacancy: the points alone cannot tell which.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from indicators._breaks import choose, position_intervals
from indicators._checks import Cells, column_frame, floats, over_time, same_labels, sections, whole

CLASSES = ("balance", "surplus", "mismatch", "shortage", "not_rated")

# Codes of ``kohtaantotila`` in the KEHA Centre's Työvoimabarometri.
PUBLISHED_CODES = {0: "balance", 1: "surplus", 2: "mismatch", 3: "shortage", 99: "not_rated"}

CUTOFFS = ("surplus_slope", "shortage_slope", "mismatch_scale", "grade_scales")

# u + v of an occupation below which its rates say nothing.
LOWEST_RATED = 5


def beveridge_points(unemployed: Cells | float, vacancies: Cells | float, employed: Cells | float) -> pd.DataFrame:
    """Points of the Beveridge plane, a row a cell (or a period of one cell).

    Columns ``unemployment_rate`` u/(u + employed) and ``vacancy_rate`` v/(v + employed) as fractions; ``slope`` the
    vacancy rate per unemployment rate; ``scale`` 100 times the root mean square of the two rates, high when both are;
    ``angle`` atan2(vacancy rate, unemployment rate) in radians, 0 all surplus of jobseekers to pi/2 all shortage,
    NaN where both rates are zero. Slope and scale follow ``kulmakerroin`` and ``asteikko`` of the KEHA Centre's
    Työvoimabarometri, inferred from published values.
    """

    def points(u: np.ndarray, v: np.ndarray, employed: np.ndarray) -> dict[str, np.ndarray]:
        unemployment, vacancy = u / (u + employed), v / (v + employed)
        return {
            "unemployment_rate": unemployment,
            "vacancy_rate": vacancy,
            "slope": vacancy / unemployment,
            "scale": 100 * np.sqrt((unemployment**2 + vacancy**2) / 2),
            "angle": np.where((unemployment > 0) | (vacancy > 0), np.arctan2(vacancy, unemployment), np.nan),
        }

    return column_frame(points, unemployed=unemployed, vacancies=vacancies, employed=employed)


def beveridge_elasticity(
    unemployment_rate: Cells, vacancy_rate: Cells, breaks: Sequence[int] | pd.Series | pd.DataFrame = ()
) -> pd.DataFrame:
    """Elasticity -d ln v/d ln u of the Beveridge curve, a row a regime.

    Least squares of the log vacancy rate on the log unemployment rate of one cell over time, inside each regime.
    ``breaks`` is a frame of :func:`beveridge_breaks` or its positions, the number of observations before each. Columns
    ``start`` and ``end``, the first and the last period of the regime (0, 1, 2, ... for arrays), its number of
    observations ``n``, ``elasticity`` and its ordinary standard error ``se``, which is too small where neighbouring
    periods resemble each other, as months do. Both are NaN where the unemployment rate does not vary.

    ``ValueError`` for hidden periods, rates of zero (no logarithm), periods that are not consecutive, breaks that are
    no positions, not ascending or outside the series, and regimes of fewer than three observations.
    Source: Michaillat and Saez (2021), Beveridgean unemployment gap, Journal of Public Economics Plus 2.
    """
    u, v = _logs(unemployment_rate=unemployment_rate, vacancy_rate=vacancy_rate)
    edges = [0, *_positions(breaks), len(u)]
    if any(end <= start for start, end in pairwise(edges)):
        raise ValueError(f"breaks must ascend between 0 and the {len(u)} observations, got {edges[1:-1]}")
    if any(end - start < 3 for start, end in pairwise(edges)):
        raise ValueError(f"a regime needs at least three observations: {len(u)} with breaks {edges[1:-1]} are too few")
    return pd.DataFrame(
        [
            {"start": u.index[start], "end": u.index[end - 1], "n": end - start}
            | _elasticity(u.to_numpy()[start:end], v.to_numpy()[start:end])
            for start, end in pairwise(edges)
        ]
    )


def beveridge_breaks(
    unemployment_rate: Cells, vacancy_rate: Cells, max_breaks: int = 5, min_size: int = 24
) -> pd.DataFrame:
    """Where the Beveridge curve of one cell shifts or turns, a row a break; no row when it does not.

    Bai and Perron's regimes of the log vacancy rate on the log unemployment rate, intercept and slope free in each;
    their number, at most ``max_breaks``, has the lowest BIC, which ``attrs["bic"]`` holds by number. Each regime has at
    least ``min_size`` observations: in a long series take no fewer than 15 % of it. Columns ``position``, the number
    of observations before the break, and ``period``, the first of the new regime (0, 1, 2, ... for arrays).
    ``attrs["intervals"]`` holds for each break the earliest and the latest such period that the data allow at 95 %
    (:func:`indicators._breaks.position_intervals`): show them with the date. Adjust seasonal rates first.

    ``ValueError`` for hidden periods, rates of zero, periods that are not consecutive, fewer than ``min_size`` of them
    and a ``min_size`` below three.
    Source: Bai and Perron (2003), Journal of Applied Econometrics 18; intervals Eo and Morley (2015).
    """
    max_breaks, min_size = whole("max_breaks", max_breaks, 0), whole("min_size", min_size, 1)
    u, v = _logs(unemployment_rate=unemployment_rate, vacancy_rate=vacancy_rate)
    y, regressors = v.to_numpy(), np.column_stack([np.ones(len(u)), u])
    positions, bic = choose(y, regressors, max_breaks, min_size)
    frame = pd.DataFrame({"position": np.array(positions, dtype=int), "period": u.index[positions]})
    intervals = position_intervals(y, regressors, positions, min_size)
    frame.attrs = {"bic": bic, "intervals": [(u.index[low], u.index[high]) for low, high in intervals]}
    return frame


def occupation_class(points: pd.DataFrame, cutoffs: Mapping[str, Any], counts: Cells | None = None) -> pd.DataFrame:
    """The class and grade of each occupation in the Beveridge plane: columns ``class`` and ``grade``.

    ``points`` as of :func:`beveridge_points`; of it ``slope`` and ``scale`` count. ``cutoffs``: a slope of at least
    ``shortage_slope`` is a ``shortage`` of jobseekers; otherwise one of at most ``surplus_slope`` a ``surplus``; in
    between a scale of at least ``mismatch_scale`` is a ``mismatch``, both rates high, and a lower one ``balance``. The
    grade is 1 plus the number of ``grade_scales`` that the scale reaches. ``not_rated``, with grade NaN, are a hidden
    slope or scale and, with ``counts`` (u + v of each cell), counts below 5 or hidden.

    The cut-offs are ours: those of the KEHA Centre are not published, and :func:`calibrate_cutoffs` only comes near.
    ``ValueError`` for a missing or unordered cut-off, columns that are missing, and labels that do not match.
    """
    slope, scale = _slope_and_scale(points)
    if not isinstance(cutoffs, Mapping):
        raise ValueError("cutoffs must be a dict of cut-offs by name")
    missing = [name for name in CUTOFFS if name not in cutoffs]
    if missing:
        raise ValueError(f"cutoffs lack {', '.join(missing)}")
    surplus, shortage, mismatch = (float(floats(name, cutoffs[name])) for name in CUTOFFS[:3])
    grades = np.atleast_1d(floats("grade_scales", cutoffs["grade_scales"]))
    if np.isnan([surplus, shortage, mismatch, *grades]).any():
        raise ValueError("cutoffs must not be NaN")
    if surplus > shortage:
        raise ValueError(f"surplus_slope {surplus:g} lies above shortage_slope {shortage:g}")
    if (np.diff(grades) <= 0).any():
        raise ValueError("grade_scales must ascend")
    rated = slope.notna() & scale.notna()
    if counts is not None:
        (persons,) = sections(counts=counts)
        same_labels("points", points.index, "counts", persons.index)
        rated &= persons.reindex(points.index) >= LOWEST_RATED
    words = np.select(
        [~rated, slope >= shortage, slope <= surplus, scale >= mismatch],
        ["not_rated", "shortage", "surplus", "mismatch"],
        "balance",
    )
    grade = 1.0 + np.searchsorted(grades, scale.to_numpy(), side="right")
    return pd.DataFrame({"class": words, "grade": np.where(rated, grade, np.nan)}, index=points.index)


def calibrate_cutoffs(points: pd.DataFrame, published_class: pd.Series) -> dict[str, Any]:
    """The cut-offs of :func:`occupation_class` under which most occupations get their published class.

    ``published_class`` by the same labels: the words of :func:`occupation_class`, or the codes of ``kohtaantotila``
    (0 balance, 1 surplus, 2 mismatch, 3 shortage, 99 not rated). Every combination of cut-offs is searched, so none
    agrees with more occupations; each cut-off lies halfway (slopes: by angle) to the neighbouring value, the lowest of
    equally good ones, and infinite where the best choice leaves its class empty. ``grade_scales`` comes back empty, as
    a class tells nothing of grades. Cells not rated or hidden on either side are left out.

    ``ValueError`` when none is left, for an unknown class and for labels that do not match. Agreement is to be shown
    by :func:`confusion_matrix`.
    """
    slope, scale = _slope_and_scale(points)
    published = _words("published_class", published_class)
    same_labels("points", points.index, "published_class", published.index)
    published = published.reindex(points.index)
    used = slope.notna() & scale.notna() & (published != "not_rated")
    if not used.any():
        raise ValueError("points and published_class: no occupation has both a point and a published class")
    words = published[used].to_numpy()
    slopes, slope_of = np.unique(slope[used].to_numpy(), return_inverse=True)
    scales, scale_of = np.unique(scale[used].to_numpy(), return_inverse=True)

    def agreeing(word: str) -> np.ndarray:
        """Running number of ``word`` over the distinct slopes: at i, those of the i lowest."""
        return np.append(0, np.bincount(slope_of[words == word], minlength=len(slopes)).cumsum())

    surplus, shortage = agreeing("surplus"), agreeing("shortage")
    # One scale after another turns from mismatch to balance as the cut-off rises past it; at each cut-off the middle
    # runs from the i-th slope to before the j-th, and i <= j is best where both gains are greatest.
    middle = agreeing("mismatch").astype(float)
    best, choice = -1.0, (0, 0, 0)
    highest = len(slopes) - int(np.isinf(slopes[-1]))  # no cut-off lies above a slope that is infinite
    order = np.argsort(scale_of, kind="stable")
    turning = np.split(order, np.searchsorted(scale_of[order], np.arange(1, len(scales))))
    for k in range(len(scales) + 1):
        if k:
            for cell in turning[k - 1]:
                gain = {"mismatch": -1, "balance": 1}.get(words[cell], 0)
                middle[slope_of[cell] + 1 :] += gain
        below, above = (surplus - middle)[: highest + 1], (middle + shortage[-1] - shortage)[: highest + 1]
        so_far = np.maximum.accumulate(below)
        j = int(np.argmax(so_far + above))
        if so_far[j] + above[j] > best:
            best, choice = so_far[j] + above[j], (int(np.argmax(below[: j + 1])), j, k)
    i, j, k = choice
    return {
        "surplus_slope": -_cut(-slopes[::-1], len(slopes) - i, by_angle=True),
        "shortage_slope": _cut(slopes, j, by_angle=True),
        "mismatch_scale": _cut(scales, k),
        "grade_scales": (),
    }


def confusion_matrix(ours: pd.Series, published: pd.Series) -> pd.DataFrame:
    """How many cells have each pair of classes: rows our class, columns the published one, all five classes in both.

    Classes as words or ``kohtaantotila`` codes as in :func:`calibrate_cutoffs`; a hidden one counts as ``not_rated``.
    ``ValueError`` for an unknown class and for labels that do not match.
    """
    mine, theirs = _words("ours", ours), _words("published", published)
    same_labels("ours", mine.index, "published", theirs.index)
    table = pd.crosstab(mine.to_numpy(), theirs.reindex(mine.index).to_numpy())
    full = table.reindex(index=list(CLASSES), columns=list(CLASSES), fill_value=0)
    return full.rename_axis(index="ours", columns="published")


def _logs(**inputs: object) -> tuple[pd.Series, ...]:
    """Logarithms of complete, positive rates of one cell over time."""
    series = over_time(**inputs)
    for name, values in zip(inputs, series, strict=True):
        if values.isna().any():
            raise ValueError(
                f"{int(values.isna().sum())} of {len(values)} periods of {name} are hidden: all are needed"
            )
        if (values == 0).any():
            raise ValueError(f"{name} is zero in {values.index[values == 0][0]}: it has no logarithm")
    return tuple(np.log(values) for values in series)


def _positions(breaks: Sequence[int] | pd.Series | pd.DataFrame) -> list[int]:
    """The positions of breaks, as whole numbers."""
    if isinstance(breaks, pd.DataFrame):
        if "position" not in breaks:
            raise ValueError("breaks must be a frame of beveridge_breaks: it lacks position")
        breaks = breaks["position"]
    if not isinstance(breaks, (Sequence, pd.Series, np.ndarray)) or np.ndim(breaks) != 1:
        raise ValueError(f"breaks must be positions or a frame of beveridge_breaks, got {breaks!r}")
    return [whole("breaks", position, 0) for position in breaks]


def _elasticity(u: np.ndarray, v: np.ndarray) -> dict[str, float]:
    gap_u, gap_v = u - u.mean(), v - v.mean()
    spread = float(gap_u @ gap_u)
    if np.ptp(u) == 0:
        return {"elasticity": np.nan, "se": np.nan}
    slope = float(gap_u @ gap_v) / spread
    residual = gap_v - slope * gap_u
    return {"elasticity": -slope, "se": float(np.sqrt(residual @ residual / (len(u) - 2) / spread))}


def _slope_and_scale(points: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    if not isinstance(points, pd.DataFrame):
        raise ValueError("points must be a frame of beveridge_points")
    missing = [name for name in ("slope", "scale") if name not in points]
    if missing:
        raise ValueError(f"points lack {', '.join(missing)}")
    if points.empty or not points.index.is_unique:
        raise ValueError("points are empty" if points.empty else "points have repeated labels")
    slope, scale = (
        pd.Series(floats(f"{name} of points", points[name]), index=points.index) for name in ("slope", "scale")
    )
    if (slope < 0).any() or (scale < 0).any():
        raise ValueError("slope and scale of points must not be negative")
    if np.isinf(scale).any():
        raise ValueError("scale of points holds infinite values")
    return slope, scale


def _words(name: str, classes: pd.Series) -> pd.Series:
    """Classes as words, whether given as words or as codes; hidden ones are not rated."""
    if np.ndim(classes) != 1:
        raise ValueError(f"{name} must be one class a cell")
    series = pd.Series(classes)
    if series.empty or not series.index.is_unique:
        raise ValueError(f"{name} is empty" if series.empty else f"{name} has repeated labels")
    words = series.astype(object).map(
        lambda value: "not_rated" if pd.isna(value) else PUBLISHED_CODES.get(value, value)
    )
    unknown = sorted({str(word) for word in words if word not in CLASSES})
    if unknown:
        raise ValueError(f"{name} has unknown classes: {', '.join(unknown)}")
    return words


def _cut(ascending: np.ndarray, position: int, by_angle: bool = False) -> float:
    """What the values from ``position`` on reach and those before do not: halfway between the two neighbours."""
    if position == len(ascending):
        return np.inf
    here = float(ascending[position])
    if position == 0:
        return here
    below = float(ascending[position - 1])
    cut = float(np.tan((np.arctan(below) + np.arctan(here)) / 2)) if by_angle else (below + here) / 2
    return cut if below < cut <= here else here

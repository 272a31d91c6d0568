"""Who could supply a gap: occupations and areas close by that have more unemployed jobseekers than open vacancies.

The gap of a cell is its open vacancies beyond its unemployed, its reserve its unemployed beyond its vacancies, both in
persons and never negative. Nearness says where to look first, and nothing of skills, licences, health, wages or
willingness to change occupation or to travel: what stands here is a ceiling, never a prediction. Vacancies are those
notified to the employment services, and one notice may hold many posts. Persons counted in the reserve of an
occupation are counted again in that of their area: never add the two.
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from indicators._checks import Cells, Labelled, column_frame, counts, sections
from indicators.uncertainty import suppression_bounds

OCCUPATION = r"\d{4}"
NO_OCCUPATION = "X"
RINGS = ("proximity", "distance")


def gap(unemployed: Cells | float, vacancies: Cells | float) -> pd.DataFrame:
    """How many persons a cell is short of or has to spare: columns ``gap`` and ``reserve``, a row a cell.

    ``gap`` = max(v - u, 0), the open vacancies left if every unemployed jobseeker of the cell filled one; ``reserve``
    = max(u - v, 0), the unemployed left if every vacancy were filled from the cell. At most one of them is above zero.
    NaN where either count is hidden.
    """
    return column_frame(
        lambda u, v: {"gap": np.maximum(v - u, 0), "reserve": np.maximum(u - v, 0)},
        unemployed=unemployed,
        vacancies=vacancies,
    )


def adjacent_occupations(
    occupation: str,
    unemployed: pd.Series,
    vacancies: pd.Series,
    proximity: pd.Series | pd.DataFrame | None = None,
    least_proximity: float = 0,
) -> pd.DataFrame:
    """Occupations near ``occupation`` with more unemployed than vacancies: the nearest first, then the largest reserve.

    Counts are by 4-digit code of the Classification of Occupations 2010, which follows ISCO-08. Proximity is the
    number of leading digits two codes share: 3 the same minor group, 2 sub-major group, 1 major group. Another measure
    may be given as ``proximity``: of each occupation to this one, or as a frame from each occupation (rows) to each
    (columns); larger is nearer, and 0 or NaN not near. What is below ``least_proximity`` is left out too. The
    classification groups tasks and levels of skill: nearness in it does not mean that a person has the skills, the
    licence or the wish to move.

    Columns ``proximity``, ``unemployed``, ``vacancies``, ``reserve`` (persons). Never listed are hidden cells and the
    groups X, jobseekers without an occupation. ``attrs`` counts them: ``hidden``, the occupations near by of which a
    count is hidden; ``hidden_reserve_at_most``, the persons these could add together, a hidden count being 1 to 4;
    ``without_occupation``, the unemployed in the groups X that are shown, NaN where no such group is given; and
    ``without_occupation_hidden``, the number of groups X whose unemployed are hidden.

    ``ValueError`` for codes that are neither of four digits nor a group X (totals, shorter codes), for an occupation
    that the counts or ``proximity`` lack, and as in all indicators.
    Source: Statistics Finland, Classification of Occupations 2010; counts as in StatFin tyonv 12ti.
    """
    u, v = sections(unemployed=unemployed, vacancies=vacancies)
    codes = pd.Index(u.index.astype(str))
    unassigned = codes.str.startswith(NO_OCCUPATION)
    wrong = codes[~unassigned & ~codes.str.fullmatch(OCCUPATION)]
    if len(wrong):
        raise ValueError(f"occupations must be codes of four digits: {', '.join(wrong[:5])}")
    without = u[unassigned]
    u, v = u[~unassigned], v[~unassigned]
    _there("occupation", occupation, u.index)
    if proximity is None:
        near = pd.Series({code: float(_shared_digits(code, occupation)) for code in u.index})
    else:
        near = _towards("proximity", proximity, "occupation", occupation, u.index)
    listed = _with_reserve(
        "proximity", near.where((near > 0) & (near >= least_proximity)), occupation, u, v, nearest_is_largest=True
    )
    listed.attrs["without_occupation"] = float(without.sum(min_count=1))
    listed.attrs["without_occupation_hidden"] = int(without.isna().sum())
    return listed


def adjacent_areas(
    area: str,
    unemployed: pd.Series,
    vacancies: pd.Series,
    distances: pd.Series | pd.DataFrame,
    reach: float,
) -> pd.DataFrame:
    """Areas within ``reach`` of ``area`` with more unemployed than vacancies: the nearest first, then the largest
    reserve.

    ``distances`` and ``reach`` are in one unit: kilometres, minutes, or borders (:func:`borders_crossed`). They hold
    the distance of each area to this one, or of each area of residence (rows) to each of work (columns); NaN is
    unknown and out of reach. Columns ``distance``, ``unemployed``, ``vacancies``, ``reserve`` (persons); ``attrs``
    counts ``hidden`` areas within reach and their ``hidden_reserve_at_most`` as in :func:`adjacent_occupations`, and
    ``without_distance``, the areas of unknown distance. The reserve is of the area as a whole, whatever its
    occupations: give the counts of one occupation by area to stay within it.

    ``ValueError`` for an area that the counts lack, areas that ``distances`` lacks, and a reach below zero.
    """
    if not reach >= 0:
        raise ValueError(f"reach must not be negative, got {reach:g}")
    u, v = sections(unemployed=unemployed, vacancies=vacancies)
    _there("area", area, u.index)
    distance = _towards("distances", distances, "area", area, u.index)
    listed = _with_reserve("distance", distance.where(distance <= reach), area, u, v, nearest_is_largest=False)
    listed.attrs["without_distance"] = int(distance.drop(area, errors="ignore").isna().sum())
    return listed


def borders_crossed(area: str, neighbours: Mapping[str, Collection[str]]) -> pd.Series:
    """How many borders lie between ``area`` and each area of a neighbour relation: 0 itself, 1 its neighbours, ...

    A border named on one side counts on both; NaN where no chain of neighbours leads. Distances for
    :func:`adjacent_areas`. ``ValueError`` for an area outside the relation.
    """
    beside: dict[str, set[str]] = {}
    for one, others in neighbours.items():
        beside.setdefault(one, set()).update(others)
        for other in others:
            beside.setdefault(other, set()).add(one)
    if area not in beside:
        raise ValueError(f"neighbours lack the area {area}")
    crossed = {area: 0.0}
    ring, borders = {area}, 0
    while ring:
        borders += 1
        ring = set().union(*(beside[reached] for reached in ring)) - crossed.keys()
        crossed |= dict.fromkeys(ring, float(borders))
    return pd.Series({each: crossed.get(each, np.nan) for each in beside})


def coverage(gap: float, adjacent: pd.DataFrame) -> pd.DataFrame:
    """How much of a gap each ring of adjacency could cover at most, rings added up from the nearest.

    ``adjacent`` is a frame of :func:`adjacent_occupations` or :func:`adjacent_areas`. A row a ring, labelled by its
    proximity or distance: ``cells`` and ``reserve`` of the ring, ``cumulative_reserve`` up to it, ``covered`` =
    min(gap, cumulative reserve), ``uncovered`` the rest of the gap, in persons, and ``share`` = covered/gap, NaN when
    there is no gap. A ceiling: it takes everybody in the reserve to have the skills and the wish, and nobody else to
    need them. The cells listed only: ``attrs`` says what hidden ones could add. A hidden gap covers nothing (NaN).

    ``ValueError`` for a negative gap and for a frame of another kind.
    """
    (persons,) = counts(gap=gap)
    if isinstance(persons, Labelled):
        raise ValueError("gap must be one number of persons")
    ring = next((name for name in RINGS if name in adjacent.columns), None)
    if ring is None or "reserve" not in adjacent.columns:
        raise ValueError("adjacent must be a frame of adjacent_occupations or adjacent_areas")
    rings = adjacent.groupby(ring, sort=False)["reserve"].agg(cells="count", reserve="sum")
    cumulative = rings["reserve"].cumsum()
    covered = np.minimum(cumulative, persons)
    result = rings.assign(
        cumulative_reserve=cumulative,
        covered=covered,
        uncovered=persons - covered,
        share=covered / persons if persons > 0 else np.nan,
    )
    result.attrs = dict(adjacent.attrs)
    return result


def _shared_digits(code: str, other: str) -> int:
    """Number of leading characters two codes have in common."""
    return next((place for place, pair in enumerate(zip(code, other, strict=True)) if len(set(pair)) > 1), len(code))


def _there(kind: str, label: str, labels: pd.Index) -> None:
    if label not in labels:
        raise ValueError(f"the counts lack the {kind} {label}")


def _towards(name: str, table: pd.Series | pd.DataFrame, kind: str, home: str, cells: pd.Index) -> pd.Series:
    """What ``table`` holds from each of the cells towards ``home``, which needs no value of its own."""
    (values,) = counts(**{name: table})
    if isinstance(values, pd.DataFrame):
        if home not in values.columns:
            raise ValueError(f"{name} lack the {kind} {home}")
        values = values[home]
    if not isinstance(values, pd.Series):
        raise ValueError(f"{name} must be a Series or DataFrame by {kind}")
    absent = [str(cell) for cell in cells if cell != home and cell not in values.index]
    if absent:
        raise ValueError(f"{name} lack {len(absent)} of the cells: {', '.join(absent[:5])}")
    return values.reindex(cells)


def _with_reserve(
    ring: str, nearness: pd.Series, home: str, u: pd.Series, v: pd.Series, nearest_is_largest: bool
) -> pd.DataFrame:
    """The cells that are near (nearness not NaN), shown and in surplus, ordered; in ``attrs`` those that are hidden."""
    frame = pd.DataFrame({ring: nearness, "unemployed": u, "vacancies": v}, index=u.index)
    frame = frame[frame[ring].notna() & (frame.index != home)]
    hidden = frame[frame[["unemployed", "vacancies"]].isna().any(axis=1)]
    at_most = 0.0
    if len(hidden):
        most = suppression_bounds(hidden["unemployed"])["upper"] - suppression_bounds(hidden["vacancies"])["lower"]
        at_most = float(most.clip(lower=0).sum())
    listed = frame.drop(hidden.index)
    listed = listed.assign(reserve=listed["unemployed"] - listed["vacancies"])
    listed = listed[listed["reserve"] > 0].sort_values([ring, "reserve"], ascending=[not nearest_is_largest, False])
    listed.attrs = {"hidden": len(hidden), "hidden_reserve_at_most": at_most}
    return listed

"""Commuting: how far an area is a labour market of its own.

Employment statistics know work inside the country only. Work in Norway and Sweden is missing, so that Utsjoki, Tornio,
Pello and Enontekiö look more self-contained than they are: say so beside their figures.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from indicators._checks import Cells, column_frame, counts, same_labels


def self_containment(
    live_and_work: Cells | float, employed_residents: Cells | float, jobs: Cells | float
) -> pd.DataFrame:
    """Self-containment of areas, a row an area (or a period of one).

    Columns ``supply_side``, the fraction of the employed residents who work in the area; ``demand_side``, the fraction
    of its jobs that residents hold; ``self_sufficiency`` (työpaikkaomavaraisuus), jobs per 100 employed residents. NaN
    where an input is hidden or the divisor zero. Groups of municipalities need :func:`from_flows`: their own counts do
    not add up to those of the group.

    ``ValueError`` when more live and work in an area than are employed or have jobs there.
    Definition: Statistics Finland, employment statistics (self-sufficiency in workplaces).
    """

    def measures(both: np.ndarray, employed: np.ndarray, jobs: np.ndarray) -> dict[str, np.ndarray]:
        for name, whole in (("employed_residents", employed), ("jobs", jobs)):
            if (both > whole).any():
                raise ValueError(f"live_and_work exceeds {name} in {int((both > whole).sum())} areas")
        return {
            "supply_side": np.where(employed > 0, both / employed, np.nan),
            "demand_side": np.where(jobs > 0, both / jobs, np.nan),
            "self_sufficiency": np.where(employed > 0, 100 * jobs / employed, np.nan),
        }

    return column_frame(measures, live_and_work=live_and_work, employed_residents=employed_residents, jobs=jobs)


def from_flows(
    flows: pd.DataFrame, groups: pd.Series | Mapping[str, str] | Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """Inputs of :func:`self_containment` for groups of areas, a row a group, out of flows between areas.

    ``flows``: persons by area of residence (rows) and of work (columns), the same areas in both, those outside every
    group included, as a resident who works outside is employed all the same. ``groups``: the group of each area, or
    the areas of each group, which may overlap; areas in none only count as outside. Columns ``live_and_work``,
    ``employed_residents`` and ``jobs``, in persons; a count is NaN when a flow in it is hidden.

    ``ValueError`` for negative or repeated entries, rows and columns of different areas, no group, an empty one, and an
    area of a group that the flows lack.
    """
    (matrix,) = counts(flows=flows)
    if not isinstance(matrix, pd.DataFrame):
        raise ValueError("flows must be a frame of residence by workplace")
    same_labels("residences of flows", matrix.index, "workplaces of flows", matrix.columns)
    found = {}
    for group, areas in _members(groups).items():
        absent = [str(area) for area in areas if area not in matrix.index]
        if absent:
            raise ValueError(f"group {group} has areas without flows: {', '.join(absent)}")
        if not areas:
            raise ValueError(f"group {group} is empty")
        found[group] = {
            "live_and_work": matrix.loc[areas, areas].to_numpy().sum(),
            "employed_residents": matrix.loc[areas].to_numpy().sum(),
            "jobs": matrix[areas].to_numpy().sum(),
        }
    if not found:
        raise ValueError("groups are empty")
    return pd.DataFrame.from_dict(found, orient="index")


def _members(groups: pd.Series | Mapping[str, str] | Mapping[str, Collection[str]]) -> dict[Any, list[Any]]:
    """The areas of each group, whichever way they were given; an area without a group (NaN) is outside."""
    if not isinstance(groups, (pd.Series, Mapping)):
        raise ValueError("groups must be a Series or a dict")
    if isinstance(groups, pd.Series) and not groups.index.is_unique:
        raise ValueError("groups have repeated areas")
    members: dict[Any, list[Any]] = {}
    for key, value in groups.items():
        if isinstance(value, Collection) and not isinstance(value, str):
            members[key] = list(dict.fromkeys(value))
        elif not pd.isna(value):
            members.setdefault(value, []).append(key)
    return members

"""Where mismatch comes from, between municipalities or occupations, with hidden ones pooled into one range."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators import matching, uncertainty
from ui.readings import UNEMPLOYED, VACANCIES

POOLED = "pooled"


@dataclass(frozen=True)
class Mismatch:
    """The index (share of matches lost to differences between cells) and its parts.

    ``lower`` and ``upper``: the least and greatest index over whole numbers of persons that hidden cells can have.
    ``parts``: cell (its code, or POOLED), share (of the index, 0..1), signed (+ more vacancies than unemployed, by
    share; − the reverse), lower and upper of share, unemployed, vacancies, members. ``cells``: how many in all.
    """

    index: float
    lower: float
    upper: float
    parts: pd.DataFrame
    hidden: tuple[str, ...]
    cells: int


def between_municipalities(rows: pd.DataFrame, region: str) -> Mismatch | None:
    """From one month's published figures of the municipalities and the region; None without both sides.

    ``rows``: area_code, measure, value, status.
    """
    table = rows.pivot(index="area_code", columns="measure", values="value")
    if region not in table.index or not {UNEMPLOYED, VACANCIES} <= set(table.columns):
        return None
    totals = (table[measure].to_dict()[region] for measure in (UNEMPLOYED, VACANCIES))
    areas = table.drop(index=region)
    return _decompose(areas[UNEMPLOYED], areas[VACANCIES], *totals)


def between_occupations(rows: pd.DataFrame) -> Mismatch | None:
    """From one month's four-digit occupations: occupation_code, unemployed, vacancies. Their total is not published."""
    table = rows.set_index("occupation_code")
    return _decompose(table["unemployed"], table["vacancies"], np.nan, np.nan)


def _decompose(persons: pd.Series, posts: pd.Series, all_persons: float, all_posts: float) -> Mismatch | None:
    """A hidden cell enters at its parent-consistent fill and is never shown alone.

    Hidden cells form one pool whose range covers every count from 1 to 4.
    """
    unemployed, unemployed_total = _bounds(persons, all_persons)
    vacancies, vacancy_total = _bounds(posts, all_posts)
    if not unemployed["fill"].sum() or not vacancies["fill"].sum():
        return None
    hidden = (unemployed["hidden"] | vacancies["hidden"]).to_numpy()
    parts = matching.mismatch_contributions(unemployed["fill"], vacancies["fill"])
    interval = matching.mismatch_interval(
        unemployed, vacancies, unemployed_total=unemployed_total, vacancy_total=vacancy_total
    )
    index = float(interval["point"])
    visible = parts[~hidden]
    frame = pd.DataFrame(
        {
            "cell": visible.index,
            "share": visible["share"].to_numpy(),
            "lower": visible["share"].to_numpy(),
            "upper": visible["share"].to_numpy(),
            "side": visible["side"].to_numpy(),
            "unemployed": persons.loc[visible.index].to_numpy(),
            "vacancies": posts.loc[visible.index].to_numpy(),
            "members": 1,
        }
    )
    if hidden.any():
        outcomes = [_pool(unemployed[u], vacancies[v], hidden) for u in ("lower", "upper") for v in ("lower", "upper")]
        pool = float(parts.loc[hidden, "contribution"].sum())
        frame.loc[len(frame)] = {
            "cell": POOLED,
            "share": pool / index if index else np.nan,
            "lower": min(outcomes),
            "upper": max(outcomes),
            "side": "surplus"
            if unemployed.loc[hidden, "fill"].sum() / unemployed["fill"].sum()
            > vacancies.loc[hidden, "fill"].sum() / vacancies["fill"].sum()
            else "shortage",
            "unemployed": float(unemployed.loc[hidden, "fill"].sum()) if not unemployed["hidden"].any() else np.nan,
            "vacancies": np.nan,
            "members": int(hidden.sum()),
        }
    frame["signed"] = frame["share"].where(frame["side"] == "shortage", -frame["share"])
    # The fill is no whole number of persons, and its index may lie just below all of theirs.
    lower, upper = min(index, float(interval["min"])), max(index, float(interval["max"]))
    return Mismatch(index, lower, upper, frame, tuple(persons.index[hidden]), len(persons))


def _pool(unemployed: pd.Series, vacancies: pd.Series, hidden: np.ndarray) -> float:
    """Share of the pool if the hidden cells held these counts."""
    contribution = matching.mismatch_contributions(unemployed, vacancies)["contribution"]
    total = float(contribution.sum())
    return float(contribution[hidden].sum()) / total if total else np.nan


def _bounds(cells: pd.Series, total: float) -> tuple[pd.DataFrame, float | None]:
    """What hidden cells can be, and their published total if it is known and of use.

    Of none it is where it would leave each of them one count only.
    """
    bounds = uncertainty.suppression_bounds(cells, parent_total=float(total))
    told = bounds["hidden"] & (bounds["lower"] == bounds["upper"])
    if told.any():
        return uncertainty.suppression_bounds(cells), None
    return bounds, None if np.isnan(total) else float(total)

"""Structure of the economy: where an area is specialised, how concentrated it is, and what its growth consists of.

Cells are industries here, values jobs. Never join two industrial classifications in one calculation.
"""

import warnings
from typing import Literal, overload

import numpy as np
import pandas as pd

from indicators._checks import (
    Cells,
    consecutive,
    counts,
    cross_section,
    floats,
    labelled,
    positive_total,
    same_labels,
    sections,
)


@overload
def location_quotient(region: float, nation: float, region_total: float, nation_total: float) -> float: ...


@overload
def location_quotient(
    region: Cells, nation: Cells, region_total: float | None = None, nation_total: float | None = None
) -> pd.Series: ...


def location_quotient(
    region: Cells | float,
    nation: Cells | float,
    region_total: float | None = None,
    nation_total: float | None = None,
) -> pd.Series | float:
    """Location quotient: the industry's share of the region over its share of the nation, by industry.

    Above 1 the region has more of the industry than the nation. Published totals may exceed the sum of the industries
    listed: give them; without one the total is the sum of the cells. A number for numbers, which need both totals.
    NaN where a cell is hidden or the nation has none of the industry. ``ValueError`` for a total that is zero, or
    missing while cells are hidden. Shown from 20 persons up.
    """
    ours, all_ours = counts(region=region, nation=nation)
    totals = []
    for name, values, given in (("region", ours, region_total), ("nation", all_ours, nation_total)):
        if given is not None:
            total = float(floats(f"{name}_total", given))
        elif isinstance(values, pd.Series):
            total = float(cross_section(**{name: values})[0].sum())
        else:
            raise ValueError(f"{name}_total is needed when {name} is not a cross-section")
        if not 0 < total < np.inf:
            raise ValueError(f"the total of {name} must be positive, got {total:g}")
        totals.append(total)
    if isinstance(ours, pd.DataFrame):
        raise ValueError("region must be one cross-section, not a panel")
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.divide(ours / totals[0], all_ours / totals[1])
    if isinstance(quotient, pd.Series):
        return quotient.where(np.isfinite(quotient)).rename(None)
    return float(quotient) if np.isfinite(quotient) else np.nan


def herfindahl(values: Cells, normalised: bool = False) -> float:
    """Herfindahl index, sum of squared shares: 1/n when n cells are equal, 1 when one has all.

    Normalised (H - 1/n)/(1 - 1/n), 0 to 1, which needs two cells. Cells of zero count in n. ``ValueError`` for hidden
    cells and a zero total.
    """
    share = _shares("values", values)
    index = float((share**2).sum())
    if not normalised:
        return index
    if len(share) < 2:
        raise ValueError("a normalised index needs at least two cells")
    return (index - 1 / len(share)) / (1 - 1 / len(share))


def equivalent_number(values: Cells) -> float:
    """Number of equal cells that would give the same concentration, 1/H, from 1 to the number of cells."""
    return 1 / herfindahl(values)


def largest_share(values: Cells) -> pd.Series:
    """The cell with the most, and its fraction of all: ``cell`` (its label) and ``share``. The plainest risk figure.

    The first such cell when several are equal. ``ValueError`` for hidden cells and a zero total.
    """
    share = _shares("values", values)
    return pd.Series({"cell": share.idxmax(), "share": float(share.max())}, dtype=object)


def gini(values: Cells, weights: Cells | None = None, normalised: bool = False) -> float:
    """Gini coefficient: 0 when all cells are equal, 1 - 1/n when one of n has all.

    2 sum i x_i/(n sum x) - (n + 1)/n over ascending x. With ``weights``, the persons of each group, x is a group's mean
    and the coefficient 1 - sum f_j (L_j + L_(j-1)), where f are the shares of persons and L the cumulative shares of
    f x: inequality between groups, nothing inside them. ``normalised`` times n/(n - 1), up to 1, needs two cells.
    ``ValueError`` for hidden cells, a zero total and weights that sum to zero.
    """
    if weights is None:
        (series,) = cross_section(values=values)
        persons = np.ones(len(series))
    else:
        series, persons_by_group = cross_section(values=values, weights=weights)
        positive_total("weights", persons_by_group)
        persons = persons_by_group.to_numpy()
    n = len(series)
    if normalised and n < 2:
        raise ValueError("a normalised index needs at least two cells")
    order = np.argsort(series.to_numpy(), kind="stable")
    x, share = series.to_numpy()[order], persons[order] / persons.sum()
    positive_total("values" if weights is None else "values over the weights", share * x)
    reached = (share * x).cumsum() / (share * x).sum()
    index = max(0.0, 1 - float((share * (reached + np.append(0, reached[:-1]))).sum()))
    return index * n / (n - 1) if normalised else index


def gini_specialisation(region: Cells, nation: Cells) -> float:
    """Gini coefficient of an area's location quotients over industries: 0 for the nation's structure, to 1 - 1/n.

    How unevenly the industries of one area exceed or fall short of their share in the nation, shares from the sums of
    the given cells. An industry that neither has is left out; ``ValueError`` for one that only the region has, for
    hidden cells and zero totals.
    """
    return gini(_relative_shares(region=region, nation=nation))


def gini_concentration(industry_by_area: Cells, total_by_area: Cells) -> float:
    """Gini coefficient of an industry's location quotients over areas: 0 when it is spread as all jobs, to 1 - 1/n.

    As :func:`gini_specialisation` with areas in place of industries.
    """
    return gini(_relative_shares(industry_by_area=industry_by_area, total_by_area=total_by_area))


def hoover(values: Cells, reference: Cells) -> float:
    """Hoover index 0.5 sum |x_i/sum x - w_i/sum w|: the fraction of values that would have to change cell, 0 to 1.

    ``reference`` is what they should be spread like: population, area, another year. ``ValueError`` for hidden cells
    and zero totals. Source: Hoover (1936), Review of Economics and Statistics 18(4).
    """
    ours, theirs = _shares("values", values), _shares("reference", reference)
    same_labels("values", ours.index, "reference", theirs.index)
    return 0.5 * float((ours - theirs.reindex(ours.index)).abs().sum())


def theil_l(values: Cells) -> float:
    """Theil's L, the mean logarithmic deviation: mean ln(mean/x), 0 when all cells are equal, no upper limit.

    Not Theil's T: name which. ``ValueError`` for hidden cells and for a cell of zero, which makes it infinite.
    Source: Theil (1967), Economics and Information Theory.
    """
    (series,) = cross_section(values=values)
    if (series == 0).any():
        raise ValueError(f"values: {int((series == 0).sum())} of {len(series)} cells are zero: Theil's L is infinite")
    return max(0.0, float(np.log(series.mean() / series).mean()))


def theil_t(values: Cells) -> float:
    """Theil's T: mean (x/mean) ln(x/mean), 0 when all cells are equal, ln n when one of n has all.

    Not Theil's L: name which. A cell of zero adds nothing. ``ValueError`` for hidden cells and a zero total.
    Source: Theil (1967), Economics and Information Theory.
    """
    (series,) = cross_section(values=values)
    positive_total("values", series)
    relative = (series / series.mean()).to_numpy()
    return max(0.0, float((relative * np.log(np.where(relative > 0, relative, 1))).mean()))


def krugman_specialisation(region: Cells, reference: Cells | pd.DataFrame) -> float:
    """Krugman specialisation index sum |s - r|: 0 for the same structure as the reference, 2 for disjoint ones.

    Shares come from the sums of the given cells. With several reference areas, a column each, r is the mean of their
    shares, which is not the mean of the pairwise indices. ``ValueError`` for hidden cells and zero totals.
    Source: Krugman (1991), Geography and Trade.
    """
    ours = _shares("region", region)
    areas = labelled("reference", reference)
    if isinstance(areas, pd.DataFrame):
        theirs = pd.DataFrame({column: _shares(f"reference {column}", area) for column, area in areas.items()})
    else:
        theirs = _shares("reference", reference).to_frame()
    same_labels("region", ours.index, "reference", theirs.index)
    return float((ours - theirs.mean(axis=1).reindex(ours.index)).abs().sum())


def shift_share(
    region_0: Cells, region_1: Cells, nation_0: Cells, nation_1: Cells, method: Literal["dunn", "esteban"] = "dunn"
) -> pd.DataFrame:
    """Growth of a region from period 0 to 1 in components, in persons, a row an industry; ``.sum()`` gives the totals.

    With G the growth rate of the nation, g that of the industry in the nation and g_r that in the region:
    ``national`` e_0 G, ``mix`` e_0 (g - G), ``regional`` e_0 (g_r - g); they add up to ``growth``. With ``esteban``
    regional is h (g_r - g), where h is what the region would have with the nation's structure, and ``allocation`` is
    (e_0 - h)(g_r - g). An industry that starts from zero in the region or the nation has its growth in
    ``unallocated`` and zero components; one with a hidden cell is NaN throughout, and sums leave it out. The regional
    component is what the others leave over, not proven competitiveness.

    G is that of the industries visible in the nation in both periods. ``ValueError`` when those are zero in all.
    Source: Dunn (1960); Esteban-Marquillas (1972), Regional and Urban Economics 2(3).
    """
    _known(method)
    r0, r1, n0, n1 = sections(region_0=region_0, region_1=region_1, nation_0=nation_0, nation_1=nation_1)
    visible = n0.notna() & n1.notna()
    if not visible.any():
        raise ValueError("nation_0 and nation_1 have no industry that is visible in both")
    positive_total("nation_0 over its visible industries", n0[visible])
    parts = _components(method, *(series.to_numpy()[None, :] for series in (r0, r1, n0, n1)))
    return pd.DataFrame({name: part[0] for name, part in parts.items()}, index=r0.index)


def shift_share_dynamic(
    region: pd.DataFrame, nation: pd.DataFrame, method: Literal["dunn", "esteban"] = "dunn"
) -> pd.DataFrame:
    """:func:`shift_share` from each period to the next, a row a period (the later one); ``.sum()`` gives the totals.

    Panels of periods by industries. The base moves with the years, so that a nation that grows unevenly, or a region
    whose structure changes, is compared with itself of the year before; the totals therefore differ from those between
    the first and the last period, and only their growth is the same. Columns as for :func:`shift_share`, summed over
    industries. A row is NaN when a cell of either of its periods is hidden, and ``.sum()`` then leaves that period's
    growth out: ``.sum(skipna=False)`` does not.

    ``ValueError`` for periods that are not consecutive, fewer than two of them, negative cells, labels that do not
    match, and a period in which the nation has nothing.
    """
    _known(method)
    ours, theirs = counts(region=region, nation=nation)
    if not (isinstance(ours, pd.DataFrame) and isinstance(theirs, pd.DataFrame)):
        raise ValueError("region and nation must be panels of periods by industries")
    consecutive("region and nation", ours.index)
    if len(ours) < 2:
        raise ValueError("growth needs at least two periods")
    empty = theirs.index[:-1][theirs.iloc[:-1].sum(axis=1, skipna=False) == 0]
    if len(empty):
        raise ValueError(f"the total of nation is zero in {empty[0]}")
    r, n = ours.to_numpy(), theirs.to_numpy()
    parts = _components(method, r[:-1], r[1:], n[:-1], n[1:])
    return pd.DataFrame({name: part.sum(axis=1) for name, part in parts.items()}, index=ours.index[1:])


def lilien(employment_0: Cells, employment_1: Cells, weights: Literal["current", "base"] = "current") -> float:
    """Lilien's index of structural change: how unevenly industries grew from period 0 to 1; 0 when all grew alike.

    sqrt(sum s (D ln e_i - D ln e)^2), with shares s of period 1 (``current``) or 0 (``base``): say which. Industries
    with a zero in either period are left out, of the totals too, and counted in a warning. Recessions that strike
    industries unevenly raise it as well (Abraham and Katz 1986). ``ValueError`` for hidden cells, or none left.
    Source: Lilien (1982), Journal of Political Economy 90(4).
    """
    if weights not in ("current", "base"):
        raise ValueError(f"weights must be 'current' or 'base', got {weights!r}")
    before, after = cross_section(employment_0=employment_0, employment_1=employment_1)
    used = (before > 0) & (after > 0)
    if not used.any():
        raise ValueError("employment_0 and employment_1: no industry has employment in both periods")
    if not used.all():
        warnings.warn(f"{int((~used).sum())} of {len(used)} industries left out: zero in a period", stacklevel=2)
    before, after = before[used], after[used]
    gap = np.log(after / before) - np.log(after.sum() / before.sum())
    weight = after if weights == "current" else before
    return float(np.sqrt((weight / weight.sum() * gap**2).sum()))


def _components(method: str, r0: np.ndarray, r1: np.ndarray, n0: np.ndarray, n1: np.ndarray) -> dict[str, np.ndarray]:
    """Components of :func:`shift_share` for rows of industries; NaN where an industry is hidden in any of the four."""
    hidden = np.isnan(r0 + r1 + n0 + n1)
    visible = ~np.isnan(n0 + n1)
    allocated = (r0 > 0) & (n0 > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth_rate = np.where(visible, n1, 0).sum(axis=1) / np.where(visible, n0, 0).sum(axis=1) - 1
        nation_rate = n1 / n0 - 1
        regional_gap = r1 / r0 - 1 - nation_rate
        parts = {
            "growth": r1 - r0,
            "national": r0 * growth_rate[:, None],
            "mix": r0 * (nation_rate - growth_rate[:, None]),
            "regional": r0 * regional_gap,
        }
        if method == "esteban":
            both = ~np.isnan(r0 + n0)
            homothetic = n0 * (np.where(both, r0, 0).sum(axis=1) / np.where(both, n0, 0).sum(axis=1))[:, None]
            parts |= {"regional": homothetic * regional_gap, "allocation": (r0 - homothetic) * regional_gap}
    parts = {name: part if name == "growth" else np.where(allocated, part, 0.0) for name, part in parts.items()}
    parts["unallocated"] = np.where(allocated, 0.0, parts["growth"])
    return {name: np.where(hidden, np.nan, part) for name, part in parts.items()}


def _known(method: str) -> None:
    if method not in ("dunn", "esteban"):
        raise ValueError(f"method must be 'dunn' or 'esteban', got {method!r}")


def _relative_shares(**inputs: Cells) -> pd.Series:
    """Share of the first over share of the second, by cell; without the cells that neither has."""
    (first_name, first), (second_name, second) = inputs.items()
    ours, theirs = _shares(first_name, first), _shares(second_name, second)
    same_labels(first_name, ours.index, second_name, theirs.index)
    theirs = theirs.reindex(ours.index)
    alone = (theirs == 0) & (ours > 0)
    if alone.any():
        raise ValueError(f"{int(alone.sum())} cells of {first_name} have nothing in {second_name} to compare with")
    return (ours / theirs)[theirs > 0]


def _shares(name: str, values: object) -> pd.Series:
    (series,) = cross_section(**{name: values})
    positive_total(name, series)
    return series / series.sum()

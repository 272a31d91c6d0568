"""Structure of the economy: where an area is specialised, how concentrated it is, and what its growth consists of.

Cells are industries here, values jobs. Never join two industrial classifications in one calculation.
"""

import warnings
from typing import Literal, overload

import numpy as np
import pandas as pd

from indicators._checks import Cells, counts, cross_section, labelled, positive_total, same_labels, sections


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
            total = given
        elif isinstance(values, pd.Series):
            total = float(cross_section(**{name: values})[0].sum())
        else:
            raise ValueError(f"{name}_total is needed when {name} is not a cross-section")
        if not total > 0:
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


def krugman_specialisation(region: Cells, reference: Cells | pd.DataFrame) -> float:
    """Krugman specialisation index sum |s - r|: 0 for the same structure as the reference, 2 for disjoint ones.

    Shares come from the sums of the given cells. With several reference areas, a column each, r is the mean of their
    shares, which is not the mean of the pairwise indices. ``ValueError`` for hidden cells and zero totals.
    Source: Krugman (1991), Geography and Trade.
    """
    ours = _shares("region", region)
    areas = labelled("reference", reference)
    columns = areas.items() if isinstance(areas, pd.DataFrame) else [("reference", reference)]
    theirs = pd.DataFrame({column: _shares(f"reference {column}", area) for column, area in columns})
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
    if method not in ("dunn", "esteban"):
        raise ValueError(f"method must be 'dunn' or 'esteban', got {method!r}")
    r0, r1, n0, n1 = sections(region_0=region_0, region_1=region_1, nation_0=nation_0, nation_1=nation_1)
    hidden = (r0 + r1 + n0 + n1).isna()
    visible = n0.notna() & n1.notna()
    positive_total("nation_0 over its visible industries", n0[visible])
    growth_rate = n1[visible].sum() / n0[visible].sum() - 1
    allocated = (r0 > 0) & (n0 > 0)
    nation_rate = (n1 / n0 - 1).where(allocated)
    regional_gap = (r1 / r0 - 1).where(allocated) - nation_rate
    parts = {
        "growth": r1 - r0,
        "national": r0 * growth_rate,
        "mix": r0 * (nation_rate - growth_rate),
        "regional": r0 * regional_gap,
    }
    if method == "esteban":
        both = r0.notna() & n0.notna()
        homothetic = n0 * r0[both].sum() / n0[both].sum()
        parts |= {"regional": homothetic * regional_gap, "allocation": (r0 - homothetic) * regional_gap}
    parts["unallocated"] = parts["growth"].where(~allocated, 0.0)
    frame = pd.DataFrame(parts)
    components = frame.columns.difference(["growth", "unallocated"])
    frame.loc[~allocated, components] = 0.0
    frame.loc[hidden, :] = np.nan
    return frame


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
        raise ValueError("no industry has employment in both periods")
    if not used.all():
        warnings.warn(f"{int((~used).sum())} of {len(used)} industries left out: zero in a period", stacklevel=2)
    before, after = before[used], after[used]
    gap = np.log(after / before) - np.log(after.sum() / before.sum())
    weight = after if weights == "current" else before
    return float(np.sqrt((weight / weight.sum() * gap**2).sum()))


def _shares(name: str, values: object) -> pd.Series:
    (series,) = cross_section(**{name: values})
    positive_total(name, series)
    return series / series.sum()

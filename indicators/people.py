"""Groups of people among the unemployed: their shares, their representation, structural unemployment.

The region's target groups are the under 30s, those over 54, people with partial work ability, immigrants and the
long-term unemployed. The register, StatFin 12r5, counts others that stand in for them, and a figure carries the name of
what was counted: ``TYOTTOMAT25`` is under 25 and ``TYOTTOMAT50`` over 50, ``TYOTTOMATSAIR`` unemployed with a
disability or long-term illness, ``TYOTTOMATULK`` foreign citizens, ``PITKAAIKAISTYOTTOMAT`` a year or more without a
break; all of them beside ``TYOTTOMATLOPUSSA``, the unemployed jobseekers at the end of the month.

A person may be in several groups: counts and shares of groups overlap and are never summed.
"""

import numpy as np
import pandas as pd

from indicators._checks import Cells, Shaped, column_frame, elementwise, within
from indicators.uncertainty import wilson_interval

COMPONENTS = ("long_term", "repeated", "from_services_to_unemployment", "from_service_to_service")


def target_group_share(group: Cells | float, all_unemployed: Cells | float, level: float = 0.95) -> pd.DataFrame:
    """Share of a target group among the unemployed: columns ``share``, ``lower``, ``upper``, fractions, a row a cell.

    Persons of the group over all unemployed of the same area and month, with the Wilson interval of
    :func:`~indicators.uncertainty.wilson_interval`; the register is complete, so the interval speaks of what another
    such month could give, not of sampling. NaN where either count is hidden or nobody is unemployed. Shares of several
    groups overlap: they neither add up to 1 nor may be summed. The register's ages are under 25 and over 50, where the
    region's groups are under 30 and over 54: name those counted.

    ``ValueError`` when a group exceeds all unemployed, and for a panel: give one cross-section, or one area over time.
    Input: StatFin 12r5.
    """
    within("level", level, 0, 1)

    def interval(part: np.ndarray, whole: np.ndarray) -> dict[str, np.ndarray]:
        _at_most("group", part, "all_unemployed", whole)
        found = wilson_interval(part, whole, level)
        return {
            "share": found["estimate"].to_numpy(),
            "lower": found["lower"].to_numpy(),
            "upper": found["upper"].to_numpy(),
        }

    return column_frame(interval, group=group, all_unemployed=all_unemployed)


def representation(
    group_unemployed: Cells | float,
    all_unemployed: Cells | float,
    group_population: Cells | float,
    population: Cells | float,
    level: float = 0.95,
) -> pd.DataFrame:
    """Representation ratio: a group's share of the unemployed over its share of the population, a row a cell.

    Columns ``unemployed_share`` and ``population_share``, fractions, and ``ratio``, ``lower``, ``upper``: 1 where the
    group is as common among the unemployed as among the population, above it over-represented, below it
    under-represented. The interval is that of :func:`target_group_share` over the population's share, which counts as
    known. NaN where a count is hidden, nobody is unemployed or nobody of the population belongs to the group.

    Both sides must mean the same group and compare the same ages: foreign citizens are not the foreign-language
    speakers of the population statistics, and children are in a population but not among the unemployed. Population is
    that of a year's end, the unemployed of a month's. Over-representation is a description and names no cause.

    ``ValueError`` when a group exceeds its whole, and for a panel.
    Input: StatFin 12r5; 11re by age, 11rm by language.
    """
    within("level", level, 0, 1)

    def measures(part: np.ndarray, whole: np.ndarray, group: np.ndarray, everyone: np.ndarray) -> dict[str, np.ndarray]:
        _at_most("group_unemployed", part, "all_unemployed", whole)
        _at_most("group_population", group, "population", everyone)
        share = wilson_interval(part, whole, level)
        reference = np.where(everyone > 0, group / everyone, np.nan)
        divisor = np.where(reference > 0, reference, np.nan)
        return {
            "unemployed_share": share["estimate"].to_numpy(),
            "population_share": reference,
            "ratio": share["estimate"].to_numpy() / divisor,
            "lower": share["lower"].to_numpy() / divisor,
            "upper": share["upper"].to_numpy() / divisor,
        }

    return column_frame(
        measures,
        group_unemployed=group_unemployed,
        all_unemployed=all_unemployed,
        group_population=group_population,
        population=population,
    )


def structural_unemployment(
    long_term: Cells | float,
    repeated: Cells | float,
    from_services_to_unemployment: Cells | float,
    from_service_to_service: Cells | float,
) -> pd.DataFrame:
    """Structural unemployment (rakennetyöttömyys): its four parts, their total and a lower bound, a row a cell.

    Persons who are long-term unemployed (12 months without a break), repeatedly unemployed (12 of the last 16 months),
    unemployed again after a service, and who went from one service to another; a person is in one part at a time.
    Columns are the parts under their names; ``total``, NaN unless all four are known; and ``lower_bound``, the sum of
    the known parts: the total is at least that, as an unknown part holds nobody or more. It is NaN where none is known.
    Give NaN for a part no table has. A lower bound of fewer parts is not comparable with one of more: neither over
    time nor between areas.

    ``ValueError`` for negative or unaligned counts, and for a panel.
    Input: the first part StatFin 12r5 (country and regions by duration also 12ta). No open table of the others is
    known; with the first alone the lower bound is the long-term unemployed: call it that, not structural unemployment.
    Definition: employment service statistics of the Ministry of Economic Affairs and Employment.
    """

    def parts(*known: np.ndarray) -> dict[str, np.ndarray]:
        stacked = np.stack(known)
        visible = ~np.isnan(stacked)
        bound = np.where(visible.any(axis=0), stacked.sum(axis=0, where=visible), np.nan)
        return {
            **dict(zip(COMPONENTS, known, strict=True)),
            "total": stacked.sum(axis=0),
            "lower_bound": bound,
        }

    return column_frame(
        parts,
        long_term=long_term,
        repeated=repeated,
        from_services_to_unemployment=from_services_to_unemployment,
        from_service_to_service=from_service_to_service,
    )


def long_term_share(long_term: Shaped, unemployed: Shaped) -> Shaped:
    """Long-term unemployed (a year or more without a break) among the unemployed, a fraction in the inputs' shape.

    NaN where either is hidden or nobody is unemployed. It falls when many become unemployed at once, without anyone of
    the long-term unemployed leaving: show the count beside it. ``ValueError`` when they exceed the unemployed.
    Input: StatFin 12r5 (``PITKAAIKAISTYOTTOMAT``, ``TYOTTOMATLOPUSSA``); with an interval: :func:`target_group_share`.
    """

    def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        _at_most("long_term", part, "unemployed", whole)
        return np.where(whole > 0, part / whole, np.nan)

    return elementwise(share, long_term=long_term, unemployed=unemployed)


def _at_most(name: str, part: np.ndarray, whole_name: str, whole: np.ndarray) -> None:
    """Raise ``ValueError`` when a part exceeds the whole it is counted from."""
    if (part > whole).any():
        raise ValueError(f"{name} exceeds {whole_name} in {int((part > whole).sum())} cells")

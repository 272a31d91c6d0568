"""Population behind the labour market: dependency, replacement of those who leave it, migration, and who stays.

Ratios are per 100 or per 1 000 persons where their field prints them so; each function says which. Ages are labels as
statistics write them: 15, "15", "15-19", "65-" or "100+"; an array counts as single years of age from 0.
"""

import re
from itertools import pairwise
from typing import overload

import numpy as np
import pandas as pd

from indicators._checks import Cells, Labelled, Shaped, counts, elementwise, within

WORKING_AGE = (15, 64)

# A band of ages: the first, and the last after a dash; an open one ends in a dash or a plus.
AGES = re.compile(r"(\d+)(?:\s*[-–—]\s*(\d+)|\s*([-–—+]))?")


@overload
def demographic_dependency(population_by_age: Cells) -> float: ...


@overload
def demographic_dependency(population_by_age: pd.DataFrame) -> pd.Series: ...


def demographic_dependency(population_by_age: Cells | pd.DataFrame) -> float | pd.Series:
    """Demographic dependency ratio (väestöllinen huoltosuhde): persons under 15 or over 64 per 100 aged 15 to 64.

    ``population_by_age`` by age for a number, or a panel of periods (or areas) by age for a ``Series``, NaN in a row
    with a hidden age. Ages must follow each other from 0 to beyond 64 without gap or overlap, and no band may reach
    over 14/15 or 64/65. ``ValueError`` otherwise, for hidden ages of a cross-section, and when nobody is 15 to 64.
    Definition: Statistics Finland, demographic dependency ratio.
    """
    population, bands = _by_age(population_by_age)
    oldest = max(last for _, last in bands)
    if oldest <= WORKING_AGE[1]:
        raise ValueError("population_by_age ends before the ages over 64")
    old = _columns(bands, WORKING_AGE[1] + 1, oldest)
    working, young = _columns(bands, *WORKING_AGE), _columns(bands, 0, WORKING_AGE[0] - 1)
    return _ratio(population_by_age, population, young | old, working, 100, "15 to 64")


@overload
def replacement_ratio(
    population_by_age: Cells, entrants: tuple[int, int] = (20, 29), leavers: tuple[int, int] = (55, 64)
) -> float: ...


@overload
def replacement_ratio(
    population_by_age: pd.DataFrame, entrants: tuple[int, int] = (20, 29), leavers: tuple[int, int] = (55, 64)
) -> pd.Series: ...


def replacement_ratio(
    population_by_age: Cells | pd.DataFrame, entrants: tuple[int, int] = (20, 29), leavers: tuple[int, int] = (55, 64)
) -> float | pd.Series:
    """Labour-force replacement: persons of the ages that enter work per person of the ages that leave it.

    Below 1 more leave than enter. ``entrants`` and ``leavers`` are first and last age, both included; print them, as
    several are in use. Shapes as for :func:`demographic_dependency`; other ages need not be there and may be hidden.
    ``ValueError`` when a band reaches over an end of either, an age of them is absent, the two overlap, nobody is of
    the leaving ages, and for hidden ages of a cross-section.
    """
    for name, (low, high) in (("entrants", entrants), ("leavers", leavers)):
        if not 0 <= low <= high:
            raise ValueError(f"{name} must be a first and a last age, got {low} and {high}")
    if max(entrants[0], leavers[0]) <= min(entrants[1], leavers[1]):
        raise ValueError("entrants and leavers overlap")
    population, bands = _by_age(population_by_age)
    coming, going = _columns(bands, *entrants), _columns(bands, *leavers)
    return _ratio(population_by_age, population, coming, going, 1, f"{leavers[0]} to {leavers[1]}")


def economic_dependency(population: Shaped, employed: Shaped) -> Shaped:
    """Economic dependency ratio (taloudellinen huoltosuhde): persons not employed per 100 employed.

    (population - employed)/employed x 100, in the shape of the inputs; NaN where either is hidden or nobody is
    employed. The employed are residents, wherever they work. ``ValueError`` when they exceed the population.
    Definition: Statistics Finland, economic dependency ratio (employment statistics).
    """

    def ratio(population: np.ndarray, employed: np.ndarray) -> np.ndarray:
        if (employed > population).any():
            raise ValueError("employed exceed the population")
        return np.where(employed > 0, 100 * (population - employed) / employed, np.nan)

    return elementwise(ratio, population=population, employed=employed)


def net_migration_rate(moved_in: Shaped, moved_out: Shaped, population: Shaped, per: float = 1000) -> Shaped:
    """Net migration per ``per`` inhabitants: (moved in - moved out)/population x per, in the shape of the inputs.

    The moves of one period over the population of its middle, or of its start: say which. NaN where anything is hidden
    or nobody lives. Small areas need several years together. ``ValueError`` unless ``per`` is positive.
    """
    within("per", per, 0, np.inf)
    return elementwise(
        lambda came, left, people: np.where(people > 0, per * (came - left) / people, np.nan),
        moved_in=moved_in,
        moved_out=moved_out,
        population=population,
    )


def migration_efficiency(moved_in: Shaped, moved_out: Shaped) -> Shaped:
    """Migration effectiveness (net over gross migration), in the shape of the inputs: -1 all moves out, 1 all in.

    (moved in - moved out)/(moved in + moved out), a fraction; the literature often prints it times 100. Near 0 moves
    both ways make up for each other, however many they are: it says nothing of the size of the population, which
    :func:`net_migration_rate` does. NaN where either is hidden or nobody moved. Small areas need several years
    together. Both directions must cover the same moves (between municipalities, with or without those abroad).
    Input: StatFin 11ae by year, 12w7 by month.
    Source: Shryock & Siegel (1973), The Methods and Materials of Demography.
    """
    return elementwise(
        lambda came, left: np.where(came + left > 0, (came - left) / (came + left), np.nan),
        moved_in=moved_in,
        moved_out=moved_out,
    )


def retention_rate(cohort_start: Shaped, cohort_end: Shaped) -> Shaped:
    """Cohort retention: persons of an age cohort n years later per person of it at the start, in the inputs' shape.

    Population of the ages a + n to b + n at the end over that of the ages a to b n years before, such as those 25 to 34
    in 2024 over those 15 to 24 in 2014: :func:`persons_aged` counts both. Inputs align on labels, so both carry those
    of the areas, not of the ages. NaN where either is hidden or the cohort was empty.

    Counts hide who they are: moves out and deaths lower it, moves in raise it, and it lies above 1 where more came than
    left. It is no survival rate of deaths and no share of the same persons; below the age of 50 few deaths are in it.
    Students who count as residents elsewhere lower it for a time, so that ages over 30 tell who came back. Areas of one
    classification only: mergers of municipalities move people who stayed.
    Input: StatFin 11re, population on 31 December by single year of age.
    """
    return elementwise(
        lambda start, end: np.where(start > 0, end / start, np.nan), cohort_start=cohort_start, cohort_end=cohort_end
    )


@overload
def persons_aged(population_by_age: Cells, ages: tuple[int, int]) -> float: ...


@overload
def persons_aged(population_by_age: pd.DataFrame, ages: tuple[int, int]) -> pd.Series: ...


def persons_aged(population_by_age: Cells | pd.DataFrame, ages: tuple[int, int]) -> float | pd.Series:
    """Persons of the ages ``ages``, first and last, both included; other ages need not be there and may be hidden.

    Shapes as for :func:`demographic_dependency`: NaN in a row with a hidden age of them. ``ValueError`` when a band
    reaches over an end, an age of them is absent, and for hidden ages of a cross-section.
    """
    low, high = ages
    if not 0 <= low <= high:
        raise ValueError(f"ages must be a first and a last age, got {low} and {high}")
    population, bands = _by_age(population_by_age)
    cohort = population.loc[:, _columns(bands, low, high)]
    if np.ndim(population_by_age) == 1:
        _every_age(cohort)
        return float(cohort.to_numpy().sum())
    return cohort.sum(axis=1, skipna=False)


def _by_age(population_by_age: Cells | pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[int, float]]]:
    """Rows of ages, one row for a single cross-section, and the first and last age of each column.

    A lone age is one year; an open band has no last age.
    """
    (values,) = counts(population_by_age=population_by_age)
    if not isinstance(values, Labelled):
        raise ValueError("population_by_age must hold one value an age")
    population = values if isinstance(values, pd.DataFrame) else values.to_frame().T
    bands: list[tuple[int, float]] = []
    for label in population.columns:
        found = AGES.fullmatch(str(label).strip())
        if not found:
            raise ValueError(f"population_by_age has a label that is no age: {label}")
        first, last, is_open = found.groups()
        bands.append((int(first), np.inf if is_open else int(last or first)))
    for (_, last), (first, _) in pairwise(sorted(bands)):
        if first <= last:
            raise ValueError(f"population_by_age has ages that overlap at {first}")
    return population, bands


def _columns(bands: list[tuple[int, float]], low: int, high: float) -> np.ndarray:
    """Which columns hold the ages ``low`` to ``high``; they must hold all of them and no others."""
    chosen = np.array([first <= high and last >= low for first, last in bands])
    inside = sorted(band for band, one in zip(bands, chosen, strict=True) if one)
    for first, last in inside:
        if first < low or last > high:
            band = f"{first}-" if np.isinf(last) else f"{first}-{last:g}"
            raise ValueError(f"population_by_age has the band {band}, which reaches over {low} to {high:g}")
    ends = [low - 1, *(last for _, last in inside)]
    starts = [*(first for first, _ in inside), high + 1]
    for end, start in zip(ends, starts, strict=True):
        if start not in (end + 1, end):  # equal only when both are infinite
            raise ValueError(f"population_by_age lacks the ages from {end + 1:g} to {start - 1:g}")
    return chosen


def _ratio(
    given: Cells | pd.DataFrame, population: pd.DataFrame, above: np.ndarray, below: np.ndarray, per: float, ages: str
) -> float | pd.Series:
    """Persons of the columns ``above`` per ``per`` of those ``below``, by row; a number for a single cross-section."""
    used = population.loc[:, above | below]
    single = np.ndim(given) == 1
    if single:
        _every_age(used)
    base = population.loc[:, below].sum(axis=1, skipna=False)
    if (base == 0).any():
        where = "" if single else f" in {base.index[base == 0][0]}"
        raise ValueError(f"population_by_age: nobody is aged {ages}{where}")
    result = per * population.loc[:, above].sum(axis=1, skipna=False) / base
    return float(result.iloc[0]) if single else result


def _every_age(row: pd.DataFrame) -> None:
    """Raise ``ValueError`` when an age of the single cross-section ``row`` is hidden."""
    hidden = int(row.isna().to_numpy().sum())
    if hidden:
        raise ValueError(f"population_by_age: {hidden} of {row.shape[1]} ages are hidden: every one is needed")

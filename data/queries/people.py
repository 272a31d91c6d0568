"""Population, migration, commuting and yearly key figures. Population is that of 31 December."""

from collections.abc import Sequence
from typing import Literal

import duckdb
import pandas as pd

from data.queries.frames import frame

Subject = Literal["key_figures", "education", "income", "sotkanet"]

# Two series of totals overlap; they differ by one person in three cells. Statistics Finland's comes first.
TOTALS = ("vaerak-vaesto", "sotkanet_127")


def population(connection: duckdb.DuckDBPyConnection, areas: Sequence[str]) -> pd.DataFrame:
    """Population of each area and year: columns ``area_code, year, value, measure, fetch_id``.

    ``measure`` tells the series a row is from: Statistics Finland's, or Sotkanet's where that has none. Years without
    a published total are absent.
    """
    return frame(
        connection,
        "SELECT area_code, year, value, measure, fetch_id FROM population"
        " WHERE list_contains($areas, area_code) AND age_group = 'total' AND sex = 'total'"
        " AND list_contains($totals, measure)"
        " QUALIFY row_number() OVER (PARTITION BY area_code, year ORDER BY list_position($totals, measure)) = 1"
        " ORDER BY area_code, year",
        {"areas": list(areas), "totals": list(TOTALS)},
    )


def population_by_age(connection: duckdb.DuckDBPyConnection, area: str) -> pd.DataFrame:
    """Population by published age group, both sexes: columns ``year, age_group, value, fetch_id`` (1972 to 2018)."""
    return frame(
        connection,
        "SELECT year, age_group, value, fetch_id FROM population WHERE area_code = $area AND age_group <> 'total'"
        " AND sex = 'total' AND measure = 'vaerak-vaesto' ORDER BY year, age_group",
        {"area": area},
    )


def population_figures(
    connection: duckdb.DuckDBPyConnection, areas: Sequence[str], measures: Sequence[str]
) -> pd.DataFrame:
    """Other yearly figures of the population, as births, deaths, mean age and shares of ages, both sexes.

    Columns ``area_code, year, measure, value, fetch_id``. Labels and units: ``reference.measures(..., "population")``.
    """
    return frame(
        connection,
        "SELECT area_code, year, measure, value, fetch_id FROM population WHERE list_contains($areas, area_code)"
        " AND age_group = 'total' AND sex = 'total' AND list_contains($measures, measure)"
        " ORDER BY area_code, year, measure",
        {"areas": list(areas), "measures": list(measures)},
    )


def migration(connection: duckdb.DuckDBPyConnection, areas: Sequence[str]) -> pd.DataFrame:
    """Moves in the year: columns ``area_code, year, measure, value, fetch_id``.

    Between municipalities 1990 to 2017 and 2025; moves abroad 2025 only.
    """
    return frame(
        connection,
        "SELECT area_code, year, measure, value, fetch_id FROM migration WHERE list_contains($areas, area_code)"
        " ORDER BY area_code, year, measure",
        {"areas": list(areas)},
    )


def commuting(connection: duckdb.DuckDBPyConnection, areas: Sequence[str]) -> pd.DataFrame:
    """Employed persons by residence and by workplace, 31 December: who commutes where is not known.

    Columns ``area_code, year, commuting, measure, value, fetch_id``; ``commuting`` is total, within_municipality,
    in_commuters (workplace) or out_commuters (residence).
    """
    return frame(
        connection,
        "SELECT area_code, year, commuting, measure, value, fetch_id FROM commuting"
        " WHERE list_contains($areas, area_code) ORDER BY area_code, year, measure, commuting",
        {"areas": list(areas)},
    )


def indicator(
    connection: duckdb.DuckDBPyConnection, areas: Sequence[str], subject: Subject, measures: Sequence[str]
) -> pd.DataFrame:
    """Key figures a publisher computed: columns ``area_code, year, measure, value, status, fetch_id``.

    ``subject``: key_figures, education, income or sotkanet. A hidden figure is NaN with its status.
    """
    return frame(
        connection,
        "SELECT area_code, year, measure, value, status, fetch_id FROM area_indicator"
        " WHERE list_contains($areas, area_code) AND subject = $subject AND list_contains($measures, measure)"
        " ORDER BY area_code, year, measure",
        {"areas": list(areas), "subject": subject, "measures": list(measures)},
    )


def projection(connection: duckdb.DuckDBPyConnection, area: str) -> pd.DataFrame:
    """The population projection of 2019, outdated: columns ``year, age, value, fetch_id``.

    ``age`` is text: a single year, ``100+`` or ``total``; ages in their order, the total last.
    """
    return frame(
        connection,
        "SELECT year, age, value, fetch_id FROM population_projection WHERE area_code = $area"
        " ORDER BY year, TRY_CAST(replace(age, '+', '') AS INTEGER) NULLS LAST",
        {"area": area},
    )

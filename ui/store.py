"""The figures of a snapshot as the views need them, read once and kept by snapshot id and codes.

Every function takes the snapshot's id first: a cache entry can then never mix two editions. Frames are the queries'
own, so their columns are documented in data/queries.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from typing import Literal

import duckdb
import pandas as pd
import streamlit as st

from data import cases, catalogue, snapshots, status
from data.boundaries import touching
from data.queries import (
    computed,
    employment,
    norway,
    occupations,
    people,
    reference,
    revisions,
    series_keys,
    sources,
    tourism,
    vacancies,
)
from data.subjects import SUBJECTS
from settings import Language

REGION = "MK19"
COUNTRY = "SSS"


@lru_cache(maxsize=1)
def case_definitions() -> dict[str, cases.Case]:
    return cases.load_cases()


@contextmanager
def _connection(snapshot_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
    snapshot, _ = snapshots.resolve(snapshot_id)
    with snapshots.connect(snapshot) as connection:
        yield connection


def _compositions(group: str) -> list[list[str]]:
    """A case's ways to be summed, or an area by itself."""
    definitions = case_definitions()
    return [list(parts) for parts in definitions[group].compositions] if group in definitions else [[group]]


@st.cache_data(max_entries=64, show_spinner=False)
def series(snapshot_id: str, groups: tuple[str, ...], measures: tuple[str, ...]) -> pd.DataFrame:
    """Employment service figures of cases and areas.

    Columns group, month, measure, value, lower, upper, hidden, bound, rounded, fetch_id. Months that only
    a bulletin states for Lapland are included, marked ``rounded``.
    """
    with _connection(snapshot_id) as connection:
        exact = employment.group_series(connection, {g: _compositions(g) for g in groups}, list(measures))
        exact = exact.assign(rounded=False)
        if REGION not in groups:
            return exact
        stated = employment.bulletin(connection, REGION, list(measures))
    stated = stated.assign(
        group=REGION, lower=stated["value"], upper=stated["value"], hidden=0, bound=False, rounded=True
    )[list(exact.columns)]
    known = exact.loc[exact["group"] == REGION, ["month", "measure"]]
    fresh = stated.merge(known, on=["month", "measure"], how="left", indicator=True)["_merge"] == "left_only"
    return pd.concat([exact, stated[fresh.to_numpy()]], ignore_index=True)


@st.cache_data(max_entries=32, show_spinner=False)
def municipalities(snapshot_id: str, month: pd.Timestamp, measures: tuple[str, ...]) -> pd.DataFrame:
    """One month of Lapland's 21 municipalities and Lapland itself, as published: area_code, measure, value, status."""
    with _connection(snapshot_id) as connection:
        members = reference.memberships(connection)
        codes = members.loc[members["parent_code"] == REGION, "area_code"]
        return employment.series(connection, [*codes, REGION], list(measures), start=month, end=month)


@st.cache_data(max_entries=8, show_spinner=False)
def areas(snapshot_id: str, language: Language) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return reference.areas(connection, language).set_index("area_code")


@st.cache_data(max_entries=8, show_spinner=False)
def places(snapshot_id: str, language: Language) -> dict[str, str]:
    """Areas of Lapland as a sentence says where, by code."""
    with _connection(snapshot_id) as connection:
        rows = reference.places(connection, language)
    return dict(zip(rows["area_code"], rows["place"], strict=True))


@st.cache_data(max_entries=4, show_spinner=False)
def boundaries(snapshot_id: str, country: Literal["FI", "NO"]) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return reference.boundaries(connection, country)


@st.cache_data(max_entries=4, show_spinner=False)
def neighbours(snapshot_id: str) -> dict[str, set[str]]:
    """Lapland's municipalities that touch each municipality, on the generalised map of this snapshot."""
    shapes = boundaries(snapshot_id, "FI")
    return touching(dict(zip(shapes["area_code"], map(json.loads, shapes["geometry"]), strict=True)))


@st.cache_data(max_entries=32, show_spinner=False)
def events(snapshot_id: str, case_ids: tuple[str, ...], language: Language) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return reference.events(connection, list(case_ids), language)


@st.cache_data(max_entries=8, show_spinner=False)
def breaks(snapshot_id: str, language: Language) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return reference.breaks(connection, language)


@st.cache_data(max_entries=8, show_spinner=False)
def all_sources(snapshot_id: str, language: Language) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return sources.sources(connection, language)


@st.cache_data(max_entries=8, show_spinner=False)
def fetches(snapshot_id: str, language: Language) -> pd.DataFrame:
    """Every edition in the snapshot with its source, publisher and statistic in the language."""
    suffix = "" if language == "en" else f"_{language}"
    with _connection(snapshot_id) as connection:
        ids = sources.fetches(connection)["fetch_id"]
        rows = sources.fetch_source(connection, ids.tolist())
    return rows.assign(publisher=rows[f"publisher{suffix}"], statistic=rows[f"statistic{suffix}"])


@st.cache_data(max_entries=8, show_spinner=False)
def editions(snapshot_id: str) -> pd.DataFrame:
    """Every edition in the snapshot with its source, subject and stamps."""
    with _connection(snapshot_id) as connection:
        return sources.fetches(connection)


@st.cache_data(max_entries=8, show_spinner=False)
def changes(snapshot_id: str) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return sources.changes(connection)


@st.cache_data(max_entries=32, show_spinner=False)
def revised_cells(snapshot_id: str, source_id: str, limit: int) -> pd.DataFrame:
    """The newest changed figures of one source, without those that were only added."""
    with _connection(snapshot_id) as connection:
        return revisions.revisions(connection, source_id=source_id, limit=limit, with_added=False)


@st.cache_data(max_entries=8, show_spinner=False)
def revision_counts(snapshot_id: str) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return revisions.revision_counts(connection)


@st.cache_data(max_entries=32, show_spinner=False)
def areas_of_source(snapshot_id: str, subject: str, source_id: str) -> list[str]:
    with _connection(snapshot_id) as connection:
        return series_keys.areas_of_source(connection, subject, source_id)


@st.cache_data(max_entries=32, show_spinner=False)
def series_of_area(snapshot_id: str, subject: str, source_id: str, area_code: str) -> list[tuple[tuple[str, str], ...]]:
    """What else than its area names each series of an area: pairs of column and code."""
    with _connection(snapshot_id) as connection:
        rows = series_keys.series_of_area(connection, subject, source_id, area_code)
    return [tuple(zip(rows.columns, row, strict=True)) for row in rows.itertuples(index=False)]


def known_on(snapshot_id: str, subject: str, key: Mapping[str, str], column: str, day: date) -> pd.DataFrame:
    """A series as it was known at the end of a day: period, value, status."""
    with _connection(snapshot_id) as connection:
        return revisions.known_on(connection, subject, key, day, column)


@st.cache_data(max_entries=8, show_spinner=False)
def code_names(snapshot_id: str, language: Language) -> dict[str, dict[str, str]]:
    """Names of areas, measures, occupations and industries by kind and code, marked where of another language.

    A measure is named as in the subject where it has a label: the same code means the same in every one.
    """
    with _connection(snapshot_id) as connection:
        places = reference.areas(connection, language)
        named = pd.concat([reference.measures(connection, subject, language) for subject in SUBJECTS])
        jobs = occupations.labels(connection, language)
        trades = vacancies.industry_labels(connection, language)
    return {
        "area": dict(zip(places["area_code"], places["name"], strict=True)),
        **{
            kind: dict(zip(frame[column], _marked(frame, language)["label"], strict=True))
            for kind, frame, column in (
                ("measure", named, "measure"),
                ("occupation", jobs, "occupation_code"),
                ("industry", trades, "industry_code"),
            )
        },
    }


def _marked(labels: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Labels that exist only in another language carry its code, as in ``[fi]``."""
    foreign = labels["label_language"] != language
    return labels.assign(label=labels["label"].where(~foreign, labels["label"] + " [" + labels["label_language"] + "]"))


@st.cache_data(max_entries=16, show_spinner=False)
def industries(snapshot_id: str, codes: tuple[str, ...], language: Language) -> pd.DataFrame:
    """Open vacancies of Lapland by industry and month with labels."""
    with _connection(snapshot_id) as connection:
        rows = vacancies.by_industry(connection, REGION, list(codes))
        return rows.merge(_marked(vacancies.industry_labels(connection, language), language), on="industry_code")


@st.cache_data(max_entries=16, show_spinner=False)
def occupation_month(
    snapshot_id: str, month: pd.Timestamp | None, language: Language
) -> tuple[pd.Timestamp | None, pd.DataFrame]:
    """Lapland's occupations at the end of a month (default: the latest there is) with labels."""
    with _connection(snapshot_id) as connection:
        latest = occupations.latest_month(connection, REGION)
        chosen = latest if month is None or latest is None or month > latest else month
        if chosen is None:
            return None, pd.DataFrame()
        rows = occupations.by_month(connection, REGION, chosen)
        return chosen, rows.merge(_marked(occupations.labels(connection, language), language), on="occupation_code")


@st.cache_data(max_entries=16, show_spinner=False)
def unclassified(snapshot_id: str, month: pd.Timestamp) -> tuple[float, float]:
    """Unemployed and vacancies of Lapland without an occupation, as far as they are shown."""
    with _connection(snapshot_id) as connection:
        rows = occupations.unclassified(connection, REGION, month)
    return float(rows["unemployed"].sum()), float(rows["vacancies"].sum())


@st.cache_data(max_entries=8, show_spinner=False)
def occupation_names(snapshot_id: str, language: Language) -> dict[str, str]:
    """Labels of occupations and of the groups they stand in, by code; marked where of another language."""
    with _connection(snapshot_id) as connection:
        labels = _marked(occupations.labels(connection, language), language)
    return dict(zip(labels["occupation_code"], labels["label"], strict=True))


@st.cache_data(max_entries=16, show_spinner=False)
def nights(snapshot_id: str) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return tourism.nights(connection, REGION)


@st.cache_data(max_entries=8, show_spinner=False)
def hotel_nights(snapshot_id: str) -> pd.DataFrame:
    """Nights in hotels by municipality of Lapland and month; empty where the table was never loaded."""
    with _connection(snapshot_id) as connection:
        return tourism.hotel_nights(connection, _municipalities(connection))


@st.cache_data(max_entries=8, show_spinner=False)
def population_of_lapland(snapshot_id: str) -> pd.DataFrame:
    """Population of Lapland and of each of its municipalities by year."""
    with _connection(snapshot_id) as connection:
        return people.population(connection, [REGION, *_municipalities(connection)])


def _municipalities(connection: duckdb.DuckDBPyConnection) -> list[str]:
    members = reference.memberships(connection)
    return members.loc[members["parent_code"] == REGION, "area_code"].tolist()


@st.cache_data(max_entries=16, show_spinner=False)
def population(snapshot_id: str, area_codes: tuple[str, ...]) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return people.population(connection, list(area_codes))


@st.cache_data(max_entries=8, show_spinner=False)
def norway_unemployed(
    snapshot_id: str, area_codes: tuple[str, ...], labour_market_status: norway.Status, measure: norway.Measure
) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return norway.unemployed(connection, list(area_codes), labour_market_status, measure)


@st.cache_data(max_entries=32, show_spinner=False)
def signals(snapshot_id: str, family: computed.Family, measure: str, month: pd.Timestamp | None = None) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return computed.signals(connection, family, measure, month)


@st.cache_data(max_entries=16, show_spinner=False)
def mismatch_over_time(snapshot_id: str, partition: computed.Partition) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return computed.mismatch_over_time(connection, partition)


@st.cache_data(max_entries=32, show_spinner=False)
def adjusted(snapshot_id: str, area: str, measure: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The seasonally adjusted series of an area and the months its level moves."""
    with _connection(snapshot_id) as connection:
        return computed.adjusted(connection, [area], measure), computed.breaks_of_level(connection, [area], measure)


@st.cache_data(max_entries=8, show_spinner=False)
def refused(snapshot_id: str, computation: computed.Computation) -> dict[tuple[str, str], str]:
    """Why a computation was refused, by area and measure."""
    with _connection(snapshot_id) as connection:
        rows = computed.refused(connection, computation)
    return dict(zip(zip(rows["area_code"], rows["measure"], strict=True), rows["reason"], strict=True))


@st.cache_data(max_entries=32, show_spinner=False)
def track_record(snapshot_id: str, area: str, measure: str) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return computed.track_record(connection, area, measure)


@st.cache_data(max_entries=32, show_spinner=False)
def backtest(snapshot_id: str, area: str, measure: str, method: str, step: int) -> pd.DataFrame:
    with _connection(snapshot_id) as connection:
        return computed.backtest(connection, area, measure, method, step)


@st.cache_data(max_entries=32, show_spinner=False)
def forecast(snapshot_id: str, area: str, measure: str) -> tuple[tuple[bool, str] | None, pd.DataFrame]:
    """Whether a forecast may be shown and why not, and the forecast."""
    with _connection(snapshot_id) as connection:
        return computed.decision(connection, area, measure), computed.forecast(connection, area, measure)


def declared_sources() -> dict[str, catalogue.Source]:
    """Every source of the product, those never loaded included."""
    return catalogue.load_sources()


def load_log_is_damaged() -> bool:
    return status.is_damaged()


def load_log() -> dict[str, status.SourceStatus]:
    """What the last load of each source said; read at each call, it changes without a new snapshot."""
    return status.read_status()

"""Which series a source holds in the seed's snapshot."""

import duckdb
import pytest

from data.queries.series_keys import areas_of_source, series_of_area
from data.subjects import SUBJECTS


def test_a_source_names_its_areas(seed_connection: duckdb.DuckDBPyConnection) -> None:
    areas = areas_of_source(seed_connection, "employment_service", "statfin:12r5")
    assert len([code for code in areas if code.startswith("KU")]) >= 21
    assert {"MK19", "SSS"} <= set(areas)
    assert areas == sorted(areas)


def test_the_series_of_an_area_are_named_by_the_rest_of_their_key(seed_connection: duckdb.DuckDBPyConnection) -> None:
    utsjoki = series_of_area(seed_connection, "employment_service", "statfin:12r5", "KU890")
    assert list(utsjoki.columns) == ["measure"]
    assert {"TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA"} <= set(utsjoki["measure"])
    nights = series_of_area(seed_connection, "accommodation", "statfin:matk", "MK19")
    assert list(nights.columns) == ["residence", "measure"]
    assert {("total", "nights"), ("foreign", "nights")} <= set(nights.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    "subject", [subject.table for subject in SUBJECTS.values() if subject.period and "area_code" in subject.series]
)
def test_every_subject_of_time_series_can_be_asked(seed_connection: duckdb.DuckDBPyConnection, subject: str) -> None:
    assert areas_of_source(seed_connection, subject, "nobody:nothing") == []
    assert series_of_area(seed_connection, subject, "nobody:nothing", "MK19").empty


def test_what_a_source_does_not_hold_is_no_series(seed_connection: duckdb.DuckDBPyConnection) -> None:
    assert areas_of_source(seed_connection, "employment_service", "statfin:12tw") == []
    assert series_of_area(seed_connection, "employment_service", "statfin:12r5", "KU999").empty


@pytest.mark.parametrize("subject", ["area", "migration_flow", "nothing"])
def test_subjects_without_series_by_area_are_refused(seed_connection: duckdb.DuckDBPyConnection, subject: str) -> None:
    with pytest.raises(ValueError, match=f"'{subject}' is not a subject of time series by area"):
        areas_of_source(seed_connection, subject, "statfin:12r5")

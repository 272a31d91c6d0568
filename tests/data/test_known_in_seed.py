"""The seed as it was known: every subject as it is today, and before a release only what was out by then."""

from datetime import date

import duckdb
import pytest

from data.queries.revisions import known_on, revisions
from data.subjects import time_series


def test_every_series_of_today_is_the_table_itself(seed_connection: duckdb.DuckDBPyConnection) -> None:
    compared = {}
    for subject in time_series():
        named = ", ".join(subject.series)
        found = seed_connection.execute(
            f"SELECT {named}, count(*) AS n FROM {subject.table} GROUP BY {named} ORDER BY n DESC, {named} LIMIT 1"
        ).fetchone()
        if found is None:
            continue
        *codes, rows = found
        series = dict(zip(subject.series, codes, strict=True))
        for value, _ in subject.values:
            known = known_on(seed_connection, subject.table, series, date(2099, 1, 1), value)
            compared[f"{subject.table}.{value}"] = len(known) == rows
    assert set(compared.values()) == {True}
    assert {"employment_service_occupation.vacancies", "area_indicator.value", "migration_flow.value"} <= set(compared)


@pytest.mark.parametrize(("day", "months"), [(date(2026, 7, 20), 0), (date(2026, 7, 21), 1)])
def test_june_was_not_known_before_its_release(
    seed_connection: duckdb.DuckDBPyConnection, day: date, months: int
) -> None:
    jobseekers = {"area_code": "MK19", "measure": "TYOTTOMATLOPUSSA"}
    known = known_on(seed_connection, "employment_service", jobseekers, day)
    assert (known["period"] == "2026-06-01").sum() == months
    assert known["period"].min().strftime("%Y-%m") == "2006-01"


def test_figures_that_came_later_to_a_known_quarter_are_recorded(seed_connection: duckdb.DuckDBPyConnection) -> None:
    listed = revisions(seed_connection, "employment_service", limit=10_000)
    late = listed[listed["old_status"].isna()]
    assert set(late["known_at"].dt.strftime("%Y-%m-%d")) == {"2026-08-25"}
    assert set(late["column"]) == {"value"}

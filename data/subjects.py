"""The subject tables of ``schema.sql`` as the build sees them: key, period, values with their status, other columns.

Adding a statistic with a new subject means one table in ``schema.sql`` and one line here; a test keeps the two equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SCHEMA = Path(__file__).with_name("schema.sql")
SCHEMA_VERSION = 1

# Statuses whose value is NULL.
MISSING = ("suppressed", "not_defined", "not_available")


@dataclass(frozen=True)
class Subject:
    """One subject table.

    ``values`` pairs each value column with its status column; ``period`` is the column of the key that holds time.
    Tables with ``fetched`` carry the ``fetch_id`` of the edition each row came from.
    """

    table: str
    key: tuple[str, ...]
    values: tuple[tuple[str, str], ...] = ()
    other: tuple[str, ...] = ()
    period: Literal["month", "quarter", "year"] | None = None
    fetched: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column but ``fetch_id``, in the order of the schema."""
        return (*self.key, *(column for pair in self.values for column in pair), *self.other)

    @property
    def series(self) -> tuple[str, ...]:
        """The key without its period: what makes one time series."""
        return tuple(column for column in self.key if column != self.period)


_VALUE = (("value", "status"),)


def _monthly(table: str, *key: str, other: tuple[str, ...] = ()) -> Subject:
    return Subject(table, ("area_code", "month", *key), _VALUE, other, "month")


def _quarterly(table: str, *key: str) -> Subject:
    return Subject(table, ("area_code", "quarter", *key), _VALUE, (), "quarter")


def _yearly(table: str, *key: str) -> Subject:
    return Subject(table, ("area_code", "year", *key), _VALUE, (), "year")


SUBJECTS: dict[str, Subject] = {
    subject.table: subject
    for subject in (
        Subject(
            "area",
            ("area_code",),
            other=("level", "name_fi", "name_sv", "name_en", "name_se", "official_name_fi"),
            fetched=False,
        ),
        Subject("area_membership", ("area_code", "parent_code"), other=("valid_from", "valid_to"), fetched=False),
        Subject("area_boundary", ("area_code",), other=("country", "geometry")),
        Subject(
            "occupation",
            ("occupation_code",),
            other=("level", "label_fi", "label_sv", "label_en", "source_sv", "source_en"),
            fetched=False,
        ),
        Subject(
            "industry",
            ("industry_code",),
            other=("level", "label_fi", "label_sv", "label_en", "label_source"),
            fetched=False,
        ),
        Subject("measure", ("subject", "measure", "label_language"), other=("label", "unit", "checked"), fetched=False),
        _monthly("employment_service", "measure"),
        _monthly("employment_service_bulletin", "measure", other=("note", "origin")),
        Subject(
            "employment_service_occupation",
            ("area_code", "month", "occupation_code"),
            (("unemployed", "unemployed_status"), ("vacancies", "vacancies_status")),
            (),
            "month",
        ),
        _monthly("occupation_during_month", "occupation_code", "labour_market_status", "measure"),
        _monthly("vacancy_industry", "industry_code", "measure"),
        _monthly("vacancy_flow", "measure"),
        _monthly("accommodation", "residence", "measure", other=("origin",)),
        _yearly("population", "age_group", "sex", "measure"),
        _yearly("population_projection", "age", "measure"),
        _yearly("migration", "measure"),
        Subject("migration_flow", ("origin_area", "destination_area", "year"), _VALUE, (), "year"),
        _yearly("commuting", "commuting", "measure"),
        _yearly("area_indicator", "subject", "measure"),
        _monthly("labour_force_survey", "measure"),
        _monthly("norway_unemployed", "labour_market_status", "sex", "measure"),
        _monthly("accommodation_nuts", "residence", "measure"),
        _yearly("accommodation_nuts_yearly", "residence", "measure"),
        _monthly("job_posting_count", other=("counted_on",)),
        _monthly("employment_service_rate", "measure"),
        _monthly("employment_service_group", "grouping", "category", "measure"),
        _quarterly("vacancy_survey", "measure"),
        _quarterly("labour_force_survey_quarter", "measure"),
        _yearly("labour_force_survey_year", "measure"),
        _yearly("main_activity", "activity", "age_group"),
        _yearly("employed_occupation", "occupation_code"),
        _yearly("jobs_industry", "industry_code"),
        _yearly("population_age", "age", "sex"),
        _yearly("population_language", "language"),
        _monthly("migration_month", "measure"),
        _yearly("accommodation_capacity", "establishment", "measure"),
        _monthly("hotel_month", "measure"),
        _monthly("accommodation_country", "residence_country", "measure"),
        _quarterly("enterprise", "measure"),
        _monthly("bankruptcy", "measure"),
        _monthly("building", "stage", "measure"),
    )
}


def sql_type(column: str) -> str:
    """The DuckDB type of a column of a subject table; text unless its name says a date, a year or a number."""
    if column in {"month", "quarter", "valid_from", "valid_to", "counted_on"}:
        return "DATE"
    if column in {"value", "unemployed", "vacancies"}:
        return "DOUBLE"
    return {"year": "SMALLINT", "checked": "BOOLEAN"}.get(column, "VARCHAR")


def time_series() -> Iterator[Subject]:
    """Subjects whose rows are observations over time."""
    return (subject for subject in SUBJECTS.values() if subject.period is not None)

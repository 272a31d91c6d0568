"""Checks of a built snapshot before it is published. A blocking problem keeps it from service."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import duckdb

from data.subjects import MISSING, SUBJECTS, Subject

REGION = "MK19"
MUNICIPALITIES = 21

# Counts that add up over municipalities. Shares do not, and the sexes are incomplete in the source.
SUMMED = (
    "HAKIJALOPUSSA",
    "TYOTTOMATLOPUSSA",
    "TYOVOIMATK",
    "PITKAAIKAISTYOTTOMAT",
    "AVPAIKATLOPUSSA",
    "UUDETAVP",
)
HIDDEN_LOW, HIDDEN_HIGH = 1, 4


@dataclass(frozen=True)
class Problem:
    """What is wrong, for a person to read; ``blocking`` problems stop a build, ``warning`` ones are reported."""

    severity: Literal["blocking", "warning"]
    message: str


def run(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Every problem of the snapshot behind an open connection."""
    problems: list[Problem] = []
    for subject in SUBJECTS.values():
        problems += _keys(connection, subject)
        problems += _statuses(connection, subject)
    problems += _memberships(connection)
    problems += _sums(connection)
    return problems


def _keys(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    key = ", ".join(subject.key)
    row = connection.execute(
        f"SELECT {key}, count(*) FROM {subject.table} GROUP BY {key} HAVING count(*) > 1 ORDER BY {key} LIMIT 1"
    ).fetchone()
    if row is not None:
        where = " | ".join(str(part) for part in row[:-1])
        yield Problem("blocking", f"{subject.table}: {row[-1]} rows with one key: {where}")


def _statuses(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    missing = ", ".join(f"'{status}'" for status in MISSING)
    for value, status in subject.values:
        (count,) = _one(
            connection,
            f"SELECT count(*) FROM {subject.table} WHERE ({value} IS NULL) <> ({status} IN ({missing}))"
            f" OR isnan({value}) OR isinf({value})",
        )
        if count:
            yield Problem("blocking", f"{subject.table}: {count} rows whose {value} does not agree with {status}")


def _memberships(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    (count,) = _one(connection, "SELECT count(DISTINCT area_code) FROM area_membership WHERE parent_code = ?", [REGION])
    if count != MUNICIPALITIES:
        yield Problem("blocking", f"area_membership: {REGION} has {count} municipalities, expected {MUNICIPALITIES}")
    for prefix, name in (("SK", "sub-region"), ("TA", "employment area")):
        (lacking,) = _one(
            connection,
            "SELECT string_agg(area_code, ', ' ORDER BY area_code) FROM area_membership m WHERE parent_code = ?"
            " AND NOT EXISTS (SELECT 1 FROM area_membership o WHERE o.area_code = m.area_code"
            " AND starts_with(o.parent_code, ?))",
            [REGION, prefix],
        )
        if lacking is not None:
            yield Problem("blocking", f"area_membership: no {name} for {lacking}")


def _sums(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """Municipalities against the region: equal when nothing is hidden, within 1 to 4 a hidden cell otherwise.

    A month put together from several editions may differ by a revision, so there it is a warning.
    """
    rows = connection.execute(
        """
        WITH member AS (SELECT area_code FROM area_membership WHERE parent_code = $region),
        parts AS (
            SELECT month, measure, coalesce(sum(value), 0) AS visible,
                   count(*) FILTER (status = 'suppressed') AS hidden, count(*) AS members,
                   min(fetch_id) AS oldest, max(fetch_id) AS newest
            FROM employment_service WHERE area_code IN (FROM member) AND list_contains($measures, measure)
            GROUP BY ALL
        )
        SELECT month, measure, visible, hidden, r.value, oldest = newest AND newest = r.fetch_id AS one_edition
        FROM parts JOIN employment_service r USING (month, measure)
        WHERE r.area_code = $region AND r.value IS NOT NULL AND members = $municipalities
          AND r.value NOT BETWEEN visible + $low * hidden AND visible + $high * hidden
        ORDER BY month, measure
        """,
        {
            "region": REGION,
            "measures": list(SUMMED),
            "municipalities": MUNICIPALITIES,
            "low": HIDDEN_LOW,
            "high": HIDDEN_HIGH,
        },
    ).fetchall()
    for month, measure, visible, hidden, total, one_edition in rows:
        hidden_part = f" and {hidden} hidden" if hidden else ""
        yield Problem(
            "blocking" if one_edition else "warning",
            f"employment_service {month:%Y-%m} {measure}: municipalities sum to {visible:.0f}{hidden_part},"
            f" {REGION} is {total:.0f}",
        )


def _one(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[str] | None = None) -> tuple:
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row

"""Checks of a built snapshot before it is published. A blocking problem keeps it from service."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import duckdb

from data import pieces
from data.changes import Change
from data.lineage import comparable, differing
from data.subjects import MISSING, SUBJECTS, Subject, time_series

HELSINKI = ZoneInfo("Europe/Helsinki")

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

# Subjects whose figures may be of the future.
PROJECTIONS = ("population_projection",)

EMPTIED = 10
"""An edition that hides at least so many figures of a measure, and gives none of it, is not believed."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, for a person to read; ``blocking`` problems stop a build, ``warning`` ones are reported.

    ``change`` is the row of the change report that a warning makes.
    """

    severity: Literal["blocking", "warning"]
    message: str
    change: Change | None = None


def run(
    connection: duckdb.DuckDBPyConnection, beside_parent: bool = False, now: datetime | None = None
) -> list[Problem]:
    """Every problem of the snapshot behind an open connection.

    With ``beside_parent`` it is compared with the attached parent too (``data/lineage.py``): a sum the parent already
    had wrong is no warning again. ``now`` is the present moment, aware.
    """
    problems: list[Problem] = []
    for subject in SUBJECTS.values():
        problems += _keys(connection, subject)
        problems += _statuses(connection, subject)
    problems += _memberships(connection)
    problems += _future(connection, now or datetime.now(UTC))
    if beside_parent:
        problems += [problem for subject in time_series() for problem in _emptied(connection, subject)]
    return problems + sums(connection, beside_parent)


def sums(connection: duckdb.DuckDBPyConnection, beside_parent: bool) -> list[Problem]:
    """Totals their parts do not add up to; warnings only of those that the attached parent had not yet."""
    found = list(_sums(connection, "main"))
    if not beside_parent:
        return found
    known = {_sum_key(problem) for problem in _earlier_sums(connection)}
    return [problem for problem in found if problem.severity == "blocking" or _sum_key(problem) not in known]


def _keys(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    key = ", ".join(subject.key)
    for piece in pieces.split(connection, subject.table, subject.key[0]):
        row = connection.execute(
            f"SELECT {key}, count(*) FROM {subject.table} WHERE {piece}"
            f" GROUP BY {key} HAVING count(*) > 1 ORDER BY {key} LIMIT 1"
        ).fetchone()
        if row is not None:
            where = " | ".join(str(part) for part in row[:-1])
            yield Problem("blocking", f"{subject.table}: {row[-1]} rows with one key: {where}")
            return


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


def _future(connection: duckdb.DuckDBPyConnection, now: datetime) -> Iterator[Problem]:
    """Loads with figures of a time that had not begun when they were released or fetched, nor has now.

    The release counts as well: the clock of this computer may be behind.
    """
    rows = connection.execute(
        "SELECT source_id, subject, last_period, greatest(fetched_at, published_at) FROM source_fetch"
        " WHERE origin <> 'seed' AND last_period IS NOT NULL AND NOT list_contains(?, subject) ORDER BY fetch_id",
        [list(PROJECTIONS)],
    ).fetchall()
    for source_id, subject, last_period, moment in rows:
        known = moment.replace(tzinfo=UTC) if moment is not None else now
        present = f"{max(now, known).astimezone(HELSINKI):%Y-%m}"
        if last_period > present[: len(last_period)]:
            yield Problem(
                "blocking",
                f"{subject} ({source_id}): figures of {last_period}, but it is only {present} now:"
                " the answer cannot be right, or the clock of this computer is wrong",
            )


def _emptied(connection: duckdb.DuckDBPyConnection, subject: Subject) -> Iterator[Problem]:
    """Editions that give no figure of a measure although the parent had figures of the same cells."""
    fresh = differing(connection, subject).fresh
    if not fresh:
        return
    numbers = ", ".join(map(str, fresh))
    named = "measure" in subject.key
    for value, _ in subject.values:
        measure = "measure" if named else f"'{value}'"
        suspects = connection.execute(
            f"SELECT fetch_id, {measure} AS what FROM {subject.table} WHERE fetch_id IN ({numbers})"
            f" GROUP BY ALL HAVING count({value}) = 0 ORDER BY ALL"
        ).fetchall()
        for fetch_id, what in suspects:
            (count,) = _one(
                connection,
                f"SELECT count(*) FROM (FROM main.{subject.table} WHERE fetch_id = ? AND {measure} = ?)"
                f" JOIN (SELECT {', '.join(subject.key)}, {value} AS before FROM parent.{subject.table}"
                f" WHERE {measure} = ?) USING ({', '.join(subject.key)}) WHERE before IS NOT NULL",
                [fetch_id, what, what],
            )
            if count >= EMPTIED:
                (source_id,) = _one(connection, "SELECT source_id FROM source_fetch WHERE fetch_id = ?", [fetch_id])
                yield Problem(
                    "blocking",
                    f"{subject.table} ({source_id}): the new edition has no figure at all of {what},"
                    f" of which {count} are known: it is not believed",
                )


def _earlier_sums(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    needed = ("employment_service", "area_membership", "source_fetch")
    return list(_sums(connection, "parent")) if all(comparable(connection, table) for table in needed) else []


def _sum_key(problem: Problem) -> str | None:
    return problem.change.key if problem.change is not None else None


def _sums(connection: duckdb.DuckDBPyConnection, database: str) -> Iterator[Problem]:
    """Municipalities against the region: equal when nothing is hidden, within 1 to 4 a hidden cell otherwise.

    A month put together from several editions may differ by a revision, so there it is a warning.
    """
    rows = connection.execute(
        f"""
        WITH member AS (SELECT area_code FROM {database}.area_membership WHERE parent_code = $region),
        parts AS (
            SELECT month, measure, coalesce(sum(value), 0) AS visible,
                   count(*) FILTER (status = 'suppressed') AS hidden,
                   count(*) FILTER (value IS NOT NULL OR status = 'suppressed') AS members,
                   min(fetch_id) AS oldest, max(fetch_id) AS newest
            FROM {database}.employment_service
            WHERE area_code IN (FROM member) AND list_contains($measures, measure)
            GROUP BY ALL
        )
        SELECT month, measure, visible, hidden, members, r.value, f.source_id,
               oldest = newest AND newest = r.fetch_id AS one_edition
        FROM parts JOIN {database}.employment_service r USING (month, measure)
        JOIN {database}.source_fetch f ON f.fetch_id = r.fetch_id
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
    for month, measure, visible, hidden, members, total, source_id, one_edition in rows:
        hidden_part = f" and {hidden} hidden" if hidden else ""
        key = f"employment_service|{REGION}|{measure}|{month:%Y-%m}|value"
        yield Problem(
            "blocking" if one_edition else "warning",
            f"employment_service {month:%Y-%m} {measure}: municipalities sum to {visible:.0f}{hidden_part},"
            f" {REGION} is {total:.0f}",
            Change(source_id, "sum", key, visible, total, None, None, members),
        )


def _one(connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row

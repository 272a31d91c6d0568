"""When new figures are missing, by the rule or by the pace of a source."""

from datetime import UTC, datetime

import pytest

from data.catalogue import Cadence, Source
from data.releases import overdue

TUESDAYS = "FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=20,21,22,23,24,25,26;BYHOUR=8;BYMINUTE=0;BYSECOND=0"


def source(cadence: Cadence, release: str | None = None) -> Source:
    return Source(
        id="statfin:12r5",
        publisher="p",
        publisher_fi="p",
        publisher_sv="p",
        statistic="s",
        statistic_fi="s",
        statistic_sv="s",
        table_id="t",
        cadence=cadence,
        licence="l",
        attribution="a",
        release=release,
        subject_table="employment_service",
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "now", "since"),
    [
        ("2026-10-20T05:00", "2026-11-24T05:59", None),
        ("2026-10-20T05:00", "2026-11-24T06:00", "2026-11-24T06:00"),
        ("2026-08-25T05:00", "2026-11-25T00:00", "2026-11-24T06:00"),
        ("2026-11-24T06:00", "2026-11-25T00:00", None),
        # Released a few days before it was expected.
        ("2026-11-18T06:00", "2026-11-25T00:00", None),
    ],
)
def test_by_its_rule_a_source_is_late_from_the_minute(published: str, now: str, since: str | None) -> None:
    assert overdue(source("month", TUESDAYS), utc(now), utc(published)) == (utc(since) if since else None)


@pytest.mark.parametrize(
    ("cadence", "published", "now", "since"),
    [
        ("month", "2026-08-25T05:00", "2026-10-02T04:00", None),
        ("month", "2026-08-25T05:00", "2026-10-02T06:00", "2026-09-25T05:00"),
        ("quarter", "2026-08-25T05:00", "2026-12-10T05:00", "2026-11-25T06:00"),
        ("year", "2025-05-20T05:00", "2026-06-18T05:00", None),
        ("year", "2025-05-20T05:00", "2026-06-20T05:00", "2026-05-20T05:00"),
        ("once", "2013-05-20T05:00", "2026-06-20T05:00", None),
        ("irregular", "2025-05-20T05:00", "2026-06-20T05:00", None),
    ],
)
def test_by_its_pace_a_source_is_late_after_some_patience(
    cadence: Cadence, published: str, now: str, since: str | None
) -> None:
    assert overdue(source(cadence), utc(now), utc(published)) == (utc(since) if since else None)


def test_without_a_stamp_nothing_is_said_to_be_late() -> None:
    assert overdue(source("month", TUESDAYS), utc("2026-11-25T00:00"), None) is None

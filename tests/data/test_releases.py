"""The release calendar: expected moments in Finnish time, and when a source is asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from data.catalogue import Cadence, Source, load_sources
from data.releases import Expected, due, latest_expected, next_expected, overdue

EMPLOYMENT_SERVICE = "FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=20,21,22,23,24,25,26;BYHOUR=8;BYMINUTE=0;BYSECOND=0"


def source(cadence: Cadence = "month", release: str | None = EMPLOYMENT_SERVICE) -> Source:
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


@pytest.mark.parametrize("released", ["2026-07-21T05:00", "2026-08-25T05:00", "2026-09-22T05:00"])
def test_releases_that_were_seen_are_expected_to_the_minute(released: str) -> None:
    moment = utc(released)
    assert latest_expected(source(), moment) == moment
    upcoming = next_expected(source(), moment - timedelta(seconds=1), None)
    assert upcoming == Expected(moment, "rule")


@pytest.mark.parametrize(
    ("now", "latest", "upcoming"),
    [
        # Summer time ended on 25 October 2026: eight o'clock is 5 UTC before it and 6 UTC after it.
        ("2026-10-20T05:00", "2026-10-20T05:00", "2026-11-24T06:00"),
        ("2026-10-20T04:59", "2026-09-22T05:00", "2026-10-20T05:00"),
        # It began on 29 March 2026.
        ("2026-03-29T01:00", "2026-03-24T06:00", "2026-04-21T05:00"),
        # Already the new year in Finland, not yet in UTC.
        ("2026-12-31T22:30", "2026-12-22T06:00", "2027-01-26T06:00"),
        ("2027-01-01T00:00", "2026-12-22T06:00", "2027-01-26T06:00"),
    ],
)
def test_eight_o_clock_is_finnish_time_all_year(now: str, latest: str, upcoming: str) -> None:
    assert latest_expected(source(), utc(now)) == utc(latest)
    assert next_expected(source(), utc(now), None) == Expected(utc(upcoming), "rule")


def test_moments_are_told_in_finnish_time() -> None:
    moment = latest_expected(source(), utc("2026-12-01T00:00"))
    assert moment is not None
    assert moment.isoformat() == "2026-11-24T08:00:00+02:00"


@pytest.mark.parametrize(
    ("cadence", "last", "now", "upcoming"),
    [
        ("month", "2026-08-25T05:00", "2026-09-01T00:00", "2026-09-25T05:00"),
        ("month", "2026-10-20T05:00", "2026-10-21T00:00", "2026-11-20T06:00"),
        ("month", "2026-01-31T06:00", "2026-02-28T12:00", "2026-03-31T05:00"),
        ("quarter", "2025-11-15T06:00", "2026-01-01T00:00", "2026-02-15T06:00"),
        ("year", "2024-02-29T06:00", "2027-06-01T00:00", "2028-02-29T06:00"),
    ],
)
def test_without_a_rule_the_pace_of_the_source_is_continued(
    cadence: Cadence, last: str, now: str, upcoming: str
) -> None:
    assert next_expected(source(cadence, None), utc(now), utc(last)) == Expected(utc(upcoming), "cadence")


@pytest.mark.parametrize(
    ("cadence", "last"), [("irregular", "2026-01-01T00:00"), ("once", "2026-01-01T00:00"), ("month", None)]
)
def test_nothing_is_expected_where_nothing_can_be_said(cadence: Cadence, last: str | None) -> None:
    now = utc("2026-06-01T00:00")
    assert latest_expected(source(cadence, None), now) is None
    assert next_expected(source(cadence, None), now, utc(last) if last else None) is None


@pytest.mark.parametrize(
    ("fetched", "now", "expected"),
    [
        (None, "2026-08-25T05:00", True),
        ("2026-08-24T12:00", "2026-08-25T04:59", False),
        ("2026-08-24T12:00", "2026-08-25T05:00", True),
        ("2026-08-25T05:00", "2026-08-25T05:01", False),
        ("2026-08-25T05:10", "2026-09-22T04:59", False),
        ("2026-08-25T05:10", "2026-09-22T05:00", True),
        ("2026-12-31T23:00", "2027-01-26T05:59", False),
        ("2026-12-31T23:00", "2027-01-26T06:00", True),
        ("2026-09-01T00:00", "2026-08-30T00:00", True),  # the clock has moved back
    ],
)
def test_a_source_with_a_rule_is_due_once_a_release_has_passed(fetched: str | None, now: str, expected: bool) -> None:
    assert due(source(), utc(fetched) if fetched else None, utc(now)) is expected


@pytest.mark.parametrize(
    ("fetched", "now", "published", "expected"),
    [
        ("2026-08-25T05:01", "2026-08-25T07:00", "2026-07-21T05:00", False),
        ("2026-08-25T05:01", "2026-08-25T08:01", "2026-07-21T05:00", True),
        ("2026-08-25T05:01", "2026-08-25T08:01", "2026-08-25T05:00", False),
        ("2026-08-25T05:01", "2026-09-01T00:00", "2026-08-24T05:00", False),  # out a day early
    ],
)
def test_a_release_that_is_late_is_asked_for_again(fetched: str, now: str, published: str, expected: bool) -> None:
    assert due(source(), utc(fetched), utc(now), utc(published)) is expected


@pytest.mark.parametrize(
    ("cadence", "days", "expected"),
    [
        ("month", 7, False),
        ("month", 8, True),
        ("quarter", 14, False),
        ("quarter", 15, True),
        ("year", 30, False),
        ("year", 31, True),
        ("irregular", 7, False),
        ("irregular", 8, True),
        ("once", 4_000, False),
    ],
)
def test_a_source_without_a_rule_is_due_by_its_cadence(cadence: Cadence, days: int, expected: bool) -> None:
    fetched = utc("2026-01-01T00:00")
    assert due(source(cadence, None), fetched, fetched + timedelta(days=days)) is expected
    assert due(source(cadence, None), None, fetched)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("FREQ=MONTHLY;BYDAY=TU", "BYHOUR, BYMINUTE, BYSECOND is missing"),
        ("FREQ=FORTNIGHTLY;BYHOUR=8;BYMINUTE=0;BYSECOND=0", "FORTNIGHTLY"),
        (EMPLOYMENT_SERVICE + ";COUNT=3", "a rule has no end"),
        (EMPLOYMENT_SERVICE + "\nRRULE:" + EMPLOYMENT_SERVICE, "release"),
        ("a Tuesday late in the month", "FREQ is missing"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(rule: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        source(release=rule)


def test_the_employment_service_statistics_are_expected_on_a_tuesday_at_eight() -> None:
    sources = load_sources()
    now = utc("2026-09-01T00:00")
    for table in ("12r5", "12ti", "12tu", "12tw"):
        upcoming = next_expected(sources[f"statfin:{table}"], now, None)
        assert upcoming is not None, table
        assert f"{upcoming.moment:%A %d %H.%M}" == "Tuesday 22 08.00"


# What is missing.


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
    assert overdue(source("month", EMPLOYMENT_SERVICE), utc(now), utc(published)) == (utc(since) if since else None)


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
    assert overdue(source(cadence, None), utc(now), utc(published)) == (utc(since) if since else None)


def test_without_a_stamp_nothing_is_said_to_be_late() -> None:
    assert overdue(source("month", EMPLOYMENT_SERVICE), utc("2026-11-25T00:00"), None) is None

"""The release calendar: when new figures of a source are expected, and when it is worth asking for them.

Expectations are the product's own, from rules in ``data/reference/sources.toml`` and from the pace of a source; no
publisher has promised them. A rule speaks of Finnish local time, so 8.00 stays 8.00 in winter and in summer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrule

from data.catalogue import Cadence, Source, parse_release_rule

HELSINKI = ZoneInfo("Europe/Helsinki")

STEP: dict[Cadence, relativedelta] = {
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}

# How long a source without a rule is left alone after it was asked.
PATIENCE: dict[Cadence, timedelta] = {
    "month": timedelta(days=7),
    "quarter": timedelta(days=14),
    "year": timedelta(days=30),
    "irregular": timedelta(days=7),
}

EARLY = timedelta(days=7)
"""An edition stamped this much before the expected moment, or less, is the expected one."""

LATE = timedelta(hours=3)
"""How often a release that is late is asked for again."""


@dataclass(frozen=True)
class Expected:
    """When new figures are expected (aware, Finnish time), and whether by a rule or by the pace of the source."""

    moment: datetime
    basis: Literal["rule", "cadence"]


def latest_expected(source: Source, now: datetime) -> datetime | None:
    """The latest moment at or before ``now`` at which the source's rule expected new figures; None without a rule.

    ``now`` is aware; the answer is aware, in Finnish time.
    """
    local = now.astimezone(HELSINKI)
    rule = _rule(source, local)
    found = rule.before(local.replace(tzinfo=None), inc=True) if rule is not None else None
    return found.replace(tzinfo=HELSINKI) if found is not None else None


def next_expected(source: Source, now: datetime, last_published: datetime | None) -> Expected | None:
    """The first moment after ``now`` at which new figures are expected.

    By the rule where the source has one; otherwise a month, a quarter or a year after ``last_published``, the release
    stamp of the newest edition held, as often as it takes to pass ``now``. None when neither can be said. Both moments
    are aware.
    """
    local = now.astimezone(HELSINKI)
    rule = _rule(source, local)
    if rule is not None:
        found = rule.after(local.replace(tzinfo=None))
        return Expected(found.replace(tzinfo=HELSINKI), "rule") if found is not None else None
    step = STEP.get(source.cadence)
    if step is None or last_published is None:
        return None
    first = last_published.astimezone(HELSINKI).replace(tzinfo=None)
    steps = 1
    # Counted from the first, so that the 31st is the 31st again after a shorter month.
    while (moment := (first + step * steps).replace(tzinfo=HELSINKI)) <= now:
        steps += 1
    return Expected(moment, "cadence")


def overdue(source: Source, now: datetime, last_published: datetime | None) -> datetime | None:
    """Since when new figures are missing: the expected moment that passed without an edition; None when none are.

    By the rule where the source has one; otherwise a month, a quarter or a year after ``last_published``, the release
    stamp of the newest edition held, and only once ``PATIENCE`` has passed too: a pace is no promise. None without a
    stamp. Moments are aware, the answer is in Finnish time.
    """
    if last_published is None:
        return None
    if (expected := latest_expected(source, now)) is not None:
        return expected if last_published < expected - EARLY else None
    step = STEP.get(source.cadence)
    if step is None:
        return None
    expected = (last_published.astimezone(HELSINKI).replace(tzinfo=None) + step).replace(tzinfo=HELSINKI)
    return expected if expected + PATIENCE[source.cadence] < now else None


def due(source: Source, last_fetched: datetime | None, now: datetime, last_published: datetime | None = None) -> bool:
    """Whether it is worth asking the service for new figures.

    True when the source was never loaded, when the clock has moved back behind ``last_fetched``, and when an expected
    release has passed since. Given ``last_published``, the stamp of the newest edition held, a release that is late is
    asked for again every ``LATE``. A source without a rule is asked again after ``PATIENCE``; one that is published
    once, never. All moments are aware.
    """
    if last_fetched is None or last_fetched > now:
        return True
    waited = now.astimezone(UTC) - last_fetched.astimezone(UTC)
    expected = latest_expected(source, now)
    if expected is None:
        patience = PATIENCE.get(source.cadence)
        return patience is not None and waited > patience
    if last_fetched < expected:
        return True
    is_late = last_published is not None and last_published < expected - EARLY
    return is_late and waited >= LATE


def _rule(source: Source, local: datetime) -> rrule | None:
    """The source's rule in wall-clock time, counted from the new year of the year before."""
    if source.release is None:
        return None
    return parse_release_rule(source.release, datetime(local.year - 1, 1, 1))

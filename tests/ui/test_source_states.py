"""Which sources ask for attention, from the snapshot, the catalogue and the log of loads."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from data.catalogue import Source
from data.status import Result, SourceStatus
from ui.locales import get_locale
from ui.source_states import counts, source_states
from ui.source_tables import period

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TUESDAYS = "FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=20,21,22,23,24,25,26;BYHOUR=8;BYMINUTE=0;BYSECOND=0"


def source(source_id: str, loadable: bool = True, release: str | None = TUESDAYS) -> Source:
    return Source(
        id=source_id,
        publisher="Producer",
        publisher_fi="Tuottaja",
        publisher_sv="Producent",
        statistic="Statistic",
        statistic_fi="Tilasto",
        statistic_sv="Statistik",
        table_id=f"StatFin x {source_id.split(':')[1]}",
        cadence="month",
        licence="CC BY 4.0",
        attribution="a",
        loadable=loadable,
        contract="likely" if loadable else None,
        release=release,
        subject_table="employment_service",
    )


def row(source_id: str, published: str | None = None, fetched: str | None = None, rows: int = 100) -> dict:
    return {
        "source_id": source_id,
        "publisher": "Tuottaja",
        "statistic": "Tilasto",
        "table_id": f"StatFin x {source_id.split(':')[1]}",
        "subject": "employment_service",
        "licence": "CC BY 4.0",
        "verify_url": None,
        "reliability": "complete",
        "first_period": "2026-01",
        "last_period": "2026-08",
        "row_count": rows,
        "published_at": pd.Timestamp(published) if published else pd.NaT,
        "fetched_at": pd.Timestamp(fetched) if fetched else pd.NaT,
    }


def entry(result: Result = "loaded", updated: str | None = None, success: datetime | None = NOW) -> SourceStatus:
    return SourceStatus(
        last_attempt=NOW - timedelta(hours=1),
        result=result,
        message="m",
        last_success=success,
        updated=datetime.fromisoformat(updated).replace(tzinfo=UTC) if updated else None,
    )


def states(rows: list[dict], sources: list[Source], log: dict[str, SourceStatus]) -> dict[str, str]:
    found = source_states(pd.DataFrame(rows), {one.id: one for one in sources}, log, NOW, "fi")
    return {one.source_id: one.state for one in found}


@pytest.mark.parametrize(
    ("log", "held", "state"),
    [
        # Never loaded: the seed's figures may be old, but nobody has asked for newer ones.
        ({}, row("a:1", published="2026-08-25T05:00"), "not_fetched"),
        ({"a:1": entry(updated="2026-11-24T06:00")}, row("a:1", published="2026-11-24T06:00"), "fine"),
        ({"a:1": entry(updated="2026-10-20T05:00")}, row("a:1", published="2026-10-20T05:00"), "late"),
        ({"a:1": entry("failed", "2026-11-24T06:00")}, row("a:1", published="2026-11-24T06:00"), "failed"),
        ({"a:1": entry("failed", success=None)}, row("a:1"), "failed"),
        # The log is lost, the snapshot knows that it was loaded.
        ({}, row("a:1", published="2026-11-24T06:00", fetched="2026-11-24T07:00"), "fine"),
        ({}, row("a:1", published="2026-09-22T05:00", fetched="2026-11-24T07:00"), "late"),
        # A snapshot that was built before the newest edition came is not late.
        ({"a:1": entry(updated="2026-11-24T06:00")}, row("a:1", published="2026-09-22T05:00"), "fine"),
    ],
)
def test_the_state_of_a_source(log: dict[str, SourceStatus], held: dict, state: str) -> None:
    assert states([held], [source("a:1")], log) == {"a:1": state}


def test_a_source_that_is_never_fetched_is_neither_late_nor_failed() -> None:
    assert states([row("a:1", published="2013-01-01")], [source("a:1", loadable=False)], {}) == {"a:1": "included"}


def test_what_asks_for_attention_comes_first() -> None:
    sources = [source(f"a:{n}", loadable=n != 1) for n in range(1, 6)]
    log = {
        "a:2": entry(updated="2026-11-24T06:00"),
        "a:4": entry(updated="2026-09-22T05:00"),
        "a:5": entry("failed"),
    }
    rows = [row(one.id, published="2026-09-22T05:00") for one in sources]
    assert list(states(rows, sources, log).items()) == [
        ("a:5", "failed"),
        ("a:4", "late"),
        ("a:2", "fine"),
        ("a:3", "not_fetched"),
        ("a:1", "included"),
    ]


def test_a_source_newer_than_the_snapshot_stands_there_without_figures() -> None:
    found = source_states(
        pd.DataFrame([row("a:1")]), {"a:1": source("a:1"), "b:2": source("b:2")}, {"b:2": entry("failed")}, NOW, "sv"
    )
    (new,) = [one for one in found if one.source_id == "b:2"]
    assert (new.state, new.publisher, new.name, new.row_count) == ("failed", "Producent", "Statistik (2)", 0)
    assert new.last_period is None


def test_a_source_the_catalogue_has_lost_is_still_told_of() -> None:
    assert states([row("a:1"), row("z:9")], [source("a:1")], {}) == {"a:1": "not_fetched", "z:9": "included"}


def test_states_are_counted() -> None:
    rows = [row("a:1"), row("a:2"), row("a:3")]
    sources = [source("a:1"), source("a:2"), source("a:3", loadable=False)]
    found = source_states(pd.DataFrame(rows), {one.id: one for one in sources}, {}, NOW, "fi")
    assert counts(found) == {"not_fetched": 2, "included": 1}


def test_the_next_release_follows_the_rule_or_the_pace() -> None:
    rows = [row("a:1", published="2026-09-22T05:00"), row("a:2", published="2026-09-22T05:00"), row("a:3")]
    sources = [source("a:1"), source("a:2", release=None), source("a:3", release=None)]
    found = source_states(pd.DataFrame(rows), {one.id: one for one in sources}, {}, NOW, "fi")
    told = {one.source_id: one.expected and (one.expected.moment.isoformat(), one.expected.basis) for one in found}
    assert told == {
        "a:1": ("2026-12-22T08:00:00+02:00", "rule"),
        "a:2": ("2026-12-22T08:00:00+02:00", "cadence"),
        "a:3": None,
    }


def test_periods_of_a_quarterly_source_are_quarters() -> None:
    survey = {**row("a:1"), "subject": "vacancy_survey", "first_period": "2013-01", "last_period": "2026-04"}
    monthly, quarterly = source_states(
        pd.DataFrame([survey, row("a:2")]), {"a:2": source("a:2"), "a:1": source("a:1")}, {}, NOW, "fi"
    )[::-1]
    assert period(get_locale("fi"), quarterly) == "I/2013–II/2026"
    assert period(get_locale("fi"), monthly) == "1/2026–8/2026"

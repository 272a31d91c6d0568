"""What was known when: revisions in their order, and any figure as it was known on any day."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data import pieces, snapshots
from data.build import TableLoad, build
from data.queries.revisions import known_on, revision_counts, revisions
from settings import Settings

MEASURES = ("TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA")
Rows = dict[tuple[str, str, str], float | None]


@pytest.fixture(autouse=True)
def _no_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the editions a test gives; the checks that need the whole seed are left out."""
    monkeypatch.setattr("data.build.seed.load_manifest", lambda: ())
    monkeypatch.setattr("data.build.checks.run", lambda *_: [])


def edition(rows: Rows, fetched: datetime | None, published: datetime | None = None, name: str = "") -> TableLoad:
    """A load of the employment service table: values by area, month and measure, None for a hidden one."""
    keys = list(rows)
    return TableLoad(
        source_id="statfin:12r5",
        origin="service",
        published_at=published or fetched,
        fetched_at=fetched,
        reliability="complete",
        sha256=f"{name}{fetched}{published}",
        table="employment_service",
        rows=pd.DataFrame(
            {
                "area_code": [key[0] for key in keys],
                "month": pd.to_datetime([f"{key[1]}-01" for key in keys]),
                "measure": [key[2] for key in keys],
                "value": pd.array([rows[key] for key in keys], dtype="float64"),
                "status": ["suppressed" if rows[key] is None else "published" for key in keys],
            }
        ),
    )


def at(day: int, hour: int = 6) -> datetime:
    return datetime(2026, 9, day, hour, tzinfo=UTC)


JOBSEEKERS = {"area_code": "MK19", "measure": "TYOTTOMATLOPUSSA"}
REVISED: tuple[Rows, ...] = (
    {("MK19", "2026-06", "TYOTTOMATLOPUSSA"): 9_137.0, ("KU890", "2026-06", "TYOTTOMATLOPUSSA"): 40.0},
    {("MK19", "2026-06", "TYOTTOMATLOPUSSA"): 9_140.0, ("MK19", "2026-07", "TYOTTOMATLOPUSSA"): 9_500.0},
    {("MK19", "2026-06", "TYOTTOMATLOPUSSA"): None, ("MK19", "2026-07", "TYOTTOMATLOPUSSA"): 9_500.0},
    {("KU890", "2026-07", "TYOTTOMATLOPUSSA"): 44.0},
)


@pytest.fixture
def revised(data_dir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Four editions, fetched on 1, 2, 3 and 4 September: figures revised, repeated, hidden and added late."""
    loads = [edition(rows, at(day)) for day, rows in enumerate(REVISED, start=1)]
    snapshot, _ = build(loads, Settings(data_dir=data_dir))
    with snapshots.connect(snapshot) as connection:
        yield connection


def told(frame: pd.DataFrame) -> list[tuple]:
    shown = frame.assign(period=frame["period"].astype("str").str[:7])
    return [
        (row.period, None if pd.isna(row.value) else row.value, row.status) for row in shown.itertuples(index=False)
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 8, 31), []),
        (date(2026, 9, 1), [("2026-06", 9_137.0, "published")]),
        (date(2026, 9, 2), [("2026-06", 9_140.0, "published"), ("2026-07", 9_500.0, "published")]),
        (date(2026, 9, 3), [("2026-06", None, "suppressed"), ("2026-07", 9_500.0, "published")]),
        (date(2030, 1, 1), [("2026-06", None, "suppressed"), ("2026-07", 9_500.0, "published")]),
    ],
)
def test_a_series_is_told_as_it_was_known(revised: duckdb.DuckDBPyConnection, day: date, expected: list) -> None:
    assert told(known_on(revised, "employment_service", JOBSEEKERS, day)) == expected


def test_a_cell_added_to_a_known_month_was_not_known_before(revised: duckdb.DuckDBPyConnection) -> None:
    utsjoki = {"area_code": "KU890", "measure": "TYOTTOMATLOPUSSA"}
    before = known_on(revised, "employment_service", utsjoki, date(2026, 9, 3))
    after = known_on(revised, "employment_service", utsjoki, date(2026, 9, 4))
    assert told(before) == [("2026-06", 40.0, "published")]
    assert told(after) == [("2026-06", 40.0, "published"), ("2026-07", 44.0, "published")]


def test_revisions_are_listed_newest_first(revised: duckdb.DuckDBPyConnection) -> None:
    listed = revisions(revised)
    assert list(listed["known_at"]) == [pd.Timestamp(2026, 9, day, 6) for day in (4, 3, 2)]
    assert list(listed["series"]) == ["KU890|TYOTTOMATLOPUSSA", "MK19|TYOTTOMATLOPUSSA", "MK19|TYOTTOMATLOPUSSA"]
    assert list(listed["period"]) == ["2026-07", "2026-06", "2026-06"]
    assert set(listed["column"]) == {"value"}
    assert [(old, new) for old, new in zip(listed["old_value"], listed["new_value"], strict=True)][2] == (9_137, 9_140)
    assert list(listed["old_status"].fillna("")) == ["", "published", "published"]
    assert list(listed["new_status"]) == ["published", "suppressed", "published"]
    assert len(revisions(revised, limit=1)) == 1
    assert len(revisions(revised, "employment_service", "statfin:12r5")) == 3
    assert revisions(revised, "population").empty
    assert revisions(revised, source_id="statfin:12ti").empty


def test_each_edition_is_counted_with_what_it_revised(revised: duckdb.DuckDBPyConnection) -> None:
    counted = revision_counts(revised)
    assert counted[["revised", "added", "first_period", "last_period"]].to_numpy().tolist() == [
        [0, 1, "2026-07", "2026-07"],
        [1, 0, "2026-06", "2026-06"],
        [1, 0, "2026-06", "2026-06"],
    ]


def test_the_day_ends_at_midnight_in_finland(data_dir: Path) -> None:
    """20.59 UTC on 31 August is still that day in Finland, 21.00 UTC is the first of September."""
    rows: Rows = {("MK19", "2026-07", "TYOTTOMATLOPUSSA"): 1.0}
    later: Rows = {("MK19", "2026-07", "TYOTTOMATLOPUSSA"): 2.0}
    loads = [
        edition(rows, datetime(2026, 8, 31, 20, 59, tzinfo=UTC)),
        edition(later, datetime(2026, 8, 31, 21, 0, tzinfo=UTC)),
    ]
    snapshot, _ = build(loads, Settings(data_dir=data_dir))
    with snapshots.connect(snapshot) as connection:
        values = [
            known_on(connection, "employment_service", JOBSEEKERS, date(2026, 8, 31) + timedelta(days=more))["value"]
            for more in (-1, 0, 1)
        ]
    assert [list(value) for value in values] == [[], [1.0], [2.0]]


def test_an_edition_without_a_fetch_is_known_since_its_release(data_dir: Path) -> None:
    rows: Rows = {("MK19", "2026-07", "TYOTTOMATLOPUSSA"): 1.0}
    snapshot, _ = build([edition(rows, None, at(10))], Settings(data_dir=data_dir))
    with snapshots.connect(snapshot) as connection:
        known = [len(known_on(connection, "employment_service", JOBSEEKERS, date(2026, 9, day))) for day in (9, 10)]
    assert known == [0, 1]


def test_both_sides_of_an_occupation_have_their_own_past(data_dir: Path) -> None:
    def sides(unemployed: float, vacancies: float, day: int) -> TableLoad:
        frame = pd.DataFrame(
            {
                "area_code": ["MK19"],
                "month": [pd.Timestamp("2026-06-01")],
                "occupation_code": ["5131"],
                "unemployed": [unemployed],
                "unemployed_status": ["published"],
                "vacancies": [vacancies],
                "vacancies_status": ["published"],
            }
        )
        stamp = at(day)
        table = "employment_service_occupation"
        return TableLoad("statfin:12ti", "service", stamp, stamp, "complete", str(day), table, frame)

    snapshot, _ = build([sides(80, 12, 1), sides(80, 14, 2)], Settings(data_dir=data_dir))
    series = {"area_code": "MK19", "occupation_code": "5131"}
    with snapshots.connect(snapshot) as connection:
        values = [
            list(known_on(connection, "employment_service_occupation", series, date(2026, 9, day), column)["value"])
            for column in ("unemployed", "vacancies")
            for day in (1, 2)
        ]
        listed = revisions(connection)
    assert values == [[80], [80], [12], [14]]
    assert list(zip(listed["series"], listed["column"], listed["period"], strict=True)) == [
        ("MK19|5131", "vacancies", "2026-06")
    ]


@pytest.mark.parametrize(
    ("subject", "series", "column", "message"),
    [
        ("area", {"area_code": "MK19"}, "value", "not a subject of time series"),
        ("nonsense", {}, "value", "not a subject of time series"),
        ("employment_service", {"area_code": "MK19"}, "value", "named by area_code, measure"),
        ("employment_service", JOBSEEKERS, "vacancies", "choose value"),
    ],
)
def test_a_series_that_cannot_be_asked_for_is_said(
    revised: duckdb.DuckDBPyConnection, subject: str, series: dict, column: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        known_on(revised, subject, series, date(2026, 9, 1), column)


cells = st.dictionaries(
    st.tuples(st.sampled_from(["MK19", "KU890"]), st.sampled_from(["2026-05", "2026-06"]), st.sampled_from(MEASURES)),
    st.sampled_from([None, 0.0, 7.0, 8.0]),
    min_size=1,
    max_size=8,
)
days = st.integers(1, 5)
editions_of_figures = st.lists(st.tuples(cells, days, days | st.none()), min_size=1, max_size=6)


@example([({("MK19", "2026-06", MEASURES[0]): None}, 2, None), ({("KU890", "2026-06", MEASURES[0]): None}, 1, None)], 3)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(editions_of_figures, st.sampled_from([pieces.ROWS, 3]))
def test_the_past_is_what_a_replay_up_to_that_day_gives(
    monkeypatch: pytest.MonkeyPatch, given_editions: list[tuple[Rows, int, int | None]], piece: int
) -> None:
    """Whatever the order of releases and fetches, and however the table is cut into pieces."""
    monkeypatch.setattr(pieces, "ROWS", piece)
    loads = [
        edition(rows, at(fetched), at(published, 5) if published else None, f"{position} ")
        for position, (rows, fetched, published) in enumerate(given_editions)
    ]
    in_order = sorted(range(len(loads)), key=lambda position: loads[position].published_at)
    with tempfile.TemporaryDirectory() as directory:
        snapshot, _ = build(loads, Settings(data_dir=Path(directory)))
        with snapshots.connect(snapshot) as connection:
            for day in range(6):
                replayed: Rows = {}
                for position in in_order:
                    if given_editions[position][1] <= day:
                        replayed |= given_editions[position][0]
                for area in ("MK19", "KU890"):
                    for measure in MEASURES:
                        expected = [
                            (month, value, "suppressed" if value is None else "published")
                            for (place, month, what), value in sorted(replayed.items())
                            if (place, what) == (area, measure)
                        ]
                        series = {"area_code": area, "measure": measure}
                        on_day = date(2026, 8, 31) + timedelta(days=day)
                        assert told(known_on(connection, "employment_service", series, on_day)) == expected

"""What a build makes of loads: overlay by release, refusal of rows that do not fit, checks, change report."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from data import changes, checks, seed, snapshots
from data.build import BuildError, TableLoad, build
from data.changes import Change
from data.subjects import SCHEMA, SUBJECTS, sql_type
from settings import Settings

MUNICIPALITIES = [
    "KU047 KU148 KU240 KU241 KU261 KU273 KU320 KU498 KU583 KU614 KU683",
    "KU698 KU732 KU742 KU751 KU758 KU845 KU851 KU854 KU890 KU976",
]


SMALL_SEED = ("statfin-12r5_", "statfin-12ti_2026-06-software", "statfin-classification-areas_")


@pytest.fixture
def settings(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data directory whose builds start from the few seed files these tests look at, to be quick."""
    small = tuple(entry for entry in seed.load_manifest() if entry.file.startswith(SMALL_SEED))
    monkeypatch.setattr("data.build.seed.load_manifest", lambda: small)
    return Settings(data_dir=data_dir)


def rows(*cells: tuple[str, str, str, float | None, str]) -> pd.DataFrame:
    frame = pd.DataFrame(cells, columns=["area_code", "month", "measure", "value", "status"])
    return frame.assign(month=pd.to_datetime(frame["month"] + "-01"), value=frame["value"].astype(float))


def load(frame: pd.DataFrame | pa.Table, day: int = 22, **changed: object) -> TableLoad:
    stamp = datetime(2026, 9, day, 5, tzinfo=UTC)
    fields: dict = {
        "source_id": "statfin:12r5",
        "origin": "service",
        "published_at": stamp,
        "fetched_at": stamp,
        "reliability": "complete",
        "sha256": f"{day}-{len(frame)}",
        "table": "employment_service",
        "rows": frame,
    }
    return TableLoad(**(fields | changed))


def cell(settings: Settings, area: str, month: str, measure: str) -> tuple:
    with snapshots.connect(snapshots.current(settings)) as connection:
        found = connection.execute(
            "SELECT e.value, e.status, f.origin FROM employment_service e JOIN source_fetch f USING (fetch_id)"
            " WHERE area_code = ? AND month = CAST(? || '-01' AS DATE) AND measure = ?",
            [area, month, measure],
        ).fetchall()
    assert len(found) == 1
    return found[0]


def test_a_later_load_replaces_cells_and_deletes_none(settings: Settings) -> None:
    build([load(rows(("KU890", "2023-10", "TYOTTOMATLOPUSSA", 44.0, "published")))], settings)
    assert cell(settings, "KU890", "2023-10", "TYOTTOMATLOPUSSA") == (44.0, "published", "service")
    assert cell(settings, "KU890", "2023-09", "TYOTTOMATLOPUSSA")[2] == "seed"
    assert cell(settings, "KU240", "2023-10", "TYOTTOMATLOPUSSA") == (1098.0, "published", "seed")


def test_a_published_count_can_become_hidden(settings: Settings) -> None:
    build([load(rows(("KU890", "2023-10", "TYOTTOMATLOPUSSA", None, "suppressed")))], settings)
    assert cell(settings, "KU890", "2023-10", "TYOTTOMATLOPUSSA") == (None, "suppressed", "service")


def test_the_later_release_wins_in_whatever_order_loads_are_given(settings: Settings) -> None:
    newer = load(rows(("MK19", "2026-07", "TYOTTOMATLOPUSSA", 9_002.0, "published")), day=23)
    older = load(rows(("MK19", "2026-07", "TYOTTOMATLOPUSSA", 9_001.0, "published")), day=22)
    build([newer, older], settings)
    assert cell(settings, "MK19", "2026-07", "TYOTTOMATLOPUSSA")[0] == 9_002.0


def test_of_two_loads_of_one_release_the_last_given_wins(settings: Settings) -> None:
    first = load(rows(("MK19", "2026-07", "TYOTTOMATLOPUSSA", 9_001.0, "published")), sha256="1")
    second = load(rows(("MK19", "2026-07", "TYOTTOMATLOPUSSA", 9_002.0, "published")), sha256="2")
    build([first, second], settings)
    assert cell(settings, "MK19", "2026-07", "TYOTTOMATLOPUSSA")[0] == 9_002.0


def test_a_load_older_than_the_seed_does_not_replace_it(settings: Settings) -> None:
    old = load(
        rows(("MK19", "2026-06", "TYOTTOMATLOPUSSA", 1.0, "published")),
        published_at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    build([old], settings)
    assert cell(settings, "MK19", "2026-06", "TYOTTOMATLOPUSSA") == (9_137.0, "published", "seed")


def test_a_file_without_a_release_stamp_comes_last(settings: Settings) -> None:
    by_hand = load(
        rows(("MK19", "2026-06", "LOMAUTETTU", 691.0, "published")), published_at=None, fetched_at=None, origin="file"
    )
    build([by_hand], settings)
    assert cell(settings, "MK19", "2026-06", "LOMAUTETTU") == (691.0, "published", "file")


def test_an_arrow_table_with_nan_is_loaded_as_hidden(settings: Settings) -> None:
    table = pa.table(
        {
            "area_code": ["KU890", "MK19"],
            "month": pa.array([datetime(2026, 7, 1).date()] * 2, pa.date32()),
            "occupation_code": ["5131", "5131"],
            "unemployed": [float("nan"), 80.0],
            "unemployed_status": ["suppressed", "published"],
            "vacancies": [0.0, 12.0],
            "vacancies_status": ["published", "published"],
        }
    )
    build([load(table, source_id="statfin:12ti", table="employment_service_occupation")], settings)
    with snapshots.connect(snapshots.current(settings)) as connection:
        found = connection.execute(
            "SELECT area_code, unemployed, unemployed_status, vacancies FROM employment_service_occupation"
            " WHERE month = DATE '2026-07-01' ORDER BY area_code"
        ).fetchall()
    assert found == [("KU890", None, "suppressed", 0.0), ("MK19", 80.0, "published", 12.0)]


def test_the_edition_of_a_load_is_recorded(settings: Settings) -> None:
    build([load(rows(("MK19", "2026-07", "TYOTTOMATLOPUSSA", 9_001.0, "published")), note="by night")], settings)
    with snapshots.connect(snapshots.current(settings)) as connection:
        found = connection.execute(
            "SELECT source_id, subject, published_at, reliability, first_period, last_period, row_count, note"
            " FROM source_fetch WHERE origin = 'service'"
        ).fetchall()
    assert found == [
        (
            "statfin:12r5",
            "employment_service",
            datetime(2026, 9, 22, 5),
            "complete",
            "2026-07",
            "2026-07",
            1,
            "by night",
        )
    ]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (rows(("MK19", "2026-07", "X", 1.0, "published")).drop(columns="status"), "column status is missing"),
        (rows(*[("MK19", "2026-07", "X", 1.0, "published")] * 2), "2 rows with one key: MK19"),
        (rows(("MK19", "2026-07", "X", -1.0, "published")), "does not fit the table"),
        (rows(("MK19", "2026-07", "X", None, "published")), "does not fit the table"),
        (rows(("MK19", "2026-07", "X", 3.0, "suppressed")), "does not fit the table"),
        (rows(("MK19", "2026-07", "X", 3.0, "guessed")), "does not fit the table"),
        (rows(("MK19", "2026-07", "X", 3.0, "published")).assign(month="July"), "does not fit the table"),
    ],
)
def test_rows_that_do_not_fit_are_refused(settings: Settings, frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(BuildError, match=message):
        build([load(frame)], settings)
    assert snapshots.list_snapshots(settings) == []


def test_an_unknown_table_is_refused(settings: Settings) -> None:
    with pytest.raises(BuildError, match="no such subject table"):
        build([load(rows(("MK19", "2026-07", "X", 1.0, "published")), table="nonsense")], settings)


def region_of(values: list[float | None], total: float) -> pd.DataFrame:
    municipalities = " ".join(MUNICIPALITIES).split()
    cells = [
        (code, "2026-07", "TYOTTOMATLOPUSSA", value, "published" if value is not None else "suppressed")
        for code, value in zip(municipalities, values, strict=True)
    ]
    return rows(*cells, ("MK19", "2026-07", "TYOTTOMATLOPUSSA", total, "published"))


@pytest.mark.parametrize(
    ("hidden", "total", "fits"),
    [
        (0, 210, True),
        (0, 211, False),
        (0, 209, False),
        (2, 192, True),
        (2, 198, True),
        (2, 191, False),
        (2, 199, False),
    ],
)
def test_municipalities_must_sum_to_the_region_within_what_is_hidden(
    settings: Settings, hidden: int, total: float, fits: bool
) -> None:
    frame = region_of([None] * hidden + [10.0] * (21 - hidden), total)
    if fits:
        build([load(frame)], settings)
        assert cell(settings, "MK19", "2026-07", "TYOTTOMATLOPUSSA")[0] == total
    else:
        with pytest.raises(BuildError, match=r"employment_service 2026-07 TYOTTOMATLOPUSSA: municipalities sum to"):
            build([load(frame)], settings)


def test_a_revision_of_the_region_alone_is_a_warning(settings: Settings) -> None:
    build([load(rows(("MK19", "2023-10", "TYOTTOMATLOPUSSA", 7_681.0, "published")))], settings)
    with snapshots.connect(snapshots.current(settings)) as connection:
        problems = checks.run(connection)
    assert problems == [
        checks.Problem(
            "warning", "employment_service 2023-10 TYOTTOMATLOPUSSA: municipalities sum to 7680, MK19 is 7681"
        )
    ]


@pytest.fixture
def copy_of_seed(seed_snapshot: snapshots.Snapshot, tmp_path: Path) -> Path:
    path = tmp_path / "copy.duckdb"
    path.write_bytes(seed_snapshot.path.read_bytes())
    return path


def test_the_seed_has_no_problem(seed_connection: duckdb.DuckDBPyConnection) -> None:
    assert checks.run(seed_connection) == []


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            "INSERT INTO vacancy_flow FROM vacancy_flow LIMIT 1",
            "vacancy_flow: 2 rows with one key: KU047 | 2006-01-01",
        ),
        (
            "INSERT INTO commuting VALUES ('MK19', 2017, 'total', 'x', 'NaN'::DOUBLE, 'published', 1)",
            "commuting: 1 rows whose value does not agree with status",
        ),
        (
            "DELETE FROM area_membership WHERE area_code = 'KU890' AND parent_code = 'MK19'",
            "area_membership: MK19 has 20 municipalities, expected 21",
        ),
        (
            "DELETE FROM area_membership WHERE area_code IN ('KU890', 'KU742') AND parent_code = 'TA28'",
            "area_membership: no employment area for KU742, KU890",
        ),
    ],
)
def test_damage_is_found_and_named(copy_of_seed: Path, damage: str, message: str) -> None:
    with duckdb.connect(str(copy_of_seed)) as connection:
        connection.execute(damage)
        problems = checks.run(connection)
    assert [(problem.severity, problem.message[: len(message)]) for problem in problems] == [("blocking", message)]


# The change report.


def published(settings: Settings, *loads: TableLoad) -> list[Change]:
    return build(loads, settings)[1]


def test_a_first_snapshot_reports_no_change(settings: Settings) -> None:
    assert published(settings) == []


def test_new_months_revisions_and_new_series_are_told_apart(settings: Settings) -> None:
    published(settings)
    report = published(
        settings,
        load(
            rows(
                ("MK19", "2026-07", "TYOTTOMATLOPUSSA", 9_500.0, "published"),
                ("SSS", "2026-07", "TYOTTOMATLOPUSSA", 360_000.0, "published"),
                ("MK19", "2026-06", "LOMAUTETTU", 700.0, "published"),
                ("KU742", "2026-06", "AVPAIKATLOPUSSA", 5.0, "published"),
                ("MK19", "2026-07", "NEWMEASURE", 1.0, "published"),
            )
        ),
    )
    assert report == [
        Change("statfin:12r5", "new_period", "employment_service|2026-07", None, None, None, None, 2),
        Change("statfin:12r5", "new_series", "employment_service|MK19|NEWMEASURE", None, None, None, None, 1),
        Change(
            "statfin:12r5",
            "revised",
            "employment_service|KU742|AVPAIKATLOPUSSA|2026-06|value",
            None,
            5.0,
            "suppressed",
            "published",
            1,
        ),
        Change(
            "statfin:12r5",
            "revised",
            "employment_service|MK19|LOMAUTETTU|2026-06|value",
            690.0,
            700.0,
            "published",
            "published",
            1,
        ),
    ]
    with snapshots.connect(snapshots.current(settings)) as connection:
        stored = connection.execute("SELECT kind, key, cells FROM change_report ORDER BY kind, key").fetchall()
    assert stored == sorted((change.kind, change.key, change.cells) for change in report)


def test_an_equal_value_of_a_new_edition_is_no_change(settings: Settings) -> None:
    published(settings)
    same = load(rows(("MK19", "2026-06", "LOMAUTETTU", 690.0, "published")))
    assert published(settings, same) == []


def test_a_series_the_service_stops_giving_is_lost(settings: Settings) -> None:
    july = load(
        rows(
            ("MK19", "2026-07", "TYOTTOMATLOPUSSA", 9_500.0, "published"),
            ("KU890", "2026-07", "TYOTTOMATLOPUSSA", 50.0, "published"),
        )
    )
    published(settings, july)
    august = load(rows(("MK19", "2026-08", "TYOTTOMATLOPUSSA", 9_100.0, "published")), day=23)
    assert [(change.kind, change.key, change.cells) for change in published(settings, july, august)] == [
        ("new_period", "employment_service|2026-08", 1),
        ("lost_series", "employment_service|KU890|TYOTTOMATLOPUSSA", 1),
    ]


def test_a_series_is_not_lost_because_the_seed_reaches_further(settings: Settings) -> None:
    may = load(rows(("MK19", "2026-05", "NEWMEASURE", 1.0, "published")))
    published(settings, may)
    again = load(rows(("MK19", "2026-05", "TYOTTOMATLOPUSSA", 8_000.0, "published")), day=23)
    assert [(change.kind, change.key) for change in published(settings, may, again)] == [
        ("new_period", "employment_service|2026-05")
    ]


def test_another_reason_for_a_missing_value_is_a_revision(settings: Settings) -> None:
    published(settings)
    report = published(settings, load(rows(("KU742", "2026-06", "AVPAIKATLOPUSSA", None, "not_available"))))
    assert [(change.kind, change.old_status, change.new_status) for change in report] == [
        ("revised", "suppressed", "not_available")
    ]


def test_going_back_to_fewer_inputs_reports_what_is_gone(settings: Settings) -> None:
    published(settings)
    published(settings, load(rows(("MK19", "2026-07", "NEWMEASURE", 1.0, "published"))))
    assert published(settings) == [
        Change("statfin:12r5", "lost_series", "employment_service|MK19|NEWMEASURE", None, None, None, None, 1)
    ]


def test_both_sides_of_an_occupation_are_compared(settings: Settings) -> None:
    published(settings)
    frame = pd.DataFrame(
        {
            "area_code": ["MK19"],
            "month": [pd.Timestamp("2026-06-01")],
            "occupation_code": ["2513"],
            "unemployed": [11.0],
            "unemployed_status": ["published"],
            "vacancies": [None],
            "vacancies_status": ["suppressed"],
        }
    )
    report = published(settings, load(frame, source_id="statfin:12ti", table="employment_service_occupation"))
    assert [(change.key, change.old_value, change.new_value, change.new_status) for change in report] == [
        ("employment_service_occupation|MK19|2513|2026-06|vacancies", 0.0, None, "suppressed")
    ]


def test_nothing_is_stored_for_an_empty_report() -> None:
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        changes.store(connection, [])
        assert connection.execute("SELECT count(*) FROM change_report").fetchone() == (0,)


@pytest.fixture
def schema() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(SCHEMA.read_text(encoding="utf-8"))
    return connection


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("employment_service", "('MK19', DATE '2026-06-15', 'X', 1, 'published', 1)"),
        ("employment_service", "('MK19', DATE '2026-06-01', 'X', -1, 'published', 1)"),
        ("employment_service", "('MK19', DATE '2026-06-01', 'X', NULL, 'published', 1)"),
        ("employment_service", "('MK19', DATE '2026-06-01', 'X', 3, 'suppressed', 1)"),
        ("employment_service", "('MK19', DATE '2026-06-01', 'X', 3, 'rounded', 1)"),
        ("employment_service", "(NULL, DATE '2026-06-01', 'X', 3, 'published', 1)"),
        ("employment_service_bulletin", "('MK19', DATE '2026-06-01', 'X', 3, 'suppressed', NULL, NULL, 1)"),
        (
            "employment_service_occupation",
            "('MK19', DATE '2026-06-01', '5131', NULL, 'published', 1, 'published', 1)",
        ),
        ("occupation_during_month", "('MK19', DATE '2026-06-01', '5131', 'SSS', 'AVPAIKATYHT', 0, 'suppressed', 1)"),
        ("vacancy_industry", "('MK19', DATE '2026-06-01', 'I', 'UUDETAVP', 1, 'published', 1)"),
        ("vacancy_flow", "('MK19', DATE '2026-06-01', 'X', 0, 'not_defined', 1)"),
        ("accommodation", "('MK19', DATE '2020-01-01', 'german', 'nights', 1, 'published', NULL, 1)"),
        ("population", "('MK19', 2025, 'total', 'unknown', 'x', 1, 'published', 1)"),
        ("area_indicator", "('MK19', 2025, 'weather', 'x', 1, 'published', 1)"),
        ("norway_unemployed", "('NO', DATE '2020-01-01', 'idle', 'total', 'persons', 1, 'published', 1)"),
        ("event", "('E', '2020', NULL, 'h', 'utsjoki', 0, NULL, NULL, 'a', 'b', 'c', NULL, NULL, NULL, 'confirmed')"),
        ("event", "('E', '2020', NULL, 'y', 'utsjoki', 2, NULL, NULL, 'a', 'b', 'c', NULL, NULL, NULL, 'confirmed')"),
        ("area", "('KU1', 'village', 'a', NULL, NULL, NULL, NULL)"),
    ],
)
def test_the_schema_refuses_bad_rows(schema: duckdb.DuckDBPyConnection, table: str, values: str) -> None:
    with pytest.raises(duckdb.ConstraintException):
        schema.execute(f"INSERT INTO {table} VALUES {values}")


def test_a_published_zero_is_a_value(schema: duckdb.DuckDBPyConnection) -> None:
    schema.execute("INSERT INTO employment_service VALUES ('KU890', DATE '2026-06-01', 'X', 0, 'published', 1)")
    schema.execute("INSERT INTO employment_service VALUES ('KU891', DATE '2026-06-01', 'X', NULL, 'suppressed', 1)")
    assert schema.execute("SELECT value FROM employment_service ORDER BY area_code").fetchall() == [(0.0,), (None,)]


def test_subjects_repeat_the_columns_and_types_of_the_schema(schema: duckdb.DuckDBPyConnection) -> None:
    described = {
        table: {row[0]: row[1] for row in schema.execute(f"DESCRIBE {table}").fetchall()} for table in SUBJECTS
    }
    declared = {
        table: {column: sql_type(column) for column in subject.columns}
        | ({"fetch_id": "SMALLINT"} if subject.fetched else {})
        for table, subject in SUBJECTS.items()
    }
    assert described == declared

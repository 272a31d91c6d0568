"""What a build makes of loads: overlay by release, refusal of rows that do not fit, checks, change report."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import changes, checks, pieces, seed, snapshots
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
    assert [(problem.severity, problem.message) for problem in problems] == [
        ("warning", "employment_service 2023-10 TYOTTOMATLOPUSSA: municipalities sum to 7680, MK19 is 7681")
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


# Figures that are not believed.


def test_figures_of_the_future_are_refused(settings: Settings) -> None:
    frame = rows(("MK19", "2099-01", "TYOTTOMATLOPUSSA", 9_500.0, "published"))
    with pytest.raises(BuildError, match=r"employment_service \(statfin:12r5\): figures of 2099-01, but it is only 20"):
        build([load(frame)], settings)


@pytest.mark.parametrize(
    ("period", "now", "refused"),
    [
        ("2027-01", datetime(2026, 12, 31, 21, 59, tzinfo=UTC), True),
        ("2027-01", datetime(2026, 12, 31, 22, 0, tzinfo=UTC), False),  # January has begun in Finland
        ("2026-07", datetime(2020, 1, 1, tzinfo=UTC), False),  # the clock moved back behind the fetch
        ("2026-10", datetime(2020, 1, 1, tzinfo=UTC), True),
    ],
)
def test_the_present_month_is_the_finnish_one_or_that_of_the_fetch(
    settings: Settings, period: str, now: datetime, refused: bool
) -> None:
    frame = rows(("MK19", "2026-01", "TYOTTOMATLOPUSSA", 9_500.0, "published"))
    build([load(frame)], settings)
    with duckdb.connect(str(snapshots.current(settings).path)) as connection:
        connection.execute("UPDATE source_fetch SET last_period = ? WHERE origin = 'service'", [period])
        problems = [problem for problem in checks.run(connection, now=now) if "clock" in problem.message]
    assert [problem.severity for problem in problems] == (["blocking"] if refused else [])


def test_a_projection_may_be_of_the_future(settings: Settings) -> None:
    frame = pd.DataFrame(
        {
            "area_code": ["MK19"],
            "year": [2099],
            "age": ["total"],
            "measure": ["population"],
            "value": [150_000.0],
            "status": ["published"],
        }
    )
    build([load(frame, source_id="statfin:vaenn-2019", table="population_projection")], settings)
    with snapshots.connect(snapshots.current(settings)) as connection:
        assert connection.execute("SELECT max(year) FROM population_projection").fetchone() == (2099,)


def hidden_edition(codes: list[str], measure: str = "TYOTTOMATLOPUSSA") -> pd.DataFrame:
    return rows(*[(code, "2023-10", measure, None, "suppressed") for code in codes])


def test_an_edition_that_hides_all_of_a_measure_is_refused(settings: Settings) -> None:
    build(settings=settings)
    codes = " ".join(MUNICIPALITIES).split()
    with pytest.raises(BuildError, match="no figure at all of TYOTTOMATLOPUSSA, of which 21 are known"):
        build([load(hidden_edition(codes))], settings)
    some = pd.concat([hidden_edition(codes[:20]), rows((codes[20], "2023-10", "TYOTTOMATLOPUSSA", 900.0, "published"))])
    build([load(some)], settings)
    assert cell(settings, codes[0], "2023-10", "TYOTTOMATLOPUSSA") == (None, "suppressed", "service")


def test_a_few_figures_may_become_hidden(settings: Settings) -> None:
    build(settings=settings)
    build([load(hidden_edition(["KU890", "KU742"]))], settings)
    assert cell(settings, "KU890", "2023-10", "TYOTTOMATLOPUSSA") == (None, "suppressed", "service")


def test_a_negative_count_is_named(settings: Settings) -> None:
    frame = rows(("MK19", "2026-07", "X", 4.0, "published"), ("KU890", "2026-07", "X", -1.0, "published"))
    with pytest.raises(BuildError, match=r"KU890 \| 2026-07-01 \| X has a negative value, -1$"):
        build([load(frame)], settings)


# Large tables.


def test_parquet_files_are_rows_too(settings: Settings, tmp_path: Path) -> None:
    cells = [
        ("MK19", "2026-07", "TYOTTOMATLOPUSSA", 9_500.0, "published"),
        ("KU890", "2026-07", "X", None, "suppressed"),
    ]
    files = [tmp_path / f"{number}'s.parquet" for number in range(2)]
    for path, one in zip(files, cells, strict=True):
        pq.write_table(pa.Table.from_pandas(rows(one)), path)
    build([load(rows(*cells), rows=files)], settings)
    assert cell(settings, "MK19", "2026-07", "TYOTTOMATLOPUSSA") == (9_500.0, "published", "service")
    assert cell(settings, "KU890", "2026-07", "X") == (None, "suppressed", "service")


def contents(snapshot: snapshots.Snapshot) -> dict[str, list[tuple]]:
    ordered = ("employment_service", "employment_service_occupation", "area")
    sorted_here = ("revision", "series_start", "source_fetch", "edition_period", "change_report")
    with snapshots.connect(snapshot) as connection:
        found = {table: connection.execute(f"FROM {table}").fetchall() for table in ordered}
        return found | {table: connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in sorted_here}


def test_a_table_built_in_pieces_is_the_same_table(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row and in the order of the keys, with its revisions and its change report."""
    loads = [
        load(rows(("MK19", "2023-10", "LOMAUTETTU", 1.0, "published"), ("KU890", "2026-07", "X", 1.0, "published"))),
        load(rows(("KU240", "2026-07", "X", 2.0, "published"), ("SSS", "2023-10", "Y", None, "suppressed")), day=23),
    ]
    whole = []
    for directory, size in (("whole", pieces.ROWS), ("cut", 5_000)):
        monkeypatch.setattr(pieces, "ROWS", size)
        here = Settings(data_dir=tmp_path / directory)
        build([], here)
        whole.append(contents(build(loads, here)[0]))
    assert whole[0] == whole[1]
    assert len(whole[0]["employment_service"]) > 40_000
    assert len(whole[0]["change_report"]) > 3


def test_two_rows_with_one_key_are_found_in_a_period_others_hold(settings: Settings) -> None:
    frame = rows(*[("MK19", "2026-06", "LOMAUTETTU", 1.0, "published")] * 2)
    with pytest.raises(
        BuildError, match=r"statfin:12r5, employment_service: 2 rows with one key: MK19 \| 2026-06-01 \| LOMAUTETTU"
    ):
        build([load(frame)], settings)


def test_two_rows_with_one_key_are_found_in_any_piece(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "ROWS", 5_000)
    frame = rows(*[("KU683", "2026-07", "X", 1.0, "published")] * 2)
    with pytest.raises(BuildError, match=r"employment_service: 2 rows with one key: KU683 \| 2026-07-01 \| X"):
        build([load(frame)], settings)


def test_a_row_without_an_area_is_refused_in_any_piece(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "ROWS", 5_000)
    frame = rows(("MK19", "2026-07", "X", 1.0, "published")).assign(area_code=pd.array([None], dtype="object"))
    with pytest.raises(BuildError, match="does not fit the table"):
        build([load(frame)], settings)


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3), st.integers(1, 9)),
    st.integers(1, 20),
)
def test_pieces_cover_every_row_once(counts: dict[str, int], size: int) -> None:
    with duckdb.connect() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "ROWS", size)
        connection.execute("CREATE TABLE t (c VARCHAR)")
        connection.execute("INSERT INTO t VALUES (NULL)")
        for value, count in counts.items():
            connection.execute("INSERT INTO t SELECT ? FROM range(?)", [value, count])
        cut = [
            connection.execute(f"SELECT count(*), count(DISTINCT c) FROM t WHERE {piece}").fetchone()
            for piece in pieces.split(connection, "t", "c")
        ]
    assert sum(rows for rows, _ in cut) == sum(counts.values()) + 1
    assert sum(values for _, values in cut) == len(counts)
    assert all(rows <= size + 1 or values == 1 for rows, values in cut)


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
        Change("statfin:12r5", "classification", "employment_service|measure|+NEWMEASURE", 0.0, 1.0, None, None, 1),
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
        ("classification", "employment_service|area_code|-KU890", 1),
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
        Change("statfin:12r5", "lost_series", "employment_service|MK19|NEWMEASURE", None, None, None, None, 1),
        Change("statfin:12r5", "classification", "employment_service|measure|-NEWMEASURE", 1.0, 0.0, None, None, 1),
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


def test_many_revised_cells_are_told_by_period_and_kept_one_by_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LISTED", 3)
    published(settings)
    cells = [
        (code, month, "TYOTTOMATLOPUSSA", 1_000_000.0, "published")
        for code, month in (("MK19", "2023-10"), ("SSS", "2023-10"), ("KU240", "2023-10"), ("MK19", "2023-09"))
    ]
    report = published(settings, load(rows(*cells)))
    assert [change for change in report if change.kind == "revised"] == [
        Change("statfin:12r5", "revised", "employment_service|2023-09", None, None, None, None, 1),
        Change("statfin:12r5", "revised", "employment_service|2023-10", None, None, None, None, 3),
    ]
    with snapshots.connect(snapshots.current(settings)) as connection:
        kept = connection.execute("SELECT key, old_value, new_value FROM revision WHERE new_value = 1e6").fetchall()
    assert ("employment_service|MK19|TYOTTOMATLOPUSSA|2023-10|value", 7_680.0, 1_000_000.0) in kept
    assert len(kept) == 4


def test_many_new_series_are_told_as_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "LISTED", 3)
    published(settings)
    report = published(settings, load(rows(*[("MK19", "2026-07", f"N{n}", 1.0, "published") for n in range(7)])))
    assert report == [
        Change("statfin:12r5", "new_series", "employment_service|7 series", None, None, None, None, 7),
        Change("statfin:12r5", "classification", "employment_service|measure|+N0 +N1 +N2 +N3 +N4", 0, 7, None, None, 7),
    ]


def test_a_municipality_that_moves_is_told(settings: Settings) -> None:
    published(settings)
    moved = pd.DataFrame(
        {"area_code": ["KU890"], "parent_code": ["TA99"], "valid_from": [None], "valid_to": [None]}, dtype="object"
    )
    moves = load(moved, source_id="statfin:classification-areas", table="area_membership")
    there = Change(
        "statfin:classification-areas", "membership", "area_membership|KU890|TA99", None, None, None, "member", 1
    )
    back = Change(
        "statfin:classification-areas", "membership", "area_membership|KU890|TA99", None, None, "member", None, 1
    )
    assert published(settings, moves) == [there]
    assert published(settings) == [back]


def test_a_total_that_no_longer_adds_up_is_told_once(settings: Settings) -> None:
    published(settings)
    region = load(rows(("MK19", "2023-10", "TYOTTOMATLOPUSSA", 7_681.0, "published")))
    broken = Change(
        "statfin:12r5",
        "sum",
        "employment_service|MK19|TYOTTOMATLOPUSSA|2023-10|value",
        7_680.0,
        7_681.0,
        None,
        None,
        21,
    )
    assert [change for change in published(settings, region) if change.kind == "sum"] == [broken]
    other = load(rows(("SSS", "2026-07", "TYOTTOMATLOPUSSA", 1.0, "published")), day=23)
    assert {change.kind for change in published(settings, region, other)} == {
        "new_period",
        "lost_series",
        "classification",
    }


def test_a_subject_whose_columns_are_named_as_those_of_editions_is_compared(settings: Settings) -> None:
    """The key figures have a column ``subject``, and so have the editions."""

    def figures(year: int, *measures: str) -> TableLoad:
        frame = pd.DataFrame({"measure": measures}).assign(
            area_code="MK19", year=year, subject="income", value=1.0, status="published"
        )
        return load(frame, day=year - 2000, source_id="statfin:14ww", table="area_indicator")

    published(settings)
    first = figures(2023, "kept", "dropped")
    assert [change.key for change in published(settings, first)] == [
        "area_indicator|MK19|income|dropped",
        "area_indicator|MK19|income|kept",
    ]
    assert [(change.kind, change.key) for change in published(settings, first, figures(2024, "kept", "new"))] == [
        ("new_period", "area_indicator|2024"),
        ("new_series", "area_indicator|MK19|income|new"),
        ("lost_series", "area_indicator|MK19|income|dropped"),
        ("classification", "area_indicator|measure|+new -dropped"),
    ]


def test_a_table_the_parent_has_otherwise_is_not_compared(settings: Settings) -> None:
    earlier, _ = build([], settings)
    with duckdb.connect(str(earlier.path)) as connection:
        connection.execute("ALTER TABLE employment_service RENAME COLUMN measure TO content")
    assert published(settings, load(rows(("MK19", "2026-07", "TYOTTOMATLOPUSSA", 9_500.0, "published")))) == []


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

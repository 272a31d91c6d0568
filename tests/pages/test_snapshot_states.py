"""Whatever the snapshot directory holds, a view shows figures or says what is missing and how to get it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import screen
from streamlit.testing.v1 import AppTest

from data import build
from data.snapshots import Snapshot
from settings import get_settings
from ui.readings import UNEMPLOYED, VACANCIES

HOW_TO_GET_IT = "python -m loaders refresh"


@pytest.fixture
def directory(data_dir: Path, in_service: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty snapshot directory of this test's own, in service."""
    monkeypatch.setenv("TILANNEHUONE_DATA_DIR", str(data_dir))
    get_settings.cache_clear()
    snapshots = data_dir / "snapshots"
    snapshots.mkdir(parents=True)
    return snapshots


@pytest.fixture
def with_changes(directory: Path, in_service: Snapshot) -> Callable[[str, str], None]:
    """Puts a copy of the seed's snapshot in service under an id of its own, after SQL has run on it."""

    def publish(snapshot_id: str, sql: str) -> None:
        path = directory / f"{snapshot_id}.duckdb"
        shutil.copyfile(in_service.path, path)
        with duckdb.connect(str(path)) as connection:
            connection.execute(sql)
            connection.execute("UPDATE snapshot SET snapshot_id = ?", [snapshot_id])
            connection.execute("UPDATE source_fetch SET origin = 'file'")  # a changed seed alone would be rebuilt
        (directory / "current").write_text(f"{snapshot_id}\n")

    return publish


def sound(app: AppTest) -> None:
    assert [problem.message for problem in app.exception] == []
    assert [problem.value for problem in app.error] == []


def said(app: AppTest) -> list[str]:
    """Messages that say how to get what is missing."""
    return [info.value for info in app.info if HOW_TO_GET_IT in info.value]


def test_the_first_start_builds_from_the_seed(directory: Path, in_service: Snapshot) -> None:
    app = screen.visit()
    sound(app)
    assert len(screen.charts(app.main)) == 3
    assert (directory / "current").read_text().split()[0] == in_service.snapshot_id


@pytest.mark.parametrize("pointer", [b"ffffffffffff\n", b"\xff\xfe\x00", b""])
def test_a_damaged_pointer_leaves_the_newest_snapshot_in_service(
    directory: Path, in_service: Snapshot, pointer: bytes
) -> None:
    shutil.copyfile(in_service.path, directory / in_service.path.name)
    (directory / "current").write_bytes(pointer)
    app = screen.visit()
    sound(app)
    assert len(screen.charts(app.main)) == 3


def test_a_damaged_snapshot_gives_way_to_a_good_one(directory: Path, in_service: Snapshot) -> None:
    shutil.copyfile(in_service.path, directory / in_service.path.name)
    (directory / "aaaaaaaaaaaa.duckdb").write_bytes(b"not a database")
    (directory / "current").write_text("aaaaaaaaaaaa\n")
    app = screen.visit("aineistot")
    sound(app)
    assert [text for text in screen.words(app.main) if in_service.snapshot_id in text]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_when_nothing_can_be_opened_or_built_the_view_says_so(
    directory: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def fail(settings: object = None) -> None:
        raise build.BuildError("employment_service: 2 rows with one key")

    monkeypatch.setattr(build, "build", fail)
    app = screen.visit(lang=language)
    assert [problem.message for problem in app.exception] == []
    (message,) = [problem.value for problem in app.error]
    assert "python -m loaders verify" in message
    assert [note.value for note in app.caption if "2 rows with one key" in note.value]


def test_a_data_directory_that_cannot_be_written_is_said_to_be_one(
    tmp_path: Path, in_service: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("TILANNEHUONE_DATA_DIR", str(tmp_path / "a file"))
    get_settings.cache_clear()
    app = screen.visit()
    assert [problem.message for problem in app.exception] == []
    assert len(app.error) == 1


@pytest.mark.parametrize(
    ("view", "emptied", "charts", "messages"),
    [
        ("matkailu", ("accommodation",), 5, 3),
        ("matkailu", ("employment_service_occupation",), 5, 2),
        ("matkailu", ("vacancy_industry",), 5, 2),
        ("matkailu", ("population",), 6, 2),
        ("matkailu", ("population", "accommodation"), 5, 3),
        ("meri-lappi", ("employment_service_occupation", "vacancy_industry"), 3, 2),
        ("utsjoki", ("population",), 3, 1),
        ("utsjoki", ("norway_unemployed",), 3, 1),
        ("utsjoki", ("norway_unemployed", "population"), 2, 2),
    ],
)
def test_a_view_goes_on_without_a_subject_and_says_how_to_get_it(
    with_changes: Callable[[str, str], None], view: str, emptied: tuple[str, ...], charts: int, messages: int
) -> None:
    with_changes("emptied" + view[0] + str(len("".join(emptied))), "; ".join(f"DELETE FROM {t}" for t in emptied))
    app = screen.visit(view)
    sound(app)
    assert len(screen.charts(app.main)) == charts
    assert len(said(app)) == messages
    assert len(app.title) == 1


def test_without_the_employment_service_every_view_says_how_to_get_it(
    with_changes: Callable[[str, str], None],
) -> None:
    with_changes("nomarket0000", "DELETE FROM employment_service; DELETE FROM employment_service_bulletin")
    app = screen.visit()
    for view in ("tilannekuva", "meri-lappi", "matkailu", "utsjoki", "kohtaanto", "kohderyhmat"):
        screen.go(app, view)
        sound(app)
        assert screen.charts(app.main) == []
        assert len(said(app)) == 1


@pytest.mark.parametrize(
    ("emptied", "charts"),
    [
        (("signal",), 0),
        (("seasonal_adjustment", "level_break"), 3),
        (("forecast_score", "forecast_backtest", "forecast_decision"), 3),
    ],
)
def test_changes_go_on_without_what_was_not_computed(
    with_changes: Callable[[str, str], None], emptied: tuple[str, ...], charts: int
) -> None:
    with_changes(f"computed{charts}{len(emptied)}", "; ".join(f"DELETE FROM {t}" for t in emptied))
    app = screen.visit("muutokset")
    sound(app)
    assert len(screen.charts(app.main)) == charts
    assert said(app)


def test_matching_goes_on_without_occupations_and_without_indices(with_changes: Callable[[str, str], None]) -> None:
    with_changes("noindices000", "DELETE FROM employment_service_occupation; DELETE FROM mismatch_month")
    app = screen.visit("kohtaanto")
    sound(app)
    assert len(screen.charts(app.main)) == 1
    assert app.title[0].value == "Ammattien luvut puuttuvat tästä aineistosta."


def test_a_snapshot_of_larger_areas_alone_leaves_the_municipalities_out(
    with_changes: Callable[[str, str], None],
) -> None:
    with_changes("regionsonly0", "DELETE FROM employment_service WHERE area_code LIKE 'KU%'")
    app = screen.visit("meri-lappi")
    sound(app)
    assert "2\u00a0977 työtöntä" in app.title[0].value
    assert len(said(app)) == 1
    for view in ("utsjoki", "tilannekuva"):
        screen.go(app, view)
        sound(app)
        assert len(said(app)) == 1


def test_without_events_a_case_keeps_its_figures(with_changes: Callable[[str, str], None]) -> None:
    with_changes("noevents0000", "DELETE FROM event")
    app = screen.visit("meri-lappi")
    sound(app)
    assert len(screen.charts(app.main)) == 5


def test_a_hidden_month_of_one_municipality_is_a_gap_and_never_a_number(
    with_changes: Callable[[str, str], None],
) -> None:
    with_changes(
        "hiddenmonth0",
        "UPDATE employment_service SET value = NULL, status = 'suppressed' WHERE area_code = 'KU890'"
        f" AND measure = '{VACANCIES}' AND month = DATE '2023-05-01'",
    )
    app = screen.open_numbers(screen.visit("utsjoki"))
    sound(app)
    table = screen.table_with(app.main, "Kuukausi", "Avoimet paikat").set_index("Kuukausi")
    assert str(table.loc["toukokuu 2023", "Avoimet paikat"]).startswith("1–4")
    rows = [row for chart in screen.charts(app.main) for row in screen.chart_rows(chart)]
    drawn = [
        row
        for row in rows
        if row.get("group") == VACANCIES and pd.Timestamp(row["month"]) == pd.Timestamp("2023-05-01")
    ]
    assert {row.get("value") for row in drawn} <= {None}


def test_the_present_month_hidden_in_a_small_case_is_a_range_in_its_title(
    with_changes: Callable[[str, str], None],
) -> None:
    with_changes(
        "hiddennow000",
        "UPDATE employment_service SET value = NULL, status = 'suppressed' WHERE area_code = 'KU890'"
        f" AND measure IN ('{VACANCIES}', '{UNEMPLOYED}') AND month = DATE '2026-06-01'",
    )
    app = screen.visit("utsjoki")
    sound(app)
    assert app.title[0].value.startswith("Utsjoella on 1–4 työtöntä työnhakijaa ja 1–4 avointa paikkaa")
    screen.go(app, "tilannekuva")
    sound(app)


def test_a_sum_with_hidden_parts_says_its_range_over_time(with_changes: Callable[[str, str], None]) -> None:
    with_changes(
        "hiddenparts0",
        "UPDATE employment_service SET value = NULL, status = 'suppressed' WHERE area_code IN ('KU583', 'KU047')"
        f" AND measure = '{VACANCIES}' AND month = DATE '2023-05-01'",
    )
    app = screen.open_numbers(screen.visit("matkailu"))
    sound(app)
    columns = [table["Avoimet paikat"] for table in screen.tables(app.main) if "Avoimet paikat" in table]
    (text,) = [text for column in columns for text in column.astype(str) if "salat" in text]
    assert "–" in text
    notes = {r["note"] for chart in screen.charts(app.main) for r in screen.chart_rows(chart) if r.get("note")}
    assert [note for note in notes if "haarukka" in note and "–" in note]

"""A refresh from end to end, through the command line, against the emulated service."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from filelock import FileLock
from typer.testing import CliRunner

from data import snapshots
from data.snapshots import Snapshot
from data.status import read_status
from loaders import refresh as refreshing
from loaders.__main__ import app
from loaders.raw import LoadRecord
from loaders.refresh import wanted_periods
from settings import ROOT, get_settings
from tests.emulator import Call, Emulator, Fault, Figures
from tests.loaders.conftest import Run, serve

INDUSTRY = "statfin:12tw"
OCCUPATION = "statfin:12ti"
SERVICE = "statfin:12r5"
FROM_2009 = "WHERE month >= '2009-01-01'"


def rows(query: str) -> list[tuple]:
    with snapshots.connect(snapshots.current()) as connection:
        return connection.execute(query).fetchall()


def served() -> str:
    return snapshots.current().snapshot_id


# What is loaded.


@dataclass(frozen=True)
class Whole:
    """One refresh of all three tables over their full history, with a tight call window."""

    result: Result
    calls: list[Call]
    snapshot: Snapshot

    def rows(self, query: str) -> list[tuple]:
        with snapshots.connect(self.snapshot) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def whole(figures: Figures, seed_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    directory = tmp_path_factory.mktemp("whole")
    serve(seed_snapshot, directory)
    with pytest.MonkeyPatch.context() as patch, Emulator(figures, calls=6, seconds=1.0) as service:
        patch.setenv("TILANNEHUONE_DATA_DIR", str(directory))
        patch.setenv("TILANNEHUONE_STATFIN_URL", service.url)
        get_settings.cache_clear()
        result = CliRunner().invoke(app, ["refresh"])
        snapshot = snapshots.current()
    get_settings.cache_clear()
    return Whole(result, list(service.log), snapshot)


def test_three_tables_load_their_full_history_within_the_call_window(whole: Whole, seed_snapshot: Snapshot) -> None:
    assert whole.result.exit_code == 0
    assert Counter(call.kind for call in whole.calls) == {"config": 1, "metadata": 3, "data": 7}
    assert {call.status for call in whole.calls} == {200}
    output = whole.result.output
    assert "statfin:12r5: loaded: 2009M01 to 2026M08 (212 periods), edition of 2026-09-22, 2 data calls" in output
    assert "statfin:12ti: new periods: 34 (29,438 rows)" in output
    assert whole.snapshot.snapshot_id != seed_snapshot.snapshot_id


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("employment_service", 30 * 212 * 23),
        ("employment_service_occupation", 2 * 212 * 433),
        ("vacancy_industry", 2 * 212 * 113 * 2),
    ],
)
def test_every_row_of_the_history_is_there(whole: Whole, table: str, rows: int) -> None:
    counted = whole.rows(
        f"SELECT count(*), min(month), max(month), count(DISTINCT month) FROM {table}"
        " JOIN source_fetch f USING (fetch_id) WHERE origin = 'service'"
    )
    assert counted == [(rows, date(2009, 1, 1), date(2026, 8, 1), 212)]


def test_figures_of_the_seed_come_back_unchanged_and_are_not_called_revised(whole: Whole) -> None:
    assert "revised" not in whole.result.output
    assert whole.rows(
        "SELECT value FROM employment_service WHERE area_code = 'MK19' AND month = '2021-09-01'"
        " AND measure = 'TYOTTOMATLOPUSSA'"
    ) == [(8820.0,)]


def test_a_hidden_cell_is_null_with_its_status_from_the_answer_to_the_snapshot(whole: Whole, figures: Figures) -> None:
    query = [
        {"code": code, "selection": {"filter": "item", "values": [value]}}
        for code, value in (("Alue", "KU890"), ("timeperiod_m", "2026M06"), ("contentscode", "TYOTTOMAT25"))
    ]
    table = Emulator(figures).tables["12r5.px"]
    body = json.loads(table.body(table.select(query), "json-stat2"))
    assert (body["value"], body["status"]) == ([None], {"0": "..."})
    assert whole.rows(
        "SELECT value, status, f.origin FROM employment_service JOIN source_fetch f USING (fetch_id)"
        " WHERE area_code = 'KU890' AND month = '2026-06-01' AND measure = 'TYOTTOMAT25'"
    ) == [(None, "suppressed", "service")]


@pytest.mark.usefixtures("recent")
def test_a_second_refresh_asks_for_thirteen_months_and_keeps_nothing_it_has(service: Emulator, run: Run) -> None:
    run("refresh", INDUSTRY)
    before = served()
    result = run("refresh", INDUSTRY)
    assert result.exit_code == 0
    assert "statfin:12tw: unchanged: 2025M08 to 2026M08 (13 periods)" in result.output
    assert "No changes" in result.output
    assert service.count("data") == 1
    assert served() == before
    assert len(list((get_settings().raw_dir / "statfin" / "12tw").iterdir())) == 1


@pytest.mark.usefixtures("recent")
def test_a_new_edition_brings_its_month_and_its_revisions(service: Emulator, run: Run) -> None:
    table = service.tables["12tw.px"]
    table.last_months_to_come(1)
    run("refresh", INDUSTRY)
    renewed = Emulator(service.figures).tables["12tw.px"]
    renewed.cut_history(188)
    cells = renewed.cells
    renewed.cells = lambda *places: (cells(*places)[0] + 7, cells(*places)[1])
    renewed.updated = "2026-10-21T05:00:00Z"
    service.tables["12tw.px"] = renewed
    result = run("refresh", INDUSTRY)
    assert result.exit_code == 0
    assert "edition of 2026-10-21" in result.output
    assert "new periods: 1 (452 rows): 2026-08" in result.output
    assert "revised cells" in result.output
    assert rows(
        "SELECT DISTINCT f.published_at::DATE FROM vacancy_industry JOIN source_fetch f USING (fetch_id)"
        " WHERE month = '2025-08-01'"
    ) == [(date(2026, 10, 21),)]
    assert rows(
        "SELECT DISTINCT f.published_at::DATE FROM vacancy_industry JOIN source_fetch f USING (fetch_id)"
        " WHERE month = '2025-07-01'"
    ) == [(date(2026, 9, 22),)]


@pytest.mark.usefixtures("recent")
def test_full_asks_for_everything_again(service: Emulator, run: Run) -> None:
    service.stated_cells = 12_000
    run("refresh", OCCUPATION)
    assert service.count("data") == 4
    run("refresh", OCCUPATION)
    assert service.count("data") == 2
    run("refresh", "--full", OCCUPATION)
    assert service.count("data") == 4


def test_months_the_publisher_has_cut_stay(service: Emulator, run: Run) -> None:
    run("refresh", INDUSTRY)
    table = service.tables["12tw.px"]
    table.cut_history(24)
    table.updated = "2026-10-21T05:00:00Z"
    assert run("refresh", "--full", INDUSTRY).exit_code == 0
    assert rows("SELECT min(month), count(DISTINCT month) FROM vacancy_industry") == [(date(2009, 1, 1), 212)]


def record(periods: tuple[str, ...], full: bool) -> LoadRecord:
    return LoadRecord.model_validate(
        {
            "source_id": SERVICE,
            "origin": "service",
            "region": "MK19",
            "full": full,
            "updated": None,
            "fetched_at": "2026-09-22T06:00:00Z",
            "periods": periods,
            "parts": (),
            "sha256": "0",
        }
    )


def test_what_a_refresh_asks_for() -> None:
    offered = tuple(f"{year}M{month:02}" for year in (2024, 2025) for month in range(1, 13))
    assert wanted_periods(offered, [], full=False) == offered
    assert wanted_periods(offered, [record(offered[:20], full=False)], full=False) == offered
    assert wanted_periods(offered, [record(offered[:20], full=True)], full=False) == offered[-13:]
    assert wanted_periods(offered, [record(offered[:6], full=True)], full=False) == offered[6:]
    assert wanted_periods(offered, [record(offered, full=True)], full=True) == offered


# What is survived.


@pytest.mark.usefixtures("recent")
def test_passing_troubles_are_survived(service: Emulator, run: Run) -> None:
    service.faults = [
        Fault("status", on="config", status=502),
        Fault("status", on="metadata", status=500),
        Fault("status", status=429, retry_after=1),
        Fault("status", status=503),
        Fault("status", status=504),
    ]
    assert run("refresh", INDUSTRY).exit_code == 0
    assert [call.status for call in service.log] == [502, 200, 500, 200, 429, 503, 504, 200]


@pytest.mark.usefixtures("recent")
def test_slow_answers_are_survived(service: Emulator, run: Run) -> None:
    service.faults = [Fault("slow", seconds=1.0)]
    assert run("refresh", INDUSTRY).exit_code == 0


def test_a_too_large_selection_is_halved(service: Emulator, run: Run) -> None:
    service.max_cells = 50_000
    result = run("refresh", OCCUPATION)
    assert result.exit_code == 0
    assert service.count("data", 403) == 1
    assert rows("SELECT count(DISTINCT month) FROM employment_service_occupation WHERE month >= '2009-01-01'") == [
        (212,)
    ]


@pytest.mark.usefixtures("recent")
def test_renamed_variables_and_prefixed_measures_are_survived(service: Emulator, run: Run) -> None:
    for name in ("12r5.px", "12ti.px", "12tw.px"):
        table = service.tables[name]
        table.rename_variable("Alue", "alue_23_20270101")
        table.rename_variable("timeperiod_m", "kuukausi")
        table.rename_variable("contentscode", "tiedot")
        table.prefix_contents("tyonv-")
    assert run("refresh", SERVICE, OCCUPATION, INDUSTRY).exit_code == 0
    assert rows("SELECT count(DISTINCT measure) FROM employment_service") == [(23,)]


@pytest.mark.usefixtures("recent")
def test_a_moved_table_is_found_in_the_listing_by_its_number(service: Emulator, run: Run) -> None:
    service.moved = {"12tw.px": "statfin_tyonv_pxt_12tw.px"}
    result = run("refresh", INDUSTRY)
    assert result.exit_code == 0
    assert "the table has moved to statfin_tyonv_pxt_12tw.px" in result.output


@pytest.mark.usefixtures("recent")
def test_a_moved_table_is_found_in_the_listing_by_its_title(service: Emulator, run: Run) -> None:
    service.moved = {"12ti.px": "15zz.px"}
    assert run("refresh", OCCUPATION).exit_code == 0
    assert service.count("listing") == 1


@pytest.mark.usefixtures("recent")
def test_a_call_window_smaller_than_it_says_is_survived(service: Emulator, run: Run) -> None:
    service.calls, service.seconds = 2, 1.0
    service.config = {"maxCells": 120000, "maxCalls": 40, "timeWindow": 60}
    assert run("refresh", INDUSTRY).exit_code == 0
    assert service.count("data", 429) + service.count("metadata", 429) >= 1


# What stops a load.


def removed_measure(service: Emulator) -> None:
    service.tables["12tw.px"].remove("contentscode", "ATPAVGJATKESTOT")


def removed_area(service: Emulator) -> None:
    service.tables["12tw.px"].remove("Alue", "MK19")


def trouble(kind: str, **more: object) -> object:
    def order(service: Emulator) -> None:
        service.faults = [Fault(kind, times=None, **more)]  # type: ignore[arg-type]

    return order


def gone(service: Emulator) -> None:
    service.moved = {"12tw.px": "99aa.px"}
    service.tables["12tw.px"].title = "Something else"


def foreign_title(service: Emulator) -> None:
    service.moved = {"12tw.px": "99aa.px"}
    service.tables["12ti.px"].title = service.tables["12tw.px"].title


STOPS = {
    "cut-off body": (trouble("cut_off"), "The answer was cut off"),
    "cut-off JSON": (trouble("cut_json"), "Not complete JSON"),
    "page instead of data": (trouble("html"), "JSON expected, the answer is text/html"),
    "other JSON": (trouble("not_jsonstat"), "Not a JSON-stat 2 dataset"),
    "values shorter than the sizes": (trouble("short"), "95824 cells expected from the sizes, 95823 values found"),
    "another area than asked": (trouble("other_codes"), "'Alue' lacks MK19 and has MK18 unasked"),
    "missing measure": (removed_measure, "Expected the measures ATPAVGJATKESTOT"),
    "missing area": (removed_area, "Expected a variable with the areas SSS, MK19"),
    "lasting 500": (trouble("status", status=500), "The service answered 500 to every retry"),
    "lasting 503": (trouble("status", status=503), "The service answered 503 to every retry"),
    "lasting 503 of the limits": (trouble("status", on="config", status=503), "The service answered 503"),
    "lasting 400": (trouble("status", status=400), "The service answered 400"),
    "lasting 403": (trouble("status", status=403), "403 even for"),
    "metadata gone for good": (trouble("status", on="metadata", status=404), "The service answered 404"),
    "metadata closed": (trouble("status", on="metadata", status=410), "The service answered 410"),
    "table not listed": (gone, "should list one table titled 'Vacancies by sector"),
    "two tables of that title": (foreign_title, "it lists 12ti.px, 99aa.px"),
}


@pytest.mark.parametrize("name", list(STOPS))
def test_a_lasting_trouble_stops_with_a_message_and_the_snapshot_before_is_served(
    service: Emulator, run: Run, seeded: Snapshot, name: str
) -> None:
    order, said = STOPS[name]
    order(service)  # type: ignore[operator]
    result = run("refresh", INDUSTRY)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert f"In service: snapshot {seeded.snapshot_id}" in result.output
    assert served() == seeded.snapshot_id
    assert list(get_settings().raw_dir.glob("*/*/*/load.json")) == []


@pytest.mark.usefixtures("recent")
def test_one_source_that_fails_does_not_stop_the_others(service: Emulator, run: Run, seeded: Snapshot) -> None:
    service.faults = [Fault("html", table="12r5.px", times=None)]
    result = run("refresh", SERVICE, INDUSTRY)
    assert result.exit_code == 1
    assert "statfin:12r5: failed: JSON expected" in result.output
    assert "statfin:12tw: loaded" in result.output
    assert served() != seeded.snapshot_id
    status = read_status()
    assert (status[SERVICE].result, status[SERVICE].last_success) == ("failed", None)
    assert (status[INDUSTRY].result, status[INDUSTRY].last_period) == ("loaded", "2026M08")


@pytest.mark.usefixtures("recent")
def test_figures_that_fail_the_checks_are_set_aside_and_the_others_published(
    service: Emulator, run: Run, seeded: Snapshot
) -> None:
    table = service.tables["12r5.px"]
    cells = table.cells
    lapland = service.figures.areas.index("MK19")

    def untrue(area: object, *places: object) -> object:
        values, hide = cells(area, *places)
        values[area == lapland] += 1000
        return values, hide

    table.cells = untrue  # type: ignore[assignment]
    result = run("refresh", SERVICE, INDUSTRY)
    assert result.exit_code == 1
    assert "statfin:12r5: failed: employment_service 2024-09" in result.output
    assert "statfin:12tw: loaded" in result.output
    assert rows("SELECT DISTINCT source_id FROM source_fetch WHERE origin = 'service'") == [(INDUSTRY,)]
    table.cells = cells
    assert run("refresh", SERVICE).exit_code == 0
    assert len(rows("SELECT 1 FROM source_fetch WHERE origin = 'service'")) == 2


@pytest.mark.usefixtures("recent")
def test_a_failure_keeps_what_is_known_of_the_last_success(service: Emulator, run: Run) -> None:
    run("refresh", INDUSTRY)
    service.faults = [Fault("status", status=400, times=None)]
    run("refresh", INDUSTRY)
    entry = read_status()[INDUSTRY]
    assert (entry.result, entry.last_period) == ("failed", "2026M08")
    assert entry.last_success is not None
    assert entry.last_success < entry.last_attempt
    shown = run("status").output
    assert "statfin:12tw: " in shown
    assert "failed: The service answered 400" in shown
    assert "newest period 2026M08" in shown
    assert "statfin:12r5: never loaded; the seed's figures are served" in shown


# What an interruption leaves.


@pytest.fixture
def four_parts(service: Emulator, recent: None) -> None:
    """The table by occupation comes in four answers."""
    service.stated_cells = 12_000


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "loaders", *arguments],
        cwd=ROOT,
        env=os.environ.copy(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.usefixtures("four_parts")
def test_a_killed_load_resumes_and_asks_nothing_twice(service: Emulator, run: Run, seeded: Snapshot) -> None:
    service.faults = [Fault("slow", seconds=20, after=2, times=1)]
    process = start("refresh", OCCUPATION)
    service.wait_for_data(2)
    time.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert served() == seeded.snapshot_id
    answered = {call.query for call in service.log if call.kind == "data"}
    result = run("refresh", OCCUPATION)
    assert result.exit_code == 0
    assert "2 data calls, 2 parts kept from an interrupted load" in result.output
    assert service.count("data") == 2
    assert not answered & {call.query for call in service.log if call.kind == "data"}
    loaded = "employment_service_occupation JOIN source_fetch f USING (fetch_id) WHERE origin = 'service'"
    assert rows(f"SELECT count(*) FROM {loaded}") == [(433 * 24 * 2,)]


@pytest.mark.usefixtures("four_parts")
def test_an_interrupted_load_says_so_and_resumes(service: Emulator, run: Run, seeded: Snapshot) -> None:
    service.faults = [Fault("slow", seconds=20, after=1, times=1)]
    process = start("refresh", OCCUPATION)
    service.wait_for_data(1)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=15)
    assert process.returncode == 130
    assert "Interrupted. What has arrived is kept; run the same command again to go on." in output
    assert "Traceback" not in output
    run("refresh", OCCUPATION)
    assert service.count("data") == 3


@pytest.mark.usefixtures("four_parts")
def test_an_edition_released_during_the_load_starts_it_over(
    service: Emulator, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = service.tables["12ti.px"]
    cells, answered = table.cells, []

    def releasing(*places: object) -> object:
        answered.append(places)
        if len(answered) == 3:
            table.updated = "2026-10-21T05:00:00Z"
        return cells(*places)

    table.cells = releasing  # type: ignore[assignment]
    result = run("refresh", OCCUPATION)
    assert result.exit_code == 0
    assert "edition of 2026-10-21" in result.output
    assert service.count("data") == 6
    assert rows("SELECT DISTINCT published_at::DATE FROM source_fetch WHERE origin = 'service'") == [
        (date(2026, 10, 21),)
    ]


@pytest.mark.usefixtures("four_parts")
def test_editions_that_never_settle_stop_the_load(service: Emulator, run: Run) -> None:
    table = service.tables["12ti.px"]
    cells, day = table.cells, iter(range(1, 29))

    def releasing(*places: object) -> object:
        table.updated = f"2026-10-{next(day):02}T05:00:00Z"
        return cells(*places)

    table.cells = releasing  # type: ignore[assignment]
    result = run("refresh", OCCUPATION)
    assert result.exit_code == 1
    assert f"released new figures {refreshing.EDITION_ATTEMPTS} times during one load" in result.output


@pytest.mark.usefixtures("four_parts")
def test_a_kept_part_that_was_damaged_is_asked_again(service: Emulator, run: Run) -> None:
    service.faults = [Fault("status", status=400, after=2, times=None)]
    run("refresh", OCCUPATION)
    partial = get_settings().raw_dir / "statfin" / "12ti" / "partial"
    body, stamp = sorted(partial.glob("*[0-9a-f].json"))[0], sorted(partial.glob("*.stamp.json"))[1]
    body.write_bytes(b"{}")
    stamp.write_text("no stamp")
    service.faults = []
    assert run("refresh", OCCUPATION).exit_code == 0
    assert service.count("data") == 4


@pytest.mark.usefixtures("four_parts")
def test_parts_of_another_split_do_not_get_into_the_load(service: Emulator, run: Run) -> None:
    service.faults = [Fault("status", status=400, after=2, times=None)]
    run("refresh", OCCUPATION)
    service.faults, service.stated_cells = [], 120_000
    assert run("refresh", OCCUPATION).exit_code == 0
    assert service.count("data") == 1
    (folder,) = (get_settings().raw_dir / "statfin" / "12ti").iterdir()
    assert len(list(folder.iterdir())) == len(["load.json"]) + 2 * len(["metadata", "part"])


@pytest.mark.usefixtures("four_parts")
def test_parts_of_two_editions_left_by_a_kill_are_dropped(service: Emulator, run: Run) -> None:
    service.faults = [Fault("status", status=400, after=2, times=None)]
    run("refresh", OCCUPATION)
    stamp = next((get_settings().raw_dir / "statfin" / "12ti" / "partial").glob("*.stamp.json"))
    stamp.write_text(stamp.read_text().replace("2026-09-22", "2026-08-25"))
    service.faults = []
    assert run("refresh", OCCUPATION).exit_code == 0
    assert service.count("data") == 4


def test_two_refreshes_at_once(run: Run, data_dir: Path, service: Emulator) -> None:
    with FileLock(data_dir / "refresh.lock"):
        result = run("refresh", INDUSTRY)
    assert result.exit_code == 1
    assert "Another refresh or import is running" in result.output
    assert service.log == []

"""A refresh from end to end, through the command line, against the emulated service."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from data import snapshots
from data.snapshots import Snapshot
from data.status import read_status
from loaders import refresh as refreshing
from loaders.raw import LoadRecord
from loaders.refresh import wanted_periods
from settings import ROOT, get_settings
from tests.emulator import Emulator, Fault
from tests.emulator.tables import Table
from tests.loaders.conftest import Run

INDUSTRY = "statfin:12tw"
OCCUPATION = "statfin:12ti"
SERVICE = "statfin:12r5"


def rows(query: str) -> list[tuple]:
    with snapshots.connect(snapshots.current()) as connection:
        return connection.execute(query).fetchall()


def served() -> str:
    return snapshots.current().snapshot_id


def asked_months(service: Emulator) -> list[int]:
    """How many months each data call asked for."""
    queries = [json.loads(call.query)["query"] for call in service.log if call.kind == "data"]
    return [len(item["selection"]["values"]) for query in queries for item in query if item["code"] == "timeperiod_m"]


def new_edition(service: Emulator) -> Table:
    """The table by industry has all its recent months again, in an edition of a month later."""
    table = Emulator(service.figures).tables["12tw.px"]
    table.cut_history(188)
    table.updated = "2026-10-21T05:00:00Z"
    service.tables["12tw.px"] = table
    return table


# What is loaded.


@pytest.mark.usefixtures("recent")
def test_a_refresh_right_after_a_load_asks_for_no_data(service: Emulator, run: Run) -> None:
    run("refresh", INDUSTRY)
    before = served()
    result = run("refresh", INDUSTRY)
    assert result.exit_code == 0
    assert (
        "statfin:12tw: unchanged: 2024M09 to 2026M08 (24 periods), edition of 2026-09-22, 0 data calls" in result.output
    )
    assert (service.count("config"), service.count("metadata"), service.count("data")) == (1, 1, 0)
    assert served() == before


@pytest.mark.usefixtures("recent")
def test_when_a_release_is_due_thirteen_months_are_asked_for_and_what_is_held_is_not_kept_twice(
    service: Emulator, run: Run, a_month_later: Callable[[], None]
) -> None:
    run("refresh", INDUSTRY)
    before = served()
    a_month_later()
    result = run("refresh", INDUSTRY)
    assert result.exit_code == 0
    assert "statfin:12tw: unchanged: 2025M08 to 2026M08 (13 periods)" in result.output
    assert "No changes" in result.output
    assert asked_months(service) == [13]
    assert served() == before
    assert len(list((get_settings().raw_dir / "statfin" / "12tw").iterdir())) == 1


@pytest.mark.usefixtures("recent")
def test_a_month_released_before_it_was_due_comes_with_its_revisions(service: Emulator, run: Run) -> None:
    service.tables["12tw.px"].last_months_to_come(1)
    run("refresh", INDUSTRY)
    new_edition(service)
    result = run("refresh", INDUSTRY)
    assert result.exit_code == 0
    assert "statfin:12tw: loaded: 2025M08 to 2026M08 (13 periods), edition of 2026-10-21, 1 data call" in result.output
    assert asked_months(service) == [13]
    assert "new periods: 1 (452 rows): 2026-08" in result.output


@pytest.mark.usefixtures("recent")
def test_a_new_edition_brings_its_month_and_its_revisions(
    service: Emulator, run: Run, a_month_later: Callable[[], None]
) -> None:
    service.tables["12tw.px"].last_months_to_come(1)
    run("refresh", INDUSTRY)
    table = new_edition(service)
    cells = table.cells
    table.cells = lambda *places: (cells(*places)[0] + 7, cells(*places)[1])
    a_month_later()
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
def test_a_measure_that_a_new_year_no_longer_has_is_told(service: Emulator, run: Run) -> None:
    table = service.tables["14ww.px"]
    table.last_months_to_come(1)
    run("refresh", "statfin:14ww")
    table = Emulator(service.figures).tables["14ww.px"]
    table.time.keep(lambda year: year >= "2010")
    table.remove("contentscode", "rpt_aste")
    service.tables["14ww.px"] = table
    result = run("refresh", "statfin:14ww")
    assert result.exit_code == 0
    assert "statfin:14ww: loaded: 2023 to 2024 (2 periods)" in result.output
    assert "statfin:14ww: lost series: 29 " in result.output


@pytest.mark.usefixtures("four_parts")
def test_full_asks_for_everything_again(service: Emulator, run: Run) -> None:
    run("refresh", OCCUPATION)
    assert asked_months(service) == [6, 6, 6, 6]
    run("refresh", OCCUPATION)
    assert asked_months(service) == []
    run("refresh", "--full", OCCUPATION)
    assert asked_months(service) == [6, 6, 6, 6]


@pytest.mark.usefixtures("recent")
def test_months_the_publisher_has_cut_stay(service: Emulator, run: Run) -> None:
    run("refresh", INDUSTRY)
    table = service.tables["12tw.px"]
    table.cut_history(6)
    table.updated = "2026-10-21T05:00:00Z"
    assert run("refresh", "--full", INDUSTRY).exit_code == 0
    assert rows(
        "SELECT published_at::DATE, min(month), max(month), count(DISTINCT month) FROM vacancy_industry"
        " JOIN source_fetch USING (fetch_id) WHERE origin = 'service' GROUP BY ALL ORDER BY ALL"
    ) == [
        (date(2026, 9, 22), date(2024, 9, 1), date(2025, 2, 1), 6),
        (date(2026, 10, 21), date(2025, 3, 1), date(2026, 8, 1), 18),
    ]


@pytest.mark.usefixtures("recent")
def test_a_region_asked_for_the_first_time_is_loaded_whole_beside_the_other(service: Emulator, run: Run) -> None:
    run("refresh", INDUSTRY)
    assert run("refresh", INDUSTRY, "--region", "MK18").exit_code == 0
    assert asked_months(service) == [24]
    assert rows(
        "SELECT area_code, count(DISTINCT month) FROM vacancy_industry JOIN source_fetch USING (fetch_id)"
        " WHERE origin = 'service' GROUP BY ALL ORDER BY ALL"
    ) == [("MK18", 24), ("MK19", 24), ("SSS", 24)]


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

    def wanted(held: list[LoadRecord], full: bool = False, due: bool = True) -> tuple[str, ...]:
        return wanted_periods(offered, held, full, due, window=13)

    assert wanted([]) == offered
    assert wanted([record(offered[:20], full=False)]) == offered
    assert wanted([record(offered[:20], full=True)]) == offered[-13:]
    assert wanted([record(offered[:20], full=True)], due=False) == offered[-13:]
    assert wanted([record(offered[:6], full=True)]) == offered[6:]
    assert wanted([record(offered, full=True)]) == offered[-13:]
    assert wanted([record(offered, full=True)], due=False) == ()
    assert wanted([record(offered, full=True)], full=True, due=False) == offered


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


@pytest.mark.usefixtures("recent", "few_occupations")
def test_a_too_large_selection_is_halved(service: Emulator, run: Run) -> None:
    # 29 areas x 6 occupations x 2 measures x 24 months = 8,352 cells, twice what is let through
    service.max_cells = 5_000
    result = run("refresh", OCCUPATION)
    assert result.exit_code == 0
    assert (service.count("data", 403), service.count("data", 200)) == (1, 2)
    assert rows(
        "SELECT count(*), count(DISTINCT month) FROM employment_service_occupation"
        " JOIN source_fetch USING (fetch_id) WHERE origin = 'service'"
    ) == [(29 * 6 * 24, 24)]


@pytest.mark.usefixtures("recent", "few_occupations")
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


@pytest.mark.usefixtures("recent", "few_occupations")
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
    run("refresh", "--full", INDUSTRY)
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
def four_parts(service: Emulator, recent: None, few_occupations: None) -> None:
    """The table by occupation comes in four answers: a month is 29 areas x 6 occupations x 2 measures = 348 cells."""
    service.stated_cells = 6 * 348


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "loaders", *arguments],
        cwd=ROOT,
        env=os.environ.copy(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A suite started in the background ignores the interrupt, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
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
    assert rows(f"SELECT count(*) FROM {loaded}") == [(29 * 6 * 24,)]


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
    assert len(list(folder.glob("*.json"))) == len(["load.json"]) + 2 * len(["metadata", "part"])


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

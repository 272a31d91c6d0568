"""One refresh of everything that PxWeb services have of Lapland, over its whole history, at the services' real ceiling.

The call window is shortened to seconds; that it is kept is seen from the statuses.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import chain
from math import ceil, prod

import pytest
from typer.testing import CliRunner, Result

from data import snapshots
from data.snapshots import Snapshot
from loaders.__main__ import app
from loaders.registry import DECLARED
from settings import get_settings
from tests.conftest import close_services
from tests.emulator import Call, Emulator, Figures
from tests.loaders.conftest import serve

CEILING = 120_000

LOADED = [
    source_id
    for source_id, statistic in DECLARED.items()
    if source_id.partition(":")[0] in ("statfin", "visitfinland") and statistic.certainty != "unknown"
]

SEVERAL_CALLS = {
    # areas x occupations x measures x months = 29 x 433 x 2 x 212 = 5,324,168 cells: 44.4 ceilings
    "12ti.px": 45,
    # areas x occupations x statuses x measures x months = 2 x 433 x 2 x 2 x 212 = 734,368 cells: 6.1 ceilings
    "12tu.px": 7,
    # areas x ages x sexes x years = 22 x 102 x 3 x 54 = 363,528 cells: 3.03 ceilings
    "11re.px": 4,
    # areas x measures x months = 30 x 23 x 212 = 146,280 cells: 1.2 ceilings
    "12r5.px": 2,
}
"""Data calls of the tables that do not fit in one."""


@dataclass(frozen=True)
class Whole:
    """A full refresh and one right after it."""

    first: Result
    first_calls: list[Call]
    second: Result
    second_calls: list[Call]
    snapshot: Snapshot

    def rows(self, query: str) -> list[tuple]:
        with snapshots.connect(self.snapshot) as connection:
            return connection.execute(query).fetchall()

    def data_calls(self) -> Counter[str | None]:
        return Counter(call.table for call in self.first_calls if call.kind == "data")


@pytest.fixture(scope="module")
def whole(figures: Figures, seed_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    directory = tmp_path_factory.mktemp("whole")
    serve(seed_snapshot, directory)
    with pytest.MonkeyPatch.context() as patch, Emulator(figures, calls=40, seconds=4.0) as service:
        close_services(patch)
        patch.setenv("TILANNEHUONE_DATA_DIR", str(directory))
        patch.setenv("TILANNEHUONE_STATFIN_URL", service.url)
        patch.setenv("TILANNEHUONE_VISITFINLAND_URL", service.visitfinland_url)
        get_settings.cache_clear()
        first = CliRunner().invoke(app, ["refresh", *LOADED])
        first_calls = list(service.log)
        service.forget()
        second = CliRunner().invoke(app, ["refresh", *LOADED])
        snapshot = snapshots.current()
    get_settings.cache_clear()
    return Whole(first, first_calls, second, list(service.log), snapshot)


def test_everything_loads_and_no_call_is_sent_away(whole: Whole) -> None:
    assert whole.first.exit_code == 0
    assert {call.status for call in whole.first_calls} == {200}
    assert len(LOADED) == 30


def test_no_more_calls_are_made_than_the_cells_require(whole: Whole) -> None:
    """58 for the four large tables, one for each of the other 26, one of metadata a table, one of limits a service."""
    assert Counter(call.kind for call in whole.first_calls) == {"data": 84, "metadata": 30, "config": 2}
    assert {table: calls for table, calls in whole.data_calls().items() if calls > 1} == SEVERAL_CALLS


def test_each_table_takes_its_cells_divided_by_the_ceiling_rounded_up(whole: Whole) -> None:
    cells: Counter[str | None] = Counter()
    for call in whole.first_calls:
        if call.kind == "data":
            sizes = [len(item["selection"]["values"]) for item in json.loads(call.query)["query"]]
            assert prod(sizes) <= CEILING
            cells[call.table] += prod(sizes)
    assert sum(cells.values()) == 6_955_620
    assert whole.data_calls() == {table: ceil(number / CEILING) for table, number in cells.items()}


def test_no_cell_is_asked_for_twice(whole: Whole) -> None:
    asked: Counter[tuple[str, ...]] = Counter()
    for call in whole.first_calls:
        if call.table == "12ti.px" and call.kind == "data":
            area, occupation, month, _ = (item["selection"]["values"] for item in json.loads(call.query)["query"])
            asked.update((one, another) for one in area for another in month for _ in occupation)
    assert len(asked) == 29 * 212
    assert set(asked.values()) == {433}


def test_a_refresh_right_after_asks_for_no_data(whole: Whole) -> None:
    assert whole.second.exit_code == 0
    assert Counter(call.kind for call in whole.second_calls) == {"metadata": 30, "config": 2}
    assert whole.second.output.count(": unchanged: ") == 30
    assert whole.second.output.count(", 0 data calls") == 30
    assert "No changes against the snapshot before." in whole.second.output


def test_the_report_says_what_was_loaded(whole: Whole) -> None:
    output = whole.first.output
    assert "statfin:12r5: loaded: 2009M01 to 2026M08 (212 periods), edition of 2026-09-22, 2 data calls" in output
    assert "statfin:11l1: loaded: 2013Q1 to 2026Q2 (54 periods), edition of 2026-08-20, 1 data call" in output
    assert "statfin:11re: loaded: 1972 to 2025 (54 periods), edition of 2026-05-29, 4 data calls" in output
    assert "visitfinland:116n: loaded: 1995M01 to 2026M07 (379 periods), edition of 2026-08-27, 1 data call" in output


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("employment_service", 30 * 212 * 23),
        ("employment_service_occupation", 29 * 212 * 433),
        ("vacancy_industry", 2 * 212 * 113 * 2),
    ],
)
def test_every_row_of_the_history_is_there(whole: Whole, table: str, rows: int) -> None:
    counted = whole.rows(
        f"SELECT count(*), min(month), max(month), count(DISTINCT month) FROM {table}"
        " JOIN source_fetch f USING (fetch_id) WHERE origin = 'service'"
    )
    assert counted == [(rows, date(2009, 1, 1), date(2026, 8, 1), 212)]


def test_every_statistic_has_its_rows_in_the_snapshot(whole: Whole) -> None:
    subjects = {DECLARED[source_id].subject for source_id in LOADED}
    union = " UNION ALL ".join(f"SELECT DISTINCT fetch_id FROM {subject}" for subject in sorted(subjects))
    found = whole.rows(
        f"SELECT DISTINCT source_id FROM source_fetch JOIN ({union}) USING (fetch_id) WHERE origin = 'service'"
    )
    assert set(chain.from_iterable(found)) == set(LOADED)


def test_figures_of_the_seed_come_back_unchanged_and_are_not_called_revised(whole: Whole) -> None:
    revised = [line for line in whole.first.output.splitlines() if "revised" in line]
    assert [line for line in revised if ":12r5:" in line or ":12ti:" in line or ":12tw:" in line] == []
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

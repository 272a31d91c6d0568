"""One hidden figure from the service's answer to the reader: Posio's open vacancies of June 2026, loaded afresh."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from data import snapshots
from tests.emulator import Emulator
from tests.loaders.conftest import Run
from tests.pages import screen
from ui import parts

QUERY = "SELECT value, status, origin FROM employment_service JOIN source_fetch USING (fetch_id)"
CELL = "WHERE area_code = 'KU614' AND measure = 'AVPAIKATLOPUSSA' AND month = DATE '2026-06-01'"


@pytest.mark.usefixtures("recent")
def test_a_mark_in_the_answer_reaches_tooltip_and_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, Callable[[], bytes]] = {}
    offer = parts.st.download_button

    def noted(label: str, make: Callable[[], bytes], name: str, *rest: Any, **more: Any) -> bool:
        files[name] = make
        return offer(label, make, name, *rest, **more)

    monkeypatch.setattr(parts.st, "download_button", noted)
    assert run("refresh", "statfin:12r5").exit_code == 0
    with snapshots.connect(snapshots.current()) as connection:
        assert connection.execute(f"{QUERY} {CELL}").fetchall() == [(None, "suppressed", "service")]
    app = screen.open_numbers(screen.visit(period="2026-06"))
    drawn = [row for row in screen.chart_rows(screen.charts(app.main)[0]) if row.get("name") == "Posio"]
    assert {(row["class"], row["vacancies_text"]) for row in drawn} == {(None, "1–4, salattu")}
    assert "KU614;2026-06;AVPAIKATLOPUSSA;;suppressed" in files["kartta.csv"]().decode()


def test_the_answer_itself_marks_the_cell(service: Emulator) -> None:
    table = service.tables["12r5.px"]
    query = {
        "query": [
            {"code": "Alue", "selection": {"filter": "item", "values": ["KU614"]}},
            {"code": "timeperiod_m", "selection": {"filter": "item", "values": ["2026M06"]}},
            {"code": "contentscode", "selection": {"filter": "item", "values": ["AVPAIKATLOPUSSA"]}},
        ]
    }
    answer = json.loads(table.body(table.select(query["query"]), "json-stat2"))
    assert (answer["value"], answer["status"]) == ([None], {"0": "..."})

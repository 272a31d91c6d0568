"""The emulated service answers in the shapes of the real one, from the seed's figures."""

import time
from dataclasses import replace

import numpy as np
import pytest
import requests

from tests.emulator import Emulator, Figures


def post(
    service: Emulator, table: str, form: str = "json-stat2", folder: str = "tyonv", **selection: list[str]
) -> requests.Response:
    filters = {"*": "all"} | {str(number): "top" for number in range(1, 30)}
    query = [
        {"code": code, "selection": {"filter": filters.get(values[0], "item"), "values": values}}
        for code, values in selection.items()
    ]
    url = f"{service.url}/en/StatFin/{folder}/{table}"
    return requests.post(url, json={"query": query, "response": {"format": form}}, timeout=10)


def test_service_lists_and_limits(service: Emulator) -> None:
    assert requests.get(f"{service.url}/en/?config", timeout=10).json() == {
        "maxValues": 120000,
        "maxCells": 120000,
        "maxCalls": 40,
        "timeWindow": 2.0,
        "CORS": True,
    }
    assert requests.get(f"{service.url}/en/", timeout=10).json()[0] == {"dbid": "StatFin", "text": "StatFin"}
    entry = requests.get(f"{service.url}/en/StatFin/tyonv/", timeout=10).json()[0]
    assert sorted(entry) == ["id", "text", "type", "updated"]
    assert (entry["id"], entry["type"]) == ("12r5.px", "t")


def test_metadata(service: Emulator) -> None:
    content = requests.get(f"{service.url}/fi/StatFin/tyonv/12ti.px", timeout=10).json()
    assert sorted(content) == ["title", "variables"]
    area, occupation, month, contents = content["variables"]
    assert (area["code"], area["elimination"], len(area["values"])) == ("Alue", True, 421)
    assert (occupation["code"], occupation["values"][0], occupation["values"][-1]) == ("Ammattiryhmä", "SSS", "X999")
    assert (month["code"], month["time"], month["values"][0], month["values"][-1]) == (
        "timeperiod_m",
        True,
        "2009M01",
        "2026M08",
    )
    assert contents["values"] == ["TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA"]


def test_the_seeds_figures_in_both_formats(service: Emulator) -> None:
    selection = {
        "Alue": ["MK19", "KU890"],
        "timeperiod_m": ["2026M06"],
        "contentscode": ["TYOTTOMATLOPUSSA", "TYOTOSUUS", "TYOTTOMAT25"],
    }
    stat = post(service, "12r5.px", **selection).json()
    assert stat["value"] == [9137, 11.1, 1202, 50, 9.8, None]
    assert stat["status"] == {"5": "..."}
    assert (stat["size"], stat["updated"]) == ([2, 1, 3], "2026-09-22T05:00:00Z")
    assert stat["role"] == {"time": ["timeperiod_m"], "geo": ["Alue"], "metric": ["contentscode"]}
    plain = post(service, "12r5.px", "json", **selection).json()
    assert plain["data"][1] == {"key": ["KU890", "2026M06"], "values": ["50", "9.8", "..."]}
    assert plain["metadata"][0]["updated"] == "2026-09-22T05.00.00Z"
    assert [column["type"] for column in plain["columns"]] == ["d", "t", "c", "c", "c"]


def test_filters_and_left_out_variables(service: Emulator) -> None:
    newest = post(service, "12r5.px", timeperiod_m=["2"]).json()
    assert newest["size"] == [1, 2, 23]
    assert list(newest["dimension"]["Alue"]["category"]["index"]) == ["SSS"]
    everything = post(service, "12r5.px", Alue=["*"], timeperiod_m=["1"], contentscode=["TYOTTOMATLOPUSSA"]).json()
    assert everything["size"] == [421, 1, 1]


@pytest.mark.parametrize(
    "selection",
    [
        {"Alue": ["KU999"], "timeperiod_m": ["1"]},
        {"alue_23_20260101": ["MK19"], "timeperiod_m": ["1"]},
        {"Alue": ["MK19"]},
        {"Alue": ["MK19"], "timeperiod_m": ["2026M09"]},
    ],
)
def test_anything_unknown_is_a_bad_request_without_a_reason(service: Emulator, selection: dict[str, list[str]]) -> None:
    answer = post(service, "12r5.px", **selection)
    assert (answer.status_code, answer.text) == (400, "Bad Request")


def test_refusals(service: Emulator) -> None:
    assert post(service, "statfin_tyonv_pxt_12r5.px").status_code == 400
    assert post(service, "12ti.px", Alue=["*"], Ammattiryhmä=["*"], timeperiod_m=["1"]).status_code == 403
    assert requests.get(service.url.replace("v1", "v2"), timeout=10).status_code == 404
    assert requests.get(f"{service.url}/en/StatFin/none/", timeout=10).status_code == 400


def test_each_folder_lists_its_own_tables(service: Emulator) -> None:
    for folder, first, tables in (("atp", "11n1.px", 2), ("tyti", "135z.px", 5), ("vaerak", "11re.px", 3)):
        entries = requests.get(f"{service.url}/en/StatFin/{folder}/", timeout=10).json()
        assert (entries[0]["id"], sum(entry["type"] == "t" for entry in entries)) == (first, tables)
    finnish = requests.get(f"{service.url}/fi/StatFin/matk/", timeout=10).json()
    assert "11lm -- Hotellien kuukausittainen kapasiteetti ja yöpymiset kunnittain, 1995M01-2026M07" in [
        entry["text"] for entry in finnish
    ]


def test_a_table_answers_in_its_own_folder_only(service: Emulator) -> None:
    selection = {"alue_16_20180101": ["SSS", "SA4"], "timeperiod_q": ["2026Q2"]}
    answer = post(service, "11n1.px", folder="atp", **selection)
    assert answer.json()["size"] == [2, 1, 1]
    assert answer.json()["role"]["geo"] == ["alue_16_20180101"]
    assert post(service, "11n1.px", **selection).status_code == 400


def test_one_dot_marks_what_is_not_defined(service: Emulator) -> None:
    selection = {"timeperiod_y": ["2025"], "alue_23_20260101": ["MK19", "KU890"]}
    education = post(service, "12bs.px", folder="vkour", **selection).json()
    assert education["status"] == {"12": ".", "13": ".", "14": ".", "15": "."}
    assert education["value"][12:] == [None] * 4
    rows = post(service, "12bs.px", "json", folder="vkour", **selection).json()["data"]
    assert rows[1]["values"][4:] == ["."] * 4


def test_net_migration_may_be_negative(service: Emulator) -> None:
    moves = post(
        service,
        "12w7.px",
        folder="muutl",
        alue_23_20260101=["KU240"],
        timeperiod_m=["*"],
        contentscode=["muutl-vm43_netto"],
    )
    assert min(moves.json()["value"]) < 0 < max(moves.json()["value"])


def test_visit_finland_answers_at_its_own_root_in_finnish(service: Emulator) -> None:
    folder = f"{service.visitfinland_url}/fi/VisitFinland/Majoitustilastot/"
    (table,) = (entry for entry in requests.get(folder, timeout=10).json() if entry["type"] == "t")
    assert table["id"] == "visitfinland_matk_pxt_116n.px"
    variables = requests.get(folder + table["id"], timeout=10).json()["variables"]
    assert [variable["code"] for variable in variables] == ["Alue", "Maa", "Kuukausi", "Tiedot"]
    assert requests.get(folder.replace("/fi/", "/en/"), timeout=10).status_code == 404
    assert requests.get(f"{service.url}/fi/VisitFinland/Majoitustilastot/", timeout=10).status_code == 400


def test_calls_above_the_window_are_sent_away(service: Emulator) -> None:
    service.calls, service.seconds = 2, 1.0
    answers = [requests.get(f"{service.url}/en/?config", timeout=10) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "1"


def test_a_large_answer_takes_well_under_a_second(service: Emulator) -> None:
    months = [f"{year}M{month:02}" for year in range(2010, 2021) for month in range(1, 13)]
    post(service, "12ti.px", Alue=["MK19"], Ammattiryhmä=["SSS"], timeperiod_m=["1"])
    start = time.monotonic()
    answer = post(service, "12ti.px", Alue=["MK19"], Ammattiryhmä=["*"], timeperiod_m=months)
    assert len(answer.json()["value"]) == 433 * 132 * 2
    assert time.monotonic() - start < 1.0


def test_made_up_figures_are_the_same_every_time_and_add_up(figures: Figures) -> None:
    values, hide = figures.employment_service
    assert np.array_equal(values, replace(figures).employment_service[0])
    area = {code: place for place, code in enumerate(figures.areas)}
    members = figures.memberships.loc[figures.memberships["parent_code"] == "MK19", "area_code"]
    places = [area[code] for code in members]
    for measure in ("TYOTTOMATLOPUSSA", "TYOVOIMATK", "UUDETAVP"):
        at = figures.measures.index(measure)
        shown = np.where(hide[places, :, at], 0, values[places, :, at]).sum(axis=0)
        hidden = hide[places, :, at].sum(axis=0)
        total = values[area["MK19"], :, at]
        assert np.all((shown + hidden <= total) & (total <= shown + 4 * hidden))
    assert hide[:, :, figures.measures.index("TYOTTOMAT20")].any()

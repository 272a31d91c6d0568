"""One hidden figure followed from the snapshot to the eye: Posio's open vacancies of June 2026."""

import io
import math
from collections.abc import Callable

import pandas as pd
import pytest
import screen
from screen import Tour

from data import snapshots
from data.snapshots import Snapshot
from settings import Language
from ui import store
from ui.readings import VACANCIES

POSIO = "KU614"
JUNE = pd.Timestamp("2026-06-01")

Files = dict[str, Callable[[], bytes]]


@pytest.fixture
def latest(tour: Callable[[Language], Tour]) -> Tour:
    return tour("fi")


@pytest.fixture
def offered(latest: Tour) -> Files:
    """Files of the overview, whose latest month is June 2026."""
    return latest["tilannekuva"].files


def read_csv(content: bytes, separator: str) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), sep=separator, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def test_in_the_snapshot_it_is_null_with_its_status(in_service: Snapshot) -> None:
    with snapshots.connect(in_service) as connection:
        cell = connection.execute(
            "SELECT value, status FROM employment_service WHERE area_code = ? AND measure = ? AND month = ?",
            [POSIO, VACANCIES, JUNE],
        ).fetchall()
    assert cell == [(None, "suppressed")]


def test_in_the_frame_of_a_view_it_is_missing_with_its_status(in_service: Snapshot) -> None:
    rows = store.municipalities(in_service.snapshot_id, JUNE, (VACANCIES,)).set_index("area_code")
    assert math.isnan(rows.loc[POSIO, "value"])
    assert rows.loc[POSIO, "status"] == "suppressed"


def test_in_the_map_it_has_no_class_and_its_tooltip_says_why(latest: Tour) -> None:
    charts = screen.charts(latest["tilannekuva"].page)
    drawn = [row for chart in charts for row in screen.chart_rows(chart) if row.get("name") == "Posio"]
    assert {(row["class"], row["vacancies_text"]) for row in drawn} == {(None, "1–4, salattu")}
    shown = [
        tooltip["title"]
        for chart in charts
        for layer in screen.spec(chart).get("layer", [])
        for tooltip in layer.get("encoding", {}).get("tooltip", [])
        if tooltip["field"].endswith("vacancies_text")
    ]
    assert "Avoimia paikkoja" in shown


@pytest.mark.parametrize(("suffix", "separator"), [(".csv", ";"), ("-en.csv", ",")])
def test_in_the_file_it_is_empty_with_its_status(offered: Files, suffix: str, separator: str) -> None:
    rows = read_csv(offered[f"kartta{suffix}"](), separator)
    cell = rows[(rows["area_code"] == POSIO) & (rows["measure"] == VACANCIES)]
    assert cell[["month", "value", "status"]].to_numpy().tolist() == [["2026-06", "", "suppressed"]]
    kemi = rows[(rows["area_code"] == "KU240") & (rows["measure"] == VACANCIES)]
    assert float(kemi["value"].iloc[0].replace(",", ".")) == 68


def test_in_the_file_of_the_mismatch_it_is_part_of_a_pool(offered: Files) -> None:
    rows = read_csv(offered["epasuhta.csv"](), ";").set_index("area_code")
    assert POSIO not in rows.index
    pool = rows.loc["pooled"]
    assert (pool["members"], pool["vacancies"]) == ("3", "")
    assert float(pool["lower"].replace(",", ".")) < float(pool["upper"].replace(",", "."))


def test_finnish_excel_finds_its_byte_order_mark_and_commas(offered: Files) -> None:
    finnish, other = offered["kireys.csv"](), offered["kireys-en.csv"]()
    assert finnish.startswith(b"\xef\xbb\xbf")
    assert not other.startswith(b"\xef\xbb\xbf")
    values = [read_csv(content, mark)["value"].iloc[0] for content, mark in ((finnish, ";"), (other, ","))]
    assert values[0].replace(",", ".") == values[1]
    assert "," in values[0]


def test_the_picture_of_a_chart_carries_its_claim_and_its_source(latest: Tour, offered: Files) -> None:
    claim = screen.charts(latest["tilannekuva"].page)[0].proto.alt
    drawn = offered["kartta.svg"]().decode()
    assert drawn.startswith("<svg")
    assert claim in drawn
    assert "Lähde: KEHA-keskus" in drawn

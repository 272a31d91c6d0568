"""NAV's files saved by hand: bound by their values whatever the layout, from CSV or a workbook to a snapshot."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from loaders import nav
from loaders.areas import RegionAreas
from loaders.errors import BindingError, FormatError, LoaderError
from loaders.nav import DECLARATIONS, Nav
from tests.loaders.documents import Rig, rig

(MUNICIPALITIES,) = DECLARATIONS

Figures = list[tuple[str, date, float | None, str]]

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)

SERIES: Figures = [
    ("NO-5628", AUGUST, 31.0, "published"),
    ("NO-5628", SEPTEMBER, 28.0, "published"),
    ("NO-5636", AUGUST, None, "suppressed"),
    ("NO-5636", SEPTEMBER, 0.0, "published"),
]

BY_COLUMN = (
    "Helt ledige etter kommune;;\nKommune;aug. 2026;sep. 2026\n5628 Tana;31;28\n5636 Nesseby;*;0\n"
    "1103 Stavanger;900;1 000\n"
)
LONG = (
    "kommunenr,kommune,måned,antall\n5628,Tana,2026-08,31\n5628,Tana,2026-09,28\n"
    "5636,Nesseby,2026-08,*\n5636,Nesseby,2026-09,0\n"
)
BY_ROW = "Helt ledige\t5628 Tana\t5636 Nesseby\n202608\t31\t*\n202609\t28\t0\n"
NUMBER_AND_NAME = "Helt ledige;;;\nNr;Navn;2026M08;2026M09\n5628;Tana;31;28\n5636;Nesseby;*;0\n"
FORMER_NUMBERS = "Nr;08.2026;09.2026\n5441;31;28\n5442;*;0\n"
WITH_SHARES = (
    "Helt ledige;;;;\n;August 2026;;September 2026;\nKommune;Antall;Prosent;Antall;Prosent\n"
    "5628 Tana;31;2,1;28;1,9\n5636 Nesseby;*;*;0;0\n"
)


@pytest.fixture
def by_hand(lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return rig(monkeypatch, lapland, Nav, nav.table_load)


def figures(by_hand: Rig, *bodies: bytes) -> Figures:
    rows = nav.read(MUNICIPALITIES, bodies, by_hand.areas).rows.to_pylist()
    assert {(row["labour_market_status"], row["sex"], row["measure"]) for row in rows} == {
        ("fully_unemployed", "total", "persons")
    }
    return [(row["area_code"], row["month"], row["value"], row["status"]) for row in rows]


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> bytes:
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for name, rows in sheets.items():
            pd.DataFrame(rows).to_excel(writer, sheet_name=name, header=False, index=False)
    return path.read_bytes()


@pytest.mark.parametrize(
    "text", [BY_COLUMN, LONG, BY_ROW, NUMBER_AND_NAME, FORMER_NUMBERS, WITH_SHARES], ids=lambda text: text[:12]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_one_table_in_many_layouts(by_hand: Rig, text: str, encoding: str) -> None:
    assert figures(by_hand, text.encode(encoding)) == SERIES


def test_one_month_stated_in_the_title(by_hand: Rig) -> None:
    title = "Helt ledige. August 2026;;;\nKommune;Antall;Prosent;Endring\n"
    text = f"{title}5628 Tana;31;2,1;-4\n5605 Sør-Varanger;1 090;2;8\n"
    assert figures(by_hand, text.encode()) == [
        ("NO-5605", AUGUST, 1090.0, "published"),
        ("NO-5628", AUGUST, 31.0, "published"),
    ]


def test_the_sheet_with_municipalities_is_found_in_a_workbook(by_hand: Rig, tmp_path: Path) -> None:
    body = workbook(
        tmp_path / "nav.xlsx",
        Innhold=[["Helt ledige etter kommune"], ["1. Fylke"]],
        Kommune=[
            ["Helt ledige", None, None],
            ["Kommune", datetime(2026, 8, 1), datetime(2026, 9, 1)],
            ["5628 Tana", 31, 28],
            ["5636 Nesseby", "*", 0],
            ["1103 Stavanger", 900, 1000],
        ],
    )
    assert figures(by_hand, body) == SERIES


def test_a_saved_file_becomes_rows_of_a_snapshot(by_hand: Rig, tmp_path: Path) -> None:
    path = tmp_path / "kommuner.csv"
    path.write_text(BY_COLUMN, encoding="utf-8")
    imported = nav.import_file(path, MUNICIPALITIES, by_hand.store, by_hand.areas)
    assert (imported.cells, imported.left_out) == (4, 2)
    assert imported.load.record.periods == ("2026M08", "2026M09")
    query = "SELECT area_code, month, value, status FROM norway_unemployed ORDER BY area_code, month"
    assert by_hand.rows(MUNICIPALITIES, query) == SERIES
    with pytest.raises(LoaderError, match="imported before"):
        nav.import_file(path, MUNICIPALITIES, by_hand.store, by_hand.areas)


def test_a_refresh_and_a_probe_say_where_the_files_are(by_hand: Rig) -> None:
    said = by_hand.publisher.probe(MUNICIPALITIES, by_hand.areas)
    assert said.startswith("to be discovered: the address of the monthly files of 'Helt ledige' on nav.no")
    assert "python -m loaders import nav:municipalities FILE" in said
    with pytest.raises(LoaderError, match="run `python -m loaders import nav:municipalities FILE`"):
        by_hand.refresh(MUNICIPALITIES)
    assert by_hand.store.loads() == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Kommune;2026-08\n0301 Oslo;9000\n", "Expected a column or row of municipality numbers of Finnmark"),
        ("År;2025;2026\nTana;1;2\n", "Expected a column or row of municipality numbers"),
        ("Kommune;Antall\n5628 Tana;31\n5636 Nesseby;4\n", "one month in the title; found none"),
        ("August 2026 og juli 2026;\nK;Antall\n5628;31\n5636;4\n", "one month in the title; found 2026-07, 2026-08"),
        ("August 2026;;\nK;Menn;Kvinner\n5628;31;2\n5636;4;2\n", "one column of counts .antall.; found Menn; Kvinner"),
        ("August 2026;\nK;Prosent\n5628;31\n5636;4\n", "one column of counts"),
        ("Delvis ledige august 2026;\nK;Antall\n5628;31\n5636;4\n", "Expected fully unemployed .helt ledige."),
    ],
)
def test_a_table_that_does_not_fit_says_what_was_found(by_hand: Rig, text: str, message: str) -> None:
    with pytest.raises(BindingError, match=message):
        figures(by_hand, text.encode())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"August 2026;\nK;Antall\n5628;31.5\n5636;4\n", "'31.5' is neither a count nor a known missing mark"),
        (b"August 2026;\nK;Antall\n5628;-3\n5636;4\n", "'-3' is neither"),
        (b"August 2026;\nK;Antall\n5628;3\n5628;4\n", "NO-5628 stands twice in 2026-08"),
        (b"August 2026;\nK;Antall\n5441;3\n5628;4\n", "NO-5628 stands twice in 2026-08"),
        (b"PK\x03\x04 nothing", "Not a workbook"),
        (b"\x89PNG\0\0", "Neither CSV nor XLSX"),
    ],
)
def test_a_foreign_file_is_refused(by_hand: Rig, body: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        figures(by_hand, body)


def test_a_workbook_that_unpacks_too_large_is_not_opened(
    by_hand: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nav, "UNPACKED", 1000)
    with pytest.raises(FormatError, match="unpacks to more than 1,000 bytes"):
        figures(by_hand, workbook(tmp_path / "large.xlsx", A=[["5628 Tana", 31]]))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026M08", AUGUST),
        ("2026-08-31", AUGUST),
        ("8.2026", AUGUST),
        ("Des. 2025", date(2025, 12, 1)),
        ("mai 2026", date(2026, 5, 1)),
        ("October 2026", date(2026, 10, 1)),
        ("2026", None),
        ("5628 Tana", None),
        ("august", None),
    ],
)
def test_a_month_is_known_by_number_or_name(text: str, month: date | None) -> None:
    assert nav._month(text) == month

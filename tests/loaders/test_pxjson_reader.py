"""PxWeb json bodies and coded CSV files become the same cells as JSON-stat."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from loaders.cube import STATUS_WORDS, Cube
from loaders.errors import FormatError
from loaders.pxjson import read_csv, read_pxjson

MEASURES = ("TYOTTOMATLOPUSSA", "AVPAIKATLOPUSSA")


def body(rows: list[tuple[list[str], list[str]]], **changes: Any) -> bytes:
    content = {
        "columns": [
            {"code": "Alue", "text": "Alue", "type": "d"},
            {"code": "timeperiod_m", "text": "Kuukausi", "type": "t"},
            {"code": "TYOTTOMATLOPUSSA", "text": "Työttömät", "comment": "laskentapäivänä\r\n", "type": "c"},
            {"code": "TYOTOSUUS", "text": "Osuus", "type": "c"},
        ],
        "comments": [],
        "data": [{"key": key, "values": values} for key, values in rows],
        "metadata": [{"updated": "2026-07-21T05.00.00Z", "label": "Työttömät", "source": "KEHA-keskus"}],
    } | changes
    return json.dumps(content, ensure_ascii=False).encode()


def cells(cube: Cube) -> dict[tuple[str, ...], tuple[float | None, str]]:
    codes = [()]
    for dimension in cube.dimensions:
        codes = [(*before, code) for before in codes for code in dimension.codes]
    return {
        code: (None if value != value else float(value), STATUS_WORDS[status])
        for code, value, status in zip(codes, cube.values, cube.status, strict=True)
    }


def test_figures_are_text_and_hidden_ones_are_marks() -> None:
    cube = read_pxjson(body([(["MK19", "2026M06"], ["9137", "11.1"]), (["KU890", "2026M06"], ["...", "."])]))
    assert cells(cube) == {
        ("MK19", "2026M06", "TYOTTOMATLOPUSSA"): (9137.0, "published"),
        ("MK19", "2026M06", "TYOTOSUUS"): (11.1, "published"),
        ("KU890", "2026M06", "TYOTTOMATLOPUSSA"): (None, "suppressed"),
        ("KU890", "2026M06", "TYOTOSUUS"): (None, "not_defined"),
    }
    assert [one.role for one in cube.dimensions] == [None, "time", "metric"]
    assert cube.updated == datetime(2026, 7, 21, 5, tzinfo=UTC)
    assert cube.source == "KEHA-keskus"


def test_a_combination_without_a_row_is_not_available() -> None:
    rows = [(["MK19", "2026M05"], ["9000", "11"]), (["KU890", "2026M06"], ["50", "9.8"])]
    assert cells(read_pxjson(body(rows)))["MK19", "2026M06", "TYOTOSUUS"] == (None, "not_available")


def test_a_byte_order_mark_is_no_trouble() -> None:
    assert read_pxjson(b"\xef\xbb\xbf" + body([(["MK19", "2026M06"], ["1", "2"])])).shape == (1, 1, 2)


@pytest.mark.parametrize(
    ("rows", "changes", "said"),
    [
        ([(["MK19", "2026M06"], ["1", "2"]), (["MK19", "2026M06"], ["1", "2"])], {}, "same keys"),
        ([(["MK19", "2026M06"], ["1"])], {}, "2 keys and 2 values"),
        ([(["MK19", "2026M06"], ["many", "2"])], {}, "neither a number nor a missing mark"),
        ([(["MK19", "2026M06"], ["nan", "2"])], {}, "neither a number nor a missing mark"),
        ([(["MK19"], [])], {"columns": [{"code": "Alue", "text": "Alue", "type": "d"}]}, "no measures"),
        ([], {"columns": None}, "Not a PxWeb json table"),
        ([], {}, "no rows"),
    ],
)
def test_an_inconsistent_body_is_refused_by_name(rows: Any, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FormatError) as failure:
        read_pxjson(body(rows, **changes))
    assert said in str(failure.value)


def test_a_body_of_another_kind_is_refused() -> None:
    with pytest.raises(FormatError, match="no columns and data"):
        read_pxjson(b'{"version": "2.0"}')


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_a_column_a_measure(separator: str) -> None:
    text = "Alue,Kuukausi,TYOTTOMATLOPUSSA,AVPAIKATLOPUSSA\nKU890,2026M06,50,...\nKU698,2026M06,3471,1403\n"
    cube = read_csv(text.replace(",", separator).encode("utf-8-sig"), MEASURES)
    assert cells(cube)["KU890", "2026M06", "AVPAIKATLOPUSSA"] == (None, "suppressed")
    assert cells(cube)["KU698", "2026M06", "TYOTTOMATLOPUSSA"] == (3471.0, "published")
    assert cube.by_code["Kuukausi"].role == "time"


def test_csv_with_measure_value_and_status_columns() -> None:
    text = "area,month,measure,value,status\nKU890,2026M06,TYOTTOMATLOPUSSA,50,\nKU890,2026M06,AVPAIKATLOPUSSA,,...\n"
    cube = read_csv(text.encode(), MEASURES)
    assert cells(cube) == {
        ("KU890", "2026M06", "TYOTTOMATLOPUSSA"): (50.0, "published"),
        ("KU890", "2026M06", "AVPAIKATLOPUSSA"): (None, "suppressed"),
    }
    assert cube.by_code["measure"].role == "metric"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no rows"),
        (b"Alue,TYOTTOMATLOPUSSA\n", "no rows"),
        (b"Alue,TYOTTOMATLOPUSSA\nKU890\n", "another length"),
        ("Alue,Työttömät\nUtsjoki,50\n".encode(), "No column is headed by a measure"),
        ("Alue,Työttömät\n".encode("latin-1"), "not UTF-8"),
    ],
)
def test_csv_that_does_not_resolve_is_refused_by_name(content: bytes, said: str) -> None:
    with pytest.raises(FormatError) as failure:
        read_csv(content, MEASURES)
    assert said in str(failure.value)

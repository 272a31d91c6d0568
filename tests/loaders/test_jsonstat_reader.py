"""JSON-stat 2 bodies become cells with status, whichever of the allowed forms they come in."""

import json
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.cube import STATUS_WORDS, Cube, Dimension, long_table, parse_updated, period_start, wide_table
from loaders.errors import FormatError
from loaders.jsonstat import read_jsonstat


def dataset(**changes: Any) -> dict[str, Any]:
    """Two areas, two months, one measure."""
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Vacancies",
        "source": "KEHA Centre",
        "updated": "2026-07-21T05:00:00Z",
        "role": {"time": ["month"], "geo": ["Alue"], "metric": ["contentscode"]},
        "id": ["Alue", "month", "contentscode"],
        "size": [2, 2, 1],
        "dimension": {
            "Alue": {
                "label": "Region",
                "category": {"index": {"MK19": 0, "KU890": 1}, "label": {"MK19": "Lappi", "KU890": "Utsjoki"}},
            },
            "month": {"label": "Month", "category": {"index": ["2026M05", "2026M06"]}},
            "contentscode": {"label": "Information", "category": {"label": {"AVPAIKATLOPUSSA": "Vacancies"}}},
        },
        "value": [2600, 2515, None, 13],
        "status": {"2": "..."},
    } | changes


def read(**changes: Any) -> Cube:
    return read_jsonstat(json.dumps(dataset(**changes)).encode())


def test_a_status_inside_an_extension_is_not_that_of_the_cells() -> None:
    content = {"extension": {"status": {"0": "..."}}} | dataset()
    assert words(read_jsonstat(json.dumps(content).encode())) == ["published", "published", "suppressed", "published"]
    del content["status"]
    assert words(read_jsonstat(json.dumps(content).encode()))[0] == "published"


def words(cube: Cube) -> list[str]:
    return [STATUS_WORDS[one] for one in cube.status]


def test_a_dense_body_gives_codes_values_and_status() -> None:
    cube = read()
    assert [one.code for one in cube.dimensions] == ["Alue", "month", "contentscode"]
    assert cube.dimensions[0].codes == ("MK19", "KU890")
    assert cube.dimensions[0].labels == ("Lappi", "Utsjoki")
    assert [one.role for one in cube.dimensions] == ["geo", "time", "metric"]
    assert cube.values[[0, 1, 3]].tolist() == [2600, 2515, 13]
    assert np.isnan(cube.values[2])
    assert words(cube) == ["published", "published", "suppressed", "published"]
    assert cube.updated == datetime(2026, 7, 21, 5, tzinfo=UTC)
    assert (cube.label, cube.source) == ("Vacancies", "KEHA Centre")


def test_the_order_of_categories_follows_their_positions_not_their_place_in_the_text() -> None:
    content = dataset()
    content["dimension"]["Alue"]["category"]["index"] = {"KU890": 1, "MK19": 0}
    assert read_jsonstat(json.dumps(content).encode()).dimensions[0].codes == ("MK19", "KU890")


def test_sparse_values_leave_the_others_not_available() -> None:
    cube = read(value={"0": 2600, "3": 13}, status={"2": "..."})
    assert words(cube) == ["published", "not_available", "suppressed", "published"]
    assert cube.values[3] == 13


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"2": "."}, "not_defined"),
        ({"2": ".."}, "not_available"),
        ({"2": "...", "0": "..."}, "suppressed"),
        ({"2": "...", "0": "."}, "suppressed"),
        (["", None, "...", ""], "suppressed"),
        (None, "not_available"),
    ],
)
def test_every_missing_mark_keeps_its_own_status(status: Any, expected: str) -> None:
    assert words(read(value=[None, 2515, None, 13], status=status))[2] == expected


def test_one_mark_for_all_cells() -> None:
    assert words(read(value=[None] * 4, status="...")) == ["suppressed"] * 4


def test_a_published_zero_is_a_zero() -> None:
    cube = read(value=[0, 0, None, 0])
    assert cube.values[0] == 0
    assert words(cube)[0] == "published"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": [1, 2, 3]}, "4 cells expected from the sizes, 3 values found"),
        ({"value": [1, 2, 3, "4"]}, "A value is not a number: Could not convert '4'"),
        ({"value": [1, 2, 3, [4]]}, "A value is not a number"),
        ({"value": {"0": 1, "7": 2}}, "outside the table's 4 cells"),
        ({"value": {"first": 1}}, "not a whole number"),
        ({"value": None}, "no values"),
        ({"status": {"0": "..."}}, "both a value and a missing mark"),
        ({"status": {"2": "?"}}, "Unknown missing mark '?'"),
        ({"status": ["..."]}, "another length"),
        ({"status": {"9": "..."}}, "outside the table's 4 cells"),
        ({"size": [2, 2]}, "3 dimensions but the sizes are [2, 2]"),
        ({"size": [3, 2, 1]}, "'Alue' has 2 categories, its size says 3"),
        ({"id": ["Alue", "Alue", "contentscode"]}, "stands twice"),
        ({"id": ["Alue", "kuukausi", "contentscode"]}, "'kuukausi' has no categories"),
        ({"class": "collection"}, "Not a JSON-stat 2 dataset"),
        ({"updated": "yesterday"}, "'yesterday' is not a release time"),
        ({"id": 3}, "Not a JSON-stat 2 dataset"),
    ],
)
def test_an_inconsistent_body_is_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FormatError) as failure:
        read(**changes)
    assert said in str(failure.value)


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (["MK19", "MK19"], "'Alue' lists the category 'MK19' twice"),
        ({"MK19": 0, "KU890": 0}, "not 0 to 1, each once"),
        ({"MK19": 0, "KU890": 2}, "not 0 to 1, each once"),
    ],
)
def test_categories_that_are_missing_or_twice_are_refused(index: Any, said: str) -> None:
    content = dataset()
    content["dimension"]["Alue"]["category"]["index"] = index
    with pytest.raises(FormatError) as failure:
        read_jsonstat(json.dumps(content).encode())
    assert said in str(failure.value)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"value": [1, ', b'{"value": [NaN]}', b"\xff\xfe", b"[]"])
def test_other_bodies_are_refused(body: bytes) -> None:
    with pytest.raises(FormatError):
        read_jsonstat(body)


def test_a_byte_order_mark_is_no_trouble() -> None:
    assert read_jsonstat(b"\xef\xbb\xbf" + json.dumps(dataset()).encode()).shape == (2, 2, 1)


@pytest.mark.parametrize(
    ("code", "start"), [("2026M06", date(2026, 6, 1)), ("2026Q2", date(2026, 4, 1)), ("2026", date(2026, 1, 1))]
)
def test_a_period_starts_on_its_first_day(code: str, start: date) -> None:
    assert period_start(code) == start


@pytest.mark.parametrize("code", ["2026M13", "2026M6", "2026-06", "2026Q5", ""])
def test_other_periods_are_refused(code: str) -> None:
    with pytest.raises(FormatError):
        period_start(code)


def test_release_times_with_dots_and_with_colons_are_the_same() -> None:
    assert parse_updated("2026-07-21T05.00.00Z") == datetime(2026, 7, 21, 5, tzinfo=UTC)
    assert parse_updated("2026-07-21T08:00:00+03:00") == datetime(2026, 7, 21, 5, tzinfo=UTC)
    assert parse_updated("2026-07-21T05:00:00") == datetime(2026, 7, 21, 5, tzinfo=UTC)
    assert parse_updated(None) is None


def test_long_rows() -> None:
    table = long_table(read(), {"Alue": "area_code", "month": "month", "contentscode": "measure"})
    assert table.to_pylist()[2:] == [
        {
            "area_code": "KU890",
            "month": date(2026, 5, 1),
            "measure": "AVPAIKATLOPUSSA",
            "value": None,
            "status": "suppressed",
        },
        {
            "area_code": "KU890",
            "month": date(2026, 6, 1),
            "measure": "AVPAIKATLOPUSSA",
            "value": 13.0,
            "status": "published",
        },
    ]


def test_a_variable_without_a_column_must_have_one_category() -> None:
    assert long_table(read(), {"Alue": "area_code", "month": "month"}).num_rows == 4
    with pytest.raises(FormatError, match="'month' has 2 categories and no column"):
        long_table(read(), {"Alue": "area_code"})


def test_wide_rows_put_the_measures_side_by_side() -> None:
    dimensions = (
        Dimension("measure", "", ("V", "U"), ("V", "U"), "metric"),
        Dimension("occupation", "", ("2512", "5131"), ("a", "b")),
    )
    cube = Cube(dimensions, np.array([1.0, np.nan, 30.0, 40.0]), np.array([0, 1, 0, 0], dtype=np.int8))
    table = wide_table(cube, {"occupation": "occupation_code"}, "measure", {"U": "unemployed", "V": "vacancies"})
    assert table.to_pylist() == [
        {
            "occupation_code": "2512",
            "unemployed": 30.0,
            "unemployed_status": "published",
            "vacancies": 1.0,
            "vacancies_status": "published",
        },
        {
            "occupation_code": "5131",
            "unemployed": 40.0,
            "unemployed_status": "published",
            "vacancies": None,
            "vacancies_status": "suppressed",
        },
    ]


def test_a_cube_has_one_value_and_one_status_a_cell() -> None:
    area = (Dimension("area", "", ("A", "B"), ("A", "B")),)
    with pytest.raises(FormatError, match="2 cells expected from the dimensions, 3 values found"):
        Cube(area, np.zeros(3), np.zeros(3, np.int8))


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10**6), st.floats(0, 10**6)), min_size=1, max_size=60),
    st.booleans(),
)
def test_any_values_survive_the_round_trip(values: list[float | None], sparse: bool) -> None:
    codes = [f"A{place}" for place in range(len(values))]
    body = {
        "id": ["area"],
        "size": [len(values)],
        "dimension": {"area": {"category": {"index": codes}}},
        "value": {str(i): value for i, value in enumerate(values) if value is not None} if sparse else values,
        "status": {str(i): "..." for i, value in enumerate(values) if value is None},
    }
    rows = long_table(read_jsonstat(json.dumps(body).encode()), {"area": "area_code"}).to_pylist()
    assert [row["value"] for row in rows] == values
    assert [row["status"] == "suppressed" for row in rows] == [value is None for value in values]
    assert [row["area_code"] for row in rows] == codes


def test_picking_keeps_cells_with_their_codes() -> None:
    cube = read().pick({"Alue": ["KU890"], "month": ["2026M06", "2026M05"]})
    assert cube.values[0] == 13
    assert words(cube) == ["published", "suppressed"]
    assert cube.dimensions[1].codes == ("2026M06", "2026M05")

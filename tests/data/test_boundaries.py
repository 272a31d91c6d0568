"""Neighbours on the map: areas whose borders have a point in common."""

import json

import duckdb

from data.boundaries import touching


def square(x: float, y: float) -> dict[str, object]:
    ring = [[x, y], [x, y + 1], [x + 1, y + 1], [x + 1, y], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_areas_with_a_common_border_or_corner_touch_and_others_do_not() -> None:
    found = touching({"a": square(0, 0), "b": square(1, 0), "c": square(2, 1), "d": square(5, 5)})
    assert found == {"a": {"b"}, "b": {"a", "c"}, "c": {"b"}, "d": set()}


def test_an_area_of_several_parts_touches_by_any_of_them() -> None:
    islands = {
        "type": "MultiPolygon",
        "coordinates": [[square(0, 0)["coordinates"][0]], [square(5, 5)["coordinates"][0]]],
    }
    assert touching({"a": islands, "b": square(6, 5)})["a"] == {"b"}


def test_neighbours_of_utsjoki_and_kittila(seed_connection: duckdb.DuckDBPyConnection) -> None:
    rows = seed_connection.execute(
        "SELECT area_code, geometry FROM area_boundary WHERE area_code LIKE 'KU%'"
    ).fetchall()
    found = touching({code: json.loads(geometry) for code, geometry in rows})
    assert found["KU890"] == {"KU148"}
    assert found["KU261"] == {"KU047", "KU148", "KU273", "KU498", "KU698", "KU758"}

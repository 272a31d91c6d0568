"""Reader of PxWeb's own ``json`` format and of tables of coded rows (CSV saved by hand)."""

import csv
import io
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from loaders.cube import MARKS, NOT_AVAILABLE, PERIOD, PUBLISHED, Cube, Dimension, Role, parse_updated
from loaders.errors import FormatError
from loaders.jsonstat import decode, malformed

CONTENTS = "contentscode"
"""Name of the variable of measures: in this format measures are columns and the variable goes unnamed."""


@malformed("PxWeb json table")
def read_pxjson(body: bytes) -> Cube:
    """Cells of a PxWeb ``json`` body: keys in columns ``d`` and ``t``, one column ``c`` a measure, figures as text.

    A combination of keys that has no row is ``not_available``.

    Raises:
        FormatError: another structure, a row twice, a figure that is neither a number nor a known missing mark.
    """
    data = decode(body)
    if not isinstance(data, dict) or not {"columns", "data"} <= set(data):
        raise FormatError("Not a PxWeb json table: it has no columns and data")
    keys = [column for column in data["columns"] if column["type"] in ("d", "t")]
    contents = [column for column in data["columns"] if column["type"] == "c"]
    rows = data["data"]
    if any(len(row["key"]) != len(keys) or len(row["values"]) != len(contents) for row in rows):
        raise FormatError(f"A row does not have {len(keys)} keys and {len(contents)} values")
    about = (data.get("metadata") or [{}])[0]
    cube = from_rows(
        [(column["code"], column["text"], "time" if column["type"] == "t" else None) for column in keys],
        [[row["key"][place] for row in rows] for place in range(len(keys))],
        [(column["code"], column["text"]) for column in contents],
        [[row["values"][place] for row in rows] for place in range(len(contents))],
    )
    return Cube(
        cube.dimensions,
        cube.values,
        cube.status,
        str(about.get("label") or ""),
        str(about.get("source") or ""),
        parse_updated(about.get("updated")),
    )


def read_csv(body: bytes, contents: Sequence[str]) -> Cube:
    """Cells of a CSV table of codes, separated by comma, semicolon or tab.

    Either one column a measure, headed by its code, or the columns ``measure`` and ``value`` (and ``status``).
    Every other column is a variable; one whose cells are all periods is time.

    Args:
        body: the file, UTF-8.
        contents: codes of the measures to look for in the header.

    Raises:
        FormatError: no measure in the header, uneven rows, a row twice, an unknown figure.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormatError("The CSV file is not UTF-8") from None
    separator = max(",;\t", key=text.partition("\n")[0].count)
    header, *rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row] or [[]]
    if not rows or any(len(row) != len(header) for row in rows):
        raise FormatError("The CSV file has no rows, or rows of another length than its header")
    columns = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    if {"measure", "value"} <= set(columns):
        figures = columns.pop("value")
        marks = columns.pop("status", [""] * len(figures))
        figures = [mark if mark in MARKS else figure for figure, mark in zip(figures, marks, strict=True)]
        found = [("value", "value")]
        values = [figures]
    else:
        names = [name for name in header if any(_same_code(name, code) for code in contents)]
        if not names:
            raise FormatError(f"No column is headed by a measure ({', '.join(contents)}); columns are {header}")
        found = [(name, name) for name in names]
        values = [columns.pop(name) for name in names]
    keys: list[tuple[str, str, Role | None]] = [
        (name, name, "time" if all(PERIOD.fullmatch(cell) for cell in cells) else None)
        for name, cells in columns.items()
    ]
    cube = from_rows(keys, list(columns.values()), found, values)
    if found != [("value", "value")]:
        return cube
    dimensions = tuple(
        Dimension(one.code, one.label, one.codes, one.labels, "metric" if one.code == "measure" else one.role)
        for one in cube.dimensions[:-1]
    )
    return Cube(dimensions, cube.values, cube.status)


def _same_code(name: str, code: str) -> bool:
    return name == code or name.endswith(f"-{code}")


def from_rows(
    keys: Sequence[tuple[str, str, Role | None]],
    key_columns: Sequence[Sequence[str]],
    contents: Sequence[tuple[str, str]],
    figures: Sequence[Sequence[str]],
) -> Cube:
    """A cube out of coded rows; the variable of measures comes last.

    Args:
        keys: code, label and role of each variable.
        key_columns: its codes, one a row.
        contents: code and label of each measure.
        figures: its figures as text, one a row.
    """
    if not contents or not figures[0]:
        raise FormatError(f"The table has no {'rows' if contents else 'measures'}")
    dimensions = []
    place = np.zeros(len(figures[0]), dtype=np.int64)
    for (code, label, role), column in zip(keys, key_columns, strict=True):
        position = {category: at for at, category in enumerate(dict.fromkeys(column))}
        dimensions.append(Dimension(code, label, tuple(position), tuple(position), role))
        place = place * len(position) + np.fromiter(map(position.__getitem__, column), np.int64, len(column))
    if np.unique(place).size != place.size:
        raise FormatError("Two rows have the same keys")
    cells = prod(len(dimension.codes) for dimension in dimensions)
    values = np.full((cells, len(contents)), np.nan)
    status = np.full((cells, len(contents)), np.int8(NOT_AVAILABLE))
    for at, column in enumerate(figures):
        values[place, at], status[place, at] = _figures(column)
    metric = Dimension(CONTENTS, CONTENTS, tuple(c for c, _ in contents), tuple(t for _, t in contents), "metric")
    return Cube((*dimensions, metric), values.ravel(), status.ravel())


def _figures(column: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
    odd = next((one for one in column if not isinstance(one, str)), None)
    if odd is not None:
        raise FormatError(f"A figure is neither a number nor a missing mark: {odd!r} is not text")
    text = np.array(column, dtype=str)
    status = np.zeros(text.size, dtype=np.int8)
    for mark, position in MARKS.items():
        status[text == mark] = position
    status[text == ""] = NOT_AVAILABLE
    values = np.full(text.size, np.nan)
    published = status == PUBLISHED
    try:
        values[published] = text[published].astype(np.float64)
    except ValueError as problem:
        raise FormatError(f"A figure is neither a number nor a missing mark: {problem}") from None
    if np.any(~np.isfinite(values[published])):
        raise FormatError("A figure is neither a number nor a missing mark: nan or inf")
    return values, status

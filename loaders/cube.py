"""A table as the readers leave it: dimensions with codes, and flat arrays of values and status."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from math import prod
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from loaders.errors import FormatError

Role = Literal["time", "geo", "metric"]

STATUS_WORDS = ("published", "suppressed", "not_defined", "not_available")
PUBLISHED, SUPPRESSED, NOT_DEFINED, NOT_AVAILABLE = range(4)
MARKS: Mapping[str, int] = {"...": SUPPRESSED, ".": NOT_DEFINED, "..": NOT_AVAILABLE}
"""Missing marks of the service and their status (positions in STATUS_WORDS)."""

LARGEST = 2.0**53
"""Whole numbers beyond it cannot be told apart in a double."""

PERIOD = re.compile(r"(?P<year>\d{4})(?:M(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4]))?")


@dataclass(frozen=True)
class Dimension:
    """One variable of a table: codes in the order of the cells, and a label for each."""

    code: str
    label: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    role: Role | None = None

    def __post_init__(self) -> None:
        if not all(isinstance(text, str) for text in (self.code, self.label, *self.codes, *self.labels)):
            raise FormatError(f"Variable {self.code!r} has a category that is not named by text")
        twice = [code for code, times in Counter(self.codes).items() if times > 1]
        if twice:
            raise FormatError(f"Variable {self.code!r} lists the category {twice[0]!r} twice")


@dataclass(frozen=True)
class Cube:
    """Cells of a table in row-major order of its dimensions.

    Attributes:
        dimensions: outermost first.
        values: float64, one a cell, NaN where there is no value; in the table's own units.
        status: int8 positions in STATUS_WORDS, one a cell.
        updated: the publisher's release time (UTC), where stated.
    """

    dimensions: tuple[Dimension, ...]
    values: NDArray[np.float64]
    status: NDArray[np.int8]
    label: str = ""
    source: str = ""
    updated: datetime | None = None

    def __post_init__(self) -> None:
        names = [dimension.code for dimension in self.dimensions]
        if len(set(names)) != len(names):
            raise FormatError(f"A variable stands twice among {names}")
        cells = prod(self.shape)
        if self.values.shape != (cells,) or self.status.shape != (cells,):
            raise FormatError(f"{cells} cells expected from the dimensions, {self.values.size} values found")
        if np.any(np.abs(self.values) > LARGEST):
            raise FormatError("A value is too large to be a figure: it is beyond 2^53, where counting ends")
        if np.any(np.isnan(self.values) == (self.status == PUBLISHED)):
            raise FormatError("A cell has both a value and a missing mark, or neither")

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(dimension.codes) for dimension in self.dimensions)

    @cached_property
    def by_code(self) -> Mapping[str, Dimension]:
        return {dimension.code: dimension for dimension in self.dimensions}

    def pick(self, selection: Mapping[str, Sequence[str]]) -> "Cube":
        """The part of the cube with the given codes, in the given order; other dimensions whole.

        Raises:
            KeyError: a code or variable the cube does not have.
        """
        places = []
        dimensions = []
        for dimension in self.dimensions:
            wanted = tuple(selection.get(dimension.code, dimension.codes))
            position = {code: place for place, code in enumerate(dimension.codes)}
            places.append([position[code] for code in wanted])
            labels = tuple(dimension.labels[position[code]] for code in wanted)
            dimensions.append(Dimension(dimension.code, dimension.label, wanted, labels, dimension.role))
        grid = np.ix_(*places)
        return Cube(
            tuple(dimensions),
            self.values.reshape(self.shape)[grid].ravel(),
            self.status.reshape(self.shape)[grid].ravel(),
            self.label,
            self.source,
            self.updated,
        )


def period_start(code: str) -> date:
    """First day of a period code: ``2026M06``, ``2026Q2`` or ``2026``.

    Raises:
        FormatError: any other form.
    """
    match = PERIOD.fullmatch(code)
    if match is None:
        raise FormatError(f"{code!r} is not a year, quarter or month")
    month = int(match["month"] or 1) if not match["quarter"] else 3 * int(match["quarter"]) - 2
    return date(int(match["year"]), month, 1)


def parse_updated(text: str | None) -> datetime | None:
    """Release stamp as an aware UTC time: ISO, or with dots between hours and minutes as in PxWeb ``json``.

    Raises:
        FormatError: a stamp in neither form.
    """
    if not text:
        return None
    day, separator, clock = text.strip().partition("T")
    try:
        stamp = datetime.fromisoformat(day + separator + clock.replace(".", ":", 2).replace("Z", "+00:00"))
    except ValueError:
        raise FormatError(f"{text!r} is not a release time") from None
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


def _coordinate(dimension: Dimension, shape: tuple[int, ...], axis: int, column: str) -> pa.Array:
    """One column of a tidy table. Text is dictionary-encoded: one small number a row."""
    places = np.arange(shape[axis], dtype=np.int32).reshape([-1 if at == axis else 1 for at in range(len(shape))])
    rows = np.broadcast_to(places, shape).ravel()
    if dimension.role == "time":
        starts = np.array([period_start(code) for code in dimension.codes], dtype="datetime64[D]")
        if column == "year":
            return pa.array((starts.astype("datetime64[Y]").astype(np.int16) + np.int16(1970))[rows])
        return pa.array(starts[rows])
    return pa.DictionaryArray.from_arrays(pa.array(rows), pa.array(dimension.codes, pa.string()))


def _status(status: NDArray[np.int8]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.ascontiguousarray(status)), pa.array(STATUS_WORDS, pa.string()))


def _values(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(np.ascontiguousarray(values), from_pandas=True)


def long_table(cube: Cube, columns: Mapping[str, str]) -> pa.Table:
    """One row a cell.

    Args:
        cube: the cells.
        columns: name of the column for each variable; a variable left out must have one category only.
            The time variable becomes a date, the first day of the period; in a column ``year``, a number.

    Returns:
        The named columns (dictionary-encoded text, date32 or int16), ``value`` (double, null where there is none)
        and ``status``.
    """
    _refuse_hidden(cube, columns)
    table = {
        columns[dimension.code]: _coordinate(dimension, cube.shape, axis, columns[dimension.code])
        for axis, dimension in enumerate(cube.dimensions)
        if dimension.code in columns
    }
    return pa.table(table | {"value": _values(cube.values), "status": _status(cube.status)})


def wide_table(cube: Cube, columns: Mapping[str, str], metric: str, measures: Mapping[str, str]) -> pa.Table:
    """One row a combination of all variables but the measures; two columns a measure.

    Args:
        cube: the cells.
        columns: as in ``long_table``, without the metric variable.
        metric: the variable that holds the measures.
        measures: name of the value column for each of its codes; the status column is ``<name>_status``, that of a
            column ``value`` is ``status``.

    Returns:
        The named columns, then value and status of each measure in the order given.
    """
    _refuse_hidden(cube, {**columns, metric: metric})
    axis = [dimension.code for dimension in cube.dimensions].index(metric)
    rest = [dimension for dimension in cube.dimensions if dimension.code != metric]
    shape = tuple(len(dimension.codes) for dimension in rest)
    values = np.moveaxis(cube.values.reshape(cube.shape), axis, 0)
    status = np.moveaxis(cube.status.reshape(cube.shape), axis, 0)
    table = {
        columns[dimension.code]: _coordinate(dimension, shape, at, columns[dimension.code])
        for at, dimension in enumerate(rest)
        if dimension.code in columns
    }
    position = {code: place for place, code in enumerate(cube.dimensions[axis].codes)}
    for code, name in measures.items():
        table[name] = _values(values[position[code]].ravel())
        table["status" if name == "value" else f"{name}_status"] = _status(status[position[code]].ravel())
    return pa.table(table)


def _refuse_hidden(cube: Cube, columns: Mapping[str, str]) -> None:
    for dimension in cube.dimensions:
        if dimension.code not in columns and len(dimension.codes) != 1:
            raise FormatError(f"Variable {dimension.code!r} has {len(dimension.codes)} categories and no column")

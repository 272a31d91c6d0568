"""Reader of JSON-stat 2.0 datasets (https://json-stat.org/full/), as statistics services answer ``json-stat2``."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from typing import Any, Never

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from loaders.cube import MARKS, NOT_AVAILABLE, PUBLISHED, Cube, Dimension, Role, parse_updated
from loaders.errors import FormatError

ROLES: tuple[Role, ...] = ("time", "geo", "metric")
LIFTED = "status read apart"
STATUS_OBJECT = re.compile(rb'"status"\s*:\s*(\{[^{}]*\})')
ONE_MARK = re.compile(rb'\{\s*"\d+"\s*:\s*("[^"\\]*")')


def decode(body: bytes) -> Any:
    """The JSON of a body, in UTF-8 with or without a byte order mark.

    Raises:
        FormatError: cut off, not JSON, or with a number that is none (NaN, Infinity).
    """

    def refuse(token: str) -> Never:
        raise ValueError(f"{token} is not a number")

    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=refuse)
    except ValueError as problem:
        raise FormatError(f"Not complete JSON: {problem}") from None


@contextmanager
def malformed(what: str) -> Iterator[None]:
    """Turn a missing or wrongly typed member of a decoded body into a FormatError."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError) as problem:
        raise FormatError(f"Not a {what}: {type(problem).__name__} at {problem}") from None


@malformed("JSON-stat 2 dataset")
def read_jsonstat(body: bytes) -> Cube:
    """Cells and categories of a ``json-stat2`` body.

    ``value`` may be a list or a sparse object, ``category.index`` a list or an object, ``status`` a list, an object
    or one mark for all. A cell without value and mark is ``not_available``.

    Raises:
        FormatError: categories missing or twice, other than as many values as cells, an unknown missing mark, a value
            beside a missing mark.
    """
    data, hidden = _decode_dataset(body)
    if not isinstance(data, dict) or data.get("class", "dataset") != "dataset" or "id" not in data:
        raise FormatError("Not a JSON-stat 2 dataset: it has no list of dimensions")
    names, sizes = data["id"], data.get("size")
    if not isinstance(sizes, list) or len(sizes) != len(names):
        raise FormatError(f"{len(names)} dimensions but the sizes are {sizes}")
    roles: dict[str, Role] = {name: role for role in ROLES for name in (data.get("role") or {}).get(role, [])}
    dimensions = tuple(
        _dimension(name, size, data.get("dimension", {}).get(name), roles.get(name))
        for name, size in zip(names, sizes, strict=True)
    )
    cells = prod(sizes)
    values = _values(data.get("value"), cells)
    status = _status(data.get("status") if hidden is None else hidden, values)
    return Cube(
        dimensions,
        values,
        status,
        str(data.get("label") or ""),
        str(data.get("source") or ""),
        parse_updated(data.get("updated")),
    )


@dataclass(frozen=True)
class _Marked:
    """Cells that all have the same missing mark."""

    mark: str
    places: NDArray[np.int64]


def _decode_dataset(body: bytes) -> tuple[Any, _Marked | None]:
    """The JSON of a dataset; a large status object of one and the same mark is read apart, several times faster."""
    found = STATUS_OBJECT.match(body, max(body.find(b'"status"'), 0))
    marked = _one_mark(found[1]) if found else None
    if found is not None and marked is not None:
        data = decode(body[: found.start(1)] + json.dumps(LIFTED).encode() + body[found.end(1) :])
        if isinstance(data, dict) and data.get("status") == LIFTED:
            return data, marked
    return decode(body), None


def _one_mark(content: bytes) -> _Marked | None:
    """Positions in a status object, as ``{"3":"...","8":"..."}``; None when it has several marks or another form."""
    first = ONE_MARK.match(content)
    if first is None:
        return None
    text = content[1:-1].replace(b":" + first[1], b"").replace(b'"', b"")
    if text.translate(None, b"0123456789,"):
        return None
    places = np.fromstring(text, np.int64, sep=",")
    return _Marked(json.loads(first[1]), places) if places.size == content.count(b":") else None


def _dimension(name: str, size: int, content: Any, role: Role | None) -> Dimension:
    category = content.get("category") if isinstance(content, dict) else None
    if not isinstance(category, dict):
        raise FormatError(f"Dimension {name!r} has no categories")
    labels = category.get("label") or {}
    index = category.get("index", list(labels))
    if isinstance(index, dict):
        if sorted(index.values()) != list(range(len(index))):
            raise FormatError(f"Positions of the categories of {name!r} are not 0 to {len(index) - 1}, each once")
        codes = sorted(index, key=index.__getitem__)
    else:
        codes = list(index)
    if len(codes) != size:
        raise FormatError(f"Dimension {name!r} has {len(codes)} categories, its size says {size}")
    texts = tuple(str(labels.get(code, code)) for code in codes)
    return Dimension(name, str(content.get("label") or name), tuple(codes), texts, role)


def _sparse(cells: int, content: Mapping[str, Any], what: str) -> NDArray[np.int64]:
    try:
        places = np.fromiter(map(int, content), np.int64, len(content))
    except ValueError:
        raise FormatError(f"A position in {what!r} is not a whole number") from None
    return _inside(cells, places, what)


def _inside(cells: int, places: NDArray[np.int64], what: str) -> NDArray[np.int64]:
    if places.size and (places.min() < 0 or places.max() >= cells):
        raise FormatError(f"A position in {what!r} is outside the table's {cells} cells")
    return places


def _values(content: Any, cells: int) -> NDArray[np.float64]:
    if not isinstance(content, list | dict):
        raise FormatError("The dataset has no values")
    given: Sequence[Any] = content if isinstance(content, list) else list(content.values())
    try:
        numbers = pa.array(given, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid as problem:
        raise FormatError(f"A value is not a number: {problem}") from None
    if isinstance(content, list):
        if numbers.size != cells:
            raise FormatError(f"{cells} cells expected from the sizes, {numbers.size} values found")
        return numbers
    values = np.full(cells, np.nan)
    values[_sparse(cells, content, "value")] = numbers
    return values


def _status(content: Any, values: NDArray[np.float64]) -> NDArray[np.int8]:
    status = np.where(np.isnan(values), np.int8(NOT_AVAILABLE), np.int8(PUBLISHED))
    if not content:
        return status
    if isinstance(content, _Marked):
        status[_inside(values.size, content.places, "status")] = _mark(content.mark)
    elif isinstance(content, str):
        status[:] = _mark(content)
    elif isinstance(content, dict):
        known = {mark: _mark(mark) for mark in set(content.values())}
        marks = np.fromiter(map(known.__getitem__, content.values()), np.int8, len(content))
        status[_sparse(values.size, content, "status")] = marks
    elif isinstance(content, list) and len(content) == values.size:
        known = {mark: _mark(mark) for mark in set(content) if mark not in (None, "")}
        for mark, position in known.items():
            status[[given == mark for given in content]] = position
    else:
        raise FormatError(f"{values.size} cells but the status has another length")
    return status


def _mark(mark: Any) -> int:
    if mark not in MARKS:
        raise FormatError(f"Unknown missing mark {mark!r}; known are {', '.join(MARKS)}")
    return MARKS[mark]

"""Reader of JSON-stat 2.0 datasets (https://json-stat.org/full/), as statistics services answer ``json-stat2``."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from loaders.cube import MARKS, NOT_AVAILABLE, PUBLISHED, Cube, Dimension, Role, parse_updated
from loaders.errors import FormatError

ROLES: tuple[Role, ...] = ("time", "geo", "metric")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def decode(body: bytes) -> Any:
    """The JSON of a body, in UTF-8 with or without a byte order mark.

    Raises:
        FormatError: cut off, not JSON, or with a number that is none (NaN, Infinity).
    """
    try:
        return orjson.loads(body.removeprefix(BYTE_ORDER_MARK))
    except orjson.JSONDecodeError as problem:
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
    data = decode(body)
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
    status = _status(data.get("status"), values)
    return Cube(
        dimensions,
        values,
        status,
        str(data.get("label") or ""),
        str(data.get("source") or ""),
        parse_updated(data.get("updated")),
    )


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
    """The keys of a sparse object as positions of cells."""
    try:
        places = pa.array(list(content), pa.string()).cast(pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        raise FormatError(f"A position in {what!r} is not a whole number") from None
    if places.size and (places.min() < 0 or places.max() >= cells):
        raise FormatError(f"A position in {what!r} is outside the table's {cells} cells")
    return places


def _values(content: Any, cells: int) -> NDArray[np.float64]:
    if not isinstance(content, list | dict):
        raise FormatError("The dataset has no values")
    given: Sequence[Any] = content if isinstance(content, list) else list(content.values())
    if bool in set(map(type, given)):
        raise FormatError("A value is not a number: it is true or false")
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
    if isinstance(content, str):
        status[:] = _mark(content)
    elif isinstance(content, dict):
        known = {mark: _mark(mark) for mark in set(content.values())}
        marks = known.values() if len(known) == 1 else map(known.__getitem__, content.values())
        status[_sparse(values.size, content, "status")] = list(marks)
    elif isinstance(content, list) and len(content) == values.size:
        for mark in set(content) - {None, ""}:
            status[[other == mark for other in content]] = _mark(mark)
    else:
        raise FormatError(f"{values.size} cells but the status has another length")
    return status


def _mark(mark: Any) -> int:
    if mark not in MARKS:
        raise FormatError(f"Unknown missing mark {mark!r}; known are {', '.join(MARKS)}")
    return MARKS[mark]

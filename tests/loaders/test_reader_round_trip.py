"""Any table the emulated service can serve comes back cell by cell with its status, in every form of an answer."""

import json
import random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from loaders.cube import STATUS_WORDS, Cube
from loaders.jsonstat import read_jsonstat
from loaders.pxjson import read_pxjson
from tests.emulator.figures import Cells
from tests.emulator.tables import Table, Variable

PUBLISHED, HIDDEN, UNDEFINED = "published", "suppressed", "not_defined"


def served(shape: list[int], values: NDArray[np.float64], marks: NDArray[Any], decimals: list[int]) -> Table:
    """A table with areas, perhaps classes, time and measures; any of its cells hidden or undefined."""
    variables = [
        Variable(
            f"v{axis}", f"Variable {axis}", [f"{axis}-{at}" for at in range(size)], [f"ä {at}" for at in range(size)]
        )
        for axis, size in enumerate(shape)
    ]
    variables[-2].values = [f"{2020 + at}" for at in range(shape[-2])]
    variables[-2].time = True
    variables[0].geo = len(shape) > 2

    def cells(*places: NDArray[np.int64]) -> Cells:
        grid = np.ix_(*places)
        return values[grid], marks[grid] == HIDDEN

    def dots(*places: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray(marks[np.ix_(*places)] == UNDEFINED)

    return Table("t1", "Table", variables, cells, decimals, dots=dots)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Table, list[list[int]], NDArray[np.float64], NDArray[Any]]:
    """A table, positions asked for in any order, and the values and status words that are to come back."""
    shape = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    decimals = draw(st.lists(st.integers(0, shape[-1] - 1), unique=True))
    values = np.where(
        np.isin(np.arange(shape[-1]), decimals),
        generator.integers(-10_000, 10_000, shape) / 10,
        generator.integers(0, 10**7, shape),
    )
    missing = draw(st.sampled_from([0.0, 0.2, 1.0]))
    marks = np.where(
        generator.random(shape) < missing, generator.choice(np.array([HIDDEN, UNDEFINED]), shape), PUBLISHED
    )
    asked = [
        [int(place) for place in generator.permutation(size)[: draw(st.integers(1, size))].tolist()] for size in shape
    ]
    grid = np.ix_(*asked)
    known = np.where(marks[grid] == PUBLISHED, values[grid], np.nan)
    return served(shape, values, marks, decimals), asked, known, marks[grid]


def rearranged(content: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """The same dataset in another of the forms the format has."""
    values, status = content["value"], content.get("status", {})
    if draw.random() < 0.5:
        content["value"] = {str(at): value for at, value in enumerate(values) if value is not None}
    if status and draw.random() < 0.5:
        content["status"] = [status.get(str(at)) for at in range(len(values))]
    elif len(status) == len(values) and len(set(status.values())) == 1:
        content["status"] = next(iter(status.values()))
    for dimension in content["dimension"].values():
        index = list(dimension["category"]["index"].items())
        draw.shuffle(index)
        match draw.randrange(3):
            case 0:
                dimension["category"]["index"] = dict(index)
            case 1:
                dimension["category"]["index"] = [code for code, _ in sorted(index, key=lambda pair: pair[1])]
            case 2:
                del dimension["category"]["index"]
    return content


def same(cube: Cube, table: Table, asked: list[list[int]], values: NDArray[np.float64], words: NDArray[Any]) -> None:
    found = [dimension.codes for dimension in cube.dimensions]
    assert found == [tuple(one.values[at] for at in some) for one, some in zip(table.variables, asked, strict=True)]
    assert np.array_equal(cube.values, values.ravel(), equal_nan=True)
    assert [STATUS_WORDS[one] for one in cube.status] == words.ravel().tolist()


@settings(deadline=None, max_examples=150)
@given(question=questions(), seed=st.integers(0, 10**6))
def test_json_stat_comes_back_with_status_in_every_form(
    question: tuple[Table, list[list[int]], NDArray[np.float64], NDArray[Any]], seed: int
) -> None:
    table, asked, values, words = question
    content = json.loads(table.body(asked, "json-stat2"))
    same(read_jsonstat(json.dumps(content).encode()), table, asked, values, words)
    other = rearranged(content, random.Random(seed))
    same(read_jsonstat(json.dumps(other).encode()), table, asked, values, words)


@settings(deadline=None, max_examples=80)
@given(question=questions())
def test_pxweb_json_comes_back_with_status(
    question: tuple[Table, list[list[int]], NDArray[np.float64], NDArray[Any]],
) -> None:
    table, asked, values, words = question
    same(read_pxjson(table.body(asked, "json")), table, asked, values, words)

"""The worked examples of the dictionary, run: what docs/indicators.md prints is what the functions give."""

import importlib
import math
import pkgutil
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from spec_tables import table, years_by_month

import indicators
from data.dictionary import Example, load_indicators

EXAMPLES = {name: one.example for name, one in load_indicators().items() if one.example is not None}


def modules() -> dict[str, ModuleType]:
    names = [found.name for found in pkgutil.iter_modules(indicators.__path__) if not found.name.startswith("_")]
    return {name: importlib.import_module(f"indicators.{name}") for name in names}


def given(text: str) -> dict[str, object]:
    """The columns by name and the whole as ``given``; years of twelve months as ``series``."""
    if not text:
        return {}
    header, _, rest = text.strip().partition("\n")
    if header.split("|")[0].strip() == "year" and "12" in header.split("|")[-1]:
        series = years_by_month(rest)
        return {"given": series, "series": series}
    frame = table(text)
    return {str(column): frame[column] for column in frame.columns} | {"given": frame}


def computed(example: Example) -> object:
    return eval(example.call, modules() | {"np": np, "pd": pd} | given(example.given))


def assert_same(value: object, printed: object, decimals: int, where: str) -> None:
    """A number to the printed digits, a hidden one as ``...``, anything else word for word."""
    try:
        expected = math.nan if printed == "..." else float(str(printed))
    except ValueError:
        assert str(value) == str(printed), where
        return
    number = math.nan if pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]
    assert number == pytest.approx(expected, rel=0, abs=0.5000001 * 10**-decimals, nan_ok=True), where


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_printed_is_what_the_function_gives(name: str) -> None:
    example = EXAMPLES[name]
    result = computed(example)
    if not (isinstance(example.gives, str) and "|" in example.gives):
        assert_same(result, example.gives, example.decimals, name)
        return
    expected = table(example.gives)
    frame = result.to_frame(expected.columns[0]) if isinstance(result, pd.Series) else result
    assert isinstance(frame, pd.DataFrame)
    assert [str(label) for label in frame.index] == [str(label) for label in expected.index]
    assert [str(column) for column in frame.columns] == list(expected.columns)
    for row, label in enumerate(expected.index):
        for place, column in enumerate(expected.columns):
            assert_same(frame.iloc[row, place], expected.iloc[row, place], example.decimals, f"{label}, {column}")


def test_an_example_calls_the_function_it_stands_for() -> None:
    for name, one in load_indicators().items():
        module, function = one.function.split(".")[1:]
        assert one.example is None or f"{module}.{function}(" in one.example.call, name

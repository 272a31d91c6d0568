"""Checks and alignment shared by all indicators: what counts as valid input is decided here and nowhere else."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd

Cells = pd.Series | np.ndarray | Sequence[float]
"""One value a cell: a ``Series`` by label, or an array or list whose order is kept."""

Shaped = TypeVar("Shaped", float, np.ndarray, pd.Series, pd.DataFrame)
"""A number, an array, a cross-section or a panel: what comes back has the same shape."""

ByMonth = TypeVar("ByMonth", pd.Series, pd.DataFrame)

Labelled = pd.Series | pd.DataFrame

SHOWN_LABELS = 5


def labelled(name: str, values: object) -> Labelled | float:
    """``values`` as floats under labels: a number stays a number, an array is labelled 0, 1, 2, ...

    None and NA are hidden values like NaN. Raises ``ValueError`` for empty input, repeated or missing labels, infinite
    values and whatever is no number, texts of digits included; ``name`` stands in the message.
    """
    array = floats(name, values)
    if isinstance(values, pd.DataFrame):
        frame = pd.DataFrame(array, index=values.index, columns=values.columns, copy=False)
        axes: tuple[pd.Index, ...] = (frame.index, frame.columns)
        result: Labelled = frame
    elif isinstance(values, pd.Series):
        result = pd.Series(array, index=values.index, name=values.name, copy=False)
        axes = (result.index,)
    else:
        if array.ndim == 0:
            if np.isinf(array):
                raise ValueError(f"{name} is infinite")
            return float(array)
        if array.ndim > 2:
            raise ValueError(f"{name} has {array.ndim} dimensions: give cells, or periods by cells")
        result = pd.Series(array, copy=False) if array.ndim == 1 else pd.DataFrame(array, copy=False)
        axes = tuple(result.axes)
    if result.size == 0:
        raise ValueError(f"{name} is empty")
    for axis in axes:
        if not axis.is_unique:
            raise ValueError(f"{name} has repeated labels: {_some(axis[axis.duplicated()].unique())}")
        if not isinstance(axis, pd.MultiIndex) and axis.hasnans:
            raise ValueError(f"{name} has a value without a label")
    if np.isinf(result.to_numpy()).any():
        raise ValueError(f"{name} holds infinite values")
    return result


def floats(name: str, values: object) -> np.ndarray:
    """``values`` as a new array of floats in their own shape, missing ones NaN, without any other check.

    Raises ``ValueError`` when something in them is no number.
    """
    try:
        raw = values.to_numpy() if isinstance(values, Labelled) else np.asarray(values)
        dtypes = set(values.dtypes) if isinstance(values, pd.DataFrame) else {getattr(values, "dtype", raw.dtype)}
        if raw.dtype == object:
            # Whole-number columns with missing values too come as objects: it is the elements that must be numbers.
            if any(isinstance(value, (str, bytes)) for value in raw.ravel()):
                raise ValueError(f"{name} must hold numbers, not text")
            return np.where(pd.isna(raw), np.nan, raw).astype(float, order="F")
        if not all(pd.api.types.is_numeric_dtype(dtype) for dtype in dtypes) or raw.dtype.kind == "c":
            raise ValueError(f"{name} must hold numbers, not {raw.dtype}")
        return raw.astype(float, order="F")
    except TypeError as error:
        raise ValueError(f"{name} must hold numbers: {error}") from error


def aligned(**inputs: object) -> tuple[Labelled | float, ...]:
    """The inputs as floats with the labels of the first labelled one, in its order; numbers stay numbers.

    Raises ``ValueError`` when two inputs do not carry the same labels, or one is a cross-section and one a panel.
    """
    values = {name: labelled(name, value) for name, value in inputs.items()}
    named = [(name, value) for name, value in values.items() if isinstance(value, Labelled)]
    if not named:
        return tuple(values.values())
    first_name, first = named[0]
    for name, value in named[1:]:
        if value.ndim != first.ndim:
            raise ValueError(f"{first_name} and {name} must both be cross-sections or both be panels")
        if all(ours.identical(theirs) for ours, theirs in zip(first.axes, value.axes, strict=True)):
            continue
        for ours, theirs in zip(first.axes, value.axes, strict=True):
            same_labels(first_name, ours, name, theirs)
        values[name] = (
            value.reindex(index=first.index, columns=first.columns)
            if isinstance(value, pd.DataFrame) and isinstance(first, pd.DataFrame)
            else value.reindex(first.index)
        )
    return tuple(values.values())


def same_labels(first_name: str, first: pd.Index, second_name: str, second: pd.Index) -> None:
    """Raise ``ValueError`` unless both indexes hold the same labels, in whatever order."""
    if first.equals(second):  # as a rule, and far quicker to see than the differences
        return
    only_first, only_second = first.difference(second, sort=False), second.difference(first, sort=False)
    if len(only_first) or len(only_second):
        raise ValueError(
            f"labels do not match: only in {first_name}: {_some(only_first)}; "
            f"only in {second_name}: {_some(only_second)}"
        )


def counts(**inputs: object) -> tuple[Labelled | float, ...]:
    """:func:`aligned`, and none of the inputs may be negative. NaN passes: it is hidden, not wrong."""
    values = aligned(**inputs)
    for name, value in zip(inputs, values, strict=True):
        numbers = value.to_numpy() if isinstance(value, Labelled) else np.asarray(value)
        if (numbers < 0).any():
            raise ValueError(f"{name} holds negative values")
    return values


def elementwise(compute: Callable[..., Any], **inputs: object) -> Any:  # whose shape only the caller can name
    """``compute`` over the aligned counts as float arrays, returned in the shape of the inputs.

    All numbers give a float, arrays an array, a ``Series`` or ``DataFrame`` one with the labels of the first.
    Divisions by zero and NaN pass silently: what they mean is up to ``compute``.
    """
    values = counts(**inputs)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = compute(*(np.asarray(value, dtype=float) for value in values))
    template = next((value for value in values if isinstance(value, Labelled)), None)
    if template is None:
        return float(result)
    if not any(isinstance(value, Labelled) for value in inputs.values()):
        return result
    if isinstance(template, pd.Series):
        return pd.Series(result, index=template.index, copy=False)
    return pd.DataFrame(result, index=template.index, columns=template.columns, copy=False)


def column_frame(compute: Callable[..., dict[str, Any]], **inputs: object) -> pd.DataFrame:
    """The columns ``compute`` makes of the aligned counts, one row a cell; a single number gives one row."""
    values = counts(**inputs)
    template = next((value for value in values if isinstance(value, Labelled)), None)
    if isinstance(template, pd.DataFrame):
        raise ValueError(f"{', '.join(inputs)} must be one cross-section, or one cell over time, not a panel")
    index = pd.RangeIndex(1) if template is None else template.index
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = compute(*(np.broadcast_to(np.asarray(value, dtype=float), len(index)) for value in values))
    return pd.DataFrame(columns, index=index)


def sections(**inputs: object) -> tuple[pd.Series, ...]:
    """:func:`counts`, and each input must be one cross-section. Hidden cells pass."""
    values = counts(**inputs)
    for name, value in zip(inputs, values, strict=True):
        if not isinstance(value, pd.Series):
            raise ValueError(f"{name} must be one cross-section: one value a cell")
    return tuple(value for value in values if isinstance(value, pd.Series))


def cross_section(**inputs: object) -> tuple[pd.Series, ...]:
    """:func:`sections` with every cell there: ``ValueError`` says how many are hidden when any is."""
    values = sections(**inputs)
    for name, value in zip(inputs, values, strict=True):
        hidden = int(value.isna().sum())
        if hidden:
            raise ValueError(f"{hidden} of {len(value)} cells of {name} are hidden: every cell is needed")
    return values


def positive_total(name: str, values: pd.Series | np.ndarray) -> None:
    """Raise ``ValueError`` when the values sum to zero."""
    if values.sum() == 0:
        raise ValueError(f"the total of {name} is zero")


@dataclass(frozen=True)
class Rows:
    """Cross-sections as rows of arrays (periods by cells); a single cross-section is one row without a period."""

    arrays: tuple[np.ndarray, ...]
    cells: pd.Index
    periods: pd.Index | None

    def result(self, by_row: np.ndarray) -> Any:  # float for a cross-section, Series for a panel
        """One number for a cross-section, a ``Series`` by period for a panel."""
        return float(by_row[0]) if self.periods is None else pd.Series(by_row, index=self.periods)


def rows(**inputs: object) -> Rows:
    """The inputs as :class:`Rows`: all cross-sections, or all panels.

    A hidden cell raises in a cross-section; in a panel it makes its whole row NaN. A total of zero raises in both,
    naming the first period that has it.
    """
    values = counts(**inputs)
    first = values[0]
    if not isinstance(first, pd.DataFrame):
        sections = cross_section(**inputs)
        for name, section in zip(inputs, sections, strict=True):
            positive_total(name, section)
        return Rows(tuple(section.to_numpy()[None, :] for section in sections), sections[0].index, None)
    arrays = []
    for name, value in zip(inputs, values, strict=True):
        if not isinstance(value, pd.DataFrame):
            raise ValueError(f"{name} must be a panel like the others")
        arrays.append(value.to_numpy())
    totals = [array.sum(axis=1) for array in arrays]  # none is infinite, so that NaN is a hidden cell
    visible = ~np.isnan(np.sum(totals, axis=0))
    for name, total in zip(inputs, totals, strict=True):
        empty = visible & (total == 0)
        if empty.any():
            raise ValueError(f"the total of {name} is zero in {first.index[int(empty.argmax())]}")
    if not visible.all():
        arrays = [np.where(visible[:, None], array, np.nan) for array in arrays]
    return Rows(tuple(arrays), first.columns, first.index)


def monthly(name: str, values: ByMonth) -> ByMonth:
    """A ``Series`` or panel by month, as floats; ``ValueError`` unless its rows are a monthly ``PeriodIndex``."""
    if not isinstance(values, Labelled):
        raise ValueError(f"{name} must be a Series or DataFrame by month")
    if not isinstance(values.index, pd.PeriodIndex) or values.index.freqstr != "M":
        raise ValueError(f"{name} must have a monthly PeriodIndex")
    if values.index.hasnans:
        raise ValueError(f"{name} has a value without a month")
    return cast(ByMonth, labelled(name, values))


def over_time(**inputs: object) -> tuple[pd.Series, ...]:
    """:func:`counts` of one cell over time each, by the same periods in order and without gaps. NaN passes.

    An array counts as consecutive periods; labels other than periods must at least ascend.
    """
    values = counts(**inputs)
    for name, value in zip(inputs, values, strict=True):
        if not isinstance(value, pd.Series):
            raise ValueError(f"{name} must be one cell over time, not a panel or a number")
        consecutive(name, value.index)
    return tuple(value for value in values if isinstance(value, pd.Series))


def consecutive(name: str, index: pd.Index) -> None:
    """Raise ``ValueError`` unless the labels ascend and, when periods, leave none out."""
    gapless = not isinstance(index, pd.PeriodIndex) or (
        not index.hasnans and index.equals(pd.period_range(index[0], periods=len(index), freq=index.freq))
    )
    if not (gapless and index.is_monotonic_increasing):
        raise ValueError(f"{name} must be by period, in order and without gaps")


def within(name: str, value: float, low: float, high: float) -> None:
    """Raise ``ValueError`` unless ``value`` is a number and ``low < value < high``."""
    number(name, value)
    if not low < value < high:
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, got {value:g}")


def number(name: str, value: float) -> None:
    """Raise ``ValueError`` unless ``value`` is a number. NaN passes: it fails every comparison."""
    if not isinstance(value, Real):
        raise ValueError(f"{name} must be a number, got {value!r}")


def whole(name: str, value: int, least: int) -> int:
    """``value`` as an int; ``ValueError`` unless it is a whole number of at least ``least``."""
    if not isinstance(value, Real) or not np.isfinite(value) or value != int(value):
        raise ValueError(f"{name} must be a whole number, got {value!r}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}")
    return int(value)


def _some(labels: Iterable[object]) -> str:
    """The first few labels, for a message."""
    texts = [str(label) for label in labels]
    if not texts:
        return "none"
    rest = len(texts) - SHOWN_LABELS
    return ", ".join(texts[:SHOWN_LABELS]) + (f" and {rest} more" if rest > 0 else "")

"""Small readable tables for the specifications: text in, pandas out."""

import numpy as np
import pandas as pd

HIDDEN = "..."


def table(text: str) -> pd.DataFrame:
    """A frame from lines of ``cell | column | column``; the first column labels the rows.

    ``...`` is a hidden cell, NaN. Columns of numbers are floats, others text. Labels like 2020-01 are months.
    """
    header, *lines = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    frame = pd.DataFrame(
        [line[1:] for line in lines], columns=header[1:], index=[line[0] for line in lines], dtype=object
    )
    for column in frame.columns:
        numbers = pd.to_numeric(frame[column].replace(HIDDEN, np.nan), errors="coerce")
        if numbers.notna().eq(frame[column] != HIDDEN).all():
            frame[column] = numbers.astype(float)
    if all(len(label) == 7 and label[4] == "-" for label in frame.index):
        frame.index = pd.PeriodIndex(frame.index, freq="M")
    return frame


def years_by_month(text: str, name: str | None = None) -> pd.Series:
    """A monthly series from lines of ``year | January | ... | December``; an empty place is an absent month."""
    values: dict[str, float] = {}
    for line in text.strip().splitlines():
        year, *months = [part.strip() for part in line.split("|")]
        for month, value in enumerate(months, start=1):
            if value:
                values[f"{year}-{month:02d}"] = np.nan if value == HIDDEN else float(value)
    return pd.Series(list(values.values()), index=pd.PeriodIndex(list(values), freq="M"), name=name)

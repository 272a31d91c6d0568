"""What the queries share: a frame from SQL, and a condition on months."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pandas as pd

Month = str | date | pd.Timestamp


def frame(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """The result as a frame: text as str, dates as datetime64, numbers as float64 or integers."""
    result = connection.execute(sql, dict(parameters or {})).df()
    text = [column for column in result.columns if result[column].dtype == object]
    dates = [column for column in result.columns if pd.api.types.is_datetime64_any_dtype(result[column])]
    return result.astype(dict.fromkeys(text, "str") | dict.fromkeys(dates, "datetime64[us]"))


def month(value: Month | None) -> date | None:
    """The first day of a month given as ``2023-10``, a date or a Timestamp; None stays None."""
    return None if value is None else pd.Timestamp(value).date().replace(day=1)


def between(start: Month | None, end: Month | None) -> tuple[str, dict[str, Any]]:
    """A condition on the column ``month``, both ends included and None open, with its parameters."""
    condition = "($start IS NULL OR month >= $start) AND ($end IS NULL OR month <= $end)"
    return condition, {"start": month(start), "end": month(end)}

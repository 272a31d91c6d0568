"""Registered unemployed in Norway (NAV): counties only, other definitions than the Finnish; compare changes."""

from collections.abc import Sequence
from typing import Literal

import duckdb
import pandas as pd

from data.queries.frames import frame

Status = Literal["fully_unemployed", "partly_unemployed", "jobseekers_on_measures"]
Measure = Literal["persons", "share_of_labour_force"]


def unemployed(
    connection: duckdb.DuckDBPyConnection,
    areas: Sequence[str],
    status: Status = "fully_unemployed",
    measure: Measure = "persons",
) -> pd.DataFrame:
    """Both sexes by month: columns ``area_code, month, value, fetch_id``.

    Areas ``NO``, ``NO-55`` Troms and ``NO-56`` Finnmark. ``share_of_labour_force`` is 0 to 1, three decimals.
    """
    return frame(
        connection,
        "SELECT area_code, month, value, fetch_id FROM norway_unemployed WHERE list_contains($areas, area_code)"
        " AND labour_market_status = $status AND measure = $measure AND sex = 'total' ORDER BY area_code, month",
        {"areas": list(areas), "status": status, "measure": measure},
    )

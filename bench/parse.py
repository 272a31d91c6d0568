"""``python -m bench.parse``: a service's answer to rows in the product's own table, beside two other readers.

One ``json-stat2`` body of about 300 000 cells (both sides of the market by occupation, Lapland and the country) goes
into ``employment_service_occupation`` with all its checks. The runs are interleaved; the ratio of the medians is the
measure. The others lose the status, so for them every cell without a value counts as suppressed.
"""

import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from pxweb._internal.functions import unpack_table_data
from pyjstat import pyjstat
from rich.console import Console
from rich.table import Table

from data import snapshots
from data.queries import reference
from data.subjects import SCHEMA
from loaders.areas import region_areas
from loaders.cube import period_start
from loaders.declarations import Bound, bind, check_answer
from loaders.jsonstat import read_jsonstat
from loaders.pxweb import Metadata, query_of
from loaders.statfin.employment_service import BY_OCCUPATION
from settings import Settings
from tests.emulator import Emulator, seed_figures

RUNS = 12
MONTHS = 172
COLUMNS = "area_code, month, occupation_code, unemployed, unemployed_status, vacancies, vacancies_status"
Reader = Callable[[bytes], pd.DataFrame | pa.Table]


def main() -> int:
    """Print the medians and their ratios to this product's parser."""
    body, bound, selection = _answer()

    def own(content: bytes) -> pa.Table:
        cube = read_jsonstat(content)
        check_answer(cube, selection)
        return bound.rows(cube)

    readers: dict[str, Reader] = {"this parser": own, "pyjstat": _with_pyjstat, "pxwebpy": _with_pxwebpy}
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    totals = set()
    for _ in range(RUNS):
        for name, reader in readers.items():
            elapsed, total = _load(reader, body)
            seconds[name].append(elapsed)
            totals.add(total)
    if len(totals) != 1:
        raise RuntimeError(f"The readers do not agree on the rows: {totals}")
    ((rows, *_),) = totals
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    title = f"{len(body) / 1e6:.1f} MB, {2 * rows:,} cells, {rows:,} rows; medians of {RUNS} interleaved runs"
    table = Table("reader", "seconds", "times this parser", title=title)
    for name, median in medians.items():
        table.add_row(name, f"{median:.3f}", f"{median / medians['this parser']:.1f}")
    Console(width=90).print(table)
    return 0


def _answer() -> tuple[bytes, Bound, dict[str, list[str]]]:
    """The body, the bound declaration and what was asked."""
    with tempfile.TemporaryDirectory() as directory:
        snapshot = snapshots.ensure(Settings(data_dir=Path(directory)))
        with snapshots.connect(snapshot) as connection:
            figures = seed_figures(connection)
            areas = region_areas(reference.memberships(connection), "MK19")
    table = Emulator(figures).tables["12ti.px"]
    declaration = BY_OCCUPATION.model_copy(update={"areas": ("country", "region")})
    bound = bind(Metadata.model_validate(table.metadata()), declaration, areas)
    selection = bound.selection(bound.periods[:MONTHS])
    return table.body(table.select(query_of(selection)["query"]), "json-stat2"), bound, selection


def _load(reader: Reader, body: bytes) -> tuple[float, tuple[Any, ...]]:
    """Seconds from bytes to rows, and what the table holds then."""
    with duckdb.connect() as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        gc.collect()
        start = time.perf_counter()
        connection.register("answer", reader(body))
        connection.execute(f"INSERT INTO {BY_OCCUPATION.subject} SELECT {COLUMNS}, 1 FROM answer")
        elapsed = time.perf_counter() - start
        total = connection.execute(
            "SELECT count(*), count(unemployed), sum(unemployed), count(vacancies), sum(vacancies),"
            f" min(month), max(month), count(*) FILTER (vacancies_status = 'suppressed') FROM {BY_OCCUPATION.subject}"
        ).fetchone()
    assert total is not None
    return elapsed, total


def _with_pyjstat(body: bytes) -> pd.DataFrame:
    frame = pyjstat.Dataset.read(body.decode()).write("dataframe", naming="id")
    return _side_by_side(frame, "Alue", "Ammattiryhmä", "timeperiod_m")


def _with_pxwebpy(body: bytes) -> pd.DataFrame:
    frame = pd.DataFrame(unpack_table_data(json.loads(body), show="code"))
    return _side_by_side(frame, "Region", "Occupation", "Month")


def _side_by_side(frame: pd.DataFrame, area: str, occupation: str, month: str) -> pd.DataFrame:
    """One row for both measures: they alternate, as the last variable of the answer."""
    unemployed, vacancies = frame.iloc[0::2], frame.iloc[1::2]
    starts = {code: period_start(code) for code in unemployed[month].unique()}
    values = unemployed["value"].astype(float).to_numpy(), vacancies["value"].astype(float).to_numpy()
    status = [pd.Series(side).isna().map({True: "suppressed", False: "published"}).to_numpy() for side in values]
    return pd.DataFrame(
        {
            "area_code": unemployed[area].to_numpy(),
            "month": pd.to_datetime(unemployed[month].map(starts)).to_numpy(),
            "occupation_code": unemployed[occupation].to_numpy(),
            "unemployed": values[0],
            "unemployed_status": status[0],
            "vacancies": values[1],
            "vacancies_status": status[1],
        }
    )


if __name__ == "__main__":
    raise SystemExit(main())

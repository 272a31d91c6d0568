"""``python -m bench.scale``: one table by occupation at three sizes, from the service to a snapshot in service.

An emulated service answers in this process; each size is loaded by a fresh one into a data directory that holds the
seed's snapshot: asked in parts and kept, then read, built, checked and published. Asking includes the emulator's own
work, building includes the seed; peak memory is the loading process's. The query is the occupation view's, with its
connection.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from data import snapshots
from data.queries import occupations
from loaders.publish import areas_of, prepare
from loaders.raw import RawStore
from loaders.run import by_publisher
from loaders.statfin.employment_service import BY_OCCUPATION
from settings import ROOT, Settings
from tests.emulator import Emulator, seed_figures

QUERIES = 20


@dataclass(frozen=True)
class Size:
    """What is loaded: levels of area of a region."""

    name: str
    region: str
    levels: tuple[str, ...]


SIZES = {
    "lapland": Size("Lapland", "MK19", ("region",)),
    "municipalities": Size("its 21 municipalities", "MK19", ("municipality",)),
    "country": Size("every area of the country", "all", ("country", "region", "sub_region", "municipality")),
}


@dataclass(frozen=True)
class Measured:
    """One load: seconds of asking and of building, ``memory`` in bytes at its peak, ``file`` in bytes."""

    cells: int
    asking: float
    building: float
    memory: int
    file: int
    query: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; with ``--load`` be the process that loads one size."""
    parser = argparse.ArgumentParser(description="Load one table at three sizes.")
    parser.add_argument("--load", choices=SIZES, help=argparse.SUPPRESS)
    parser.add_argument("sizes", nargs="*", default=[], help=f"some of {', '.join(SIZES)}")
    options = parser.parse_args(arguments)
    if options.load:
        _load(SIZES[options.load])
        return 0
    console = Console(width=130)
    table = Table(title="Table 12ti, from the service to a snapshot in service")
    for heading in ("size", "cells", "ask, s", "build, s", "cells/s", "memory, MB", "snapshot, MB", "query, ms"):
        table.add_column(heading, justify="left" if heading == "size" else "right", no_wrap=True)
    for name in options.sizes or SIZES:
        measured = _measure(name)
        table.add_row(
            SIZES[name].name,
            f"{measured.cells:,}",
            f"{measured.asking:.1f}",
            f"{measured.building:.1f}",
            f"{measured.cells / (measured.asking + measured.building):,.0f}",
            f"{measured.memory / 2**20:,.0f}",
            f"{measured.file / 2**20:,.0f}",
            f"{measured.query * 1000:.0f}",
        )
    console.print(table)
    return 0


def _measure(name: str) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        with snapshots.connect(snapshots.ensure(settings)) as connection:
            figures = seed_figures(connection)
        with Emulator(figures, calls=100_000, seconds=1.0) as service:
            environment = {
                **os.environ,
                "TILANNEHUONE_DATA_DIR": folder,
                "TILANNEHUONE_STATFIN_URL": service.url,
                "PYTHONPATH": str(ROOT),
            }
            command = [sys.executable, "-m", "bench.scale", "--load", name]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
            assert process.stdout is not None
            said = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{name}: the load ended with status {status}")
        snapshot = snapshots.current(settings)
        size = snapshot.path.stat().st_size
        return Measured(**json.loads(said), memory=usage.ru_maxrss * 1024, file=size, query=_query_seconds(snapshot))


def _load(size: Size) -> None:
    """Load one size and print its cells and seconds."""
    settings = Settings()
    areas = areas_of(size.region, settings)
    declaration = BY_OCCUPATION.model_copy(update={"areas": size.levels})
    store = RawStore(settings.raw_dir)
    started = time.perf_counter()
    for publisher, (statistic,) in by_publisher([declaration], settings):
        publisher.opening()
        publisher.refresh(statistic, store, areas)
    asked = time.perf_counter()
    snapshot = snapshots.put_in_service(prepare(store, settings).snapshot.snapshot_id, settings)
    built = time.perf_counter()
    with snapshots.connect(snapshot) as connection:
        query = "SELECT 2 * count(*) FROM employment_service_occupation t JOIN source_fetch USING (fetch_id)"
        row = connection.execute(f"{query} WHERE origin = 'service'").fetchone()
    assert row is not None
    print(json.dumps({"cells": row[0], "asking": asked - started, "building": built - asked}))


def _query_seconds(snapshot: snapshots.Snapshot) -> float:
    """The occupation view's query, connection included; the median of several."""
    seconds = []
    for _ in range(QUERIES):
        started = time.perf_counter()
        with snapshots.connect(snapshot) as connection:
            latest = occupations.latest_month(connection, "MK19")
            assert latest is not None
            assert len(occupations.by_month(connection, "MK19", latest))
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    sys.exit(main())

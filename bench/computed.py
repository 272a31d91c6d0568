"""``python -m bench.computed``: what is computed when a snapshot is built, kind by kind, against its budget.

First builds of the seed, in which every slow result is kept; then each kind computed anew for the whole seed, as in a
refresh that changes every month of every series. The budget is of processor time, that of processes started included:
it says the same whatever else the machine does.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from data import apart, build, computed, record, snapshots
from settings import Settings

RUNS = 5
BUDGETS = {
    "seed build, all kept": 3.0,
    "of it: computed tables": 1.0,
    "signals": 0.5,
    "adjusted series and level breaks": 8.0,
    "track records": 30.0,
    "mismatch, one month": 0.2,
    "mismatch, every month": 40.0,
    "everything anew": 75.0,
}
"""Seconds of processor time."""


@dataclass(frozen=True)
class Spent:
    """Seconds of the clock and of processors."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> "Spent":
        """Since some moment in the past; the difference of two is what was spent between."""
        return cls(time.perf_counter(), sum(os.times()[:4]))

    def since(self, start: "Spent") -> "Spent":
        """What was spent from ``start`` to this."""
        return Spent(self.clock - start.clock, self.processor - start.processor)


Measured = dict[str, tuple[int, Spent]]
"""Number of results, 0 where it says nothing, and what they took."""


def main() -> int:
    """Print the table; exit code 1 when a budget is exceeded."""
    measured = {**_builds(), **_kinds()}
    table = Table("what", "results", "seconds", "processor, s", "budget, s", title="Computed when a snapshot is built")
    for name, (results, spent) in measured.items():
        seconds = (f"{value:.2f}" for value in (spent.clock, spent.processor, BUDGETS[name]))
        table.add_row(name, f"{results:,}" if results else "", *seconds)
    Console(width=100).print(table)
    return int(any(spent.processor > BUDGETS[name] for name, (_, spent) in measured.items()))


def _builds() -> Measured:
    whole, part = [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            moments = {"start": Spent.now()}
            build.build(settings=Settings(data_dir=Path(folder)), on_step=partial(_note, moments))
            whole.append(Spent.now().since(moments["start"]))
            part.append(moments["changes"].since(moments["indicators"]))
    return {"seed build, all kept": (0, _median(whole)), "of it: computed tables": (0, _median(part))}


def _note(moments: dict[str, Spent], step: str) -> None:
    moments[step] = Spent.now()


def _kinds() -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        snapshot = build.build(settings=Settings(data_dir=Path(folder)))[0]
        with snapshots.connect(snapshot) as connection:
            figures = computed.read_figures(connection)
            tests = computed.signal_tests(figures)
            adjusted = connection.execute("SELECT DISTINCT area_code, measure FROM seasonal_adjustment").fetchall()
            recorded = connection.execute("SELECT DISTINCT area_code, measure FROM forecast_score").fetchall()
            months = [
                computed.partition_cells(connection, partition, month)
                for partition in computed.PARTITIONS
                for month in computed.partition_months(connection, partition)
            ]
    runs = {pair: computed.longest_run(figures.panels[pair[1]][pair[0]]) for pair in {*adjusted, *recorded}}
    adjustments, records = (
        [partial(compute, runs[pair]) for pair in pairs]
        for compute, pairs in ((computed.adjustment, adjusted), (computed.track_record, recorded))
    )
    start = Spent.now()
    with record.computed_anew() as connection:
        (keys,) = connection.execute("SELECT count(*) FROM computed_key").fetchone() or (0,)
    everything = Spent.now().since(start)
    return {
        "signals": (len(tests), _spent(partial(computed.signal_tests, figures), RUNS)),
        "adjusted series and level breaks": (len(adjusted), _spent(lambda: apart.Tasks(adjustments).results())),
        "track records": (len(recorded), _spent(lambda: apart.Tasks(records).results())),
        "mismatch, one month": (1, _spent(partial(computed.mismatch, months[-1]), RUNS)),
        "mismatch, every month": (len(months), _spent(lambda: [computed.mismatch(cells) for cells in months])),
        "everything anew": (keys, everything),
    }


def _spent(work: Callable[[], object], runs: int = 1) -> Spent:
    found = []
    for _ in range(runs):
        start = Spent.now()
        work()
        found.append(Spent.now().since(start))
    return _median(found)


def _median(found: Sequence[Spent]) -> Spent:
    return Spent(*(statistics.median(values) for values in zip(*map(astuple, found), strict=True)))


if __name__ == "__main__":
    raise SystemExit(main())

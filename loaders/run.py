"""One run over several statistics: each publisher's service is opened once, and one failure stops nothing else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from data import releases
from data.catalogue import Source
from data.status import SourceStatus
from loaders.areas import RegionAreas
from loaders.errors import LoaderError
from loaders.http import DEFAULT_WINDOW, Session
from loaders.publisher import Outcome, Publisher, Statistic
from loaders.raw import RawStore
from loaders.registry import service
from settings import Settings

OnSource = Callable[[str, int, int], None]
"""Hears a source's id, how much of it has arrived and how much it is."""


@dataclass
class Loaded:
    """How a run went: outcomes and failure messages by source id."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def by_publisher(chosen: Sequence[Statistic], settings: Settings) -> Iterator[tuple[Publisher, list[Statistic]]]:
    """The publisher of each group of statistics, with a session of its own that closes when the group is done."""

    def publisher_id(statistic: Statistic) -> str:
        return statistic.source_id.partition(":")[0]

    for _, group in groupby(sorted(chosen, key=publisher_id), key=publisher_id):
        statistics = list(group)
        serving = service(statistics[0].source_id)
        with Session(window=serving.window or DEFAULT_WINDOW) as session:
            yield serving.open(session, settings), statistics


def load(
    chosen: Sequence[Statistic],
    store: RawStore,
    areas: RegionAreas,
    settings: Settings,
    full: bool,
    due: Mapping[str, bool],
    on_source: OnSource,
) -> Loaded:
    """Load each statistic by itself; those of a service that does not answer at all fail together."""
    loaded = Loaded()
    for publisher, statistics in by_publisher(chosen, settings):
        try:
            publisher.opening()
        except LoaderError as problem:
            loaded.failures |= {statistic.source_id: str(problem) for statistic in statistics}
            continue
        for statistic in statistics:
            source_id = statistic.source_id

            def show(arrived: int, whole: int, source_id: str = source_id) -> None:
                on_source(source_id, arrived, whole)

            try:
                loaded.outcomes[source_id] = publisher.refresh(
                    statistic, store, areas, full, due.get(source_id, True), show
                )
            except LoaderError as problem:
                loaded.failures[source_id] = str(problem)
    return loaded


def due(source: Source, store: RawStore, areas: RegionAreas, log: Mapping[str, SourceStatus], now: datetime) -> bool:
    """Whether recent periods of a source are to be asked for again.

    So when nothing of the region is held, a load was interrupted, or a release was expected since the last success.
    """
    held = [
        record
        for load in store.loads(source.id)
        if (record := load.record).origin == "service" and record.region == areas.region
    ]
    if not held or store.partial(source.id).begun():
        return True
    entry = log.get(source.id)
    asked = max(filter(None, [entry.last_success if entry else None, held[-1].fetched_at]))
    published = max(filter(None, (record.updated for record in held)), default=None)
    return releases.due(source, asked, now, published)

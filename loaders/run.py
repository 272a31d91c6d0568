"""One run over several statistics: each publisher's service is opened once, and one failure stops nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from data import releases
from data.catalogue import Source
from data.status import SourceStatus
from loaders.areas import RegionAreas
from loaders.errors import LoaderError, OffError, RawStoreError, ServiceUnavailableError
from loaders.http import Session
from loaders.publisher import Outcome, Publisher, Statistic
from loaders.raw import RawStore
from loaders.registry import service
from settings import Settings

PATIENCE = 2
"""Statistics of one service in a row that are asked in vain, each with its retries, before the rest are left alone."""


class Listener(Protocol):
    """Hears how a run goes on."""

    def show(self, source_id: str, arrived: int, whole: int) -> None:
        """So much of a source has arrived, of so much."""

    def end(self, source_id: str, failed: bool) -> None:
        """A source has been asked."""


@dataclass
class Loaded:
    """How a run went, by source id: outcomes, why a source is off, and failure messages."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    off: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def by_publisher(chosen: Sequence[Statistic], settings: Settings) -> Iterator[tuple[Publisher, list[Statistic]]]:
    """The publisher of each group of statistics, with a session of its own that closes when the group is done."""

    groups: dict[str, list[Statistic]] = {}
    for statistic in chosen:
        groups.setdefault(statistic.source_id.partition(":")[0], []).append(statistic)
    for statistics in groups.values():
        serving = service(statistics[0].source_id)
        with Session() as session:
            yield serving.open(session, settings), statistics


def load(
    chosen: Sequence[Statistic],
    store: RawStore,
    areas: RegionAreas,
    settings: Settings,
    full: bool,
    due: Mapping[str, bool],
    listeners: Sequence[Listener],
) -> Loaded:
    """Load each statistic by itself; a service that does not answer is not waited for again and again."""
    loaded = Loaded()
    for publisher, statistics in by_publisher(chosen, settings):
        silent: LoaderError | None = None
        unanswered = 0
        for listener in listeners:
            listener.show(statistics[0].source_id, 0, 0)
        try:
            publisher.opening()
        except LoaderError as problem:
            silent = problem
        for statistic in statistics:
            source_id = statistic.source_id

            def show(arrived: int, whole: int, source_id: str = source_id) -> None:
                for listener in listeners:
                    listener.show(source_id, arrived, whole)

            try:
                if silent is not None:
                    raise silent
                loaded.outcomes[source_id] = publisher.refresh(
                    statistic, store, areas, full, due.get(source_id, True), show
                )
                unanswered = 0
            except OffError as problem:
                loaded.off[source_id] = str(problem)
            except ServiceUnavailableError as problem:
                loaded.failures[source_id] = str(problem)
                unanswered += 1
                silent = problem if unanswered == PATIENCE else silent
            except LoaderError as problem:
                loaded.failures[source_id] = str(problem)
            for listener in listeners:
                listener.end(source_id, failed=source_id in loaded.failures)
    return loaded


def due(source: Source, store: RawStore, areas: RegionAreas, log: Mapping[str, SourceStatus], now: datetime) -> bool:
    """Whether recent periods of a source are to be asked for again.

    So when nothing of the region is held, a load was interrupted, or a release was expected since the last success.
    """
    try:
        loads = store.loads(source.id)
    except RawStoreError:
        return True  # the load itself will say what is damaged, and fail alone
    held = [record for load in loads if (record := load.record).origin == "service" and record.region == areas.region]
    if not held or store.partial(source.id).begun():
        return True
    entry = log.get(source.id)
    asked = max(filter(None, [entry.last_success if entry else None, held[-1].fetched_at]))
    published = max(filter(None, (record.updated for record in held)), default=None)
    return releases.due(source, asked, now, published)

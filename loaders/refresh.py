"""One load of one PxWeb table: bind it, ask for what is missing in parts, keep every answer, close the load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loaders.areas import RegionAreas
from loaders.declarations import Bound, Declaration, Frequency, bind, check_answer
from loaders.errors import FormatError, LoaderError, RefusedError, TooLargeError
from loaders.jsonstat import read_jsonstat
from loaders.publisher import OnPart, Outcome
from loaders.pxweb import Limits, PxWeb, cells, query_of, split
from loaders.raw import (
    METADATA,
    LoadRecord,
    Part,
    PartialLoad,
    RawStore,
    digest,
    part_name,
    stamp_of,
)

WINDOW: Mapping[Frequency, int] = {"month": 13, "quarter": 5, "year": 2}
"""Periods asked for again when a release is due: a year of possible revisions and the same period of last year."""

EDITION_ATTEMPTS = 3

SMALL = 1000
"""Cells: a 403 for fewer is not about the size of the selection."""


def refresh(
    declaration: Declaration,
    client: PxWeb,
    limits: Limits,
    store: RawStore,
    areas: RegionAreas,
    full: bool = False,
    due: bool = True,
    on_part: OnPart | None = None,
) -> Outcome:
    """Load what is new of one table, with a window of recent periods when a release is due; everything at first.

    An interrupted load goes on where it stopped. Nothing is published here. Arguments and errors as
    ``Publisher.refresh``.
    """
    found = client.find(declaration.database, declaration.folder, declaration.table, declaration.titles)
    bound = bind(found.metadata, declaration, areas)
    moved_to = found.table if found.table != declaration.table else None
    held = [
        load.record
        for load in store.loads(declaration.source_id)
        if load.record.origin == "service" and load.record.region == areas.region
    ]
    periods = wanted_periods(bound.periods, held, full, due, WINDOW[declaration.frequency])
    if not periods:
        return Outcome("unchanged", held[-1], 0, 0, moved_to, None)
    partial = store.partial(declaration.source_id)
    task = _Task(bound, found.table, client, limits.max_cells, partial, bound.selection(periods), on_part or _quiet)
    parts = task.collect()
    record = LoadRecord(
        source_id=declaration.source_id,
        origin="service",
        region=areas.region,
        full=periods == bound.periods,
        updated=parts[0].stamp.updated,
        fetched_at=max(part.stamp.fetched_at for part in parts),
        periods=periods,
        parts=tuple(part.name for part in parts),
        sha256=digest({part.name: part.stamp.sha256 for part in parts}),
    )
    if _covered(record, held):
        partial.discard()
        return Outcome("unchanged", record, task.asked, task.kept, moved_to, None)
    partial.add(METADATA, found.answer.content, stamp_of(found.answer, None))
    return Outcome("loaded", record, task.asked, task.kept, moved_to, store.complete(partial, record))


def wanted_periods(
    offered: Sequence[str], held: Sequence[LoadRecord], full: bool, due: bool, window: int
) -> tuple[str, ...]:
    """Periods to ask for: all; or those no complete load has, and then or when due the newest ``window`` ones.

    A period that was not there before is a release, whatever the calendar says, and may come with revisions.
    """
    if full or not any(record.full for record in held):
        return tuple(offered)
    have = {period for record in held for period in record.periods}
    if not due and have.issuperset(offered):
        return ()
    newest = set(offered[-window:])
    return tuple(period for period in offered if period not in have or period in newest)


def _covered(record: LoadRecord, held: Sequence[LoadRecord]) -> bool:
    """Whether a held load has the same edition of the same periods (an edition's figures do not change)."""
    if any(other.sha256 == record.sha256 for other in held):
        return True
    return record.updated is not None and any(
        other.updated == record.updated and set(record.periods) <= set(other.periods) for other in held
    )


def _quiet(arrived: int, whole: int) -> None:
    """No one listens."""


@dataclass
class _Task:
    bound: Bound
    table: str
    client: PxWeb
    ceiling: int
    partial: PartialLoad
    selection: dict[str, list[str]]
    on_part: OnPart
    asked: int = 0
    kept: int = 0

    def collect(self) -> list[Part]:
        """Every part, all of one edition: when the publisher releases anew meanwhile, the load starts over."""
        for _ in range(EDITION_ATTEMPTS):
            parts = self._collect_once()
            if parts is not None:
                return parts
        raise LoaderError(
            f"The publisher released new figures {EDITION_ATTEMPTS} times during one load",
            self.bound.declaration.address,
            "Refresh again in an hour",
        )

    def _collect_once(self) -> list[Part] | None:
        editions = self.partial.editions()
        if len(editions) > 1:
            self.partial.discard()
            editions = set()
        self.kept = 0
        parts: list[Part] = []
        whole, arrived = cells(self.selection), 0
        queue = self._split([self.selection])
        while queue:
            selection = queue.pop(0)
            query = query_of(selection)
            part = self.partial.get(query)
            if part is not None:
                self.kept += 1
            else:
                try:
                    part = self._ask(selection, query)
                except TooLargeError as refusal:
                    if cells(selection) <= SMALL:
                        raise RefusedError(f"403 even for {cells(selection)} cells", refusal.where) from None
                    self.ceiling = cells(selection) // 2
                    queue = self._split([selection, *queue])
                    continue
                editions = editions or {part.stamp.updated}
                if part.stamp.updated not in editions:
                    self.partial.keep_only(part.stamp.updated)
                    return None
            parts.append(part)
            arrived += cells(selection)
            self.on_part(arrived, whole)
        return parts

    def _split(self, selections: Sequence[dict[str, list[str]]]) -> list[dict[str, list[str]]]:
        time, contents = self.bound.time, self.bound.contents
        return [part for selection in selections for part in split(selection, self.ceiling, time, contents)]

    def _ask(self, selection: dict[str, list[str]], query: dict[str, Any]) -> Part:
        declaration = self.bound.declaration
        self.asked += 1
        answer = self.client.data(declaration.database, declaration.folder, self.table, query)
        try:
            cube = read_jsonstat(answer.content)
            check_answer(cube, selection)
        except FormatError as problem:
            raise problem.located(answer.url) from None
        return self.partial.add(part_name(query), answer.content, stamp_of(answer, query, cube.updated))

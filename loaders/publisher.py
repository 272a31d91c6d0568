"""What every publisher's loader offers, so that the commands treat all of them alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from loaders.areas import RegionAreas
from loaders.raw import Load, LoadRecord, RawStore

Certainty = Literal["certain", "likely", "unknown"]
"""Of a contract: seen in live answers, seen once or in an earlier form, or known by its title alone."""

OnPart = Callable[[int, int], None]
"""Hears how much has arrived and how much the whole load is."""


class Statistic(Protocol):
    """One declared statistic of any publisher.

    Attributes:
        source_id: ``publisher:table``, as in ``data/reference/sources.toml``.
        certainty: of its contract; an unknown one is loaded only when it is named.
        subject: table of ``data/schema.sql`` that takes its rows.
    """

    @property
    def source_id(self) -> str: ...
    @property
    def certainty(self) -> Certainty: ...
    @property
    def subject(self) -> str: ...
    @property
    def address(self) -> str:
        """Where the publisher keeps it, for a person."""
        ...


@dataclass(frozen=True)
class Outcome:
    """How the load of one source went.

    Attributes:
        state: ``loaded``, or ``unchanged`` when the held loads already have this edition.
        record: what was loaded; of an unchanged source, what the service answered or the newest held load says.
        asked: data calls made for it.
        kept: parts an interrupted load had already fetched.
        moved_to: where the table is now, when its declared address no longer answers.
        load: the new load; None of an unchanged source.
    """

    state: Literal["loaded", "unchanged"]
    record: LoadRecord
    asked: int
    kept: int
    moved_to: str | None
    load: Load | None


class Publisher(Protocol):
    """One publisher's service during one run of a command."""

    def opening(self) -> str:
        """Ask for the service's limits, where it states them; where it is and what it allows, in one line.

        Raises:
            LoaderError: the service does not answer.
        """
        ...

    def probe(self, statistic: Statistic, areas: RegionAreas) -> str:
        """Ask for metadata only: what the statistic is bound to, or what is to be discovered, in one sentence.

        Raises:
            LoaderError: the declaration does not fit; says what was expected and what was found.
        """
        ...

    def refresh(
        self,
        statistic: Statistic,
        store: RawStore,
        areas: RegionAreas,
        full: bool = False,
        due: bool = True,
        on_part: OnPart | None = None,
    ) -> Outcome:
        """Load what is new.

        Args:
            statistic: one of this publisher's.
            store: keeps every answer.
            areas: the region's areas.
            full: every period, not only what is new.
            due: a release was expected since the last load: ask again for recent periods too. Otherwise only when
                there are periods that are not held; a publisher that cannot tell makes no data call.
            on_part: hears the progress.

        Raises:
            LoaderError: of any kind; what had arrived stays in the store's partial load.
        """
        ...

"""Every declared statistic, and the publisher that loads it. A new publisher is added here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from data.build import TableLoad
from loaders import replay, statfin, visitfinland
from loaders.areas import RegionAreas
from loaders.errors import LoaderError
from loaders.http import CallWindow, Session
from loaders.publisher import Publisher, Statistic
from loaders.raw import Load
from loaders.tables import PxWebPublisher
from settings import Settings


@dataclass(frozen=True)
class Service:
    """How the statistics of one publisher's service are loaded.

    Attributes:
        open: the publisher for one run.
        table_load: rows of a kept load of one of its statistics.
        window: calls it takes, until it states its own.
    """

    open: Callable[[Session, Settings], Publisher]
    table_load: Callable[[Load, Any, RegionAreas], TableLoad]
    window: CallWindow | None = None


SERVICES: Mapping[str, Service] = {
    "statfin": Service(
        lambda session, settings: PxWebPublisher(str(settings.statfin_url), session, "StatFin"), replay.table_load
    ),
    "visitfinland": Service(
        lambda session, settings: PxWebPublisher(str(settings.visitfinland_url), session, "VisitFinland", "fi"),
        replay.table_load,
    ),
}
"""By the first part of a source's id."""

DECLARED: Mapping[str, Statistic] = {
    statistic.source_id: statistic for statistic in (*statfin.DECLARATIONS, *visitfinland.DECLARATIONS)
}
"""Every statistic by its source id."""


def regular(statistics: Iterable[Statistic]) -> list[Statistic]:
    """Those that a refresh without names loads: their contract is known."""
    return [statistic for statistic in statistics if statistic.certainty != "unknown"]


@contextmanager
def pxweb_service(name: str, settings: Settings) -> Iterator[PxWebPublisher]:
    """A PxWeb service by its name, for looking around in it.

    Raises:
        LoaderError: no such service, or one of another kind.
    """
    with Session() as session:
        publisher = SERVICES[name].open(session, settings) if name in SERVICES else None
        if not isinstance(publisher, PxWebPublisher):
            raise LoaderError(f"{name!r} has no listing of tables", "", "Give statfin or visitfinland")
        publisher.opening()
        yield publisher


def service(source_id: str) -> Service:
    """The service of a source."""
    return SERVICES[source_id.partition(":")[0]]

"""Every declared statistic, and the publisher that loads it. A new publisher is added here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from data.build import TableLoad
from data.catalogue import CatalogueError, Source, load_sources
from loaders import documents, eurostat, geo, incoming, kipa, nav, replay, sotkanet, ssb, statfin, visitfinland
from loaders.areas import RegionAreas
from loaders.errors import LoaderError
from loaders.http import Session
from loaders.incoming import Imported
from loaders.publisher import Publisher, Statistic
from loaders.raw import Load, RawStore
from loaders.tables import PxWebPublisher
from settings import Settings


@dataclass(frozen=True)
class Service:
    """How the statistics of one publisher's service are loaded.

    Attributes:
        open: the publisher for one run.
        table_load: rows of a kept load of one of its statistics.
        import_file: keeps a table saved by hand; None where a load is more than one document.
        is_on: whether settings turn it on.
    """

    open: Callable[[Session, Settings], Publisher]
    table_load: Callable[[Load, Any, RegionAreas], TableLoad]
    import_file: Callable[[Path, Any, RawStore, RegionAreas], Imported] | None = None
    is_on: Callable[[Settings], bool] = lambda settings: True


def _statfin(session: Session, settings: Settings) -> Publisher:
    return PxWebPublisher(str(settings.statfin_url), session, "StatFin")


def _visitfinland(session: Session, settings: Settings) -> Publisher:
    return PxWebPublisher(str(settings.visitfinland_url), session, "VisitFinland", "fi")


SERVICES: Mapping[str, Service] = {
    "statfin": Service(_statfin, replay.table_load, incoming.import_file),
    "visitfinland": Service(_visitfinland, replay.table_load, incoming.import_file),
    "eurostat": Service(eurostat.Eurostat, eurostat.table_load, partial(documents.import_file, read=eurostat.read)),
    "ssb": Service(ssb.StatisticsNorway, ssb.table_load, partial(documents.import_file, read=ssb.read)),
    "nav": Service(nav.Nav, nav.table_load, nav.import_file),
    "sotkanet": Service(sotkanet.Sotkanet, sotkanet.table_load),
    "geo": Service(geo.Boundaries, geo.table_load, partial(documents.import_file, read=geo.read)),
    "kipa": Service(kipa.Kipa, kipa.table_load, is_on=kipa.is_on),
}
"""By the first part of a source's id."""

DECLARED: Mapping[str, Statistic] = {
    statistic.source_id: statistic
    for statistic in (
        *statfin.DECLARATIONS,
        *visitfinland.DECLARATIONS,
        *eurostat.DECLARATIONS,
        *ssb.DECLARATIONS,
        *nav.DECLARATIONS,
        *sotkanet.DECLARATIONS,
        *geo.DECLARATIONS,
        *kipa.DECLARATIONS,
    )
}
"""Every statistic by its source id."""


def catalogue_of(declared: Iterable[str]) -> dict[str, Source]:
    """The catalogue, once every declared source has a block in it.

    Raises:
        LoaderError: a source without a block, or a block that is incomplete.
    """
    try:
        catalogue = load_sources()
    except CatalogueError as problem:
        raise LoaderError(str(problem), "data/reference/sources.toml", "docs/statistics.md shows a block") from None
    for source_id in declared:
        if source_id not in catalogue:
            raise LoaderError(
                f"{source_id} has no block", "data/reference/sources.toml", "docs/statistics.md shows one"
            )
    return catalogue


def service(source_id: str) -> Service:
    """The service of a source."""
    return SERVICES[source_id.partition(":")[0]]


def regular(statistics: Iterable[Statistic], settings: Settings) -> list[Statistic]:
    """Those that a refresh without names loads: their contract is known, and their service is on."""
    return [one for one in statistics if one.certainty != "unknown" and service(one.source_id).is_on(settings)]


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

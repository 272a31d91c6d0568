"""From kept loads to a snapshot that is built, checked and reported before it is put in service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data import snapshots
from data.build import BuildError, TableLoad, build
from data.changes import Change
from data.queries import reference
from data.snapshots import Snapshot
from loaders.areas import RegionAreas, region_areas
from loaders.errors import RawStoreError
from loaders.raw import Load, RawStore
from loaders.registry import DECLARED, service
from settings import Settings


@dataclass(frozen=True)
class Prepared:
    """A snapshot that waits to be put in service.

    Attributes:
        snapshot: built and checked.
        changes: against the one in service.
        rejected: why a source's new figures are not in it, by source id.
    """

    snapshot: Snapshot
    changes: Sequence[Change]
    rejected: Mapping[str, str]


def areas_of(region: str, settings: Settings) -> RegionAreas:
    """The areas of a region by the memberships and names of the snapshot in service.

    Raises:
        UnknownRegionError: no such region.
    """
    with snapshots.connect(snapshots.ensure(settings)) as connection:
        areas = reference.areas(connection, "fi")
        names = dict(zip(areas["area_code"].astype(str), areas["name"].astype(str), strict=True))
        return region_areas(reference.memberships(connection), region, names)


def prepare(store: RawStore, settings: Settings, new: Sequence[Load] = ()) -> Prepared:
    """Build a snapshot from the seed and every kept load, and check it; what is in service stays.

    New loads that keep it from passing its checks are set aside; all others are in it. ``data.snapshots`` puts it in
    service.

    Raises:
        RawStoreError, BindingError, FormatError: a kept load cannot be replayed.
        BuildError: the snapshot cannot be built even without the new loads.
    """
    loads = store.loads()
    areas = {region: areas_of(region, settings) for region in {load.record.region for load in loads}}
    rows = {load.folder: _rows(load, areas[load.record.region]) for load in loads}
    rejected: dict[str, str] = {}
    try:
        snapshot, changes = build(list(rows.values()), settings, publish=False)
    except BuildError as problem:
        if not new:
            raise
        rejected = _set_aside(list(new), str(problem), rows, store, settings)
        kept = [load for folder, load in rows.items() if folder.exists()]
        snapshot, changes = build(kept, settings, publish=False)
    return Prepared(snapshot, changes, rejected)


def _set_aside(
    suspects: list[Load], problem: str, rows: Mapping[Path, TableLoad], store: RawStore, settings: Settings
) -> dict[str, str]:
    """Set aside those of the suspects that keep a snapshot from passing: found by halves, each half by itself."""
    if len(suspects) == 1:
        (load,) = suspects
        folder = store.reject(load)
        return {load.record.source_id: f"{problem.splitlines()[0]} (set aside in {folder.name})"}
    rejected: dict[str, str] = {}
    middle = len(suspects) // 2
    for half, other in ((suspects[:middle], suspects[middle:]), (suspects[middle:], [])):
        without = {load.folder for load in other}
        tried = [rows[folder] for folder in rows if folder.exists() and folder not in without]
        try:
            build(tried, settings, publish=False)
        except BuildError as found:
            rejected |= _set_aside(half, str(found), {f: rows[f] for f in rows if f not in without}, store, settings)
    return rejected


def _rows(load: Load, areas: RegionAreas) -> TableLoad:
    source_id = load.record.source_id
    if source_id not in DECLARED:
        raise RawStoreError(f"A load of {source_id}, which is not declared", str(load.folder))
    return service(source_id).table_load(load, DECLARED[source_id], areas)

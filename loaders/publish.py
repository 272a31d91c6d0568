"""From kept loads to a snapshot in service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
class Published:
    """What is in service now.

    Attributes:
        snapshot: the snapshot.
        changes: against the one before.
        rejected: why a source's new figures were not published, by source id.
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


def publish(store: RawStore, settings: Settings, new: Sequence[Load] = ()) -> Published:
    """Build a snapshot from the seed and every kept load, and put it in service.

    New loads that keep the snapshot from passing its checks are set aside, one by one; the others are published.

    Raises:
        RawStoreError, BindingError, FormatError: a kept load cannot be replayed.
        BuildError: the snapshot cannot be built even without the new loads.
    """
    loads = store.loads()
    areas = {region: areas_of(region, settings) for region in {load.record.region for load in loads}}
    rows = {load.folder: _rows(load, areas[load.record.region]) for load in loads}
    try:
        snapshot, changes = build(list(rows.values()), settings)
        return Published(snapshot, changes, {})
    except BuildError:
        if not new:
            raise
    accepted = [load for folder, load in rows.items() if folder not in {one.folder for one in new}]
    snapshot, changes = build(accepted, settings)
    rejected = {}
    for load in new:
        try:
            snapshot, more = build([*accepted, rows[load.folder]], settings)
        except BuildError as problem:
            folder = store.reject(load)
            rejected[load.record.source_id] = f"{str(problem).splitlines()[0]} (set aside in {folder.name})"
        else:
            accepted.append(rows[load.folder])
            changes = [*changes, *more]
    return Published(snapshot, changes, rejected)


def _rows(load: Load, areas: RegionAreas) -> TableLoad:
    source_id = load.record.source_id
    if source_id not in DECLARED:
        raise RawStoreError(f"A load of {source_id}, which is not declared", str(load.folder))
    return service(source_id).table_load(load, DECLARED[source_id], areas)

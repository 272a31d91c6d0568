"""From kept loads to a snapshot in service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data import snapshots
from data.build import BuildError, TableLoad, build
from data.changes import Change
from data.queries import reference
from data.snapshots import Snapshot
from loaders.areas import region_areas
from loaders.declarations import Declaration
from loaders.errors import RawStoreError
from loaders.raw import Load, RawStore
from loaders.replay import table_load
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


def memberships(settings: Settings) -> pd.DataFrame:
    """Municipalities and the larger areas they belong to, from the snapshot in service."""
    with snapshots.connect(snapshots.ensure(settings)) as connection:
        return reference.memberships(connection)


def publish(
    store: RawStore, declarations: Mapping[str, Declaration], settings: Settings, new: Sequence[Load] = ()
) -> Published:
    """Build a snapshot from the seed and every kept load, and put it in service.

    New loads that keep the snapshot from passing its checks are set aside, one by one; the others are published.

    Raises:
        RawStoreError, BindingError, FormatError: a kept load cannot be replayed.
        BuildError: the snapshot cannot be built even without the new loads.
    """
    belongs = memberships(settings)
    rows = {load.folder: _rows(load, declarations, belongs) for load in store.loads()}
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


def _rows(load: Load, declarations: Mapping[str, Declaration], belongs: pd.DataFrame) -> TableLoad:
    declaration = declarations.get(load.record.source_id)
    if declaration is None:
        raise RawStoreError(f"A load of {load.record.source_id}, which is not declared", str(load.folder))
    return table_load(load, declaration, region_areas(belongs, load.record.region))

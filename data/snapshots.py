"""Snapshots: immutable DuckDB files in one directory and a small pointer to the one in service.

A file is named by its id, a hash of its inputs; the pointer holds that id and the SHA-256 of the file. Readers open it
read-only, a connection a query. Publishing, rolling back and pruning change the directory under a file lock; a reader
never waits for it.
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import duckdb
from filelock import FileLock

from data.subjects import SCHEMA
from settings import Settings, get_settings

POINTER = "current"
SUFFIX = ".duckdb"
UNFINISHED = ".building-"
RETURNED = "returned"
"""Names the snapshot in service when a person has returned to it: it stays until new figures or a person replace it."""

WAITING = ".waiting-"
"""A snapshot that is built and checked, but not yet published: no reader sees it until it is put in service."""


class SnapshotError(RuntimeError):
    """A snapshot cannot be used as asked. The message says which and why."""


class StorageError(SnapshotError):
    """A snapshot could not be written: the disk is full, or the folder cannot be written to."""


class NoSnapshotError(SnapshotError):
    """No valid snapshot is on disk."""


@dataclass(frozen=True)
class Snapshot:
    """One published file of figures.

    ``created_at`` is UTC; ``parent_id`` is the one in service when it was built; ``seed_only`` tells that nothing was
    loaded into it; ``absent`` names tables of this release that an earlier one built it without.
    """

    snapshot_id: str
    path: Path
    created_at: datetime
    parent_id: str | None
    seed_only: bool = False
    absent: frozenset[str] = frozenset()


def lock(settings: Settings) -> FileLock:
    """The lock every writer of the snapshot directory holds; a second one waits."""
    settings.snapshots_dir.mkdir(parents=True, exist_ok=True)
    return FileLock(settings.snapshots_dir / "snapshots.lock", is_singleton=True)


@contextlib.contextmanager
def connect(snapshot: Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection without access to other files; closed on leaving. Raises SnapshotError when unreadable.

    Tables that the snapshot lacks stand empty beside it: a view of them says that it has no figures.
    """
    try:
        connection = duckdb.connect(
            str(snapshot.path), read_only=True, config={"enable_external_access": False, "lock_configuration": True}
        )
    except duckdb.Error as error:
        raise SnapshotError(f"Snapshot {snapshot.snapshot_id} cannot be opened: {error}") from error
    try:
        for table in snapshot.absent:
            connection.execute(_tables()[table])
        yield connection
    finally:
        connection.close()


@lru_cache(maxsize=1)
def _tables() -> dict[str, str]:
    """How to make each table of this release as a temporary one."""
    statements = duckdb.extract_statements(SCHEMA.read_text(encoding="utf-8"))
    made = [re.sub(r"CREATE TABLE", "CREATE TEMPORARY TABLE", one.query, count=1) for one in statements]
    return {re.findall(r"CREATE TEMPORARY TABLE (\w+)", one)[0]: one for one in made}


@lru_cache(maxsize=64)
def _read(path: Path, modified: int, size: int) -> Snapshot | None:
    """The snapshot a file holds, or None. Keyed by the file's stamp, so that a changed file is read anew."""
    unknown = Snapshot(path.stem, path, datetime.fromtimestamp(0, UTC), None)
    try:
        with connect(unknown) as connection:
            row = connection.execute(
                "SELECT snapshot_id, created_at, parent_id, NOT EXISTS (FROM source_fetch WHERE origin <> 'seed')"
                " FROM snapshot"
            ).fetchone()
            held = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    except (duckdb.Error, SnapshotError):
        return None
    if row is None or row[0] != path.stem.removeprefix(WAITING):
        return None
    return Snapshot(row[0], path, row[1].replace(tzinfo=UTC), row[2], row[3], frozenset(_tables()) - held)


def find(snapshot_id: str, settings: Settings) -> Snapshot | None:
    """The valid snapshot with this id, or None."""
    return _find(snapshot_id, "", settings)


def _find(snapshot_id: str, prefix: str, settings: Settings) -> Snapshot | None:
    path = settings.snapshots_dir / f"{prefix}{snapshot_id}{SUFFIX}"
    if not snapshot_id.isalnum():
        return None
    try:
        stat = path.stat()
    except OSError:
        return None
    return _read(path, stat.st_mtime_ns, stat.st_size)


def waiting(settings: Settings | None = None) -> Snapshot | None:
    """The snapshot that was built without being published, or None. There is at most one."""
    settings = settings or get_settings()
    for path in sorted(settings.snapshots_dir.glob(f"{WAITING}*{SUFFIX}")):
        return _find(path.stem.removeprefix(WAITING), WAITING, settings)
    return None


def discard_waiting(settings: Settings, keep: str | None = None) -> None:
    """Delete snapshots that wait to be published, but the one with the id ``keep``. Callers hold the lock."""
    for path in settings.snapshots_dir.glob(f"{WAITING}*"):
        if path.name != f"{WAITING}{keep}{SUFFIX}":
            path.unlink()


def list_snapshots(settings: Settings | None = None) -> list[Snapshot]:
    """Every valid snapshot on disk, newest first."""
    settings = settings or get_settings()
    found = (find(path.stem, settings) for path in settings.snapshots_dir.glob(f"[!.]*{SUFFIX}"))
    return sorted((one for one in found if one is not None), key=lambda one: one.created_at, reverse=True)


def current(settings: Settings | None = None) -> Snapshot:
    """The snapshot in service.

    A pointer that is missing, damaged or names a damaged file gives the newest other valid snapshot; without one,
    NoSnapshotError.
    """
    settings = settings or get_settings()
    wanted, checksum = _pointed(settings)
    pointed = find(wanted, settings)
    if pointed is not None and _intact(pointed.path, checksum):
        return pointed
    remaining = [one for one in list_snapshots(settings) if one.snapshot_id != wanted]
    if not remaining:
        raise NoSnapshotError(f"No valid snapshot in {settings.snapshots_dir}")
    return remaining[0]


def _pointed(settings: Settings) -> tuple[str, str | None]:
    """Id of the snapshot to serve and the checksum it had when it was put in service; an empty id if unknown."""
    try:
        wanted, *checksum = (settings.snapshots_dir / POINTER).read_text(encoding="ascii").split() or [""]
    except (OSError, UnicodeDecodeError):
        return "", None
    return wanted, checksum[0] if checksum else None


def _intact(path: Path, checksum: str | None) -> bool:
    """Whether a file still has the bytes it was published with. The database itself looks at a block when it reads it,
    which may be in the middle of a page."""
    stat = path.stat()
    return checksum is None or _checksum(path, stat.st_mtime_ns, stat.st_size) == checksum


@lru_cache(maxsize=64)
def _checksum(path: Path, modified: int, size: int) -> str:
    """SHA-256 of a file. Keyed by its stamp: a snapshot is read once a process."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def pointer_problem(settings: Settings | None = None) -> str | None:
    """Why another snapshot is served than the one that was put in service, as a sentence; None when all is well."""
    settings = settings or get_settings()
    if not (settings.snapshots_dir / POINTER).exists():
        return None
    wanted, checksum = _pointed(settings)
    pointed = find(wanted, settings)
    if pointed is None:
        return "The pointer to the snapshot in service is damaged, or names a file that is missing or unreadable"
    if not _intact(pointed.path, checksum):
        return f"Snapshot {wanted} has changed since it was put in service"
    return None


def remove_damaged(settings: Settings) -> None:
    """Delete the file in service when it is damaged, so that it is built again. Callers hold the lock."""
    wanted, checksum = _pointed(settings)
    pointed = find(wanted, settings)
    if pointed is not None and not _intact(pointed.path, checksum):
        pointed.path.unlink()


def usable(settings: Settings | None = None) -> Snapshot | None:
    """The snapshot in service, or None when one has to be built first.

    A snapshot of an earlier release's seed alone is not used: this release's seed replaces it. One that holds loads
    stays in service until the next refresh.
    """
    from data.build import seed_snapshot_id  # the build publishes through this module

    try:
        found = current(settings)
    except NoSnapshotError:
        return None
    return None if found.seed_only and found.snapshot_id != seed_snapshot_id() else found


def ensure(settings: Settings | None = None) -> Snapshot:
    """The snapshot in service, built from the committed seed when there is none (see ``usable``).

    Two callers at once build once: the second waits for the first. Raises data.build.BuildError when the seed fails.
    """
    from data.build import build  # the build publishes through this module

    settings = settings or get_settings()
    found = usable(settings)
    if found is not None:
        return found
    with lock(settings):
        return usable(settings) or build(settings=settings)[0]


def resolve(snapshot_id: str | None, settings: Settings | None = None) -> tuple[Snapshot, bool]:
    """The snapshot of a link: the wanted one, or the one in service.

    The second value is True when a wanted id was not found, so that the page can say it shows the latest instead.
    """
    settings = settings or get_settings()
    if snapshot_id is None:
        return ensure(settings), False
    wanted = find(snapshot_id, settings)
    return (wanted, False) if wanted is not None else (ensure(settings), True)


def point_to(snapshot: Snapshot, settings: Settings) -> None:
    """Put a snapshot in service by swapping the pointer file in one step. Callers hold the lock."""
    pointer = settings.snapshots_dir / POINTER
    unfinished = pointer.with_name(f"{UNFINISHED}{POINTER}")
    stat = snapshot.path.stat()
    checksum = _checksum(snapshot.path, stat.st_mtime_ns, stat.st_size)
    with unfinished.open("w", encoding="ascii") as stream:
        stream.write(f"{snapshot.snapshot_id}\n{checksum}\n")
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(pointer)
    sync_directory(settings.snapshots_dir)


def put_in_service(snapshot_id: str, settings: Settings | None = None) -> Snapshot:
    """Publish a snapshot that waits, or return to one that was published before.

    Raises SnapshotError when there is no valid one with this id.
    """
    settings = settings or get_settings()
    with lock(settings):
        target = find(snapshot_id, settings) or _published(snapshot_id, settings)
        if target is None:
            raise SnapshotError(f"No snapshot {snapshot_id} on disk")
        point_to(target, settings)
        return target


def _published(snapshot_id: str, settings: Settings) -> Snapshot | None:
    """A waiting snapshot under its published name; None when none waits with this id."""
    found = _find(snapshot_id, WAITING, settings)
    if found is None:
        return None
    found.path.replace(settings.snapshots_dir / f"{snapshot_id}{SUFFIX}")
    sync_directory(settings.snapshots_dir)
    return find(snapshot_id, settings)


def sync_directory(directory: Path) -> None:
    """Make renames in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rollback(snapshot_id: str | None = None, settings: Settings | None = None) -> Snapshot:
    """Put an earlier snapshot in service: the one named, or by default the one before the current.

    The one before is the parent, or when it is gone the next older on disk. Raises SnapshotError when there is none.
    """
    settings = settings or get_settings()
    if snapshot_id is not None:
        target = put_in_service(snapshot_id, settings)
    else:
        with lock(settings):
            before = _before(current(settings), settings)
            if before is None:
                raise SnapshotError("No earlier snapshot to return to")
            point_to(before, settings)
            target = before
    (settings.snapshots_dir / RETURNED).write_text(target.snapshot_id, encoding="ascii")
    return target


def is_returned_to(settings: Settings | None = None) -> bool:
    """Whether a person has returned to the snapshot in service."""
    settings = settings or get_settings()
    try:
        returned = (settings.snapshots_dir / RETURNED).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return False
    return returned == _pointed(settings)[0] != ""


def _before(snapshot: Snapshot, settings: Settings) -> Snapshot | None:
    parent = find(snapshot.parent_id, settings) if snapshot.parent_id is not None else None
    if parent is not None:
        return parent
    return next((one for one in list_snapshots(settings) if one.created_at < snapshot.created_at), None)


def prune(keep: int = 6, settings: Settings | None = None) -> list[str]:
    """Delete all but the ``keep`` newest snapshots, never the one in service; the ids deleted, newest first.

    Raises ValueError when ``keep`` is below 1.
    """
    if keep < 1:
        raise ValueError(f"keep must be at least 1, not {keep}")
    settings = settings or get_settings()
    with lock(settings):
        listed = list_snapshots(settings)
        if not listed:
            return []
        in_service = current(settings).snapshot_id
        removed = [one for one in listed[keep:] if one.snapshot_id != in_service]
        for one in removed:
            one.path.unlink()
        return [one.snapshot_id for one in removed]

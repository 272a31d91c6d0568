"""Import of a table saved by hand: checked against its declaration, kept like any other load."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from loaders.areas import RegionAreas
from loaders.declarations import Declaration
from loaders.errors import BindingError, FormatError, LoaderError
from loaders.raw import Load, LoadRecord, RawStore, Stamp, digest, now, sha256
from loaders.replay import file_rows, read_table

MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Taken:
    """What a file holds: its figures, those of other areas, measures or groups, its periods and edition."""

    figures: int
    left_out: int
    periods: tuple[str, ...]
    updated: datetime | None = None


@dataclass(frozen=True)
class Imported:
    """A kept file; ``left_out`` counts its figures of other areas, measures or subgroups."""

    load: Load
    cells: int
    left_out: int


def keep_file(
    path: Path, source_id: str, store: RawStore, areas: RegionAreas, read: Callable[[bytes], Taken]
) -> Imported:
    """Keep a file as a load of origin ``file``, once ``read`` has found what is wanted in it.

    Raises:
        LoaderError: a file that cannot be read, is too large, or was imported before; whatever ``read`` raises.
    """
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise LoaderError(f"The file cannot be read: {problem.strerror}", path.name, "Check its name") from None
    if len(content) > MAX_BYTES:
        raise FormatError(f"The file is larger than {MAX_BYTES:,} bytes", path.name)
    name = sha256(content)[:16]
    whole = digest({name: sha256(content)})
    if any(load.record.sha256 == whole for load in store.loads(source_id)):
        raise LoaderError("This file was imported before", path.name, "Nothing needs to be done")
    try:
        taken = read(content)
    except BindingError as problem:
        raise BindingError(problem.what, path.name, "See whether the file is of this table") from None
    except FormatError as problem:
        raise problem.located(path.name) from None
    moment = now()
    partial = store.partial(source_id, "file")
    partial.discard()
    stamp = Stamp(
        url=path.name,
        query=None,
        fetched_at=moment,
        status=200,
        content_type="",
        etag=None,
        updated=taken.updated,
        sha256=sha256(content),
    )
    partial.add(name, content, stamp)
    record = LoadRecord(
        source_id=source_id,
        origin="file",
        region=areas.region,
        full=False,
        updated=taken.updated,
        fetched_at=moment,
        periods=taken.periods,
        parts=(name,),
        sha256=whole,
    )
    return Imported(store.complete(partial, record), taken.figures, taken.left_out)


def import_file(path: Path, declaration: Declaration, store: RawStore, areas: RegionAreas) -> Imported:
    """Keep a saved PxWeb table as a load of origin ``file``.

    Raises:
        LoaderError: as ``keep_file``.
        FormatError, BindingError: another format, or codes that do not resolve.
    """

    def read(content: bytes) -> Taken:
        _, kept = file_rows(content, declaration, areas)
        left_out = read_table(content, declaration.contents).values.size - kept.values.size
        periods = next(dimension.codes for dimension in kept.dimensions if dimension.role == "time")
        return Taken(kept.values.size, left_out, periods, kept.updated)

    return keep_file(path, declaration.source_id, store, areas, read)

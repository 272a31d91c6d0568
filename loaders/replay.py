"""Kept loads of PxWeb tables as rows: a snapshot is the seed and all complete loads, replayed in order of their fetch.

Rows of a load are kept beside its answers in one Parquet file, written once: answers never change, and a load of the
whole country would take minutes to read again. Its name ends with the SHA-256 of its bytes, so a damaged one is seen
and made again.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.build import TableLoad
from data.subjects import SCHEMA_VERSION
from loaders.areas import RegionAreas
from loaders.cube import Cube
from loaders.declarations import Bound, Declaration, bind, metadata_of
from loaders.jsonstat import decode, read_jsonstat
from loaders.pxjson import read_csv, read_pxjson
from loaders.pxweb import read_metadata
from loaders.raw import Load, LoadRecord, sha256

ROWS = "rows-"
READER_VERSION = 1
"""Raised when the same answers are read into other rows."""


def table_load(load: Load, declaration: Declaration, areas: RegionAreas) -> TableLoad:
    """The rows of a kept load, with its origin and stamps.

    Raises:
        RawStoreError: bytes that are missing or have changed.
        BindingError, FormatError: bytes that no longer fit the declaration.
    """
    rows = _kept_rows(load, declaration, areas) or _write_rows(load, declaration, areas)
    return replayed(load.record, declaration.subject, [rows], _reading(declaration, areas))


def replayed(record: LoadRecord, table: str, rows: pa.Table | Sequence[Path], reading: str) -> TableLoad:
    """Rows of a load with its origin and stamps; ``reading`` names how they were read."""
    return TableLoad(
        source_id=record.source_id,
        origin=record.origin,
        published_at=record.updated,
        fetched_at=record.fetched_at,
        reliability="complete",
        sha256=record.sha256,
        table=table,
        rows=rows,
        reading=reading,
    )


def _kept_rows(load: Load, declaration: Declaration, areas: RegionAreas) -> Path | None:
    """The file of rows written before; None when there is none for this declaration, or it has changed since."""
    for path in load.folder.glob(f"{ROWS}{_reading(declaration, areas)}-*.parquet"):
        if path.stem.endswith(f"-{_digest(path)}"):
            return path
    return None


def _reading(declaration: Declaration, areas: RegionAreas) -> str:
    """Short name of all that decides, beside the answers, what the rows are."""
    decides = [str(READER_VERSION), str(SCHEMA_VERSION), declaration.model_dump_json(), *areas.codes(declaration.areas)]
    return sha256("|".join(decides).encode())[:16]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:16]


def _tables(load: Load, declaration: Declaration, areas: RegionAreas) -> Iterator[pa.Table]:
    metadata = load.metadata()
    if metadata is None:
        yield from (file_rows(part.read(), declaration, areas)[0] for part in load.parts())
        return
    bound = bind(read_metadata(metadata.read(), str(metadata.body)), declaration, areas, require="any")
    yield from (bound.rows(pick(read_jsonstat(part.read()), bound)) for part in load.parts())


def _write_rows(load: Load, declaration: Declaration, areas: RegionAreas) -> Path:
    """One table after another: memory holds a part of the load at a time."""
    for outdated in load.folder.glob(f"{ROWS}*"):
        outdated.unlink()
    stem = f"{ROWS}{_reading(declaration, areas)}"
    temporary = load.folder / f"{stem}.{os.getpid()}.tmp"
    try:
        tables = _tables(load, declaration, areas)
        first = next(tables)
        with pq.ParquetWriter(temporary, first.schema) as writer:
            writer.write_table(first)
            for table in tables:
                writer.write_table(table)
        path = load.folder / f"{stem}-{_digest(temporary)}.parquet"
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def file_rows(body: bytes, declaration: Declaration, areas: RegionAreas) -> tuple[pa.Table, Cube]:
    """Rows of a table saved by hand, and the cells they were taken from.

    Raises:
        FormatError: neither JSON-stat 2, PxWeb json nor a CSV table of codes.
        BindingError: its codes do not resolve to the declaration's.
    """
    cube = read_table(body, declaration.contents)
    bound = bind(metadata_of(cube), declaration, areas, require="any")
    kept = pick(cube, bound)
    return bound.rows(kept), kept


def pick(cube: Cube, bound: Bound) -> Cube:
    """The cells of the areas, measures and totals a declaration takes; time is marked as such."""
    selection = bound.selection(bound.periods)
    has = {dimension.code: set(dimension.codes) for dimension in cube.dimensions}
    kept = cube.pick({code: [one for one in selection[code] if one in has[code]] for code in has})
    dimensions = tuple(replace(one, role="time") if one.code == bound.time else one for one in kept.dimensions)
    return replace(kept, dimensions=dimensions)


def read_table(body: bytes, contents: tuple[str, ...]) -> Cube:
    """Read a saved table, whichever of the three formats it is in."""
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start != b"{":
        return read_csv(body, contents)
    content = decode(body)
    return read_pxjson(body) if isinstance(content, dict) and "columns" in content else read_jsonstat(body)

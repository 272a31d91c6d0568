"""Kept loads as rows: every snapshot is the seed and all complete loads, replayed in the order of their fetch."""

from dataclasses import replace

import pyarrow as pa

from data.build import TableLoad
from loaders.areas import RegionAreas
from loaders.cube import Cube
from loaders.declarations import Bound, Declaration, bind, metadata_of
from loaders.jsonstat import decode, read_jsonstat
from loaders.pxjson import read_csv, read_pxjson
from loaders.pxweb import read_metadata
from loaders.raw import Load


def table_load(load: Load, declaration: Declaration, areas: RegionAreas) -> TableLoad:
    """The rows of a kept load, with its origin and stamps.

    Raises:
        RawStoreError: bytes that are missing or have changed.
        BindingError, FormatError: bytes that no longer fit the declaration.
    """
    metadata = load.metadata()
    tables = []
    if metadata is not None:
        bound = bind(read_metadata(metadata.read(), str(metadata.body)), declaration, areas, require="any")
        tables = [bound.rows(pick(read_jsonstat(part.read()), bound)) for part in load.parts()]
    else:
        tables = [file_rows(part.read(), declaration, areas)[0] for part in load.parts()]
    record = load.record
    return TableLoad(
        source_id=record.source_id,
        origin=record.origin,
        published_at=record.updated,
        fetched_at=record.fetched_at,
        reliability="complete",
        sha256=record.sha256,
        table=declaration.subject,
        rows=pa.concat_tables(tables).unify_dictionaries(),
    )


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

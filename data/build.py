"""The build: seed, then loads, into a new snapshot that is checked, published and put in service."""

import csv
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd
import pyarrow as pa

from data import changes, checks, computed, editions, lineage, pieces, seed, snapshots
from data.catalogue import REFERENCE, Source, load_sources
from data.changes import Change
from data.editions import Edition, EditionError, Numbered
from data.snapshots import Snapshot
from data.subjects import SCHEMA, SCHEMA_VERSION, SUBJECTS
from settings import Settings, get_settings

MEMORY = "900MB"
THREADS = 2
"""What a build may use: with the process around it, well below 1.5 GB at any size of its tables."""

UNWRITTEN = (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException, duckdb.OutOfMemoryException)
"""What the database says, depending on the moment, when a file cannot grow."""


class BuildError(snapshots.SnapshotError):
    """A snapshot could not be built; nothing was published. The message holds every problem, a line each."""


@dataclass(frozen=True)
class TableLoad:
    """Rows of one subject table from one edition of one source.

    ``rows`` has the columns of the subject table without ``fetch_id``, a hidden value as NULL or NaN with its status:
    in memory, or as Parquet files that are read piece by piece.
    ``published_at`` is the publisher's release stamp and ``fetched_at`` when the bytes were read, both aware.
    ``sha256`` identifies the bytes the rows came from, and ``reading`` what else decides which rows they are.
    """

    source_id: str
    origin: Literal["seed", "service", "file"]
    published_at: datetime | None
    fetched_at: datetime | None
    reliability: str
    sha256: str
    table: str
    rows: pd.DataFrame | pa.Table | Sequence[Path]
    note: str | None = None
    reading: str = ""


def build(
    loads: Sequence[TableLoad] = (),
    settings: Settings | None = None,
    on_step: Callable[[str], None] | None = None,
    publish: bool = True,
) -> tuple[Snapshot, list[Change]]:
    """Build a snapshot from the seed and loads, check it, and put it in service.

    Editions of one table overlay each other in the order of ``published_at`` (unknown in the seed: first; equal or
    unknown: seed before loads, loads as given): a later row replaces one with the same key, none is deleted.
    ``on_step`` hears the name of each step before it runs.
    Returns the snapshot and what it changed against the one in service. The same inputs give the same id; when that
    snapshot is on disk it is put in service without a rebuild.
    With ``publish`` False what is in service stays: a person looks at the report first, and then calls
    ``snapshots.put_in_service`` with the id. Until then no reader sees the snapshot, not even when the one in service
    is damaged, and the next build of other inputs deletes it.
    Raises BuildError, with nothing published, when a load does not fit its table or a check finds a blocking problem,
    and snapshots.StorageError when the disk does not take it.
    """
    settings = settings or get_settings()
    step = on_step or (lambda name: None)
    with snapshots.lock(settings):
        _remove_unfinished(settings)
        snapshots.remove_damaged(settings)
        parent = _parent(settings)
        snapshot_id = _identify(loads)
        snapshots.discard_waiting(settings, keep=snapshot_id)
        waiting = snapshots.waiting(settings)
        existing = snapshots.find(snapshot_id, settings) or waiting
        if existing is None:
            existing, report = _build(snapshot_id, loads, parent, settings, step)
        elif parent is None or parent.snapshot_id == snapshot_id:
            report = []
        else:
            report = _differences(existing, parent, settings)
        if not publish:
            return existing, report
        step("pointer")
        return snapshots.put_in_service(snapshot_id, settings), report


def _build(
    snapshot_id: str,
    loads: Sequence[TableLoad],
    parent: Snapshot | None,
    settings: Settings,
    step: Callable[[str], None],
) -> tuple[Snapshot, list[Change]]:
    """A new snapshot that waits to be put in service, and what it changed."""
    unfinished = settings.snapshots_dir / f"{snapshots.UNFINISHED}{snapshot_id}{snapshots.SUFFIX}"
    spill = unfinished.with_suffix(".spill")
    try:
        with duckdb.connect(str(unfinished), config=_limits(spill)) as connection:
            step("schema")
            connection.execute(SCHEMA.read_text(encoding="utf-8"))
            sources = load_sources()
            _insert_sources(connection, sources.values())
            step("tables")
            _insert_editions(connection, loads, sources)
            _insert_reference(connection)
            with lineage.attached(connection, parent.path if parent is not None else None) as beside_parent:
                step("checks")
                problems = checks.run(connection, beside_parent)
                blocking = [problem.message for problem in problems if problem.severity == "blocking"]
                if blocking:
                    raise BuildError("\n".join(blocking))
                step("indicators")
                computed.fill(connection, beside_parent)
                step("changes")
                report = _report(connection, problems) if beside_parent else []
            changes.store(connection, report)
            connection.execute(
                "INSERT INTO snapshot VALUES (?, ?, ?, ?)",
                [
                    snapshot_id,
                    datetime.now(UTC).replace(tzinfo=None),
                    parent.snapshot_id if parent is not None else None,
                    SCHEMA_VERSION,
                ],
            )
            connection.execute("CHECKPOINT")
        if Path(f"{unfinished}.wal").exists():
            raise BuildError(f"{unfinished.name}: rows are still in a write-ahead log after closing")
        shutil.rmtree(spill, ignore_errors=True)
    except UNWRITTEN as error:
        _remove_unfinished(settings)
        raise snapshots.StorageError(
            f"Snapshot {snapshot_id} could not be written: {error}. Make room on the disk, or see whether"
            f" {settings.snapshots_dir} can be written to, and run the same again."
        ) from error
    except BaseException:
        _remove_unfinished(settings)
        raise
    step("publish")
    with unfinished.open("rb") as stream:
        os.fsync(stream.fileno())
    unfinished.replace(settings.snapshots_dir / f"{snapshots.WAITING}{snapshot_id}{snapshots.SUFFIX}")
    snapshots.sync_directory(settings.snapshots_dir)
    snapshot = snapshots.waiting(settings)
    if snapshot is None:
        raise BuildError(f"Snapshot {snapshot_id} is not readable after publishing")
    return snapshot, report


def _report(connection: duckdb.DuckDBPyConnection, problems: Sequence[checks.Problem]) -> list[Change]:
    broken = [problem.change for problem in problems if problem.severity == "warning" and problem.change is not None]
    return [*changes.compare(connection), *broken]


def _limits(spill: Path) -> dict[str, str | bool | int | float | list[str]]:
    """Limits of the database that builds: what does not fit in memory is set down in ``spill``."""
    return {"memory_limit": MEMORY, "threads": THREADS, "temp_directory": str(spill)}


def _remove_unfinished(settings: Settings) -> None:
    for path in settings.snapshots_dir.glob(f"{snapshots.UNFINISHED}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _parent(settings: Settings) -> Snapshot | None:
    try:
        return snapshots.current(settings)
    except snapshots.NoSnapshotError:
        return None


def _differences(snapshot: Snapshot, parent: Snapshot, settings: Settings) -> list[Change]:
    """What a snapshot that was built before changes against the one in service now."""
    spill = settings.snapshots_dir / f"{snapshots.UNFINISHED}{snapshot.snapshot_id}.spill"
    try:
        with duckdb.connect(config=_limits(spill)) as connection:
            connection.execute(f"ATTACH {pieces.quoted(str(snapshot.path))} AS main_snapshot (READ_ONLY)")
            connection.execute("USE main_snapshot")
            with lineage.attached(connection, parent.path):
                return _report(connection, checks.sums(connection, beside_parent=True))
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def seed_snapshot_id() -> str:
    """The id of a snapshot built from this release's seed, schema and reference files alone."""
    return _identify(())


def _identify(loads: Sequence[TableLoad]) -> str:
    digest = hashlib.sha256(f"{computed.COMPUTATION}\0".encode())
    files = [SCHEMA, seed.SEED_DIR / seed.MANIFEST, *sorted(path for path in REFERENCE.iterdir() if path.is_file())]
    for path in files:
        digest.update(f"{path.name}\0".encode())
        digest.update(path.read_bytes())
    for load in loads:
        digest.update(f"{load.source_id}\0{load.origin}\0{load.sha256}\0{load.table}\0{load.reading}\0".encode())
    return digest.hexdigest()[:12]


def _insert_sources(connection: duckdb.DuckDBPyConnection, sources: Iterable[Source]) -> None:
    rows: list[dict[str, str | None]] = [
        {
            "source_id": source.id,
            "publisher": source.publisher,
            "publisher_fi": source.publisher_fi,
            "publisher_sv": source.publisher_sv,
            "statistic": source.statistic,
            "statistic_fi": source.statistic_fi,
            "statistic_sv": source.statistic_sv,
            "table_id": source.table_id,
            "subject": source.subject,
            "cadence": source.cadence,
            "licence": source.licence,
            "licence_url": source.licence_url,
            "attribution": source.attribution,
            "verify_url": source.verify_url,
            "loadable": str(source.loadable),
        }
        for source in sources
    ]
    _insert_rows(connection, "source", rows)


def _insert_editions(
    connection: duckdb.DuckDBPyConnection, loads: Sequence[TableLoad], sources: dict[str, Source]
) -> None:
    found = [_from_seed(entry) for entry in seed.load_manifest()]
    for position, load in enumerate(loads):
        found.append(_from_load(connection, load, f"load_{position}", sources))
    earliest = datetime.min.replace(tzinfo=UTC)
    latest = datetime.max.replace(tzinfo=UTC)
    unknown = {"seed": earliest, "service": latest, "file": latest}
    found.sort(key=lambda edition: edition.published_at or unknown[edition.origin])
    numbered = list(enumerate(found, start=1))
    fetches: list[Numbered] = []
    served: dict[int, int] = {}
    for subject in SUBJECTS.values():
        own = {fetch_id: edition for fetch_id, edition in numbered if edition.table == subject.table}
        if not own:
            continue
        names = ", ".join(sorted({edition.source_id for edition in own.values()}))
        counted: list[Numbered] = []
        try:
            counted = editions.number(connection, subject, own)
            editions.lay_over(connection, subject, counted)
        except (duckdb.ConstraintException, duckdb.ConversionException) as error:
            problem = editions.misfit(connection, subject, counted) if ">= 0" in str(error) else None
            raise BuildError(f"{subject.table} ({names}): a row does not fit the table: {problem or error}") from error
        except EditionError as error:
            raise BuildError(str(error)) from error
        fetches += counted
        if subject.fetched:
            found_rows = connection.execute(
                f"SELECT fetch_id, count(*) FROM {subject.table} GROUP BY fetch_id"
            ).fetchall()
            served |= dict.fromkeys(own, 0) | dict(found_rows)
    _insert_fetches(connection, fetches, served)


def _insert_fetches(
    connection: duckdb.DuckDBPyConnection, fetches: Sequence[Numbered], served: Mapping[int, int]
) -> None:
    rows: list[dict[str, str | None]] = []
    periods: list[dict[str, str | None]] = []
    for one in sorted(fetches, key=lambda one: one.fetch_id):
        held = sorted(editions.period_text(period) for period in one.periods)
        edition = one.edition
        rows.append(
            {
                "fetch_id": str(one.fetch_id),
                "source_id": edition.source_id,
                "subject": edition.table,
                "origin": edition.origin,
                "published_at": _naive(edition.published_at),
                "fetched_at": _naive(edition.fetched_at),
                "reliability": edition.reliability,
                "first_period": held[0] if held else None,
                "last_period": held[-1] if held else None,
                "row_count": str(one.row_count),
                "served_count": str(served.get(one.fetch_id, one.row_count)),
                "sha256": edition.sha256,
                "reading": edition.reading,
                "note": edition.note,
                "note_fi": edition.note_fi,
                "note_sv": edition.note_sv,
            }
        )
        periods += [{"fetch_id": str(one.fetch_id), "period": period} for period in held]
    _insert_rows(connection, "source_fetch", rows)
    _insert_rows(connection, "edition_period", periods)


def _from_seed(entry: seed.SeedFile) -> Edition:
    return Edition(
        entry.source_id,
        entry.subject,
        "seed",
        entry.published_at,
        None,
        entry.reliability,
        entry.sha256,
        "",
        f"read_parquet({pieces.quoted(str(seed.SEED_DIR / entry.file))})",
        entry.note,
        entry.note_fi,
        entry.note_sv,
    )


def _from_load(
    connection: duckdb.DuckDBPyConnection, load: TableLoad, name: str, sources: dict[str, Source]
) -> Edition:
    where = f"{load.source_id}, {load.table}"
    if load.source_id not in sources:
        raise BuildError(f"{where}: the source is not in reference/sources.toml")
    subject = SUBJECTS.get(load.table)
    if subject is None:
        raise BuildError(f"{where}: no such subject table")
    if isinstance(load.rows, pd.DataFrame | pa.Table):
        connection.register(f"{name}_rows", load.rows)
    else:
        files = ", ".join(pieces.quoted(str(path)) for path in load.rows)
        connection.execute(f"CREATE TEMP VIEW {name}_rows AS FROM read_parquet([{files}])")
    found = [row[0] for row in connection.execute(f"DESCRIBE {name}_rows").fetchall()]
    if missing := [column for column in subject.columns if column not in found]:
        raise BuildError(f"{where}: column {', '.join(missing)} is missing; found {', '.join(found)}")
    # NaN of a numeric column means no value; DuckDB keeps it apart from NULL.
    replaced = ", ".join(
        f"CASE WHEN isnan({value}) THEN NULL ELSE {value} END AS {value}" for value, _ in subject.values
    )
    replace = f" REPLACE ({replaced})" if replaced else ""
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT *{replace} FROM {name}_rows")
    return Edition(
        load.source_id,
        load.table,
        load.origin,
        load.published_at,
        load.fetched_at,
        load.reliability,
        load.sha256,
        load.reading,
        name,
        load.note,
    )


def _naive(moment: datetime | None) -> str | None:
    """UTC without a zone, as the schema stores it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ") if moment is not None else None


def read_reference(name: str) -> list[dict[str, str | None]]:
    """Rows of a semicolon file in ``data/reference``; an empty cell is None."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        return [{column: text or None for column, text in row.items()} for row in csv.DictReader(stream, delimiter=";")]


def _insert_reference(connection: duckdb.DuckDBPyConnection) -> None:
    """What the product itself knows: names of areas, translated labels, events and breaks."""
    _overlay_areas(connection)
    connection.execute(
        "INSERT INTO area_membership SELECT area_code, 'NO-56', NULL, NULL FROM area"
        " WHERE starts_with(area_code, 'NO-56') AND level = 'municipality' ORDER BY ALL"
    )
    _update_labels(connection, "occupation", "occupations.csv")
    _update_labels(connection, "industry", "industries.csv")
    _insert_measures(connection)
    _insert_rows(connection, "event", read_reference("events.csv"))
    _insert_rows(connection, "series_break", read_reference("breaks.csv"))


def _insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, str | None]]) -> None:
    """Insert rows of text, cast to the types of the table. One statement: row by row would take seconds."""
    incoming = pa.Table.from_pylist(rows, pa.schema([(column, pa.string()) for column in rows[0]]))
    connection.register("incoming", incoming)
    connection.execute(f"INSERT INTO {table} ({', '.join(incoming.column_names)}) FROM incoming")
    connection.unregister("incoming")


def _overlay_areas(connection: duckdb.DuckDBPyConnection) -> None:
    """Names the product knows better than the classification: Sámi and long ones, areas it has no name for, places."""
    subject = SUBJECTS["area"]
    known = read_reference("areas.csv")
    rows = [{column: row[column] for column in subject.columns} for row in known]
    codes = [row["area_code"] for row in rows]
    connection.execute("DELETE FROM area WHERE list_contains(?, area_code)", [codes])
    _insert_rows(connection, "area", rows)
    columns = ("area_code", "place_fi", "place_sv", "place_en")
    places = [{column: row[column] for column in columns} for row in known if row["place_fi"] is not None]
    _insert_rows(connection, "area_place", places)


def _update_labels(connection: duckdb.DuckDBPyConnection, table: str, name: str) -> None:
    """Fill labels the source does not have; a label of the source is kept."""
    (key,) = SUBJECTS[table].key
    for row in read_reference(name):
        code = row.pop(key)
        filled = ", ".join(f"{column} = coalesce({column}, ?)" for column in row)
        connection.execute(f"UPDATE {table} SET {filled} WHERE {key} = ?", [*row.values(), code])


def _insert_measures(connection: duckdb.DuckDBPyConnection) -> None:
    rows: list[dict[str, str | None]] = [
        {
            "subject": row["subject"],
            "measure": row["measure"],
            "label": row[f"label_{language}"],
            "label_language": language,
            "unit": row["unit"],
            "checked": str(language in (row["checked"] or "").split("|")),
        }
        for row in read_reference("measures.csv")
        for language in ("fi", "sv", "en")
        if row[f"label_{language}"] is not None
    ]
    _insert_rows(connection, "measure", rows)

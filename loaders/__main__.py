"""Command line of the loaders: ``python -m loaders COMMAND``.

Exit status: 0 all good, 1 something failed and what was served before is still served, 2 wrong call, 130 interrupted.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from data import checks, seed, snapshots
from data.build import BuildError
from data.catalogue import load_sources
from data.snapshots import NoSnapshotError, SnapshotError
from data.status import read_status
from loaders.areas import RegionAreas, UnknownRegionError
from loaders.declarations import Declaration
from loaders.errors import BusyError, LoaderError
from loaders.incoming import import_file
from loaders.publish import Published, areas_of, publish
from loaders.publisher import Outcome, Statistic
from loaders.raw import RawStore, now
from loaders.registry import DECLARED
from loaders.report import lines
from loaders.run import by_publisher, due, load
from loaders.status import note
from settings import Settings, get_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Load open statistics into the dashboard.")

CADENCES = {"month": "monthly", "quarter": "quarterly", "year": "yearly", "irregular": "irregular", "once": "ended"}

Sources = Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="As in statfin:12r5; all by default.")]
Region = Annotated[str | None, typer.Option(help="Region whose areas are loaded, as in MK19; all: the whole country.")]


def _chosen(sources: list[str] | None) -> list[Statistic]:
    unknown = [source for source in sources or [] if source not in DECLARED]
    if unknown:
        raise typer.BadParameter(f"unknown source {', '.join(unknown)}; known are {', '.join(DECLARED)}")
    return [DECLARED[source] for source in sources or DECLARED]


def _areas(region: str | None, settings: Settings) -> RegionAreas:
    try:
        return areas_of(region or settings.region, settings)
    except UnknownRegionError as problem:
        raise typer.BadParameter(str(problem)) from None


@contextmanager
def _failures_said(settings: Settings) -> Iterator[None]:
    """End with a message and an exit status instead of a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Interrupted. What has arrived is kept; run the same command again to go on.", err=True)
        raise typer.Exit(130) from None
    except (LoaderError, BuildError, SnapshotError, OSError) as problem:
        typer.echo(f"Failed: {problem}", err=True)
        typer.echo(_in_service(settings), err=True)
        raise typer.Exit(1) from None


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.data_dir / "refresh.lock", timeout=0):
            yield
    except Timeout:
        raise BusyError("Another refresh or import is running", str(settings.data_dir)) from None


def _in_service(settings: Settings) -> str:
    try:
        snapshot = snapshots.current(settings)
    except NoSnapshotError:
        return "No snapshot is in service yet; the dashboard builds one from the seed when it starts."
    return f"In service: snapshot {snapshot.snapshot_id} of {snapshot.created_at:%Y-%m-%d %H:%M} UTC."


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "an unknown day"


@app.command("list")
def list_sources() -> None:
    """Show every declared statistic: publisher, cadence, licence, certainty of its contract, last load."""
    catalogue = load_sources()
    log = read_status(get_settings())
    for statistic in DECLARED.values():
        source = catalogue[statistic.source_id]
        entry = log.get(source.id)
        loaded = f"loaded {entry.last_success:%Y-%m-%d %H:%M} UTC" if entry and entry.last_success else "never loaded"
        typer.echo(f"{source.id}: {source.statistic}, {source.publisher}; {statistic.address} -> {statistic.subject}")
        contract = (
            "contract to be discovered" if statistic.certainty == "unknown" else f"contract {statistic.certainty}"
        )
        typer.echo(f"  {CADENCES[source.cadence]}; licence {source.licence}; {contract}; {loaded}")


@app.command()
def probe(sources: Sources = None, region: Region = None) -> None:
    """Ask for metadata only: does every declaration still fit its table?"""
    settings = get_settings()
    chosen = _chosen(sources)
    with _failures_said(settings):
        areas = _areas(region, settings)
        failed = False
        for publisher, statistics in by_publisher(chosen, settings):
            try:
                typer.echo(publisher.opening())
            except LoaderError as problem:
                typer.echo(f"{', '.join(one.source_id for one in statistics)}: not bound: {problem}", err=True)
                failed = True
                continue
            for statistic in statistics:
                try:
                    typer.echo(f"{statistic.source_id}: {publisher.probe(statistic, areas)}")
                except LoaderError as problem:
                    typer.echo(f"{statistic.source_id}: not bound: {problem}", err=True)
                    failed = True
        if failed:
            raise typer.Exit(1)


@app.command()
def refresh(
    sources: Sources = None,
    full: Annotated[bool, typer.Option("--full", help="Every period, not only what is new.")] = False,
    region: Region = None,
) -> None:
    """Fetch what is new, publish it as a snapshot and print what changed."""
    settings = get_settings()
    chosen = _chosen(sources)
    if not sources:
        chosen = [statistic for statistic in chosen if statistic.certainty != "unknown"]
    with _failures_said(settings), _alone(settings):
        areas = _areas(region, settings)
        store = RawStore(settings.raw_dir)
        outcomes, failures = _load(chosen, store, areas, full, settings)
        published = None
        if outcomes:
            new = [outcome.load for outcome in outcomes.values() if outcome.load]
            try:
                published = publish(store, settings, new)
            except (LoaderError, BuildError) as problem:
                failures |= dict.fromkeys(outcomes, f"Not published: {problem}")
            else:
                failures |= published.rejected
        for source_id, message in failures.items():
            typer.echo(f"{source_id}: failed: {message}", err=True)
            note(source_id, "failed", message, settings)
        for source_id, outcome in outcomes.items():
            if source_id not in failures:
                message = _said(outcome)
                typer.echo(f"{source_id}: {outcome.state}: {message}")
                note(source_id, outcome.state, message, settings, outcome.record)
        if published is not None:
            _report(published)
        typer.echo(_in_service(settings))
        if failures:
            raise typer.Exit(1)


def _load(
    chosen: list[Statistic], store: RawStore, areas: RegionAreas, full: bool, settings: Settings
) -> tuple[dict[str, Outcome], dict[str, str]]:
    catalogue, log, moment = load_sources(), read_status(settings), now()
    asked = {one.source_id: due(catalogue[one.source_id], store, areas, log, moment) for one in chosen}
    with _progress() as progress:
        tasks = {one.source_id: progress.add_task(one.source_id, total=None) for one in chosen}

        def show(source_id: str, arrived: int, whole: int) -> None:
            progress.update(tasks[source_id], completed=arrived, total=whole)

        loaded = load(chosen, store, areas, settings, full, asked, show)
    return loaded.outcomes, loaded.failures


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)


def _said(outcome: Outcome) -> str:
    record = outcome.record
    span = f"{min(record.periods)} to {max(record.periods)} ({_counted(len(record.periods), 'period')})"
    message = f"{span}, edition of {_day(record.updated)}, {_counted(outcome.asked, 'data call')}"
    if outcome.kept:
        message += f", {_counted(outcome.kept, 'part')} kept from an interrupted load"
    if outcome.moved_to:
        message += f"; the table has moved to {outcome.moved_to}"
    return message


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _report(published: Published) -> None:
    for line in lines(published.changes):
        typer.echo(line)


@app.command("import")
def import_source(
    source: Annotated[str, typer.Argument(help="As in statfin:12r5.")],
    file: Annotated[Path, typer.Argument(help="json-stat2, PxWeb json, or CSV with codes.")],
    region: Region = None,
) -> None:
    """Take in a table saved by hand."""
    settings = get_settings()
    (declaration,) = _chosen([source])
    assert isinstance(declaration, Declaration)
    with _failures_said(settings), _alone(settings):
        areas = _areas(region, settings)
        store = RawStore(settings.raw_dir)
        imported = import_file(file, declaration, store, areas)
        published = publish(store, settings, [imported.load])
        if published.rejected:
            raise LoaderError(published.rejected[source], file.name, "Compare the file with the published table")
        record = imported.load.record
        message = f"imported {imported.cells:,} cells of {file.name}, edition of {_day(record.updated)}"
        if imported.left_out:
            message += f"; left out {imported.left_out:,} cells of other areas, measures or groups"
        typer.echo(f"{source}: {message}")
        note(source, "loaded", message, settings, record)
        _report(published)
        typer.echo(_in_service(settings))


@app.command()
def status() -> None:
    """Show how the last attempt of each source went, and what is in service."""
    settings = get_settings()
    log = read_status(settings)
    for source_id in DECLARED:
        entry = log.get(source_id)
        if entry is None:
            typer.echo(f"{source_id}: never loaded; the seed's figures are served")
            continue
        success = f"{entry.last_success:%Y-%m-%d %H:%M} UTC" if entry.last_success else "never"
        typer.echo(f"{source_id}: {entry.last_attempt:%Y-%m-%d %H:%M} UTC {entry.result}: {entry.message}")
        typer.echo(f"  last success {success}, newest period {entry.last_period or 'unknown'}")
    typer.echo(_in_service(settings))


@app.command()
def verify() -> None:
    """Check the seed, the kept responses and the snapshot in service."""
    settings = get_settings()
    store = RawStore(settings.raw_dir)
    problems = [f"Seed: {problem}" for problem in seed.verify()]
    problems += [f"Raw: {problem}" for problem in store.verify()]
    with _failures_said(settings):
        snapshot = snapshots.ensure(settings)
        try:
            with snapshots.connect(snapshot) as connection:
                found = checks.run(connection)
        except duckdb.Error as error:
            raise SnapshotError(f"Snapshot {snapshot.snapshot_id} cannot be read: {error}") from None
        problems += [f"Snapshot: {one.message}" for one in found if one.severity == "blocking"]
        for warning in (one for one in found if one.severity != "blocking"):
            typer.echo(f"Note: {warning.message}")
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        typer.echo(_in_service(settings), err=True)
        raise typer.Exit(1)
    kept = _counted(len(store.loads()), "kept load")
    typer.echo(f"Sound: {_counted(len(seed.load_manifest()), 'seed file')}, {kept}, the snapshot and its checks.")
    typer.echo(_in_service(settings))


@app.command()
def rollback(snapshot_id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None) -> None:
    """Serve an earlier snapshot: the one named, or the one before the current."""
    settings = get_settings()
    with _failures_said(settings):
        snapshots.rollback(snapshot_id, settings)
        typer.echo(_in_service(settings))


if __name__ == "__main__":
    app()

"""Command line of the loaders: ``python -m loaders COMMAND``.

Exit status: 0 all good, 1 something failed and what was served before is still served, 2 wrong call, 130 interrupted.
"""

from difflib import get_close_matches
from pathlib import Path
from time import sleep
from typing import Annotated

import duckdb
import typer

from data import checks, seed, snapshots
from data.build import BuildError
from data.progress import read_progress
from data.snapshots import SnapshotError
from data.status import is_damaged, read_status, status_path
from loaders.areas import RegionAreas, UnknownRegionError
from loaders.console import Bars, alone, counted, day, failures_said, in_service, said
from loaders.discovery import description, hit_line, locate
from loaders.errors import LoaderError
from loaders.progress import ProgressFile
from loaders.publish import Prepared, areas_of, prepare
from loaders.publisher import Statistic
from loaders.raw import RawStore, now
from loaders.registry import DECLARED, catalogue_of, pxweb_service, regular, service
from loaders.report import lines
from loaders.run import by_publisher, due, load
from loaders.status import note
from loaders.watch import coming, end_on_sigterm, worth_asking
from settings import Language, Settings, get_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Load open statistics into the dashboard.")

CADENCES = {"month": "monthly", "quarter": "quarterly", "year": "yearly", "irregular": "irregular", "once": "ended"}

Sources = Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="As in statfin:12r5; all by default.")]
Words = Annotated[list[str], typer.Argument(metavar="WORDS", help="All of them in the title, or a table's number.")]
PxWebService = Annotated[str, typer.Option(help="statfin or visitfinland.")]
SearchLanguage = Annotated[Language, typer.Option(help="Language of titles and labels.")]
Region = Annotated[str | None, typer.Option(help="Region whose areas are loaded, as in MK19; all: the whole country.")]


def _chosen(sources: list[str] | None) -> list[Statistic]:
    for source in sources or []:
        if source not in DECLARED:
            alike = [known for known in DECLARED if known.endswith(f":{source}")] or get_close_matches(source, DECLARED)
            meant = f"did you mean {alike[0]}?" if alike else "`python -m loaders list` shows them all"
            raise typer.BadParameter(f"unknown source {source}; {meant}")
    return [DECLARED[source] for source in sources or DECLARED]


def _areas(region: str | None, settings: Settings) -> RegionAreas:
    try:
        return areas_of(region or settings.region, settings)
    except UnknownRegionError as problem:
        raise typer.BadParameter(str(problem)) from None


@app.command("list")
def list_sources() -> None:
    """Show every declared statistic: publisher, cadence, licence, certainty of its contract, last load."""
    settings = get_settings()
    with failures_said(settings):
        catalogue = catalogue_of(DECLARED)
    log = read_status(settings)
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
def search(words: Words, publisher: PxWebService = "statfin", language: SearchLanguage = "fi") -> None:
    """Look for tables by words of their title, or by number, in a publisher's listing."""
    if not " ".join(words).strip():
        raise typer.BadParameter("give a word of the title, or a table's number")
    settings = get_settings()
    with failures_said(settings), pxweb_service(publisher, settings) as tables:
        client = tables.client(language)
        hits = client.search(tables.database, " ".join(words))
        for hit in hits:
            typer.echo(hit_line(hit, tables.database, list(DECLARED.values())))
        if not hits:
            typer.echo(
                f"{client.root}: no table has {' '.join(words)!r} in its title. Try one word, or another language."
            )
            raise typer.Exit(1)


@app.command()
def describe(
    table: Annotated[str, typer.Argument(help="As in statfin:12r5, StatFin/tyonv/12r5.px or 12r5.")],
    publisher: PxWebService = "statfin",
    language: SearchLanguage = "fi",
    region: Region = None,
) -> None:
    """Show what a table holds, how many cells that is, and the declaration it would need."""
    settings = get_settings()
    if table in DECLARED:
        publisher = table.partition(":")[0]
    with failures_said(settings), pxweb_service(publisher, settings) as tables:
        client = tables.client(language)
        place = locate(client, tables.database, table, list(DECLARED.values()))
        found = client.describe(place.database, place.folder, place.table)
        for line in description(found, place, _areas(region, settings), tables.limits):
            typer.echo(line)


@app.command()
def probe(sources: Sources = None, region: Region = None) -> None:
    """Ask for metadata only: does every declaration still fit its table?"""
    settings = get_settings()
    chosen = _chosen(sources)
    with failures_said(settings):
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
    review: Annotated[
        bool, typer.Option("--review", help="Stop before publishing; `publish` puts what was reported in service.")
    ] = False,
) -> None:
    """Fetch what is new, print what it changes, and publish it as a snapshot."""
    settings = get_settings()
    chosen = _chosen(sources)
    if not sources:
        chosen = regular(chosen, settings)
    with failures_said(settings), alone(settings):
        if not _refreshed(chosen, _areas(region, settings), settings, full, review):
            raise typer.Exit(1)


def _refreshed(
    chosen: list[Statistic], areas: RegionAreas, settings: Settings, full: bool = False, review: bool = False
) -> bool:
    """Load, publish and say how it went; whether everything did."""
    written = ProgressFile([one.source_id for one in chosen], settings)
    try:
        return _loaded_and_published(chosen, areas, settings, full, review, written)
    finally:
        written.finish()


def _loaded_and_published(
    chosen: list[Statistic], areas: RegionAreas, settings: Settings, full: bool, review: bool, written: ProgressFile
) -> bool:
    store = RawStore(settings.raw_dir)
    catalogue, log, moment = catalogue_of(DECLARED), read_status(settings), now()
    asked = {one.source_id: due(catalogue[one.source_id], store, areas, log, moment) for one in chosen}
    with Bars() as bars:
        loaded = load(chosen, store, areas, settings, full, asked, [bars, written])
    outcomes, failures = loaded.outcomes, loaded.failures
    prepared = None
    new = [outcome.load for outcome in outcomes.values() if outcome.load]
    stays = not new and snapshots.is_returned_to(settings)
    if outcomes and not stays:
        try:
            prepared = prepare(store, settings, new)
        except (LoaderError, BuildError) as problem:
            failures |= dict.fromkeys(outcomes, f"Not published: {problem}")
        else:
            failures |= prepared.rejected
    for source_id, message in failures.items():
        typer.echo(f"{source_id}: failed: {message}", err=True)
        note(source_id, "failed", message, settings)
    for source_id, message in loaded.off.items():
        typer.echo(f"{source_id}: {message}")
    for source_id, outcome in outcomes.items():
        if source_id not in failures:
            message = said(outcome)
            typer.echo(f"{source_id}: {outcome.state}: {message}")
            note(source_id, outcome.state, message, settings, outcome.record)
    if prepared is not None:
        _report_and_publish(prepared, settings, review)
    if stays:
        typer.echo("No new figures: the snapshot that a person has returned to stays.")
    typer.echo(in_service(settings))
    return not failures


def _report_and_publish(prepared: Prepared, settings: Settings, review: bool = False) -> None:
    for line in lines(prepared.changes):
        typer.echo(line)
    if review and snapshots.waiting(settings) is not None:
        typer.echo(f"Snapshot {prepared.snapshot.snapshot_id} waits: `python -m loaders publish` puts it in service.")
    else:
        snapshots.put_in_service(prepared.snapshot.snapshot_id, settings)


@app.command("publish")
def publish_waiting() -> None:
    """Put the snapshot in service that a refresh with --review has left waiting."""
    settings = get_settings()
    with failures_said(settings), alone(settings):
        waiting = snapshots.waiting(settings)
        if waiting is None:
            raise SnapshotError("No snapshot waits to be published: `python -m loaders refresh --review` leaves one")
        snapshots.put_in_service(waiting.snapshot_id, settings)
        typer.echo(in_service(settings))


@app.command()
def watch(
    every: Annotated[float, typer.Option(help="Minutes between looks at the release calendar.", min=0.01)] = 15,
    region: Region = None,
) -> None:
    """Keep a server current: refresh each statistic when its release is expected, until stopped."""
    settings = get_settings()
    with failures_said(settings):
        areas = _areas(region, settings)
        end_on_sigterm()
        typer.echo(coming(settings))
        while True:
            chosen = worth_asking(areas, settings, now())
            if chosen:
                typer.echo(f"Asking for {counted(len(chosen), 'statistic')} now ...")
                try:
                    with alone(settings):
                        _refreshed(chosen, areas, settings)
                except (LoaderError, BuildError, SnapshotError, OSError) as problem:
                    typer.echo(f"Failed: {problem}", err=True)
                typer.echo(coming(settings))
            sleep(every * 60)


@app.command("import")
def import_source(
    source: Annotated[str, typer.Argument(help="As in statfin:12r5.")],
    file: Annotated[Path, typer.Argument(help="json-stat2, PxWeb json, or CSV with codes.")],
    region: Region = None,
) -> None:
    """Take in a table saved by hand."""
    settings = get_settings()
    (statistic,) = _chosen([source])
    with failures_said(settings), alone(settings):
        areas = _areas(region, settings)
        store = RawStore(settings.raw_dir)
        take_in = service(source).import_file
        if take_in is None:
            raise LoaderError(f"{source} is more than one document", file.name, "It is loaded by `refresh` alone")
        imported = take_in(file, statistic, store, areas)
        prepared = prepare(store, settings, [imported.load])
        if prepared.rejected:
            raise LoaderError(prepared.rejected[source], file.name, "Compare the file with the published table")
        record = imported.load.record
        message = f"imported {imported.cells:,} cells of {file.name}, edition of {day(record.updated)}"
        if imported.left_out:
            message += f"; left out {imported.left_out:,} cells of other areas, measures or groups"
        typer.echo(f"{source}: {message}")
        note(source, "loaded", message, settings, record)
        _report_and_publish(prepared, settings)
        typer.echo(in_service(settings))


@app.command()
def status() -> None:
    """Show how the last attempt of each source went, and what is in service."""
    settings = get_settings()
    with failures_said(settings):
        if is_damaged(settings):
            raise SnapshotError(
                f"The log of loads cannot be read ({status_path(settings)}): the next load starts it anew"
            )
        catalogue = catalogue_of(DECLARED)
    log = read_status(settings)
    for source_id in DECLARED:
        entry = log.get(source_id)
        if entry is None:
            seeded = "the seed's figures are served" if catalogue[source_id].editions else "no figures of it are served"
            typer.echo(f"{source_id}: never loaded; {seeded}")
            continue
        success = f"{entry.last_success:%Y-%m-%d %H:%M} UTC" if entry.last_success else "never"
        typer.echo(f"{source_id}: {entry.last_attempt:%Y-%m-%d %H:%M} UTC {entry.result}: {entry.message}")
        typer.echo(f"  last success {success}, newest period {entry.last_period or 'unknown'}")
    under_way = read_progress(settings)
    if under_way is not None and under_way.running:
        typer.echo(f"A refresh is running: {under_way.done} of {counted(len(under_way.sources), 'source')} asked.")
    if (waiting := snapshots.waiting(settings)) is not None:
        typer.echo(f"Snapshot {waiting.snapshot_id} waits: `python -m loaders publish` puts it in service.")
    typer.echo(in_service(settings))


@app.command()
def verify() -> None:
    """Check the seed, the kept responses and the snapshot in service."""
    settings = get_settings()
    store = RawStore(settings.raw_dir)
    problems = [f"Seed: {problem}" for problem in seed.verify()]
    problems += [f"Raw: {problem}" for problem in store.verify()]
    with failures_said(settings):
        if damage := snapshots.pointer_problem(settings):
            problems.append(f"Snapshot: {damage}; another is served. `python -m loaders refresh` builds it again")
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
        typer.echo(in_service(settings), err=True)
        raise typer.Exit(1)
    kept = counted(len(store.loads()), "kept load")
    typer.echo(f"Sound: {counted(len(seed.load_manifest()), 'seed file')}, {kept}, the snapshot and its checks.")
    typer.echo(in_service(settings))


@app.command()
def rollback(snapshot_id: Annotated[str | None, typer.Argument(metavar="[ID]")] = None) -> None:
    """Serve an earlier snapshot: the one named, or the one before the current."""
    settings = get_settings()
    with failures_said(settings):
        snapshots.rollback(snapshot_id, settings)
        typer.echo(in_service(settings))
        typer.echo("It stays until new figures are loaded, or another rollback.")


if __name__ == "__main__":
    app()

"""What the commands share: failures in words, one writer at a time, progress, how a load went as a sentence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import typer
from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from data import snapshots
from data.build import BuildError
from data.snapshots import NoSnapshotError, SnapshotError
from loaders.errors import BusyError, LoaderError
from loaders.publisher import Outcome
from settings import Settings


@contextmanager
def failures_said(settings: Settings) -> Iterator[None]:
    """End with a message and an exit status instead of a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Interrupted. What has arrived is kept; run the same command again to go on.", err=True)
        raise typer.Exit(130) from None
    except (LoaderError, BuildError, SnapshotError, OSError) as problem:
        typer.echo(f"Failed: {problem}", err=True)
        typer.echo(in_service(settings), err=True)
        raise typer.Exit(1) from None


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the lock of those who load. Raises BusyError when another process does."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.data_dir / "refresh.lock", timeout=0):
            yield
    except Timeout:
        raise BusyError("Another refresh or import is running", str(settings.data_dir)) from None


def in_service(settings: Settings) -> str:
    """The snapshot in service, as a sentence."""
    try:
        snapshot = snapshots.current(settings)
    except NoSnapshotError:
        return "No snapshot is in service yet; the dashboard builds one from the seed when it starts."
    return f"In service: snapshot {snapshot.snapshot_id} of {snapshot.created_at:%Y-%m-%d %H:%M} UTC."


def progress() -> Progress:
    """Bars on a terminal; nothing in a log."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)


def said(outcome: Outcome) -> str:
    """How the load of one source went, in one sentence."""
    record = outcome.record
    span = f"{min(record.periods)} to {max(record.periods)} ({counted(len(record.periods), 'period')})"
    message = f"{span}, edition of {day(record.updated)}, {counted(outcome.asked, 'data call')}"
    if outcome.kept:
        message += f", {counted(outcome.kept, 'part')} kept from an interrupted load"
    if outcome.moved_to:
        message += f"; the table has moved to {outcome.moved_to}"
    return message


def day(moment: datetime | None) -> str:
    """The day of a stamp, where there is one."""
    return f"{moment:%Y-%m-%d}" if moment else "an unknown day"


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

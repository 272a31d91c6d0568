"""What the commands share: failures in words, one writer at a time, progress, how a load went as a sentence."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import typer
from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from data import snapshots
from data.build import BuildError
from data.releases import HELSINKI
from data.snapshots import NoSnapshotError, SnapshotError
from loaders.errors import BusyError, LoaderError
from loaders.publisher import Outcome
from loaders.raw import remove_temporary
from settings import Settings


@contextmanager
def failures_said(settings: Settings) -> Iterator[None]:
    """End with a message and an exit status instead of a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Interrupted. What has arrived is kept; run the same command again to go on.", err=True)
        raise typer.Exit(130) from None
    except (LoaderError, BuildError, SnapshotError) as problem:
        raise _failed(str(problem), settings) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody listens any more
        raise typer.Exit(0) from None
    except OSError as problem:
        where = f" ({problem.filename})" if problem.filename else ""
        advice = f"Make room on the disk, or see whether {settings.data_dir} can be written to, and run the same again"
        raise _failed(f"{problem.strerror or problem}{where}. {advice}.", settings) from None


def _failed(message: str, settings: Settings) -> typer.Exit:
    typer.echo(f"Failed: {message}", err=True)
    typer.echo(in_service(settings), err=True)
    return typer.Exit(1)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the lock of those who load. Raises BusyError when another process does."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.data_dir / "refresh.lock", timeout=0):
            remove_temporary(settings.data_dir)
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


class Bars:
    """Progress bars on a terminal, one a source; nothing in a log."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        self._progress = Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def show(self, source_id: str, arrived: int, whole: int) -> None:
        """So much of a source has arrived."""
        if source_id not in self._tasks:
            self._tasks[source_id] = self._progress.add_task(source_id, total=None)
        self._progress.update(self._tasks[source_id], completed=arrived, total=whole)

    def end(self, source_id: str, failed: bool) -> None:
        """A source has been asked: its bar goes."""
        if source_id in self._tasks:
            self._progress.remove_task(self._tasks.pop(source_id))


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
    """The day of a stamp in Finland, where there is one."""
    return f"{moment.astimezone(HELSINKI):%Y-%m-%d}" if moment else "an unknown day"


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

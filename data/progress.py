"""How far a refresh under way has come: written by the loaders, shown by the dashboard."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from settings import Settings, get_settings

FILE = "progress.json"


class RefreshProgress(BaseModel):
    """One refresh.

    Attributes:
        pid: the process.
        started_at: when it began (UTC).
        finished_at: when it ended (UTC); None while it goes on.
        sources: ids of all sources of this refresh, in their order.
        done: how many of them have been asked.
        current: the source that is being asked; None between sources and while the snapshot is built.
        arrived, whole: how much of it has arrived and how much it is, in its own units; 0 when not known yet.
        failed: ids of the sources that failed.
    """

    model_config = ConfigDict(frozen=True)

    pid: int
    started_at: datetime
    finished_at: datetime | None = None
    sources: tuple[str, ...]
    done: int = 0
    current: str | None = None
    arrived: int = 0
    whole: int = 0
    failed: tuple[str, ...] = ()

    @property
    def running(self) -> bool:
        """Whether it goes on: not finished, and its process is alive."""
        return self.finished_at is None and _alive(self.pid)

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1, each source counting the same."""
        part = self.arrived / self.whole if self.whole else 0.0
        return min(1.0, (self.done + part) / len(self.sources)) if self.sources else 1.0


def progress_path(settings: Settings | None = None) -> Path:
    """Where it is kept."""
    return (settings or get_settings()).data_dir.resolve() / FILE


def read_progress(settings: Settings | None = None) -> RefreshProgress | None:
    """The refresh that goes on or was the last; None when there was none or the file cannot be read."""
    with suppress(OSError, ValidationError):
        return RefreshProgress.model_validate_json(progress_path(settings).read_bytes())
    return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""Writes how far a refresh has come, at most a few times a second."""

import os
import time
from collections.abc import Sequence
from typing import Any

from data.progress import RefreshProgress, progress_path
from loaders.raw import now, write_atomic
from settings import Settings

EVERY = 0.3
"""Seconds between writes within one source."""


class ProgressFile:
    """One refresh: call it with each step, and ``finish`` at its end, whatever happened."""

    def __init__(self, sources: Sequence[str], settings: Settings) -> None:
        self._path = progress_path(settings)
        self._state = RefreshProgress(pid=os.getpid(), started_at=now(), sources=tuple(sources))
        self._written = 0.0
        self._write()

    def show(self, source_id: str, arrived: int, whole: int) -> None:
        """So much of a source has arrived."""
        changed = source_id != self._state.current
        self._update(current=source_id, arrived=arrived, whole=whole)
        if changed or time.monotonic() - self._written > EVERY:
            self._write()

    def end(self, source_id: str, failed: bool) -> None:
        """A source has been asked."""
        failures = (*self._state.failed, source_id) if failed else self._state.failed
        self._update(done=self._state.done + 1, current=None, arrived=0, whole=0, failed=failures)
        self._write()

    def finish(self) -> None:
        """The snapshot is in service, or the refresh has failed."""
        self._update(finished_at=now())
        self._write()

    def _update(self, **changes: Any) -> None:
        self._state = self._state.model_copy(update=changes)

    def _write(self) -> None:
        write_atomic(self._path, self._state.model_dump_json().encode())
        self._written = time.monotonic()

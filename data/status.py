"""The operational log of the loaders: how the last attempt of each source went, for the command line and the pages."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from settings import Settings, get_settings

FILE = "status.json"

Result = Literal["loaded", "unchanged", "failed"]


class SourceStatus(BaseModel):
    """One source.

    Attributes:
        last_attempt: when it was last tried (UTC).
        result: how that went.
        message: in one sentence, for a person.
        last_success: when it last loaded, or was found unchanged (UTC); None if never.
        updated: release time of the newest edition held (UTC), where stated.
        last_period: newest period held, as in 2026M08.
    """

    model_config = ConfigDict(frozen=True)

    last_attempt: datetime
    result: Result
    message: str
    last_success: datetime | None = None
    updated: datetime | None = None
    last_period: str | None = None


_log = TypeAdapter(dict[str, SourceStatus])


def status_path(settings: Settings | None = None) -> Path:
    """Where the log is kept."""
    return (settings or get_settings()).data_dir.resolve() / FILE


def read_status(settings: Settings | None = None) -> dict[str, SourceStatus]:
    """Status by source id; empty when nothing was ever tried or the log is damaged."""
    return _read(settings) or {}


def is_damaged(settings: Settings | None = None) -> bool:
    """Whether there is a log that cannot be read; the next attempt of any source starts it anew."""
    return _read(settings) is None


def _read(settings: Settings | None) -> dict[str, SourceStatus] | None:
    """The log, empty when there is none yet; None when it cannot be read."""
    try:
        return _log.validate_json(status_path(settings).read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError):
        return None


def dump_status(log: dict[str, SourceStatus]) -> bytes:
    """The log as it is written to disk."""
    return _log.dump_json(log, indent=1)

"""Writes the operational log after each attempt."""

from typing import Any

from data.status import Result, SourceStatus, dump_status, read_status, status_path
from loaders.raw import LoadRecord, now, write_atomic
from settings import Settings


def note(
    source_id: str, result: Result, message: str, settings: Settings, record: LoadRecord | None = None
) -> SourceStatus:
    """Note how an attempt went; a failure leaves what was last held."""
    log = read_status(settings)
    before = log.get(source_id)
    moment = now()
    if result == "failed":
        held: dict[str, Any] = before.model_dump(include={"last_success", "updated", "last_period"}) if before else {}
    else:
        held = {"last_success": moment}
        if record is not None:
            held |= _newest(before, record)
    status = SourceStatus(last_attempt=moment, result=result, message=message, **held)
    path = status_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, dump_status(log | {source_id: status}))
    return status


def _newest(before: SourceStatus | None, record: LoadRecord) -> dict[str, Any]:
    """The newest edition and period held: a file saved by hand may be older than what is there."""
    editions = [one for one in (record.updated, before.updated if before else None) if one]
    periods = [*record.periods, *([before.last_period] if before and before.last_period else [])]
    return {"updated": max(editions, default=None), "last_period": max(periods)}

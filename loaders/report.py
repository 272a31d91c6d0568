"""The change report as lines for a person."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from data.changes import Change

SHOWN = 3
TITLES = {
    "new_period": "new periods",
    "revised": "revised cells",
    "lost_series": "lost series",
    "new_series": "new series",
    "classification": "changed classifications",
    "membership": "changed area memberships",
    "sum": "totals that no longer add up",
}


def lines(changes: Sequence[Change]) -> list[str]:
    """One line a source and kind of change, with the first few of each."""
    if not changes:
        return ["No changes against the snapshot before."]
    ordered = sorted(changes, key=attrgetter("source_id", "kind"))
    result = ["Changes against the snapshot before:"]
    for (source_id, kind), group in groupby(ordered, key=attrgetter("source_id", "kind")):
        some = list(group)
        cells = sum(change.cells for change in some)
        counted = f"{cells:,}" if kind == "revised" else f"{len(some):,} ({cells:,} rows)"
        result.append(f"  {source_id}: {TITLES[kind]}: {counted}: {_examples(some)}")
    return result


def _examples(changes: Sequence[Change]) -> str:
    if changes[0].kind == "new_period":
        periods = sorted(change.key.rpartition("|")[2] for change in changes)
        return f"{periods[0]} to {periods[-1]}" if len(periods) > SHOWN else ", ".join(periods)
    shown = "; ".join(_told(change) for change in changes[:SHOWN])
    return f"{shown} and {len(changes) - SHOWN:,} more" if len(changes) > SHOWN else shown


def _told(change: Change) -> str:
    if change.kind == "sum":
        return f"{change.key}: parts {change.old_value:.12g}, total {change.new_value:.12g}"
    if change.kind == "membership" and change.cells == 1:
        return f"{change.key} {'added' if change.old_status is None else 'removed'}"
    if change.kind == "revised" and change.new_status is not None:
        old, new = _side(change.old_value, change.old_status), _side(change.new_value, change.new_status)
        return f"{change.key} {old} -> {new}"
    return change.key


def _side(value: float | None, status: str | None) -> str:
    return f"{value:.12g}" if value is not None else str(status)

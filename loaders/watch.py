"""Keeping a server current: which statistics are worth asking for now, and what is expected next."""

import signal
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

from data import releases
from data.catalogue import load_sources
from data.status import read_status
from loaders.areas import RegionAreas
from loaders.publisher import Statistic
from loaders.raw import RawStore, now
from loaders.registry import DECLARED, regular
from loaders.run import due
from settings import Settings

PAUSE = timedelta(hours=1)
"""How long a source that failed is left alone."""

SHOWN = 3


def end_on_sigterm() -> None:
    """Let a service manager end the process in order: locks are given back, what has arrived is kept."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def worth_asking(areas: RegionAreas, settings: Settings, moment: datetime) -> list[Statistic]:
    """Statistics whose release was expected since they were last loaded; not those that failed a short time ago."""
    catalogue, log, store = load_sources(), read_status(settings), RawStore(settings.raw_dir)

    def waits(source_id: str) -> bool:
        entry = log.get(source_id)
        return entry is not None and entry.result == "failed" and moment - entry.last_attempt < PAUSE

    return [
        statistic
        for statistic in regular(DECLARED.values(), settings)
        if not waits(statistic.source_id) and due(catalogue[statistic.source_id], store, areas, log, moment)
    ]


def coming(settings: Settings) -> str:
    """The next expected releases, as a sentence."""
    catalogue, log, moment = load_sources(), read_status(settings), now()
    expected: dict[datetime, list[str]] = {}
    for source_id in DECLARED:
        entry = log.get(source_id)
        found = releases.next_expected(catalogue[source_id], moment, entry.updated if entry else None)
        if found is not None:
            expected.setdefault(found.moment, []).append(source_id)
    soonest = [f"{at:%Y-%m-%d %H:%M} {_some(expected[at])}" for at in sorted(expected)[:SHOWN]]
    return f"Expected next (Finnish time): {'; '.join(soonest)}." if soonest else "No release is expected."


def _some(source_ids: Sequence[str]) -> str:
    more = f" and {len(source_ids) - SHOWN} more" if len(source_ids) > SHOWN else ""
    return ", ".join(source_ids[:SHOWN]) + more

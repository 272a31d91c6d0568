"""How each source is doing: failed, late, fine, not fetched yet, or part of the product and never fetched."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import pandas as pd

from data import releases
from data.catalogue import Contract, Source
from data.status import SourceStatus
from data.subjects import time_series
from settings import Language

State = Literal["failed", "late", "fine", "not_fetched", "included"]
STATES: tuple[State, ...] = ("failed", "late", "fine", "not_fetched", "included")
"""In the order in which they ask for attention."""

QUARTERLY = frozenset(subject.table for subject in time_series() if subject.period == "quarter")


@dataclass(frozen=True)
class SourceState:
    """One source. Moments are aware; texts are in the language asked for.

    ``published``, the periods, ``row_count`` and ``reliability`` are those of the snapshot shown; ``last_load`` is when
    it last loaded or was found unchanged. ``missing_since``: when newer figures were expected that have not come.
    """

    source_id: str
    state: State
    statistic: str
    publisher: str
    table_id: str
    verify_url: str | None
    licence: str
    contract: Contract | None
    reliability: str | None
    first_period: str | None
    last_period: str | None
    is_quarterly: bool
    row_count: int
    published: datetime | None
    last_load: datetime | None
    expected: releases.Expected | None
    missing_since: datetime | None
    entry: SourceStatus | None

    @property
    def name(self) -> str:
        return f"{self.statistic} ({self.table_id.split(' ')[-1]})"


def source_states(
    rows: pd.DataFrame,
    catalogue: Mapping[str, Source],
    log: Mapping[str, SourceStatus],
    now: datetime,
    language: Language,
) -> list[SourceState]:
    """Every source of a snapshot and of the catalogue: what asks for attention first, then by publisher and statistic.

    ``rows`` are those of data.queries.sources; ``now`` is aware. A source that the catalogue has gained since the
    snapshot was built is among them, without figures.
    """
    held = {row["source_id"]: row for row in rows.to_dict("records")}
    found = [
        _state(held.get(source_id) or _declared(source, language), source, log.get(source_id), now)
        for source_id, source in catalogue.items()
    ]
    gone = [row for source_id, row in held.items() if source_id not in catalogue]
    found += [_state(row, None, log.get(row["source_id"]), now) for row in gone]
    return sorted(found, key=lambda one: (STATES.index(one.state), one.publisher, one.statistic, one.table_id))


def counts(found: Sequence[SourceState]) -> Counter[State]:
    """How many sources are in each state."""
    return Counter(one.state for one in found)


def _state(row: Mapping[Any, Any], source: Source | None, entry: SourceStatus | None, now: datetime) -> SourceState:
    published = _moment(row.get("published_at"))
    stamps = [one for one in (published, entry.updated if entry else None) if one is not None]
    newest = max(stamps, default=None)
    last_load = (entry.last_success if entry else None) or _moment(row.get("fetched_at"))
    loadable = source is not None and source.loadable
    missing_since = releases.overdue(source, now, newest) if source and loadable and last_load else None
    expected = releases.next_expected(source, now, newest) if source and loadable else None
    return SourceState(
        source_id=str(row["source_id"]),
        state=_word(loadable, entry, last_load, missing_since),
        statistic=str(row["statistic"]),
        publisher=str(row["publisher"]),
        table_id=str(row["table_id"]),
        verify_url=_text(row.get("verify_url")),
        licence=str(row["licence"]),
        contract=source.contract if source else None,
        reliability=_text(row.get("reliability")),
        first_period=_text(row.get("first_period")),
        last_period=_text(row.get("last_period")),
        is_quarterly=str(row["subject"]) in QUARTERLY,
        row_count=int(row.get("row_count", 0)),
        published=published,
        last_load=last_load,
        expected=expected,
        missing_since=missing_since,
        entry=entry,
    )


def _word(
    loadable: bool, entry: SourceStatus | None, last_load: datetime | None, missing_since: datetime | None
) -> State:
    if not loadable:
        return "included"
    if entry is not None and entry.result == "failed":
        return "failed"
    if last_load is None:
        return "not_fetched"
    return "fine" if missing_since is None else "late"


def _declared(source: Source, language: Language) -> dict[str, Any]:
    """A source of the catalogue as a row without figures."""
    suffix = "" if language == "en" else f"_{language}"
    texts = source.model_dump(include={"table_id", "licence", "verify_url"})
    return texts | {
        "source_id": source.id,
        "subject": source.subject,
        "statistic": getattr(source, f"statistic{suffix}"),
        "publisher": getattr(source, f"publisher{suffix}"),
    }


def _moment(stamp: Any) -> datetime | None:
    return None if stamp is None or pd.isna(stamp) else pd.Timestamp(stamp).to_pydatetime().replace(tzinfo=UTC)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None

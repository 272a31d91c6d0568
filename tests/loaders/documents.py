"""What the tests of document publishers share: a raw store, a small seed, and a snapshot made of what was loaded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from data import seed, snapshots
from data.build import TableLoad, build
from loaders import http
from loaders.areas import RegionAreas
from loaders.documents import Document, DocumentService
from loaders.publisher import Outcome
from loaders.raw import Load, RawStore
from settings import Settings, get_settings
from tests.loaders.conftest import FAST

SMALL_SEED = ("statfin-classification-areas_", "statfin-12ti_2026-06-software")


@dataclass
class Rig:
    """One publisher against its emulated service."""

    publisher: DocumentService[Any]
    table_load: Callable[[Load, Any, RegionAreas], TableLoad]
    areas: RegionAreas
    settings: Settings
    store: RawStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = RawStore(self.settings.raw_dir)

    def refresh(self, statistic: Document, **options: Any) -> Outcome:
        return self.publisher.refresh(statistic, self.store, self.areas, **options)  # type: ignore[arg-type]

    def rows(self, statistic: Document, query: str) -> list[tuple[Any, ...]]:
        """A query of the snapshot that the small seed and every kept load of one statistic make."""
        loads = [self.table_load(load, statistic, self.areas) for load in self.store.loads(statistic.source_id)]
        snapshot, _ = build(loads, self.settings)
        with snapshots.connect(snapshot) as connection:
            return connection.execute(query).fetchall()


def rig(
    monkeypatch: pytest.MonkeyPatch,
    areas: RegionAreas,
    publisher: type[DocumentService[Any]],
    table_load: Callable[[Load, Any, RegionAreas], TableLoad],
    **environment: str,
) -> Rig:
    """A publisher with short waits, settings from ``environment``, and builds that start from few seed files."""
    small = tuple(entry for entry in seed.load_manifest() if entry.file.startswith(SMALL_SEED))
    monkeypatch.setattr("data.build.seed.load_manifest", lambda: small)
    for name, value in environment.items():
        monkeypatch.setenv(f"TILANNEHUONE_{name}", value)
    get_settings.cache_clear()
    settings = get_settings()
    return Rig(publisher(http.Session(FAST, http.CallWindow(1000, 1.0)), settings), table_load, areas, settings)

"""Fixtures every test shares: a data directory of its own, and one snapshot of the seed for the whole run."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data import build, snapshots
from data.snapshots import Snapshot
from settings import Settings, get_settings


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory that no other test sees; ``get_settings()`` points at it."""
    directory = tmp_path / "data"
    monkeypatch.setenv("TILANNEHUONE_DATA_DIR", str(directory))
    get_settings.cache_clear()
    yield directory
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def seed_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The snapshot built from the committed seed alone. Read it; never publish beside it."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("seed"))
    return build.build(settings=settings)[0]


@pytest.fixture
def seed_connection(seed_snapshot: Snapshot) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the snapshot of the seed."""
    with snapshots.connect(seed_snapshot) as connection:
        yield connection

"""Fixtures every test shares: a data directory of its own, no way to a real service, one snapshot of the seed."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data import build, snapshots
from data.snapshots import Snapshot
from settings import Settings, get_settings

NOWHERE = "http://127.0.0.1:9"


def close_services(patch: pytest.MonkeyPatch) -> None:
    """Every service of the settings is a closed port of this machine."""
    for name in Settings.model_fields:
        if name.endswith("_url"):
            patch.setenv(f"TILANNEHUONE_{name.upper()}", NOWHERE)


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory that no other test sees; ``get_settings()`` points at it, and at no real service."""
    directory = tmp_path / "data"
    close_services(monkeypatch)
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

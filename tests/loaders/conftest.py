"""Fixtures of the loaders' tests: an emulated service, short waits, and a data directory with the seed's snapshot."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from data import snapshots
from data.queries import reference
from data.snapshots import Snapshot
from loaders import http
from loaders.__main__ import app
from loaders.areas import RegionAreas, region_areas
from loaders.raw import now
from settings import get_settings
from tests.emulator import Emulator, Figures, seed_figures

FAST = http.Policy(
    connect_timeout=2, read_timeout=3, retries=3, backoff=0.05, backoff_max=0.2, jitter=0.05, retry_after_max=3
)

Run = Callable[..., Result]

CORE = ("statfin:12r5", "statfin:12ti", "statfin:12tw")
"""Tables of three shapes: areas, occupations, industries."""


def serve(snapshot: Snapshot, data_dir: Path) -> None:
    """Put a copy of a snapshot in service in a data directory."""
    directory = data_dir / "snapshots"
    directory.mkdir(parents=True)
    shutil.copy(snapshot.path, directory / snapshot.path.name)
    (directory / snapshots.POINTER).write_text(f"{snapshot.snapshot_id}\n", encoding="ascii")


@pytest.fixture(scope="session")
def figures(seed_snapshot: Snapshot) -> Figures:
    with snapshots.connect(seed_snapshot) as connection:
        return seed_figures(connection)


@pytest.fixture(scope="session")
def lapland(seed_snapshot: Snapshot) -> RegionAreas:
    with snapshots.connect(seed_snapshot) as connection:
        return region_areas(reference.memberships(connection), "MK19")


@pytest.fixture
def service(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """The emulated service; the settings point at it and nothing waits long."""
    monkeypatch.setattr(http, "DEFAULT_POLICY", FAST)
    with Emulator(figures) as emulator:
        monkeypatch.setenv("TILANNEHUONE_STATFIN_URL", emulator.url)
        monkeypatch.setenv("TILANNEHUONE_VISITFINLAND_URL", emulator.visitfinland_url)
        get_settings.cache_clear()
        yield emulator


@pytest.fixture
def recent(service: Emulator) -> None:
    """The publisher offers few periods, of most monthly tables 2024M09 to 2026M08: quick to load."""
    for table in service.tables.values():
        table.cut_history(188)


@pytest.fixture
def seeded(data_dir: Path, seed_snapshot: Snapshot) -> Snapshot:
    """The data directory of this test serves the seed's snapshot."""
    serve(seed_snapshot, data_dir)
    return snapshots.current()


@pytest.fixture
def few_occupations(service: Emulator) -> None:
    """The table by occupation has six of them."""
    kept = {"SSS", "2512", "5131", "5223", "7212", "X999"}
    service.tables["12ti.px"].variable("Ammattiryhmä").keep(lambda code: code in kept)


@pytest.fixture
def a_month_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called, commands find that a release of every monthly source was expected since the last load."""
    return lambda: monkeypatch.setattr("loaders.__main__.now", lambda: now() + timedelta(days=40))


@pytest.fixture
def run(service: Emulator, seeded: Snapshot) -> Run:
    """Call the command line as a person would; counts of the service start from nothing at each call.

    A refresh that names no source is given ``CORE``: every statistic would take minutes.
    """

    def call(*arguments: str) -> Result:
        service.forget()
        if arguments[:1] == ("refresh",) and not any(":" in argument for argument in arguments):
            arguments += CORE
        result = CliRunner().invoke(app, list(arguments))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call

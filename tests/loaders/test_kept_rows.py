"""Rows of a load are read from its answers once, and again only when they would be others or the file is damaged."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data import snapshots
from loaders import registry, replay
from loaders.areas import RegionAreas
from loaders.http import Session
from loaders.raw import Load, RawStore
from loaders.replay import table_load
from loaders.statfin.employment_service import BY_INDUSTRY
from loaders.tables import PxWebPublisher
from settings import get_settings
from tests.emulator import Emulator
from tests.loaders.conftest import FAST, Run

pytestmark = pytest.mark.usefixtures("recent")

INDUSTRY, RATES = "statfin:12tw", "statfin:12tf"
ROWS = 2 * 113 * 2 * 24
"""Areas x industries x measures x months."""


@pytest.fixture
def answers_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the answers that were read into rows."""
    sizes: list[int] = []
    read = replay.read_jsonstat

    def noted(body: bytes) -> object:
        sizes.append(len(body))
        return read(body)

    monkeypatch.setattr(replay, "read_jsonstat", noted)
    return sizes


@pytest.fixture
def load(service: Emulator, lapland: RegionAreas, tmp_path: Path) -> Load:
    """A complete load of vacancies by industry, not read into rows yet."""
    with Session(FAST) as session:
        outcome = PxWebPublisher(service.url, session, "StatFin").refresh(
            BY_INDUSTRY, RawStore(tmp_path / "raw"), lapland
        )
    assert outcome.load is not None
    return outcome.load


def rows_of(load: Load) -> Path:
    (path,) = load.folder.glob("rows-*")
    return path


def served_rows() -> int:
    with snapshots.connect(snapshots.current()) as connection:
        query = "SELECT count(*) FROM vacancy_industry JOIN source_fetch USING (fetch_id) WHERE origin = 'service'"
        ((rows,),) = connection.execute(query).fetchall()
    return int(rows)


def test_rows_are_read_once(load: Load, lapland: RegionAreas, answers_read: list[int]) -> None:
    first = table_load(load, BY_INDUSTRY, lapland)
    written = rows_of(load).stat()
    assert pq.read_metadata(rows_of(load)).num_rows == ROWS
    assert table_load(load, BY_INDUSTRY, lapland) == first
    assert len(answers_read) == 1
    assert (rows_of(load).stat().st_mtime_ns, rows_of(load).stat().st_ino) == (written.st_mtime_ns, written.st_ino)


def test_another_version_of_the_reader_reads_the_answers_anew(
    load: Load, lapland: RegionAreas, answers_read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = table_load(load, BY_INDUSTRY, lapland)
    monkeypatch.setattr(replay, "READER_VERSION", 2_000)
    assert table_load(load, BY_INDUSTRY, lapland).rows != first.rows
    assert len(answers_read) == 2
    assert rows_of(load).exists()


@pytest.mark.parametrize("damage", ["missing", "empty", "cut off", "a byte changed", "something else", "unfinished"])
def test_missing_or_damaged_rows_are_made_again(load: Load, lapland: RegionAreas, damage: str) -> None:
    first = table_load(load, BY_INDUSTRY, lapland)
    path, content = rows_of(load), rows_of(load).read_bytes()
    half = len(content) // 2
    match damage:
        case "missing":
            path.unlink()
        case "unfinished":
            path.rename(path.with_suffix(".123.tmp"))
        case "a byte changed":
            path.write_bytes(content[:half] + bytes([content[half] ^ 255]) + content[half + 1 :])
        case _:
            path.write_bytes({"empty": b"", "cut off": content[:half], "something else": b"PAR1" * 100}[damage])
    assert table_load(load, BY_INDUSTRY, lapland) == first
    assert (rows_of(load), rows_of(load).read_bytes()) == (path, content)


def test_a_changed_declaration_makes_another_snapshot_of_the_kept_answers(
    run: Run, service: Emulator, answers_read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("refresh", INDUSTRY)
    assert served_rows() == ROWS
    before = snapshots.current()
    changed = BY_INDUSTRY.model_copy(update={"contents": ("AVPAIKATLOPUSSA",)})
    monkeypatch.setitem(registry.DECLARED, INDUSTRY, changed)
    assert run("refresh", INDUSTRY).exit_code == 0
    assert service.count("data") == 0
    assert len(answers_read) == 2
    assert snapshots.current() != before
    assert served_rows() == ROWS // 2


def test_rows_that_were_read_before_outlast_damage_to_an_answer(run: Run) -> None:
    run("refresh", INDUSTRY)
    (answer,) = (part.body for load in RawStore(get_settings().raw_dir).loads() for part in load.parts())
    answer.write_bytes(b"")
    assert run("verify").exit_code == 1
    assert run("refresh", RATES).exit_code == 0
    assert served_rows() == ROWS

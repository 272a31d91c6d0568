"""Rows of a load are read from its answers once, and again only when they would be others or the file is damaged."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data import snapshots
from loaders import registry, replay
from loaders.raw import RawStore
from loaders.statfin.employment_service import BY_INDUSTRY
from settings import get_settings
from tests.emulator import Emulator
from tests.loaders.conftest import Run

pytestmark = pytest.mark.usefixtures("recent")

INDUSTRY, RATES = "statfin:12tw", "statfin:12tf"
ROWS = 2 * 113 * 2 * 24
"""Areas x industries x measures x months."""


def kept() -> Path:
    (path,) = (get_settings().raw_dir / "statfin" / "12tw").glob("*/rows-*")
    return path


def served_rows() -> int:
    with snapshots.connect(snapshots.current()) as connection:
        query = "SELECT count(*) FROM vacancy_industry JOIN source_fetch USING (fetch_id) WHERE origin = 'service'"
        ((rows,),) = connection.execute(query).fetchall()
    return int(rows)


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


def test_rows_are_read_once_and_are_those_of_the_snapshot(run: Run, answers_read: list[int]) -> None:
    run("refresh", INDUSTRY)
    assert len(answers_read) == 1
    written = kept().stat()
    assert pq.read_metadata(kept()).num_rows == ROWS
    run("refresh", RATES)
    assert len(answers_read) == 2  # those of the other source
    assert (kept().stat().st_mtime_ns, kept().stat().st_ino) == (written.st_mtime_ns, written.st_ino)
    assert served_rows() == ROWS


def test_a_changed_declaration_reads_the_kept_answers_anew(
    run: Run, answers_read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("refresh", INDUSTRY)
    before, served = kept().name, snapshots.current()
    changed = BY_INDUSTRY.model_copy(update={"contents": ("AVPAIKATLOPUSSA",)})
    monkeypatch.setitem(registry.DECLARED, INDUSTRY, changed)
    assert run("refresh", INDUSTRY).exit_code == 0
    assert kept().name != before
    assert len(answers_read) == 2
    assert snapshots.current() != served
    assert served_rows() == ROWS // 2


def test_another_version_of_the_reader_reads_the_kept_answers_anew(
    run: Run, answers_read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("refresh", INDUSTRY)
    monkeypatch.setattr(replay, "READER_VERSION", 2_000)
    run("refresh", INDUSTRY)
    assert len(answers_read) == 2
    assert len(list(kept().parent.glob("rows-*"))) == 1


@pytest.mark.parametrize("damage", ["missing", "empty", "cut off", "a byte changed", "something else", "unfinished"])
def test_missing_or_damaged_rows_are_made_again(service: Emulator, run: Run, damage: str) -> None:
    run("refresh", INDUSTRY)
    path, content = kept(), kept().read_bytes()
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
    result = run("refresh", RATES)
    assert result.exit_code == 0
    assert service.count("data", table="12tw.px") == 0
    assert (kept(), kept().read_bytes()) == (path, content)
    assert served_rows() == ROWS


def test_rows_that_were_read_before_outlast_damage_to_an_answer(run: Run) -> None:
    run("refresh", INDUSTRY)
    (answer,) = (part.body for load in RawStore(get_settings().raw_dir).loads() for part in load.parts())
    answer.write_bytes(b"")
    assert run("verify").exit_code == 1
    assert run("refresh", RATES).exit_code == 0
    assert served_rows() == ROWS

"""How far a refresh has come, as another process sees it."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from data.progress import RefreshProgress, progress_path, read_progress
from loaders.progress import ProgressFile
from settings import get_settings
from tests.emulator import Emulator, Fault
from tests.loaders.conftest import Run


@pytest.fixture
def written(data_dir: object) -> ProgressFile:
    progress_path().parent.mkdir(parents=True, exist_ok=True)
    return ProgressFile(["a:1", "a:2"], get_settings())


def progress() -> RefreshProgress:
    found = read_progress()
    assert found is not None
    return found


def test_it_is_seen_from_its_first_step_to_its_last(written: ProgressFile) -> None:
    assert (progress().running, progress().share, progress().current) == (True, 0.0, None)
    written.show("a:1", 30, 60)
    assert (progress().current, progress().arrived, progress().whole, progress().share) == ("a:1", 30, 60, 0.25)
    written.end("a:1", failed=True)
    assert (progress().done, progress().failed, progress().share, progress().current) == (1, ("a:1",), 0.5, None)
    written.end("a:2", failed=False)
    assert (progress().running, progress().share) == (True, 1.0)
    written.finish()
    assert progress().running is False
    assert progress().finished_at is not None


def test_a_refresh_whose_process_is_gone_does_not_run(data_dir: object) -> None:
    process = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    gone = RefreshProgress(pid=int(process.stdout), started_at=datetime(2026, 9, 22, tzinfo=UTC), sources=("a:1",))
    assert gone.running is False
    assert gone.model_copy(update={"pid": os.getpid()}).running is True


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": "x"}', b"\xff\xfe"])
def test_a_damaged_file_is_no_progress(data_dir: object, content: bytes) -> None:
    progress_path().parent.mkdir(parents=True, exist_ok=True)
    progress_path().write_bytes(content)
    assert read_progress() is None


@pytest.mark.usefixtures("recent")
def test_a_refresh_leaves_how_it_went(run: Run, service: Emulator) -> None:
    service.faults.append(Fault("status", table="12tf.px", status=400, times=None))
    assert run("refresh", "statfin:12tf", "statfin:11l1").exit_code == 1
    assert progress().sources == ("statfin:12tf", "statfin:11l1")
    assert (progress().done, progress().failed, progress().running) == (2, ("statfin:12tf",), False)


def test_a_service_that_does_not_answer_ends_every_source(run: Run, service: Emulator) -> None:
    service.faults.append(Fault("status", on="config", status=503, times=None))
    assert run("refresh", "statfin:12tf", "statfin:11l1").exit_code == 1
    assert (progress().done, progress().failed) == (2, ("statfin:12tf", "statfin:11l1"))

"""Life of a snapshot: build, publish, open, roll back, prune, and what damage and crashes do to it."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data import snapshots
from data.build import BuildError, TableLoad, build
from data.snapshots import NoSnapshotError, Snapshot, SnapshotError
from settings import ROOT, Settings


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir)


@pytest.fixture
def seed(settings: Settings, seed_snapshot: Snapshot) -> Snapshot:
    """The snapshot of the seed, in service: copied, which is quicker than built."""
    settings.snapshots_dir.mkdir(parents=True)
    shutil.copyfile(seed_snapshot.path, settings.snapshots_dir / seed_snapshot.path.name)
    (settings.snapshots_dir / "current").write_text(f"{seed_snapshot.snapshot_id}\n")
    return snapshots.current(settings)


def load(value: float = 9_000, month: str = "2026-07-01", sha256: str = "a", **changed: object) -> TableLoad:
    """A load of one row: Lapland's unemployed jobseekers of one month."""
    rows = pd.DataFrame(
        {
            "area_code": ["MK19"],
            "month": [pd.Timestamp(month)],
            "measure": ["TYOTTOMATLOPUSSA"],
            "value": [value],
            "status": ["published"],
        }
    )
    fields: dict = {
        "source_id": "statfin:12r5",
        "origin": "service",
        "published_at": datetime(2026, 9, 22, 5, tzinfo=UTC),
        "fetched_at": datetime(2026, 9, 22, 6, tzinfo=UTC),
        "reliability": "complete",
        "sha256": sha256,
        "table": "employment_service",
        "rows": rows,
    }
    return TableLoad(**(fields | changed))


def files(settings: Settings) -> set[str]:
    return {path.name for path in settings.snapshots_dir.iterdir()} - {"snapshots.lock"}


def lapland(snapshot: Snapshot, month: str) -> list[tuple]:
    with snapshots.connect(snapshot) as connection:
        return connection.execute(
            "SELECT value FROM employment_service WHERE area_code = 'MK19' AND measure = 'TYOTTOMATLOPUSSA'"
            " AND month = CAST(? AS DATE)",
            [month],
        ).fetchall()


def run_python(code: str, settings: Settings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"TILANNEHUONE_DATA_DIR": str(settings.data_dir), "PATH": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_without_a_snapshot_current_says_so(settings: Settings) -> None:
    with pytest.raises(NoSnapshotError, match="No valid snapshot"):
        snapshots.current(settings)
    assert snapshots.list_snapshots(settings) == []


def test_the_first_start_builds_from_the_seed(settings: Settings) -> None:
    snapshot = snapshots.ensure(settings)
    assert snapshots.ensure(settings) == snapshot
    assert files(settings) == {"current", f"{snapshot.snapshot_id}.duckdb"}
    assert snapshot.parent_id is None
    assert snapshot.created_at.tzinfo == UTC
    assert lapland(snapshot, "2021-09-01") == [(8_820,)]


def test_the_same_inputs_give_the_same_id_and_no_second_build(settings: Settings) -> None:
    steps: list[str] = []
    first, _ = build(settings=settings)
    again, changes = build(settings=settings, on_step=steps.append)
    assert (again.snapshot_id, again.created_at) == (first.snapshot_id, first.created_at)
    assert (steps, changes) == (["pointer"], [])
    assert len(first.snapshot_id) == 12


def test_a_load_is_published_with_its_parent_and_steps(settings: Settings, seed: Snapshot) -> None:
    steps: list[str] = []
    snapshot, _ = build([load()], settings, steps.append)
    assert steps == ["schema", "tables", "checks", "indicators", "changes", "publish", "pointer"]
    assert snapshot.parent_id == seed.snapshot_id
    assert snapshots.current(settings) == snapshot
    assert [one.snapshot_id for one in snapshots.list_snapshots(settings)] == [snapshot.snapshot_id, seed.snapshot_id]
    assert lapland(snapshot, "2026-07-01") == [(9_000,)]
    assert lapland(seed, "2026-07-01") == []


def test_roll_back_and_return(settings: Settings, seed: Snapshot) -> None:
    newer, _ = build([load()], settings)
    assert snapshots.rollback(settings=settings) == seed
    assert snapshots.current(settings) == seed
    with pytest.raises(SnapshotError, match="No earlier snapshot"):
        snapshots.rollback(settings=settings)
    assert snapshots.rollback(newer.snapshot_id, settings) == newer
    assert snapshots.current(settings) == newer


def test_roll_back_to_an_unknown_id_changes_nothing(settings: Settings, seed: Snapshot) -> None:
    for wanted in ("000000000000", "../current"):
        with pytest.raises(SnapshotError, match="on disk"):
            snapshots.rollback(wanted, settings)
    assert snapshots.current(settings) == seed


def test_roll_back_past_a_pruned_parent_takes_the_next_older(settings: Settings, seed: Snapshot) -> None:
    middle, _ = build([load(sha256="b")], settings)
    build([load(sha256="c")], settings)
    middle.path.unlink()
    assert snapshots.rollback(settings=settings) == seed


def test_prune_keeps_the_newest_and_the_one_in_service(settings: Settings) -> None:
    ids = [snapshots.ensure(settings).snapshot_id]
    ids += [build([load(sha256=sha)], settings)[0].snapshot_id for sha in "bcd"]
    snapshots.rollback(ids[0], settings)
    assert snapshots.prune(2, settings) == [ids[1]]
    assert {one.snapshot_id for one in snapshots.list_snapshots(settings)} == {ids[0], ids[2], ids[3]}
    assert snapshots.prune(2, settings) == []
    with pytest.raises(ValueError, match="at least 1"):
        snapshots.prune(0, settings)


def test_prune_of_an_empty_directory_does_nothing(settings: Settings) -> None:
    assert snapshots.prune(settings=settings) == []


def test_a_pinned_link_opens_its_snapshot_or_says_it_shows_the_latest(settings: Settings, seed: Snapshot) -> None:
    newer, _ = build([load()], settings)
    assert snapshots.resolve(seed.snapshot_id, settings) == (seed, False)
    assert snapshots.resolve(None, settings) == (newer, False)
    assert snapshots.resolve("0123456789ab", settings) == (newer, True)
    assert snapshots.resolve("../../etc", settings) == (newer, True)


@pytest.mark.parametrize("damage", [b"", b"nothing\n", b"\xff\xfe", b"../x\n"])
def test_a_damaged_pointer_gives_the_newest_valid_snapshot(settings: Settings, seed: Snapshot, damage: bytes) -> None:
    newer, _ = build([load()], settings)
    (settings.snapshots_dir / "current").write_bytes(damage)
    assert snapshots.current(settings) == newer
    (settings.snapshots_dir / "current").unlink()
    assert snapshots.current(settings) == newer


def test_a_damaged_file_in_service_gives_way_to_the_newest_valid_one(settings: Settings, seed: Snapshot) -> None:
    newer, _ = build([load()], settings)
    newer.path.write_bytes(b"not a database")
    assert snapshots.current(settings) == seed
    assert snapshots.list_snapshots(settings) == [seed]
    with pytest.raises(SnapshotError, match="cannot be opened"), snapshots.connect(newer):
        pass
    rebuilt, _ = build([load()], settings)
    assert rebuilt.snapshot_id == newer.snapshot_id
    assert lapland(rebuilt, "2026-07-01") == [(9_000,)]


def test_a_file_named_as_another_snapshot_is_not_served(settings: Settings, seed: Snapshot) -> None:
    (settings.snapshots_dir / "0123456789ab.duckdb").write_bytes(seed.path.read_bytes())
    assert snapshots.list_snapshots(settings) == [seed]


def test_a_connection_cannot_write_or_read_other_files(settings: Settings, tmp_path: Path) -> None:
    snapshot = snapshots.ensure(settings)
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n")
    with snapshots.connect(snapshot) as connection:
        with pytest.raises(duckdb.Error, match="read-only"):
            connection.execute("DELETE FROM employment_service")
        with pytest.raises(duckdb.Error, match="disabled"):
            connection.execute(f"FROM read_csv('{outside}')")
        with pytest.raises(duckdb.Error, match="locked"):
            connection.execute("SET enable_external_access = true")
    with pytest.raises(duckdb.Error, match="closed"):
        connection.execute("SELECT 1")


def test_readers_stay_open_while_a_new_snapshot_is_published(settings: Settings, seed: Snapshot) -> None:
    with snapshots.connect(seed) as connection:
        newer, _ = build([load()], settings)
        assert connection.execute("SELECT snapshot_id FROM snapshot").fetchone() == (seed.snapshot_id,)
    assert snapshots.current(settings) == newer


def test_two_processes_starting_at_once_build_one_snapshot(settings: Settings) -> None:
    code = "from data import snapshots; print(snapshots.ensure().snapshot_id)"
    starters = [run_python(code, settings) for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in starters]
    assert [process.returncode for process in starters] == [0, 0], outputs
    printed = {out.strip() for out, _ in outputs}
    assert printed == {snapshots.current(settings).snapshot_id}
    assert len(snapshots.list_snapshots(settings)) == 1


def test_two_threads_starting_at_once_build_one_snapshot(settings: Settings) -> None:
    found: list[Snapshot] = []
    threads = [threading.Thread(target=lambda: found.append(snapshots.ensure(settings))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]


@pytest.mark.parametrize("step", ["schema", "tables", "checks", "indicators", "changes", "publish", "pointer"])
def test_a_kill_at_any_step_leaves_a_valid_snapshot_in_service(settings: Settings, seed: Snapshot, step: str) -> None:
    code = f"""
import os, signal, pandas as pd
from datetime import UTC, datetime
from data.build import TableLoad, build
rows = pd.DataFrame(dict(area_code=['MK19'], month=[pd.Timestamp('2026-07-01')], measure=['TYOTTOMATLOPUSSA'],
                         value=[9000.0], status=['published']))
stamp = datetime(2026, 9, 22, tzinfo=UTC)
build([TableLoad('statfin:12r5', 'service', stamp, stamp, 'complete', 'killed', 'employment_service', rows)],
      on_step=lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == '{step}' else None)
"""
    process = run_python(code, settings)
    process.communicate(timeout=60)
    assert process.returncode == -9
    assert snapshots.current(settings) == seed
    snapshot, _ = build([load(sha256="killed")], settings)
    assert lapland(snapshot, "2026-07-01") == [(9_000,)]
    assert files(settings) == {"current", f"{seed.snapshot_id}.duckdb", f"{snapshot.snapshot_id}.duckdb"}


def test_leftovers_of_a_crash_are_removed_by_the_next_build(settings: Settings) -> None:
    settings.snapshots_dir.mkdir(parents=True)
    for name in (".building-0.duckdb", ".building-0.duckdb.wal", ".building-current"):
        (settings.snapshots_dir / name).write_bytes(b"left")
    (settings.snapshots_dir / ".building-0.spill").mkdir()
    (settings.snapshots_dir / ".building-0.spill" / "duckdb_temp_storage-0.tmp").write_bytes(b"left")
    snapshot = snapshots.ensure(settings)
    assert files(settings) == {"current", f"{snapshot.snapshot_id}.duckdb"}


def test_a_failed_build_publishes_nothing(settings: Settings, seed: Snapshot) -> None:
    before = files(settings)
    with pytest.raises(BuildError, match="not in reference"):
        build([load(source_id="nowhere:1")], settings)
    assert files(settings) == before
    assert snapshots.current(settings) == seed


def test_an_unreadable_result_is_not_put_in_service(
    settings: Settings, seed: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.build.snapshots.waiting", lambda *_: None)
    with pytest.raises(BuildError, match="not readable after publishing"):
        build([load()], settings)
    monkeypatch.undo()
    assert (settings.snapshots_dir / "current").read_text().split()[0] == seed.snapshot_id


def test_a_log_left_beside_the_file_stops_publishing(
    settings: Settings, seed: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda self: self.suffix == ".wal" or exists(self))
    with pytest.raises(BuildError, match="write-ahead log"):
        build([load()], settings)
    monkeypatch.undo()
    assert snapshots.current(settings) == seed


def test_a_new_release_replaces_the_seed_of_an_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = snapshots.ensure()
    monkeypatch.setattr("data.build._identify", lambda loads: "0123456789ab")
    assert snapshots.usable() is None
    later = snapshots.ensure()
    assert (later.snapshot_id, later.parent_id) == ("0123456789ab", earlier.snapshot_id)


def test_a_snapshot_of_an_earlier_release_opens_with_its_missing_tables_empty(
    settings: Settings, seed: Snapshot
) -> None:
    with duckdb.connect(str(seed.path)) as connection:
        connection.execute("DROP TABLE signal")
        connection.execute("DROP TABLE area_place")
    earlier = snapshots.find(seed.snapshot_id, settings)
    assert earlier is not None
    assert earlier.absent == {"signal", "area_place"}
    with snapshots.connect(earlier) as connection:
        assert connection.execute("SELECT count(*), max(observed) FROM signal").fetchone() == (0, None)
        assert connection.execute("SELECT count(*) > 400 FROM area").fetchone() == (True,)
    assert lapland(earlier, "2026-06-01") == [(9_137,)]


# A snapshot that a person looks at before it is published.


def test_an_unpublished_snapshot_waits_unseen(settings: Settings, seed: Snapshot) -> None:
    steps: list[str] = []
    waiting, report = build([load()], settings, steps.append, publish=False)
    assert steps == ["schema", "tables", "checks", "indicators", "changes", "publish"]
    assert [(change.kind, change.key) for change in report] == [("new_period", "employment_service|2026-07")]
    assert snapshots.waiting(settings) == waiting
    assert snapshots.current(settings) == seed
    assert snapshots.list_snapshots(settings) == [seed]
    assert snapshots.resolve(waiting.snapshot_id, settings) == (seed, True)
    (settings.snapshots_dir / "current").write_text("damaged")
    assert snapshots.current(settings) == seed


@pytest.mark.parametrize("publish", [snapshots.put_in_service, snapshots.rollback])
def test_it_is_put_in_service_by_its_id(settings: Settings, seed: Snapshot, publish: Callable) -> None:
    waiting, _ = build([load()], settings, publish=False)
    served = publish(waiting.snapshot_id, settings)
    assert served.snapshot_id == waiting.snapshot_id
    assert snapshots.current(settings) == served
    assert snapshots.waiting(settings) is None
    assert files(settings) - {"returned"} == {"current", f"{seed.snapshot_id}.duckdb", f"{served.snapshot_id}.duckdb"}
    assert lapland(served, "2026-07-01") == [(9_000,)]


def test_publishing_what_waits_needs_no_second_build(settings: Settings, seed: Snapshot) -> None:
    waiting, report = build([load()], settings, publish=False)
    steps: list[str] = []
    again, same_report = build([load()], settings, steps.append)
    assert (again.snapshot_id, again.created_at) == (waiting.snapshot_id, waiting.created_at)
    assert (steps, same_report) == (["pointer"], report)
    assert snapshots.current(settings) == again


def test_another_build_takes_the_place_of_what_waits(settings: Settings, seed: Snapshot) -> None:
    first, _ = build([load(sha256="a")], settings, publish=False)
    second, _ = build([load(sha256="b")], settings, publish=False)
    assert snapshots.waiting(settings) == second
    with pytest.raises(SnapshotError, match=f"No snapshot {first.snapshot_id}"):
        snapshots.put_in_service(first.snapshot_id, settings)
    assert snapshots.current(settings) == seed


def test_a_report_can_be_asked_for_again_without_publishing(settings: Settings, seed: Snapshot) -> None:
    served, _ = build([load()], settings)
    snapshots.rollback(seed.snapshot_id, settings)
    found, report = build([load()], settings, publish=False)
    assert found == served
    assert [change.key for change in report] == ["employment_service|2026-07"]
    assert snapshots.current(settings) == seed


def test_what_waits_and_is_damaged_is_built_anew(settings: Settings, seed: Snapshot) -> None:
    waiting, _ = build([load()], settings, publish=False)
    waiting.path.write_bytes(b"not a database")
    assert snapshots.waiting(settings) is None
    with pytest.raises(SnapshotError, match="No snapshot"):
        snapshots.put_in_service(waiting.snapshot_id, settings)
    assert lapland(build([load()], settings)[0], "2026-07-01") == [(9_000,)]

"""What a maintainer meets on a Monday: an earlier snapshot that stays, damage that is named, a missing block."""

from pathlib import Path

import pytest

from data import catalogue, snapshots
from data.snapshots import Snapshot
from data.status import status_path
from loaders import registry
from settings import get_settings
from tests.emulator import Emulator
from tests.loaders.conftest import Run

SOURCE = "statfin:11n1"


def test_a_snapshot_a_person_returned_to_stays_until_new_figures_come(
    run: Run, service: Emulator, seeded: Snapshot
) -> None:
    assert run("refresh", SOURCE).exit_code == 0
    newer = snapshots.current()
    assert "It stays until new figures are loaded" in run("rollback").stdout
    assert snapshots.current() == seeded
    result = run("refresh", SOURCE)
    assert (result.exit_code, snapshots.current()) == (0, seeded)
    assert "No new figures: the snapshot that a person has returned to stays." in result.stdout
    assert run("rollback", newer.snapshot_id).exit_code == 0
    assert run("refresh", SOURCE).exit_code == 0
    assert snapshots.current() == newer
    assert run("rollback", seeded.snapshot_id).exit_code == 0
    assert run("refresh", "statfin:11l1").exit_code == 0
    assert snapshots.current() not in (newer, seeded)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder, name: (folder / "current").write_text("garbage"), "The pointer to the snapshot in service is"),
        (lambda folder, name: _flip(folder / f"{name}.duckdb"), "has changed since it was put in service"),
        (lambda folder, name: (folder / f"{name}.duckdb").unlink(), "names a file that is missing or unreadable"),
    ],
)
def test_verify_names_the_damage_though_another_snapshot_is_served(run: Run, damage: object, said: str) -> None:
    assert run("refresh", SOURCE).exit_code == 0
    assert run("verify").exit_code == 0
    damage(get_settings().snapshots_dir, snapshots.current().snapshot_id)  # type: ignore[operator]
    result = run("verify")
    assert result.exit_code == 1
    assert said in result.stderr
    assert "`python -m loaders refresh` builds it again" in result.stderr
    assert run("refresh", SOURCE).exit_code == 0
    assert run("verify").exit_code == 0


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def test_a_damaged_log_is_said(run: Run) -> None:
    run("refresh", SOURCE)
    status_path().write_text('{"x":')
    result = run("status")
    assert result.exit_code == 1
    assert "The log of loads cannot be read" in result.stderr


def test_a_declared_source_without_a_block_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: source for name, source in catalogue.load_sources().items() if name != SOURCE}
    monkeypatch.setattr(registry, "load_sources", lambda: known)
    for call in (("list",), ("refresh", SOURCE), ("status",)):
        result = run(*call)
        assert result.exit_code == 1
        assert "statfin:11n1 has no block (data/reference/sources.toml). docs/statistics.md shows one." in result.stderr


def test_a_block_that_is_incomplete_is_named_by_its_id(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text('[[source]]\nid = "statfin:12t8"\npublisher = "x"\n')
    with pytest.raises(
        catalogue.CatalogueError, match=r"statfin:12t8: publisher_fi: Field required; statfin:12t8: pub"
    ):
        catalogue.load_sources(path)


def test_a_source_id_that_is_not_quite_right_is_answered_with_the_right_one(run: Run) -> None:
    for wrong in ("12tf", "statfin:12tff"):
        result = run("refresh", wrong)
        assert result.exit_code == 2
        assert "did you mean statfin:12tf?" in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.usefixtures("recent")
def test_the_country_alone_is_left_out_of_a_table_of_larger_areas(run: Run) -> None:
    assert run("refresh", "statfin:11n1", "--region", "all").exit_code == 0
    with snapshots.connect(snapshots.current()) as connection:
        areas = connection.execute("SELECT DISTINCT area_code FROM vacancy_survey ORDER BY 1").fetchall()
    assert areas == [("SA1",), ("SA2",), ("SA3",), ("SA4",)]

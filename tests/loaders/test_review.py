"""A refresh with --review: built, checked, reported, and served only when a person says so."""

from data import snapshots
from data.snapshots import Snapshot
from loaders.raw import RawStore
from settings import get_settings
from tests.emulator import Emulator, Fault
from tests.loaders.conftest import Run

SOURCE = "statfin:11n1"


def test_a_reviewed_refresh_waits_until_it_is_published(run: Run, seeded: Snapshot) -> None:
    result = run("refresh", SOURCE, "--review")
    assert result.exit_code == 0
    assert "statfin:11n1: new series: 1 (54 rows): vacancy_survey|SA4|atp_lkm" in result.stdout
    waiting = snapshots.waiting()
    assert waiting is not None
    assert f"Snapshot {waiting.snapshot_id} waits: `python -m loaders publish` puts it in service." in result.stdout
    assert snapshots.current() == seeded
    published = run("publish")
    assert published.exit_code == 0
    assert f"In service: snapshot {waiting.snapshot_id}" in published.stdout
    assert snapshots.current().snapshot_id == waiting.snapshot_id
    assert snapshots.waiting() is None


def test_nothing_waits_after_a_review_without_news(run: Run) -> None:
    assert run("refresh", SOURCE).exit_code == 0
    result = run("refresh", SOURCE, "--review")
    assert (result.exit_code, "waits" in result.stdout) == (0, False)
    assert "No changes against the snapshot before." in result.stdout
    refused = run("publish")
    assert refused.exit_code == 1
    assert "No snapshot waits to be published" in refused.stderr


def test_a_refresh_after_a_review_publishes_what_waited(run: Run) -> None:
    assert run("refresh", SOURCE, "--review").exit_code == 0
    assert run("refresh", SOURCE).exit_code == 0
    assert snapshots.waiting() is None
    with snapshots.connect(snapshots.current()) as connection:
        assert connection.execute("SELECT count(*) FROM vacancy_survey").fetchone() == (54,)


def test_one_source_whose_figures_cannot_be_is_set_aside_and_the_others_are_published(
    run: Run, service: Emulator
) -> None:
    spoilt = "statfin:11l1"

    def negative(body: bytes) -> bytes:
        head, mark, tail = body.partition(b'"value":[')
        return head + mark + b"-" + tail

    service.faults.append(Fault("altered", table="11l1.px", times=1, alter=negative))
    chosen = ("statfin:11n1", "statfin:11l1", "statfin:12tf", "statfin:135z")
    result = run("refresh", *chosen)
    assert result.exit_code == 1
    assert f"{spoilt}: failed: " in result.stderr
    assert "set aside in" in result.stderr
    kept = {load.record.source_id for load in RawStore(get_settings().raw_dir).loads()}
    assert kept == set(chosen) - {spoilt}
    with snapshots.connect(snapshots.current()) as connection:
        rows = connection.execute("SELECT DISTINCT source_id FROM source_fetch WHERE origin = 'service'").fetchall()
    assert {source_id for (source_id,) in rows} == kept
    assert run("refresh", *chosen).exit_code == 0

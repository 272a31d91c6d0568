"""Keeping a server current: what is asked when, what is left alone, what is said to come."""

from datetime import UTC, datetime, timedelta

import pytest

from data.status import SourceStatus, dump_status, status_path
from loaders import watch
from loaders.areas import RegionAreas
from loaders.raw import RawStore
from settings import get_settings
from tests.emulator import Emulator
from tests.loaders.conftest import Run

NOW = datetime(2026, 9, 21, 12, tzinfo=UTC)


def ids(areas: RegionAreas, moment: datetime) -> set[str]:
    return {one.source_id for one in watch.worth_asking(areas, get_settings(), moment)}


def failed(source_id: str, at: datetime) -> None:
    status_path().parent.mkdir(parents=True, exist_ok=True)
    status_path().write_bytes(dump_status({source_id: SourceStatus(last_attempt=at, result="failed", message="x")}))


def test_whatever_was_never_loaded_is_asked_but_for_what_is_unknown_or_off(
    data_dir: object, lapland: RegionAreas
) -> None:
    asked = ids(lapland, NOW)
    assert {"statfin:12r5", "visitfinland:116n", "eurostat:tour_occ_nin2m"} <= asked
    assert asked & {"statfin:12ta", "nav:municipalities", "kipa:p67"} == set()


def test_a_source_that_failed_is_left_alone_for_an_hour(data_dir: object, lapland: RegionAreas) -> None:
    failed("statfin:12r5", NOW)
    assert "statfin:12r5" not in ids(lapland, NOW + timedelta(minutes=59))
    assert "statfin:12r5" in ids(lapland, NOW + timedelta(minutes=60))


@pytest.mark.usefixtures("recent")
def test_a_loaded_source_is_asked_again_when_its_release_is_expected(
    run: Run, service: Emulator, lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("loaders.raw.now", "loaders.status.now", "loaders.__main__.now"):
        monkeypatch.setattr(name, lambda: NOW)
    assert run("refresh", "statfin:12tf").exit_code == 0
    assert len(RawStore(get_settings().raw_dir).loads("statfin:12tf")) == 1
    assert "statfin:12tf" not in ids(lapland, NOW)
    # The next Tuesday between the 20th and the 26th is 22 September 2026, 8.00 in Finland and 5.00 UTC.
    assert "statfin:12tf" not in ids(lapland, datetime(2026, 9, 22, 4, 59, tzinfo=UTC))
    assert "statfin:12tf" in ids(lapland, datetime(2026, 9, 22, 5, 0, tzinfo=UTC))


def test_the_next_release_is_said_in_finnish_time(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "now", lambda: NOW)
    assert watch.coming(get_settings()).startswith(
        "Expected next (Finnish time): 2026-09-22 08:00 statfin:12r5, statfin:12tf, statfin:12ti and 8 more"
    )

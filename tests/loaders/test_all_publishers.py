"""Every publisher in one command, each against its emulated service."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from data import snapshots
from data.catalogue import load_sources
from loaders.areas import RegionAreas
from loaders.registry import DECLARED
from settings import get_settings
from tests.emulator import Emulator, Fault
from tests.emulator.eurostat import EurostatService
from tests.emulator.geo import GeoService
from tests.emulator.kipa import KEY, TOKEN, KipaService
from tests.emulator.loopback import Loopback
from tests.emulator.sotkanet import SotkanetService
from tests.emulator.ssb import SsbService
from tests.loaders.conftest import Run


@pytest.fixture
def others(run: Run, lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Loopback]]:
    """The services beside PxWeb's, with a key for the one that needs it."""
    municipalities = lapland.by_level["municipality"]
    emulators: dict[str, Loopback] = {
        "EUROSTAT_URL": EurostatService(),
        "SSB_URL": SsbService(),
        "SOTKANET_URL": SotkanetService(municipalities),
        "GEO_URL": GeoService(municipalities, years=[2025, 2026]),
        "KIPA_URL": KipaService(),
    }
    with ExitStack() as stack:
        for name, emulator in emulators.items():
            monkeypatch.setenv(f"TILANNEHUONE_{name}", stack.enter_context(emulator).url)
        monkeypatch.setenv("TILANNEHUONE_KIPA_KEY", KEY)
        monkeypatch.setenv("TILANNEHUONE_KIPA_TOKEN", TOKEN)
        get_settings.cache_clear()
        yield emulators


@pytest.mark.usefixtures("others")
def test_a_probe_of_everything_binds_what_is_known_and_lists_the_rest(run: Run) -> None:
    result = run("probe")
    assert (result.exit_code, result.stderr) == (0, "")
    for source_id, statistic in DECLARED.items():
        (line,) = (line for line in result.stdout.splitlines() if line.startswith(f"{source_id}: "))
        assert (statistic.certainty == "unknown") == ("to be discovered: " in line), line


@pytest.mark.usefixtures("others", "recent")
def test_one_refresh_of_several_publishers_makes_one_snapshot(run: Run) -> None:
    wanted = ("statfin:11n1", "visitfinland:116n", "eurostat:tour_occ_nin2m", "ssb:10540", "geo:kunta4500k", "kipa:p67")
    result = run("refresh", *wanted)
    assert (result.exit_code, result.stderr) == (0, "")
    with snapshots.connect(snapshots.current()) as connection:
        loaded = connection.execute("SELECT source_id FROM source_fetch WHERE origin = 'service' ORDER BY 1").fetchall()
        shapes = connection.execute("SELECT count(*) FROM area_boundary WHERE country = 'FI'").fetchone()
    assert loaded == [(source_id,) for source_id in sorted(wanted)]
    assert shapes == (21,)


@pytest.mark.usefixtures("others", "recent")
def test_one_publisher_that_does_not_answer_stops_no_other(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEHUONE_EUROSTAT_URL", "http://127.0.0.1:9")
    get_settings.cache_clear()
    result = run("refresh", "statfin:11n1", "eurostat:tour_occ_nin2m", "geo:kunta4500k")
    assert result.exit_code == 1
    assert "eurostat:tour_occ_nin2m: failed: The service could not be reached" in result.stderr
    assert "statfin:11n1: loaded" in result.stdout
    assert "geo:kunta4500k: loaded" in result.stdout


def test_list_names_every_statistic_with_publisher_cadence_licence_contract_and_load(run: Run) -> None:
    text = run("list").stdout
    catalogue = load_sources()
    for source_id, statistic in DECLARED.items():
        source = catalogue[source_id]
        assert (
            f"{source_id}: {source.statistic}, {source.publisher}; {statistic.address} -> {statistic.subject}" in text
        )
    assert text.count("never loaded") == len(DECLARED)
    assert "  monthly; licence not confirmed; contract certain; never loaded" in text
    assert "  quarterly; licence CC BY 4.0; contract likely; never loaded" in text
    assert "  monthly; licence NLOD, not confirmed; contract to be discovered; never loaded" in text


def test_a_service_that_falls_silent_is_not_asked_for_every_table(run: Run, service: Emulator) -> None:
    service.faults.append(Fault("status", on="metadata", status=503, times=None))
    result = run("refresh", "statfin:11n1", "statfin:11l1", "statfin:135z", "statfin:115x")
    assert result.exit_code == 1
    assert result.stderr.count("failed: The service answered 503 to every retry") == 4
    assert {call.table for call in service.log if call.kind == "metadata"} == {"11n1.px", "11l1.px"}

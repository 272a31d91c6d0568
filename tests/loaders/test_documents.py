"""What every publisher of documents does alike: kept parts and their age, files saved by hand, marks of its own."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from loaders import documents, eurostat, geo, incoming
from loaders.areas import RegionAreas
from loaders.cube import STATUS_WORDS
from loaders.documents import import_file, read_flagged
from loaders.errors import FormatError, LoaderError, RawStoreError
from loaders.eurostat import Eurostat
from loaders.raw import now
from tests.emulator.eurostat import EurostatService
from tests.loaders.documents import Rig, rig

MONTHLY, YEARLY = eurostat.DECLARATIONS


@pytest.fixture
def service() -> Iterator[EurostatService]:
    with EurostatService() as emulator:
        yield emulator


@pytest.fixture
def euro(service: EurostatService, lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return rig(monkeypatch, lapland, Eurostat, eurostat.table_load, EUROSTAT_URL=service.url)


def saved(service: EurostatService, path: Path) -> Path:
    body = service.body("tour_occ_nin3", service.dimensions["tour_occ_nin3"])
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


@pytest.mark.parametrize(("hours", "asked"), [(11, 0), (13, 1)])
def test_a_part_of_an_interrupted_load_is_taken_for_half_a_day(
    euro: Rig, service: EurostatService, monkeypatch: pytest.MonkeyPatch, hours: int, asked: int
) -> None:
    def interrupted(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Eurostat, "read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            euro.refresh(MONTHLY)
    later = now() + timedelta(hours=hours)
    monkeypatch.setattr(documents, "now", lambda: later)
    outcome = euro.refresh(MONTHLY)
    assert (outcome.state, outcome.asked, outcome.kept) == ("loaded", asked, 1 - asked)


def test_progress_is_heard(euro: Rig) -> None:
    heard: list[tuple[int, int]] = []
    euro.refresh(MONTHLY, on_part=lambda arrived, whole: heard.append((arrived, whole)))
    assert heard == [(1, 1)]


def test_a_load_of_another_region_is_another_load(euro: Rig, lapland: RegionAreas) -> None:
    euro.refresh(MONTHLY)
    elsewhere = RegionAreas("MK18", lapland.by_level)
    outcome = euro.publisher.refresh(MONTHLY, euro.store, elsewhere, due=False)
    assert (outcome.state, outcome.record.region) == ("loaded", "MK18")


def test_a_damaged_load_is_loaded_anew_and_never_read(euro: Rig, service: EurostatService) -> None:
    euro.refresh(MONTHLY)
    (load,) = euro.store.loads()
    (part,) = load.parts()
    part.body.write_bytes(b"{}")
    service.dense = True
    assert euro.refresh(MONTHLY).state == "loaded"
    with pytest.raises(RawStoreError, match="has changed since it was received"):
        euro.table_load(load, MONTHLY, euro.areas)
    assert [problem for problem in euro.store.verify() if "has changed" in problem]


def test_every_kept_load_can_be_verified(euro: Rig) -> None:
    euro.refresh(MONTHLY)
    assert euro.store.verify() == []


def test_a_statistic_of_another_publisher_is_a_mistake_of_the_caller(euro: Rig) -> None:
    with pytest.raises(TypeError, match="geo:kunta4500k is not a statistic of"):
        euro.refresh(geo.DECLARATIONS[0])


def test_a_document_saved_by_hand_is_kept_like_a_load(euro: Rig, service: EurostatService, tmp_path: Path) -> None:
    path = saved(service, tmp_path / "nights.json")
    imported = import_file(path, YEARLY, euro.store, euro.areas, eurostat.read)
    assert (imported.cells, imported.left_out) == (12, 180)
    assert imported.load.record.origin == "file"
    rows = "SELECT origin, row_count, last_period FROM source_fetch WHERE source_id = 'eurostat:tour_occ_nin3'"
    assert euro.rows(YEARLY, rows) == [("file", 12, "2025")]
    with pytest.raises(LoaderError, match="imported before"):
        import_file(path, YEARLY, euro.store, euro.areas, eurostat.read)


def test_a_file_that_cannot_be_taken_is_said(
    euro: Rig, service: EurostatService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def attempt(path: Path) -> None:
        import_file(path, YEARLY, euro.store, euro.areas, eurostat.read)

    with pytest.raises(LoaderError, match=r"cannot be read.*\(absent.json\)"):
        attempt(tmp_path / "absent.json")
    (tmp_path / "page.html").write_text("<html>")
    with pytest.raises(FormatError, match=r"\(page.html\)"):
        attempt(tmp_path / "page.html")
    monkeypatch.setattr(incoming, "MAX_BYTES", 100)
    with pytest.raises(FormatError, match="larger than 100 bytes"):
        attempt(saved(service, tmp_path / "nights.json"))
    assert euro.store.loads() == []


def body(**members: object) -> bytes:
    dimension = {"category": {"index": ["a", "b", "c"]}}
    whole = {"id": ["x"], "size": [3], "dimension": {"x": dimension}, "value": {"0": 0}}
    return json.dumps(whole | members).encode()


@pytest.mark.parametrize("status", [{"0": "p", "1": "c"}, ["p", "c", None]])
def test_marks_of_a_publisher_are_told_from_flags_beside_a_value(status: object) -> None:
    cube = read_flagged(body(status=status), {"c": "...", "p": None}.get)
    assert [STATUS_WORDS[one] for one in cube.status] == ["published", "suppressed", "not_available"]
    assert cube.values.tolist()[0] == 0.0


def test_a_value_beside_a_mark_is_refused() -> None:
    with pytest.raises(FormatError, match="both a value and a missing mark"):
        read_flagged(body(status={"0": "c"}), {"c": "..."}.get)


def test_one_status_for_all_cells_is_refused() -> None:
    with pytest.raises(FormatError, match="each should have its own"):
        read_flagged(body(status="p"), {"p": None}.get)

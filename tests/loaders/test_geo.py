"""Municipality boundaries from the WFS to the rows of a snapshot."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest

from data.queries import reference
from loaders import geo
from loaders.areas import RegionAreas, region_areas
from loaders.errors import BindingError, BodyError, FormatError, RefusedError, ServiceUnavailableError
from loaders.geo import DECLARATIONS, Boundaries
from tests.emulator.geo import GeoService
from tests.emulator.loopback import HTML, Reply
from tests.loaders.documents import Rig, rig

(MUNICIPALITIES,) = DECLARATIONS


@pytest.fixture
def service(lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch) -> Iterator[GeoService]:
    """Layers until 2026, in January 2027."""
    monkeypatch.setattr(geo, "now", lambda: datetime(2027, 1, 7, 9, tzinfo=UTC))
    with GeoService(["KU005", "KU091", *lapland.by_level["municipality"]], years=[2024, 2025, 2026]) as emulator:
        yield emulator


@pytest.fixture
def wfs(service: GeoService, lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return rig(monkeypatch, lapland, Boundaries, geo.table_load, GEO_URL=service.url)


@pytest.mark.parametrize("status", [400, 200])
def test_the_newest_layer_that_answers_is_taken(wfs: Rig, service: GeoService, status: int) -> None:
    service.missing_status = status
    outcome = wfs.refresh(MUNICIPALITIES)
    assert (outcome.state, outcome.record.periods) == ("loaded", ("2026",))
    assert [request.one("typeNames") for request in service.log] == [
        "tilastointialueet:kunta4500k_2027",
        "tilastointialueet:kunta4500k_2026",
        "tilastointialueet:kunta4500k_2026",
    ]
    assert [request.one("count") for request in service.log] == ["1", "1", None]


def test_boundaries_of_the_region_are_rounded_and_clockwise(wfs: Rig) -> None:
    wfs.refresh(MUNICIPALITIES)
    rows = wfs.rows(MUNICIPALITIES, "SELECT area_code, country, geometry FROM area_boundary ORDER BY area_code")
    assert len(rows) == 21
    assert [row[:2] for row in rows[:1]] == [("KU047", "FI")]
    assert json.loads(rows[0][2]) == {
        "type": "MultiPolygon",
        "coordinates": [[[[23.0, 60.0], [23.0, 60.5], [23.5, 60.5], [23.5, 60.0], [23.0, 60.0]]]],
    }


def test_the_same_boundaries_in_another_answer_are_unchanged(wfs: Rig, service: GeoService) -> None:
    wfs.refresh(MUNICIPALITIES)
    assert wfs.refresh(MUNICIPALITIES).state == "unchanged"
    service.moved = 0.25
    assert wfs.refresh(MUNICIPALITIES).state == "loaded"


def test_a_layer_without_a_municipality_of_the_region_is_refused(wfs: Rig, service: GeoService) -> None:
    service.municipalities.remove("890")
    with pytest.raises(BindingError, match="Expected the municipalities KU890; found 22 without them"):
        wfs.refresh(MUNICIPALITIES)
    assert wfs.store.loads() == []


def test_turned_coordinates_are_refused(wfs: Rig, service: GeoService) -> None:
    service.turned = True
    with pytest.raises(FormatError, match="not in degrees of longitude and latitude"):
        wfs.refresh(MUNICIPALITIES)


def test_no_layer_at_all_is_said(wfs: Rig, service: GeoService) -> None:
    service.years = [2020]
    with pytest.raises(BindingError, match="Expected a layer kunta4500k of 2024 to 2027; none of them answers"):
        wfs.publisher.probe(MUNICIPALITIES, wfs.areas)


def test_a_probe_asks_for_one_municipality(wfs: Rig, service: GeoService) -> None:
    assert wfs.publisher.probe(MUNICIPALITIES, wfs.areas) == (
        "bound: tilastointialueet:kunta4500k_2026, begins with kunta '5'; loads 21 municipalities"
    )
    assert {request.one("count") for request in service.log} == {"1"}


@pytest.mark.parametrize(
    ("reply", "failure", "message"),
    [
        (Reply(b"<html></html>", HTML), BodyError, "(?i)json or xml expected, the answer is text/html"),
        (Reply(b"", status=403), RefusedError, "403"),
        (Reply(b"", status=401), RefusedError, "401"),
    ],
)
def test_an_outage_is_not_taken_for_a_missing_layer(
    wfs: Rig, service: GeoService, reply: Reply, failure: type[Exception], message: str
) -> None:
    service.troubles = [reply]
    with pytest.raises(failure, match=message):
        wfs.refresh(MUNICIPALITIES)
    assert len(service.log) == 1


@pytest.mark.parametrize(
    "content",
    [
        {"type": "FeatureCollection", "features": []},
        {"features": [{"properties": {"kunta": "890", "vuosi": 2026}, "geometry": None}]},
        {"message": "ok"},
    ],
)
def test_a_foreign_document_is_refused(wfs: Rig, service: GeoService, content: dict[str, object]) -> None:
    service.answer = lambda request: Reply(json.dumps(content).encode())  # type: ignore[method-assign]
    with pytest.raises(FormatError, match="Not a layer of municipalities"):
        wfs.refresh(MUNICIPALITIES)


def test_a_boundary_that_is_no_area_is_refused(wfs: Rig, service: GeoService) -> None:
    ordinary = service.answer

    def point(request: object) -> Reply:
        reply = ordinary(request)  # type: ignore[arg-type]
        return Reply(reply.body.replace(b"MultiPolygon", b"Point"), reply.content_type, reply.status)

    service.answer = point  # type: ignore[method-assign]
    with pytest.raises(FormatError, match="The boundary of KU047 cannot be read"):
        wfs.refresh(MUNICIPALITIES)


def test_a_busy_service_is_asked_again_and_a_broken_one_is_said(wfs: Rig, service: GeoService) -> None:
    service.troubles = [Reply(status=429, headers={"Retry-After": "0"}), Reply(status=500)]
    assert wfs.refresh(MUNICIPALITIES).state == "loaded"
    service.troubles = [Reply(status=503)] * 4
    with pytest.raises(ServiceUnavailableError):
        wfs.refresh(MUNICIPALITIES)


def test_the_whole_country_is_every_municipality(
    service: GeoService, seed_connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    country = region_areas(reference.memberships(seed_connection), "all")
    service.municipalities = [code.removeprefix("KU") for code in country.by_level["municipality"]]
    everywhere = rig(monkeypatch, country, Boundaries, geo.table_load, GEO_URL=service.url)
    everywhere.refresh(MUNICIPALITIES)
    assert everywhere.rows(MUNICIPALITIES, "SELECT count(*) FROM area_boundary") == [(308,)]

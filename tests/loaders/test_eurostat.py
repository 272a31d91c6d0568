"""Eurostat: nights by NUTS area from the service to the rows of a snapshot."""

import json
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from loaders import eurostat
from loaders.areas import RegionAreas
from loaders.errors import BindingError, BodyError, FormatError, RefusedError, ServiceUnavailableError
from loaders.eurostat import DECLARATIONS, Eurostat
from tests.emulator.eurostat import EurostatService
from tests.emulator.loopback import HTML, Reply
from tests.loaders.documents import Rig, rig

MONTHLY, YEARLY = DECLARATIONS

MONTHS = "SELECT area_code, month, residence, value, status FROM accommodation_nuts ORDER BY month, residence"


@pytest.fixture
def service() -> Iterator[EurostatService]:
    with EurostatService() as emulator:
        yield emulator


@pytest.fixture
def euro(service: EurostatService, lapland: RegionAreas, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return rig(monkeypatch, lapland, Eurostat, eurostat.table_load, EUROSTAT_URL=service.url)


def test_months_are_put_together_from_month_and_year(euro: Rig, service: EurostatService) -> None:
    outcome = euro.refresh(MONTHLY)
    assert (outcome.state, outcome.asked) == ("loaded", 1)
    assert outcome.record.periods[:3] == ("2025M11", "2025M12", "2026M01")
    assert outcome.record.periods[-1] == "2026M06"
    assert service.log[0].query == {
        "format": ["JSON"],
        "lang": ["EN"],
        "geo": ["FI1D"],
        "unit": ["NR"],
        "c_resid": ["TOTAL", "DOM", "FOR"],
        "nace_r2": ["I551-I553"],
    }
    rows = euro.rows(MONTHLY, MONTHS)
    assert len(rows) == 8 * 3
    assert rows[:3] == [
        ("FI1D", date(2025, 11, 1), "domestic", 200_011.0, "published"),
        ("FI1D", date(2025, 11, 1), "foreign", 100_011.0, "published"),
        ("FI1D", date(2025, 11, 1), "total", 300_011.0, "published"),
    ]
    assert euro.rows(MONTHLY, "SELECT published_at FROM source_fetch WHERE origin = 'service'") == [
        (datetime(2026, 9, 1, 21, 0),)
    ]


@pytest.mark.parametrize("dense", [False, True])
def test_confidential_and_missing_nights_have_no_value(euro: Rig, service: EurostatService, dense: bool) -> None:
    service.dense = dense
    euro.refresh(MONTHLY)
    rows = {(month.month, residence): rest for _, month, residence, *rest in euro.rows(MONTHLY, MONTHS)}
    assert rows[4, "foreign"] == [None, "suppressed"]
    assert rows[5, "foreign"] == [None, "not_available"]
    assert rows[6, "total"] == [300_006.0, "published"]


def test_a_dimension_that_is_not_asked_for_is_taken_by_its_total(euro: Rig) -> None:
    euro.refresh(YEARLY)
    rows = euro.rows(YEARLY, "SELECT * EXCLUDE fetch_id FROM accommodation_nuts_yearly WHERE residence = 'total'")
    assert rows[0] == ("FI1D7", 2022, "total", "nights", 302_022.0, "published")
    assert [row[1] for row in rows] == [2022, 2023, 2024, 2025]


def test_a_second_load_of_the_same_figures_is_unchanged(euro: Rig) -> None:
    euro.refresh(MONTHLY)
    outcome = euro.refresh(MONTHLY)
    assert (outcome.state, outcome.asked, outcome.load) == ("unchanged", 1, None)
    assert len(euro.store.loads()) == 1


def test_nothing_is_asked_when_no_release_is_due(euro: Rig, service: EurostatService) -> None:
    euro.refresh(MONTHLY, due=False)
    outcome = euro.refresh(MONTHLY, due=False)
    assert (outcome.state, outcome.asked, outcome.record.periods[-1]) == ("unchanged", 0, "2026M06")
    assert len(service.log) == 1


def test_a_revision_is_loaded_and_wins(euro: Rig, service: EurostatService) -> None:
    euro.refresh(MONTHLY)
    del service.flags["M", "FOR", "NR", "I551-I553", "M05", "FI1D", "2026"]
    service.updated = "2026-10-01T23:00:00+0200"
    assert euro.refresh(MONTHLY).state == "loaded"
    rows = {(month.month, residence): rest for _, month, residence, *rest in euro.rows(MONTHLY, MONTHS)}
    assert rows[5, "foreign"] == [100_005.0, "published"]


def test_a_probe_asks_for_one_period_and_says_what_is_bound(euro: Rig, service: EurostatService) -> None:
    said = euro.publisher.probe(YEARLY, euro.areas)
    assert said == (
        "bound: newest year 2025; loads freq A, c_resid TOTAL+DOM+FOR, unit NR, nace_r2 I551-I553, geo FI1D7"
    )
    assert service.log[0].query["lastTimePeriod"] == ["1"]
    assert euro.store.loads() == []


def test_an_unknown_area_is_refused_by_the_service(euro: Rig) -> None:
    elsewhere = MONTHLY.model_copy(update={"geo": ("FI9Z",)})
    with pytest.raises(RefusedError, match="400"):
        euro.refresh(elsewhere)


def test_an_answer_without_the_area_is_not_bound(euro: Rig, service: EurostatService) -> None:
    body = service.body("tour_occ_nin2m", service.dimensions["tour_occ_nin2m"] | {"geo": ["FI19"]})
    service.troubles = [Reply(json.dumps(body).encode())]
    with pytest.raises(BindingError, match="Expected the areas FI1D; found FI19"):
        euro.refresh(MONTHLY)
    assert euro.refresh(MONTHLY).state == "loaded"


def test_a_dimension_without_a_total_is_not_bound(euro: Rig, service: EurostatService) -> None:
    service.dimensions["tour_occ_nin3"]["nace_r2"] = ["I551", "I552"]
    with pytest.raises(BindingError, match="Expected one total of 'nace_r2'; found I551, I552"):
        euro.refresh(YEARLY)


def test_an_answer_without_months_is_not_bound(euro: Rig, service: EurostatService) -> None:
    body = service.body("tour_occ_nin3", service.dimensions["tour_occ_nin3"] | {"geo": ["FI1D"]})
    service.troubles = [Reply(json.dumps(body).encode())]
    with pytest.raises(BindingError, match="Expected months"):
        euro.refresh(MONTHLY)


@pytest.mark.parametrize(
    ("reply", "failure", "message"),
    [
        (Reply(b"<html>Service break</html>", HTML), BodyError, "JSON expected, the answer is text/html"),
        (Reply(b'{"message": "ok"}'), FormatError, "Not a JSON-stat 2 dataset"),
        (Reply(b'{"warning": {"status": 413, "label": "ASYNCHRONOUS_RESPONSE"}}'), FormatError, "ASYNCHRONOUS"),
        (Reply(b'{"version": "2.0", "cla'), FormatError, "Not complete JSON"),
        (Reply(b'{"version": "2.0"}', cut=True), BodyError, "cut off"),
        (Reply(b"{}", status=413), RefusedError, "The extraction is too big .413"),
        (Reply(b"", status=403), RefusedError, "does not let this request through"),
    ],
)
def test_a_foreign_answer_stops_the_load_and_leaves_nothing(
    euro: Rig, service: EurostatService, reply: Reply, failure: type[Exception], message: str
) -> None:
    service.troubles = [reply]
    with pytest.raises(failure, match=message):
        euro.refresh(MONTHLY)
    assert euro.store.loads() == []
    assert euro.refresh(MONTHLY).state == "loaded"


def test_a_busy_service_is_asked_again(euro: Rig, service: EurostatService) -> None:
    service.troubles = [Reply(status=429, headers={"Retry-After": "0"}), Reply(status=503)]
    assert euro.refresh(MONTHLY).state == "loaded"
    assert len(service.log) == 3


def test_a_service_that_stays_broken_is_said(euro: Rig, service: EurostatService) -> None:
    service.troubles = [Reply(status=500)] * 4
    with pytest.raises(ServiceUnavailableError, match="500 to every retry"):
        euro.refresh(MONTHLY)
